from __future__ import annotations

from rag.embedding.prompts import PASSAGE_PROMPTS, QUERY_PROMPTS, prompt_of


def test_the_first_name_with_a_prompt_wins() -> None:
    prompts = {"document": "", "passage": "passage: ", "corpus": "corpus: ", "query": "query: "}
    assert prompt_of(prompts, PASSAGE_PROMPTS) == "passage: "
    assert prompt_of(prompts, QUERY_PROMPTS) == "query: "
    assert prompt_of({}, QUERY_PROMPTS) == ""
