import numpy as np
import pytest

from rag.answering.support import Statement, Support, covered_share, lacking_facts, measure_support
from rag.index.name_pairs import NamePair

NOWHERE = np.zeros(2, dtype=np.float32)


def statement(
    text: str, heading: str = "", before: str = "", passage: str = "", vector: tuple[float, float] = (1.0, 0.0)
) -> Statement:
    return Statement(
        text, np.asarray(vector, dtype=np.float32), heading, before, before, passage, frozenset({"Huawei", "DeepSeek"})
    )


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
    assert lacking_facts(statement("At Huawei sales rose."), [statement("Sales rose.", heading="Huawei")]) == ()


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


def test_what_stands_near_counts_half() -> None:
    claim = statement("alpha beta")
    assert covered_share(claim, [statement("alpha", heading="beta")], even) == pytest.approx(0.75)


def test_weights_decide_what_is_covered() -> None:
    claim, source = statement("alpha beta"), statement("alpha")
    heavy = {"alpha": 3.0, "beta": 1.0}
    assert covered_share(claim, [source], lambda term: heavy.get(term, 0.0)) == pytest.approx(0.75)


PAIRS = [NamePair("Alibaba", "阿里巴巴"), NamePair("DeepSeek", "深度求索"), NamePair("token", "词元")]


@pytest.mark.parametrize(
    ("claim", "source", "lacking"),
    [
        ("DeepSeek's money comes from Alibaba.", "深度求索（DeepSeek）由幻方量化出资。", ("Alibaba",)),
        ("DeepSeek's money comes from Alibaba.", "阿里巴巴投资了深度求索。", ()),
        ("阿里巴巴投资了深度求索。", "Alibaba invested in DeepSeek.", ()),
        ("阿里巴巴投资了深度求索。", "Tencent invested in DeepSeek.", ("阿里巴巴",)),
        ("Each token costs money.", "每次调用都要付费。", ()),
    ],
)
def test_names_across_languages_are_compared_where_both_writings_are_known(
    claim: str, source: str, lacking: tuple[str, ...]
) -> None:
    assert lacking_facts(statement(claim), [statement(source)], PAIRS) == lacking


def test_numbers_of_one_clause_must_stand_in_one_source() -> None:
    sources = [statement("Huawei shipped 46 million phones in 2024."), statement("Apple fell in the fourth quarter.")]
    together = statement("Huawei shipped 46 million phones in the fourth quarter.")
    assert lacking_facts(together, sources) == ("fourth quarter",)
    apart = statement("Huawei shipped 46 million phones, while Apple fell in the fourth quarter.")
    assert lacking_facts(apart, sources) == ()


@pytest.mark.parametrize(
    ("claim", "lacking"),
    [
        ("截至2025年3月31日，有490余款服务完成备案。", True),
        ("截至2025年3月31日，有346款服务完成备案。", False),
        ("As of 31 March 2025, 490 services had been filed.", True),
        ("As of 31 March 2025, 346 services had been filed.", False),
        ("By the end of March 2025, 490 services had been filed.", True),
        ("490 services had been filed, as of 31 March 2025.", True),
    ],
)
def test_a_time_alone_says_when_the_next_clause_holds(claim: str, *, lacking: bool) -> None:
    rows = [statement("截止日期: 2025年7月; 服务: 490余款"), statement("截止日期: 2025年3月31日; 服务: 346款")]
    assert bool(lacking_facts(statement(claim), rows)) is lacking


def test_the_date_of_something_else_is_lacking() -> None:
    sources = [
        statement("Apple submitted the features for approval."),
        statement("The Information reported the partnership on 11 February 2025."),
    ]
    assert lacking_facts(statement("The features were approved on 11 February 2025."), sources) == ("11 February 2025",)
    phones = statement("Those that support it are the iPhone 15 Pro and others.")
    assert lacking_facts(phones, [statement("It needs an iPhone 15 Pro.")]) == ()
    told = statement("According to The Information, the partnership was reported on 11 February 2025.")
    assert lacking_facts(told, sources) == ()


