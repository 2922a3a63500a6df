"""The service that draws and codes: many sessions' renderers and encoders in one process."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from runtime.workers.encoder import QUALITY, Encoder
from runtime.workers.moments import unpack_moment
from visavis.engines import Look, Message, Renderer, engine
from visavis.errors import VisavisError
from visavis.words import FPS, SLOT, Moment, Viseme

SHARE = 0.7
"""How much of a core the sessions of one worker may use."""
CODING_SHARE = 0.25
"""How much of a picture's cost is coding it, where the renderer is not known; drawing is the rest."""
MOST = 16
_SHAPES = tuple(Viseme)


class FaceService:
    """Draws and codes the moments of up to `capacity` sessions.

    open `{avatar, renderer, look, codec, quality}` answers `{width, height, alpha, codec, actions}`; `renderer` is
    an entry point of `visavis.renderer` or `module:Class`. append `{moment, key}` emits `{packet, key}`. append
    `{look}` draws with another look of the same size from then on and emits `{problem}`: why not, or empty.

    Args:
        capacity: sessions at once; 0 measures this machine.
        warm: an open message. It is opened for a moment at the start, so that the first session need not wait
            for libraries, and it is what is measured.
    """

    def __init__(self, capacity: int = 0, warm: Message | None = None) -> None:
        self._faces: dict[int, SessionFace] = {}
        if capacity and warm is not None:
            SessionFace(warm)
        self.capacity = capacity or measured(warm)

    def open(self, stream: int, message: Message) -> Message:
        face = SessionFace(message)
        self._faces[stream] = face
        return face.hello

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None:
        if "look" in message:
            emit({"problem": self._faces[stream].dress(Look(**message["look"]))})
            return
        packet, key = self._faces[stream].draw(unpack_moment(message["moment"]), key=message.get("key", False))
        emit({"packet": packet, "key": key})

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None:
        del self._faces[stream]

    def cancel(self, stream: int) -> None:
        self._faces.pop(stream, None)


class SessionFace:
    """One session's renderer, its picture and its encoder; the first drawing, the dearest, is done when it is made."""

    def __init__(self, message: Message) -> None:
        look = Look(**message["look"])
        codec = message.get("codec", "h264")
        self._make: Callable[[Look], Renderer] = partial(_renderer(message["renderer"]), Path(message["avatar"]))
        self.renderer = self._make(look)
        self.look = look
        self.picture = np.zeros((look.height, look.width, 4), np.uint8)
        self.encoder = Encoder(
            codec, look.width, look.height, alpha=look.alpha, quality=message.get("quality", QUALITY)
        )
        self.renderer.draw(Moment(pts=0), self.picture)
        self.hello: Message = {
            "width": look.width,
            "height": look.height,
            "alpha": look.alpha,
            "codec": codec,
            "actions": dict(self.renderer.actions),
        }

    def dress(self, look: Look) -> str:
        """Draw with another look from now on; why not, where that cannot be."""
        if (look.width, look.height, look.alpha) != (self.look.width, self.look.height, self.look.alpha):
            return "the picture cannot change its size"
        picture = np.zeros_like(self.picture)
        try:
            renderer = self._make(look)
            renderer.draw(Moment(pts=0), picture)
        except VisavisError as error:
            return str(error)
        self.renderer, self.look, self.picture = renderer, look, picture
        return ""

    def draw(self, moment: Moment, *, key: bool) -> tuple[bytes, bool]:
        self.renderer.draw(moment, self.picture)
        return self.encoder.encode(self.picture, key=key)


def _renderer(name: str) -> Any:
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute) if attribute else engine("renderer", name)


def measured(warm: Message | None) -> int:
    """How many sessions one worker of this machine holds."""
    cost = warm_cost(warm) if warm is not None else coding_cost() / CODING_SHARE
    return max(1, min(MOST, int(SHARE / FPS / cost)))


def warm_cost(message: Message, pictures: int = 12) -> float:
    """CPU seconds of a picture of that face while it speaks and, half of the time, gestures."""
    face = SessionFace(message)
    actions = [name for name in face.renderer.actions if name != "idle"][:1]
    costs = []
    for n in range(pictures + 1):
        acting = tuple((name, n * SLOT) for name in actions) if n % 2 else ()
        mouth = tuple((start * SLOT, viseme) for start, viseme in enumerate(_SHAPES, -(n % len(_SHAPES))))
        moment = Moment(n * SLOT, mood="speaking", visemes=mouth, actions=acting)
        began = time.thread_time()
        face.draw(moment, key=False)
        costs.append(time.thread_time() - began)
    return sum(costs[1:]) / pictures


def coding_cost(pictures: int = 12) -> float:
    """CPU seconds of coding a moving picture of 540x960, the middle of several."""
    encoder = Encoder("h264", 540, 960)
    picture = np.zeros((960, 540, 4), np.uint8)
    picture[:, :, :3] = np.linspace(40, 200, 960, dtype=np.uint8)[:, None, None]
    costs = []
    for n in range(pictures):
        picture[200 + 4 * n : 500 + 4 * n, 100:440, 1] = 30 + 9 * n
        began = time.thread_time()
        encoder.encode(picture)
        costs.append(time.thread_time() - began)
    return sorted(costs)[pictures // 2]
