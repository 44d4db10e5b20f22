from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval import calibrating, evaluation
from eval.__main__ import app
from eval.drafts import Row, read_rows
from eval.records import to_json_line
from eval.suites import Suite
from rag import Draft
from rag.domain import Answer, Hit, Message
from rag.settings import Settings


class _Assistant:
    """Finds "a" for everything and answers every question the same way."""

    def __init__(self, answer: Answer, hit: Hit) -> None:
        self._answer, self._hit = answer, hit

    def ask(self, question: str, history: Sequence[Message] = ()) -> Answer:
        return self._answer

    def retrieve(
        self, question: str, history: Sequence[Message] = (), *, k: int | None = None
    ) -> tuple[str, Sequence[Hit]]:
        return question, [self._hit]

    def draft(
        self, question: str, history: Sequence[Message] = (), *, exclude_documents: frozenset[str] = frozenset()
    ) -> Draft:
        return Draft("No answer." if exclude_documents else self._answer.text, "en", {"dense": 0.5})


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text('{"id": "a", "text": "Yes."}', encoding="utf-8")
    (folder / "queries.jsonl").write_text(
        '{"id": "1", "question": "?", "relevant": ["a"], "answers": ["yes"]}\n'
        '{"id": "2", "question": "??", "relevant": ["a"], "answers": ["no"]}\n',
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def assistant(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Answer], hit: Callable[[str], Hit]
) -> Callable[[Answer], None]:
    def install(given: Answer) -> None:
        @contextmanager
        def opened(suite: Suite, settings: Settings, *, replay: bool = False) -> Iterator[_Assistant]:
            yield _Assistant(given, hit("a"))

        monkeypatch.setattr(evaluation, "opened", opened)
        monkeypatch.setattr(calibrating, "opened", opened)

    return install


