"""What routes ask for, as annotations."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from rag.settings import Settings
from server.engine import Engine
from server.languages import InterfaceLanguage, preferred_language
from server.observability.metrics import Metrics
from server.security.access import identify, require_scope
from server.store.base import Identity
from server.store.database import Database


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _metrics(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics


def _language(request: Request) -> InterfaceLanguage:
    return preferred_language(request.headers.get("accept-language", ""))


SettingsDep = Annotated[Settings, Depends(_settings)]
EngineDep = Annotated[Engine, Depends(_engine)]
DatabaseDep = Annotated[Database, Depends(_database)]
MetricsDep = Annotated[Metrics, Depends(_metrics)]
Language = Annotated[InterfaceLanguage, Depends(_language)]

Caller = Annotated[Identity, Depends(identify)]
ChatCaller = Annotated[Identity, Depends(require_scope("chat"))]
SearchCaller = Annotated[Identity, Depends(require_scope("search"))]
AdminCaller = Annotated[Identity, Depends(require_scope("admin"))]
