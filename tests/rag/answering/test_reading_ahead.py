from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import get_args

from rag import Message, open_snapshot
from rag.answering.reading_ahead import read_ahead, read_rules_ahead
from rag.curating.curator import curate
from rag.domain import Usage
from rag.embedding.base import Embedder
from rag.generation.prompting import PromptName, render
from rag.settings import Settings

ENGLISH = "# Sales\n\nHuawei sold more phones. Sales rose to 5亿 yuan.\n"
CHINESE = "# 规则\n\n生成的内容须有标识。标识须清晰可见。\n"


class Done:
    usage = Usage()

    def __iter__(self) -> Done:
        return self

    def __next__(self) -> str:
        raise StopIteration

    def cancel(self) -> None:
        pass


class Reader:
    def __init__(self, room: int) -> None:
        self.room = room
        self.read: list[tuple[Sequence[Message], str]] = []

    def read_ahead(self, messages: Sequence[Message], opening: str) -> Done | None:
        if len(self.read) == self.room:
            return None
        self.read.append((messages, opening))
        return Done()


def test_each_passage_is_read_as_its_language_is_answered(tmp_path: Path, bag_embedder: Embedder) -> None:
    read = _read(tmp_path, bag_embedder, room=10)
    assert [opening for _, opening in read] == [
        "Sources:\n[Sales]\nHuawei sold more phones. Sales rose to 5亿 (500 million) yuan.",
        "资料：\n[规则]\n生成的内容须有标识。标识须清晰可见。",
    ]
    english, chinese = (messages[0].content for messages, _ in read)
    assert "Answer in English" in english
    assert "请用中文回答" in chinese


def test_the_rules_of_every_prompt_are_read_in_both_languages() -> None:
    reader = Reader(room=100)
    assert [list(stream) for stream in read_rules_ahead(reader)] == [[]] * 2 * len(get_args(PromptName))
    for messages, opening in reader.read:
        assert messages[-1] == Message("user", "")
        assert opening == ""
        assert len(messages) > 1
    verifying = render("states_answer", "zh", source="S", question="Q")
    assert verifying[:-1] in [messages[:-1] for messages, _ in reader.read]
    assert len(list(read_rules_ahead(Reader(room=3)))) == 3


def test_it_ends_where_the_space_is_used_up(tmp_path: Path, bag_embedder: Embedder) -> None:
    assert len(_read(tmp_path, bag_embedder, room=1)) == 1


def _read(folder: Path, embedder: Embedder, room: int) -> list[tuple[Sequence[Message], str]]:
    settings = Settings(corpus_dir=folder / "corpus", index_dir=folder / "index")
    settings.corpus_dir.mkdir()
    (settings.corpus_dir / "a.md").write_text(ENGLISH, encoding="utf-8")
    (settings.corpus_dir / "b.md").write_text(CHINESE, encoding="utf-8")
    curate(settings, open_embedder=lambda _: embedder)
    reader = Reader(room)
    with closing(open_snapshot(settings.index_dir)) as snapshot:
        for stream in read_ahead(snapshot, reader):
            assert list(stream) == []
    return reader.read
