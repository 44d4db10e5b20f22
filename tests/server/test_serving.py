from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from rag import Settings
from rag.errors import ConfigurationError
from server import serving
from server.serving import AddressError, bind, require_key, serve, url_of
from server.store.database import open_database
from tests.server.stand_ins import QUESTION

Serve = Callable[[float], tuple[subprocess.Popen[str], str]]


@pytest.fixture(autouse=True)
def _logs_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Logging belongs to the whole process: the tests keep theirs."""
    monkeypatch.setattr(serving, "configure_logs", lambda _: None)


@pytest.fixture
def served(settings: Settings) -> Iterator[Serve]:
    """Starts a server in a process of its own, with so many seconds per token; returns it and its URL once ready."""
    started: list[subprocess.Popen[str]] = []

    def start(delay: float) -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "-m", "tests.server.served", str(settings.index_dir.parent), str(delay)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        listening, ready = process.stdout.readline(), process.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:\d+", listening)
        assert url is not None
        assert ready == f"Ready: {url[0]}\n"
        return process, url[0]

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_an_idle_server_with_exit_code_0(number: signal.Signals, served: Serve) -> None:
    process, url = served(0.0)
    assert httpx.get(f"{url}/readyz").json()["model"] == "paced"
    began = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert time.monotonic() - began < 15
    assert "Traceback" not in errors


def test_a_running_answer_ends_and_new_ones_are_not_taken(served: Serve) -> None:
    process, url = served(0.15)
    names: list[str] = []

    def read() -> None:
        body = {"question": QUESTION}
        with httpx.stream("POST", f"{url}/v1/chat", json=body, headers={"Accept": "text/event-stream"}) as reply:
            names.extend(line for line in reply.iter_lines() if line.startswith("event: "))

    reading = threading.Thread(target=read)
    reading.start()
    while "event: token" not in names:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    reading.join(timeout=60)
    assert names[-1] == "event: answer"
    process.communicate(timeout=60)
    assert process.returncode == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_a_kill_amid_an_answer_loses_no_finished_one_and_the_other_can_be_asked_again(served: Serve) -> None:
    process, url = served(0.1)
    conversation = httpx.post(f"{url}/v1/conversations", json={}).json()["id"]
    body = {"question": QUESTION, "conversation_id": conversation}
    finished = [httpx.post(f"{url}/v1/chat", json=body, timeout=60).json() for _ in range(2)]
    cut = body | {"turn_id": "c" * 32}
    headers = {"Accept": "text/event-stream"}
    with (
        pytest.raises(httpx.TransportError),
        httpx.stream("POST", f"{url}/v1/chat", json=cut, headers=headers, timeout=60) as reply,
    ):
        for line in reply.iter_lines():
            if line == "event: token":
                process.kill()
    process.communicate(timeout=60)
    _, url = served(0.0)
    *kept, unfinished = httpx.get(f"{url}/v1/conversations/{conversation}").json()["turns"]
    assert [turn["answer"] for turn in kept] == finished
    assert (unfinished["id"], unfinished["question"], unfinished["answer"]) == (cut["turn_id"], QUESTION, None)
    answer = httpx.post(f"{url}/v1/chat", json=cut, timeout=60).json()
    assert httpx.get(f"{url}/v1/conversations/{conversation}").json()["turns"][2]["answer"] == answer


def test_a_port_in_use_is_a_plain_error() -> None:
    with bind("127.0.0.1", 0) as first:
        first.listen()
        port = first.getsockname()[1]
        with pytest.raises(AddressError, match=rf"Port {port} of 127\.0\.0\.1 is taken"):
            bind("127.0.0.1", port)


@pytest.mark.parametrize("host", ["203.0.113.1", "no such host", "host.invalid"])
def test_an_address_of_another_machine_is_a_plain_error(host: str) -> None:
    with pytest.raises(AddressError, match="no address of this machine"):
        bind(host, 0)


def test_the_address_shown_can_be_opened() -> None:
    with bind("0.0.0.0", 0) as everywhere:
        assert url_of(everywhere) == f"http://127.0.0.1:{everywhere.getsockname()[1]}"


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_an_address_of_ipv6_is_bracketed() -> None:
    with bind("::1", 0) as listener:
        assert url_of(listener).startswith("http://[::1]:")


@pytest.mark.parametrize(("host", "needs"), [("127.0.0.1", False), ("localhost", False), ("::1", False),
    ("0.0.0.0", True), ("192.168.1.7", True), ("pincite.example", True)])  # fmt: skip
def test_beyond_this_machine_a_key_is_needed(host: str, needs: bool, tmp_path: Path, settings: Settings) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'keys.db'}")
    database.migrate()
    server = settings.server.model_copy(update={"host": host})
    if needs:
        with pytest.raises(ConfigurationError) as refused:
            require_key(server, database.keys)
        assert "pincite keys create NAME --scope chat,search" in refused.value.remedy
        database.keys.create("somebody", frozenset({"chat"}))
    require_key(server, database.keys)
    database.close()


def test_nothing_starts_without_a_key_beyond_this_machine(settings: Settings) -> None:
    everywhere = settings.server.model_copy(update={"host": "0.0.0.0", "port": 0})
    told: list[str] = []
    with pytest.raises(ConfigurationError, match="no key keeps them out"):
        serve(settings.model_copy(update={"server": everywhere}), told.append)
    assert told == []
