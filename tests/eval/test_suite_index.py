from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eval.suite_index import as_markdown, suite_settings
from eval.suites import CorpusRow, Suite, load_suite
from rag.reading.markdown import MarkdownReader
from rag.reading.normalising import normalise
from rag.settings import Settings


def _read_back(row: CorpusRow, folder: Path) -> tuple[str, str, str]:
    path = folder / "row.md"
    path.write_text(as_markdown(row), encoding="utf-8")
    extract = MarkdownReader().read(path)
    return str(extract.metadata["id"]), extract.title, extract.text


def _characters(text: str) -> str:
    """What must survive: every character but blanks."""
    return "".join(normalise(text).split())


@pytest.mark.parametrize(
    "text",
    [
        "# not a heading\n* not a list\n1. nor this\n    not code\n---\n=== \n> no quote",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "a <b>tag</b> &amp; &lt; [link](x) ![i](y) `code` **bold** __init__ ~~~ \\ back\\slash http://x.y/z_a_b",
        "中文。\n\n第二段：_重点_ 5*6*7 ~",
        "---\nid: other\n---\ntext",
        "`` x ``\n```\nfence\n```\nend\\",
    ],
)
def test_marks_in_a_text_are_text(text: str, tmp_path: Path) -> None:
    assert _characters(_read_back(CorpusRow("d", "T", text), tmp_path)[2]) == _characters(text)


def test_id_title_and_lines(tmp_path: Path) -> None:
    row = CorpusRow("en/docs: #1 'x'", 'A "title": 标题', "one\ntwo\n\nthree")
    assert _read_back(row, tmp_path) == (row.id, row.title, "one\ntwo\n\nthree")
    assert "title" not in as_markdown(CorpusRow("d", " ", "x")).split("---")[1]


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn")) | st.just("\n"), max_size=80
    )
)
@example("\n\na\n \nb")
@settings(max_examples=100, deadline=None)
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("row")
    assert _characters(_read_back(CorpusRow("d", "T", text), folder)[2]) == _characters(text)


def _suite(folder: Path, text: str) -> Suite:
    folder.mkdir(exist_ok=True)
    (folder / "corpus.jsonl").write_text(f'{{"id": "d", "text": "{text}"}}', encoding="utf-8")
    (folder / "queries.jsonl").write_text("", encoding="utf-8")
    return load_suite(folder)


def test_folders_are_kept_by_content(tmp_path: Path) -> None:
    project = Settings(index_dir=tmp_path / "state" / "index")
    first = suite_settings(_suite(tmp_path / "s", "one"), project)
    again = suite_settings(_suite(tmp_path / "s", "one"), project)
    other_text = suite_settings(_suite(tmp_path / "s", "two"), project)
    other_embedder = suite_settings(_suite(tmp_path / "s", "one"), project.model_copy(update={"embedder": "x"}))
    assert first == again
    assert len({one.index_dir for one in (first, other_text, other_embedder)}) == 3
    assert first.index_dir.is_relative_to(tmp_path / "state" / "eval")
    assert [path.suffix for path in first.corpus_dir.iterdir()] == [".md"]


def test_own_pairs_use_the_projects_own_index() -> None:
    project = Settings()
    assert suite_settings(Suite("own", None, ()), project) is project
