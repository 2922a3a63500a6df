"""Footage of a person, put into the picture that is asked for."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from avatars.packages.consent import require
from avatars.packages.folder import opened, there
from avatars.packages.manifest import Manifest
from avatars.renderers.recorded.playing import Shown, fade, lengths, rest, shown
from avatars.renderers.recorded.reading import ENGINE, Reader
from avatars.renderers.rig import backdrop, label
from avatars.renderers.rig.paths import canvas_on
from visavis.engines import Look
from visavis.errors import EngineError
from visavis.words import SLOT, Moment

Pixels = NDArray[np.uint8]
PLAIN = (232, 236, 232, 255)
"""What stands behind a person that was cut out, where nothing else is asked for."""


class RecordedRenderer:
    """Plays the primary look of the package in `avatar_folder`.

    One that was cut out stands on the picture's bottom edge, whole; one that keeps its background fills the picture.
    Raises ConfigError and SetupError as the package does, EngineError for a video or a look that cannot be had.
    """

    def __init__(self, avatar_folder: Path, look: Look) -> None:
        folder = Path(avatar_folder)
        document, manifest = opened(folder)
        if not manifest.bodies or manifest.picture is None:
            raise EngineError(ENGINE, f"{manifest.name} is drawn, not recorded", "name its own renderer")
        there(folder, document, manifest)
        require(folder, manifest)
        self.look, self.body = look, manifest.bodies[0]
        if look.alpha and self.body.alpha is None:
            problem = f"{manifest.name} was recorded with its background"
            raise EngineError(ENGINE, problem, "ask for a picture that has one")
        self.actions = lengths(self.body)
        self._place, size = _placed(manifest, look, whole=self.body.alpha is not None)
        self._video = Reader(folder / self.body.video.file, self.body.video.frames, size)
        cut = self.body.alpha
        self._alpha = Reader(folder / cut.file, cut.frames, size, grey=True) if cut is not None else None
        self._ground, self._label = _ground(look), _label(look)
        self._last: Moment | None = None
        self._changed: Moment | None = None
        """The last moment of the mood before, while it fades."""
        self._drawn: tuple[Pixels, Shown] | None = None

    def draw(self, moment: Moment, out: Pixels) -> None:
        """Paint the moment into `out`: BGRA, shape (height, width, 4), premultiplied where it is transparent."""
        now = self._shown(moment)
        if self._drawn is not None and self._drawn[0] is out and self._drawn[1] == now:
            return
        frame = _mixed(self._video, now)
        into, part = self._place
        if self._alpha is None:
            out[into] = frame[part]
        else:
            alpha = _mixed(self._alpha, now)[part]
            out[...] = self._ground
            out[into] = _over(self._ground[into], np.ascontiguousarray(frame[part]), np.ascontiguousarray(alpha))
        rows, words, share = self._label
        if rows:
            out[:rows] = cv2.convertScaleAbs(out[:rows] * share) + words
        self._drawn = (out, now)

    def _shown(self, moment: Moment) -> Shown:
        """What the moment shows; when it begins or ends to speak, what was shown before fades."""
        last, self._last = self._last, moment
        if last is None or not 0 < moment.pts - last.pts <= 3 * SLOT:
            self._changed = None
        elif last.mood != moment.mood:
            self._changed = last
        now, before = shown(self.body, moment), self._changed
        if before is None or now.frame != now.other:
            return now
        share = fade((moment.pts - before.pts) // SLOT - 1, self.body.transition)
        if not share:
            self._changed = None
        return Shown(now.frame, rest(self.body, moment.pts, before.mood), share)


Slices = tuple[slice, slice]


def _placed(manifest: Manifest, look: Look, *, whole: bool) -> tuple[tuple[Slices, Slices], tuple[int, int]]:
    """Where of the picture which part of a frame goes, and to which width and height the frame is scaled."""
    assert manifest.picture is not None
    wide, high = manifest.picture.width, manifest.picture.height
    scale = (min if whole else max)(look.width / wide, look.height / high)
    size = max(2, round(wide * scale)), max(2, round(high * scale))
    x, y = (look.width - size[0]) // 2, look.height - size[1] if whole else 0
    into = slice(max(0, y), min(look.height, y + size[1])), slice(max(0, x), min(look.width, x + size[0]))
    part = slice(into[0].start - y, into[0].stop - y), slice(into[1].start - x, into[1].stop - x)
    return (into, part), size


def _mixed(video: Reader, now: Shown) -> Pixels:
    frame = video.frame(now.frame)
    if not now.share or now.frame == now.other:
        return frame
    return np.asarray(cv2.addWeighted(frame, 1 - now.share, video.frame(now.other), now.share, 0), np.uint8)


def _over(ground: Pixels, frame: Pixels, alpha: Pixels) -> Pixels:
    """The frame on a ground that is opaque, or nothing; premultiplied."""
    share = cv2.merge((alpha, alpha, alpha, alpha))
    shown = cv2.multiply(frame, share, scale=1 / 255)
    return np.asarray(cv2.add(shown, cv2.multiply(ground, cv2.bitwise_not(share), scale=1 / 255)), np.uint8)


def _ground(look: Look) -> Pixels:
    """What stands behind a person that was cut out."""
    ground = np.zeros((look.height, look.width, 4), np.uint8)
    if not look.alpha:
        ground[...] = PLAIN
        backdrop.draw(canvas_on(ground), look)
    return ground


def _label(look: Look) -> tuple[int, Pixels, NDArray[np.float32]]:
    """The rows that the label touches, its premultiplied pixels, and how much of what is below shows through them."""
    drawn = np.zeros((look.height, look.width, 4), np.uint8)
    label.draw(canvas_on(drawn), look.label, look.width, look.height)
    touched = np.flatnonzero(drawn[..., 3].any(axis=1))
    rows = int(touched[-1]) + 1 if len(touched) else 0
    share = np.float32(1) - drawn[:rows, :, 3:].astype(np.float32) / np.float32(255)
    return rows, drawn[:rows], share
