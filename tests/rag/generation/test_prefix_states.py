from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from rag.errors import ModelError
from rag.generation import prefix_states
from rag.generation.prefix_states import PrefixStates
from rag.generation.state_files import StateFiles


class Server:
    """A server whose tokens are characters and whose template writes a role before each message."""

    def __init__(self, files: StateFiles) -> None:
        self.files = files
        self.fails = ""
        self.actions: list[str] = []

    def post(self, route: str, body: Mapping[str, Any]) -> dict[str, Any]:
        if route == "/apply-template":
            return {"prompt": "".join(f"<{m['role']}>{m['content']}" for m in body["messages"])}
        if route == "/tokenize":
            return {"tokens": [ord(character) for character in body["content"]]}
        action = route.partition("action=")[2]
        if action == self.fails:
            raise ModelError("No.", "Try again.")
        self.actions.append(action)
        if action == "save":
            (self.files.folder / body["filename"]).write_bytes(b"state")
        return {}


def request(*contents: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": content} for content in contents]}


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(StateFiles(tmp_path, 1 << 20, "model"))


@pytest.fixture
def read() -> list[str]:
    return []


@pytest.fixture
def reader(read: list[str]) -> prefix_states.Read:
    def keep(tokens: Sequence[int], *, goes_on: bool) -> bool:
        read.append(("+" if goes_on else "") + "".join(map(chr, tokens)))
        return True

    return keep


@pytest.fixture
def states(server: Server) -> PrefixStates:
    return PrefixStates(server.post, server.files)


def test_what_recurs_is_read_once_and_restored_after(
    states: PrefixStates, server: Server, read: list[str], reader: prefix_states.Read
) -> None:
    assert states.restore(0, request("Rules.", "First?"), "", reader)
    assert states.restore(1, request("Rules.", "Second?"), "", reader)
    assert read == ["<user>Rules.<user>"]
    assert server.actions == ["save", "restore"]


def test_an_opening_goes_on_from_what_recurs(
    states: PrefixStates, server: Server, read: list[str], reader: prefix_states.Read
) -> None:
    for question in ("First?", "Second?"):
        assert states.restore(0, request("Rules.", f"Source. {question}"), "Source.", reader)
    assert states.restore(0, request("Rules.", "Other. Third?"), "Other.", reader)
    assert read == ["<user>Rules.<user>", "+<user>Rules.<user>Source.", "+<user>Rules.<user>Other."]
    assert server.actions == ["save", "save", "restore", "restore", "save"]


def test_an_opening_may_stand_alone(states: PrefixStates, read: list[str], reader: prefix_states.Read) -> None:
    assert states.restore(0, request("Source. First?"), "Source.", reader)
    assert read == ["<user>Source."]


def test_a_single_message_has_nothing_to_restore(
    states: PrefixStates, server: Server, read: list[str], reader: prefix_states.Read
) -> None:
    assert not states.restore(0, request("Alone?"), "", reader)
    assert (read, server.actions) == ([], [])


def test_what_was_called_off_is_not_kept(
    states: PrefixStates, server: Server, read: list[str], reader: prefix_states.Read
) -> None:
    def call_off(tokens: Sequence[int], *, goes_on: bool) -> bool:
        return False

    for opening in ("", "Source."):
        assert not states.restore(0, request("Rules.", "Source. First?"), opening, call_off)
    assert server.actions == []
    assert states.restore(0, request("Rules.", "Source. First?"), "Source.", reader)
    assert len(read) == 2


@pytest.mark.parametrize("fails", ["save", "restore"])
def test_without_its_file_a_state_is_computed_again(
    states: PrefixStates, server: Server, read: list[str], reader: prefix_states.Read, fails: str
) -> None:
    server.fails = fails
    assert all(states.restore(0, request("Rules.", question), "", reader) for question in ("First?", "Second?"))
    assert len(read) == 2


def test_at_once_a_state_is_computed_once(states: PrefixStates, read: list[str], reader: prefix_states.Read) -> None:
    def slowly(tokens: Sequence[int], *, goes_on: bool) -> bool:
        time.sleep(0.05)
        return reader(tokens, goes_on=goes_on)

    with ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(states.restore, n, request("Rules.", f"Source. {n}?"), "Source.", slowly) for n in range(8)
        ]
    assert all(restored.result() for restored in asked)
    assert len(read) == 2