def test_run_writes_everything(
    suite: Path, tmp_path: Path, assistant: Callable[[Answer], None], answer: Callable[..., Answer]
) -> None:
    assistant(answer("Yes", cited=("a",)))
    out, page = tmp_path / "out" / "r.json", tmp_path / "r.html"
    result = CliRunner().invoke(app, ["run", "--suite", str(suite), "--json", str(out), "--report", str(page)])
    assert result.exit_code == 0, result.output
    assert '"answer_accuracy"' in out.read_text(encoding="utf-8")
    assert len((tmp_path / "out" / "r.records.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert "wrong answer" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("refuses", [False, True])
def test_gate_fails_under_its_floors(
    refuses: bool, assistant: Callable[[Answer], None], answer: Callable[..., Answer]
) -> None:
    assistant(answer(refused=refuses))
    result = CliRunner().invoke(app, ["gate", "--subset"])
    assert result.exit_code == 1
    assert "FAIL" in result.output


def test_gate_passes(
    suite: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    assistant: Callable[[Answer], None],
    answer: Callable[..., Answer],
) -> None:
    floors = tmp_path / "gate.toml"
    floors.write_text(
        "[full.at_least]\nanswer_accuracy = 0.5\n[subset]\nsize = 1\n[harbour]\n[harbour_subset]\nsize = 1\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("eval.gate.load_gate.__defaults__", (floors,))
    monkeypatch.setattr("eval.suites.load_own_pairs.__defaults__", (tmp_path / "qa",))
    (tmp_path / "qa").mkdir()
    (suite / "queries.jsonl").rename(tmp_path / "qa" / "pairs.jsonl")
    assistant(answer("Yes"))
    result = CliRunner().invoke(app, ["gate"])
    assert result.exit_code == 0, result.output
    assert "pass" in result.output


def test_calibrate_from_kept_rows(tmp_path: Path, suite: Path) -> None:
    rows = [Row("set", str(i), False, "en", i % 2, {"states_answer": i % 2 + i / 40}, "") for i in range(20)]
    kept, out = tmp_path / "rows.jsonl", tmp_path / "calibration.toml"
    kept.write_text("".join(map(to_json_line, rows)), encoding="utf-8")
    result = CliRunner().invoke(
        app, ["calibrate", "--suite", str(suite), "--rows", str(kept), "--out", str(out), "--rule", "most-right"]
    )
    assert result.exit_code == 0, result.output
    assert tomllib.loads(out.read_text(encoding="utf-8"))["en"]["answer"]["weights"]["states_answer"] > 0


def test_calibrate_keeps_the_languages_of_the_file(tmp_path: Path, suite: Path) -> None:
    rows = [Row("set", str(i), False, "en", i % 2, {"states_answer": i % 2 + i / 40}, "") for i in range(20)]
    kept, out = tmp_path / "rows.jsonl", tmp_path / "calibration.toml"
    kept.write_text("".join(map(to_json_line, rows)), encoding="utf-8")
    out.write_text("[en]\n[zh]\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["calibrate", "--suite", str(suite), "--rows", str(kept), "--out", str(out)])
    assert result.exit_code == 1
    assert "No drafts in zh" in result.output
    assert out.read_text(encoding="utf-8") == "[en]\n[zh]\n"


def test_calibrate_drafts_its_own_pairs_and_the_suites(
    suite: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    assistant: Callable[[Answer], None],
    answer: Callable[..., Answer],
) -> None:
    assistant(answer("Yes"))
    monkeypatch.setattr("eval.suites.load_calibration_pairs.__defaults__", (tmp_path / "pairs",))
    (tmp_path / "pairs").mkdir()
    (tmp_path / "pairs" / "en.jsonl").write_text(
        '{"id": "own", "question": "?", "answerable": false}\n', encoding="utf-8"
    )
    shutil.copytree(suite, tmp_path / "made-up")
    monkeypatch.setattr("eval.evaluation.CALIBRATION_FOLDER", tmp_path / "made-up")
    kept = tmp_path / "rows.jsonl"
    arguments = ["calibrate", "--suite", str(suite), "--rows", str(kept), "--out", str(tmp_path / "c.toml")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert "too few to fit" in result.output
    assert [(row.suite, row.label) for row in read_rows(kept)] == [
        ("own-calibration", 0),
        *((name, label) for name in ("made-up", suite.name) for label in (1, 0, 0)),
    ]
    assert not (tmp_path / "c.toml").exists()


def test_compare_says_what_changed(
    suite: Path, tmp_path: Path, assistant: Callable[[Answer], None], answer: Callable[..., Answer]
) -> None:
    a, b, out = tmp_path / "a.json", tmp_path / "b.json", tmp_path / "out" / "c.json"
    for path, text in ((a, "Yes"), (b, "No")):
        assistant(answer(text))
        assert CliRunner().invoke(app, ["run", "--suite", str(suite), "--json", str(path)]).exit_code == 0
    result = CliRunner().invoke(app, ["compare", str(a), str(b), "--json", str(out)])
    assert result.exit_code == 0, result.output
    assert "set/2 (answer_accuracy): ??" in result.output.partition("Gained: 1")[2].partition("Lost: 1")[0]
    assert "set/1 (answer_accuracy): ?" in result.output.partition("Lost: 1")[2]
    assert json.loads(out.read_text(encoding="utf-8"))["metrics"]["answer_accuracy"]["difference"]["value"] == 0
    table = CliRunner().invoke(app, ["table", str(a), str(b)])
    assert "| answer_accuracy | 0.500" in table.output
    assert "questions" not in table.output


def test_compare_with_a_file_from_before(tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_text('{"run": {}, "slices": {}}', encoding="utf-8")
    result = CliRunner().invoke(app, ["compare", str(old), str(old)])
    assert result.exit_code == 1
    assert "Run it again with --json." in result.output
    assert "Traceback" not in result.output


def test_errors_are_plain(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["run", "--suite", str(tmp_path)])
    assert result.exit_code == 1
    assert "corpus.jsonl" in result.output
    assert "Traceback" not in result.output


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys, eval.__main__ as m\n"
        "print(sorted({'torch', 'faiss', 'scipy', 'sklearn', 'matplotlib', 'ir_measures'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
