"""A model's own tokenizer file, nothing else of the model loaded: counts tokens, and makes what the model reads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from tokenizers import Tokenizer

from rag.domain import Span
from rag.embedding.vocabulary import Vocabulary
from rag.errors import ModelError

# Characters after which it pays to make the whole tokenizer, about 25 pages.
_MANY = 100_000


class TokenizerFile:
    """A TokenCounter over a ``tokenizer.json``. Safe to use from several threads.

    ``sequence_tokens`` is the most tokens that the model takes at once, prompt and special tokens included. With its
    ``vocabulary`` on disk the file is not read before many texts are cut.
    """

    def __init__(self, path: Path, sequence_tokens: int, prompt: str, vocabulary: Vocabulary | None = None) -> None:
        self._path = path
        self._vocabulary = vocabulary
        self._seen = 0
        self._before, self._after = _special_tokens(vocabulary.bare if vocabulary else self._whole)
        self._room = sequence_tokens - len(self._before) - len(self._after)
        self._max_tokens = self._room - self.count_tokens(prompt)

    @property
    def max_tokens(self) -> int:
        """The most tokens of a passage's own text that fit the model beside its prompt and special tokens."""
        return self._max_tokens

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of ``text``."""
        return len(self._ids([text])[0])

    def token_spans(self, text: str) -> list[Span]:
        """Return each token's span in ``text``, in order; where one character makes several tokens they share it."""
        pieces = self._pieces_for([text])
        tokenizer = (pieces and pieces.tokenizer_for(text)) or self._whole
        return [Span(start, end) for start, end in tokenizer.encode(text, add_special_tokens=False).offsets]

    def model_input(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of what the model reads of each text: with special tokens, cut to what it takes."""
        return [[*self._before, *ids[: self._room], *self._after] for ids in self._ids(texts)]

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        pieces = self._pieces_for(texts)
        if pieces:
            known = [ids for text in texts if (ids := pieces.ids(text)) is not None]
            if len(known) == len(texts):
                return known
        if len(texts) == 1:  # with Python's lock kept: what runs beside would hold it for longer than this takes
            return [self._whole.encode(texts[0], add_special_tokens=False).ids]
        return [whole.ids for whole in self._whole.encode_batch_fast(list(texts), add_special_tokens=False)]

    def _pieces_for(self, texts: Sequence[str]) -> Vocabulary | None:
        self._seen += sum(map(len, texts))
        return self._vocabulary if self._seen <= _MANY else None

    @cached_property
    def _whole(self) -> Tokenizer:
        try:
            tokenizer = Tokenizer.from_file(str(self._path))
        except Exception as error:  # the library raises bare Exception
            raise ModelError(
                f"The tokenizer {self._path} cannot be read: {error}.", "Fetch or export the model anew."
            ) from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer


def _special_tokens(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """Return the ids that ``tokenizer`` puts before those of a text, and after."""
    encoding = tokenizer.encode("a")
    special = encoding.special_tokens_mask
    begin, end = special.index(0), len(special) - special[::-1].index(0)
    return encoding.ids[:begin], encoding.ids[end:]
