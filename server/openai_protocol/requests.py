"""What a client of the protocol asks for.

Clients send many fields. Those that cannot change an Answer are accepted and have no effect; those that ask for
something other than an Answer (tools, several choices, JSON, log-probabilities) are turned away.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    Strict,
    StrictBool,
    StrictInt,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from server.schemas import Body, Filters, Text

_TEXT_PART = {
    "type": "object",
    "properties": {"type": {"const": "text"}, "text": {"type": "string"}},
    "required": ["type", "text"],
}
_MAX_CHARACTERS = 100_000
_CONTENT_SCHEMA = {
    "anyOf": [
        {"type": "string", "maxLength": _MAX_CHARACTERS},
        {"type": "array", "items": _TEXT_PART},
        {"type": "null"},
    ]
}
_SETTINGS_DECIDE = "Accepted, without effect: the server's settings decide how answers are decoded."
_EXAMPLES: list[JsonValue] = [
    {"model": "pincite", "messages": [{"role": "user", "content": "Why did Apple choose Alibaba?"}]},
    {
        "model": "pincite",
        "stream": True,
        "messages": [{"role": "user", "content": "阿里巴巴为什么被选中？"}],
        "pincite": {"filters": {"language": "zh"}},
    },
]


def _joined_text(content: object) -> object:
    if isinstance(content, list):
        return "\n".join(map(_text_of, content))
    return "" if content is None else content


def _text_of(part: object) -> str:
    match part:
        case {"type": "text", "text": str(text)}:
            return text
    raise PydanticCustomError("text_only", "Only text is read: a string, or parts of the type text.")


def _only_empty(value: Any) -> Any:  # noqa: ANN401 - stands for several types
    if value:
        raise PydanticCustomError("not_supported", "Not supported: an answer is text from the documents.")
    return value


_Content = Annotated[
    Text, Field(max_length=_MAX_CHARACTERS), BeforeValidator(_joined_text), WithJsonSchema(_CONTENT_SCHEMA)
]
_NoList = Annotated[
    list[Any] | None, AfterValidator(_only_empty), WithJsonSchema({"type": ["array", "null"], "maxItems": 0})
]
_NoFlag = Annotated[StrictBool | None, AfterValidator(_only_empty), WithJsonSchema({"enum": [False, None]})]
_NoCount = Annotated[StrictInt | None, AfterValidator(_only_empty), WithJsonSchema({"enum": [0, None]})]
# Without it, true would pass for 1.
_Number = Annotated[float, Strict()]


class ChatMessage(BaseModel):
    """A message of the conversation."""

    role: Literal["system", "developer", "user", "assistant"] = Field(
        description="`system` and `developer` messages are accepted and not followed: no request changes the rule that "
        "an answer comes from the documents alone and that each of its sentences is checked."
    )
    content: _Content = Field("", description="Text: a string, or parts of the type `text`.")


class StreamOptions(BaseModel):
    """What a stream tells beside the text."""

    include_usage: StrictBool | None = Field(False, description="End with a chunk that has the usage.")


class ResponseFormat(BaseModel):
    """The form of the answer, which is text."""

    type: Literal["text"]


class PinciteOptions(Body):
    """What the protocol has no field for."""

    filters: Filters = Field({}, description="Search only documents with these metadata.")


class ChatCompletionRequest(BaseModel):
    """A conversation that ends with the user's question. Fields not listed here are accepted, without effect."""

    model_config = ConfigDict(json_schema_extra={"examples": _EXAMPLES})

    model: str = Field(min_length=1, max_length=500, description="A model that `GET /v1/models` lists.")
    messages: list[ChatMessage] = Field(
        min_length=1,
        description="The last of them asks. Send as many earlier ones as you like; the last few are read.",
    )
    stream: StrictBool | None = Field(False, description="Send the answer as server-sent events.")
    stream_options: StreamOptions | None = None
    pincite: PinciteOptions = Field(PinciteOptions(filters={}), description="What the protocol has no field for.")
    temperature: _Number | None = Field(None, ge=0, le=2, description=_SETTINGS_DECIDE)
    top_p: _Number | None = Field(None, ge=0, le=1, description=_SETTINGS_DECIDE)
    frequency_penalty: _Number | None = Field(None, ge=-2, le=2, description=_SETTINGS_DECIDE)
    presence_penalty: _Number | None = Field(None, ge=-2, le=2, description=_SETTINGS_DECIDE)
    max_tokens: StrictInt | None = Field(None, ge=1, description=_SETTINGS_DECIDE)
    max_completion_tokens: StrictInt | None = Field(None, ge=1, description=_SETTINGS_DECIDE)
    stop: str | list[str] | None = Field(None, description=_SETTINGS_DECIDE)
    seed: StrictInt | None = Field(None, description=_SETTINGS_DECIDE)
    n: StrictInt | None = Field(None, ge=1, le=1, description="There is one answer.")
    response_format: ResponseFormat | None = Field(None, description="An answer is text.")
    tools: _NoList = Field(None, description="No tools are called.")
    functions: _NoList = Field(None, description="No functions are called.")
    logprobs: _NoFlag = Field(None, description="Log-probabilities are not told.")
    top_logprobs: _NoCount = Field(None, description="Log-probabilities are not told.")

    @model_validator(mode="after")
    def _ends_with_a_question(self) -> Self:
        if not self.conversation or self.conversation[-1].role != "user":
            raise PydanticCustomError("no_question", "The last message must be the user's question.")
        return self

    @property
    def conversation(self) -> list[ChatMessage]:
        """What user and assistant said; the question is the last."""
        return [message for message in self.messages if message.role in ("user", "assistant")]

    @property
    def tells_usage(self) -> bool:
        """Whether a stream ends with the usage."""
        return bool(self.stream_options and self.stream_options.include_usage)
