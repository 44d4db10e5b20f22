from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eval.suites import load_own_pairs
from rag.domain import Answer
from server.feedback_cases import cases_from
from server.store.base import Feedback, Reason, Target
from tests.server.answers import SNAPSHOT, answer_of, citation_of

_ANSWER = answer_of(
    ("It chose Alibaba.", "supported", [1]),
    ("DeepSeek lacked staff.", "supported", [1, 2]),
    ("It rained.", "unsupported", []),
    citations=[citation_of(1), citation_of(2, "DeepSeek lacked staff.", document_id="deepseek", start=40)],
)


def _feedback(
    target: Target, index: int | None, reason: Reason = "wrong_citation", answer: Answer = _ANSWER
) -> tuple[Feedback, Answer]:
    now = datetime.now(UTC)
    given = Feedback(
        answer.id, "down", target, index, reason, "The other year.", id="f" * 32, owner="owner", created=now
    )
    return given, answer


def test_a_wrong_citation_becomes_a_case_with_its_span() -> None:
    assert list(cases_from([_feedback("citation", 2)])) == [
        {
            "id": "feedback-" + "f" * 32,
            "question": "Why did Apple choose Alibaba?",
            "lang": "en",
            "relevant": [],
            "answerable": True,
            "type": "complaint",
            "answers": [],
            "complaint": {
                "reason": "wrong_citation",
                "comment": "The other year.",
                "snapshot": SNAPSHOT,
                "sentences": ["DeepSeek lacked staff."],
                "spans": [
                    {
                        "document_id": "deepseek",
                        "version": _ANSWER.citations[1].document.version,
                        "start": 40,
                        "end": 62,
                        "quote": "DeepSeek lacked staff.",
                    }
                ],
            },
        }
    ]


@pytest.mark.parametrize(
    ("target", "index", "sentences", "quotes"),
    [
        ("citation", 1, ["It chose Alibaba.", "DeepSeek lacked staff."], ["Apple chose Alibaba."]),
        ("sentence", 1, ["DeepSeek lacked staff."], ["Apple chose Alibaba.", "DeepSeek lacked staff."]),
        ("sentence", 2, ["It rained."], []),
    ],
)
def test_a_complaint_names_what_it_blames(target: Target, index: int, sentences: list[str], quotes: list[str]) -> None:
    (case,) = cases_from([_feedback(target, index, "not_in_source")])
    assert case["complaint"]["sentences"] == sentences
    assert [span["quote"] for span in case["complaint"]["spans"]] == quotes


def test_a_follow_up_becomes_a_question_that_stands_alone() -> None:
    answer = replace(_ANSWER, question="And why?", standalone_question="Why did Apple choose Alibaba?", language="zh")
    (case,) = cases_from([_feedback("citation", 1, answer=answer)])
    assert (case["question"], case["lang"]) == ("Why did Apple choose Alibaba?", "zh")


def test_other_opinions_are_no_complaints_about_a_source() -> None:
    praise, answer = _feedback("citation", 1)
    opinions = [
        (replace(praise, rating="up"), answer),
        _feedback("answer", None),
        _feedback("sentence", 0, "incomplete"),
        _feedback("sentence", 0, "other"),
        _feedback("sentence", 0, ""),
    ]
    assert list(cases_from(opinions)) == []


def test_the_evaluation_reads_the_cases(tmp_path: Path) -> None:
    lines = [json.dumps(case, ensure_ascii=False) for case in cases_from([_feedback("citation", 1)])]
    (tmp_path / "complaints.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (query,) = load_own_pairs(tmp_path).queries
    assert (query.question, query.language, query.type) == ("Why did Apple choose Alibaba?", "en", "complaint")
    assert query.answerable
