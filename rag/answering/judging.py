"""Deciding about the drafts for one question, and whether the model has to be asked about them first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.answering.calibration import LogisticModel
from rag.answering.near_misses import NEAR_MISSES
from rag.answering.sufficiency import decide, is_ruled_out, is_sure
from rag.domain import Sufficiency

# Drafts that the gate and their support speak for so clearly are right, and of nine in ten of them the model says yes
# with at least these log-odds (docs/decisions/0045-ask-only-what-matters.md).
_CLEAR_LIKELIHOOD = 0.7
_CLEAR_SUPPORT = 0.9
_SAID_OF_CLEAR = 1.9
# What more of the evidence does not mend (docs/decisions/0047-no-second-reading.md).
_OF_ALL_EVIDENCE = (*NEAR_MISSES, "lacking_names", "lacking_numbers")


@dataclass(frozen=True, slots=True)
class Judge:
    """Decides by what is known of a question, its ``likelihood`` of an answer and ``features``, and of a draft."""

    likelihood: float
    features: Mapping[str, float]
    model: LogisticModel
    threshold: float | None

    def decide(self, draft: Mapping[str, float]) -> Sufficiency:
        """Decide about a draft with these features, verification among them."""
        return decide(self.likelihood, {**self.features, **draft}, self.model, self.threshold)

    def decide_unasked(self, draft: Mapping[str, float], sure: float) -> Sufficiency | None:
        """Decide about a draft that was not verified; None where what the model says of it could matter.

        It cannot where the draft is ruled out, nor where it is so clear that with the little that is said of its like
        it stands from the probability ``sure`` on. ``presumed`` marks that this was taken for granted.
        """
        if is_ruled_out(draft):
            return self.decide(draft)
        if self.likelihood < _CLEAR_LIKELIHOOD or draft["support_least"] < _CLEAR_SUPPORT:
            return None
        presumed = self.decide({**draft, "states_answer": _SAID_OF_CLEAR, "presumed": 1.0})
        return presumed if is_sure(presumed, sure) else None

    def has_settled(self, draft: Mapping[str, float]) -> bool:
        """Whether a draft with these features is ruled out, and the next one, of more evidence, would be as well.

        That is to be expected where all of the evidence is a near miss, or lacks a name or figure of the question.
        """
        return is_ruled_out(draft) and any(self.features.get(fault) for fault in _OF_ALL_EVIDENCE)
