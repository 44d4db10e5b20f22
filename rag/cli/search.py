"""``pincite search``: the passages for a query, as retrieval finds them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.state import settings_of

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from rag.domain import Hit, Passage

_EXCERPT_CHARACTERS = 320
_BEFORE_FIRST_MATCH = 60


def search_command(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="Words or a question, in English or Chinese.")],
    k: Annotated[int | None, typer.Option("-k", min=1, max=1000, help="Passages to show.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="Search only documents with this metadata: KEY=VALUE. Repeatable.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the hits as JSON.")] = False,
) -> None:
    """Search the index for passages, without asking the model."""
    from contextlib import closing  # noqa: PLC0415

    from rag import open_embedder, open_snapshot  # noqa: PLC0415 - heavy
    from rag.cli.filters import parse_filters  # noqa: PLC0415
    from rag.cli.output import console, print_json  # noqa: PLC0415
    from rag.errors import QuestionError  # noqa: PLC0415
    from rag.retrieval.retriever import Retriever  # noqa: PLC0415 - heavy

    if not query.strip():
        raise QuestionError("The query is empty.", "Write what to search for.")
    filters = parse_filters(where or [])
    settings = settings_of(context)
    with closing(open_snapshot(settings.index_dir)) as snapshot:
        embedder = open_embedder(settings)
        snapshot.check_embedder(embedder)
        hits = Retriever(snapshot, embedder, settings.retrieval).search(query, k=k, filters=filters)
        if as_json:
            print_json({"query": query, "snapshot": snapshot.id, "hits": hits})
        elif hits:
            console.print(hits_view(query, hits))
        else:
            console.print("Nothing found: no passage has that metadata." if filters else "Nothing found.")


def hits_view(query: str, hits: Sequence[Hit]) -> Table:
    """Return the hits as a table, best first, the words of the query highlighted."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from rag.index.analysis import content_terms  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, show_lines=True)
    for name in ("#", "score", "cosine", "BM25"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("passage", ratio=1, overflow="fold")  # Chinese has no spaces to wrap at
    terms = frozenset(content_terms(query))
    for rank, hit in enumerate(hits, start=1):
        scores = (f"{hit.score:.3f}", _score(hit.dense), _score(hit.lexical))
        titles = dict.fromkeys((hit.passage.title, *hit.passage.heading_path))  # the first heading is often the title
        place = Text(" › ".join(titles), style="bold cyan")
        table.add_row(str(rank), *scores, Text("\n").join([place, excerpt(hit.passage, terms)]))
    return table


def excerpt(passage: Passage, terms: frozenset[str]) -> Text:
    """Return the part of a passage that begins a little before the first of ``terms``, on one line, highlighted."""
    from rich.text import Text  # noqa: PLC0415

    from rag.index.analysis import term_spans  # noqa: PLC0415

    line = re.sub(r"\s", " ", passage.text)
    spans = term_spans(line, terms)
    start = 0
    if len(line) > _EXCERPT_CHARACTERS and spans:
        start = max(0, min(spans[0].start - _BEFORE_FIRST_MATCH, len(line) - _EXCERPT_CHARACTERS))
    shown = line[start : start + _EXCERPT_CHARACTERS]
    text = Text(shown)
    for span in spans:
        if span.start < start + len(shown) and span.end > start:
            text.stylize("bold yellow", max(0, span.start - start), span.end - start)
    end = "…" if start + len(shown) < len(line) else ""
    return Text.assemble("…" if start else "", text, end)


def _score(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
