"""``python -m eval bench``: one command a measurement."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from eval.plain_errors import with_plain_errors
from eval.records import write_atomically
from rag.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="Measure how fast it is, on this machine.")

Runs = Annotated[int, typer.Option(min=1, help="Measurements of each kind, in turn.")]
JsonOut = Annotated[Path | None, typer.Option("--json", help="Write the figures here.")]


@app.command()
@with_plain_errors
def concurrency(
    chats: Annotated[int, typer.Option(min=2, max=64, help="Chats at once.")] = 8,
    runs: Runs = 5,
    json_out: JsonOut = None,
) -> None:
    """Chats at once against the same chats one after another, over the corpus of the settings."""
    from eval.bench.concurrency import as_markdown, measure  # noqa: PLC0415 - keeps --help instant
    from eval.bench.machine import machine_name  # noqa: PLC0415
    from eval.bench.questions import varied_questions  # noqa: PLC0415
    from eval.evaluation import opened, progress_bar  # noqa: PLC0415
    from eval.suites import load_own_pairs  # noqa: PLC0415

    settings = load_settings()
    generation = settings.generation.model_copy(update={"parallel_slots": chats})
    own = load_own_pairs()
    wide = settings.model_copy(update={"generation": generation})
    with opened(own, wide) as assistant, progress_bar() as progress:
        task = progress.add_task("rounds", total=2 * runs + 1)
        result = measure(assistant, varied_questions(own, chats), runs, lambda: progress.advance(task))
    machine = machine_name()
    typer.echo(f"{machine}\n\n{as_markdown(result)}")
    if json_out:
        write_atomically(json_out, json.dumps({"machine": machine, "concurrency": asdict(result)}, indent=2) + "\n")


@app.command()
@with_plain_errors
def answer(
    questions: Annotated[int, typer.Option(min=1, help="Questions of the own pairs.")] = 100,
    evidence_tokens: Annotated[int, typer.Option(min=50, help="Evidence in the plain prompt.")] = 450,
    json_out: JsonOut = None,
) -> None:
    """Our answers against the same model asked plainly over the best passages, question by question in turn."""
    from eval.bench.answering import as_markdown, measure  # noqa: PLC0415 - keeps --help instant
    from eval.bench.machine import machine_name  # noqa: PLC0415
    from eval.bench.plain_model import PlainModel, Times, plain_prompt  # noqa: PLC0415
    from eval.bench.questions import varied_questions  # noqa: PLC0415
    from eval.evaluation import opened, progress_bar  # noqa: PLC0415
    from eval.suites import load_own_pairs  # noqa: PLC0415
    from rag.models.references import resolve_generator  # noqa: PLC0415

    settings = load_settings()
    own = load_own_pairs()
    model = PlainModel(
        resolve_generator(settings.generator, settings.models_dir).location, settings.generation.context_tokens
    )
    with opened(own, settings) as assistant, progress_bar() as progress:

        def plain(question: str) -> Times:
            hits = assistant.search(question)
            prompt = plain_prompt(question, hits, assistant.generator.count_tokens, evidence_tokens)
            return model.time(prompt, settings.generation.max_answer_tokens)

        asked = varied_questions(own, questions)
        task = progress.add_task("questions", total=len(asked))
        result = measure(assistant, plain, asked, lambda: progress.advance(task))
    machine = machine_name()
    typer.echo(f"{machine}\n\n{as_markdown(result)}")
    if json_out:
        write_atomically(json_out, json.dumps({"machine": machine, "answer": asdict(result)}, indent=2) + "\n")
