"""Files with a JSON object on each line, read so that a bad line is named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rag.errors import PinciteError


def read_rows(path: Path, remedy: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each row with its place, "file:line"; blank lines are passed over.

    Raises:
        PinciteError: the file cannot be read, then with ``remedy``; or a line is no JSON object.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PinciteError(f"{path} cannot be read: {error}.", remedy) from error
    # Not splitlines: a JSON string may hold U+2028 and its kin unescaped.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise PinciteError(f"{place} is not valid JSON: {error}.", "Mend that line.") from error
        if not isinstance(row, dict):
            raise PinciteError(f"{place} is not a JSON object.", "Mend that line.")
        yield place, row


def text_of(row: Mapping[str, Any], key: str, place: str) -> str:
    """Return the text under ``key``.

    Raises:
        PinciteError: there is none, or a blank one.
    """
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise PinciteError(f'{place} has no "{key}".', "Mend that line.")
    return value
