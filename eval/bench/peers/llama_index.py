"""LlamaIndex: its CitationQueryEngine over a vector index in memory, with the engine's own prompt and sizes."""

from __future__ import annotations

from collections.abc import Iterator

from llama_index.core import VectorStoreIndex
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from .driving import Ask, Llama, serve
from .job import Job

# As in the engine's documentation; the retriever's default is 2.
_TOP_K = 3


class _LlamaCpp(CustomLLM):
    """The model behind the completions that LlamaIndex asks for: each a turn of the user."""

    _llama: Llama = PrivateAttr()
    _job: Job = PrivateAttr()

    def __init__(self, job: Job, llama: Llama) -> None:
        super().__init__()
        self._job, self._llama = job, llama

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=self._job.context_tokens, num_output=self._job.answer_tokens)

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: object) -> CompletionResponse:
        return CompletionResponse(text="".join(self._pieces(prompt)))

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: object) -> CompletionResponseGen:
        def responses() -> CompletionResponseGen:
            text = ""
            for piece in self._pieces(prompt):
                text += piece
                yield CompletionResponse(text=text, delta=piece)

        return responses()

    def _pieces(self, prompt: str) -> Iterator[str]:
        return self._llama.stream([{"role": "user", "content": prompt}])


def open_peer(job: Job, llama: Llama) -> Ask:
    """Index the passages and return the engine's way to answer."""
    embedder = HuggingFaceEmbedding(
        job.embedder, device="cpu", query_instruction=job.query_prompt, text_instruction=job.passage_prompt
    )
    index = VectorStoreIndex([TextNode(text=passage) for passage in job.passages], embed_model=embedder)
    engine = CitationQueryEngine.from_args(index, llm=_LlamaCpp(job, llama), streaming=True, similarity_top_k=_TOP_K)

    def ask(question: str) -> Iterator[str]:
        yield from engine.query(question).response_gen

    return ask


if __name__ == "__main__":
    serve(open_peer)
