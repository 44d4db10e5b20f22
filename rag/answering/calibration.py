"""The fitted numbers that decisions rest on: logistic models per language, read from a file that a command writes.

``python -m eval calibrate`` fits them and writes ``calibration.toml``; nothing here is set by hand.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

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


@cache
def load_calibration() -> Mapping[tuple[str, Stage], LogisticModel]:
    """Return the models of the shipped ``calibration.toml`` by language and stage."""
    table = tomllib.loads(files("rag.answering").joinpath("calibration.toml").read_text(encoding="utf-8"))
    stages: tuple[Stage, ...] = ("gate", "answer")
    return {
        (language, stage): LogisticModel(
            intercept=table[language][stage]["intercept"],
            weights=table[language][stage]["weights"],
            threshold=table[language][stage]["threshold"],
        )
        for language in ("en", "zh")
        for stage in stages
    }
