from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.domain import Document, Heading, MetadataValue, Page, Passage, Span
from rag.index.passage_store import PassageStoreWriter, SqlitePassageStore


def document(identity: str, path: str, metadata: Mapping[str, MetadataValue]) -> Document:
    return Document(
        id=identity,
        title=f"题 {identity}",
        path=path,
        text="# Head\nOne. 二。\n",
        language="en",
        version="v",
        format="markdown",
        metadata=metadata,
        headings=(Heading(1, "Head", 2, 6),),
        pages=(Page(1, 0, 14),),
        blocks=(Span(7, 13),),
    )


def passage(identity: str, document_id: str, language: str = "en") -> Passage:
    return Passage(
        id=identity,
        document_id=document_id,
        title=f"题 {document_id}",
        start=7,
        end=13,
        text="One. 二。",
        language="zh" if language == "zh" else "en",
        heading_path=("Head", "小"),
        page=1,
        sentences=(Span(7, 11), Span(12, 14)),
    )


METADATA: Mapping[str, MetadataValue] = {
    "topic": "Regulation",
    "tags": ("ai", "China"),
    "year": 2024,
    "draft": False,
    "weight": 1.5,
    "note": None,
}
FIRST = document("b", "b.md", METADATA)
SECOND = document("a", "a.md", {"topic": "market", "tags": ()})
PASSAGES = (passage("p0", "b"), passage("p1", "b", "zh"), passage("p2", "a"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SqlitePassageStore:
    path = tmp_path_factory.mktemp("a folder, 100% 中文?#") / "passages.sqlite"
    writer = PassageStoreWriter(path)
    writer.add(FIRST, PASSAGES[:2], ["one", "one"])
    writer.add(SECOND, PASSAGES[2:], ["one"])
    writer.commit()
    writer.close()
    writer.close()
    return SqlitePassageStore(path)


def test_passages_and_documents_come_back_as_they_were(store: SqlitePassageStore) -> None:
    assert store.passages([2, 0, 2]) == [PASSAGES[2], PASSAGES[0], PASSAGES[2]]
    assert store.passage("p1") == PASSAGES[1]
    assert store.passage("p9") is None
    assert store.document("b") == FIRST
    assert store.document("z") is None
    assert store.documents() == [SECOND, FIRST]


def test_a_row_that_is_not_there_is_an_error(store: SqlitePassageStore) -> None:
    with pytest.raises(KeyError):
        store.passages([0, 3])


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ({}, [0, 1, 2]),
        ({"topic": "regulation"}, [0, 1]),
        ({"topic": "regulation", "language": "zh"}, [1]),
        ({"language": "en"}, [0, 2]),
        ({"tags": "china"}, [0, 1]),
        ({"topic": ("market", "regulation")}, [0, 1, 2]),
        ({"topic": ()}, []),
        ({"year": 2024}, [0, 1]),
        ({"year": "2024"}, [0, 1]),
        ({"draft": "false"}, [0, 1]),
        ({"weight": 1.5}, [0, 1]),
        ({"note": None}, [0, 1]),
        ({"id": "a"}, [2]),
        ({"path": "b.md", "format": "markdown"}, [0, 1]),
        ({"topic": "x' OR '1'='1"}, []),
        ({"unknown": "x"}, []),
    ],
)
def test_rows_where(store: SqlitePassageStore, filters: Mapping[str, MetadataValue], rows: list[int]) -> None:
    assert store.rows_where(filters) == rows


def test_many_rows_at_once(tmp_path: Path) -> None:
    writer = PassageStoreWriter(tmp_path / "p.sqlite")
    passages = [passage(f"p{row}", "b") for row in range(5000)]
    writer.add(FIRST, passages, [""] * len(passages))
    writer.commit()
    writer.close()
    assert SqlitePassageStore(tmp_path / "p.sqlite").passages(range(5000)) == passages


def test_threads_share_a_store(store: SqlitePassageStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: store.passages([n % 3])[0].id, range(300)))
    assert found == [f"p{n % 3}" for n in range(300)]


def test_a_store_is_read_only_and_is_never_made_by_opening(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="unable to open"):
        SqlitePassageStore(tmp_path / "none.sqlite")
    assert not (tmp_path / "none.sqlite").exists()
