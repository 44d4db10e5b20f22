"""Passages over documents made by hand and by hypothesis, counted by a simple stand-in for the embedder."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.chunking.passages import embedding_text, split_passages
from rag.domain import Document, Heading, Page, Passage, Span
from rag.embedding import open_embedder
from rag.embedding.base import TokenCounter
from rag.settings import ChunkingSettings, Settings

_TOKEN = re.compile(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+|[^\w\s]")
TARGET = 40
CHUNKING = ChunkingSettings(target_tokens=TARGET)


class WordCounter:
    """Takes each word, Chinese character and mark for a token."""

    def __init__(self, max_tokens: int = 256) -> None:
        self.max_tokens = max_tokens
        self.characters_counted = 0

    def count_tokens(self, text: str) -> int:
        self.characters_counted += len(text)
        return len(_TOKEN.findall(text))

    def token_spans(self, text: str) -> list[Span]:
        return [Span(*found.span()) for found in _TOKEN.finditer(text)]


def document(text: str, **changes: object) -> Document:
    """Make a document; a line that starts with marks # is a heading."""
    headings = tuple(
        Heading(len(found[1]), found[2], found.start(2), found.end(2))
        for found in re.finditer(r"^(#+) (.+)$", text, re.MULTILINE)
    )
    blocks = tuple(Span(*found.span()) for found in re.finditer(r"[^\n]+", text))
    plain = Document("d", "Title", "d.md", text, "en", sha256(text.encode()).hexdigest(), "markdown", {}, headings)
    return replace(replace(plain, blocks=blocks), **changes)  # type: ignore[arg-type]


def assert_sound(source: Document, passages: list[Passage], counter: TokenCounter) -> None:
    covered = bytearray(len(source.text))
    for passage in passages:
        assert passage.text == source.text[passage.start : passage.end]
        assert counter.count_tokens(embedding_text(passage)) <= counter.max_tokens
        position = passage.start
        for sentence in passage.sentences:
            assert not source.text[position : sentence.start].strip()
            assert sentence.of(source.text).strip() == sentence.of(source.text) != ""
            position = sentence.end
        assert position == passage.end
        covered[passage.start : passage.end] = b"x" * (passage.end - passage.start)
    assert all(covered[i] or character.isspace() for i, character in enumerate(source.text))
    starts = [passage.start for passage in passages]
    assert starts == sorted(set(starts))
    assert len({passage.id for passage in passages}) == len(passages)


LINE = st.sampled_from(
    ("Apple chose Alibaba.", "It fell 11.1%.", "苹果选择了阿里巴巴。", "收入下降；利润上升！", "- an item", "1. First.")
)
ODD_LINE = st.sampled_from(
    ("word " * 30 + "end.", "数据" * 60, "x = f(a, b)", "# One", "## Two", "### 三", "", "---", "? ! .", "\t")
)
LINES = st.lists(LINE | ODD_LINE, max_size=30)
TEXTS = st.one_of(LINES.map("\n".join), LINES.map(" ".join), st.text(max_size=200))


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, target=st.integers(16, 60), overlap=st.integers(0, 3), limit=st.integers(80, 300))
def test_any_document_is_covered_by_passages_within_the_limit(text: str, target: int, overlap: int, limit: int) -> None:
    source, counter = document(text), WordCounter(limit)
    knobs = ChunkingSettings(target_tokens=target, overlap_sentences=overlap)
    passages = split_passages(source, counter, knobs)
    assert_sound(source, passages, counter)
    assert split_passages(source, counter, knobs) == passages


