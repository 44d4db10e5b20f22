from __future__ import annotations

from fastapi.testclient import TestClient


def test_the_page_and_its_files_are_asked_for_each_time_and_sent_when_new(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-cache"
    again = client.get("/", headers={"If-None-Match": page.headers["etag"]})
    assert (again.status_code, again.content, again.headers["cache-control"]) == (304, b"", "no-cache")


def test_the_api_is_never_kept(client: TestClient) -> None:
    assert client.get("/v1/documents").headers["cache-control"] == "no-store"


def test_nothing_outside_the_folder_is_served(client: TestClient) -> None:
    for path in ("/../app.py", "/%2e%2e/app.py", "/js/../../app.py", "//etc/passwd", "/js", "/app.py"):
        assert client.get(path).status_code == 404, path
