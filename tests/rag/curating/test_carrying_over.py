"""What did not change is carried over from the snapshot before: the new one is as if it had been made from nothing."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.curating import preparing
from rag.curating.curator import curate
from rag.embedding.base import Embedder
from rag.errors import SnapshotError
from rag.index.snapshot import Snapshot, open_snapshot, snapshot_folder
from rag.settings import Settings, load_settings

TEXTS = (
    "# Tea\n\nTea is drunk hot. Coffee, too.\n",
    "# 茶\n\n深度求索（DeepSeek）喝茶。茶是热的。\n",
    "---\nid: same\ntopic: drinks\n---\n# Milk\n\nMilk is drunk cold.\n",
    "# Only a heading\n",
    "# Long\n\n" + "".join(f"Sentence {n} says that {n} cups were drunk.\n\n" for n in range(60)),
)
CORPORA = st.dictionaries(st.sampled_from([f"{name}.md" for name in "abcdefgh"]), st.sampled_from(TEXTS), min_size=1)
TABLES = ("documents", "attributes", "passages", "name_pairs")


def indexed(folder: Path, corpus: Mapping[str, str], embedder: Embedder) -> Settings:
    """Bring the index in ``folder`` up to date with ``corpus``; only what differs is written."""
    asked = load_settings(corpus_dir=folder / "corpus", index_dir=folder / "index")
    asked.corpus_dir.mkdir(parents=True, exist_ok=True)
    for path in asked.corpus_dir.iterdir():
        if path.name not in corpus:
            path.unlink()
    for name, text in corpus.items():
        path = asked.corpus_dir / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    curate(asked, open_embedder=lambda _: embedder)
    return asked


def contents(made: Settings) -> tuple[object, ...]:
    with closing(open_snapshot(made.index_dir)) as snapshot:
        folder = snapshot_folder(made.index_dir, snapshot.id)
        files = [(folder / name).read_bytes() for name in ("vectors.faiss", "sentences.f16", "sentences.rows")]
        documents = [(d.id, d.version, d.first_row, d.count, d.file.path) for d in snapshot.manifest.documents]
        skipped = [(record.file.path, record.reason) for record in snapshot.manifest.skipped]
        return documents, skipped, files, rows(folder), found(snapshot)


def rows(folder: Path) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(folder / "passages.sqlite")) as store:
        return [store.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in TABLES]


def found(snapshot: Snapshot) -> list[object]:
    return [snapshot.lexical.search(query, 20) for query in ("tea", "cups were drunk", "茶", "DeepSeek milk")]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=CORPORA, after=CORPORA, at_once=st.integers(1, 3))
def test_an_index_brought_up_to_date_is_like_one_made_from_nothing(
    tmp_path: Path, bag_embedder: Embedder, before: Mapping[str, str], after: Mapping[str, str], at_once: int
) -> None:
    shutil.rmtree(tmp_path, ignore_errors=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preparing, "_UNCHANGED_AT_ONCE", at_once)
        indexed(tmp_path / "old", before, bag_embedder)
        updated = indexed(tmp_path / "old", after, bag_embedder)
    assert contents(updated) == contents(indexed(tmp_path / "new", after, bag_embedder))


def test_a_store_that_lacks_what_its_manifest_names_is_told(tmp_path: Path, bag_embedder: Embedder) -> None:
    corpus = dict(zip(("a.md", "b.md", "c.md"), TEXTS, strict=False))
    made = indexed(tmp_path, corpus, bag_embedder)
    with closing(open_snapshot(made.index_dir)) as snapshot:
        serving = snapshot.id
    with closing(sqlite3.connect(snapshot_folder(made.index_dir, serving) / "passages.sqlite")) as store:
        store.execute("DELETE FROM passages WHERE row = 0")
        store.commit()
    with pytest.raises(SnapshotError, match="lacks documents"):
        indexed(tmp_path, corpus | {"c.md": TEXTS[3]}, bag_embedder)
    with closing(open_snapshot(made.index_dir)) as snapshot:
        assert snapshot.id == serving
