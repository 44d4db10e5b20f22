"""Word search with BM25 (Robertson et al., 1995) on a tantivy index that lives on disk."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rag.domain import Language
from rag.index.analysis import analyze, content_terms

if TYPE_CHECKING:
    from tantivy import Index, Query, Schema

_TERMS = "terms"
_ROW = "row"
_LANGUAGE = "language"
_TOKENIZER = "analysed"
_WRITER_BYTES = 64_000_000
# A query is a question, not a document: its first terms say what it asks.
_MOST_QUERY_TERMS = 64


@dataclass(frozen=True, slots=True)
class Among:
    """What to search among: passages of ``languages``, and of ``rows``; None is any."""

    languages: Sequence[Language] | None = None
    rows: Sequence[int] | None = None


EVERYTHING = Among()


class TantivyLexical:
    """A lexical index on disk. Safe to search from several threads."""

    def __init__(self, index: Index) -> None:
        index.config_reader("manual")
        index.reload()
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def open(cls, folder: Path) -> TantivyLexical:
        """Open a folder that ``LexicalWriter`` wrote.

        Raises:
            ValueError: the folder holds no index, or a damaged one.
        """
        from tantivy import Index  # noqa: PLC0415 - a native library

        if all(os.access(path, os.W_OK) for path in (folder, *folder.glob("*.lock"))):
            return cls(Index.open(str(folder)))
        # tantivy takes a lock even to read: where the folder cannot be written, in a folder of links to its files,
        # which may go once they are open.
        with TemporaryDirectory() as links:
            for path in folder.resolve().iterdir():
                if path.suffix != ".lock":
                    (Path(links) / path.name).symlink_to(path)
            return cls(Index.open(links))

    def search(self, query: str, k: int, among: Among = EVERYTHING) -> list[tuple[int, float]]:
        """Return up to ``k`` (row, BM25 score), best first; only rows that share a content word with the query."""
        terms = _query_terms(query)
        if k == 0 or not terms or (among.rows is not None and not among.rows):
            return []
        found = self._searcher.search(self._query(terms, among), k, count=False).hits
        rows = self._searcher.fast_field_values(_ROW, [address for _, address in found])
        hits = [(int(row), float(score)) for row, (score, _) in zip(rows, found, strict=True) if row is not None]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def document_frequency(self, term: str) -> int:
        """Return the number of passages that hold ``term``, a term as ``analyze`` gives it."""
        return self._searcher.doc_freq(_TERMS, term)

    def idf(self, term: str) -> float:
        """Return BM25's inverse document frequency of ``term``: near 0 for a word of every passage, never negative."""
        count, frequency = self._searcher.num_docs, self.document_frequency(term)
        return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))

    def _query(self, terms: Sequence[str], among: Among) -> Query:
        from tantivy import Occur, Query  # noqa: PLC0415 - a native library

        # Built from objects, never parsed: a question has no syntax.
        words = Query.boolean_query(
            [(Occur.Should, Query.term_query(self._schema, _TERMS, term, "freq")) for term in terms]
        )
        limits = []
        if among.languages is not None:
            # A term's postings are passed over; those of a set of terms are all gathered first.
            spoken = [
                (Occur.Should, Query.term_query(self._schema, _LANGUAGE, name, "basic")) for name in among.languages
            ]
            limits.append(Query.boolean_query(spoken))
        if among.rows is not None:
            limits.append(Query.term_set_query(self._schema, _ROW, list(among.rows)))
        limited = [(Occur.Must, Query.const_score_query(limit, 0.0)) for limit in limits]
        return Query.boolean_query([(Occur.Must, words), *limited]) if limited else words


class LexicalWriter:
    """Writes a lexical index into an empty folder."""

    def __init__(self, folder: Path) -> None:
        from tantivy import Index, TextAnalyzerBuilder, Tokenizer  # noqa: PLC0415 - a native library

        folder.mkdir(parents=True, exist_ok=True)
        index = Index(_schema(), path=str(folder))
        index.register_tokenizer(_TOKENIZER, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
        self._writer = index.writer(_WRITER_BYTES, num_threads=1)
        self._writing = True

    def add(self, row: int, text: str, language: Language) -> None:
        """Index ``text`` as passage number ``row``."""
        self.add_terms(row, terms_of(text), language)

    def add_terms(self, row: int, terms: str, language: Language) -> None:
        """Index passage number ``row`` by the terms of its text, as ``terms_of`` gives them."""
        from tantivy import Document  # noqa: PLC0415 - a native library

        document = Document()
        document.add_unsigned(_ROW, row)
        document.add_text(_LANGUAGE, language)
        document.add_text(_TERMS, terms)
        self._writer.add_document(document)

    def close(self) -> None:
        """Commit and wait until all is on disk."""
        self._writer.commit()
        self.stop()

    def stop(self) -> None:
        """Wait until the writer's threads have ended, after which nothing touches the folder any more."""
        if self._writing:
            self._writing = False
            self._writer.wait_merging_threads()


# A question is looked for in each language.
@lru_cache(maxsize=8)
def _query_terms(query: str) -> Sequence[str]:
    return tuple(content_terms(query)[:_MOST_QUERY_TERMS])


def terms_of(text: str) -> str:
    """Return the terms of ``text``, a space between them."""
    return " ".join(analyze(text))


def _schema() -> Schema:
    from tantivy import SchemaBuilder  # noqa: PLC0415 - a native library

    builder = SchemaBuilder()
    builder.add_unsigned_field(_ROW, indexed=True, fast=True)
    builder.add_text_field(_LANGUAGE, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(_TERMS, tokenizer_name=_TOKENIZER, index_option="freq")
    return builder.build()
