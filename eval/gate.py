"""Floors that the own pairs and the harbour suite must reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from eval.bootstrap import Estimate
from eval.suites import HARBOUR, OWN_SUITE
from eval.toml_file import load_toml

GATE_FILE = Path(__file__).with_name("gate.toml")


class Floors(BaseModel):
    """Bounds by the name of the metric."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: dict[str, float] = Field(default_factory=dict)
    at_most: dict[str, float] = Field(default_factory=dict)


class SubsetFloors(Floors):
    """Bounds for a fixed subset of ``size`` questions."""

    size: int = Field(ge=1)


class Gate(BaseModel):
    """The floors for all own pairs and for the subset, and those for the harbour suite."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    full: Floors
    subset: SubsetFloors
    harbour: Floors
    harbour_subset: SubsetFloors

    def of_all(self) -> dict[str, Floors]:
        """Return the floors for whole suites, by name."""
        return {OWN_SUITE: self.full, HARBOUR.name: self.harbour}

    def of_subsets(self) -> dict[str, SubsetFloors]:
        """Return the floors for the subsets of the suites, by name."""
        return {OWN_SUITE: self.subset, HARBOUR.name: self.harbour_subset}


@dataclass(frozen=True, slots=True)
class Check:
    """One bound held against a value; a metric without a value fails."""

    metric: str
    bound: str
    value: float | None
    passed: bool


def load_gate(path: Path = GATE_FILE) -> Gate:
    """Load the floors.

    Raises:
        ConfigurationError: the file cannot be parsed or has an unknown key.
    """
    return load_toml(path, Gate, "floors")


def check(metrics: Mapping[str, Estimate], floors: Floors) -> list[Check]:
    """Hold ``metrics`` against every bound of ``floors``."""
    checks = []
    for metric, floor in floors.at_least.items():
        value = _value(metrics, metric)
        checks.append(Check(metric, f"at least {floor:g}", value, value is not None and value >= floor))
    for metric, ceiling in floors.at_most.items():
        value = _value(metrics, metric)
        checks.append(Check(metric, f"at most {ceiling:g}", value, value is not None and value <= ceiling))
    return checks


def _value(metrics: Mapping[str, Estimate], metric: str) -> float | None:
    return metrics[metric].value if metric in metrics else None
