from __future__ import annotations

from collections.abc import Callable

from rag import Assistant, Concluded
from server.chat_events import ChatEvidence, ChatSentence, ChatStatus, ChatToken, events_to_tell
from tests.server.stand_ins import QUESTION


def test_every_step_of_the_assistant_is_told(assistant_of: Callable[..., Assistant]) -> None:
    with assistant_of() as assistant:
        steps = list(assistant.stream(QUESTION))
    told = [event for step in steps for event in events_to_tell(step)]
    assert told[0] == ChatStatus(step="searching", standalone_question=QUESTION)
    assert isinstance(told[1], ChatEvidence)
    assert {type(event) for event in told[3:-2]} == {ChatToken, ChatSentence}
    assert told[-2] == ChatStatus(step="verifying", standalone_question=None)
    assert isinstance(steps[-1], Concluded)
    assert told[-1] is steps[-1].answer


def test_evidence_names_where_everything_stands(assistant_of: Callable[..., Assistant]) -> None:
    with assistant_of() as assistant:
        steps = list(assistant.stream(QUESTION))
        evidence = next(told for step in steps for told in events_to_tell(step) if isinstance(told, ChatEvidence))
        for part in [*map(dict, evidence.hits), *map(dict, evidence.sentences)]:
            document = assistant.snapshot.store.document(part["document_id"])
            assert document is not None
            assert document.text[part["start"] : part["end"]] == part["text"]
