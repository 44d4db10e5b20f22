"""txtai: its RAG pipeline over embeddings with their texts, with the pipeline's own template and sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from txtai import LLM, RAG, Embeddings
from txtai.pipeline.llm import Generation

from .driving import Ask, Llama, serve
from .job import Job


class LlamaCpp(Generation):
    """The model behind the conversations that txtai makes of its prompts."""

    def stream(
        self,
        texts: Sequence[Sequence[Mapping[str, str]]],
        maxlength: int,
        stream: bool,
        stop: Sequence[str] | None,
        **kwargs: object,
    ) -> Iterator[str]:
        """Answer each conversation, piece by piece."""
        llama: Llama = self.kwargs["llama"]
        for messages in texts:
            yield from llama.stream(messages)


def open_peer(job: Job, llama: Llama) -> Ask:
    """Index the passages and return the pipeline's way to answer."""
    embeddings = Embeddings(
        path=job.embedder,
        instructions={"query": job.query_prompt, "data": job.passage_prompt},
        content=True,
        gpu=False,
    )
    embeddings.index(job.passages)
    model = LLM(job.generator, method=f"{__name__}.{LlamaCpp.__name__}", llama=llama)
    rag = RAG(embeddings, model)

    def ask(question: str) -> Iterator[str]:
        yield from rag(question, maxlength=job.answer_tokens, stream=True)

    return ask


if __name__ == "__main__":
    serve(open_peer)
