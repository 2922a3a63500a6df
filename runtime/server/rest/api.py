"""The API put together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter

from knowledge.editing import KINDS
from runtime.house import House
from runtime.lexicon_desk import LexiconDesk
from runtime.server.guard import Guard
from runtime.server.rest.desk import Desk
from runtime.server.rest.dialogs import dialog_routes
from runtime.server.rest.lexicon import lexicon_routes
from runtime.server.rest.libraries import library_routes
from runtime.server.rest.questions import question_routes
from runtime.server.rest.records import record_routes
from runtime.server.rest.route import route_class
from runtime.server.rest.skills import skill_routes
from runtime.settings import Installation


def rest_routes(installation: Installation, house: Callable[[], House], guard: Guard) -> APIRouter:
    """The routes below `/api`."""
    kept = Path(installation.app.cache.dir).parent
    desk = Desk(installation.folder / "knowledge", kept / "edits", house)
    common = route_class(guard)
    knowledge = APIRouter(tags=["knowledge"], route_class=common)
    library_routes(knowledge, desk)
    skill_routes(knowledge, desk)
    question_routes(knowledge, desk)
    for kind in KINDS:
        record_routes(knowledge, desk, kind)
    dialogs = APIRouter(tags=["dialogs"], route_class=common)
    dialog_routes(dialogs, house)
    lexicon = APIRouter(tags=["lexicon"], route_class=common)
    lexicon_routes(lexicon, LexiconDesk(installation.folder / "lexicon"), house)
    router = APIRouter(prefix="/api")
    router.include_router(lexicon)
    router.include_router(knowledge)
    router.include_router(dialogs)
    return router
