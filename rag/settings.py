"""Every knob of Pincite, typed and bounded.

Read from ``pincite.toml`` in the working folder (or the file that ``PINCITE_CONFIG`` names), then from environment
variables ``PINCITE_<SECTION>__<NAME>``, which win. An unknown key in either is an error.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.errors import ConfigurationError

CONFIG_FILE = "pincite.toml"
CONFIG_VARIABLE = "PINCITE_CONFIG"
ENVIRONMENT_PREFIX = "PINCITE_"
_FOREIGN_VARIABLES = frozenset({CONFIG_VARIABLE})


class Section(BaseModel):
    """A group of settings; unknown keys are errors and values do not change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadingSettings(Section):
    """What is read from the corpus folder."""

    max_file_mb: float = Field(50.0, gt=0, description="A larger file is skipped, in megabytes.")
    max_characters: int = Field(20_000_000, ge=1, description="A document with more text than this is skipped.")


class ChunkingSettings(Section):
    """How documents become passages. Changing these makes a new index necessary."""

    target_tokens: int = Field(160, ge=16, le=2048, description="Tokens of the embedder that a passage aims at.")
    overlap_sentences: int = Field(1, ge=0, le=5, description="Sentences that a passage repeats of the one before.")


class IndexSettings(Section):
    """How passages are indexed."""

    exact_up_to: int = Field(50_000, ge=0, description="Passages up to which vector search is exact; above, in parts.")
    batch_size: int = Field(64, ge=1, le=1024, description="Texts embedded together, at most.")


class RetrievalSettings(Section):
    """How passages are found."""

    top_k: int = Field(8, ge=1, le=100, description="Passages that an answer may draw on.")
    candidates: int = Field(50, ge=1, le=1000, description="Passages that each leg (dense, lexical) brings to fusion.")


class GenerationSettings(Section):
    """How the model runs."""

    backend: Literal["auto", "llama_cpp", "transformers", "openai_api"] = Field(
        "auto",
        description="auto: llama_cpp for a GGUF file, transformers for a folder or hub model, openai_api for a URL.",
    )
    context_tokens: int = Field(4096, ge=512, description="Context window of one slot, in tokens.")
    parallel_slots: int = Field(
        2, ge=1, le=64, description="Answers generated at the same time. What is kept for one number serves no other."
    )
    threads: int = Field(0, ge=0, description="CPU threads; 0 takes one per physical core.")
    max_answer_tokens: int = Field(256, ge=8, le=4096, description="Tokens after which an answer is cut.")
    temperature: float = Field(0.0, ge=0.0, le=2.0, description="0 decodes greedily; above, sampling with the seed.")
    seed: int = Field(7, ge=0, description="Seed used when the temperature is above 0.")
    states_gib: float = Field(
        2.0,
        ge=0.0,
        description="Disk, beside the index, for what the model computed of prompts and of passages it read, so that it"
        " need not read them again (llama_cpp); 0 keeps it in a temporary folder while the process runs.",
    )
    api_key: str = Field("", description="Key for an OpenAI-compatible generator URL.", repr=False)
    timeout_s: float = Field(120.0, gt=0, description="Seconds to wait for a remote generator.")


class AnsweringSettings(Section):
    """How answers are built and when a question is refused."""

    evidence_tokens: int = Field(450, ge=50, le=100_000, description="Most tokens of evidence in the prompt.")
    first_evidence_tokens: int = Field(
        220,
        ge=10,
        le=100_000,
        description="Tokens of evidence read where the first passage alone does not answer surely, before all of it.",
    )
    confidence: float | None = Field(
        None, ge=0.0, le=1.0, description="Answer when at least this sure (0 to 1); unset: the calibrated threshold."
    )
    calibration: Path | None = Field(
        None, description="A file that `python -m eval calibrate` wrote for your corpus; unset: the shipped one."
    )
    max_question_characters: int = Field(4000, ge=10, description="A longer question is turned away.")
    repeated_answers: int = Field(
        200, ge=0, description="Answers kept in memory, for the same question on the same index; 0: none."
    )
    history_turns: int = Field(4, ge=0, le=50, description="Earlier turns that a follow-up question may refer to.")


