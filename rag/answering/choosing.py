"""Choosing a draft: one is made of each portion of the evidence in turn, until one surely holds."""

from __future__ import annotations

from collections.abc import Generator as Steps

from rag.answering.attempt import Drafter
from rag.answering.case import Case
from rag.answering.citing import Citer
from rag.answering.events import Event, Found, Verifying
from rag.answering.judging import Judge
from rag.answering.portions import Portion
from rag.answering.sufficiency import is_sufficient, is_sure
from rag.domain import DocumentReference, Sufficiency


def best_draft(
    waiting: list[Portion],
    judge: Judge,
    case: Case,
    references: dict[str, DocumentReference],
    drafter: Drafter,
) -> Steps[Event, None, tuple[Sufficiency, Citer]]:
    """Draft from the portions ``waiting``, reporting each step; return the draft that ``judge`` finds most probable.

    ``references`` are those of the documents that the evidence comes from.

    Raises:
        ModelError: the generator failed.
    """
    drafts: list[tuple[Sufficiency, Citer]] = []
    while waiting:
        portion, *waiting = waiting
        read = portion.evidence
        yield Found(tuple(case.hits), read.sentences)
        # A small model errs less within a language: what is written across languages is translated last.
        written = read.main_language(case.inquiry.language)
        attempt = yield from drafter.attempt(case.standalone, written, read, references, case.watch)
        sufficiency = judge.decide_unasked(attempt.features, portion.sure)
        if sufficiency is None:
            yield Verifying()
            attempt = drafter.verified(case.standalone, written, attempt)
            sufficiency = judge.decide(attempt.features)
        case.usage += attempt.usage
        if is_sure(sufficiency, portion.sure):
            return sufficiency, attempt.citer
        if judge.has_settled(attempt.features):
            waiting = []
        elif portion.tried and not is_sufficient(sufficiency):
            waiting = waiting[-1:]  # where the first passage does not answer, it seldom takes only a little more
        if not (portion.tried and waiting):
            drafts.append((sufficiency, attempt.citer))
    return max(drafts, key=lambda draft: draft[0].probability or 0.0)
