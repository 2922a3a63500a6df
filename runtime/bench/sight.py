"""A worker that looks at coded pictures and tells how far the mouth in them is open.

It knows nothing of the avatar: pictures of a closed and of an open mouth show it where the mouth is, and how
dark and how pale it is between the lips.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.engines import Message

Plane = NDArray[np.uint8]
MARGIN = 26
"""Pixels around the open mouth in which it is looked for: a head nods and turns."""
NEAR = 10
"""Pixels around the open mouth in which at least a part of it always is."""
LUMA, RED = 0, 2
"""Planes of a picture. Between open lips it is darker than lips and skin, or, where teeth are, less red."""
LEAST_GAP, CLEAR = 4.0, 8.0
CENTRE = 0.35
"""The share of the mouth's width, about its middle, over which the gap is measured."""


class SightService:
    """open `{codec}`. append `{packets, label}`: `label` is `closed` or `open` for pictures to learn from, else
    empty; emits `{openings}`, one number a picture: 0 as in the closed pictures, 1 as in the open ones, once
    pictures of both were seen, and `{gap}`, the pixels between 0 and 1."""

    capacity = 4

    def __init__(self) -> None:
        self._eyes: dict[int, _Eyes] = {}

    def open(self, stream: int, message: Message) -> Message:
        self._eyes[stream] = _Eyes(message["codec"])
        return {}

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None:
        eyes, label = self._eyes[stream], message["label"]
        pictures = [eyes.decode(packet) for packet in message["packets"]]
        if label:
            eyes.learn(pictures, label)
            emit({"openings": [], "gap": 0.0})
            return
        mouth = eyes.mouth()
        emit({"openings": [mouth.opening(each) for each in pictures], "gap": mouth.gap})

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None:
        del self._eyes[stream]

    def cancel(self, stream: int) -> None:
        self._eyes.pop(stream, None)


class _Eyes:
    """A decoder and what it has learnt from."""

    def __init__(self, codec: str) -> None:
        self._context: Any = av.CodecContext.create(codec, "r")
        self._context.thread_count = 1
        self._context.flags |= av.codec.context.Flags.low_delay
        self._seen: dict[str, list[Plane]] = {"closed": [], "open": []}
        self._mouth: Mouth | None = None

    def decode(self, packet: bytes) -> Plane:
        frames = self._context.decode(av.Packet(packet))
        if len(frames) != 1:
            raise ValueError(f"the decoder gave {len(frames)} pictures for one packet")
        i420 = frames[0].to_ndarray(format="yuv420p")
        height = i420.shape[0] * 2 // 3
        chroma = i420[height:].reshape(2, height // 2, -1)
        wide = [cv2.resize(each, (i420.shape[1], height), interpolation=cv2.INTER_LINEAR) for each in chroma]
        return np.dstack([i420[:height], *wide])

    def learn(self, pictures: list[Plane], label: str) -> None:
        self._seen[label] += pictures

    def mouth(self) -> Mouth:
        if self._mouth is None:
            self._mouth = Mouth(self._seen["closed"], self._seen["open"])
            self._seen.clear()
        return self._mouth


class Mouth:
    """The mouth of one avatar, learnt from pairs of pictures (height, width, YUV) that differ in it alone."""

    def __init__(self, closed: list[Plane], opened: list[Plane]) -> None:
        if not closed or len(closed) != len(opened):
            raise ValueError("as many pictures of a closed mouth as of an open one are needed")
        self.box, blob = _where(closed, opened)
        lips = np.concatenate([picture[blob] for picture in closed])
        inside = np.concatenate([picture[blob] for picture in opened])
        self._dark = _below(lips[:, LUMA], inside[:, LUMA])
        self._red = _below(lips[:, RED], inside[:, RED])
        self._bright = 255 - _below(255 - lips[:, LUMA], 255 - inside[:, LUMA])
        about = np.ones((2 * NEAR + 1, 2 * NEAR + 1), np.uint8)
        self._near = cv2.dilate(blob[self.box].astype(np.uint8), about).astype(bool)
        self._seam = 0.0
        self._seam = float(np.median([self._pixels(each) for each in closed]))
        self.gap = float(np.median([self._pixels(each) for each in opened]))
        if self.gap < LEAST_GAP:
            raise ValueError(f"the open mouth is only {self.gap:g} pixels higher than the closed one")

    def opening(self, picture: Plane) -> float:
        """0 as the closed mouth, 1 as the open one."""
        return self._pixels(picture) / self.gap

    def _pixels(self, picture: Plane) -> float:
        """The height of the mouth's inside, the middle one of the columns about its middle.

        Where no teeth are seen it is less the dark line between lips that touch.
        """
        view = picture[self.box]
        pale = (view[..., RED] < self._red) | (view[..., LUMA] > self._bright)
        inner = pale | (view[..., LUMA] < self._dark)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(inner.astype(np.uint8), connectivity=8)
        shares = np.bincount(labels[self._near & inner], minlength=2)[1:]
        if not shares.any():
            return 0.0
        mouth = 1 + int(np.argmax(shares))
        left, width = stats[mouth, cv2.CC_STAT_LEFT], stats[mouth, cv2.CC_STAT_WIDTH]
        middle, half = left + width / 2, max(2.0, CENTRE * width / 2)
        columns = slice(int(middle - half), int(middle + half) + 1)
        inside = labels[:, columns] == mouth
        first, last = inside.argmax(axis=0), inside.shape[0] - inside[::-1].argmax(axis=0)
        height = float(np.median(np.where(inside.any(axis=0), last - first, 0)))
        teeth = np.median((inside & pale[:, columns]).sum(axis=0))
        return height if teeth >= 1 else max(0.0, height - self._seam)


def _where(closed: list[Plane], opened: list[Plane]) -> tuple[tuple[slice, slice], NDArray[np.bool_]]:
    """The box in which the mouth is looked for, and the pixels that opening it always changes much."""
    changes = [np.abs(a.astype(np.int16) - b).sum(axis=2) for a, b in zip(closed, opened, strict=True)]
    least = np.min(changes, axis=0)
    if not least.any():
        raise ValueError("nothing differs between the closed and the open mouth")
    _, labels, stats, _ = cv2.connectedComponentsWithStats((least > least.max() / 3).astype(np.uint8))
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    left, top, width, height, _ = stats[largest]
    rows = slice(max(0, top - MARGIN), top + height + MARGIN)
    columns = slice(max(0, left - MARGIN), left + width + MARGIN)
    return (rows, columns), labels == largest


def _below(lips: Plane, inside: Plane) -> float:
    """A value between the low ones of lips and skin and those between open lips; -1 if these are not lower."""
    shown, hidden = float(np.percentile(lips, 10)), float(np.percentile(inside, 10))
    return (shown + hidden) / 2 if hidden < shown - CLEAR else -1.0
