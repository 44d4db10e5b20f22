import pytest

from rag.answering.names import fold_name, is_named, names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("In China, Apple chose Alibaba.", {"China", "Apple", "Alibaba"}),
        ("DeepSeek lacked staff.", {"DeepSeek"}),
        ("Revenue fell in May.", set()),
        ("the CAC approved R1 and iPhone 16", {"CAC", "R1", "iPhone"}),
        ("华为在2024年增长42%", {"华为"}),
        ("《生成式人工智能服务管理暂行办法》施行", {"生成式人工智能服务管理暂行办法"}),
        ("苹果排除了DeepSeek", {"DeepSeek"}),
    ],
)
def test_names(text: str, names: set[str]) -> None:
    assert names <= set(names_in(text))
    if not names:
        assert names_in(text) == []


def test_writings_of_a_name_fold_to_one() -> None:
    assert fold_name("Deep-Seek's") == fold_name("ＤｅｅｐＳｅｅｋ") == fold_name("deep seek")


def test_a_plural_is_named_by_its_singular() -> None:
    assert is_named("iPhones", fold_name("the iPhone 15 Pro"))
    assert not is_named("iPads", fold_name("the iPhone 15 Pro"))
    assert is_named("华为", fold_name("华为的手机"))
