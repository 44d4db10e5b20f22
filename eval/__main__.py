"""``python -m eval``: score the assistant, hold it to its floors, fit its calibration."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from eval.bench.commands import app as bench_app
from eval.calibration import Policy, Rule
from eval.plain_errors import with_plain_errors
from eval.runner import Stage
from eval.support.commands import faithfulness, support
from rag.settings import load_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
app.add_typer(bench_app, name="bench")

Suites = Annotated[
    list[Path] | None,
    typer.Option("--suite", help="A folder with corpus.jsonl and queries.jsonl; may be given several times."),
]
Limit = Annotated[int | None, typer.Option(min=1, help="A fixed, stratified sample of so many questions a suite.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="Questions under way at the same time.")]
JsonOut = Annotated[Path | None, typer.Option("--json", help="Write the metrics here, the records beside.")]
ReportOut = Annotated[Path | None, typer.Option("--report", help="Write an HTML report here.")]
Replay = Annotated[
    bool, typer.Option("--replay", help="Keep what the model writes, and do not ask it again for the same prompt.")
]


@app.command()
@with_plain_errors
def run(  # noqa: PLR0913, PLR0917 - one parameter an option
    suite: Suites = None,
    stage: Annotated[Stage, typer.Option(help="How much of the ask flow to run.")] = Stage.ANSWER,
    limit: Limit = None,
    workers: Workers = 1,
    json_out: JsonOut = None,
    report: ReportOut = None,
    replay: Replay = False,
) -> None:
    """Score the assistant on its own pairs, or on the suites named."""
    from eval.evaluation import evaluate, load_suites  # noqa: PLC0415 - keeps --help instant
    from eval.report import save, show  # noqa: PLC0415

    suites = load_suites(suite or [], limit)
    results = evaluate(suites, stage, load_settings(), workers=workers, log=_log(json_out), replay=replay)
    show(results, Console())
    save(results, json_out, report)


@app.command()
@with_plain_errors
def gate(
    subset: Annotated[bool, typer.Option("--subset", help="Only the fixed subset, with its own floors.")] = False,
    workers: Workers = 1,
    json_out: JsonOut = None,
    report: ReportOut = None,
    replay: Replay = False,
) -> None:
    """Score the own pairs and the harbour suite, and fail when a metric misses its floor in eval/gate.toml."""
    from eval.evaluation import evaluate  # noqa: PLC0415 - keeps --help instant
    from eval.gate import check, load_gate  # noqa: PLC0415
    from eval.report import save, show, show_checks  # noqa: PLC0415
    from eval.sampling import by_type_and_language, stratified_sample  # noqa: PLC0415
    from eval.suites import HARBOUR, load_own_pairs, load_suite  # noqa: PLC0415

    floors, suites = load_gate(), [load_own_pairs(), load_suite(HARBOUR)]
    if subset:
        sizes = {name: bounds.size for name, bounds in floors.of_subsets().items()}
        suites = [
            replace(suite, queries=stratified_sample(suite.queries, sizes[suite.name], by_type_and_language))
            for suite in suites
        ]
    results = evaluate(suites, Stage.ANSWER, load_settings(), workers=workers, log=_log(json_out), replay=replay)
    bounds = floors.of_subsets() if subset else floors.of_all()
    checks = {suite: check(results.scores.slices["suite"][suite], bounds[suite]) for suite in bounds}
    show(results, Console())
    for suite, found in checks.items():
        show_checks(suite, found, Console())
    save(results, json_out, report)
    if not all(one.passed for found in checks.values() for one in found):
        raise typer.Exit(1)


@app.command()
@with_plain_errors
def calibrate(  # noqa: PLR0913, PLR0917 - one parameter an option
    suite: Suites = None,
    limit: Limit = None,
    workers: Workers = 1,
    out: Annotated[Path, typer.Option(help="The calibration file to write.")] = Path("rag/answering/calibration.toml"),
    rows: Annotated[
        Path | None, typer.Option(help="Keep the drafts here; when the file exists, fit on it and run no model.")
    ] = None,
    rule: Annotated[Rule, typer.Option(help="How the threshold is chosen.")] = Rule.MOST_RIGHT,
    max_false_refusals: Annotated[float, typer.Option(min=0, max=0.99, help="Share of right answers to lose.")] = 0.05,
    max_gate_losses: Annotated[float, typer.Option(min=0, max=0.99, help="Share that the gate may lose.")] = 0.01,
    plot: Annotated[
        Path | None, typer.Option(help="Draw reliability, and risk against coverage, into this SVG.")
    ] = None,
    replay: Replay = False,
) -> None:
    """Fit the decision to answer or refuse, for each language, on its own pairs and the suites named."""
    from eval.calibrating import gather_rows, save_calibrations, show_calibrations  # noqa: PLC0415 - keeps --help instant
    from eval.calibration import fit  # noqa: PLC0415
    from eval.calibration_plot import calibration_plot  # noqa: PLC0415
    from eval.evaluation import load_calibration_suites  # noqa: PLC0415
    from eval.records import write_atomically  # noqa: PLC0415

    found = gather_rows(
        load_calibration_suites(suite or [], limit), load_settings(), rows, workers=workers, replay=replay
    )
    calibrations = fit(found, Policy(rule, max_false_refusals, max_gate_losses))
    show_calibrations(calibrations, Console())
    save_calibrations(calibrations, out)
    if plot:
        write_atomically(plot, calibration_plot(calibrations))


@app.command()
@with_plain_errors
def reproduce(
    sets: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the public sets.")],
    out: Annotated[Path, typer.Option(help="Keep each run here; what is there is not run again.")] = Path(
        ".pincite/reproduced"
    ),
    workers: Workers = 1,
    replay: Replay = False,
) -> None:
    """Run every stage over the public sets as eval/reproduce.toml plans, and print one table of all, in Markdown."""
    from eval.reproducing import Reproduction, load_plan  # noqa: PLC0415 - keeps --help instant

    typer.echo(Reproduction(sets, out, load_settings(), workers, replay).table(load_plan()))


@app.command()
@with_plain_errors
def table(results: Annotated[list[Path], typer.Argument(help="Files that `run --json` wrote, a column each.")]) -> None:
    """Print the metrics of several runs side by side, in Markdown."""
    from eval.markdown import table_of  # noqa: PLC0415 - keeps --help instant

    typer.echo(table_of(results))


@app.command()
@with_plain_errors
def compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="A file that `run --json` wrote.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Another, of the same questions.")],
    json_out: Annotated[Path | None, typer.Option("--json", help="Write the comparison here.")] = None,
) -> None:
    """Say what changed from run A to run B, question by question: each metric, and the questions that flipped."""
    from eval.comparing import as_json, compare_runs, show  # noqa: PLC0415 - keeps --help instant
    from eval.records import write_atomically  # noqa: PLC0415

    comparison = compare_runs(a, b)
    show(comparison, Console())
    if json_out:
        write_atomically(json_out, as_json(comparison))


app.command()(support)
app.command()(faithfulness)


def _log(json_out: Path | None) -> Path | None:
    return json_out and json_out.with_suffix(".records.jsonl")


if __name__ == "__main__":
    app(prog_name="python -m eval")
