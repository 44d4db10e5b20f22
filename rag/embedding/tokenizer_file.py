"""A model's own tokenizer file, nothing else of the model loaded: counts tokens, and makes what the model reads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from tokenizers import Encoding, Tokenizer

from rag.domain import Span
from rag.embedding.vocabulary import NumberedTokenizer, Vocabulary
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
        bare = vocabulary.bare if vocabulary else self._whole.tokenizer
        self._room = sequence_tokens - bare.num_special_tokens_to_add(is_pair=False)
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
        numbered = self._tokenizer_for(texts)
        ids = []
        for encoding in _cut(numbered.tokenizer, texts):
            encoding.truncate(self._room)
            whole = numbered.tokenizer.post_process(encoding)
            # Special tokens have the model's ids.
            known = zip(whole.ids, whole.special_tokens_mask, strict=True)
            ids.append([own if special else numbered.ids[own] for own, special in known])
        return ids

    def _encode(self, text: str) -> Encoding:
        return self._tokenizer_for([text]).tokenizer.encode(text, add_special_tokens=False)

    def _tokenizer_for(self, texts: Sequence[str]) -> NumberedTokenizer:
        self._seen += sum(map(len, texts))
        if self._vocabulary is None or self._seen > _MANY:
            return self._whole
        return self._vocabulary.tokenizer_for(texts) or self._whole

    @cached_property
    def _whole(self) -> NumberedTokenizer:
        try:
            tokenizer = Tokenizer.from_file(str(self._path))
        except Exception as error:  # the library raises bare Exception
            raise ModelError(
                f"The tokenizer {self._path} cannot be read: {error}.", "Fetch or export the model anew."
            ) from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return NumberedTokenizer(tokenizer, range(tokenizer.get_vocab_size()))


def _cut(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Encoding]:
    if len(texts) == 1:  # Python's lock is kept: for one text it would take longer to get it back than to cut
        return [tokenizer.encode(texts[0], add_special_tokens=False)]
    return tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
