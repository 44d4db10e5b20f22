import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.literals import extract_literals, han_to_number


def values(text: str) -> list[tuple[str, tuple[float | None, ...]]]:
    return sorted((literal.kind, literal.value) for literal in extract_literals(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fell 11.1%", "fell 11.1 percent"),
        ("fell 11.1%", "下降了百分之十一点一"),
        ("fell 11.1%", "下降11.1％"),
        ("in Q3 2024", "2024年第三季度"),
        ("in the third quarter of 2024", "2024年三季度"),
        ("2024 Q3", "Q3 2024"),
        ("on 15 August 2023", "2023年8月15日"),
        ("August 15, 2023", "2023-08-15"),
        ("in July 2023", "2023年7月"),
        ("in 2021", "2021年"),
        ("1.5 billion users", "15亿用户"),
        ("35 million units", "3500万台"),
        ("1,200 people", "1200人"),
        ("256K tokens", "256,000 tokens"),
        ("72B parameters", "72 billion parameters"),
        ("seven bodies", "七个部门"),
        ("二〇二四年", "2024年"),
    ],
)
def test_two_writings_of_one_fact_are_equal(one: str, other: str) -> None:
    assert values(one) == values(other) != []


@pytest.mark.parametrize(
    ("claim", "source", "covered"),
    [
        ("in 2023", "on 15 August 2023", True),
        ("on 15 August 2023", "in 2023", False),
        ("in the third quarter", "in the third quarter of 2024", True),
        ("in the third quarter of 2023", "in the third quarter of 2024", False),
        ("in 2024", "2024年第三季度", True),
        ("rose 42%", "rose 4.2%", False),
        ("rose 42%", "rose 42 points to 42", False),
        ("8 GB", "at least 8 GB of memory", True),
        ("17 GB", "at least 7 GB of memory", False),
    ],
)
def test_a_source_covers_the_same_or_a_vaguer_fact(claim: str, source: str, covered: bool) -> None:
    known = extract_literals(source)
    assert all(literal.covered_by(known) for literal in extract_literals(claim)) is covered


def test_a_code_is_no_number_and_the_size_of_a_model_is_one() -> None:
    assert extract_literals("TC260-003要求") == []
    assert [literal.text for literal in extract_literals("Qwen3-32B")] == ["32B"]


def test_a_name_with_a_numeral_in_it_is_no_number() -> None:
    assert extract_literals("三星和一加") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十一点一", 11.1),
        ("三千五百", 3500),
        ("二〇二四", 2024),
        ("十", 10),
        ("两亿三千万", 230_000_000),
        ("四十二", 42),
    ],
)
def test_chinese_numerals(text: str, number: float) -> None:
    assert han_to_number(text) == pytest.approx(number)


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_every_percentage_is_found_whole(whole: int, hundredths: int) -> None:
    text = f"{whole}.{hundredths:02d}"
    assert values(f"It rose {text}% then.") == [("percent", (float(text),))]


@given(st.text(max_size=200))
def test_any_text_covers_its_own_literals(text: str) -> None:
    literals = extract_literals(text)
    assert all(literal.covered_by(literals) for literal in literals)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一共出货了4600000部手机", ("number", (4_600_000.0,))),
        ("要在30个工作日内完成", ("number", (30.0,))),
        ("据2024年Q3数据", ("quarter", (2024.0, 3.0))),
        ("投资380亿元", ("number", (38_000_000_000.0,))),
        ("约有GPT4模型", None),
        ("这一年的一款产品", None),
        ("one of the makers", None),
    ],
)
def test_numbers_are_found_between_chinese_characters(
    text: str, expected: tuple[str, tuple[float | None, ...]] | None
) -> None:
    assert values(text) == ([expected] if expected else [])
