"""A contact sheet of everything that the presenter can do: `python -m avatars.renderers.rig.sheet OUT.png`.

`--strip ACTION` shows one action picture by picture; `--time` prints CPU milliseconds a picture instead.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from avatars.renderers.rig.motion import blink
from avatars.renderers.rig.renderer import RigRenderer
from visavis.engines import Look
from visavis.words import FPS, RATE, SLOT, Emotion, Moment, Mood, Viseme

Pixels = NDArray[np.uint8]
HOME = Path(__file__).resolve().parents[2] / "presenter"
INK = (70, 48, 52)
PAPER = (232, 243, 250)
MOODS: tuple[Mood, ...] = ("idle", "listening", "thinking", "speaking", "held")


def shot(renderer: RigRenderer, moment: Moment, size: tuple[int, int] = (540, 960)) -> Pixels:
    """One picture, drawn cold."""
    out = np.zeros((size[1], size[0], 4), np.uint8)
    renderer.draw(moment, out)
    return np.ascontiguousarray(out[..., :3])


def speaking(viseme: Viseme) -> tuple[tuple[int, Viseme], ...]:
    """One mouth shape through the whole window of a moment."""
    return ((-6000, viseme), (7200, viseme))


def stroke(renderer: RigRenderer, action: str) -> int:
    """The sample at which an action is farthest from rest."""
    from avatars.renderers.rig.acting import Actor

    track = Actor(renderer.rig).tracks.get(action)
    if track is None:
        return 0
    far = max(range(len(track.times)), key=lambda at: float(np.abs(track.poses[at]).sum()))
    return round(track.times[far] * RATE)


def tile(pictures: list[tuple[str, Pixels]], columns: int, width: int) -> Pixels:
    """Pictures in rows with their names beneath, on paper."""
    rows = []
    for first in range(0, len(pictures), columns):
        cells = [_cell(name, picture, width) for name, picture in pictures[first : first + columns]]
        while len(cells) < columns:
            cells.append(np.full_like(cells[0], PAPER))
        rows.append(np.hstack(cells))
    return np.vstack(rows)


def _cell(name: str, picture: Pixels, width: int) -> Pixels:
    height = round(picture.shape[0] * width / picture.shape[1])
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    framed = cv2.copyMakeBorder(small, 5, 24, 5, 5, cv2.BORDER_CONSTANT, value=PAPER)
    cv2.putText(framed, name, (7, height + 21), cv2.FONT_HERSHEY_SIMPLEX, 0.45, INK, 1, cv2.LINE_AA)
    return np.asarray(framed, np.uint8)


def sheet(folder: Path, page: int = 1440) -> Pixels:
    """Mouth shapes, emotions, moods and actions on one page."""
    renderer = RigRenderer(folder, Look())
    large = RigRenderer(folder, Look(1080, 1920))
    mouths = [
        (viseme.value, shot(large, Moment(0, visemes=speaking(viseme)), (1080, 1920))[690:930, 360:720])
        for viseme in Viseme
    ]
    faces = [(e.value, Moment(0, emotion=e)) for e in Emotion]
    moods = [(str(m), Moment(0, mood=m)) for m in MOODS] + [("blink", blinking())]
    busts = [(name, shot(renderer, moment)[56:576, 60:480]) for name, moment in faces + moods]
    actions = [(name, shot(renderer, acting(renderer, at, name))) for at, name in enumerate(renderer.actions)]
    parts = [tile(mouths, 8, page // 8 - 10), tile(busts, 6, page // 6 - 10), tile(actions, 7, page // 7 - 10)]
    wide = max(part.shape[1] for part in parts)
    filled = [cv2.copyMakeBorder(p, 0, 6, 0, wide - p.shape[1], cv2.BORDER_CONSTANT, value=PAPER) for p in parts]
    return np.vstack(filled)


def blinking() -> Moment:
    """A moment with the eyes shut."""
    return next(Moment(slot * SLOT) for slot in range(500) if blink(slot * SLOT / RATE) > 0.95)


def acting(renderer: RigRenderer, at: int, name: str) -> Moment:
    """The stroke of an action; `at` spreads them over time."""
    return Moment(at * 9 * SLOT, emotion=Emotion.HAPPY, actions=((name, stroke(renderer, name)),))


def strip(folder: Path, action: str, step: int = 3) -> Pixels:
    """One action, every `step`th picture, drawn in one go as a session would."""
    renderer = RigRenderer(folder, Look())
    slots = renderer.actions[action] // SLOT + 6
    out = np.zeros((960, 540, 4), np.uint8)
    pictures = []
    for slot in range(slots):
        renderer.draw(Moment(slot * SLOT, actions=((action, slot * SLOT),)), out)
        if slot % step == 0:
            pictures.append((f"{slot / FPS:.2f} s", np.ascontiguousarray(out[..., :3])))
    return tile(pictures, 10, 170)


def timing(folder: Path, slots: int = 400) -> dict[str, float]:
    """CPU milliseconds a picture at 540x960, mean over 16 s."""
    found = {}
    for case in ("idle", "talking", "gesturing"):
        renderer = RigRenderer(folder, Look())
        out = np.zeros((960, 540, 4), np.uint8)
        renderer.draw(Moment(0), out)
        began = time.process_time()
        for slot in range(1, slots + 1):
            renderer.draw(busy(case, slot), out)
        found[case] = 1000 * (time.process_time() - began) / slots
    return found


def busy(case: str, slot: int) -> Moment:
    """A moment of somebody idle, talking without a pause, or talking and gesturing."""
    pts = slot * SLOT
    if case == "idle":
        return Moment(pts)
    shapes = list(Viseme)
    said = tuple((k * 2400 - pts % 2400 - 7200, shapes[(pts // 2400 + k) % 15]) for k in range(7))
    name = ("wave", "present_left", "welcome_both", "index")[slot // 50 % 4]
    actions = ((name, slot % 50 * SLOT),) if case == "gesturing" else ()
    return Moment(pts, 1, "speaking", visemes=said, actions=actions)


def main() -> None:
    """Write the sheet, or a strip, or print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", type=Path)
    parser.add_argument("--avatar", type=Path, default=HOME)
    parser.add_argument("--strip", metavar="ACTION")
    parser.add_argument("--time", action="store_true")
    asked = parser.parse_args()
    if asked.time:
        for case, spent in timing(asked.avatar).items():
            print(f"{case}: {spent:.2f} ms a picture")  # noqa: T201
    if asked.out is not None:
        picture = strip(asked.avatar, asked.strip) if asked.strip else sheet(asked.avatar)
        cv2.imwrite(str(asked.out), picture, [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
