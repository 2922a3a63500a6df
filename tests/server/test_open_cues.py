"""A session without pictures drives a 3D client: sound, visemes, words, actions, feelings, curves."""

from __future__ import annotations

from typing import Any

import pytest
from place import HOURS, Server
from visitor import Visitor, visit

from avatars.blendshapes import NAMES, Curves
from runtime.outlets.face_cues import FaceCues
from visavis.words import ACTIONS, SLOT, Emotion, Moment, Viseme


def told(cues: FaceCues, moment: Moment) -> dict[str, dict[str, Any]]:
    return dict(cues.cues(moment))


# ── what is written ──
def test_feelings_are_told_when_they_change() -> None:
    cues = FaceCues()
    line = [(Emotion.NEUTRAL, 1.0), (Emotion.HAPPY, 0.3), (Emotion.HAPPY, 0.4), (Emotion.HAPPY, 0.9)]
    written = [told(cues, Moment(at * SLOT, 3, emotion=what, intensity=how)) for at, (what, how) in enumerate(line)]
    assert [each.get("avatar.emotion") for each in written] == [
        None,
        {"turn": 3, "pts": SLOT, "label": "happy", "intensity": 0.3},
        None,
        {"turn": 3, "pts": 3 * SLOT, "label": "happy", "intensity": 0.9},
    ]


def test_curves_are_named_once_and_come_for_every_slot() -> None:
    cues = FaceCues()
    assert told(cues, Moment(0)) == {}
    cues.curve(Curves())
    first, second = (told(cues, Moment(at * SLOT))["avatar.blendshapes"] for at in (0, 1))
    assert first["names"] == list(NAMES)
    assert "names" not in second
    assert (second["turn"], second["pts"], second["fps"]) == (0, SLOT, 25)
    assert [len(frame) for frame in second["frames"]] == [52]
    assert [len(turned) for turned in second["head"]] == [3]
    cues.curve(None)
    assert told(cues, Moment(2 * SLOT)) == {}
    cues.curve(Curves())
    assert "names" in told(cues, Moment(3 * SLOT))["avatar.blendshapes"]


def test_the_curves_of_a_slot_are_the_face_at_its_first_sample() -> None:
    cues = FaceCues()
    cues.curve(Curves())
    spoken = Moment(0, 1, "speaking", visemes=((-4000, Viseme.SIL), (-2000, Viseme.AA), (2000, Viseme.SIL)))
    frame = told(cues, spoken)["avatar.blendshapes"]["frames"][0]
    assert dict(zip(NAMES, frame, strict=True))["jawOpen"] == pytest.approx(0.6, abs=0.01)


# ── over the socket ──
async def watched(visitor: Visitor, question: str) -> list[dict[str, Any]]:
    """All that comes until the answer has been said, in order."""
    await visitor.ask(question)
    await visitor.until("response.done")
    return visitor.events


async def test_a_session_without_pictures_drives_a_client_completely(server: Server) -> None:
    async with visit(server) as visitor:
        session = await visitor.show(video="none", blendshapes=True)
        assert session["avatar"]["blendshapes"] is True
        await watched(visitor, "When do you open?")
        assert not visitor.pictures
        sound = visitor.all("response.output_audio.delta")
        curves = visitor.all("avatar.blendshapes")
        assert [each for each in curves if "names" in each] == curves[:1]
        line = {each["pts"]: each for each in curves}
        assert all(each["pts"] in line and line[each["pts"]]["turn"] == each["turn"] for each in sound)
        assert [b - a for a, b in zip(sorted(line), sorted(line)[1:], strict=False)] == [SLOT] * (len(line) - 1)
        (turn,) = {each["turn"] for each in sound}
        words = [word for each in visitor.all("avatar.words") for word in each["words"]]
        assert [text for _, _, text in words] == [word.strip(",.") for word in HOURS.split()]
        shapes = [shape for each in visitor.all("avatar.visemes") for shape in each["visemes"]]
        assert {each["turn"] for each in visitor.all("avatar.visemes") + visitor.all("avatar.words")} == {turn}
        assert sound[0]["pts"] <= shapes[0][0] <= shapes[-1][0] < sound[-1]["pts"] + SLOT
        (nod,) = visitor.all("avatar.action")
        assert (nod["turn"], nod["action"]) == (turn, "nod")
        assert nod["pts"] < nod["pts_stroke"] < nod["pts_end"]
        assert sound[0]["pts"] <= nod["pts_stroke"] <= sound[-1]["pts"], "its stroke is in the speech"
        turned = [each["head"][0][1] for each in curves if nod["pts"] <= each["pts"] < nod["pts_end"]]
        assert max(turned) > 8, "the nod is in the head's pitch too"
        opened = [dict(zip(NAMES, line[each["pts"]]["frames"][0], strict=True))["jawOpen"] for each in sound]
        assert max(opened) > 0.3


async def test_a_client_names_what_its_body_can_do(server: Server) -> None:
    async with visit(server) as visitor:
        await visitor.show(video="none", actions=["wave"])
        await watched(visitor, "When do you open?")
        assert not [each for each in visitor.all("avatar.action") if each["action"] != "wave"]
        assert not visitor.all("avatar.blendshapes"), "they are sent on wish alone"
        await visitor.send("session.update", session={"avatar": {"actions": ["wave", "levitate"]}})
        problem = await visitor.refusal()
        assert problem["param"].endswith("actions.1")
        assert "'levitate' is no action" in problem["message"]
        assert ACTIONS[-1] in problem["message"]
