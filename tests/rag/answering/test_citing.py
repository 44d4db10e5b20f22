from collections.abc import Callable

import pytest

from rag.answering.citing import Citer
from rag.answering.evidence import Evidence, embedding_on_the_spot, select_evidence
from rag.domain import DocumentReference, Hit, Passage
from rag.embedding.base import Embedder

MakePassage = Callable[..., Passage]
REFERENCES = {i: DocumentReference(i, f"Title {i}", f"{i}.md", "en", "v" * 64) for i in ("doc", "market")}


def even(_: str) -> float:
    return 1.0


@pytest.fixture
def evidence(make_passage: MakePassage, bag_embedder: Embedder) -> Evidence:
    hits = [
        Hit(make_passage("Apple chose Alibaba for its consumer data.", "DeepSeek lacked staff.", start=10), 1.0),
        Hit(make_passage("Huawei's sales rose 42%.", "Apple's sales fell 0.3%.", document_id="market"), 0.9),
    ]
    return select_evidence(
        bag_embedder.embed_queries(["sales"]), hits, embedding_on_the_spot(bag_embedder), len, 10_000
    )


@pytest.fixture
def citer(evidence: Evidence, bag_embedder: Embedder) -> Citer:
    return Citer(evidence, REFERENCES, bag_embedder, even)


def test_a_sentence_is_pinned_to_the_sentence_it_rests_on(citer: Citer) -> None:
    cited = citer.cite("Apple chose Alibaba for its consumer data.")
    assert (cited.verdict, cited.citations) == ("supported", (1,))
    citation = citer.citations[0]
    assert (citation.quote, citation.start, citation.end) == ("Apple chose Alibaba for its consumer data.", 10, 52)
    assert citer.text == "Apple chose Alibaba for its consumer data.[1]"
    assert citer.text[cited.start : cited.end] == cited.text


def test_the_same_source_keeps_its_marker_and_offsets_skip_the_markers(citer: Citer) -> None:
    citer.cite("Huawei's sales rose 42%.")
    citer.cite("DeepSeek lacked staff.", gap=" ")
    again = citer.cite("The sales of Huawei rose 42%.", gap=" ")
    assert again.citations == (1,)
    assert len(citer.citations) == 2
    for sentence in citer.sentences:
        assert citer.text[sentence.start : sentence.end] == sentence.text


@pytest.mark.models
def test_a_sentence_over_two_sources_cites_both(make_passage: MakePassage, embedder: Embedder) -> None:
    passage = make_passage("Huawei's sales rose 42%.", "Apple's sales fell 0.3%.", "Bananas grow in Ecuador.")
    evidence = select_evidence(
        embedder.embed_queries(["sales"]), [Hit(passage, 1.0)], embedding_on_the_spot(embedder), len, 10_000
    )
    citer = Citer(evidence, REFERENCES, embedder, even)
    cited = citer.cite("Huawei's sales rose 42% while Apple's sales fell 0.3%.")
    assert (cited.citations, cited.verdict) == ((1, 2), "supported")
    assert {citation.quote for citation in citer.citations} == {"Huawei's sales rose 42%.", "Apple's sales fell 0.3%."}


def test_a_wrong_number_is_never_supported(citer: Citer) -> None:
    assert citer.cite("Huawei's sales rose 24%.").verdict != "supported"


def test_an_invented_sentence_gets_no_citation(citer: Citer) -> None:
    cited = citer.cite("Bananas grow in warm weather.")
    assert (cited.verdict, cited.citations) == ("unsupported", ())
    assert citer.citations == []
    assert citer.text == "Bananas grow in warm weather."


def test_without_evidence_nothing_is_cited(bag_embedder: Embedder, evidence: Evidence) -> None:
    citer = Citer(Evidence((), evidence.vectors[:0]), {}, bag_embedder, even)
    assert citer.cite("Anything at all.").verdict == "unsupported"


