"""The names by which models are asked for."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from server.problems import Problem

# Clients that must name a model can use this one, whichever is loaded.
ALIAS = "pincite"


class Model(BaseModel):
    """A model that can be asked for."""

    id: str = Field(examples=[ALIAS])
    object: Literal["model"] = "model"
    created: int = Field(description="When the index that it answers from was made: Unix time in seconds.")
    owned_by: str = ALIAS


class ModelList(BaseModel):
    """The models that can be asked for."""

    object: Literal["list"] = "list"
    data: list[Model]


def check_model(asked: str, served: str) -> None:
    """Make sure that the model asked for is the one served, by its name or by the alias.

    Raises:
        Problem: ``model-not-found``.
    """
    if asked not in (ALIAS, served):
        raise Problem(404, "model-not-found", extra={"param": "model", "models": f"{ALIAS}, {served}"})
