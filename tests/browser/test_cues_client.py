"""The client that docs/cues.md shows: a stub of a 3D head is driven by a real session, in a real browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests" / "server"))
from place import HOURS, Server, write_museum  # noqa: E402

CLIENT = (ROOT / "docs" / "cues-client.js").read_text("utf-8")
STUB = """
(source) => import(URL.createObjectURL(new Blob([source], {type: "text/javascript"}))).then((client) => {
  const seen = window.seen = {morphs: [], turns: [], acts: [], rests: 0, feelings: []};
  const head = {
    morphs: (weights) => seen.morphs.push({pts: window.client.now(), ...weights}),
    turn: (degrees) => seen.turns.push(degrees),
    act: (name, since, length) => seen.acts.push({name, since, length}),
    rest: () => { seen.rests += 1; },
    feel: (label, intensity) => seen.feelings.push({label, intensity}),
  };
  const url = location.href.replace("http", "ws").replace(/livez.*/, "v1/realtime?model=silent");
  window.events = [];
  window.client = new client.Client(url, head, new AudioContext());
  window.client.socket.addEventListener("message", ({data}) => window.events.push(JSON.parse(data)));
  setInterval(() => window.client.draw(), 16);
  window.line = new client.Line();
})
"""


@pytest.fixture(scope="module")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(write_museum(tmp_path_factory.mktemp("museum"))) as server:
        yield server


@pytest.fixture
def page(browser: Any, museum: Server) -> Iterator[Any]:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{museum.url}/livez")
    page.evaluate(STUB, CLIENT)
    yield page
    context.close()


def kinds(page: Any) -> str:
    return str(page.evaluate("events.map((event) => event.type).join(' ')"))


def until(page: Any, condition: str) -> None:
    page.wait_for_function(f"() => {condition}", timeout=30_000)


def test_a_head_speaks_nods_and_rests(page: Any) -> None:
    page.evaluate("client.ask('When do you open?')")
    until(page, "events.some((event) => event.type === 'response.done')")
    seen = page.evaluate("seen")
    jaw = [each["jawOpen"] for each in seen["morphs"]]
    assert max(jaw) > 0.3
    assert min(each["pts"] for each in seen["morphs"]) >= -24_000
    (act,) = seen["acts"]
    assert act["name"] == "nod"
    assert 0 <= act["since"] < act["length"]
    assert max(each["pitch"] for each in seen["turns"]) > 8
    said = page.evaluate("events.filter((event) => event.type === 'avatar.words').flatMap((event) => event.words)")
    assert len(said) == len(HOURS.split())
    played = page.evaluate("Object.values(client.played)[0]")
    assert played > 1000, "the server is told what was heard"


def test_what_is_cleared_never_happens(page: Any) -> None:
    page.evaluate("client.ask('Tell me everything about the museum.')")
    until(page, "seen.morphs.some((each) => each.jawOpen > 0.3)")
    page.evaluate("client.send('response.cancel')")
    until(page, "events.some((event) => event.type === 'avatar.clear')")
    until(page, "events.at(-1).type === 'avatar.blendshapes' && client.sources.size === 0")
    page.wait_for_function("() => seen.morphs.at(-1).jawOpen < 0.02", timeout=30_000)
    assert page.evaluate("seen.rests") >= 1
    assert page.evaluate("client.line.due.length") == 0


def test_a_face_flows_between_two_frames_and_steps_back_when_cleared(page: Any) -> None:
    frame = "{type: 'avatar.blendshapes', pts: %d, fps: 25, names: ['jawOpen'], frames: [[%s]], head: [[%s, 0, 0]]}"
    for pts, jaw, yaw in ((0, 0.0, 0), (960, 0.5, 10), (1920, 1.0, 20)):
        page.evaluate(f"line.take({frame % (pts, jaw, yaw)}, 0)")
    assert page.evaluate("line.at(480)") == {"weights": [0.25], "head": {"yaw": 5, "pitch": 0, "roll": 0}}
    assert page.evaluate("line.at(99999).weights") == [1.0]
    page.evaluate("line.take({type: 'avatar.clear', turn: 1, fade_ms: 40}, 1000)")
    assert page.evaluate("line.at(99999).weights") == [0.5]
    assert page.evaluate("line.ready(1000).map((each) => each.type)") == ["avatar.action_end"]
