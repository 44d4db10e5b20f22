import io

from rich.console import Console, RenderableType

from rag.cli.rendering import answer_view, hits_table, sufficiency_table
from rag.domain import (
    Answer,
    AnswerSentence,
    Citation,
    DocumentReference,
    Hit,
    ModelInfo,
    Passage,
    Sufficiency,
    Timings,
    Usage,
)

REFERENCE = DocumentReference("doc", "Title [bold]x[/bold]", "doc.md", "en", "v" * 64)


def printed(view: RenderableType, *, colour: bool = False) -> str:
    console = Console(file=io.StringIO(), width=200, force_terminal=colour, color_system="standard" if colour else None)
    console.print(view)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def make_answer(**changes: object) -> Answer:
    values: dict[str, object] = {
        "id": "1",
        "question": "and Huawei?",
        "standalone_question": "How did Huawei's sales change?",
        "language": "en",
        "status": "answered",
        "text": "Huawei's sales rose 42%.[1] Bananas grow.",
        "sentences": (
            AnswerSentence("Huawei's sales rose 42%.", 0, 24, "supported", 0.9, (1,)),
            AnswerSentence("Bananas grow.", 28, 41, "unsupported", 0.1),
        ),
        "citations": (
            Citation(1, REFERENCE, "p", 5, 40, "The sales of Huawei [red]rose[/red] 42%.", ("Figures",), 3, 0.9),
        ),
        "confidence": 0.93,
        "snapshot": "s",
        "model": ModelInfo("m", "", "fake"),
        "usage": Usage(),
        "timings_ms": Timings(total=1500),
        "sufficiency": Sufficiency(0.9, 0.93, 0.5, {"states_answer": 1.25}),
    }
    return Answer(**{**values, **changes})  # type: ignore[arg-type]


def test_an_answer_shows_verdicts_as_shapes_and_words_and_its_sources() -> None:
    text = printed(answer_view(make_answer()))
    assert "Huawei's sales rose 42%. ●[1] Bananas grow. ○ (no source supports this sentence)" in text
    assert "[1] Title [bold]x[/bold] › Figures (p. 3)" in text
    assert "“The sales of Huawei [red]rose[/red] 42%.”" in text
    assert "Searched as: How did Huawei's sales change?" in text
    assert "1.5 s · sure to 93%" in text


def test_cited_words_are_bold_and_others_are_not() -> None:
    text = printed(answer_view(make_answer()), colour=True)
    assert "\x1b[1mHuawei\x1b[0m" in text
    assert "\x1b[1mThe" not in text


def test_a_refusal_has_no_sources() -> None:
    refusal = make_answer(status="not_in_corpus", text="The corpus does not say.", sentences=(), citations=())
    text = printed(answer_view(refusal))
    assert "The corpus does not say." in text
    assert "Sources" not in text


def test_a_chinese_answer_is_framed_in_chinese() -> None:
    assert "来源" in printed(answer_view(make_answer(language="zh")))


def test_scores_are_tabled() -> None:
    hit = Hit(Passage("p", "doc", "T", 0, 3, "abc", "en", ("H",)), 0.5, dense=0.812, lexical=None)
    table = printed(hits_table([hit]))
    assert "0.812" in table
    assert "–" in table
    assert "states_answer" in printed(sufficiency_table(make_answer()))
