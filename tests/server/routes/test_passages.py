from __future__ import annotations

from fastapi.testclient import TestClient

from tests.server.stand_ins import QUESTION


def test_a_passage_is_a_slice_of_its_document(client: TestClient) -> None:
    answer = client.post("/v1/chat", json={"question": QUESTION}).json()
    passage = client.get(f"/v1/passages/{answer['citations'][0]['passage_id']}").json()
    document = client.get(f"/v1/documents/{passage['document_id']}").json()
    assert document["text"][passage["start"] : passage["end"]] == passage["text"]


def test_an_unknown_passage_is_not_found(client: TestClient) -> None:
    reply = client.get("/v1/passages/none")
    assert (reply.status_code, reply.json()["type"]) == (404, "urn:pincite:problem:not-found")
