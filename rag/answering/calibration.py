"""The fitted numbers that decisions rest on: logistic models per language, read from a file that a command writes.

``python -m eval calibrate`` fits them and writes ``calibration.toml``; nothing here is set by hand.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal, TypeAlias

from rag.errors import ConfigurationError

Stage: TypeAlias = Literal["gate", "answer"]


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A calibrated probability: the logistic function of a weighted sum of features.

    ``threshold`` is the probability from which on a question is answered (``answer``) or worth answering (``gate``).
    """

    intercept: float
    weights: Mapping[str, float]
    threshold: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability in [0, 1]; a feature that is not given counts as 0."""
        score = self.intercept + sum(weight * features.get(name, 0.0) for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, score))))


def load_calibration(path: Path | None = None) -> Mapping[tuple[str, Stage], LogisticModel]:
    """Return the models of the file at ``path``, or of the shipped one, by language and stage.

    Raises:
        ConfigurationError: the file is missing or is no calibration.
    """
    source = path or files("rag.answering").joinpath("calibration.toml")
    stages: tuple[Stage, ...] = ("gate", "answer")
    try:
        table = tomllib.loads(source.read_text(encoding="utf-8"))
        return {
            (language, stage): LogisticModel(
                intercept=float(table[language][stage]["intercept"]),
                weights=table[language][stage]["weights"],
                threshold=float(table[language][stage]["threshold"]),
            )
            for language in ("en", "zh")
            for stage in stages
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"{source} is no calibration of both languages: {error}.",
            "Write it with: python -m eval calibrate --out FILE",
        ) from error
