from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.support.checker import Checker, Cited
from eval.support.claims import Claim, Judged, agreement, confusion, judge, load_claims
from rag.domain import Verdict
from rag.errors import PinciteError

_ROW: dict[str, object] = {
    "id": "1",
    "claim": "It rose 42%.",
    "evidence": ["Sales rose 42%.", "# Page"],
    "label": "partially_supported",
}


def _written(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "claims.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def _judged(label: Verdict, support: float, claim: str = "c", verdict: Verdict = "partial") -> Judged:
    return Judged("1", label, verdict, support, claim, Cited((), (), ()))


def test_rows_are_read(tmp_path: Path) -> None:
    (claim,) = load_claims(_written(tmp_path, _ROW))
    assert claim == Claim("1", "It rose 42%.", ("Sales rose 42%.", "# Page"), "partial")
    assert claim.document.text == "Sales rose 42%.\n# Page"


def test_rows_with_the_same_evidence_share_a_document() -> None:
    one, other = Claim("1", "x", ("a", "b"), "partial"), Claim("2", "y", ("a", "b"), "supported")
    assert one.document == other.document
    assert one.document.id != Claim("3", "x", ("a",), "partial").document.id


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"evidence": []}, 'no "evidence"'),
        ({"evidence": [" "]}, 'no "evidence"'),
        ({"evidence": "text"}, 'no "evidence"'),
        ({"label": "perhaps"}, "the label 'perhaps'"),
        ({"claim": ""}, 'no "claim"'),
    ],
)
def test_bad_rows_are_named(tmp_path: Path, change: dict[str, object], words: str) -> None:
    with pytest.raises(PinciteError, match=rf"claims\.jsonl:1 .*{words}"):
        load_claims(_written(tmp_path, _ROW | change))


def test_a_claim_is_as_good_as_its_weakest_sentence(checker_of: Callable[..., Checker]) -> None:
    claims = [
        Claim("1", "Huawei's sales rose 42%. Bananas grow in Ecuador.", ("Huawei's sales rose 42%.",), "partial"),
        Claim("2", "Huawei's sales rose 42%.", ("Huawei's sales rose 42%.",), "supported"),
    ]
    first, second = judge(checker_of(*(claim.document for claim in claims)), claims)
    assert (first.id, first.label, first.verdict) == ("1", "partial", "unsupported")
    assert first.support == min(sentence.support for sentence in first.cited.sentences)
    assert (second.verdict, second.cited.quotes) == ("supported", ("Huawei's sales rose 42%.",))


def test_agreement_by_hand() -> None:
    judged = [
        _judged("supported", 0.9, "a", "supported"),
        _judged("supported", 0.4, "b"),
        _judged("partial", 0.5, "c"),
        _judged("unsupported", 0.7, "d", "supported"),
        _judged("unsupported", 0.1, "e", "unsupported"),
    ]
    found = agreement(judged)
    assert found["support_auc"].value == pytest.approx(4 / 6)
    assert found["supported_balanced_accuracy"].value == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert {estimate.n for estimate in found.values()} == {5}
    assert confusion(judged) == {
        "supported": {"supported": 1, "partial": 1, "unsupported": 0},
        "partial": {"supported": 0, "partial": 1, "unsupported": 0},
        "unsupported": {"supported": 1, "partial": 0, "unsupported": 1},
    }


def test_rows_of_one_claim_are_drawn_together() -> None:
    supports = [("supported", 0.9), ("partial", 0.2), ("partial", 0.6), ("supported", 0.5)] * 5
    apart = [_judged(label, support, f"claim {i}") for i, (label, support) in enumerate(supports)]  # type: ignore[arg-type]
    tenfold = [one for one in apart for _ in range(10)]
    narrow, same = agreement(apart)["support_auc"], agreement(tenfold)["support_auc"]
    assert (narrow.value, narrow.low, narrow.high) == pytest.approx((same.value, same.low, same.high))