ADOPTERS = (
    "2023年8月4日，华为发布HarmonyOS 4，并宣布小艺接入盘古大模型。",
    "2025年2月，华为的小艺助手App接入DeepSeek-R1模型。",
    "2025年2月13日，腾讯元宝接入DeepSeek-R1模型。",
    "腾讯元宝App在2024年5月30日上线。",
)


@pytest.mark.models
def test_what_is_said_of_two_subjects_is_pinned_to_a_source_for_each(
    make_passage: MakePassage, embedder: Embedder
) -> None:
    hits = [
        Hit(make_passage(*ADOPTERS[:2]), 1.0),
        Hit(make_passage(*ADOPTERS[2:], document_id="market"), 0.9),
    ]
    evidence = select_evidence(embedder.embed_queries(["接入"]), hits, embedding_on_the_spot(embedder), len, 10_000)
    citer = Citer(evidence, REFERENCES, embedder, even, language="zh")
    cited = citer.cite("腾讯元宝和华为小艺助手App都在2025年2月接入了DeepSeek-R1模型。")
    assert cited.verdict == "supported"
    assert {citation.quote for citation in citer.citations} == set(ADOPTERS[1:3])


@pytest.mark.models
def test_a_chinese_sentence_with_a_latin_name_is_pinned_to_what_holds_the_name(
    make_passage: MakePassage, embedder: Embedder
) -> None:
    hits = [
        Hit(make_passage("苹果评估过腾讯、字节跳动、阿里巴巴和DeepSeek四家公司的模型。"), 1.0),
        Hit(make_passage("Liang Wenfeng founded DeepSeek in 2023.", document_id="market"), 0.9),
    ]
    evidence = select_evidence(embedder.embed_queries(["DeepSeek"]), hits, embedding_on_the_spot(embedder), len, 10_000)
    citer = Citer(evidence, REFERENCES, embedder, even, language="zh")
    cited = citer.cite("DeepSeek是由Liang Wenfeng创立的。")
    assert [citation.quote for citation in citer.citations] == ["Liang Wenfeng founded DeepSeek in 2023."]
    assert cited.verdict == "supported"


@pytest.mark.parametrize(
    ("between", "claim", "lacking"),
    [
        ("The weather was mild.", "Huawei's sales rose 42% in 2023.", set()),
        ("Apple opened a shop in 2024.", "Huawei's sales rose 42% in 2023.", {"2023"}),
        ("The weather was mild.", "Huawei's sales rose 42% in 2024.", {"2024"}),
    ],
)
def test_a_sentence_takes_the_last_date_before_it(
    between: str, claim: str, lacking: set[str], make_passage: MakePassage, bag_embedder: Embedder
) -> None:
    passage = make_passage("Xiaomi built a plant in 2023.", between, "Huawei's sales rose 42%.")
    evidence = select_evidence(
        bag_embedder.embed_queries(["sales"]), [Hit(passage, 1.0)], embedding_on_the_spot(bag_embedder), len, 10_000
    )
    citer = Citer(evidence, REFERENCES, bag_embedder, even)
    citer.cite(claim)
    assert citer.lacking == lacking


def test_an_answer_is_pieced_together_where_all_of_it_is(make_passage: MakePassage, bag_embedder: Embedder) -> None:
    vivo = make_passage("The large model BlueLM of vivo has 130 billion parameters.")
    huawei = make_passage("The large model Pangu of Huawei came out in June.", document_id="market")
    evidence = select_evidence(
        bag_embedder.embed_queries(["parameters"]),
        [Hit(vivo, 1.0), Hit(huawei, 0.9)],
        embedding_on_the_spot(bag_embedder),
        len,
        10_000,
    )
    citer = Citer(evidence, REFERENCES, bag_embedder, even)
    found = [citer.is_pieced_together]
    cited = citer.cite("The large model Pangu of Huawei has 130 billion parameters.")
    assert (cited.verdict, cited.citations) == ("partial", (1, 2))
    found.append(citer.is_pieced_together)
    citer.cite("The large model Pangu of Huawei came out in June.")
    assert [*found, citer.is_pieced_together] == [False, True, False]
