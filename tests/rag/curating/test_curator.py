from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rag.curating.curator import curate
from rag.curating.report import Changes, CurationReport
from rag.domain import Document
from rag.embedding.base import Embedder, Vectors
from rag.errors import ConfigurationError, ModelError, SnapshotError, UnreadableFileError
from rag.index.snapshot import Snapshot, current_id, open_snapshot, snapshot_folder
from rag.index.snapshot_writer import index_lock
from rag.settings import Settings, load_settings

ENGLISH = "# Apple and Alibaba\n\nApple chose Alibaba for its consumer data.\n"
CHINESE = "---\nid: zh-one\ntopic: 合作\n---\n# 合作\n\n苹果选择与阿里巴巴合作，因为它有大量的消费者数据。\n"


@dataclass
class Bench:
    """A corpus, its index, and what was embedded so far."""

    settings: Settings
    embedder: Embedder
    embedded: list[str] = field(default_factory=list)
    opened: int = 0

    @property
    def corpus(self) -> Path:
        return self.settings.corpus_dir

    def write(self, path: str, text: str | bytes) -> Path:
        target = self.corpus / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return target

    def curate(self, *, strict: bool = False, settings: Settings | None = None) -> CurationReport:
        return curate(settings or self.settings, open_embedder=self._open, strict=strict)

    def open(self) -> Snapshot:
        return open_snapshot(self.settings.index_dir)

    def _open(self, _: Settings) -> Embedder:
        self.opened += 1
        return self.embedder


