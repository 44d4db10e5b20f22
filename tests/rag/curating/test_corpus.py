from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.curating.corpus import Corpus, scan_corpus
from rag.errors import ConfigurationError

SUFFIXES = frozenset({".md", ".txt"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    return corpus


def scan(folder: Path) -> Corpus:
    return scan_corpus(folder, SUFFIXES, leave_out=folder / "index")


def paths(corpus: Corpus) -> list[str]:
    return [file.path for file in corpus.files]


def reasons(corpus: Corpus) -> dict[str, str]:
    return {file.path: file.reason for file in corpus.skipped}


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("text")
    return path


def test_documents_are_listed_by_path_with_size_and_time(folder: Path) -> None:
    for name in ("b.md", "a/z.TXT", "中文 %#.md", "a.md"):
        write(folder / name)
    corpus = scan(folder)
    assert paths(corpus) == sorted(["a/z.TXT", "a.md", "b.md", "中文 %#.md"])
    assert corpus.files[0].size == 4
    assert corpus.files[0].mtime_ns == (folder / corpus.files[0].path).stat().st_mtime_ns
    assert corpus.skipped == ()


def test_the_guide_hidden_files_and_the_index_are_passed_over(folder: Path) -> None:
    for name in ("README.md", ".hidden.md", ".git/x.md", "~$open.md", "index/manifest.md", "sub/README.md"):
        write(folder / name)
    corpus = scan(folder)
    assert paths(corpus) == ["sub/README.md"]
    assert corpus.skipped == ()


def test_other_types_are_skipped_by_name(folder: Path) -> None:
    write(folder / "photo.png")
    write(folder / "LICENSE")
    assert reasons(scan(folder)) == {
        "photo.png": "unsupported file type .png",
        "LICENSE": "unsupported file type (no suffix)",
    }


def test_links_that_leave_the_folder_are_refused(folder: Path, tmp_path: Path) -> None:
    outside = write(tmp_path / "secret.md")
    (folder / "file.md").symlink_to(outside)
    (folder / "relative.md").symlink_to("../secret.md")
    (folder / "up").symlink_to(tmp_path)
    (folder / "chain.md").symlink_to(folder / "file.md")
    corpus = scan(folder)
    assert paths(corpus) == []
    assert set(reasons(corpus)) == {"file.md", "relative.md", "up", "chain.md"}
    assert set(reasons(corpus).values()) == {"a link that leaves the corpus folder"}


def test_loops_and_broken_links_do_not_trap_the_walk(folder: Path) -> None:
    write(folder / "sub/a.md")
    (folder / "sub" / "loop").symlink_to(folder)
    (folder / "self.md").symlink_to(folder / "self.md")
    (folder / "broken.md").symlink_to(folder / "nothing.md")
    corpus = scan(folder)
    assert paths(corpus) == ["sub/a.md"]
    assert reasons(corpus) == {
        "sub/loop": "a link to a folder",
        "self.md": "a link that leads nowhere",
        "broken.md": "a link that leads nowhere",
    }


def test_a_link_inside_the_folder_is_read_unless_its_target_is(folder: Path) -> None:
    write(folder / "z.md")
    write(folder / "..data/hidden.md")
    (folder / "a.md").symlink_to(folder / "z.md")
    (folder / "mounted.md").symlink_to("..data/hidden.md")
    corpus = scan(folder)
    assert paths(corpus) == ["mounted.md", "z.md"]
    assert reasons(corpus) == {"a.md": "a link to z.md, which is read itself"}


def test_the_corpus_folder_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    write(folder / "a.md")
    (tmp_path / "alias").symlink_to(folder)
    assert paths(scan(tmp_path / "alias")) == ["a.md"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_file_is_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    assert reasons(scan(folder)) == {"pipe.md": "not a regular file"}


def test_what_cannot_be_opened_is_skipped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "a.md")
    monkeypatch.setattr("rag.curating.corpus.os.access", lambda *_: False)
    assert reasons(scan(folder)) == {"a.md": "permission denied"}


def test_a_name_that_is_no_unicode_is_skipped(folder: Path) -> None:
    try:
        write(folder / os.fsdecode(b"\xff.md"))
    except OSError:
        pytest.skip("this file system takes only Unicode")
    assert reasons(scan(folder)) == {"\\udcff.md": "its name is not plain Unicode"}


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="does not exist"):
        scan(tmp_path / "none")
