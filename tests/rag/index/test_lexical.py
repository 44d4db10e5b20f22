from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.lexical import Among, LexicalWriter, TantivyLexical
from rag.language import detect_language

TEXTS = (
    "Apple chose Alibaba for its consumer data.",
    "Huawei's sales rose 42% in the third quarter of 2024.",
    "苹果在大中华区的收入下降了11.1%。",
    "苹果选择与阿里巴巴合作。",
    "Revenue fell 11.1 percent; Apple apple APPLE.",
)


def written(folder: Path, texts: Sequence[str]) -> TantivyLexical:
    writer = LexicalWriter(folder)
    for row, text in enumerate(texts):
        writer.add(row, text, detect_language(text))
    writer.close()
    return TantivyLexical.open(folder)


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> TantivyLexical:
    return written(tmp_path_factory.mktemp("词") / "lexical", TEXTS)


def rows(hits: list[tuple[int, float]]) -> list[int]:
    return [row for row, _ in hits]


def test_words_are_found_in_any_inflection_best_first(lexical: TantivyLexical) -> None:
    hits = lexical.search("the apples", 10)
    assert rows(hits) == [4, 0]
    assert hits[0][1] > hits[1][1] > 0


def test_chinese_is_found_by_its_words(lexical: TantivyLexical) -> None:
    assert rows(lexical.search("大中华区", 10)) == [2]
    assert rows(lexical.search("阿里为什么", 10)) == [3]


def test_a_number_is_found_as_percent_and_per_cent(lexical: TantivyLexical) -> None:
    assert set(rows(lexical.search("11.1%", 10))) == {2, 4}


def test_only_rows_that_share_a_content_word_are_found(lexical: TantivyLexical) -> None:
    assert rows(lexical.search("the data of Tencent", 10)) == [0]
    assert lexical.search("Tencent", 10) == []
    assert lexical.search("  ", 10) == []


def test_allowed_rows_limit_the_search_and_leave_the_scores(lexical: TantivyLexical) -> None:
    free = dict(lexical.search("Apple", 10))
    assert dict(lexical.search("Apple", 10, Among(rows=[0, 2]))) == pytest.approx({0: free[0]})
    assert lexical.search("Apple", 10, Among(rows=[])) == []
    assert len(lexical.search("Apple", 1)) == 1


def test_languages_limit_the_search_and_leave_the_scores(lexical: TantivyLexical) -> None:
    free = dict(lexical.search("Apple 苹果", 10))
    assert set(free) == {0, 2, 3, 4}
    chinese = dict(lexical.search("Apple 苹果", 10, Among(languages=["zh"])))
    assert chinese == pytest.approx({row: free[row] for row in (2, 3)})
    assert set(dict(lexical.search("Apple 苹果", 10, Among(languages=["en", "zh"])))) == set(free)
    assert set(dict(lexical.search("Apple 苹果", 10, Among(languages=["zh"], rows=[0, 2])))) == {2}
    assert lexical.search("Apple", 10, Among(languages=["other"])) == []


def test_idf_weighs_rare_words_more(lexical: TantivyLexical) -> None:
    assert lexical.document_frequency("appl") == 2
    assert lexical.document_frequency("苹果") == 2
    assert 0 < lexical.idf("appl") < lexical.idf("huawei") < lexical.idf("tencent")


@given(st.text(max_size=80) | st.sampled_from(['terms:"a', "a AND (", "row:[1 TO", "+-*~^", "苹果" * 400, "\ud800"]))
def test_a_query_is_never_syntax(lexical: TantivyLexical, query: str) -> None:
    hits = lexical.search(query, 10)
    assert all(0 <= row < len(TEXTS) and score > 0 for row, score in hits)


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    empty = written(tmp_path / "lexical", [])
    assert empty.search("Apple", 5) == []
    assert empty.idf("appl") > 0


def test_many_rows_are_numbered_as_they_were_added(tmp_path: Path) -> None:
    many = written(tmp_path / "lexical", [f"common number{row}x" for row in range(2000)])
    assert rows(many.search("number1234x", 1)) == [1234]
    assert len(many.search("common", 3000)) == 2000


def test_a_folder_given_up_stays_removed(tmp_path: Path) -> None:
    for _ in range(5):
        writer = LexicalWriter(tmp_path / "lexical")
        for row in range(200):
            writer.add(row, TEXTS[row % len(TEXTS)], "en")
        writer.stop()
        writer.stop()
        shutil.rmtree(tmp_path / "lexical")


def test_a_folder_that_cannot_be_written_is_read_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writable = written(tmp_path / "lexical", TEXTS)
    before = sorted((tmp_path / "lexical").iterdir())
    monkeypatch.setattr("rag.index.lexical.os.access", lambda *_: False)
    read_only = TantivyLexical.open(tmp_path / "lexical")
    assert read_only.search("Apple", 5) == writable.search("Apple", 5)
    assert read_only.idf("appl") == writable.idf("appl")
    assert sorted((tmp_path / "lexical").iterdir()) == before


def test_a_folder_without_an_index_does_not_open(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r".+"):
        TantivyLexical.open(tmp_path)
