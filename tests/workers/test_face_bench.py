"""The face bench counts what it says it counts."""

from __future__ import annotations

from pathlib import Path

from runtime.bench.face import as_data, hold, picture_cost
from runtime.bench.speakers import AFTER, BEFORE, Speaker

RENDERER = "visavis.fakes.renderer:FakeRenderer"


def test_a_speaker_knows_the_mouth_before_and_after_every_slot() -> None:
    speaker = Speaker(3, {"idle": 100, "nod": 4000, "wave": 9000}, gestures=True)
    moments = [speaker.moment(slot) for slot in range(60)]
    assert all(m.visemes[0][0] <= -BEFORE and m.visemes[-1][0] > AFTER - 2160 for m in moments)
    assert {name for m in moments for name, _ in m.actions} == {"nod", "wave"}
    assert moments[0].actions[0][1] == 0
    assert Speaker(3, {"nod": 4000}, gestures=False).moment(5).actions == ()
    assert Speaker(4, {}, gestures=True).moment(5).visemes != moments[5].visemes


async def test_every_picture_is_counted() -> None:
    held = await hold(3, 0.4, avatar=Path(), renderer=RENDERER, workers=2)
    assert (held.sessions, held.pictures) == (3, 30)
    assert held.kilobytes > 0
    assert as_data(held)["pictures"] == 30


async def test_a_picture_s_cost_is_split() -> None:
    cost = await picture_cost(Path(), renderer=RENDERER, pictures=5)
    assert set(cost) == {"speaking", "gesturing"}
    assert all(cost["speaking"][part] > 0 for part in ("draw_ms", "convert_ms", "code_ms", "bytes"))