@pytest.mark.parametrize(("named_at", "lacking"), [(0, ()), (2, ("vivo",))])
def test_running_text_names_its_subject_before_it_speaks_of_it(named_at: int, lacking: tuple[str, ...]) -> None:
    known = frozenset({"vivo"})
    rose = Statement("Shipments in China rose 42%.", NOWHERE, passage_id="p", place=1)
    row = Statement("Maker: vivo; Share: 18.6%", NOWHERE, passage_id="p", place=named_at, known_names=known)
    claim = Statement("Shipments of vivo in China rose 42%.", NOWHERE, known_names=known)
    assert lacking_facts(claim, [rose, row]) == lacking


def test_a_quarter_in_the_heading_counts() -> None:
    assert lacking_facts(statement("It rose 4% in Q3 2024."), [statement("It rose 4%.", heading="Q3 2024")]) == ()


def test_a_name_that_may_stand_there_unseen_is_enough_to_cite_and_not_to_support() -> None:
    claim = statement("It was Sheepshanks who gave the paintings.")
    unseen = measure_support(claim, [statement("希普尚克斯捐赠了画作。")], even, [])
    missing = measure_support(claim, [statement("希普尚克斯捐赠了画作。")], even, [NamePair("Sheepshanks", "谢泼")])
    assert unseen.verdict == "partial"
    assert missing.score <= unseen.score


def test_across_languages_closeness_is_weighed_by_the_names_held() -> None:
    claim = statement("DeepSeek and Alibaba are companies.")
    full = measure_support(claim, [statement("阿里巴巴和深度求索都是公司。")], even, PAIRS)
    none = measure_support(claim, [statement("某些公司。")], even, [])
    assert full.score == pytest.approx(1.0)
    assert none.score == pytest.approx(0.44)


def test_a_sentence_may_take_its_date_from_the_one_before_but_no_other_fact() -> None:
    claim = statement("Sales rose 42% in Q3 2024.")
    assert lacking_facts(claim, [statement("Sales rose 42%.", before="The third quarter of 2024 was good.")]) == ()
    assert lacking_facts(claim, [statement("Sales rose in Q3 2024.", before="Prices rose 42%.")]) == ("42%",)
    dated = statement("Sales rose 42% in 2024.", before="The third quarter of 2024 was good.")
    assert lacking_facts(claim, [dated]) == ("Q3 2024",)


def test_a_known_name_is_seen_at_the_start_of_a_sentence() -> None:
    assert lacking_facts(statement("Huawei rose 42%."), [statement("Xiaomi rose 42%.")]) == ("Huawei",)
    assert lacking_facts(statement("Revenue rose 42%."), [statement("Sales rose 42%.")]) == ()


def test_a_name_may_stand_in_another_source_of_the_same_passage() -> None:
    claim = statement("In 2024 the sales of Samsung rose 42%.")
    figure = statement("Sales rose 42% in 2024.", passage="p")
    assert lacking_facts(claim, [figure, statement("The maker is Samsung.", passage="p")]) == ()
    assert lacking_facts(claim, [figure, statement("The maker is Samsung.", passage="q")]) == ("Samsung",)


@pytest.mark.parametrize(("text", "lacking"), [("腾讯总部设在深圳。", ()), ("两家公司总部设在哪个城市。", ("腾讯",))])
def test_a_kind_of_place_is_no_name(text: str, lacking: tuple[str, ...]) -> None:
    assert lacking_facts(statement("腾讯总部设在哪个城市？"), [statement(text)]) == lacking


def test_the_more_facts_are_lacking_the_less_support() -> None:
    sources = [statement("Sales of Huawei rose in China."), statement("Shipments rose 42%.")]
    whole = Support(0.5, ()).within(sources)
    elsewhere = Support(0.5, ("42%",)).within(sources)
    nowhere = Support(0.5, ("43%",)).within(sources)
    both = Support(0.5, ("43%", "Samsung")).within(sources)
    assert (elsewhere.absent, nowhere.absent, both.absent) == ((), ("43%",), ("43%", "Samsung"))
    assert whole.graded > elsewhere.graded > nowhere.graded > both.graded > 0
    assert whole.verdict == "supported"
    assert {elsewhere.verdict, nowhere.verdict, both.verdict} == {"partial"}
