"""A process killed while it writes loses nothing that it had finished, and hinders nobody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from server.store.database import Database

_ROOT = Path(__file__).parents[3]
_PROGRAM = Path(__file__).with_name("answers_until_killed.py")


def test_what_was_finished_is_there_after_kill_9(url: str, database: Database) -> None:
    conversation = database.conversations.create("owner")
    command = [sys.executable, str(_PROGRAM), url, conversation.id]
    paths = os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")])
    writers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": paths})
        for _ in range(2)
    ]
    finished = []
    for writer in writers:
        assert writer.stdout is not None
        finished += [writer.stdout.readline().strip() for _ in range(5)]
    for writer in writers:
        writer.kill()
        finished += [line.strip() for line in writer.communicate()[0].splitlines() if line.endswith("\n") or line]
    stored = database.conversations.get("owner", conversation.id)
    assert stored is not None
    answered = {turn.id for turn in stored.turns if turn.answer is not None}
    assert len(finished) >= 10
    assert {turn_id for turn_id in finished if len(turn_id) == 32} <= answered
    assert database.conversations.begin_turn("owner", conversation.id, "f" * 32, "And now?").answer is None
