from __future__ import annotations

import sys
from pathlib import Path

import pytest

from eval.bench import starting
from eval.bench.starting import measure, start_once
from rag import load_settings
from rag.errors import PinciteError
from rag.settings import Settings

_SERVER = """#!{python}
import http.server, sys, time
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404); self.end_headers()
    def log_message(self, *args): pass
time.sleep(0.2)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[3])), Ready).serve_forever()
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")


def _command(tmp_path: Path, content: str) -> str:
    file = tmp_path / "pincite"
    file.write_text(content.format(python=sys.executable), encoding="utf-8")
    file.chmod(0o755)
    return str(file)


def test_the_server_is_timed_until_it_is_ready(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = _command(tmp_path, _SERVER)
    monkeypatch.setattr(starting, "pincite_command", lambda: command)
    result = measure(settings, 10_000, 1)
    assert 0.2 < result.ready.median < 20
    assert 0 < result.memory.median < 1
    assert (result.ready.n, len(result.rows())) == (1, 2)


def test_a_server_that_ends_is_a_plain_error(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = _command(tmp_path, "#!{python}\nraise SystemExit(1)\n")
    monkeypatch.setattr(starting, "pincite_command", lambda: command)
    with pytest.raises(PinciteError, match="does not get ready"):
        start_once(settings)