@settings(max_examples=80, deadline=None)
@given(text=TEXTS, data=st.data())
def test_a_sentence_never_crosses_the_border_of_a_block(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    blocks = tuple(Span(a, b) for a, b in pairwise(cuts))
    source = document(text, blocks=blocks)
    passages = split_passages(source, WordCounter(), CHUNKING)
    assert_sound(source, passages, WordCounter())
    for block in blocks:
        inside = re.search(r"[^\W\d]", block.of(text))
        for sentence in (s for p in passages for s in p.sentences if inside):
            assert not sentence.start < block.end < sentence.end


@settings(max_examples=80, deadline=None)
@given(text=LINES.map("\n".join))
def test_a_passage_never_mixes_two_sections_with_text(text: str) -> None:
    source = document(text)
    for passage in split_passages(source, WordCounter(), CHUNKING):
        body_seen = False
        for sentence in passage.sentences:
            is_heading = sentence.of(text).startswith("#")
            assert not (is_heading and body_seen)
            body_seen = body_seen or (not is_heading and re.search(r"\w", sentence.of(text)) is not None)


@pytest.mark.parametrize("text", ["", " \n\n　"])
def test_an_empty_document_has_no_passages(text: str) -> None:
    assert split_passages(document(text), WordCounter(), CHUNKING) == []


def prose(sentences: int) -> str:
    return " ".join(f"Sentence number {n} has eight words here." for n in range(sentences))


def test_passages_are_of_about_the_target_and_repeat_a_sentence() -> None:
    passages = split_passages(document(prose(40)), WordCounter(), CHUNKING)
    sizes = [WordCounter().count_tokens(passage.text) for passage in passages]
    assert all(TARGET * 0.75 <= size <= TARGET * 4 / 3 for size in sizes)
    for before, after in pairwise(passages):
        assert after.sentences[0] == before.sentences[-1]


def test_overlap_follows_the_setting_and_leaves_out_long_sentences() -> None:
    none = split_passages(
        document(prose(20)), WordCounter(), ChunkingSettings(target_tokens=TARGET, overlap_sentences=0)
    )
    assert all(a.end <= b.start for a, b in pairwise(none))
    long = document(" ".join(f"Number {n} " + "word " * 18 + "end." for n in range(8)))
    for before, after in pairwise(split_passages(long, WordCounter(), CHUNKING)):
        assert before.end <= after.start


def test_sections_do_not_share_passages_and_no_tail_is_tiny() -> None:
    text = f"# Brief\nShort opening.\n## China\n{prose(11)}\n## World\n{prose(2)}"
    passages = split_passages(document(text), WordCounter(), CHUNKING)
    paths = [passage.heading_path for passage in passages]
    assert paths[0] == ("Brief",)
    assert paths[-1] == ("Brief", "World")
    assert set(paths[1:-1]) == {("Brief", "China")}
    assert passages[1].text.startswith("## China\nSentence")
    assert all(len(passage.sentences) >= 3 for passage in passages[1:])


def test_a_heading_without_text_joins_its_first_subsection() -> None:
    text = "# Market\n\n## China\nApple fell.\n## World\nApple grew."
    passages = split_passages(document(text), WordCounter(), CHUNKING)
    assert [passage.text for passage in passages] == ["# Market\n\n## China\nApple fell.", "## World\nApple grew."]
    assert [passage.heading_path for passage in passages] == [("Market", "China"), ("Market", "World")]


def test_a_heading_without_text_does_not_join_a_section_beside_it() -> None:
    passages = split_passages(document("# A\n## B\n# C\nBody of C."), WordCounter(), CHUNKING)
    assert [(passage.text, passage.heading_path) for passage in passages] == [
        ("# A\n## B", ("A", "B")),
        ("# C\nBody of C.", ("C",)),
    ]


def test_only_headings_are_packed_under_the_titles_they_share() -> None:
    text = "# Contents\n" + "\n".join(f"## Chapter {n}" for n in range(200))
    source = document(text)
    passages = split_passages(source, WordCounter(), CHUNKING)
    assert_sound(source, passages, WordCounter())
    assert {passage.heading_path for passage in passages} == {("Contents",)}
    assert len(passages) < 40


@pytest.mark.parametrize(
    "text",
    [
        "word " * 3000,
        "clause of five words here, " * 600,
        "数据" * 1500,
        "，".join(["苹果选择了阿里巴巴"] * 300),
        "x" * 200_000,
        "\n".join(f"    if value_{n} == {n}: return call({n}, [{n}])" for n in range(60)),
        "\n".join(f"Maker: Firm {n}; Growth: {n}%; Note: It grew. It led" for n in range(500)),
        "\n".join(f"| Firm {n} | {n}% |" for n in range(500)),
    ],
    ids=["run-on", "clauses", "chinese run-on", "chinese clauses", "blob", "code", "rows", "bars"],
)
def test_what_has_no_sentences_passes(text: str) -> None:
    source, counter = document(text), WordCounter()
    passages = split_passages(source, counter, CHUNKING)
    assert_sound(source, passages, counter)
    assert len(passages) > 5
    assert max(len(passage.text) for passage in passages) <= TARGET * 32 * 5 / 3


def test_a_long_sentence_is_cut_after_clauses_and_rows_are_kept_whole() -> None:
    clauses = split_passages(document("clause of five words here, " * 100), WordCounter(), CHUNKING)
    assert all(passage.text.endswith("here,") for passage in clauses)
    rows = "\n".join(f"Maker: Firm {n}; Growth: {n}%; Note: It grew. It led" for n in range(50))
    sentences = {s.of(rows) for p in split_passages(document(rows), WordCounter(), CHUNKING) for s in p.sentences}
    assert sentences == set(rows.split("\n"))


def test_pages_and_languages_are_the_passages_own() -> None:
    english, chinese = prose(5), "苹果在中国选择了阿里巴巴作为合作伙伴。"
    text = f"{english}\n# 中文\n{chinese}\n# Table\n42% 2024"
    pages = (Page(1, 0, len(english)), Page(2, len(english) + 1, len(text)))
    passages = split_passages(document(text, pages=pages, language="zh"), WordCounter(), CHUNKING)
    assert [(passage.language, passage.page) for passage in passages] == [("en", 1), ("zh", 2), ("zh", 2)]
    assert split_passages(document(text), WordCounter(), CHUNKING)[0].page is None


def test_ids_depend_on_document_version_and_span_only() -> None:
    source = document(prose(20))
    ids = [passage.id for passage in split_passages(source, WordCounter(), CHUNKING)]
    retitled = replace(source, title="Other")
    assert [passage.id for passage in split_passages(retitled, WordCounter(), CHUNKING)] == ids
    assert all(re.fullmatch("[0-9a-f]{16}", id_) for id_ in ids)
    for other in (replace(source, id="e"), replace(source, version="other")):
        assert not set(ids) & {passage.id for passage in split_passages(other, WordCounter(), CHUNKING)}


def test_the_embedding_text_names_title_and_headings_once() -> None:
    passages = split_passages(document(f"# Title\n## China\n{prose(12)}"), WordCounter(), CHUNKING)
    assert embedding_text(passages[0]) == passages[0].text
    assert embedding_text(passages[1]) == f"Title\nChina\n{passages[1].text}"
    long = replace(passages[1], title="t" * 500, heading_path=("a", "b", "c", "d"))
    assert embedding_text(long) == "t" * 64 + f"\nb\nc\nd\n{long.text}"


def test_a_long_heading_path_leaves_room_for_less_text() -> None:
    deep = "\n".join("#" * level + " " + "标" * 64 for level in range(1, 4))
    source, counter = document(f"{deep}\n{prose(30)}", title="题" * 64), WordCounter(320)
    passages = split_passages(source, counter, ChunkingSettings(target_tokens=300))
    assert_sound(source, passages, counter)
    assert len(passages) > 3


def test_each_sentence_is_counted_once_and_quickly() -> None:
    text = "\n".join(f"# Part {n}\n{prose(20)}" for n in range(200))
    counter = WordCounter()
    begun = time.process_time()
    split_passages(document(text), counter, CHUNKING)
    assert counter.characters_counted < 1.2 * len(text)
    assert time.process_time() - begun < 5


@pytest.mark.models
def test_passages_of_the_default_embedder_fit_it_and_fill_their_target() -> None:
    embedder = open_embedder(Settings())
    chinese = "苹果在大中华区的收入下降了11.1%，华为的销量上升了42%。" * 40
    text = f"# 数据\n{chinese}\n# Prose\n{prose(60)}\n# Run-on\n" + "word, " * 3000
    source = document(text)
    passages = split_passages(source, embedder, ChunkingSettings())
    assert_sound(source, passages, embedder)
    sizes = sorted(embedder.count_tokens(passage.text) for passage in passages)
    assert 100 <= sizes[0] <= sizes[len(sizes) // 2] <= 160 * 4 / 3
    large = split_passages(source, embedder, ChunkingSettings(target_tokens=2048))
    assert_sound(source, large, embedder)
