"""The pieces of a Unigram tokenizer on disk, to cut some texts into tokens without reading all of them.

How a text is cut (Kudo, 2018: into the most probable pieces) depends on the pieces that occur in it alone. To make the
default embedder's tokenizer, of 250,000 pieces, takes .6 s; one of those in a page 6 ms.
"""

from __future__ import annotations

import json
from collections.abc import Sequence, Set
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from tokenizers import Tokenizer, models

# Questions are made of words that others had, too.
_KNOWN_WORDS = 10_000
_PIECES, _SCORES, _IDS, _REST = "pieces.npy", "scores.npy", "ids.npy", "rest.json"


class Vocabulary:
    """All pieces of a tokenizer, looked up where they lie. Safe to use from several threads.

    Attributes:
        bare: the tokenizer without its pieces: what it does before and after cutting.
    """

    def __init__(self, folder: Path) -> None:
        """Open what ``write_vocabulary`` wrote.

        Raises:
            OSError, EOFError, ValueError, KeyError: a file is missing or damaged.
        """
        self._pieces, self._scores, self._ids = (
            np.load(folder / name, mmap_mode="r") for name in (_PIECES, _SCORES, _IDS)
        )
        rest = json.loads((folder / _REST).read_text(encoding="utf-8"))
        self.bare = Tokenizer.from_str(json.dumps(rest["tokenizer"]))
        self._always = [(piece, score) for piece, score in rest["tokenizer"]["model"]["vocab"]]
        self._always_ids: list[int] = rest["ids"]
        self._cut_out: list[str] = rest["cut_out"]
        self._longest: int = rest["longest"]
        self._ids_in = lru_cache(_KNOWN_WORDS)(self._cut)

    @classmethod
    def open(cls, folder: Path) -> Self | None:
        """Open what ``write_vocabulary`` wrote; None where it wrote nothing, or what is there is damaged."""
        try:
            return cls(folder)
        except (OSError, EOFError, ValueError, KeyError):
            return None

    def ids(self, text: str) -> list[int] | None:
        """Return the model's ids of the tokens of ``text``; None where a special token stands in it."""
        normal = self._normalized(text)
        if self._is_special(text, normal):
            return None
        return [number for word in self._words(normal) for number in self._ids_in(word)]

    def tokenizer_for(self, text: str) -> Tokenizer | None:
        """Return a tokenizer, with ids of its own, that cuts ``text``; None where a special token stands in it."""
        normal = self._normalized(text)
        if self._is_special(text, normal):
            return None
        found = {place for word in set(self._words(normal)) for place in self._find(word)}
        tokenizer = Tokenizer(self._model_of(sorted(found)))
        for step in ("normalizer", "pre_tokenizer", "post_processor"):
            if (does := getattr(self.bare, step)) is not None:
                setattr(tokenizer, step, does)
        return tokenizer

    def _normalized(self, text: str) -> str:
        return self.bare.normalizer.normalize_str(text) if self.bare.normalizer else text

    def _is_special(self, text: str, normal: str) -> bool:
        return any(token in text or token in normal for token in self._cut_out)

    def _words(self, normal: str) -> Sequence[str]:
        if self.bare.pre_tokenizer is None:
            return [normal]
        return [word for word, _ in self.bare.pre_tokenizer.pre_tokenize_str(normal)]

    def _cut(self, word: str) -> Sequence[int]:
        found = self._find(word)
        ids = [*self._always_ids, *self._ids[found].tolist()]
        return [ids[token.id] for token in self._model_of(found).tokenize(word)]

    def _model_of(self, places: Sequence[int]) -> models.Unigram:
        pieces = map(bytes.decode, self._pieces[places].tolist())
        scored = zip(pieces, self._scores[places].tolist(), strict=True)
        return models.Unigram([*self._always, *scored], 0, byte_fallback=False)

    def _find(self, word: str) -> list[int]:
        """Return the places of those parts of ``word`` that are pieces, in order."""
        width = self._pieces.dtype.itemsize
        parts = map(str.encode, self._parts(word))
        sought = np.array([part for part in parts if len(part) <= width], self._pieces.dtype)
        places = np.minimum(np.searchsorted(self._pieces, sought), len(self._pieces) - 1)
        found: list[int] = np.sort(places[self._pieces[places] == sought]).tolist()
        return found

    def _parts(self, word: str) -> Set[str]:
        return {
            word[start:end]
            for start in range(len(word))
            for end in range(start + 1, min(start + self._longest, len(word)) + 1)
        }


def write_vocabulary(tokenizer_file: Path, folder: Path) -> None:
    """Write the pieces of a ``tokenizer.json`` to ``folder``; nothing where it is of another kind.

    Raises:
        OSError: a file cannot be read or written.
        ValueError: the tokenizer is no JSON.
    """
    rest: dict[str, Any] = json.loads(tokenizer_file.read_text(encoding="utf-8"))
    model = rest["model"]
    if model.get("type") != "Unigram" or model.get("byte_fallback") or model.get("unk_id") is None:
        return
    vocabulary: list[tuple[str, float]] = [(piece, score) for piece, score in model["vocab"]]
    # What is unknown costs more than the least probable piece.
    lowest = min(range(len(vocabulary)), key=lambda number: vocabulary[number][1])
    always = list(dict.fromkeys([model["unk_id"], lowest]))
    # numpy's strings end before zero bytes; a text with some is left to the whole tokenizer.
    table = sorted(
        (piece.encode(), score, number)
        for number, (piece, score) in enumerate(vocabulary)
        if number not in always and piece and "\0" not in piece
    )
    cut_out = ["\0", *(token["content"] for token in rest["added_tokens"])]
    model.update(vocab=[vocabulary[number] for number in always], unk_id=0)
    rest.update(added_tokens=[], truncation=None, padding=None)
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in zip((_PIECES, _SCORES, _IDS), map(np.array, zip(*table, strict=True)), strict=True):
        np.save(folder / name, values)
    longest = max(len(piece) for piece, _ in vocabulary)
    saved = {"tokenizer": rest, "ids": always, "cut_out": cut_out, "longest": longest}
    (folder / _REST).write_text(json.dumps(saved, ensure_ascii=False), encoding="utf-8")
