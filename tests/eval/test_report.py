from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from eval.gate import Check
from eval.records import Record
from eval.report import Results, as_html, as_json, save, show, show_checks
from eval.runner import Stage
from eval.scores import score
from eval.suites import Query

_EVIL = '<script>alert("x")</script>$x^2$[bold]'


@pytest.fixture
def results(record: Callable[..., Record]) -> Results:
    good = Query("1", "?", "en", "set", True, "single", ("a",), ("Yes",))
    evil = Query(_EVIL, _EVIL, "zh", _EVIL, True, _EVIL, (_EVIL,), (_EVIL,))
    records = [
        record("Yes", query=good, found=("a",), cited=("a",)),
        record(_EVIL + " wrong", query=replace(evil, answers=("other" + _EVIL,)), found=(_EVIL,), cited=("<b>",)),
        record("Yes", query=Query("3", "Third?", "en", "set", False), refused=True),
    ]
    return Results({"suites": ["set", _EVIL], "stage": "answer"}, Stage.ANSWER, records, score(records, Stage.ANSWER))


def test_json_has_the_metrics_by_name(results: Results) -> None:
    content = json.loads(as_json(results))
    assert content["answer_accuracy"]["value"] == 0.5
    assert set(content["recall@5"]) == {"value", "low", "high", "n"}
    assert content["recall@5"]["n"] == 2
    assert content["slices"]["language"]["zh"]["answer_accuracy"]["value"] == 0.0
    assert content["run"]["stage"] == "answer"


def test_json_has_what_each_question_adds_to_each_metric(results: Results) -> None:
    content = json.loads(as_json(results))
    first, evil, third = content["questions"]
    assert (first["suite"], first["id"], first["question"]) == ("set", "1", "?")
    assert evil["question"] == _EVIL
    assert first["metrics"]["answer_accuracy"] == [1.0, 1.0]
    assert (first["metrics"]["answer_s"], first["metrics"]["prompt_tokens"]) == ([2.0, 1.0], [100, 1.0])
    assert "refusal_recall" not in first["metrics"]
    assert third["metrics"]["refusal_recall"] == [1.0, 1.0]
    assert "answer_accuracy" not in third["metrics"]
    for name in ("recall@5", "citation_precision", "sentence_support", "refusal_precision"):
        samples = [question["metrics"].get(name, [0, 0]) for question in content["questions"]]
        value = sum(top for top, _ in samples) / sum(bottom for _, bottom in samples)
        assert value == pytest.approx(content[name]["value"])


def test_page_escapes_everything(results: Results) -> None:
    page = as_html(results)
    assert "<script" not in page
    assert "<b>" not in page
    assert "<q>" not in page
    assert "&lt;script&gt;" in page
    assert "http://" not in page.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
        "http://creativecommons.org", ""
    )


def test_page_lists_misses_and_plots(results: Results) -> None:
    page = as_html(results)
    assert "Misses (1 of 3)" in page
    assert "wrong answer" in page
    assert "Third?" not in page
    drawings = [part.split("</svg>")[0] for part in page.split("<svg")[1:]]
    assert len(drawings) >= 4
    for drawing in drawings:
        ElementTree.fromstring("<svg" + drawing + "</svg>")
    assert "answer_accuracy" in drawings[0]


def test_page_of_a_retrieval_run(record: Callable[..., Record]) -> None:
    records = [record(None, found=("x",))]
    page = as_html(Results({"suites": ["set"]}, Stage.RETRIEVAL, records, score(records, Stage.RETRIEVAL)))
    assert "not among the first 5 documents: a" in page
    assert "nothing" in page


def test_terminal(results: Results) -> None:
    out = io.StringIO()
    show(results, Console(file=out, width=240))
    show_checks("own", [Check("recall@5", "at least 0.97", None, False)], Console(file=out, width=240))
    assert "answer_accuracy" in out.getvalue()
    assert _EVIL in out.getvalue()
    assert "FAIL" in out.getvalue()


def test_save(results: Results, tmp_path: Path) -> None:
    save(results, tmp_path / "new" / "a.json", tmp_path / "a.html")
    assert json.loads((tmp_path / "new" / "a.json").read_text(encoding="utf-8"))["run"]
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "new"]
