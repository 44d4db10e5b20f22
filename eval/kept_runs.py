"""The questions of a run, read back from the file that ``run --json`` wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, TypeAdapter, ValidationError

from eval.metrics.samples import Sample, Share
from rag.errors import PinciteError


class Question(BaseModel):
    """A question and the metrics for which it counts, each a numerator and a denominator."""

    model_config = ConfigDict(frozen=True)

    suite: str
    id: str
    question: str
    metrics: dict[str, tuple[FiniteFloat, Annotated[FiniteFloat, Field(ge=0)]]]

    def sample(self, metric: str) -> Sample:
        """Return what the question adds to ``metric``; None where it does not count."""
        return Share(*self.metrics[metric]) if metric in self.metrics else None


@dataclass(frozen=True, slots=True)
class KeptRun:
    """The ``names`` of all that the file holds, metrics among them, and the questions by suite and id."""

    names: Sequence[str]
    questions: Mapping[tuple[str, str], Question]


_QUESTIONS = TypeAdapter(list[Question])


def read_run(path: Path) -> KeptRun:
    """Read the file at ``path``.

    Raises:
        PinciteError: it cannot be read, is no such file, or keeps no questions or two of one suite and id.
    """
    content = _content(path)
    if "questions" not in content:
        raise PinciteError(f"{path} was written before questions were kept.", "Run it again with --json.")
    try:
        questions = _QUESTIONS.validate_python(content["questions"])
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise PinciteError(
            f"{path} holds questions of another form: {place}: {first['msg']}.", "Run it again with --json."
        ) from error
    known = {(question.suite, question.id): question for question in questions}
    if len(known) < len(questions):
        raise PinciteError(
            f"{path} holds two questions of one suite and id.", "Name the suites' folders apart, and run it again."
        )
    return KeptRun(list(content), known)


def _content(path: Path) -> dict[str, Any]:
    remedy = "Name a file that `run --json` wrote."
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PinciteError(f"{path} holds no results of a run: {error}.", remedy) from error
    if not isinstance(content, dict) or "run" not in content:
        raise PinciteError(f"{path} holds no results of a run.", remedy)
    return content
