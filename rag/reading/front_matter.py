"""YAML front matter: finding it, parsing it without surprises, and turning its values into metadata."""

from __future__ import annotations

import datetime
import json
import math
import re
from typing import Any

import yaml

from rag.domain import Metadata, MetadataValue
from rag.errors import UnreadableFileError
from rag.reading.normalising import normalise

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<yaml>.*?)(?<=\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
# Front matter names a document; what is longer is data, or an attack on the parser.
_LONGEST = 64_000
_DEEPEST_NESTING = 50
_REMEDY = "Mend the lines between the two --- at the top of the file."
# The C loader is the same safe subset, only faster; it is missing where PyYAML was built without libyaml.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def split_front_matter(text: str) -> tuple[Metadata, str]:
    """Split normalised ``text`` into its front matter and the body that follows.

    Raises:
        UnreadableFileError: the front matter is not valid YAML, not a mapping, too long, or uses aliases.
    """
    found = _FRONT_MATTER.match(text)
    if found is None:
        return {}, text
    source = found["yaml"]
    if len(source) > _LONGEST:
        raise UnreadableFileError(f"front matter longer than {_LONGEST:,} characters", _REMEDY)
    values = _parse(source)
    return {str(key): _metadata_value(value) for key, value in values.items()}, text[found.end() :]


def _parse(source: str) -> dict[Any, Any]:
    try:
        _check_events(source)
        values = yaml.load(source, Loader=_LOADER)  # noqa: S506 - the safe loader, see above
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f" at line {mark.line + 2}" if mark else ""
        raise UnreadableFileError(f"broken front matter{line}: {error.problem or error.context}", _REMEDY) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else "it cannot be parsed"
        raise UnreadableFileError(f"broken front matter: {reason}", _REMEDY) from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise UnreadableFileError("front matter at line 2 is not a mapping (key: value)", _REMEDY)
    return values


def _check_events(source: str) -> None:
    """Refuse what the loader cannot bear: aliases, of which a dozen can stand for billions of values, and deep nesting,
    which overflows the stack of the C loader and with it ends the process.
    """
    depth = 0
    for event in yaml.parse(source, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableFileError("front matter uses YAML aliases (*name)", _REMEDY)
        if depth > _DEEPEST_NESTING:
            raise UnreadableFileError("front matter is nested too deeply", _REMEDY)


def _metadata_value(value: object) -> MetadataValue:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set):
        return tuple(_as_text(item) for item in value)
    return _as_text(value)


def _as_text(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return normalise(json.dumps(value, ensure_ascii=False, default=_as_text))
    return normalise(str(value))
