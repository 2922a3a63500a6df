"""A visitor wants to be forgotten: over REST, and in what a client may say of him."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from agent.visitors import Profile, Visitors
from runtime.server.client_events import SessionUpdate, parse
from runtime.server.guard import Guard
from runtime.server.visitors import visitor_routes
from runtime.settings import Server
from visavis.errors import ClientError


def client(*keepers: Visitors | None) -> httpx.AsyncClient:
    house: Any = SimpleNamespace(dialogs={str(n): SimpleNamespace(visitors=each) for n, each in enumerate(keepers)})
    app = FastAPI()
    app.include_router(visitor_routes(lambda: house, Guard(Server(), "127.0.0.1")))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8700")


async def test_without_the_token_nothing_is_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISAVIS_TOKEN", "secret")
    visitors = Visitors(tmp_path, 30)
    visitors.keep("visitor-0001", Profile("Anna"))
    async with client(visitors) as http:
        assert (await http.delete("/api/visitors/visitor-0001")).status_code == 401
        headers = {"authorization": "Bearer secret"}
        assert (await http.delete("/api/visitors/visitor-0001", headers=headers)).json() == {"deleted": True}
        assert (await http.delete("/api/visitors/visitor-0001", headers=headers)).json() == {"deleted": False}


async def test_a_dialog_that_keeps_nobody_deletes_nobody() -> None:
    async with client(None) as http:
        assert (await http.delete("/api/visitors/visitor-0001")).json() == {"deleted": False}
        assert (await http.delete(f"/api/visitors/{'x' * 200}")).status_code == 400


def test_a_client_says_who_comes_and_whether_he_agrees() -> None:
    event = parse(
        '{"type": "session.update", "session": {"avatar": {"visitor": {"id": "visitor-0001", "consent": true}}}}'
    )
    assert isinstance(event, SessionUpdate)
    avatar = event.session.avatar
    assert avatar is not None
    assert avatar.visitor is not None
    assert (avatar.visitor.id, avatar.visitor.consent, avatar.visitor.name) == ("visitor-0001", True, "")


@pytest.mark.parametrize(
    "visitor",
    [
        '{"id": "visitor-0001"}',
        '{"id": "visitor-0001", "consent": "yes"}',
        '{"id": "v", "consent": true}',
        '{"consent": true}',
    ],
)
def test_consent_is_said_in_so_many_words(visitor: str) -> None:
    with pytest.raises(ClientError, match=r"visitor"):
        parse(f'{{"type": "session.update", "session": {{"avatar": {{"visitor": {visitor}}}}}}}')
