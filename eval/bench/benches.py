"""What each measurement is made with: the corpus and the models of the settings, and what it is compared to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from eval.bench import answering, concurrency, curating, decoding, embedding, scaling, searching, starting
from eval.bench.counting import counting
from eval.bench.made_corpus import made_index
from eval.bench.made_rows import documents_of, made_rows
from eval.bench.plain_model import PlainModel, Times, plain_prompt
from eval.bench.plain_search import PlainEncoder, PlainSearch
from eval.bench.questions import varied_questions
from eval.bench.warming import warm
from eval.evaluation import opened
from eval.suites import load_own_pairs
from rag import Embedder, Message, curate, open_embedder, open_generator, open_snapshot
from rag.chunking.passages import own_sentences
from rag.models.references import resolve_embedder, resolve_generator
from rag.retrieval.retriever import Retriever
from rag.settings import Settings

Result: TypeAlias = (
    embedding.Embedding
    | curating.Curating
    | searching.Searching
    | scaling.Scaling
    | starting.Starting
    | answering.Answering
    | decoding.Decoding
    | concurrency.Concurrency
)


_LONG_STORY = "Tell me a long story about a harbour town, part"
_DECODED_TOKENS = 96


@dataclass
class Benches:
    """The measurements on one installation. Its settings' corpus is indexed first where it is not."""

    settings: Settings

    def embed(self, texts: int, runs: int) -> embedding.Embedding:
        """Measure embedding over ``texts`` texts of the corpus, in ``runs`` parts."""
        embedder = self._embedder
        with closing(open_snapshot(self.settings.index_dir)) as snapshot:
            documents: dict[str, list[str]] = {}
            for passage in snapshot.passages():
                own = map(passage.text_of, own_sentences(passage))
                documents.setdefault(passage.document_id, []).extend(own)
        chosen = embedding.labelled(documents, load_own_pairs().queries, texts)
        with counting("embedding", 2 * runs) as done:
            return embedding.measure(self._plain_encoder.passages, embedder, chosen, runs, done)

    def curate(self, documents: int, runs: int) -> curating.Curating:
        """Measure what indexing takes beside the embedding, and over ``documents`` documents what is left to do."""
        made = made_index(self.settings, documents, self._embedder)
        with counting("indexing", 3 * runs) as done:
            return curating.measure(self.settings, made, self._embedder, runs, done)

    def search(self, passages: int, runs: int) -> searching.Searching:
        """Measure search over about ``passages`` passages with the own pairs' questions."""
        made = made_index(self.settings, passages, self._embedder)
        with closing(open_snapshot(made.index_dir)) as snapshot:
            texts = [passage.text for passage in snapshot.passages()]
            vectors = snapshot.vectors.vectors(0, len(texts))
            plain = PlainSearch(self._plain_encoder.query, texts, vectors)
            retriever = Retriever(snapshot, self._embedder, self.settings.retrieval)
            questions = [query.question for query in load_own_pairs().queries if not query.history]
            with counting("search", runs + 1) as done:
                searches: dict[str, Callable[[str], object]] = {
                    "plain": lambda question: plain.search(question, self.settings.retrieval.top_k),
                    "ours": retriever.search,
                }
                return searching.measure(searches, questions, len(texts), runs, done)

    def scale(self, sizes: Sequence[int], runs: int) -> scaling.Scaling:
        """Measure search over indexes of made rows of ``sizes``."""
        questions = [query.question for query in load_own_pairs().queries if not query.history]
        vectors = self._embedder.embed_queries(questions)
        measured = []
        for passages in sizes:
            with counting(f"{passages:,} passages", documents_of(passages)) as done:
                made = made_rows(self.settings, passages, self._embedder, done)
            measured.append(scaling.measure(made, questions, vectors, runs))
        return scaling.Scaling(tuple(measured))

    def start(self, passages: int, runs: int) -> starting.Starting:
        """Measure the start of a server over about ``passages`` passages."""
        made = made_index(self.settings, passages, self._embedder)
        with closing(open_snapshot(made.index_dir)) as snapshot:
            count = snapshot.manifest.passages
        with counting("starts", runs + 1) as done:
            return starting.measure(made, count, runs, done)

    def answer(self, questions: int, evidence_tokens: int) -> answering.Answering:
        """Measure our answers, passages read ahead, against the same model asked plainly over the best passages."""
        model = self._plain_model
        own = load_own_pairs()
        asked = varied_questions(own, questions)
        with opened(own, self.settings) as assistant:
            warm(assistant)

            def plain(question: str) -> Times:
                hits = assistant.search(question)
                prompt = plain_prompt(question, hits, assistant.generator.count_tokens, evidence_tokens)
                return model.time(prompt, self.settings.generation.max_answer_tokens)

            with counting("questions", len(asked)) as done:
                return answering.measure(assistant, plain, asked, done)

    def decode(self, runs: int) -> decoding.Decoding:
        """Measure what is written a second against what llama.cpp writes, over ``runs`` prompts."""
        with closing(open_generator(self.settings)) as generator:
            model = self._plain_model
            prompts = [[Message("user", f"{_LONG_STORY} {number}")] for number in range(runs)]
            with counting("decoding", runs) as done:
                return decoding.measure(
                    lambda prompt: decoding.streaming_rate(generator, prompt, _DECODED_TOKENS),
                    lambda prompt: model.rate(prompt, _DECODED_TOKENS),
                    prompts,
                    done,
                )

    def chats(self, chats: int, runs: int) -> concurrency.Concurrency:
        """Measure ``chats`` chats at once against the same in turn."""
        own = load_own_pairs()
        generation = self.settings.generation.model_copy(update={"parallel_slots": chats})
        wide = self.settings.model_copy(update={"generation": generation})
        with opened(own, wide) as assistant, counting("rounds", 2 * runs + 1) as done:
            return concurrency.measure(assistant, varied_questions(own, chats), runs, done)

    @cached_property
    def _embedder(self) -> Embedder:
        """The embedder of the settings, their corpus indexed with it."""
        embedder = open_embedder(self.settings)
        curate(self.settings, open_embedder=lambda _: embedder)
        return embedder

    @cached_property
    def _plain_model(self) -> PlainModel:
        location = resolve_generator(self.settings.generator, self.settings.models_dir).location
        return PlainModel(location, self.settings.generation.context_tokens)

    @cached_property
    def _plain_encoder(self) -> PlainEncoder:
        return PlainEncoder(Path(resolve_embedder(self.settings.embedder, self.settings.models_dir).location))