class ServerSettings(Section):
    """The chat endpoint and the web page."""

    host: str = Field(
        "127.0.0.1", min_length=1, description="Address to listen on; beyond loopback, keys are required."
    )
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    database_url: str = Field(
        "", description="SQLAlchemy URL for conversations, answers, feedback and keys; empty: SQLite beside the index."
    )
    queue_length: int = Field(16, ge=0, le=10_000, description="Chats that may wait for a slot; beyond that, 429.")
    read_ahead: bool = Field(
        True,
        description="Let the model read passages while nobody chats, up to generation.states_gib: sooner answers, for"
        " some minutes of work once.",
    )
    max_body_kb: int = Field(256, ge=1, le=65_536, description="A larger request body is turned away.")
    max_history_messages: int = Field(50, ge=0, le=1000, description="Earlier messages that a request may carry.")
    requests_per_minute: int = Field(120, ge=1, description="Requests of one key, or of one address without a key.")
    failed_keys_per_minute: int = Field(10, ge=1, description="Wrong keys that one address may try.")
    grace_s: float = Field(20.0, ge=0.0, description="Seconds that running answers get to end at shutdown.")
    cors_origins: tuple[str, ...] = Field((), description="Origins of other web pages that may call the API.")
    log_format: Literal["text", "json"] = Field("text", description="How the server logs.")
    log_questions: bool = Field(False, description="Write questions to the log.")
    session_hours: float = Field(12.0, gt=0, le=8760, description="Hours that a browser stays signed in.")
    cookie_secure: Literal["auto", "always", "never"] = Field(
        "auto", description="Whether the cookie travels over HTTPS alone; auto: where the request came over HTTPS."
    )


class Settings(Section):
    """All settings of one installation."""

    corpus_dir: Path = Field(Path("corpus"), description="The folder of documents.")
    index_dir: Path = Field(Path(".pincite/index"), description="Where snapshots of the index live.")
    models_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("pincite")) / "models",
        description="Where fetched models live; shared by all projects of a user.",
    )
    generator: str = Field(
        "qwen2.5-coder-1.5b-instruct-q4_k_m",
        min_length=1,
        description="A catalog name, a GGUF file, a Hugging Face folder, hf:ORG/NAME, or URL#MODEL (OpenAI protocol).",
    )
    embedder: str = Field(
        "multilingual-e5-small",
        min_length=1,
        description="A catalog name, a sentence-transformers folder, or hf:ORG/NAME.",
    )
    embedder_quantized: bool = Field(
        default=True,
        description="Embed in eight bits where the model bears it: a third faster, vectors at cosine .999.",
    )
    reading: ReadingSettings = ReadingSettings()
    chunking: ChunkingSettings = ChunkingSettings()
    index: IndexSettings = IndexSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    generation: GenerationSettings = GenerationSettings()
    answering: AnsweringSettings = AnsweringSettings()
    server: ServerSettings = ServerSettings()


def load_settings(config: Path | None = None, **overrides: object) -> Settings:
    """Load the settings: defaults, then the file, then the environment, then ``overrides`` (top-level keys).

    Raises:
        ConfigurationError: a file that cannot be parsed, an unknown key, or a value out of bounds.
    """
    path = config or Path(os.environ.get(CONFIG_VARIABLE, CONFIG_FILE))
    if not path.is_file() and (config is not None or CONFIG_VARIABLE in os.environ):
        raise ConfigurationError(f"The settings file {path} does not exist.", f"Create it or unset {CONFIG_VARIABLE}.")
    values = _read_file(path) if path.is_file() else {}
    for name, value in os.environ.items():
        if name.startswith(ENVIRONMENT_PREFIX) and name not in _FOREIGN_VARIABLES:
            _set_nested(values, name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__"), value)
    values.update(overrides)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigurationError(_explain(error), "docs/settings.md lists every setting with its bounds.") from error


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}.", "Mend the file at that place.") from error


def _set_nested(values: dict[str, Any], keys: list[str], value: str) -> None:
    for depth, key in enumerate(keys[:-1]):
        inner = values.setdefault(key, {})
        if not isinstance(inner, dict):
            name = ENVIRONMENT_PREFIX + "__".join(keys).upper()
            raise ConfigurationError(
                f"{name}: {'.'.join(keys[: depth + 1])} has a value already and holds no other settings.",
                f"Unset {name}, or mend {'.'.join(keys[: depth + 1])}.",
            )
        values = inner
    values[keys[-1]] = value


def _explain(error: ValidationError) -> str:
    parts = []
    for problem in error.errors():
        name = ".".join(str(step) for step in problem["loc"])
        text = "is not a setting" if problem["type"] == "extra_forbidden" else problem["msg"].lower()
        parts.append(f"{name}: {text}")
    return "Settings: " + "; ".join(parts) + "."
