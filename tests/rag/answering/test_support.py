import numpy as np
import pytest

from rag.answering.support import Statement, covered_share, lacking_facts, measure_support

NOWHERE = np.zeros(2, dtype=np.float32)


def statement(text: str, context: str = "", vector: tuple[float, float] = (1.0, 0.0)) -> Statement:
    return Statement(text, np.asarray(vector, dtype=np.float32), context)


def even(_: str) -> float:
    return 1.0


@pytest.mark.parametrize(
    ("claim", "source", "lacking"),
    [
        ("Sales of Huawei rose 42%.", "Huawei's sales rose 42 percent.", ()),
        ("Sales of Huawei rose 43%.", "Huawei's sales rose 42 percent.", ("43%",)),
        ("In 2024 the sales of Samsung rose.", "Huawei's sales rose in 2024.", ("Samsung",)),
        ("华为销量增长42%。", "Huawei's sales rose 42 percent.", ()),
        ("华为销量增长43%。", "Huawei's sales rose 42 percent.", ("43%",)),
        ("华为销量增长百分之四十二。", "华为的销量增长42%。", ()),
    ],
)
def test_lacking_facts(claim: str, source: str, lacking: tuple[str, ...]) -> None:
    assert lacking_facts(statement(claim), [statement(source)]) == lacking


def test_a_fact_may_stand_in_the_heading() -> None:
    assert lacking_facts(statement("At Huawei sales rose."), [statement("Sales rose.", context="Huawei")]) == ()


def test_a_number_that_the_source_lacks_forbids_supported_however_close() -> None:
    claim, source = statement("Apple's revenue fell 12%."), statement("Apple's revenue fell 11.1%.")
    support = measure_support(claim, [source], even)
    assert support.lacking == ("12%",)
    assert support.verdict != "supported"


def test_the_same_sentence_is_supported_and_a_strange_one_is_not() -> None:
    claim = statement("Apple chose Alibaba for its data.")
    assert measure_support(claim, [claim], even).verdict == "supported"
    strange = statement("Rain fell on the hills.", vector=(0.0, 1.0))
    assert measure_support(claim, [strange], even).verdict == "unsupported"
    assert measure_support(claim, [], even).score == 0.0


def test_context_counts_half() -> None:
    claim = statement("alpha beta")
    assert covered_share(claim, [statement("alpha", context="beta")], even) == pytest.approx(0.75)


def test_weights_decide_what_is_covered() -> None:
    claim, source = statement("alpha beta"), statement("alpha")
    heavy = {"alpha": 3.0, "beta": 1.0}
    assert covered_share(claim, [source], lambda term: heavy.get(term, 0.0)) == pytest.approx(0.75)
