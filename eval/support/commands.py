"""``python -m eval support`` and ``python -m eval faithfulness``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.plain_errors import with_plain_errors
from rag.settings import load_settings

JsonOut = Annotated[Path | None, typer.Option("--json", help="Write the figures here, what was cited beside.")]


@with_plain_errors
def support(
    files: Annotated[list[Path], typer.Argument(help="Files with a claim, its evidence and its label on each line.")],
    limit: Annotated[
        int | None, typer.Option(min=1, help="A fixed, stratified sample of so many claims a file.")
    ] = None,
    json_out: JsonOut = None,
) -> None:
    """Cite labelled claims from their evidence: does support tell those that hold from the rest?"""
    from eval.report import plain  # noqa: PLC0415 - keeps --help instant
    from eval.support.claims import agreement, confusion  # noqa: PLC0415 - keeps --help instant
    from eval.support.reporting import confusion_table, estimates_table, save  # noqa: PLC0415
    from eval.support.runs import judge_file  # noqa: PLC0415
    from rag import open_embedder  # noqa: PLC0415

    settings = load_settings()
    embedder = open_embedder(settings)
    figures, records = {}, []
    for path in files:
        judged = judge_file(path, limit, embedder, settings.chunking)
        estimates, counts = agreement(judged), confusion(judged)
        typer.echo(f"\n{estimates_table(estimates, path.name)}\n\n{confusion_table(counts)}")
        figures[path.name] = {**plain(estimates), "confusion": counts}
        records += judged
    save(json_out, {"embedder": settings.embedder, "files": figures}, records)


@with_plain_errors
def faithfulness(
    ratings: Annotated[Path, typer.Argument(help="A file with a rated response on each line.")],
    suite: Annotated[Path, typer.Option(help="The folder of the suite whose questions were answered.")],
    json_out: JsonOut = None,
) -> None:
    """Cite rated responses from the documents of their question: does support go with human marks for faithfulness?"""
    from eval.report import plain  # noqa: PLC0415 - keeps --help instant
    from eval.suites import load_suite  # noqa: PLC0415
    from eval.support.ratings import correlations, load_ratings  # noqa: PLC0415
    from eval.support.reporting import estimates_table, save  # noqa: PLC0415
    from eval.support.runs import support_responses  # noqa: PLC0415
    from rag import open_embedder  # noqa: PLC0415

    settings = load_settings()
    rated = load_ratings(ratings)
    embedder = open_embedder(settings)
    supported = support_responses(rated, load_suite(suite), embedder, settings.chunking)
    estimates = correlations(supported)
    left_out = len(rated) - len(supported)
    typer.echo(f"\n{estimates_table(estimates, 'Spearman')}")
    typer.echo(f"\nLeft out, for {suite.name} names no documents for them: {left_out}")
    figures = {"embedder": settings.embedder, "left_out": left_out, "spearman": plain(estimates)}
    save(json_out, figures, supported)
