"""Answers on a terminal. Everything from documents and models is shown as text, never read as markup."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from rag.domain import Answer, AnswerSentence, Citation, Hit, Verdict
from rag.index.analysis import content_terms, term_spans

# A shape beside the colour: not everybody sees the colour.
_VERDICT_STYLE: dict[Verdict, tuple[str, str]] = {
    "supported": ("●", "green"),
    "partial": ("◐", "yellow"),
    "unsupported": ("○", "red"),
}
_WORDS = {
    "en": {
        "sources": "Sources",
        "unsupported": "no source supports this sentence",
        "partial": "the source says this only in part",
        "page": "p.",
        "searched_as": "Searched as",
        "took": "{seconds:.1f} s",
        "repeated": "answered before",
        "sure": "sure to {confidence:.0%}",
    },
    "zh": {
        "sources": "来源",
        "unsupported": "没有来源支持这句话",
        "partial": "来源只部分支持这句话",
        "page": "第",
        "searched_as": "检索问题",
        "took": "{seconds:.1f} 秒",
        "repeated": "此前已答",
        "sure": "把握 {confidence:.0%}",
    },
}


def answer_view(answer: Answer) -> RenderableType:
    """Return an answer as it is shown: its sentences with markers by verdict, then its sources."""
    words = _WORDS[answer.language]
    parts: list[RenderableType] = []
    if answer.standalone_question != answer.question:
        parts.append(Text(f"{words['searched_as']}: {answer.standalone_question}", style="dim"))
    if answer.status == "not_in_corpus":
        parts.append(Text(answer.text, style="yellow"))
    else:
        parts.append(_sentences_text(answer))
        if answer.citations:
            parts.append(Text(words["sources"], style="bold"))
            parts.extend(citation_view(answer, citation) for citation in answer.citations)
    took = words["repeated" if answer.repeated else "took"].format(seconds=answer.timings_ms.total / 1000)
    parts.append(Text(f"{took} · {words['sure'].format(confidence=answer.confidence)}", style="dim"))
    return Group(*parts)


def citation_view(answer: Answer, citation: Citation) -> RenderableType:
    """Return one source: its title, heading and page, and the quote with the words that the answer uses in bold."""
    words = _WORDS[answer.language]
    place = " › ".join(dict.fromkeys([citation.document.title, *citation.heading]))
    page = f" ({words['page']} {citation.page})" if citation.page is not None else ""
    cited = [sentence.text for sentence in answer.sentences if citation.marker in sentence.citations]
    quote = Text(citation.quote)
    for span in term_spans(citation.quote, set(content_terms(" ".join(cited)))):
        quote.stylize("bold", span.start, span.end)
    return Text.assemble((f"[{citation.marker}] ", "cyan"), (place + page, "italic"), "\n    “", quote, "”")


def hits_table(hits: Iterable[Hit]) -> Table:
    """Return the passages found, with the scores of each leg."""
    table = Table(box=None, pad_edge=False, expand=True)
    for heading in ("fused", "dense", "lexical"):
        table.add_column(heading, min_width=7)
    for heading in ("document", "text"):
        table.add_column(heading, overflow="ellipsis", no_wrap=True, ratio=1)
    for hit in hits:
        numbers = [f"{score:.3f}" if score is not None else "–" for score in (hit.score, hit.dense, hit.lexical)]
        place = " › ".join([hit.passage.title, *hit.passage.heading_path[-1:]])
        table.add_row(*numbers, Text(place), Text(" ".join(hit.passage.text.split())[:80]))
    return table


def sufficiency_table(answer: Answer) -> Table:
    """Return what the decision to answer or to refuse rested on."""
    table = Table(box=None, pad_edge=False)
    table.add_column("feature")
    table.add_column("value", justify="right")
    if answer.sufficiency is not None:
        weighed = answer.sufficiency
        final = "–" if weighed.probability is None else f"{weighed.probability:.3f}"
        for name, value in [("gate", f"{weighed.gate:.3f}"), ("probability", final)]:
            table.add_row(name, value, style="bold")
        table.add_row("threshold", f"{weighed.threshold:.3f}", style="bold")
        for name, number in sorted(weighed.features.items()):
            table.add_row(name, f"{number:.3f}")
    return table


def _sentences_text(answer: Answer) -> Text:
    text, end = Text(), 0
    for sentence in answer.sentences:
        gap = answer.text[end : sentence.start]
        text.append(gap[gap.rfind("]") + 1 :])
        text.append(sentence.text)
        text.append_text(_marks(sentence, answer.language))
        end = sentence.end
    return text


def _marks(sentence: AnswerSentence, language: str) -> Text:
    shape, colour = _VERDICT_STYLE[sentence.verdict]
    markers = "".join(f"[{marker}]" for marker in sentence.citations)
    note = "" if sentence.verdict == "supported" else f" ({_WORDS[language][sentence.verdict]})"
    return Text(f" {shape}{markers}{note}", style=colour)
