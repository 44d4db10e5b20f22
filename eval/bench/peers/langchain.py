"""LangChain: its retrieval chain over a vector store in memory, with the library's own prompt and sizes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from langchain_classic.chains.combine_documents import create_stuff_documents_chain
from langchain_classic.chains.question_answering.stuff_prompt import PROMPT_SELECTOR
from langchain_classic.chains.retrieval import create_retrieval_chain
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, convert_to_openai_messages
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_huggingface import HuggingFaceEmbeddings

from .driving import Ask, Llama, serve
from .job import Job


class _LlamaCpp(BaseChatModel):
    """The model behind the messages that LangChain makes."""

    llama: Any

    @property
    def _llm_type(self) -> str:
        return "llama.cpp"

    def _generate(self, messages: list[BaseMessage], *_: object, **__: object) -> ChatResult:
        text = "".join(self.llama.stream(convert_to_openai_messages(messages)))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(text))])

    def _stream(self, messages: list[BaseMessage], *_: object, **__: object) -> Iterator[ChatGenerationChunk]:
        for piece in self.llama.stream(convert_to_openai_messages(messages)):
            yield ChatGenerationChunk(message=AIMessageChunk(piece))


def open_peer(job: Job, llama: Llama) -> Ask:
    """Index the passages and return the chain's way to answer."""
    embeddings = HuggingFaceEmbeddings(
        model_name=job.embedder,
        model_kwargs={"device": "cpu"},
        encode_kwargs={"prompt": job.passage_prompt},
        query_encode_kwargs={"prompt": job.query_prompt},
    )
    store = InMemoryVectorStore.from_texts(list(job.passages), embeddings)
    model = _LlamaCpp(llama=llama)
    answering = create_stuff_documents_chain(model, PROMPT_SELECTOR.get_prompt(model))
    chain = create_retrieval_chain(store.as_retriever(), answering)

    def ask(question: str) -> Iterator[str]:
        # The chain searches for "input", and its prompt asks the "question".
        for step in chain.stream({"input": question, "question": question}):
            yield step.get("answer", "")

    return ask


if __name__ == "__main__":
    serve(open_peer)
