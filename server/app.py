"""The application: everything put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from sse_starlette.sse import AppStatus

import rag
from rag import Assistant, Settings
from server import problems
from server.api_description import describe
from server.bodies import BodyRules
from server.engine import Engine
from server.observability.metrics import Metrics
from server.observability.request_ids import RequestIds
from server.observability.requests import RequestLog
from server.routes import (
    chat,
    conversations,
    documents,
    embeddings,
    feedback,
    health,
    openai_chat,
    openai_models,
    passages,
    search,
    session,
)
from server.security import middleware
from server.security.access import Gate
from server.store.database import Database, database_url, open_database
from server.unforeseen import Unforeseen
from server.web_files import WebCaching

WEB = Path(__file__).parent / "web"
_ROUTES = (
    *(chat, openai_chat, openai_models, embeddings, search, documents, passages),
    *(conversations, feedback, session, health),
)


def create_app(
    settings: Settings,
    open_assistant: Callable[..., Assistant] = rag.open_assistant,
    database: Database | None = None,
) -> FastAPI:
    """Return the application. Nothing is loaded before it starts.

    Args:
        settings: the settings of the installation.
        open_assistant: makes the assistant; see ``Engine``.
        database: an open database, which the caller closes; by default the one that the settings name.

    Raises:
        ConfigurationError: the settings name no database that could be used.
    """
    opened = database or open_database(database_url(settings))
    AppStatus.enable_automatic_graceful_drain = False  # streams end within the grace time, see Engine.stop

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(opened.migrate)
        await app.state.engine.start()
        yield
        await app.state.engine.stop()
        if database is None:
            await asyncio.to_thread(opened.close)

    app = FastAPI(
        title="Pincite",
        version=version("pincite"),
        lifespan=lifespan,
        docs_url=None,  # those pages fetch scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.metrics = Metrics()
    app.state.engine = Engine(settings, open_assistant, app.state.metrics)
    app.state.database = opened
    app.state.gate = Gate(settings, opened.keys)
    problems.install(app)
    for routes in _ROUTES:
        app.include_router(routes.router)
    app.frontend("/", directory=WEB, fallback=None)
    describe(app)
    _add_middleware(app, settings)
    return app


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """Add the middleware from the inside out: what is added last sees a request first."""
    app.add_middleware(BodyRules, limit_kb=settings.server.max_body_kb)
    app.add_middleware(WebCaching)
    app.add_middleware(Unforeseen)
    middleware.install(app, settings.server)
    app.add_middleware(RequestLog, metrics=app.state.metrics)
    app.add_middleware(RequestIds)
