"""BML over REST and over the socket, to a session that somebody is in."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from place import HOURS, Server
from visitor import Visitor, visit

from behaviors.bml import parse
from visavis.words import SLOT

BLOCK = """
<bml id="b1">
  <speech id="s1"><text>Welcome to <sync id="here"/>the museum!</text></speech>
  <gesture id="g1" lexeme="present_right" stroke="s1:here"/>
  <posture id="p1" lexeme="lean"/>
</bml>
"""


async def performed(visitor: Visitor) -> list[dict[str, Any]]:
    """The feedback of one block, to its end."""
    told = []
    while not told or told[-1]["feedback"] != "blockEnd":
        told.append(await visitor.until("avatar.bml.feedback"))
    return told


def check(visitor: Visitor, told: list[dict[str, Any]]) -> None:
    """Every sync point of the block came, at the samples at which it was heard and seen."""
    assert {each["block"] for each in told} == {"b1"}
    points = {(each["id"], each["sync"]): each["pts"] for each in told if "sync" in each}
    words = {text: start for each in visitor.all("avatar.words") for start, _, text in each["words"]}
    (action,) = visitor.all("avatar.action")
    assert abs(points["s1", "here"] - words["the"]) <= SLOT
    assert action["action"] == "present_right"
    assert points["g1", "stroke"] == action["pts_stroke"]
    assert abs(points["g1", "stroke"] - words["the"]) <= 0.08 * 24_000
    (warning,) = [each for each in told if each["feedback"] == "warning"]
    assert "<posture> cannot be done here" in warning["message"]


async def test_a_program_has_a_block_performed_over_rest(server: Server) -> None:
    async with visit(server) as visitor, httpx.AsyncClient(timeout=30) as client:
        session = await visitor.show(video="none")
        url = f"{server.url}/api/sessions/{session['id']}/bml"
        answer = await client.post(url, json={"bml": BLOCK})
        assert answer.status_code == 202
        assert (answer.json()["speeches"], answer.json()["deeds"]) == (["s1"], ["g1"])
        check(visitor, await performed(visitor))
        refused = await client.post(url, json={"bml": BLOCK.replace("s1:here", "s1:there")})
        assert refused.status_code == 422
        assert "g1.stroke: s1 has no sync point 'there'" in refused.text
        assert (await client.post(f"{server.url}/api/sessions/gone/bml", json={"bml": BLOCK})).status_code == 404


async def test_a_client_has_a_block_performed_over_its_socket(server: Server) -> None:
    async with visit(server) as visitor:
        await visitor.show(video="none")
        await visitor.send("avatar.bml", bml=BLOCK.replace('id="g1"', 'id="g1" start="nobody:end"'), event_id="e1")
        refused = await visitor.refusal()
        assert (refused["code"], refused["param"], refused["event_id"]) == ("invalid_bml", "g1.start", "e1")
        await visitor.send("avatar.bml", bml=BLOCK)
        check(visitor, await performed(visitor))


async def test_an_answer_is_written_down_on_wish(server: Server) -> None:
    async with visit(server) as visitor:
        await visitor.show(video="none", bml=True)
        await visitor.answer("When do you open?")
        (written,) = visitor.all("avatar.bml")
        said = parse(written["bml"]).behaviors[0]
        assert said.text == HOURS
        starts = [start for event in visitor.all("avatar.words") for start, _, _ in event["words"]]
        assert [round(written["pts"] + at * 24_000) for at in said.times.values()] == pytest.approx(starts, abs=24)
