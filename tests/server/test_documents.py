from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from rag import Assistant, Document, Settings, curate
from rag.domain import MetadataValue
from rag.embedding.base import Embedder
from server.documents import DocumentFilter, detail_of, summary_of


def document_of(**metadata: MetadataValue) -> Document:
    return Document("d", "Title", "folder/d.md", "Some text.", "en", "0" * 64, "markdown", metadata)


@pytest.fixture
def assistant(
    settings: Settings, bag_embedder: Embedder, assistant_of: Callable[..., Assistant]
) -> Iterator[Assistant]:
    """Over two documents more: one of two topics and no date, one with nothing said of it."""
    (settings.corpus_dir / "both.md").write_text("---\ntopic: [Rules, Data]\n---\n# Both\n\nText.\n", encoding="utf-8")
    (settings.corpus_dir / "folder").mkdir()
    (settings.corpus_dir / "folder" / "bare.md").write_text("# Bare\n\nNothing but ΣΑΣ.\n", encoding="utf-8")
    curate(settings, open_embedder=lambda _: bag_embedder)
    with assistant_of() as opened:
        yield opened


@pytest.mark.parametrize(
    ("wanted", "paths"),
    [
        (DocumentFilter(), ["apple.md", "both.md", "folder/bare.md", "guize.md"]),
        (DocumentFilter(topic="rules"), ["both.md"]),
        (DocumentFilter(topic="DATA"), ["both.md"]),
        (DocumentFilter(earliest=date.min), ["apple.md", "guize.md"]),
        (DocumentFilter(latest=date(2023, 8, 15)), ["guize.md"]),
        (DocumentFilter(words="FOLDER bare"), ["folder/bare.md"]),
        (DocumentFilter(words="σασ"), ["folder/bare.md"]),
        (DocumentFilter(language="zh", words="apple"), []),
    ],
)
def test_every_condition_must_be_met(wanted: DocumentFilter, paths: list[str], assistant: Assistant) -> None:
    for _ in range(2):  # the second time from what is remembered
        assert [summary.path for summary in wanted.select(assistant)] == paths


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("2024-02-29T10:00:00Z", date(2024, 2, 29)),
        ("2023-02-29", None),
        ("last week", None),
        (2024, None),
        (None, None),
        ("", None),
    ],
)
def test_a_date_is_a_day_or_none(written: MetadataValue, day: date | None) -> None:
    assert summary_of(document_of(date=written)).date == day


def test_topics_are_told_in_one_line() -> None:
    assert summary_of(document_of(topic=("Rules", "Data"))).topic == "Rules, Data"
    assert detail_of(document_of(), current=False).topic is None
