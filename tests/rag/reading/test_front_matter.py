from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import UnreadableFileError
from rag.reading.front_matter import split_front_matter


def test_values_become_metadata() -> None:
    text = (
        "---\nid: apple\ndate: 2024-10-28\nwhen: 2024-10-28 10:00:00\ntopics: [a, 2, 2024-01-01]\nsources:\n"
        "  - {publisher: 新华社, date: 2025-02-13}\nnested: {b: [1]}\ndone: true\n"
        "share: 0.5\nnan: .nan\nnone:\n7: x\n---\nBody\n"
    )
    metadata, body = split_front_matter(text)
    assert body == "Body\n"
    assert metadata == {
        "id": "apple",
        "date": "2024-10-28",
        "when": "2024-10-28T10:00:00",
        "topics": ("a", "2", "2024-01-01"),
        "sources": ('{"publisher": "新华社", "date": "2025-02-13"}',),
        "nested": '{"b": [1]}',
        "done": True,
        "share": 0.5,
        "nan": "nan",
        "none": None,
        "7": "x",
    }


@pytest.mark.parametrize("text", ["No front matter", "---\nnever closed", "\n---\na: b\n---\n", ""])
def test_text_without_front_matter_is_all_body(text: str) -> None:
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize("text", ["---\n---\nBody", "---\n# nothing\n---\nBody", "---\n...\nBody"])
def test_empty_front_matter(text: str) -> None:
    assert split_front_matter(text) == ({}, "Body")


@pytest.mark.parametrize(
    ("yaml", "reason"),
    [
        ("title: x\nbad: [1, 2", "broken front matter at line 4"),
        ("a: b: c", "broken front matter at line 2"),
        ("- a\n- b", "line 2 is not a mapping"),
        ("just words", "not a mapping"),
        ("a: &x [1]\nb: *x", "aliases"),
        ("a: !!python/object/apply:os.system [ls]", "broken front matter at line 2"),
        ("a: 2024-13-45", "broken front matter"),
        ("a: " + "x" * 70_000, "longer than"),
        ("a: " + "[" * 20_000, "nested too deeply"),
        ("- " * 20_000, "nested too deeply"),
        ("? [a]\n: b", "broken front matter"),
    ],
)
def test_broken_front_matter_says_why(yaml: str, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason) as caught:
        split_front_matter(f"---\n{yaml}\n---\nBody")
    assert "\n" not in str(caught.value)


@given(st.text(st.sampled_from("ab:- \n[]{}&*!|>'\"#?,1."), max_size=40))
def test_any_front_matter_parses_or_is_refused(yaml: str) -> None:
    try:
        metadata, _ = split_front_matter(f"---\n{yaml}\n---\n")
    except UnreadableFileError:
        return
    assert all(isinstance(key, str) for key in metadata)
