"""Vectors of texts, in the bodies of the protocol."""

from __future__ import annotations

import base64
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, WithJsonSchema
from pydantic_core import PydanticCustomError

from server.schemas import Text

MAX_INPUTS = 256
_INPUT_SCHEMA = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1, "maxItems": MAX_INPUTS},
    ]
}


def _as_texts(value: object) -> object:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise PydanticCustomError(
            "text_input", "Send text, a string or a list of strings: tokens differ between models."
        )
    return texts


class EmbeddingsRequest(BaseModel):
    """Texts to embed. Fields not listed here are accepted, without effect."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": "pincite", "input": ["Apple chose Alibaba.", "苹果选择了阿里巴巴。"]}]
        }
    )

    model: str = Field(min_length=1, max_length=500, description="The embedder of the index, or `pincite`.")
    input: Annotated[
        list[Annotated[Text, Field(min_length=1)]],
        Field(min_length=1, max_length=MAX_INPUTS),
        BeforeValidator(_as_texts),
        WithJsonSchema(_INPUT_SCHEMA),
    ] = Field(description="A text, or a list of texts.")
    input_type: Literal["query", "passage"] = Field(
        "passage", description="What the texts are: questions are embedded otherwise than what is searched for them."
    )
    encoding_format: Literal["float", "base64"] | None = Field(
        "float", description="`base64`: little-endian 32-bit floats."
    )
    dimensions: StrictInt | None = Field(None, ge=1, description="If sent, the embedder's own dimension.")


class Embedding(BaseModel):
    """The vector of the input with the same index."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str = Field(description="Of length 1, as floats or as base64.")


class EmbeddingsUsage(BaseModel):
    """Tokens of the texts, as the embedder counts them."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingsReply(BaseModel):
    """Vectors in the order of the texts."""

    object: Literal["list"] = "list"
    data: list[Embedding]
    model: str = Field(examples=["multilingual-e5-small"])
    usage: EmbeddingsUsage


def embedding(index: int, vector: NDArray[np.float32], encoding: Literal["float", "base64"]) -> Embedding:
    """Return a vector in the encoding that was asked for."""
    if encoding == "base64":
        return Embedding(index=index, embedding=base64.b64encode(vector.astype("<f4").tobytes()).decode("ascii"))
    return Embedding(index=index, embedding=vector.tolist())
