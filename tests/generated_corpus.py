"""A corpus made from a seed: documents in every format that can be read, and broken files that cannot."""

from __future__ import annotations

import csv
import io
import random
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from tests.broken_files import BROKEN
from tests.handmade_files import epub_bytes, pdf_bytes

_NAMES = {
    "en": ("Ashford", "Birchwood", "Calder", "Dunmore", "Elmstead", "Fairholt", "Glenrock", "Hartwell"),
    "zh": ("青松", "白鹭", "长河", "东湖", "远山", "飞云", "古城", "海棠"),
}
_TITLES = {
    "en": (
        "The {name} works, report {number}",
        "Notes {number} on the {name} harbour",
        "{name} station, file {number}",
    ),
    "zh": ("{name}工厂第{number}号报告", "关于{name}港口的第{number}份笔记", "{name}车站第{number}号档案"),
}
_SENTENCES = {
    "en": (
        "In {year} the {name} plant made {count} engines and sold most of them abroad.",
        "The engineers of {name} tested {count} pumps before the river froze.",
        "A new bridge, {count} metres long, has joined {name} to the railway since {year}.",
        "Prices in {name} rose by {share}% while wages stayed where they were.",
        "The library of {name} keeps {count} letters that nobody had read before {year}.",
        "Only {share}% of the orchards around {name} survived the storm of {year}.",
        "The council chose {name} because its harbour takes ships of {count} tonnes.",
        "Visitors to {name} pay {share} crowns and see {count} paintings.",
    ),
    "zh": (
        "{year}年，{name}工厂生产了{count}台发动机，大部分销往国外。",
        "河水结冰以前，{name}的工程师测试了{count}台水泵。",
        "一座长{count}米的新桥从{year}年起把{name}和铁路连接起来。",
        "{name}的物价上涨了{share}%，工资却没有变化。",
        "{name}图书馆保存着{count}封信，{year}年以前没有人读过。",
        "{year}年的风暴过后，{name}附近的果园只剩下{share}%。",
        "市政府选择{name}，因为它的港口可以停靠{count}吨的船。",
        "到{name}参观的人付{share}元，可以看到{count}幅画。",
    ),
}  # fmt: skip
_COLUMNS = {"en": ("Place", "Year", "Output", "Remark"), "zh": ("地点", "年份", "产量", "备注")}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a document says, before it has a format."""

    title: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class GeneratedCorpus:
    """``sound`` are the paths of the documents, ``broken`` those of the other files and why they are refused."""

    folder: Path
    sound: frozenset[str]
    broken: Mapping[str, str]


def generate_corpus(folder: Path, documents: int, broken: int, seed: int = 7) -> GeneratedCorpus:
    """Write ``documents`` documents and among them ``broken`` broken files; paths are relative to ``folder``."""
    chance = random.Random(seed)
    kinds = list(product(WRITERS, _COLUMNS))
    sound = set()
    for number in range(documents):
        kind, language = kinds[number % len(kinds)]
        path = f"{kind}/{language}-{number:05}.{kind.partition('-')[0]}"
        _write(folder / path, WRITERS[kind](_draft(language, number, chance)))
        sound.add(path)
    reasons = {}
    for number in range(broken):
        damage = BROKEN[number % len(BROKEN)]
        draft = _draft("zh", documents + number, chance)
        # Its name sorts it between the two languages, so that the run has work before and after it.
        path = f"{damage.kind}/refused-{number:05}.{damage.kind.partition('-')[0]}"
        _write(folder / path, damage.apply(WRITERS[damage.kind](draft), chance))
        reasons[path] = damage.reason
    return GeneratedCorpus(folder, frozenset(sound), reasons)


def _draft(language: str, number: int, chance: random.Random) -> Draft:
    name = chance.choice(_NAMES[language])
    title = chance.choice(_TITLES[language]).format(name=name, number=number + 1)

    def sentence() -> str:
        return chance.choice(_SENTENCES[language]).format(
            name=name, year=chance.randint(1850, 2020), count=chance.randint(20, 9000), share=chance.randint(2, 95)
        )

    gap = " " if language == "en" else ""
    paragraphs = tuple(gap.join(sentence() for _ in range(3)) for _ in range(chance.randint(2, 5)))
    rows = tuple((f"{name} {row + 1}", str(1900 + row), str(chance.randint(1, 999)), sentence()) for row in range(6))
    return Draft(title, paragraphs, (_COLUMNS[language], *rows))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _markdown(draft: Draft) -> bytes:
    return f"---\ntitle: {draft.title}\n---\n# {draft.title}\n\n{_body(draft)}\n".encode()


def _text(encoding: str) -> Callable[[Draft], bytes]:
    return lambda draft: f"{draft.title}\n\n{_body(draft)}\n".encode(encoding)


def _body(draft: Draft) -> str:
    return "\n\n".join(draft.paragraphs)


def _html(draft: Draft) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in draft.paragraphs)
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{draft.title}</title></head>"
        f"<body><article><h1>{draft.title}</h1>{body}</article></body></html>"
    ).encode()


def _pdf(draft: Draft) -> bytes:
    pages = [[draft.title, "", *textwrap.wrap(paragraph, 60)] for paragraph in draft.paragraphs]
    return pdf_bytes(pages, draft.title)


def _docx(draft: Draft) -> bytes:
    from docx import Document  # noqa: PLC0415 - each format needs its library only

    document = Document()
    document.add_heading(draft.title, level=1)
    for paragraph in draft.paragraphs:
        document.add_paragraph(paragraph)
    return _saved(document.save)


def _pptx(draft: Draft) -> bytes:
    from pptx import Presentation  # noqa: PLC0415

    presentation = Presentation()
    for paragraph in draft.paragraphs:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = draft.title
        slide.placeholders[1].text = paragraph
    return _saved(presentation.save)


def _xlsx(draft: Draft) -> bytes:
    from openpyxl import Workbook  # type: ignore[import-untyped]  # noqa: PLC0415

    workbook = Workbook()
    workbook.active.title = draft.title[:30]
    for row in draft.rows:
        workbook.active.append(row)
    return _saved(workbook.save)


def _csv(draft: Draft) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows(draft.rows)
    return stream.getvalue().encode()


def _epub(draft: Draft) -> bytes:
    chapters = {
        f"{number}.xhtml": f"<html><head><title>{draft.title}</title></head><body><p>{paragraph}</p></body></html>"
        for number, paragraph in enumerate(draft.paragraphs)
    }
    return epub_bytes(chapters, draft.title)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


# By kind of file: its suffix, and where that matters the encoding.
WRITERS: Mapping[str, Callable[[Draft], bytes]] = {
    "md": _markdown,
    "txt-utf8": _text("utf-8"),
    "txt-utf16": _text("utf-16"),
    "txt-gb18030": _text("gb18030"),
    "html": _html,
    "pdf": _pdf,
    "docx": _docx,
    "pptx": _pptx,
    "xlsx": _xlsx,
    "csv": _csv,
    "epub": _epub,
}
