"""Which of the interface's languages a caller prefers."""

from __future__ import annotations

from typing import Literal, TypeAlias

InterfaceLanguage: TypeAlias = Literal["en", "zh"]


def preferred_language(accept_language: str) -> InterfaceLanguage:
    """Return the language that an Accept-Language header puts first; English where it names neither."""
    weights: dict[str, float] = {}
    for part in accept_language.lower().split(","):
        tag, *parameters = (piece.strip() for piece in part.split(";"))
        language = tag.split("-")[0]
        weights[language] = max(weights.get(language, 0.0), _weight(parameters))
    return "zh" if weights.get("zh", 0.0) > weights.get("en", 0.0) else "en"


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