@pytest.fixture
def bench(tmp_path: Path, bag_embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Bench:
    settings = load_settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")
    settings.corpus_dir.mkdir()
    made = Bench(settings, bag_embedder)
    embed = bag_embedder.embed_passages

    def remember(texts: Sequence[str], batch_size: int = 32, progress: Callable[[int], None] | None = None) -> Vectors:
        made.embedded += texts
        return embed(texts, batch_size, progress)

    monkeypatch.setattr(bag_embedder, "embed_passages", remember)
    return made


@pytest.fixture
def filled(bench: Bench) -> Bench:
    bench.write("en.md", ENGLISH)
    bench.write("zh.md", CHINESE)
    bench.curate()
    return bench


def test_the_report_counts_what_the_index_holds(bench: Bench) -> None:
    bench.write("en.md", ENGLISH)
    bench.write("zh.md", CHINESE)
    bench.write("broken.pdf", b"not a pdf")
    bench.write("photo.png", b"")
    report = bench.curate()
    assert (report.new, report.documents, report.passages) == (True, 2, 2)
    assert (report.formats, report.languages) == ({"markdown": 2}, {"en": 1, "zh": 1})
    assert report.changes == Changes(added=2, updated=0, removed=0, unchanged=0)
    assert [file.path for file in report.skipped] == ["broken.pdf", "photo.png"]
    assert all(file.reason for file in report.skipped)
    assert report.snapshot == current_id(bench.settings.index_dir)


def test_what_was_indexed_is_found(filled: Bench) -> None:
    snapshot = filled.open()
    (english, _), *_ = snapshot.lexical.search("consumer data", 5)
    (chinese, _), *_ = snapshot.lexical.search("消费者数据", 5)
    assert [passage.document_id for passage in snapshot.store.passages([english, chinese])] == ["en.md", "zh-one"]
    assert snapshot.store.rows_where({"topic": "合作"}) == [chinese]
    query = filled.embedder.embed_queries(["Why did Apple choose Alibaba?"])[0]
    assert snapshot.vectors.search(query, 1)[0][0] == english
    document = snapshot.store.document("zh-one")
    assert document is not None
    assert all(p.text == document.text[p.start : p.end] for p in snapshot.store.passages([chinese]))


def test_nothing_changed_makes_no_new_snapshot(filled: Bench) -> None:
    before = current_id(filled.settings.index_dir)
    report = filled.curate()
    assert (report.new, report.snapshot, report.documents) == (False, before, 2)
    assert report.changes == Changes(added=0, updated=0, removed=0, unchanged=2)


def test_a_named_embedder_is_not_loaded_when_nothing_changed(filled: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.curating.sync.resolve_embedder", lambda *_: filled.embedder)
    opened = filled.opened
    assert not filled.curate().new
    assert filled.opened == opened


def test_only_what_changed_is_embedded_again(filled: Bench) -> None:
    filled.write("en.md", ENGLISH + "\nIt also looked at Tencent.\n")
    filled.write("new.txt", "Huawei sold more phones.")
    filled.embedded.clear()
    report = filled.curate()
    assert report.changes == Changes(added=1, updated=1, removed=0, unchanged=1)
    assert not any("苹果" in text for text in filled.embedded)
    assert any("Tencent" in text for text in filled.embedded)
    snapshot = filled.open()
    rows = [snapshot.lexical.search(word, 1)[0][0] for word in ("Tencent", "Huawei", "消费者")]
    assert [passage.document_id for passage in snapshot.store.passages(rows)] == ["en.md", "new.txt", "zh-one"]
    for row, text in enumerate(snapshot.store.passages(range(3))):
        query = filled.embedder.embed_queries([text.text])[0]
        assert snapshot.vectors.search(query, 1)[0][0] == row


def test_a_removed_document_goes(filled: Bench) -> None:
    (filled.corpus / "zh.md").unlink()
    report = filled.curate()
    assert report.changes == Changes(added=0, updated=0, removed=1, unchanged=1)
    assert [document.id for document in filled.open().store.documents()] == ["en.md"]


def test_a_touched_file_is_recognised_by_its_hash(filled: Bench) -> None:
    os.utime(filled.corpus / "en.md", ns=(1, 1))
    assert not filled.curate().new


def test_a_file_of_the_same_size_and_another_time_is_read_again(filled: Bench) -> None:
    filled.write("en.md", ENGLISH.replace("Alibaba", "Tencent"))
    os.utime(filled.corpus / "en.md", ns=(1, 1))
    assert filled.curate().changes.updated == 1
    assert filled.open().lexical.search("Tencent", 1)


@pytest.mark.parametrize("change", [{"chunking": {"target_tokens": 32}}, {"reading": {"max_file_mb": 1}}])
def test_other_settings_of_reading_and_chunking_embed_all_again(filled: Bench, change: dict[str, object]) -> None:
    settings = type(filled.settings).model_validate(filled.settings.model_dump() | change)
    filled.embedded.clear()
    assert filled.curate(settings=settings).new
    assert len(filled.embedded) >= 2


def test_other_index_settings_make_a_new_index_of_the_same_vectors(filled: Bench) -> None:
    settings = type(filled.settings).model_validate(filled.settings.model_dump() | {"index": {"exact_up_to": 0}})
    filled.embedded.clear()
    assert filled.curate(settings=settings).new
    assert filled.embedded == []
    assert not filled.open().vectors.exact


def test_another_embedder_embeds_all_again(filled: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.embedded.clear()
    monkeypatch.setattr(filled.embedder, "sha256", "1" * 64)
    assert filled.curate().new
    assert len(filled.embedded) == 4  # two passages, a sentence in each
    filled.open().check_embedder(filled.embedder)


def test_a_damaged_index_is_made_anew(filled: Bench) -> None:
    (snapshot_folder(filled.settings.index_dir, filled.open().id) / "vectors.faiss").write_bytes(b"")
    report = filled.curate()
    assert report.new
    assert filled.open().id == report.snapshot


def test_the_second_of_two_documents_with_one_id_is_skipped(filled: Bench) -> None:
    filled.write("zz.md", CHINESE)
    report = filled.curate()
    assert [(file.path, file.reason) for file in report.skipped] == [("zz.md", "its id 'zh-one' is the one of zh.md")]
    (filled.corpus / "zh.md").unlink()
    assert filled.curate().skipped == ()
    assert [document.path for document in filled.open().store.documents()] == ["en.md", "zz.md"]


def test_a_skipped_file_is_read_once_it_is_mended(filled: Bench) -> None:
    filled.write("a.txt", b"")
    assert [file.path for file in filled.curate().skipped] == ["a.txt"]
    again = filled.curate()
    assert (again.new, [file.path for file in again.skipped]) == (False, ["a.txt"])
    filled.write("a.txt", "Now there is text.")
    assert filled.curate().skipped == ()


def test_whatever_a_reader_raises_only_its_file_is_skipped(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(path: object, *_: object) -> Document:
        if "bad" in str(path):
            raise AssertionError("a library lost its head")
        return Document("good", "Good", "good.md", "Good text.", "en", "v", "markdown", {})

    monkeypatch.setattr("rag.curating.preparing.read_document", read)
    bench.write("bad.md", "x")
    bench.write("good.md", "x")
    report = bench.curate()
    assert report.documents == 1
    assert [file.reason for file in report.skipped] == ["cannot be processed (AssertionError: a library lost its head)"]


def test_what_cannot_be_stored_is_skipped(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = Document("odd", "lone \ud800 surrogate", "odd.md", "Text.", "en", "v", "markdown", {})
    monkeypatch.setattr("rag.curating.preparing.read_document", lambda *_: odd)
    bench.write("odd.md", "x")
    with pytest.raises(ConfigurationError, match="no document that can be read") as caught:
        bench.curate()
    assert "odd.md (cannot be processed (UnicodeEncodeError" in caught.value.remedy


@pytest.mark.parametrize("name", ["broken.pdf", "photo.png"])
def test_strict_makes_a_skipped_file_an_error_and_swaps_nothing(filled: Bench, name: str) -> None:
    before = current_id(filled.settings.index_dir)
    filled.write(name, b"not what it says")
    filled.write("en.md", "# Changed\n\nEntirely.\n")
    for _ in range(2):
        with pytest.raises(UnreadableFileError, match=name) as caught:
            filled.curate(strict=True)
    assert "--strict" in caught.value.remedy
    assert current_id(filled.settings.index_dir) == before
    assert filled.curate().new
    with pytest.raises(UnreadableFileError, match=name):
        filled.curate(strict=True)


def test_an_empty_corpus_is_an_error_and_the_old_index_stays(filled: Bench) -> None:
    before = current_id(filled.settings.index_dir)
    for path in filled.corpus.iterdir():
        path.unlink()
    with pytest.raises(ConfigurationError, match="no document"):
        filled.curate()
    assert current_id(filled.settings.index_dir) == before


def test_a_failing_embedder_leaves_the_old_index(filled: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    before = current_id(filled.settings.index_dir)

    def fail(*_: object) -> None:
        raise ModelError("out of memory")

    monkeypatch.setattr(filled.embedder, "embed_passages", fail)
    filled.write("en.md", "changed")
    with pytest.raises(ModelError):
        filled.curate()
    assert current_id(filled.settings.index_dir) == before


def test_two_curators_do_not_meet(filled: Bench) -> None:
    with index_lock(filled.settings.index_dir), pytest.raises(SnapshotError, match="Another process"):
        filled.curate()


def test_many_documents_stream_through_in_order(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.curating.preparing._BATCHES_AT_ONCE", 1)
    for number in range(150):
        bench.write(f"{number:03}.txt", f"Document number{number}x speaks of topic{number % 7}.")
    assert bench.curate().documents == 150
    snapshot = bench.open()
    for number in (0, 31, 32, 149):
        row = snapshot.lexical.search(f"number{number}x", 1)[0][0]
        assert snapshot.store.passages([row])[0].document_id == f"{number:03}.txt"
        vector = bench.embedder.embed_queries([snapshot.store.passages([row])[0].text])[0]
        assert snapshot.vectors.search(vector, 1)[0][1] > 0.9
