"""``python -m eval bench``: one command a measurement, and one for all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eval.plain_errors import with_plain_errors
from eval.records import write_atomically
from rag.settings import load_settings

if TYPE_CHECKING:
    from eval.bench.benches import Benches, Result

app = typer.Typer(no_args_is_help=True, help="Measure how fast it is, on this machine.")

Runs = Annotated[int, typer.Option(min=1, help="Measurements of each kind, in turn.")]
Passages = Annotated[int, typer.Option(min=100, help="Passages of a corpus made from the own sentences.")]
PlotOut = Annotated[Path | None, typer.Option("--plot", help="Write a plot here, as SVG.")]
JsonOut = Annotated[Path | None, typer.Option("--json", help="Write the figures here.")]


@app.command()
@with_plain_errors
def ingest(
    texts: Annotated[int, typer.Option(min=100, help="Texts of mixed length to embed.")] = 5000,
    documents: Annotated[int, typer.Option(min=100, help="Documents to index again.")] = 10_000,
    runs: Runs = 5,
    json_out: JsonOut = None,
) -> None:
    """Embedding against sentence-transformers' own, what indexing takes beside it, and indexing again."""
    benches = _benches()
    _report([benches.embed(texts, runs), benches.curate(documents, runs)], json_out)


@app.command()
@with_plain_errors
def search(passages: Passages = 10_000, runs: Runs = 5, json_out: JsonOut = None) -> None:
    """Search, from the question's text to fused hits, against a plain program's."""
    _report([_benches().search(passages, runs)], json_out)


@app.command()
@with_plain_errors
def scale(
    largest: Annotated[int, typer.Option(min=10_000, help="Up to so many passages, by tens.")] = 1_000_000,
    runs: Runs = 5,
    json_out: JsonOut = None,
    plot: PlotOut = None,
) -> None:
    """Search over 10,000 passages, and ten times as many, up to a million: time, memory, recall."""
    result = _benches().scale(_tens_up_to(largest), runs)
    if plot:
        write_atomically(plot, result.plot())
    _report([result], json_out)


@app.command()
@with_plain_errors
def start(passages: Passages = 10_000, runs: Runs = 5, json_out: JsonOut = None) -> None:
    """The server from the command to ready, and its memory at rest."""
    _report([_benches().start(passages, runs)], json_out)


@app.command()
@with_plain_errors
def answer(
    questions: Annotated[int, typer.Option(min=1, help="Questions of the own pairs.")] = 100,
    evidence_tokens: Annotated[int, typer.Option(min=50, help="Evidence in the plain prompt.")] = 450,
    json_out: JsonOut = None,
    plot: PlotOut = None,
) -> None:
    """Our answers against the same model asked plainly over the best passages, question by question in turn."""
    result = _benches().answer(questions, evidence_tokens)
    if plot:
        write_atomically(plot, result.plot())
    _report([result], json_out)


@app.command()
@with_plain_errors
def decode(runs: Runs = 5, json_out: JsonOut = None) -> None:
    """Tokens written a second, against llama.cpp's own rate."""
    _report([_benches().decode(runs)], json_out)


@app.command()
@with_plain_errors
def concurrency(
    chats: Annotated[int, typer.Option(min=2, max=64, help="Chats at once.")] = 8,
    runs: Runs = 5,
    json_out: JsonOut = None,
) -> None:
    """Chats at once against the same chats one after another, over the corpus of the settings."""
    _report([_benches().chats(chats, runs)], json_out)


@app.command()
@with_plain_errors
def peers(
    questions: Annotated[int, typer.Option(min=1, help="Questions of the own pairs.")] = 10,
    json_out: JsonOut = None,
) -> None:
    """Our answers against those of LlamaIndex, txtai and LangChain with the same models; not part of all."""
    from eval.bench.peers.comparison import as_markdown  # noqa: PLC0415 - keeps --help instant
    from eval.bench.peers.measuring import measure  # noqa: PLC0415
    from eval.bench.questions import varied_questions  # noqa: PLC0415
    from eval.suites import load_own_pairs  # noqa: PLC0415

    own = load_own_pairs()
    result = measure(own, load_settings(), varied_questions(own, questions))
    _print(as_markdown(result.comparisons), {"peers": asdict(result)}, json_out)


@app.command("all")
@with_plain_errors
def everything(json_out: JsonOut = None) -> None:
    """Every measurement, with fewer questions where they are long: one table, in under 25 minutes on two cores."""
    benches = _benches()
    results: list[Result] = [
        benches.embed(texts=2000, runs=5),
        benches.curate(documents=10_000, runs=5),
        benches.search(passages=10_000, runs=5),
        benches.scale(_tens_up_to(1_000_000), runs=5),
        benches.start(passages=10_000, runs=5),
        benches.answer(questions=12, evidence_tokens=450),
        benches.decode(runs=5),
        benches.chats(chats=8, runs=1),
    ]
    _report(results, json_out)


def _benches() -> Benches:
    from eval.bench.benches import Benches  # noqa: PLC0415 - keeps --help instant

    return Benches(load_settings())


def _tens_up_to(largest: int) -> list[int]:
    sizes = [10_000]
    while sizes[-1] * 10 <= largest:
        sizes.append(sizes[-1] * 10)
    return sizes


def _report(results: Sequence[Result], json_out: Path | None) -> None:
    from eval.bench.goals import as_markdown  # noqa: PLC0415 - keeps --help instant

    rows = [row for result in results for row in result.rows()]
    _print(as_markdown(rows), {type(result).__name__.lower(): asdict(result) for result in results}, json_out)


def _print(table: str, figures: dict[str, Any], json_out: Path | None) -> None:
    """Print a table under the name of the machine, and write the figures with that name as JSON, if asked to."""
    from eval.bench.machine import machine_name  # noqa: PLC0415 - keeps --help instant

    machine = machine_name()
    typer.echo(f"{machine}\n\n{table}")
    if json_out:
        content = {"machine": machine} | figures
        write_atomically(json_out, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
