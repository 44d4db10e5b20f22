"""Sentence boundaries: hand-written cases in two languages, and properties that hold for any text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.chunking.sentences import split_sentences

# In each case "¦" marks a boundary; the text is the case without the marks.
ENGLISH = [
    "Apple chose Alibaba. ¦ It needed data.",
    "One sentence without a stop",
    "Revenue fell 11.1% in China. ¦ Globally it grew 4%.",
    "Revenue fell by 11.1. ¦ It grew later.",
    "Rivals, e.g. Huawei and Xiaomi, gained.",
    "Rivals (i.e. Huawei) gained. ¦ Apple lost.",
    "Apple Inc. reported a fall. ¦ Huawei did not.",
    "It was founded by Apple Inc. ¦ The firm is in Cupertino.",
    "Alibaba Group Holding Ltd. owns Taobao.",
    "Tencent Holdings Co. Ltd. said no. ¦ Others said yes.",
    "The U.S. Government objected. ¦ China replied.",
    "It ships to the U.S. ¦ The rest waits.",
    "U.S. sales rose. ¦ U.K. sales fell.",
    "See No. 5 on the list. ¦ It is short.",
    "Was it approved? ¦ No. ¦ Why not?",
    "Dr. Smith met Mr. He and Ms. You. ¦ They agreed.",
    "Prof. An spoke. ¦ Nobody listened.",
    "Fig. 3 shows the fall. ¦ See also Eq. 2 and pp. 14 to 16.",
    "It took approx. 5 days. ¦ It worked.",
    "J. K. Rowling wrote it. ¦ J. R. R. Tolkien did not.",
    "George W. Bush spoke. ¦ He left.",
    "Go to https://www.apple.com/cn/newsroom/?a=1.2&b=3. ¦ Then read.",
    "Visit apple.com for more. ¦ It is free.",
    "Write to tim.cook@apple.com. ¦ He answers.",
    "Use Qwen 2.5 or DeepSeek-V3.1 here. ¦ Both work.",
    "It came with iOS 18.1. ¦ Users waited.",
    "It came with iOS 18.1.",
    "Well... maybe not. ¦ Who knows?",
    "He waited... ¦ Then he left.",
    "He waited… ¦ Then he left…",
    'He said, "It works." ¦ She agreed.',
    "He said, “It works.” ¦ She agreed.",
    "“Why?” he asked. ¦ “Because.” ¦ Nobody laughed.",
    "(It was late.) ¦ They went home.",
    "It was late (see Sec. 2. It is short) and dark. ¦ They went home.",
    "Yahoo! announced a loss. ¦ Markets fell.",
    "Really?! ¦ Yes!!! ¦ Good.",
    "1. Open the app. ¦ Tap on it.",
    "2.1. Background of the case",
    "a. The first item",
    "- 3. The third item. ¦ It is long.",
    "Sales fell in 2024. ¦ 2025 was better.",
    "Sales fell in China. ¦ iPhone sales rose elsewhere. ¦ vivo led.",
    "It opened on Jan. 5 at 9 a.m. in Beijing. ¦ It closed at 5 p.m. ¦ The day was long.",
    "Phones, tablets, etc. are sold. ¦ Cars are not.",
    "They sell phones, tablets, etc. ¦ The cars come later.",
    "Sales fell.[1] ¦ They rose later.[2][3]",
    "**It is bold.** ¦ It is not.",
    "It uses .NET and Node.js daily. ¦ It runs.",
    "Apple vs. Huawei was close. ¦ Xiaomi et al. followed.",
    "It asks why? , and goes on. ¦ It ends.",
    "Year after year . ¦ Any trend counts .",
    "First line\n¦ second line",
    "First line.\n\n  ¦ Second line.  \n¦ Third",
    "| Huawei | up 42%. The best. | 2024 |",
    "Maker: Huawei; Note: The best. It leads; Year: 2024",
    "Two reasons: data; the other is skill. ¦ It chose Alibaba.",
    "Huawei\tup 42%. The best.\t2024",
    "The iPhone 16 Pro Max. ¦ Huawei has the Mate XT.",
    "She has a Ph.D. in physics. ¦ He has none.",
]
CHINESE = [
    "苹果选择了阿里巴巴。¦它需要数据。",
    "苹果为什么没有选择DeepSeek？¦因为人手不够！¦真的？",
    "收入下降了11.1%。¦全球收入增长了4%。",
    "第一，数据多；¦第二，能力强。",
    "他说：“数据很多。”¦她同意了。",
    "他说：「数据很多。」¦她同意了。",
    "他说：『好！』¦她同意了。",
    "“真的吗？”，他问道。¦没人回答。",
    '他说："数据很多。"¦她同意了。',
    '他走了。¦"我来了。"¦她说。',
    "他等了很久……¦后来走了。",
    "真的吗？！¦是的！！",
    "《谁动了我的奶酪？》是一本书。¦我读过。",
    "监管机构（国家网信办。简称网信办）负责审批。¦结果未定。",
    "（见下表；数据来自IDC）华为增长。¦苹果下降。",
    "（本文完。）¦下一篇。",
    "发布了iOS 18.1。¦用户在等。",
    "苹果公司（Apple Inc.）发布了新机。¦价格不变。",
    "1.打开应用。¦2.点击按钮。",
    "步骤：1.打开应用",
    "据IDC数据,华为增长了42%.¦苹果下降了0.3%.",
    "真的吗?¦是的!",
    "一、背景",
    "没有句号的一行",
    "第一行\n¦第二行",
    "  前面有空格。　¦后面有全角空格。  ",
    "厂商: 华为; 说明: 增长。领先；最好; 年份: 2024",
    "产品名称\t价格。含税\t2024",
    "｡",
    "他说“好。”¦“行。”¦我走了。",
]
MIXED = [
    "Apple 选择了 Alibaba。¦It needed data. ¦后来成功了。",
    "Siri is Apple's assistant. ¦小爱同学是小米的助手。",
    "阿里巴巴（Alibaba Group Holding Ltd.）在杭州。¦It is large.",
    "他用Node.js和Qwen2.5。¦He likes v2.5. ¦真的。",
    "The term is 通义千问. ¦It means Qwen.",
]


def _expected(case: str) -> tuple[str, list[str]]:
    return case.replace("¦", ""), [part.strip() for part in case.split("¦")]


@pytest.mark.parametrize("case", ENGLISH + CHINESE + MIXED)
def test_sentences_end_where_a_reader_ends_them(case: str) -> None:
    text, expected = _expected(case)
    assert [span.of(text) for span in split_sentences(text)] == expected


def test_offsets_count_in_the_whole_text() -> None:
    text = "Before. One here. Two here. After."
    spans = split_sentences(text, 8, 27)
    assert [span.of(text) for span in spans] == ["One here.", "Two here."]
    assert (spans[0].start, spans[-1].end) == (8, 27)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "　\t\n "])
def test_blank_text_has_no_sentences(text: str) -> None:
    assert split_sentences(text) == []


PIECES = [
    *'a B 7 . ... 。 ？ ！ ； … " “ ” （ ） ( ) 》 ， 中 国 e.g. Inc. U.S. The [1] iPhone'.split(),
    *(" ", "\t", "\n", "\u3000", " | ", "No. 5"),
]
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, data=st.data())
def test_sentences_tile_the_range_except_white_space(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = split_sentences(text, start, end)
    position = start
    for span in spans:
        assert position <= span.start < span.end <= end
        assert not text[position : span.start].strip()
        assert span.of(text) == span.of(text).strip()
        assert "\n" not in span.of(text)
        position = span.end
    assert not text[position:end].strip()


@pytest.mark.parametrize("character", ["a", "中", " "])
def test_a_line_of_a_million_characters_without_stops_is_quick(character: str) -> None:
    begun = time.process_time()
    assert len(split_sentences(character * 1_000_000)) == (character != " ")
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "unit", ["(", ".", "a: b; ", "a: ", "; a", "a.", ". ", '。"，', ".“", "Inc. ", "( ", "\t", "a (b. c"]
)
def test_many_doubtful_stops_take_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    begun = time.process_time()
    spans = split_sentences(text)
    assert time.process_time() - begun < 3
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())
