from __future__ import annotations

from fastapi.testclient import TestClient


def test_the_loaded_model_and_the_alias_are_listed(client: TestClient) -> None:
    listed = client.get("/v1/models").json()
    assert listed["object"] == "list"
    assert [model["id"] for model in listed["data"]] == ["paced", "pincite"]
    for model in listed["data"]:
        assert model.keys() == {"id", "object", "created", "owned_by"}
        assert model["object"] == "model"
        assert model["created"] > 1_700_000_000
        assert client.get(f"/v1/models/{model['id']}").json() == model


def test_another_model_is_not_found(client: TestClient) -> None:
    for name in ("gpt-4o", "hf:ORG/NAME", "模型"):
        reply = client.get(f"/v1/models/{name}")
        assert reply.status_code == 404
        assert reply.json()["error"]["code"] == "model_not_found"
