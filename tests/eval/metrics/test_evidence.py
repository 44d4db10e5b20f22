from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from eval.metrics.evidence import evidence_precision, evidence_recall
from eval.metrics.samples import Share
from eval.records import Record
from eval.suites import Query

# As CLAP NQ writes its sentences.
_ORIGINATED = "The role was originated by Casey Jon Deidrick on June 19 , 2009 ."
_PORTRAYS = "Billy Flynn currently portrays the role , making his first appearance on September 12 , 2014 ."
_CHAD = "Chad DiMera is a fictional character of the `` soap opera '' Days of Our Lives ."
_QUERY = Query("q", "Who?", "en", "set", True, evidence_sentences=((_ORIGINATED, _PORTRAYS), (_CHAD, _ORIGINATED)))

_ORIGINATED_QUOTE = "The role was originated by Casey Jon Deidrick on June 19, 2009."
_PORTRAYS_QUOTE = "Billy Flynn currently portrays the role, making his first appearance on September 12, 2014."
_CHAD_QUOTE = 'Chad DiMera is a fictional character of the "soap opera" Days of Our Lives.'


@pytest.fixture
def citing(record: Callable[..., Record]) -> Callable[..., Record]:
    def make(quotes: Sequence[str], query: Query = _QUERY, *, refused: bool = False) -> Record:
        made = record(query=query, cited=["a"] * len(quotes), refused=refused)
        assert made.answer is not None
        pairs = zip(made.answer.citations, quotes, strict=False)
        citations = tuple(replace(citation, quote=quote) for citation, quote in pairs)
        return replace(made, answer=replace(made.answer, citations=citations))

    return make


def test_written_otherwise_it_is_the_same_sentence(citing: Callable[..., Record]) -> None:
    both = citing([_ORIGINATED_QUOTE, _CHAD_QUOTE])
    assert (evidence_precision(both), evidence_recall(both)) == (Share(1.0), Share(1.0))


def test_the_alternative_that_fits_best_decides_for_both(citing: Callable[..., Record]) -> None:
    astray = citing([_PORTRAYS_QUOTE, "It rained.", "It snowed."])
    assert evidence_precision(astray) == Share(1 / 3)
    assert evidence_recall(astray) == Share(1 / 2)


@pytest.mark.parametrize(
    ("quote", "same"),
    [
        ("making his first appearance on September 12, 2014", True),
        (f"He is back. {_PORTRAYS_QUOTE}", True),
        (_PORTRAYS_QUOTE.replace("currently portrays", "now plays"), True),
        ("Billy Flynn portrays the role of a doctor, with an appearance in 2014.", False),
        ("...", False),
    ],
)
def test_a_part_or_most_of_its_tokens_match(citing: Callable[..., Record], quote: str, *, same: bool) -> None:
    query = replace(_QUERY, evidence_sentences=((_PORTRAYS,),))
    assert evidence_recall(citing([quote], query)) == Share(float(same))
    assert evidence_precision(citing([quote], query)) == Share(float(same))


def test_an_answer_that_cites_nothing_has_recall_only(citing: Callable[..., Record]) -> None:
    silent = citing([])
    assert evidence_precision(silent) is None
    assert evidence_recall(silent) == Share(0.0)


def test_what_does_not_count(citing: Callable[..., Record], record: Callable[..., Record]) -> None:
    for one in (
        citing([_CHAD_QUOTE], refused=True),
        citing([_CHAD_QUOTE], replace(_QUERY, answerable=False)),
        citing([_CHAD_QUOTE], replace(_QUERY, evidence_sentences=())),
        record(None, query=_QUERY),
    ):
        assert evidence_precision(one) is None
        assert evidence_recall(one) is None
