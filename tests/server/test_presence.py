"""A sensor beside a screen, over REST: whom it reaches, and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI
from steered import settle

from runtime.server.guard import Guard
from runtime.server.presence import presence_routes
from runtime.sessions import Sessions
from runtime.settings import Server

API = "http://127.0.0.1:8700/api"


@pytest.fixture
async def sessions() -> Sessions:
    found = Sessions()
    settle(found)
    return found


@pytest.fixture
async def api(sessions: Sessions) -> AsyncIterator[httpx.AsyncClient]:
    house = SimpleNamespace(dialogs={"desk": None, "empty": None}, sessions=sessions)
    app = FastAPI()
    app.include_router(presence_routes(lambda: house, Guard(Server(), "127.0.0.1")))  # type: ignore[arg-type, return-value]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=API) as client:
        yield client


@pytest.mark.parametrize(("path", "told"), [("dialogs/desk", 1), ("dialogs/empty", 0), ("sessions/sess_1", 1)])
async def test_it_reaches_every_session_of_a_dialog_or_one(
    api: httpx.AsyncClient, sessions: Sessions, path: str, told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    (control,) = sessions
    monkeypatch.setattr(control.session, "sensed", seen.append)
    for somebody in (True, False):
        made = await api.post(f"/{path}/presence", json={"present": somebody})
        assert (made.status_code, made.json()) == (202, {"present": somebody, "sessions": told})
    assert seen == [True, False] * told


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("dialogs/nobody", {"present": True}, 404),
        ("sessions/sess_99", {"present": True}, 404),
        ("dialogs/desk", {}, 422),
        ("dialogs/desk", {"present": "yes"}, 422),
        ("dialogs/desk", {"present": True, "name": "Ann"}, 422),
        ("dialogs/desk", [True], 422),
    ],
)
async def test_what_makes_no_sense_is_refused_in_one_line(
    api: httpx.AsyncClient, path: str, body: object, status: int
) -> None:
    refused = await api.post(f"/{path}/presence", json=body)
    assert refused.status_code == status, refused.text
    assert refused.json()["error"]["message"]


async def test_a_page_of_another_origin_tells_nothing(api: httpx.AsyncClient) -> None:
    refused = await api.post(
        "/dialogs/desk/presence", json={"present": True}, headers={"origin": "https://evil.example"}
    )
    assert refused.status_code in (401, 403)
