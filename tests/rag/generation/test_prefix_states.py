from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from rag.errors import ModelError
from rag.generation import prefix_states
from rag.generation.prefix_states import PrefixStates


class Server:
    """A server whose tokens are characters and whose template writes a role before each message."""

    def __init__(self) -> None:
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
        return {}


def request(*contents: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": content} for content in contents]}


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def read() -> list[str]:
    return []


@pytest.fixture
def reader(read: list[str]) -> prefix_states.Read:
    def keep(tokens: Sequence[int]) -> bool:
        read.append("".join(map(chr, tokens)))
        return True

    return keep


def test_what_recurs_is_read_once_and_restored_after(
    server: Server, read: list[str], reader: prefix_states.Read
) -> None:
    states = PrefixStates(server.post)
    assert states.restore(0, request("Rules.", "First?"), reader)
    assert states.restore(1, request("Rules.", "Second?"), reader)
    assert read == ["<user>Rules.<user>"]
    assert server.actions == ["save", "restore"]


def test_a_single_message_has_nothing_to_restore(server: Server, read: list[str], reader: prefix_states.Read) -> None:
    assert not PrefixStates(server.post).restore(0, request("Alone?"), reader)
    assert (read, server.actions) == ([], [])


def test_what_was_called_off_is_not_kept(server: Server, read: list[str], reader: prefix_states.Read) -> None:
    states = PrefixStates(server.post)
    assert not states.restore(0, request("Rules.", "First?"), lambda _: False)
    assert server.actions == []
    assert states.restore(0, request("Rules.", "First?"), reader)
    assert len(read) == 1


@pytest.mark.parametrize("fails", ["save", "restore"])
def test_without_its_file_a_state_is_computed_again(
    server: Server, read: list[str], reader: prefix_states.Read, fails: str
) -> None:
    states = PrefixStates(server.post)
    server.fails = fails
    assert all(states.restore(0, request("Rules.", question), reader) for question in ("First?", "Second?"))
    assert len(read) == 2


def test_the_one_not_used_longest_goes_first(
    server: Server, read: list[str], reader: prefix_states.Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefix_states, "_MOST_STATES", 2)
    states = PrefixStates(server.post)
    for rules in ("a", "b", "a", "c", "a"):
        states.restore(0, request(rules, "?"), reader)
    assert len(read) == 3
    states.restore(0, request("b", "?"), reader)
    assert len(read) == 4


def test_the_folder_goes_with_the_states(server: Server) -> None:
    states = PrefixStates(server.post)
    folder: Path = states.folder
    (folder / "state").write_bytes(b"0")
    states.close()
    assert not folder.exists()
