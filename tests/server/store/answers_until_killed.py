"""Answers turns of a conversation one after another, without end, and prints the id of each that is finished.

Usage: answers_until_killed.py URL CONVERSATION
"""

from __future__ import annotations

import sys
import uuid

from server.store.database import open_database
from tests.server.answers import answer_of


def main(url: str, conversation_id: str) -> None:
    conversations = open_database(url).conversations
    while True:
        turn_id = uuid.uuid4().hex
        conversations.begin_turn("owner", conversation_id, turn_id, "Why?")
        conversations.finish_turn(turn_id, answer_of())
        print(turn_id, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
