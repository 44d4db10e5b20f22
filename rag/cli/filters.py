"""``--where KEY=VALUE`` as a filter on metadata."""

from __future__ import annotations

from collections.abc import Sequence

from rag.domain import MetadataValue
from rag.errors import ConfigurationError


def parse_filters(where: Sequence[str]) -> dict[str, MetadataValue]:
    """Return the filter that ``where`` spells; a key that comes twice matches either value.

    Raises:
        ConfigurationError: one of them is not KEY=VALUE.
    """
    filters: dict[str, tuple[str, ...]] = {}
    for condition in where:
        key, equals, value = condition.partition("=")
        if not (key.strip() and equals):
            raise ConfigurationError(
                f"--where {condition!r} is not KEY=VALUE.", "Write, for example, topic=regulation."
            )
        filters[key.strip()] = (*filters.get(key.strip(), ()), value.strip())
    return dict(filters)
