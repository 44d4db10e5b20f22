from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.answers import is_right, references, rouge_l, token_f1
from eval.suites import Query


def _query(
    answers: tuple[str, ...] = (),
    answer_groups: tuple[tuple[str, ...], ...] = (),
    answer_alternatives: tuple[tuple[str, ...], ...] = (),
    fake_answers: tuple[str, ...] = (),
) -> Query:
    return Query(
        "q",
        "?",
        "en",
        "set",
        True,
        answers=answers,
        answer_groups=answer_groups,
        answer_alternatives=answer_alternatives,
        fake_answers=fake_answers,
    )


def test_any_answer_will_do() -> None:
    query = _query(answers=("11.1%", "eleven points"))
    assert is_right("It fell 11.1 percent.", query) is True
    assert is_right("It fell 4 percent.", query) is False


def test_every_group_needs_a_form() -> None:
    query = _query(answers=("Bhatt",), answer_groups=(("0.3%",), ("42%", "42 points")))
    assert is_right("Apple fell 0.3% while Huawei rose 42%.", query) is True
    assert is_right("Apple fell 0.3%, says Bhatt.", query) is False


def test_all_forms_of_one_alternative() -> None:
    query = _query(answer_alternatives=(("red", "green"), ("blue",)))
    assert is_right("Green and red.", query) is True
    assert is_right("Blue.", query) is True
    assert is_right("Red.", query) is False


def test_planted_misinformation_makes_an_answer_wrong() -> None:
    query = _query(answers=("3,559",), fake_answers=("10,000",))
    assert is_right("3559 people", query) is True
    assert is_right("3559 or 10000 people", query) is False


def test_long_references_are_not_looked_for_word_by_word() -> None:
    long = " ".join(f"word{i}" for i in range(40))
    assert is_right(long, _query(answers=(long,))) is None
    assert is_right("short", _query(answers=(long, "short"))) is True


def test_references_stand_in_for_groups() -> None:
    assert references(_query(answer_groups=(("a1", "a2"), ("b1",)))) == ("a1 b1",)
    assert references(_query()) == ()


def test_token_f1_by_hand() -> None:
    # Two of three predicted words are among the four of the reference: P 2/3, R 1/2, F1 4/7.
    assert token_f1("the red fox jumped", "red fox sleeps soundly") == pytest.approx(4 / 7)
    assert token_f1("The Broncos!", "broncos") == 1.0
    assert token_f1("", "x") == token_f1("x", "") == 0.0


def test_token_f1_counts_chinese_characters() -> None:
    # 3 of 4 predicted characters are in the reference of 3.
    assert token_f1("阿里巴巴", "阿里巴") == pytest.approx(2 * 3 / 7)


def test_rouge_l_of_lins_example() -> None:
    # Lin 2004, section 3.1: S1 "police killed the gunman"; S2 "police kill the gunman"; S3 "the gunman kill police".
    # Over whole words with the article, S2 shares 3 of 4 words in order, S3 shares 2 of 4; here articles are left
    # out on both sides, which leaves 2 of 3 and 1 of 3.
    reference = "police killed the gunman"
    assert rouge_l("police kill the gunman", reference) == pytest.approx(2 / 3)
    assert rouge_l("the gunman kill police", reference) == pytest.approx(1 / 3)


def test_rouge_l_keeps_order_and_allows_gaps() -> None:
    assert rouge_l("w1 x w2 y w3", "w1 w2 w3") == pytest.approx(2 * 3 / 8)
    assert rouge_l("苹果收入下降", "苹果的收入") == pytest.approx(2 * 4 / 11)
    assert rouge_l("", "x") == 0.0


@given(st.lists(st.sampled_from("bcdxyz"), max_size=12), st.lists(st.sampled_from("bcdxyz"), max_size=12))
def test_rouge_l_is_symmetric_and_never_above_token_f1(left: list[str], right: list[str]) -> None:
    one, other = " ".join(left), " ".join(right)
    assert rouge_l(one, other) == pytest.approx(rouge_l(other, one))
    assert rouge_l(one, other) <= token_f1(one, other) + 1e-12
