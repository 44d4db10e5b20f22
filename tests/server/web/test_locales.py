"""The words of the page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

WEB = Path(__file__).parents[3] / "server" / "web"
_PLACES = re.compile(r"\{(\w+)\}")


def words(language: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((WEB / "locales" / f"{language}.json").read_text(encoding="utf-8"))
    return loaded


def places(entry: object) -> set[str]:
    return set(_PLACES.findall(json.dumps(entry)))


def test_both_languages_have_the_same_words_to_fill() -> None:
    english, chinese = words("en"), words("zh")
    assert english.keys() == chinese.keys()
    differing = [
        key for key in english if key != "examples" and not places(chinese[key]) <= places(english[key]) | {"count"}
    ]
    assert differing == []


def test_every_word_that_the_scripts_name_is_there() -> None:
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in (WEB / "js").rglob("*.js"))
    named = set(re.findall(r"\bt(?:Nodes)?\(\s*\"([\w.]+)\"", scripts))
    assert named - words("en").keys() == set()


def test_no_word_is_left_over() -> None:
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in (WEB / "js").rglob("*.js"))
    made = re.findall(r"`([\w.]+)\.?\$\{", scripts)
    unused = [
        key for key in words("en") if f'"{key}"' not in scripts and not any(key.startswith(prefix) for prefix in made)
    ]
    assert unused == []


def test_example_questions_name_documents_of_the_shipped_corpus() -> None:
    corpus = WEB.parents[1] / "corpus"
    known = set(re.findall(r"^id: (.+)$", "\n".join(p.read_text("utf-8") for p in corpus.rglob("*.md")), re.MULTILINE))
    for language in ("en", "zh"):
        assert {example["document"] for example in words(language)["examples"]} <= known


@pytest.mark.parametrize("path", sorted((WEB / "js").rglob("*.js")), ids=lambda path: path.name)
def test_no_script_reads_text_as_markup(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
    assert len(text.splitlines()) < 200
