"""The application without voices and faces: its REST API over the files of a small museum."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from fastapi import FastAPI

from knowledge.library import Library, load_library
from runtime.server.app import make_app
from runtime.server.guard import Guard
from runtime.sessions import Sessions
from runtime.settings import Dialog, Installation

APP = "cache: {dir: CACHE}\n"
MUSEUM = """\
# What the museum's desk knows.
knowledge: museum
language: en
greetings:
  items:
    - {id: welcome, on: enter, say: "Welcome!"}   # to everybody
faq:
  enabled: true
  items:
    - id: opening-hours   # asked most
      ask: [When do you open?, What are your hours?]
      say: "At nine."

    - id: tickets
      ask: [How much is it?]
      say: "Nine euros."
"""
MORE = """\
knowledge: museum
language: en
skills:
  items:
    - id: parking
      intents:
        # the yard
        - {id: where-to-park, ask: [Where can I park?], say: In the yard.}
        - {id: parking-price, ask: [What is parking?, Is parking free?], say: It is free.}
documents:
  - {path: guide.md}
"""


class FakeHouse:
    """Dialogs that say which library they took in last."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self._folder = folder
        chosen = Dialog(dialog="desk", knowledge=("museum",), **settings)
        self.dialogs: dict[str, Any] = {
            "desk": SimpleNamespace(
                name="desk", settings=chosen, language="en", library=None, knowledge=None, warnings=list
            )
        }
        self.broken = False
        self.sessions = Sessions()

    @property
    def library(self) -> Library:
        """What the avatar would answer from."""
        found: Library = self.dialogs["desk"].library
        return found

    async def take_in(self, library: str) -> bool:
        self.dialogs["desk"].library = load_library(library, self._folder)
        return not self.broken

    async def pronounce(self) -> bool:
        return not self.broken

    def warnings(self) -> list[str]:
        return []


def write_desk(folder: Path) -> Path:
    """Write the museum's files below a folder."""
    knowledge = folder / "knowledge"
    knowledge.mkdir(parents=True)
    (folder / "app.yaml").write_text(APP.replace("CACHE", str(folder / "kept" / "cache")))
    (knowledge / "museum.yaml").write_text(MUSEUM)
    (knowledge / "skills.yaml").write_text(MORE)
    (knowledge / "tea.yaml").write_text("knowledge: tea\nlanguage: zh\n")
    (knowledge / "guide.md").write_text("# The guide\n\nThe museum is old.\n")
    return folder


def desk_app(folder: Path, **settings: Any) -> tuple[FastAPI, FakeHouse]:
    """The application and the house that it believes in."""
    installation = Installation(folder)
    app = make_app(installation, Guard(installation.app.server, "127.0.0.1"))
    app.router.lifespan_context = _no_life
    app.state.house = house = FakeHouse(folder / "knowledge", **settings)
    return app, house


@asynccontextmanager
async def _no_life(_: FastAPI) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def desk_client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application in this process."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1/api") as client:
        yield client


def error(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The error of an answer, which has the one shape that they all have."""
    assert (response.status_code, response.json()["error"]["code"]) == (status, code), response.text
    assert set(response.json()) == {"error"}
    found: dict[str, Any] = response.json()["error"]
    assert set(found) == {"code", "message", "problem", "where", "remedy"}
    assert found["problem"]
    return found
