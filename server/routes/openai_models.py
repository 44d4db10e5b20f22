"""``GET /v1/models``: what can be asked for."""

from __future__ import annotations

from fastapi import APIRouter

from server.dependencies import Caller, EngineDep
from server.engine import Engine
from server.openai_protocol.documentation import error_responses
from server.openai_protocol.models import ALIAS, Model, ModelList, check_model

_ERRORS = ("unauthorized", "rate-limited", "not-ready", "internal")

router = APIRouter(tags=["openai"])


@router.get("/v1/models", summary="List the models", responses=error_responses(*_ERRORS))
async def list_models(_: Caller, engine: EngineDep) -> ModelList:
    """List the model that is loaded, and the alias that always stands for it."""
    return ModelList(data=[_model(name, engine) for name in (_served(engine), ALIAS)])


# A model's name may have slashes.
@router.get("/v1/models/{model:path}", summary="Get a model", responses=error_responses("model-not-found", *_ERRORS))
async def get_model(model: str, _: Caller, engine: EngineDep) -> Model:
    """Return a model that the list has."""
    check_model(model, _served(engine))
    return _model(model, engine)


def _served(engine: Engine) -> str:
    return engine.assistant.generator.info.name


def _model(name: str, engine: Engine) -> Model:
    return Model(id=name, created=int(engine.assistant.snapshot.manifest.created.timestamp()))
