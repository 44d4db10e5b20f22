"""A suite: a corpus and the questions asked of it, read from the project's own pairs or from a folder.

A folder holds ``corpus.jsonl`` (``id``, ``title``, ``text``, ``lang``) and ``queries.jsonl``; the own pairs are the
``*.jsonl`` files of ``eval/qa`` over the corpus folder of the settings. The decision to answer or refuse is fitted on
those of ``eval/calibration_qa`` and on the folder ``eval/calibration_suite``. Keys that a set lacks take their empty
value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias, cast

from eval.json_rows import read_rows, text_of
from rag.domain import Message, Role
from rag.errors import PinciteError

OWN_SUITE = "own"
OWN_PAIRS = Path(str(files("eval") / "qa"))
# A small suite in the public format, of texts made up for it.
HARBOUR = Path(str(files("eval") / "harbour"))
CALIBRATION_SUITE = "own-calibration"
CALIBRATION_PAIRS = Path(str(files("eval") / "calibration_qa"))
# A suite made up for the fit alone, which asks in other words than its texts.
CALIBRATION_FOLDER = Path(str(files("eval") / "calibration_suite"))

Forms: TypeAlias = tuple[str, ...]
_REMEDY = "Name a folder in the format of a suite."


@dataclass(frozen=True, slots=True)
class Query:
    """A question with what a right answer to it holds.

    ``relevant`` are the ids of the documents that hold the answer. An answer is right when it contains any of
    ``answers``, or a form of every group of ``answer_groups``, or every form of one list of ``answer_alternatives``,
    and none of ``fake_answers`` (planted misinformation). ``context`` are the documents to read in place of retrieval,
    ``hard_negatives`` documents near the question that do not answer it. ``evidence_sentences`` are alternatives: each
    is a list of source sentences that an answer rests on, as annotators chose them.
    """

    id: str
    question: str
    language: str
    suite: str
    answerable: bool
    type: str = ""
    relevant: tuple[str, ...] = ()
    answers: Forms = ()
    answer_groups: tuple[Forms, ...] = ()
    answer_alternatives: tuple[Forms, ...] = ()
    fake_answers: Forms = ()
    history: tuple[Message, ...] = ()
    context: tuple[str, ...] = ()
    hard_negatives: tuple[str, ...] = ()
    evidence_sentences: tuple[Forms, ...] = ()


@dataclass(frozen=True, slots=True)
class CorpusRow:
    """A row of ``corpus.jsonl``: one document."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Suite:
    """A named set of queries. ``folder`` is None for the own pairs, whose corpus is the settings' own."""

    name: str
    folder: Path | None
    queries: tuple[Query, ...]
    # Ids of rows whose question is an empty text, as published sets have some: nothing can be asked there.
    left_out: tuple[str, ...] = ()

    def corpus(self) -> Iterator[CorpusRow]:
        """Yield the documents of the suite's folder; none for the own pairs.

        Raises:
            PinciteError: a line that is no JSON object or lacks ``id`` or ``text``.
        """
        if self.folder is not None:
            for place, row in read_rows(self.folder / "corpus.jsonl", _REMEDY):
                yield CorpusRow(text_of(row, "id", place), str(row.get("title") or ""), text_of(row, "text", place))


def load_suite(folder: Path) -> Suite:
    """Load the suite in ``folder``, named after it.

    A row whose question is an empty text is left out, and named in ``left_out``.

    Raises:
        PinciteError: a file is missing, or a line is no JSON object or lacks ``id`` or ``question``.
    """
    if not (folder / "corpus.jsonl").is_file():
        raise PinciteError(f"{folder} holds no corpus.jsonl.", "Name a folder with corpus.jsonl and queries.jsonl.")
    name = folder.resolve().name
    rows = list(read_rows(folder / "queries.jsonl", _REMEDY))
    queries = _unique(_query(row, place, name) for place, row in rows if not _is_blank(row))
    return Suite(name, folder, queries, tuple(text_of(row, "id", place) for place, row in rows if _is_blank(row)))


def load_own_pairs(folder: Path = OWN_PAIRS) -> Suite:
    """Load the project's own pairs, all ``*.jsonl`` of ``folder`` together.

    Raises:
        PinciteError: no file, two queries of one id, or a bad line.
    """
    return _load_pairs(folder, OWN_SUITE)


def load_calibration_pairs(folder: Path = CALIBRATION_PAIRS) -> Suite:
    """Load the pairs that the calibration is fitted on; none of them is among the own pairs.

    Raises:
        PinciteError: no file, two queries of one id, or a bad line.
    """
    return _load_pairs(folder, CALIBRATION_SUITE)


def _load_pairs(folder: Path, name: str) -> Suite:
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise PinciteError(f"No questions in {folder}.", "Write pairs there, a JSON object on each line.")
    rows = (pair for path in paths for pair in read_rows(path, _REMEDY))
    return Suite(name, None, _unique(_query(row, place, name) for place, row in rows))


def _query(row: dict[str, Any], place: str, suite: str) -> Query:
    relevant = _forms(row.get("relevant"))
    return Query(
        id=text_of(row, "id", place),
        question=text_of(row, "question", place),
        language=str(row.get("lang") or "en"),
        suite=suite,
        answerable=bool(row.get("answerable", bool(relevant))),
        type=str(row.get("type") or ""),
        relevant=relevant,
        answers=_forms(row.get("answers")),
        answer_groups=_groups(row.get("answer_groups")),
        answer_alternatives=_groups(row.get("answer_alternatives")),
        fake_answers=_forms(row.get("fake_answers")),
        history=tuple(_message(turn, place) for turn in row.get("history") or ()),
        context=_forms(row.get("context")),
        hard_negatives=_forms(row.get("hard_negatives")),
        evidence_sentences=_groups(row.get("evidence_sentences")),
    )


def _is_blank(row: dict[str, Any]) -> bool:
    question = row.get("question")
    return isinstance(question, str) and not question.strip()


def _unique(queries: Iterator[Query]) -> tuple[Query, ...]:
    known: dict[str, Query] = {}
    for query in queries:
        if query.id in known:
            raise PinciteError(f"Two queries of the suite {query.suite} have the id {query.id}.", "Rename one.")
        known[query.id] = query
    return tuple(known.values())


def _forms(value: object) -> Forms:
    return tuple(str(form) for form in value) if isinstance(value, list) else ()


def _groups(value: object) -> tuple[Forms, ...]:
    return tuple(_forms(group) for group in value if group) if isinstance(value, list) else ()


def _message(turn: object, place: str) -> Message:
    if not isinstance(turn, dict) or turn.get("role") not in ("user", "assistant", "system"):
        raise PinciteError(f"{place} has a turn of history without a known role.", 'Give "role" and "text".')
    return Message(cast(Role, turn["role"]), str(turn.get("text") or turn.get("content") or ""))
