"""Leaving out the rows of a table that are about something else than the question.

The cells of a table look alike, and a small model takes one from the row beside. Where the question names what only
some rows hold, the others do not help it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from rag.index.analysis import content_terms

# As the readers write them: "Maker: Huawei; Growth: 42%".
_CELL = re.compile(r"(?P<label>[^:;]{1,60}): (?P<value>[^;]*)(?:; |$)")
# Rows that share nearly as many words with the question as the best row stay beside it.
_NEARLY = 0.7


def rows_off_topic(question: str, texts: Sequence[str], tables: Sequence[object]) -> set[int]:
    """Return which of ``texts`` are rows of a table that other rows of it answer to better.

    ``tables`` tells for each text where it stands (its document): rows with the same labels there are one table. The
    words that count are those of the question that stand in the cells of some rows and not of all.
    """
    found: defaultdict[tuple[object, tuple[str, ...]], dict[int, frozenset[str]]] = defaultdict(dict)
    asked = frozenset(content_terms(question))
    for row, text in enumerate(texts):
        cells = list(_CELL.finditer(text))
        if len(cells) > 1:
            labels = tuple(cell["label"] for cell in cells)
            held = content_terms(" ".join(cell["value"] for cell in cells))
            found[tables[row], labels][row] = asked.intersection(held)
    return {row for rows in found.values() for row in _poorer(rows)}


def _poorer(rows: dict[int, frozenset[str]]) -> list[int]:
    common = frozenset.intersection(*rows.values())
    shared = {row: len(terms - common) for row, terms in rows.items()}
    best = max(shared.values())
    return [row for row, count in shared.items() if count < _NEARLY * best]
