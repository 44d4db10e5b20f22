"""A model's own tokenizer file, nothing else of the model loaded: counts tokens, and makes what the model reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Encoding, Tokenizer

from rag.domain import Span
from rag.errors import ModelError


class TokenizerFile:
    """A TokenCounter over a ``tokenizer.json``. Safe to use from several threads.

    ``sequence_tokens`` is the most tokens that the model takes at once, prompt and special tokens included.
    """

    def __init__(self, path: Path, sequence_tokens: int, prompt: str) -> None:
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises bare Exception
            raise ModelError(
                f"The tokenizer {path} cannot be read: {error}.", "Fetch or export the model anew."
            ) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._room = sequence_tokens - self._tokenizer.num_special_tokens_to_add(is_pair=False)
        self._max_tokens = self._room - self.count_tokens(prompt)

    @property
    def max_tokens(self) -> int:
        """The most tokens of a passage's own text that fit the model beside its prompt and special tokens."""
        return self._max_tokens

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of ``text``."""
        return len(self._encode(text))

    def token_spans(self, text: str) -> list[Span]:
        """Return each token's span in ``text``, in order; where one character makes several tokens they share it."""
        return [Span(start, end) for start, end in self._encode(text).offsets]

    def model_input(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of what the model reads of each text: with special tokens, cut to what it takes."""
        ids = []
        for encoding in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False):
            encoding.truncate(self._room)
            ids.append(self._tokenizer.post_process(encoding).ids)
        return ids

    def _encode(self, text: str) -> Encoding:
        return self._tokenizer.encode(text, add_special_tokens=False)
