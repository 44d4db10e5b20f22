import pytest

from rag.index.name_pairs import NamePair, find_name_pairs, is_written_in, other_writings, writings_of


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("公司推出了深度求索（DeepSeek）。", NamePair("DeepSeek", "深度求索")),
        ("The Cyberspace Administration of China (国家互联网信息办公室) decides.",
         NamePair("Cyberspace Administration of China", "国家互联网信息办公室")),
        ("English: Huawei; Chinese: 华为", NamePair("Huawei", "华为")),
        ("中文: 大语言模型; 英文: large language model (LLM); 解释: 模型", NamePair("LLM", "大语言模型")),
        ("华为助手 (Celia)", NamePair("Celia", "助手")),
    ],
)  # fmt: skip
def test_pairs_are_found(text: str, pair: NamePair) -> None:
    assert pair in find_name_pairs(text)


@pytest.mark.parametrize(
    "text", ["", "深度求索和DeepSeek", "(2024年)", "A (b) c", "发展（三）", "English: Huawei; Country: 中国"]
)
def test_what_is_no_pair_is_left_alone(text: str) -> None:
    assert find_name_pairs(text) == set()


def test_every_ending_of_the_run_before_a_bracket_is_taken() -> None:
    found = {pair.han for pair in find_name_pairs("办公室选择私有云计算（Private Cloud Compute）")}
    assert {"云计算", "私有云计算"} <= found or "私有云计算" in found


PAIRS = [NamePair("DeepSeek", "深度求索"), NamePair("Honor", "荣耀"), NamePair("agent", "智能体")]


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("Who founded DeepSeek?", ["深度求索"]),
        ("深度求索和荣耀", ["DeepSeek", "Honor"]),
        ("Who honors the agent of DeepSeeker?", []),
        ("什么是智能体？", ["agent"]),
        ("", []),
    ],
)
def test_names_are_given_in_their_other_writing(text: str, others: list[str]) -> None:
    assert other_writings(text, PAIRS) == others


@pytest.mark.parametrize(("text", "held"), [("DeepSeek是", True), ("DeepSeeker", False), ("深度", False)])
def test_a_latin_name_is_whole_words(text: str, *, held: bool) -> None:
    assert is_written_in("DeepSeek", text) is held


def test_the_writings_of_a_name_are_those_of_all_its_pairs() -> None:
    pairs = [NamePair("Lei Jun", "雷军"), NamePair("CAC", "网信办"), NamePair("CAC", "国家网信办")]
    assert writings_of("CAC", pairs) == {"CAC", "网信办", "国家网信办"}
    assert writings_of("雷军", pairs) == {"Lei Jun", "雷军"}
    assert writings_of("Xiaomi", pairs) == set()
