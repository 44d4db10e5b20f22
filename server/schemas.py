"""The bodies of requests and replies. Requests turn unknown fields away; domain values reply as they are."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError

from rag.domain import Answer, Metadata, Passage, Span

ANSWERS: TypeAdapter[Answer] = TypeAdapter(Answer)

_ID = r"^[0-9a-f]{32}$"
_EXAMPLE_ID = "3f0c1a7e5b9d4c2e8a6f7b1d0e9c8a75"


def _storable(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise PydanticCustomError("string_unicode", "This is not valid Unicode text.")
    # No database column takes the character, and no reader sees it.
    return text.replace("\x00", " ")


def _written_as_a_day(text: object) -> object:
    # Numbers would pass as seconds since 1970.
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(text)):
        raise PydanticCustomError("date_from_datetime_parsing", "A day is written as YYYY-MM-DD.")
    return text


Text = Annotated[str, AfterValidator(_storable)]
Id = Annotated[str, Field(pattern=_ID, examples=[_EXAMPLE_ID])]
Day = Annotated[date, BeforeValidator(_written_as_a_day)]
FilterValue: TypeAlias = Annotated[Text, Field(max_length=500)] | bool | int | float
FilterKey: TypeAlias = Annotated[Text, Field(min_length=1, max_length=100)]
Filters: TypeAlias = Annotated[
    dict[FilterKey, FilterValue | Annotated[list[FilterValue], Field(max_length=100)]],
    Field(max_length=20, examples=[{"topic": "regulation"}]),
]


def metadata_of(filters: Filters) -> Metadata:
    """Return filters as the library takes them."""
    return {
        key: tuple(map(str, value)) if isinstance(value, list) else value  # compared as text in any case
        for key, value in filters.items()
    }


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return the JSON of an Answer: the same in every reply."""
    dumped: dict[str, Any] = ANSWERS.dump_python(answer, mode="json")
    return dumped


class Body(BaseModel):
    """A request body; an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HistoryMessage(Body):
    """An earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[Text, Field(max_length=100_000)]


class Selection(Body):
    """Which documents are searched."""

    filters: Filters = Field({}, description="Search only documents with these metadata.")
    earliest: Day | None = Field(None, alias="from", description="And only those dated so or later.")
    latest: Day | None = Field(None, alias="to", description="And only those dated so or earlier.")


class ChatRequest(Selection):
    """A question, alone, with its history, or as a turn of a stored conversation."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "Why did Apple choose Alibaba?"},
                {"question": "阿里巴巴为什么被选中？", "filters": {"language": "zh"}},
            ]
        }
    )

    # An empty or a long one has a problem of its own, so the length is checked elsewhere.
    question: Text = Field(description="In English or Chinese.", json_schema_extra={"minLength": 1})
    conversation_id: Id | None = Field(None, description="The stored conversation that this is a turn of.")
    turn_id: Id | None = Field(None, description="Your id for the turn: sent again, it gives the same answer.")
    replace_turn: Id | None = Field(None, description="Edit or regenerate: that turn and all later ones go.")
    history: list[HistoryMessage] = Field([], description="Earlier messages; without conversation_id only.")

    @model_validator(mode="after")
    def _history_has_one_source(self) -> Self:
        if self.conversation_id and self.history:
            raise PydanticCustomError("history_in_conversation", "A conversation has its history: send none with it.")
        if not self.conversation_id and (self.turn_id or self.replace_turn):
            raise PydanticCustomError("turn_without_conversation", "Turns belong to a conversation: send its id too.")
        return self


class SearchRequest(Selection):
    """Words or a question to search passages for."""

    query: Annotated[Text, Field(min_length=1, max_length=4000, examples=["data laws 数据"])]
    k: int = Field(10, ge=1, le=50, description="Passages to return.")


class SearchHit(BaseModel):
    """A passage found, its scores (see Hit), and where in its text the words of the query stand."""

    passage: Passage
    score: float
    dense: float | None
    lexical: float | None
    highlights: list[Span] = Field(description="Code points in the passage's text.")


class SearchReply(BaseModel):
    """The passages found, best first."""

    query: str
    snapshot: str
    hits: list[SearchHit]


class Health(BaseModel):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Whether questions can be answered, and from what."""

    status: Literal["loading", "ready", "failed", "stopping"]
    detail: str = ""
    model: str | None = Field(None, examples=["qwen2.5-coder-1.5b-instruct-q4_k_m"])
    embedder: str | None = Field(None, examples=["multilingual-e5-small"])
    snapshot: str | None = Field(None, description="sha256 of the index manifest.")
    documents: int | None = None


class SessionRequest(Body):
    """A key, entered once."""

    key: Annotated[str, Field(min_length=1, max_length=500)]


class SessionState(BaseModel):
    """Whether a key is needed here, and who is signed in."""

    required: bool
    signed_in: bool
    name: str
