"""An operator steers a session that somebody is in, over REST; a client steers its own, over the socket."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from place import HOURS, Server
from visitor import Visitor, visit

MANUAL = Path(__file__).parents[2] / "docs" / "control.md"
LINE = "The tour begins in five minutes."


@pytest.fixture
async def api(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{server.url}/api/sessions", timeout=30) as client:
        yield client


async def arrived(visitor: Visitor, **wishes: Any) -> str:
    """The session's id, once it has an avatar."""
    return str((await visitor.show(**{"video": "none", **wishes}))["id"])


async def ordered(visitor: Visitor, *states: str) -> list[dict[str, Any]]:
    """The next changes of orders, whose states are these."""
    orders = [(await visitor.until("avatar.order"))["order"] for _ in states]
    assert [each["state"] for each in orders] == list(states)
    return orders


async def test_what_is_ordered_over_rest_the_visitor_hears(server: Server, api: httpx.AsyncClient) -> None:
    async with visit(server) as visitor:
        name = await arrived(visitor)
        assert name in [each["id"] for each in (await api.get(f"{server.url}/api/sessions")).json()["items"]]
        order = (await api.post(f"/{name}/speak", json={"text": LINE})).json()
        (speaking,) = await ordered(visitor, "speaking")
        said = (await visitor.until("response.done"))["response"]
        (done,) = await ordered(visitor, "done")
        assert speaking["id"] == done["id"] == order["id"]
        assert (said["status"], said["output"][0]["content"][0]["transcript"]) == ("completed", LINE)
        assert len(visitor.all("response.output_audio.delta")) > 20
        told = (await api.get(f"/{name}/orders/{order['id']}")).json()
        assert (told["state"], told["heard"]) == ("done", LINE)
        assert (await api.get(f"/{name}")).json()["turns"] == 1
    await gone(api, name)


async def gone(api: httpx.AsyncClient, name: str) -> None:
    """The server has noticed that the visitor went."""
    async with asyncio.timeout(20):
        while (await api.get(f"/{name}")).status_code != 410:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_client_steers_its_own_session_over_the_socket(server: Server) -> None:
    async with visit(server) as visitor:
        await visitor.send("avatar.speak", text=LINE)
        assert (await visitor.refusal())["code"] == "avatar_not_enabled"
        await arrived(visitor)
        await visitor.send("avatar.speak", text=LINE, urgency="now", event_id="mine")
        assert (await visitor.until("avatar.order"))["client_event_id"] == "mine"
        await ordered(visitor, "speaking", "done")
        await visitor.send("avatar.mute", muted=True)
        assert (await visitor.until("avatar.steered"))["muted"] is True
        await visitor.send("avatar.card", title="Tickets", image="hours.svg")
        card = await visitor.until("avatar.card")
        assert (card["title"], card["image"]) == ("Tickets", "/media/silent/hours.svg")
        await visitor.send("avatar.background", colour="#223344")
        background = await visitor.until("avatar.background")
        assert (background["colour"], background["drawn"]) == ("#223344", False), (
            "who takes no pictures draws it itself"
        )
        await visitor.send("avatar.background", picture="../app.yaml", event_id="bad")
        assert (await visitor.refusal())["event_id"] == "bad"
        await visitor.send("avatar.action", name="wave")
        await visitor.send("avatar.emotion", label="happy", for_s=2)
        await visitor.send("avatar.feedback", like=True)
        await visitor.send("avatar.stop")
        assert (await visitor.answer("When do you open?"))["status"] == "completed"
        assert not any(delta["delta"].strip("A=") for delta in visitor.all("response.output_audio.delta")[-5:]), "muted"


async def test_the_pictures_go_on_before_another_background(server: Server, api: httpx.AsyncClient) -> None:
    async with visit(server) as visitor:
        name = await arrived(visitor, video="h264")
        await visitor.until_pictures(5)
        assert (await api.post(f"/{name}/background", json={"picture": "hours.svg"})).status_code == 200
        assert (await visitor.until("avatar.background"))["drawn"] is True
        before = len(visitor.pictures)
        pictures = (await visitor.until_pictures(before + 10))[before:]
        assert all(after.pts > first.pts for first, after in pairwise(pictures))
        told = (await api.get(f"/{name}/behavior")).json()
        assert told["root"]["status"] == "RUNNING"
        last = max((each["n"] for each in told["decisions"]), default=0)
        later = (await api.get(f"/{name}/behavior", params={"after": last})).json()["decisions"]
        assert all(each["n"] > last for each in later)


async def test_a_session_that_is_ended_leaves_the_others_alone(server: Server, api: httpx.AsyncClient) -> None:
    async with visit(server) as visitor, visit(server) as other:
        name, _ = await arrived(visitor), await arrived(other)
        assert (await api.delete(f"/{name}")).status_code == 204
        assert (await visitor.refusal())["code"] == "session_ended"
        assert await visitor.until_closed() == (1001, "session_ended")
        await gone(api, name)
        refused = await api.post(f"/{name}/speak", json={"text": LINE})
        assert (refused.status_code, refused.json()["error"]["code"]) == (410, "gone")
        said = await other.answer("When do you open?")
        assert said["output"][0]["content"][0]["transcript"] == HOURS


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is missing")
async def test_the_commands_of_the_manual_work(server: Server) -> None:
    block = MANUAL.read_text(encoding="utf-8").split("```")[1].removeprefix("sh")
    here = block.replace("http://127.0.0.1:8700", server.url).replace("curl ", "curl -sS --fail-with-body ")
    async with visit(server) as visitor:
        name = await arrived(visitor)
        here = here.replace("id=$(", f"id={name} # $(")
        running = await asyncio.create_subprocess_exec(
            "bash", "-euc", here, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        told, problem = await running.communicate()
        assert running.returncode == 0, (problem + told).decode()
        assert (await visitor.until("avatar.card"))["link"] == "https://museum.example/tickets"
        assert (await visitor.until("avatar.background"))["colour"] == "#2f4f4f"
        assert (await visitor.until("avatar.steered"))["muted"] is True
