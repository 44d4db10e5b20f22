"""The ask flow: question -> rewriting -> retrieval -> evidence -> generation -> citing -> sufficiency -> Answer.

What was asked before is answered right after the rewriting.
"""

from __future__ import annotations

import copy
from collections.abc import Generator as Steps
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass
from typing import Self

from rag.answering.attempt import Attempt, Drafter
from rag.answering.calibration import load_calibration
from rag.answering.case import Case, Stopwatch
from rag.answering.choosing import best_draft
from rag.answering.concluding import Origin, answered, refused
from rag.answering.events import Concluded, EventStream, Found, Translating, Understood
from rag.answering.evidence import Evidence, select_evidence
from rag.answering.finding import Finder
from rag.answering.judging import Judge
from rag.answering.near_misses import near_misses
from rag.answering.portions import Portioning
from rag.answering.questions import Inquiry, take_question
from rag.answering.repeating import GivenAnswers, asked_for
from rag.answering.rewriting import rewrite
from rag.answering.sufficiency import is_sufficient, retrieval_features
from rag.answering.translating import translate
from rag.domain import (
    Answer,
    DocumentReference,
    Hit,
    Message,
    Metadata,
    Sufficiency,
)
from rag.embedding.base import Embedder
from rag.embedding.remembering import RememberingEmbedder
from rag.errors import SnapshotError
from rag.generation.base import Generator
from rag.index.snapshot import Snapshot
from rag.retrieval.compound import parts_of
from rag.retrieval.retriever import Retriever
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before the decision: its text as generated and all the features that the decision weighs."""

    text: str
    language: str
    features: Mapping[str, float]


class Assistant:
    """Answers questions from one snapshot of a corpus. Safe to use from several threads."""

    def __init__(self, settings: Settings, snapshot: Snapshot, embedder: Embedder, generator: Generator) -> None:
        snapshot.check_embedder(embedder)
        self.snapshot = snapshot
        self.generator = generator
        self._settings = settings
        self.embedder = RememberingEmbedder(embedder)
        self._retriever = Retriever(snapshot, self.embedder, settings.retrieval)
        self._name_pairs = snapshot.store.name_pairs()
        self._calibration = load_calibration(settings.answering.calibration)
        self._given = GivenAnswers(settings.answering.repeated_answers)

    def ask(
        self,
        question: str,
        history: Sequence[Message] = (),
        filters: Metadata | None = None,
        *,
        exclude_documents: AbstractSet[str] = frozenset(),
    ) -> Answer:
        """Answer a question; ``stream`` says how, and what is raised."""
        return _conclusion(self.stream(question, history, filters, exclude_documents=exclude_documents))

    def stream(
        self,
        question: str,
        history: Sequence[Message] = (),
        filters: Metadata | None = None,
        *,
        exclude_documents: AbstractSet[str] = frozenset(),
    ) -> EventStream:
        """Answer a question step by step, reporting each step; closing the iterator stops the generation.

        ``filters`` narrow the search to documents with that metadata; ``exclude_documents`` (ids) are not searched.

        Raises:
            QuestionError: the question cannot be taken.
            ModelError: the generator failed.
        """
        watch = Stopwatch()
        inquiry = self._take(question, history)
        standalone, usage = rewrite(inquiry.question, inquiry.history, inquiry.language, self.generator)
        watch.mark("rewrite")
        yield Understood(standalone)
        asked = asked_for(standalone, inquiry.language, filters or {}, exclude_documents, self.generator.info)
        given = self._given.find(asked)
        if given is not None:
            yield from given.again(inquiry.question, usage, watch.timings())
            return
        hits, spent = self._finder.find(
            standalone, inquiry.language, filters=filters or {}, exclude_documents=exclude_documents
        )
        with closing(self._answer(Case(inquiry, standalone, hits, usage + spent, watch))) as events:
            yield from self._given.keeping(asked, events)

    def retrieve(
        self, question: str, history: Sequence[Message] = (), *, k: int | None = None
    ) -> tuple[str, list[Hit]]:
        """Return the stand-alone question and the ``k`` best passages for it, as ``ask`` would find them."""
        inquiry = self._take(question, history)
        standalone, _ = rewrite(inquiry.question, inquiry.history, inquiry.language, self.generator)
        return standalone, self._finder.find(standalone, inquiry.language, k=k, filters={})[0]

    def search(self, query: str, *, k: int | None = None, filters: Metadata | None = None) -> list[Hit]:
        """Return the ``k`` best passages for a query; no model but the embedder is asked."""
        return self._retriever.search(query, k=k, filters=filters or {})

    def with_generator(self, generator: Generator) -> Assistant:
        """Return a view of this assistant that asks another generator."""
        view = copy.copy(self)
        view.generator = generator
        return view

    def read(self, question: str, document_ids: Sequence[str], history: Sequence[Message] = ()) -> Answer:
        """Answer from the passages of the given documents alone."""
        return self.ask(question, history, {"id": tuple(document_ids)})

    def draft(
        self, question: str, history: Sequence[Message] = (), *, exclude_documents: AbstractSet[str] = frozenset()
    ) -> Draft:
        """Return what would be weighed of the first draft that counts, with no gate and no decision.

        Material for calibration.
        """
        inquiry = self._take(question, history)
        standalone, _ = rewrite(inquiry.question, inquiry.history, inquiry.language, self.generator)
        hits, _ = self._finder.find(standalone, inquiry.language, filters={}, exclude_documents=exclude_documents)
        evidence, features = self._weigh(standalone, hits)
        waiting = self._portioning.portions(standalone, inquiry.language, evidence)
        read = next(portion.evidence for portion in waiting if not portion.tried)
        written = read.main_language(inquiry.language)
        steps = self._drafter.attempt(standalone, written, read, self._references(hits), Stopwatch())
        attempt = self._drafter.verified(standalone, written, _outcome(steps))
        return Draft(attempt.text, inquiry.language, features | attempt.features)

    def close(self) -> None:
        """Free the model and the index."""
        self.generator.close()
        self.snapshot.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answer(self, case: Case) -> EventStream:
        language = case.inquiry.language
        evidence, features = self._weigh(case.standalone, case.hits)
        references = self._references(case.hits)
        case.watch.mark("retrieve")
        gate = self._calibration[language, "gate"]
        likelihood = gate.probability(features)
        # Across languages what the gate weighs cannot be seen: words, figures, closeness.
        if not evidence.sentences or (likelihood < gate.threshold and not features["cross"]):
            yield Found(tuple(case.hits), evidence.sentences)
            hopeless = Sufficiency(likelihood, None, gate.threshold, features)
            yield Concluded(refused(case, hopeless, references, self._origin))
            return
        model, limit = self._calibration[language, "answer"], self._settings.answering.confidence
        sufficiency, citer = yield from best_draft(
            self._portioning.portions(case.standalone, language, evidence),
            Judge(likelihood, features, model, limit),
            case,
            references,
            self._drafter,
        )
        if not is_sufficient(sufficiency):
            yield Concluded(refused(case, sufficiency, references, self._origin))
            return
        prose = citer.prose
        if citer.language != language:
            yield Translating()
            prose, usage = translate(prose, case.standalone, language, self.generator)
            case.usage += usage
        yield Concluded(answered(case, prose, citer.citations, sufficiency, self._origin))

    @property
    def _portioning(self) -> Portioning:
        budget = self._settings.answering.first_evidence_tokens
        return Portioning(self.snapshot.sentence_vectors, self.generator.count_tokens, budget)

    @property
    def _finder(self) -> Finder:
        return Finder(self._retriever, self.generator)

    @property
    def _drafter(self) -> Drafter:
        tokens = self._settings.generation.max_answer_tokens
        return Drafter(self.generator, self.embedder, self.snapshot, self._name_pairs, tokens)

    @property
    def _origin(self) -> Origin:
        return Origin(self.snapshot.id, self.generator.info)

    def _take(self, question: str, history: Sequence[Message]) -> Inquiry:
        limits = self._settings.answering
        return take_question(
            question, history, max_characters=limits.max_question_characters, max_turns=limits.history_turns
        )

    def _weigh(self, standalone: str, hits: Sequence[Hit]) -> tuple[Evidence, dict[str, float]]:
        vectors = self.embedder.embed_queries([standalone, *parts_of(standalone)])
        budget = self._settings.answering.evidence_tokens
        evidence = select_evidence(vectors, hits, self.snapshot.sentence_vectors, self.generator.count_tokens, budget)
        idf = self.snapshot.lexical.idf
        features = retrieval_features(standalone, vectors[0], hits, evidence, idf, self._name_pairs)
        return evidence, features | near_misses(standalone, evidence.passages, self.snapshot.store)

    def _references(self, hits: Sequence[Hit]) -> dict[str, DocumentReference]:
        references = {}
        for document_id in dict.fromkeys(hit.passage.document_id for hit in hits):
            document = self.snapshot.store.document(document_id)
            if document is None:
                raise SnapshotError(f"The index lost the document {document_id}.", "Run: pincite index")
            references[document_id] = DocumentReference(
                document.id, document.title, document.path, document.language, document.version
            )
        return references


def _conclusion(events: EventStream) -> Answer:
    for event in events:
        if isinstance(event, Concluded):
            return event.answer
    raise AssertionError("a stream of events ends with its conclusion")


def _outcome(steps: Steps[object, None, Attempt]) -> Attempt:
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            outcome: Attempt = ended.value
            return outcome
