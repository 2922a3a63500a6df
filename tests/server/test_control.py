"""Steering a living session over REST: what is ordered, what is set, and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from desk_place import error
from fastapi import FastAPI
from steered import Museum, Steered, settle

from agent.review import Review
from behaviors.recorded import read_record
from runtime.events import BackgroundSet, CardShown
from runtime.orders import WAITING
from runtime.server.control import control_routes
from runtime.server.guard import Guard
from runtime.sessions import Sessions
from runtime.settings import Server
from visavis.errors import ClientError
from visavis.words import Card, Emotion

ALL = "http://127.0.0.1:8700/api/sessions"
LINE = "The tour begins in five minutes."


@pytest.fixture
async def sessions() -> Sessions:
    return Sessions()


@pytest.fixture
async def one(sessions: Sessions, tmp_path: Path) -> Steered:
    files = {"media/plan.png": tmp_path / "plan.png", "media/film.mp4": tmp_path, "broken.png": tmp_path / "broken.png"}
    return settle(sessions, museum=Museum(files=files))


@pytest.fixture
async def api(sessions: Sessions, one: Steered) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(control_routes(lambda: sessions, Guard(Server(), "127.0.0.1")))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ALL) as client:
        yield client


async def test_sessions_are_listed_without_a_word_of_anybody(api: httpx.AsyncClient) -> None:
    (row,) = (await api.get(ALL)).json()["items"]
    assert row == (await api.get("/sess_1")).json() | {"quiet_s": row["quiet_s"]}
    assert (row["id"], row["dialog"], row["mood"], row["present"]) == ("sess_1", "desk", "idle", True)
    assert row["orders"] == {"waiting": 0, "speaking": 0, "done": 0, "dropped": 0}
    assert row["since"].endswith("+00:00")


async def test_an_order_waits_and_can_be_asked_for(api: httpx.AsyncClient, one: Steered) -> None:
    made = await api.post("/sess_1/speak", json={"text": LINE, "emotion": "happy", "action": "wave"})
    order = made.json()
    assert (made.status_code, order["state"], order["urgency"], order["text"]) == (202, "waiting", "next", LINE)
    assert made.headers["location"] == f"/api/sessions/sess_1/orders/{order['id']}"
    assert (await api.get(f"/sess_1/orders/{order['id']}")).json() == order
    assert (await api.get("/sess_1/orders")).json() == {"items": [order]}
    (placed,) = one.control.session.orders.all
    (sentence,) = placed.sentences
    assert (sentence.text, sentence.emotion, sentence.cues[0].name) == (LINE, Emotion.HAPPY, "wave")
    gone = (await api.delete(f"/sess_1/orders/{order['id']}")).json()
    assert (gone["state"], gone["reason"]) == ("dropped", "it was withdrawn")


async def test_markup_is_said_as_it_means(api: httpx.AsyncClient, one: Steered) -> None:
    text = '<speak>The <emphasis>tour</emphasis> begins <mark name="g:wave"/>now.</speak>'
    made = await api.post("/sess_1/speak", json={"text": text, "urgency": "now"})
    assert made.json()["text"] == "The tour begins now."
    assert one.control.session.orders.all[0].sentences[0].markup == text


async def test_chinese_is_cut_and_felt_as_chinese(sessions: Sessions, one: Steered) -> None:
    control = settle(sessions, "zh", Museum(language="zh")).control
    await control.speak("导览五分钟后开始。非常抱歉让您久等了。")
    sentences = control.session.orders.all[0].sentences
    assert [each.text for each in sentences] == ["导览五分钟后开始。", "非常抱歉让您久等了。"]
    assert sentences[1].emotion is Emotion.SORRY


@pytest.mark.parametrize(
    ("step", "body", "where"),
    [
        ("speak", {}, "text"),
        ("speak", {"text": ""}, "text"),
        ("speak", {"text": "…!"}, "text"),
        ("speak", {"text": "x" * 2_001}, "text"),
        ("speak", {"text": 5}, "text"),
        ("speak", {"text": LINE, "urgency": "soon"}, "urgency"),
        ("speak", {"text": LINE, "emotion": "furious"}, "emotion"),
        ("speak", {"text": LINE, "loud": True}, "loud"),
        ("action", {"name": "backflip"}, "name"),
        ("emotion", {"label": "happy", "intensity": 2}, "intensity"),
        ("emotion", {"label": "happy", "for_s": 0}, "for_s"),
        ("emotion", {"label": "happy", "for_s": 1e9}, "for_s"),
        ("background", {}, "body"),
        ("background", {"colour": "red"}, "colour"),
        ("background", {"colour": "#123456", "picture": "media/plan.png"}, "body"),
        ("background", {"picture": "../../etc/passwd"}, "picture"),
        ("background", {"picture": "/etc/passwd"}, "picture"),
        ("background", {"picture": "media/film.mp4"}, "picture"),
        ("background", {"picture": "broken.png"}, "picture"),
        ("card", {}, "body"),
        ("card", {"title": " "}, "body"),
        ("card", {"title": "Tickets", "none": True}, "body"),
        ("card", {"link": "http://museum.example"}, "link"),
        ("card", {"link": "javascript:alert(1)"}, "link"),
        ("card", {"link": "https://user:secret@museum.example"}, "link"),
        ("card", {"image": "http://museum.example/a.png"}, "image"),
        ("card", {"image": "../secret.png"}, "image"),
        ("mute", {"muted": "yes"}, "muted"),
        ("takeover", {"taken": 1}, "taken"),
        ("freeze", {}, "frozen"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    step: str, body: dict[str, Any], where: str, api: httpx.AsyncClient, one: Steered
) -> None:
    found = error(await api.post(f"/sess_1/{step}", json=body), 422, "invalid")
    assert found["where"] == where
    assert (one.outlet.events, one.dressed, one.control.session.orders.all) == ([], [], [])


async def test_more_than_may_wait_is_refused(api: httpx.AsyncClient) -> None:
    for _ in range(WAITING):
        assert (await api.post("/sess_1/speak", json={"text": LINE, "urgency": "idle"})).status_code == 202
    found = error(await api.post("/sess_1/speak", json={"text": LINE}), 429, "too_many_requests")
    assert "wait until some are done" in found["message"]
    assert (await api.post("/sess_1/stop")).json()["orders"] == {
        "waiting": 0, "speaking": 0, "done": 0, "dropped": WAITING,
    }  # fmt: skip


async def test_a_session_that_is_gone_is_told_from_one_that_never_was(
    api: httpx.AsyncClient, sessions: Sessions
) -> None:
    error(await api.get("/sess_2"), 404, "not_found")
    error(await api.get("/sess_1/orders/order_1"), 404, "not_found")
    sessions.end("sess_1")
    for method, step in ("GET", ""), ("POST", "/speak"), ("DELETE", ""):
        refused = await api.request(method, f"/sess_1{step}", json={"text": LINE})
        assert "has ended" in error(refused, 410, "gone")["problem"]
    assert (await api.get(ALL)).json() == {"items": []}


async def test_only_so_many_that_ended_are_known(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.sessions.ENDED", 3)
    for number in range(5):
        settle(sessions, f"s{number}")
        sessions.end(f"s{number}")
    with pytest.raises(ClientError, match="there is no session 's1'"):
        sessions.find("s1")
    with pytest.raises(ClientError, match="has ended"):
        sessions.find("s2")


async def test_ending_one_touches_no_other(api: httpx.AsyncClient, sessions: Sessions, one: Steered) -> None:
    other = settle(sessions, "sess_2")
    assert (await api.delete("/sess_1")).status_code == 204
    assert (one.ended, other.ended) == (["sess_1"], [])


async def test_a_card_is_shown_and_taken_away(api: httpx.AsyncClient, one: Steered) -> None:
    body = {"title": "Tickets", "text": "Nine euros.", "image": "media/plan.png", "link": "https://museum.example/t"}
    assert (await api.post("/sess_1/card", json=body)).status_code == 200
    assert (await api.post("/sess_1/card", json={"none": True})).status_code == 200
    cards = [event.card for event in one.told(CardShown)]
    assert cards == [Card("Tickets", "Nine euros.", "media/plan.png", "https://museum.example/t"), None]


async def test_the_background_is_a_colour_a_picture_or_the_avatars_own(
    api: httpx.AsyncClient, one: Steered, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("runtime.control.BACKGROUND_S", 0.0)
    told = (await api.post("/sess_1/background", json={"colour": "#223344"})).json()
    assert told["background"] == {"colour": "#223344", "picture": None}
    told = (await api.post("/sess_1/background", json={"picture": "media/plan.png"})).json()
    assert told["background"] == {"colour": None, "picture": "media/plan.png"}
    told = (await api.post("/sess_1/background", json={"none": True})).json()
    assert told["background"] == {"colour": None, "picture": None}
    assert one.dressed == ["#223344", str(tmp_path / "plan.png"), ""]
    assert one.told(BackgroundSet)[1] == BackgroundSet("", "media/plan.png", drawn=True)


async def test_it_is_not_changed_again_at_once(api: httpx.AsyncClient, one: Steered) -> None:
    assert (await api.post("/sess_1/background", json={"colour": "#223344"})).status_code == 200
    error(await api.post("/sess_1/background", json={"colour": "#445566"}), 429, "too_many_requests")
    assert one.dressed == ["#223344"]


async def test_what_is_set_is_told(api: httpx.AsyncClient) -> None:
    assert (await api.post("/sess_1/mute", json={"muted": True})).json()["muted"]
    assert (await api.post("/sess_1/takeover", json={"taken": True})).json()["taken_over"]
    assert (await api.post("/sess_1/emotion", json={"label": "happy", "for_s": 5})).status_code == 200
    assert (await api.post("/sess_1/freeze", json={"frozen": True})).json()["frozen"]
    refused = error(await api.post("/sess_1/speak", json={"text": LINE}), 409, "frozen")
    assert "freeze {frozen: false}" in refused["remedy"]
    error(await api.post("/sess_1/action", json={"name": "wave"}), 409, "frozen")
    told = (await api.post("/sess_1/freeze", json={"frozen": False})).json()
    assert (told["muted"], told["taken_over"], told["frozen"]) == (True, True, False)


async def test_the_tree_can_be_watched(api: httpx.AsyncClient, one: Steered) -> None:
    told = (await api.get("/sess_1/behavior")).json()
    assert told["root"]["children"]
    assert (await api.get("/sess_1/behavior?after=-1")).status_code == 422


async def test_what_the_tree_did_can_be_kept(api: httpx.AsyncClient, one: Steered, tmp_path: Path) -> None:
    told = await api.get("/sess_1/behavior/record")
    assert told.headers["content-type"].startswith("application/x-ndjson")
    assert 'filename="sess_1.jsonl"' in told.headers["content-disposition"]
    (tmp_path / "record.jsonl").write_text(told.text, "utf-8")
    assert read_record(tmp_path / "record.jsonl").tree == "kiosk"
    error(await api.get("/sess_9/behavior/record"), 404, "not_found")


async def test_words_pass_the_review_of_the_dialog(sessions: Sessions, one: Steered) -> None:
    control = settle(sessions, "reviewed", Museum(review=Review())).control
    call = "Call 415-555-0132 for tickets."
    await control.speak(call)
    with pytest.raises(ClientError, match="the review does not let it pass"):
        await control.speak(call, own=True)


async def test_the_token_is_asked_for(sessions: Sessions, one: Steered, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISAVIS_TOKEN", "secret")
    app = FastAPI()
    app.include_router(control_routes(lambda: sessions, Guard(Server(), "127.0.0.1")))
    app.state.house = SimpleNamespace(sessions=sessions)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=ALL) as api:
        for made in ("GET", ""), ("POST", "/sess_1/speak"), ("DELETE", "/sess_1"):
            error(await api.request(made[0], f"{ALL}{made[1]}", json={"text": LINE}), 401, "unauthorized")
        assert (await api.get(ALL, headers={"authorization": "Bearer secret"})).status_code == 200
        foreign = {"authorization": "Bearer secret", "origin": "https://elsewhere.example"}
        error(await api.get(ALL, headers=foreign), 401, "unauthorized")
    assert one.control.session.orders.all == []
