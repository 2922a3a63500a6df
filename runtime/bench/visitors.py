"""Visitors of a running server, in a process of their own: `python -m runtime.bench.visitors URL DIALOG COUNT SECONDS`.

Reads a JSON list of questions from standard input. Each visitor asks one after the other, no two the same at
once, and times every picture that comes. Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from runtime.outlets.scribe import PICTURE_HEAD
from visavis.words import RATE, SLOT

LATE_S = 0.2
"""A picture that comes this long after its time would be missed by a page: it is late."""


@dataclass
class Visit:
    """What one visitor saw."""

    pictures: int = 0
    speaking: int = 0
    missed: int = 0
    late: int = 0
    gestures: int = 0
    first_av_ms: list[float] = field(default_factory=list)
    refused: str | None = None
    last_pts: int | None = None
    offsets: list[float] = field(default_factory=list)

    def picture(self, data: bytes, now: float) -> None:
        _, _, _, turn, pts, _ = PICTURE_HEAD.unpack_from(data)
        if self.last_pts is not None and pts > self.last_pts + SLOT:
            self.missed += (pts - self.last_pts) // SLOT - 1
        self.last_pts = pts
        self.pictures += 1
        self.speaking += bool(turn)
        self.offsets.append(now - pts / RATE)

    def count_late(self) -> None:
        """Late against the visit's own earliest picture, which stands for its time line."""
        if self.offsets:
            line = sorted(self.offsets)[len(self.offsets) // 50] + 5 * SLOT / RATE
            self.late = sum(offset > line + LATE_S for offset in self.offsets)
        self.offsets = []


async def visit(url: str, dialog: str, texts: Iterator[str], seconds: float) -> Visit:
    seen = Visit()
    async with connect(f"{url}/v1/realtime?model={dialog}", max_size=None, compression=None) as socket:
        await socket.send(json.dumps({"type": "session.update", "session": {"type": "realtime", "avatar": {}}}))
        until = time.monotonic() + seconds
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async for message in socket:
                    now = time.monotonic()
                    if isinstance(message, bytes):
                        seen.picture(message, now)
                        continue
                    event = json.loads(message)
                    if event["type"] == "session.updated" or (event["type"] == "response.done" and now < until):
                        await _ask(socket, next(texts))
                    _note(seen, event)
                    if seen.refused:
                        return seen
    seen.count_late()
    return seen


def _note(seen: Visit, event: dict[str, Any]) -> None:
    match event["type"]:
        case "avatar.latency":
            seen.first_av_ms.append(event["first_av_ms"])
        case "avatar.action":
            seen.gestures += 1
        case "error":
            seen.refused = event["error"]["message"]


async def _ask(socket: ClientConnection, text: str) -> None:
    content = [{"type": "input_text", "text": text}]
    item = {"type": "message", "role": "user", "content": content}
    await socket.send(json.dumps({"type": "conversation.item.create", "item": item}))
    await socket.send(json.dumps({"type": "response.create"}))


async def crowd(url: str, dialog: str, texts: Sequence[str], count: int, seconds: float) -> list[Visit]:
    """`count` visitors, a little apart; they share the questions out among them."""
    shares = [itertools.cycle(texts[number::count] or texts) for number in range(count)]

    async def later(number: int) -> Visit:
        await asyncio.sleep(number * 0.13)
        return await visit(url, dialog, shares[number], seconds)

    return await asyncio.gather(*(later(number) for number in range(count)))


def main() -> None:
    url, dialog, count, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    began = time.process_time()
    visits = asyncio.run(crowd(url, dialog, json.load(sys.stdin), count, seconds))
    result = {"cpu_s": time.process_time() - began, "visits": [vars(each) for each in visits]}
    print(json.dumps(result))  # noqa: T201


if __name__ == "__main__":
    main()
