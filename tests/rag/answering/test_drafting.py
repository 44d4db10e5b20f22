from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.answering.citing import Citer
from rag.answering.drafting import DraftCiter
from rag.answering.evidence import Evidence, embedding_on_the_spot, select_evidence
from rag.chunking.sentences import split_sentences
from rag.domain import DocumentReference, Hit, Passage
from rag.embedding.base import Embedder

REFERENCES = {"doc": DocumentReference("doc", "Title", "doc.md", "en", "v" * 64)}


@pytest.fixture
def open_citer(make_passage: Callable[..., Passage], bag_embedder: Embedder) -> Callable[[], Citer]:
    passage = make_passage("Huawei's sales rose 42%.", "Apple's sales fell 0.3%.")
    vectors = bag_embedder.embed_queries(["sales"])
    evidence: Evidence = select_evidence(vectors, [Hit(passage, 1.0)], embedding_on_the_spot(bag_embedder), len, 10_000)
    return lambda: Citer(evidence, REFERENCES, bag_embedder, lambda _: 1.0)


def test_a_sentence_is_cited_as_soon_as_it_has_ended(open_citer: Callable[[], Citer]) -> None:
    draft = DraftCiter(open_citer)
    assert draft.add(" Huawei's sales rose 42%. ") == []
    (first,) = draft.add("Meanwhile the sales of Apple fell 0.3%")
    assert (first.sentence.text, first.sentence.verdict) == ("Huawei's sales rose 42%.", "supported")
    assert [citation.marker for citation in first.citations] == [1]
    (second,) = draft.finish()
    assert [citation.marker for citation in second.citations] == [2]
    assert draft.text == "Huawei's sales rose 42%. Meanwhile the sales of Apple fell 0.3%"


def test_a_citation_is_reported_once(open_citer: Callable[[], Citer]) -> None:
    draft = DraftCiter(open_citer)
    draft.add("Huawei's sales rose 42%. The sales of Huawei rose 42%.")
    cited = draft.finish()
    assert [len(one.citations) for one in cited] == [1, 0]
    assert [one.sentence.citations for one in cited] == [(1,), (1,)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    pieces=st.lists(
        st.sampled_from(
            ["Sales rose 42%. ", "Dr. ", "A", " (no. ", "5) ", "销量增长42%。", "“好。”", "\n", "a: b; c: d", ".", " "]
        ),
        max_size=12,
    )
)
def test_however_it_comes_the_draft_is_cited_like_the_whole(open_citer: Callable[[], Citer], pieces: list[str]) -> None:
    draft = DraftCiter(open_citer)
    for piece in pieces:
        draft.add(piece)
    draft.finish()
    text = "".join(pieces).strip()
    assert draft.text == text
    assert [s.text for s in draft.citer.sentences] == [span.of(text) for span in split_sentences(text)]
    for sentence in draft.citer.sentences:
        assert draft.citer.text[sentence.start : sentence.end] == sentence.text
