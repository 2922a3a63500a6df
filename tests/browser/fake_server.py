"""A server that speaks the session protocol with a drawn picture and a tone, so that the page can be tested alone.

It answers every `response.create` with a scripted reply of counted samples and keeps what the page sent.
`push` sends any event to every connected page; `drop` ends their connections.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import functools
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

RATE = 24_000
SLOT = 960
WEB = Path(__file__).parents[2] / "runtime" / "web"
CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

MUSEUM: dict[str, Any] = {
    "name": "museum",
    "language": "en",
    "title": "City Museum",
    "persona": "Mia",
    "asr": True,
    "label": "AI",
    "width": 540,
    "height": 960,
    "reset_s": 60,
    "buttons": [
        {"id": "opening-hours", "text": "What are your opening hours?"},
        {"id": "tickets", "text": "How much is a ticket?"},
        {"id": "restroom", "text": "Where are the restrooms?"},
        {"id": "tours", "text": "Are there guided tours today?"},
        {"id": "photos", "text": "May I take photographs?"},
        {"id": "cafe", "text": "Is there a café?"},
    ],
    "languages": [
        {"dialog": "museum", "language": "en", "title": "City Museum"},
        {"dialog": "teahouse", "language": "zh", "title": "清心茶馆"},
    ],
}
TEAHOUSE: dict[str, Any] = {
    **MUSEUM,
    "name": "teahouse",
    "language": "zh",
    "title": "清心茶馆",
    "persona": "小茗",
    "asr": False,
    "buttons": [
        {"id": "hours", "text": "你们几点开门？"},
        {"id": "longjing", "text": "龙井怎么泡？"},
        {"id": "price", "text": "一壶茶多少钱？"},
        {"id": "book", "text": "可以预订包间吗？"},
        {"id": "snack", "text": "有什么茶点？"},
        {"id": "route", "text": "怎么去你们店？"},
    ],
}
ANSWERS = {
    "museum": "We are open from nine to five, every day but Monday. On Thursdays we stay open until eight.",
    "teahouse": "我们每天早上九点开门，晚上十点打烊。欢迎您来喝茶。",
}


def _picture(number: int, talking: bool) -> np.ndarray:
    """A plain bust, 540x960 BGR, whose mouth and a moving block tell pictures apart."""
    ramp = np.linspace(0, 1, 960)[:, None, None]
    image = np.broadcast_to(np.array([226, 228, 222]) * (1 - ramp) + np.array([196, 203, 194]) * ramp, (960, 540, 3))
    image = np.ascontiguousarray(image.astype(np.uint8))
    cv2.ellipse(image, (270, 820), (215, 300), 0, 180, 360, (92, 84, 44), -1, cv2.LINE_AA)
    cv2.rectangle(image, (235, 440), (305, 560), (158, 184, 232), -1)
    cv2.ellipse(image, (270, 330), (128, 160), 0, 0, 360, (52, 62, 78), -1, cv2.LINE_AA)
    cv2.ellipse(image, (270, 355), (105, 135), 0, 0, 360, (170, 196, 240), -1, cv2.LINE_AA)
    for x in (228, 312):
        cv2.ellipse(image, (x, 335), (12, 4 if number % 25 == 0 else 14), 0, 0, 360, (60, 50, 45), -1, cv2.LINE_AA)
    opening = 4 + int(18 * abs(np.sin(number * 0.9))) if talking else 4
    cv2.ellipse(image, (270, 425), (34, opening), 0, 0, 360, (90, 80, 190), -1, cv2.LINE_AA)
    cv2.rectangle(image, (10 + 20 * (number % 25), 940), (30 + 20 * (number % 25), 955), (70, 70, 70), -1)
    return image


@functools.cache
def _encode(talking: bool) -> list[bytes]:
    context = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = 540, 960, "yuv420p"
    context.options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "crf": "26", "g": "1"}
    context.thread_count = 1
    coded = []
    for number in range(25):
        frame = av.VideoFrame.from_ndarray(_picture(number, talking), format="bgr24")
        frame.pts = number
        coded.extend(bytes(packet) for packet in context.encode(frame))
    return coded


def tone(samples: int, frequency: float = 220.0) -> np.ndarray:
    return (np.sin(np.arange(samples) * (2 * np.pi * frequency / RATE)) * 9000).astype(np.int16)


@dataclass
class FakeServer:
    """Scripts and records; `run` serves it on a port of its own."""

    port: int
    token: str = ""
    shake_s: float = 0.0
    answers: dict[str, str] = field(default_factory=lambda: dict(ANSWERS))
    reset_s: int = 60
    page: dict[str, Any] = field(default_factory=dict)
    """What a dialog tells of its page besides."""
    card: dict[str, Any] | None = None
    choices: list[dict[str, str]] | None = None
    received: list[dict[str, Any]] = field(default_factory=list)
    pages: list[FakePage] = field(default_factory=list)
    full: bool = False
    loop: asyncio.AbstractEventLoop | None = None

    def __post_init__(self) -> None:
        self.clips = {False: _encode(False), True: _encode(True)}

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.received if event["type"] == kind]

    def _each(self, act: Any) -> None:
        assert self.loop
        for page in list(self.pages):
            asyncio.run_coroutine_threadsafe(act(page), self.loop).result(5)

    def push(self, kind: str, **fields: Any) -> None:
        self._each(lambda page: page.event(kind, **fields))

    def clear(self, fade_ms: int = 120) -> None:
        self._each(lambda page: page.clear(fade_ms))

    def resume(self) -> None:
        self._each(lambda page: page.resume())

    def drop(self) -> None:
        self._each(lambda page: page.socket.close(1012))

    def app(self) -> Starlette:
        async def kiosk(_request: Request) -> Response:
            return FileResponse(WEB / "kiosk.html", headers={"Content-Security-Policy": CSP})

        async def ready(_request: Request) -> Response:
            return JSONResponse({"status": "ready", "warnings": ["museum: an edit is not used"]})

        async def realtime(socket: WebSocket) -> None:
            self.loop = asyncio.get_running_loop()
            await FakePage(self, socket).serve()

        return Starlette(
            routes=[
                Route("/kiosk/{dialog}", kiosk),
                Route("/readyz", ready),
                WebSocketRoute("/v1/realtime", realtime),
                Mount("/static", StaticFiles(directory=WEB)),
            ]
        )

    @contextlib.contextmanager
    def run(self) -> Iterator[FakeServer]:
        config = uvicorn.Config(
            self.app(), host="127.0.0.1", port=self.port, log_level="error", ws="websockets-sansio", lifespan="off"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield self
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(10)


class FakePage:
    """One connected page: pictures 25 times a second, and at most 200 ms of answer ahead of them."""

    def __init__(self, server: FakeServer, socket: WebSocket) -> None:
        self.server = server
        self.socket = socket
        self.pts = 0
        self.turn = 0
        self.sound = np.zeros(0, np.int16)
        self.item = ""
        self.response = ""
        self.words: list[tuple[int, int, str]] = []
        self.at = 0
        self.kept: tuple[np.ndarray, list[tuple[int, int, str]], int] | None = None
        self.asked = ""

    async def event(self, kind: str, **fields: Any) -> None:
        await self.socket.send_json({"type": kind, **fields})

    async def serve(self) -> None:
        if (
            self.server.token
            and f"openai-insecure-api-key.{self.server.token}" not in self.socket.scope["subprotocols"]
        ):
            await self.socket.close(4401)
            return
        await self.socket.accept(subprotocol="realtime" if self.socket.scope["subprotocols"] else None)
        if self.server.full:
            await self.event("error", error={"code": "at_capacity", "message": "no place is free; try again later"})
            await self.socket.close(1013)
            return
        self.dialog = TEAHOUSE if self.socket.query_params["model"] == "teahouse" else MUSEUM
        self.server.pages.append(self)
        await self.event("session.created", session={"type": "realtime"})
        stream: asyncio.Task[None] | None = None
        try:
            while True:
                event = await self.socket.receive_json()
                self.server.received.append(event)
                await self.answer(event)
                if event["type"] == "session.update" and stream is None:
                    stream = asyncio.create_task(self.stream())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self.server.pages.remove(self)
            if stream:
                stream.cancel()

    async def answer(self, event: dict[str, Any]) -> None:
        kind = event["type"]
        if kind == "session.update":
            granted = {
                **event["session"].get("avatar", {}),
                "dialog": {**self.dialog, **self.server.page, "reset_s": self.server.reset_s},
            }
            await self.event("session.updated", session={**event["session"], "avatar": granted})
        elif kind == "conversation.item.create":
            self.asked = event["item"]["content"][0]["text"]
        elif kind == "input_audio_buffer.commit":
            await self.event("conversation.item.input_audio_transcription.delta", item_id="u", delta="where are")
            await self.event("conversation.item.input_audio_transcription.delta", item_id="u", delta=" the toilets")
            await self.event(
                "conversation.item.input_audio_transcription.completed",
                item_id="u",
                transcript="Where are the toilets?",
            )
        elif kind == "response.create":
            await self.speak(self.server.answers[self.dialog["name"]])
        elif kind == "response.cancel" and self.response:
            await self.clear(120)
            await self.finish("cancelled")

    async def speak(self, text: str) -> None:
        if self.response:
            await self.clear(120)
            await self.finish("cancelled")
        self.turn += 1
        self.item, self.response = f"item_{self.turn}", f"resp_{self.turn}"
        await self.event("avatar.state", state="thinking")
        await self.event("response.created", response={"id": self.response})
        pieces = list(text) if self.dialog["language"] == "zh" else text.split()
        self.words = []
        start = 0
        for piece in pieces:
            length = 2_400 + 1_200 * len(piece)
            self.words.append((start, start + length, piece))
            start += length
        self.sound = tone(start)
        self.at = 0
        await self.event(
            "response.output_audio_transcript.delta", response_id=self.response, item_id=self.item, delta=text
        )
        if self.server.card:
            await self.event("avatar.card", **self.server.card)
        if self.server.choices:
            await self.event("avatar.choices", choices=self.server.choices)
        await self.event("avatar.state", state="speaking")

    async def finish(self, status: str) -> None:
        await self.event("response.done", response={"id": self.response, "status": status})
        self.response = ""
        self.sound = np.zeros(0, np.int16)
        await self.event("avatar.state", state="idle")

    async def clear(self, fade_ms: int) -> None:
        """Step back by what a page has not heard, and keep it."""
        lead = min(self.at, 4_800)
        self.kept = (self.sound[max(0, self.at - lead) :], self.words, max(0, self.at - lead))
        self.sound = np.zeros(0, np.int16)
        self.pts = max(0, self.pts - 3 * SLOT)
        await self.event("avatar.clear", turn=self.turn, fade_ms=fade_ms)

    async def resume(self) -> None:
        assert self.kept
        sound, words, at = self.kept
        again = [word for word in words if word[1] > at]
        start = again[0][0]
        self.words = [(begin - start, end - start, text) for begin, end, text in again]
        self.sound = np.concatenate([tone(at - start), sound])
        self.at = 0
        await self.event("avatar.state", state="speaking")

    async def stream(self) -> None:
        begun = time.monotonic()
        number = 0
        while True:
            number += 1
            shake = self.server.shake_s if number % 10 == 0 else 0.0
            await asyncio.sleep(max(0.0, begun + number * 0.04 - time.monotonic()) + shake)
            await self.slot(number)

    async def slot(self, number: int) -> None:
        talking = self.at < len(self.sound)
        clip = self.server.clips[talking]
        data = clip[number % len(clip)]
        header = struct.pack("<2sBBIQI", b"VV", 1, 1, self.turn if talking else 0, self.pts, len(data))
        await self.socket.send_bytes(header + data)
        if talking:
            await self.sound_slot()
        elif self.response and len(self.sound):
            await self.finish("completed")
        self.pts += SLOT

    async def sound_slot(self) -> None:
        part = self.sound[self.at : self.at + SLOT]
        due = [word for word in self.words if self.at <= word[0] < self.at + SLOT]
        base = self.pts - self.at
        words = [[base + start, base + end, text] for start, end, text in due]
        if words:
            await self.event("avatar.words", turn=self.turn, item_id=self.item, words=words)
        await self.event(
            "response.output_audio.delta",
            response_id=self.response,
            item_id=self.item,
            turn=self.turn,
            pts=self.pts,
            delta=base64.b64encode(part.tobytes()).decode(),
        )
        if self.at == 0:
            stages = dict.fromkeys(("endpoint_ms", "transcript_ms"), 0.0)
            stages |= {"answer_ms": 9.0, "voice_ms": 4.0, "face_ms": 22.0, "outlet_ms": 5.0}
            await self.event("avatar.latency", first_av_ms=40.0, stages=stages, filler_ms=None, turn=self.turn)
        self.at += len(part)


if __name__ == "__main__":
    import sys

    with FakeServer(int(sys.argv[1]) if len(sys.argv) > 1 else 8799).run() as fake:
        print(f"http://127.0.0.1:{fake.port}/kiosk/museum", flush=True)
        threading.Event().wait()
