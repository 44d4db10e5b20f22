"""The ask flow: question -> rewriting -> retrieval -> evidence -> generation -> citing -> sufficiency -> Answer."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal, Self

from rag.answering.calibration import load_calibration
from rag.answering.case import Case, Stopwatch
from rag.answering.citing import Citer
from rag.answering.concluding import Origin, answered, refused
from rag.answering.drafting import DraftCiter
from rag.answering.events import Concluded, Drafted, EventStream, Found, Understood, Verifying
from rag.answering.evidence import Evidence, select_evidence, source_line
from rag.answering.questions import Inquiry, take_question
from rag.answering.rewriting import rewrite
from rag.answering.sufficiency import (
    decide,
    draft_features,
    is_sufficient,
    pinned_features,
    pinned_text,
    retrieval_features,
    speaks_of_other_dates,
    verify,
)
from rag.domain import (
    Answer,
    Citation,
    DocumentReference,
    Hit,
    Message,
    Metadata,
    Sufficiency,
    Usage,
)
from rag.embedding.base import Embedder
from rag.embedding.remembering import RememberingEmbedder
from rag.errors import SnapshotError
from rag.generation.base import Generator
from rag.generation.prompting import render
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
        hits = self._retriever.search(standalone, filters=filters or {}, exclude_documents=exclude_documents)
        yield from self._answer(Case(inquiry, standalone, hits, usage, watch))

    def retrieve(
        self, question: str, history: Sequence[Message] = (), *, k: int | None = None
    ) -> tuple[str, list[Hit]]:
        """Return the stand-alone question and the ``k`` best passages for it, as ``ask`` would find them."""
        inquiry = self._take(question, history)
        standalone, _ = rewrite(inquiry.question, inquiry.history, inquiry.language, self.generator)
        return standalone, self._retriever.search(standalone, k=k)

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
        """Return what would be weighed for a question, with no gate and no decision: material for calibration."""
        inquiry = self._take(question, history)
        standalone, _ = rewrite(inquiry.question, inquiry.history, inquiry.language, self.generator)
        hits = self._retriever.search(standalone, exclude_documents=exclude_documents)
        evidence, features = self._weigh(standalone, hits)
        prompt = _answer_prompt(inquiry.language, evidence, standalone)
        draft = self._draft_citer(evidence, hits)
        for piece in self.generator.stream(prompt, max_tokens=self._settings.generation.max_answer_tokens):
            draft.add(piece)
        draft.finish()
        found, _ = self._verify(draft, standalone, evidence, inquiry.language)
        return Draft(draft.text, inquiry.language, features | found)

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
        case.watch.mark("retrieve")
        yield Found(tuple(case.hits), evidence.sentences)
        gate = self._calibration[language, "gate"]
        likelihood = gate.probability(features)
        if not evidence.sentences or likelihood < gate.threshold:
            hopeless = Sufficiency(likelihood, None, gate.threshold, features)
            yield Concluded(refused(case, hopeless, self._references(case.hits), self._origin))
            return
        prompt = _answer_prompt(language, evidence, case.standalone)
        stream = self.generator.stream(prompt, max_tokens=self._settings.generation.max_answer_tokens)
        draft = self._draft_citer(evidence, case.hits)
        for piece in stream:
            case.watch.mark("first_token")
            yield Drafted(piece)
            yield from draft.add(piece)
        yield from draft.finish()
        yield Verifying()
        found, spent = self._verify(draft, case.standalone, evidence, language)
        case.usage += stream.usage + spent
        features |= found
        limit = self._settings.answering.confidence
        sufficiency = decide(likelihood, features, self._calibration[language, "answer"], limit)
        if is_sufficient(sufficiency):
            yield Concluded(answered(case, draft.citer, sufficiency, self._origin))
        else:
            yield Concluded(refused(case, sufficiency, self._references(case.hits), self._origin))

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
        evidence = select_evidence(vectors, hits, self.embedder, self.generator.count_tokens, budget)
        idf = self.snapshot.lexical.idf
        return evidence, retrieval_features(standalone, vectors[0], hits, evidence, idf, self._name_pairs)

    def _verify(
        self, draft: DraftCiter, standalone: str, evidence: Evidence, language: Literal["en", "zh"]
    ) -> tuple[dict[str, float], Usage]:
        sources = pinned_text(draft.citer.citations, evidence)
        odds, spent = verify(standalone, draft.text, sources, language, self.generator)
        asked = pinned_features(standalone, draft.text, sources, self._name_pairs)
        dated = {"other_dates": self._speaks_of_other_dates(standalone, draft.citer.citations, evidence)}
        return odds | asked | dated | draft_features(draft.text, language, draft.citer.sentences), spent

    def _speaks_of_other_dates(self, question: str, citations: Sequence[Citation], evidence: Evidence) -> float:
        pinned = {citation.passage_id for citation in citations}
        passages = {line.passage.id: line.passage for line in evidence.sentences if line.passage.id in pinned}
        texts = []
        for passage in passages.values():
            document = self.snapshot.store.document(passage.document_id)
            dated = str(document.metadata.get("date", "")) if document else ""
            texts.append(f"{source_line(passage)}\n{passage.text}\n{dated}")
        return float(speaks_of_other_dates(question, "\n".join(texts)))

    def _draft_citer(self, evidence: Evidence, hits: Sequence[Hit]) -> DraftCiter:
        references = self._references(hits)
        idf = self.snapshot.lexical.idf
        return DraftCiter(lambda: Citer(evidence, references, self.embedder, idf, self._name_pairs))

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


def _answer_prompt(language: Literal["en", "zh"], evidence: Evidence, question: str) -> Sequence[Message]:
    return render("answer", language, evidence=evidence.as_prompt_text(language), question=question)


def _conclusion(events: EventStream) -> Answer:
    for event in events:
        if isinstance(event, Concluded):
            return event.answer
    raise AssertionError("a stream of events ends with its conclusion")
