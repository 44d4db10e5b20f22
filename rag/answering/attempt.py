"""One attempt at an answer: the model reads evidence and writes a draft, and may be asked whether its sources hold."""

from __future__ import annotations

from collections.abc import Generator as Steps
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.answering.answer_type import says_what_is_asked
from rag.answering.case import Stopwatch
from rag.answering.citing import Citer
from rag.answering.drafting import DraftCiter
from rag.answering.events import Cited, Drafted
from rag.answering.evidence import Evidence
from rag.answering.near_misses import near_misses
from rag.answering.piecing import added_names, borrows_its_names
from rag.answering.reading_ahead import answer_opening
from rag.answering.sufficiency import (
    draft_features,
    is_unfounded,
    pinned_features,
    pinned_text,
    verify,
)
from rag.answering.versions import speaks_of_other_version
from rag.domain import DocumentReference, Usage
from rag.embedding.base import Embedder
from rag.generation.base import Generator
from rag.generation.prompting import render
from rag.index.name_pairs import NamePair
from rag.index.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Attempt:
    """A draft with its citations, what was found of it, the tokens that took, and ``sources``: what it is pinned to."""

    text: str
    citer: Citer
    features: dict[str, float]
    usage: Usage
    sources: str


@dataclass(frozen=True, slots=True)
class Drafter:
    """Makes attempts with one generator over one snapshot."""

    generator: Generator
    embedder: Embedder
    snapshot: Snapshot
    name_pairs: Sequence[NamePair]
    max_tokens: int

    def attempt(
        self,
        question: str,
        language: Literal["en", "zh"],
        evidence: Evidence,
        references: dict[str, DocumentReference],
        watch: Stopwatch,
    ) -> Steps[Drafted | Cited, None, Attempt]:
        """Draft an answer in ``language`` from ``evidence``, reporting each step, and return the attempt.

        It is not verified yet.
        ``references`` are those of the documents that the evidence comes from. Closing the iterator stops the model.

        Raises:
            ModelError: the generator failed.
        """
        idf = self.snapshot.lexical.idf
        draft = DraftCiter(lambda: Citer(evidence, references, self.embedder, idf, self.name_pairs, language))
        prompt = render("answer", language, evidence=evidence.as_prompt_text(language), question=question)
        begun = answer_opening(evidence.sentences[0].passage, language)
        stream = self.generator.stream(prompt, max_tokens=self.max_tokens, opening=begun)
        for piece in stream:
            watch.mark("first_token")
            yield Drafted(piece)
            yield from draft.add(piece)
        yield from draft.finish()
        citer = draft.citer
        sources = pinned_text(citer.citations, evidence)
        asked = pinned_features(question, draft.text, sources, self.name_pairs)
        faults = self._faults(question, draft.text, citer, evidence, sources)
        features = asked | faults | draft_features(draft.text, language, citer.scores)
        return Attempt(draft.text, citer, features, stream.usage, sources)

    def verified(self, question: str, language: Literal["en", "zh"], attempt: Attempt) -> Attempt:
        """Return ``attempt`` with what the model says of its sources.

        Raises:
            ModelError: the generator failed.
        """
        odds, spent = verify(question, attempt.sources, language, self.generator)
        return replace(attempt, features=odds | attempt.features, usage=attempt.usage + spent)

    def _faults(self, question: str, draft: str, citer: Citer, evidence: Evidence, sources: str) -> dict[str, float]:
        """Return which of the faults that decide alone the draft has; ``sources`` are the sentences it is pinned to."""
        read = evidence.passages
        cited = {citation.passage_id for citation in citer.citations}
        pinned = [passage for passage in read if passage.id in cited]
        missed = near_misses(question, pinned, self.snapshot.store)
        added = added_names(question, draft, citer.known_names)
        found = missed | {
            "other_version": missed["other_version"] or speaks_of_other_version(question, sources),
            "uncited": not citer.citations,
            "beside": not says_what_is_asked(question, draft),
            "unfounded": is_unfounded(question, draft, citer.lacking),
            "pieced": citer.is_pieced_together or borrows_its_names(added, pinned, read, self.name_pairs),
        }
        return {name: float(fault) for name, fault in found.items()}
