"""Recordings drawn for tests, the defects that are planted in them, and files made of them.

A defect takes frames (n, height, width, 3) and returns them spoilt; `DEFECTS` says by which rule, from which second to
which it has to be found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from avatars.inspect.album import Album
from avatars.inspect.film import Film, watched
from avatars.inspect.footage import Facts, Frame
from avatars.inspect.footage_child import EVERY, border, sharpness
from avatars.inspect.kinds import KINDS, Kind
from avatars.package import BUILT_IN
from avatars.renderers.rig import RigRenderer
from visavis.engines import Look
from visavis.words import SLOT, Moment, Viseme

Frames = NDArray[np.uint8]
FPS = 25
GREEN = "#12b03c"
ANY = replace(KINDS["standard"], least_s=0, advised_s=0, silent_s=0)
"""A kind that asks for no length, as clips for tests are short."""
_SHAPES = (Viseme.AA, Viseme.PP, Viseme.I, Viseme.U, Viseme.DD, Viseme.E, Viseme.FF, Viseme.O)


@lru_cache(maxsize=2)
def drawn(seconds: float = 3.0, width: int = 270, height: int = 480, start: int = 50) -> Frames:
    """The presenter speaks before a green screen; a camera's noise lies over it."""
    look = Look(width, height, background=GREEN, label="")
    renderer, dice = RigRenderer(BUILT_IN / "presenter", look), np.random.default_rng(1)
    out, frames = np.zeros((height, width, 4), np.uint8), []
    for slot in range(start, start + round(seconds * FPS)):
        pts = slot * SLOT
        said = tuple((k * 2400 - pts % 2400 - 7200, _SHAPES[(pts // 2400 + k) % len(_SHAPES)]) for k in range(7))
        renderer.draw(Moment(pts, 1, "speaking", visemes=said), out)
        noisy = out[..., 2::-1].astype(np.float32) + dice.normal(0, 1.5, (height, width, 1))
        frames.append(np.clip(np.rint(noisy), 0, 255).astype(np.uint8))
    return np.stack(frames)


class Shown:
    """Frames in place of a decoded file."""

    def __init__(self, frames: Frames, times: list[float] | None = None, **facts: object) -> None:
        high, wide = frames.shape[1:3]
        self.name, self._frames, self._times = "clip.mp4", frames, times or [n / FPS for n in range(len(frames))]
        said = Facts("mov", "isom", "h264", "yuv420p", wide, high, 0, FPS, len(frames) / FPS, "sdr", False, True,
                     (wide, high))  # fmt: skip
        self.facts = replace(said, **facts)  # type: ignore[arg-type]

    def frames(self) -> Iterator[Frame]:
        for index, picture in enumerate(self._frames):
            full = index % EVERY == 0
            grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
            yield Frame(
                index, self._times[index], picture, sharpness(grey) if full else None, border(grey) if full else None
            )


def film(frames: Frames, kind: Kind = ANY, times: list[float] | None = None, **facts: object) -> Film:
    """What is measured on frames, without faces and sound."""
    with Album() as album:
        shown = Shown(frames, times, **facts)
        return watched(shown, kind, keyed=False, eyes=None, album=album)  # type: ignore[arg-type]


def recorded(path: Path, frames: Frames, *, sound: NDArray[np.int16] | None = None, gaps: bool = False) -> Path:
    """An MP4 file of frames; with `gaps` every frame's time wanders, as a telephone's do."""
    dice = np.random.default_rng(2)
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "crf": "20"})
        video.height, video.width = frames.shape[1] // 2 * 2, frames.shape[2] // 2 * 2
        video.pix_fmt, video.codec_context.time_base = "yuv420p", Fraction(1, 1000)
        heard = container.add_stream("aac", rate=48_000, layout="mono") if sound is not None else None
        for index, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[: video.height, : video.width]))
            frame.pts, frame.time_base = index * 40 + (int(dice.integers(0, 25)) if gaps else 0), Fraction(1, 1000)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if heard is not None and sound is not None:
            whole = av.AudioFrame.from_ndarray(sound[None], format="s16", layout="mono")
            whole.sample_rate, whole.pts = 48_000, 0
            container.mux([*heard.encode(whole), *heard.encode(None)])
    return path


