from itertools import pairwise

import pytest

from rag.generation.prompting import opening, render


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_prompt_renders_in_both_languages(language: str) -> None:
    values = {"evidence": "E", "question": "Q", "history": "H", "source": "S"}
    for name, used in (("answer", "EQ"), ("states_answer", "SQ"), ("rewrite", "HQ")):
        messages = render(name, language, **values)  # type: ignore[arg-type]
        assert messages[-1].role == "user"
        assert [m.role for m in messages][:1] == (
            ["system"] if name in {"answer", "rewrite", "states_answer"} else ["user"]
        )
        turns = [m.role for m in messages if m.role != "system"]
        assert all(one != other for one, other in pairwise(turns))
        assert all(mark in messages[-1].content for mark in used)
        assert "$" not in messages[-1].content


def test_a_dollar_in_a_document_is_text() -> None:
    content = render("answer", "en", evidence="It cost $question and $5.", question="Why?")[-1].content
    assert "It cost $question and $5." in content


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_last_message_begins_with_the_opening(language: str) -> None:
    evidence = "Sales cost $question."
    begun = opening("answer", language, evidence=evidence)  # type: ignore[arg-type]
    assert begun.endswith(evidence)
    assert render("answer", language, evidence=f"{evidence} More.", question="Q")[-1].content.startswith(begun)  # type: ignore[arg-type]