@dataclass(frozen=True)
class Defect:
    rule: str
    spoil: Callable[[Frames], Frames]
    start_s: float = 0.0
    end_s: float = 3.0


def _part(change: Callable[[Frames], Frames], start: int, end: int) -> Callable[[Frames], Frames]:
    def spoil(frames: Frames) -> Frames:
        spoilt = frames.copy()
        spoilt[start:end] = change(spoilt[start:end])
        return spoilt

    return spoil


def _cut(frames: Frames) -> Frames:
    return np.concatenate([frames[:40], np.roll(frames[40:], 14, axis=2)])


def _freeze(frames: Frames) -> Frames:
    return np.repeat(frames[:1], len(frames), axis=0)


def _shake(frames: Frames) -> Frames:
    dice = np.random.default_rng(3)
    return np.stack([np.roll(each, tuple(dice.integers(-3, 4, 2)), axis=(0, 1)) for each in frames])


def _blur(frames: Frames) -> Frames:
    return np.stack([np.asarray(cv2.GaussianBlur(each, (0, 0), 4.0), np.uint8) for each in frames])


def _flicker(frames: Frames) -> Frames:
    gain = np.where(np.arange(len(frames)) % 2, 0.93, 1.0)[:, None, None, None]
    return np.asarray(frames * gain, np.uint8)


def _line(frames: Frames) -> Frames:
    frames[:, :, 0] = 4
    return frames


def _screen(frames: Frames) -> NDArray[np.bool_]:
    return np.asarray((frames[..., 1] > frames[..., 0] + 60) & (frames[..., 1] > frames[..., 2] + 60), np.bool_)


def _second(frames: Frames) -> Frames:
    other = _screen(frames)
    other[:, :, : frames.shape[2] // 2] = False
    frames[other] = np.clip(frames[other] * np.array([4.5, 0.9, 0.5]), 0, 255).astype(np.uint8)
    return frames


def _shadow(frames: Frames) -> Frames:
    dark = _screen(frames)
    dark[:, : frames.shape[1] // 8] = dark[:, :, frames.shape[2] // 4 :] = False
    frames[dark] = (frames[dark] * 0.4).astype(np.uint8)
    return frames


def _uneven(frames: Frames) -> Frames:
    ramp = np.linspace(1.0, 0.45, frames.shape[2])[None, None, :, None]
    return np.asarray(np.where(_screen(frames)[..., None], frames * ramp, frames), np.uint8)


def _spill(frames: Frames) -> Frames:
    person = ~_screen(frames)
    tinted = frames[person].astype(np.float32) * np.array([0.85, 1.0, 0.85]) + np.array([0, 25, 0])
    frames[person] = np.clip(tinted, 0, 255).astype(np.uint8)
    return frames


def _thing(frames: Frames) -> Frames:
    frames[:, 20:40, 20:40] = (60, 40, 30)
    return frames


DEFECTS = {
    "a cut": Defect("cut", _cut, 1.6, 1.64),
    "black frames": Defect("black_frames", _part(np.zeros_like, 30, 33), 1.2, 1.32),
    "one black frame": Defect("black_frames", _part(np.zeros_like, 50, 51), 2.0, 2.04),
    "a frozen picture": Defect("frozen", _part(_freeze, 30, 50), 1.2, 2.0),
    "a shaking camera": Defect("shake", _part(_shake, 25, 60), 1.0, 2.4),
    "lost focus": Defect("focus_lost", _part(_blur, 30, 60), 1.2, 2.4),
    "flickering light": Defect("flicker", _part(_flicker, 20, 70), 0.8, 2.8),
    "a black line": Defect("border", _part(_line, 0, 75)),
    "a second shade": Defect("second_shade", _part(_second, 0, 75)),
    "a shadow": Defect("screen_shadow", _part(_shadow, 0, 75)),
    "uneven light": Defect("screen_uneven", _part(_uneven, 0, 75)),
    "spill": Defect("spill", _part(_spill, 0, 75)),
    "a thing beside": Defect("screen_object", _part(_thing, 20, 60), 0.8, 2.4),
}
