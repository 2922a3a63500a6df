"""Writes what a session tells as OpenAI Realtime events, and, for the avatar's own clients, as `avatar.*` events.

Pure: it holds ids and no socket. One turn is one response with one item whose audio is the turn's speech.
"""

from __future__ import annotations

import base64
import struct
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from agent.sentences import rejoin
from behaviors.bml import write
from runtime import events as e
from runtime.outlets.face_cues import FaceCues
from runtime.outlets.notation import Notation, Written
from visavis.words import RATE, Card, Choice, Frame, Packet

Json = dict[str, Any]
PICTURE_HEAD = struct.Struct("<2sBBIQI")
KEY, VP8, ALPHA = 1, 2, 4
ITEMS = 128
"""Conversation items that a client may refer to."""


def picture_message(packet: Packet, turn: int, pts: int, *, alpha: bool = False) -> bytes:
    """One coded picture as a binary message."""
    flags = KEY * packet.key | VP8 * (packet.codec == "vp8") | ALPHA * alpha
    return PICTURE_HEAD.pack(b"VV", 1, flags, turn, pts, len(packet.data)) + packet.data


@dataclass(slots=True)
class Wishes:
    """What the client asked for in `session.update`."""

    avatar: bool = False
    """Whether events of ours may be sent at all."""
    visemes: bool = True
    bml: bool = False
    """What was said and done is written down in BML."""
    alpha: bool = False
    audio: bool = True
    """False: the client wants text alone."""
    manual: bool = False
    """The client itself says where its audio begins and ends."""


@dataclass(slots=True)
class _Response:
    turn: int
    id: str
    item: str
    audio: bool
    transcript: str = ""


class Scribe:
    """Numbers events, items and responses of one connection."""

    def __init__(self, card_base: str = "") -> None:
        self.wishes = Wishes()
        self.face = FaceCues()
        self._notation = Notation()
        self._card_base = card_base
        self._serial = 0
        self._last_item: str | None = None
        self._response: _Response | None = None
        self._voice_item: str | None = None
        self._partial = ""
        self._committed: deque[Json] = deque()
        """Spoken items whose words are not known yet."""
        self.audio_began_s = 0.0
        """When the client's first sample was captured, on the session's clock."""
        self._by_client = False
        self.items: OrderedDict[str, Json] = OrderedDict()
        """The conversation's items as the client was last told of them."""
        self.turns: dict[str, int] = {}
        """The turn of each item that was answered with."""

    # ── ids ──
    def new_id(self, prefix: str) -> str:
        self._serial += 1
        return f"{prefix}_{self._serial:06d}"

    def event(self, kind: str, **fields: Any) -> Json:
        return {"type": kind, "event_id": self.new_id("event"), **fields}

    def error(self, kind: str, code: str, message: str, param: str | None = None, event_id: str | None = None) -> Json:
        """An error event; `event_id` is that of the client's event."""
        details = {"type": kind, "code": code, "message": message, "param": param, "event_id": event_id}
        return self.event("error", error=details)

    def added(self, item: Json) -> Iterator[Json]:
        """An item that the client or the visitor put into the conversation."""
        yield self.event("conversation.item.added", previous_item_id=self._last_item, item=item)
        yield self.event("conversation.item.done", previous_item_id=self._last_item, item=item)
        self._keep(item)

    def _keep(self, item: Json) -> None:
        self._last_item = item["id"]
        self.items[item["id"]] = item
        if len(self.items) > ITEMS:
            self.items.popitem(last=False)

    @contextmanager
    def by_client(self) -> Iterator[None]:
        """What ends in here ends because the client wants it."""
        self._by_client = True
        try:
            yield
        finally:
            self._by_client = False

    @property
    def active(self) -> str | None:
        """The id of the response that goes on."""
        return self._response.id if self._response else None

    # ── frames ──
    def speech(self, frame: Frame) -> Iterator[Json]:
        """The audio of a frame, and what is said of it."""
        response = self._response
        if response is None or response.turn != frame.turn or not response.audio:
            return
        ours = {"pts": frame.pts, "turn": frame.turn} if self.wishes.avatar else {}
        yield self._part("response.output_audio.delta", delta=base64.b64encode(frame.pcm.tobytes()).decode(), **ours)
        if self.wishes.avatar and self.wishes.visemes and frame.visemes:
            named = [[v.start, v.viseme.value] for v in frame.visemes]
            yield self.event("avatar.visemes", turn=frame.turn, visemes=named)
        if self.wishes.avatar and frame.words:
            self._notation.hear(frame.words)
            words = [[w.start, w.end, w.text] for w in frame.words]
            yield self.event("avatar.words", turn=frame.turn, item_id=response.item, words=words)

    def seen(self, frame: Frame) -> Iterator[Json]:
        """What a client needs besides the speech to move a body of its own, idle slots too."""
        if self.wishes.avatar and frame.moment is not None:
            for kind, fields in self.face.cues(frame.moment):
                yield self.event(kind, **fields)

    def _written(self, sentences: Iterator[Written]) -> Iterator[Json]:
        for each in sentences:
            if self.wishes.avatar and self.wishes.bml:
                yield self.event("avatar.bml", turn=each.turn, pts=each.pts, bml=write(each.block))

    def _part(self, kind: str, **fields: Any) -> Json:
        response = self._response
        assert response is not None
        return self.event(
            kind, response_id=response.id, item_id=response.item, output_index=0, content_index=0, **fields
        )

    # ── events ──
    def write(self, event: e.Event) -> Iterator[Json]:
        """The messages that tell `event`; none where the client is not to know."""
        match event:
            case e.TurnOpened():
                yield from self._open(event)
            case e.SentenceStarted(turn, sentence):
                yield from self._written(self._notation.begin(turn, sentence))
                yield from self._sentence(event)
            case e.TurnEnded():
                yield from self._written(self._notation.end(whole=True))
                yield from self._end(event)
            case e.VoiceStarted() | e.VoiceStopped() | e.PartialTranscript() | e.UtteranceHeard() | e.NothingHeard():
                yield from self._hearing(event)
            case _ if self.wishes.avatar:
                yield from self._ours(event)

    def _open(self, event: e.TurnOpened) -> Iterator[Json]:
        response = self._response = _Response(event.turn, self.new_id("resp"), self.new_id("item"), self.wishes.audio)
        self.turns[response.item] = event.turn
        if len(self.turns) > 256:
            self.turns.pop(next(iter(self.turns)))
        yield self.event("response.created", response=self._state("in_progress", []))
        item = self._item("in_progress", [])
        yield self.event("response.output_item.added", response_id=response.id, output_index=0, item=item)
        yield self.event("conversation.item.added", previous_item_id=self._last_item, item=item)
        yield self._part("response.content_part.added", part=self._content(response.audio, ""))

    @staticmethod
    def _content(audio: bool, text: str) -> Json:
        return {"type": "audio", "transcript": text} if audio else {"type": "text", "text": text}

    def _output(self, audio: bool, text: str) -> Json:
        return {**self._content(audio, text), "type": "output_audio" if audio else "output_text"}

    def _item(self, status: str, content: list[Json]) -> Json:
        assert self._response is not None
        return {
            "id": self._response.item,
            "object": "realtime.item",
            "type": "message",
            "role": "assistant",
            "status": status,
            "content": content,
        }

    def _state(self, status: str, output: list[Json], details: Json | None = None) -> Json:
        assert self._response is not None
        return {
            "id": self._response.id,
            "object": "realtime.response",
            "status": status,
            "status_details": details,
            "output": output,
            "output_modalities": ["audio" if self._response.audio else "text"],
            "conversation_id": "conv_1",
            "usage": None,
        }

    def _sentence(self, event: e.SentenceStarted) -> Iterator[Json]:
        response = self._response
        if response is None or response.turn != event.turn:
            return
        before = response.transcript
        response.transcript = rejoin((before, event.sentence.text))
        kind = "response.output_audio_transcript.delta" if response.audio else "response.output_text.delta"
        yield self._part(kind, delta=response.transcript[len(before) :])

    def _end(self, event: e.TurnEnded) -> Iterator[Json]:
        response = self._response
        if response is None or response.turn != event.turn:
            return
        text, audio = response.transcript, response.audio
        if audio:
            yield self._part("response.output_audio.done")
            yield self._part("response.output_audio_transcript.done", transcript=text)
        else:
            yield self._part("response.output_text.done", text=text)
        yield self._part("response.content_part.done", part=self._content(audio, text))
        whole = event.status == "completed"
        item = self._item("completed" if whole else "incomplete", [self._output(audio, text)])
        yield self.event("conversation.item.done", previous_item_id=self._last_item, item=item)
        yield self.event("response.output_item.done", response_id=response.id, output_index=0, item=item)
        yield self.event("response.done", response=self._state(event.status, [item], self._details(event)))
        self._response = None
        self._keep(item)

    def _details(self, event: e.TurnEnded) -> Json | None:
        if event.status == "cancelled":
            return {"type": "cancelled", "reason": "client_cancelled" if self._by_client else "turn_detected"}
        if event.status == "failed":
            error = {"type": "server_error", "code": "turn_failed", "message": event.problem}
            return {"type": "failed", "error": error}
        return None

    def _hearing(self, event: e.Event) -> Iterator[Json]:
        match event:
            case e.VoiceStarted(at_s):
                self._voice_item, self._partial = self.new_id("item"), ""
                yield from self._edge("started", "audio_start_ms", at_s)
            case e.VoiceStopped(at_s):
                yield from self._edge("stopped", "audio_end_ms", at_s)
            case e.PartialTranscript(text):
                yield from self._partially(text)
            case e.UtteranceHeard(utterance):
                yield from self._understood(utterance.text, utterance.ended - utterance.began)
            case e.NothingHeard(problem):
                yield from self._not_understood(problem)

    def _edge(self, edge: str, when: str, at_s: float) -> Iterator[Json]:
        if self._voice_item is not None and (self.wishes.avatar or not self.wishes.manual):
            position = {when: max(0, round((at_s - self.audio_began_s) * 1000))}
            yield self.event(f"input_audio_buffer.speech_{edge}", item_id=self._voice_item, **position)

    def _partially(self, text: str) -> Iterator[Json]:
        """Ours get the whole partial transcript; a standard client gets what is new, once, when it grows."""
        if self._committed:
            item_id = self._committed[0]["id"]
        else:
            item_id = self._voice_item = self._voice_item or self.new_id("item")
        kind = "conversation.item.input_audio_transcription.delta"
        if self.wishes.avatar:
            yield self.event(kind, item_id=item_id, content_index=0, delta="", avatar_text=text)
        elif text.startswith(self._partial) and text != self._partial:
            yield self.event(kind, item_id=item_id, content_index=0, delta=text[len(self._partial) :])
            self._partial = text

    def committed(self) -> Iterator[Json]:
        """The audio that came since the last commit is an item now; its words follow."""
        item_id, self._voice_item = self._voice_item or self.new_id("item"), None
        content = [{"type": "input_audio", "transcript": None}]
        item = {"id": item_id, "object": "realtime.item", "type": "message", "role": "user", "content": content}
        item["status"] = "completed"
        self._committed.append(item)
        yield self.event("input_audio_buffer.committed", previous_item_id=self._last_item, item_id=item_id)
        yield from self.added(item)

    def _understood(self, text: str, seconds: float) -> Iterator[Json]:
        if not self._committed:
            yield from self.committed()
        item = self._committed.popleft()
        item["content"][0]["transcript"] = text
        yield self._transcribed(item, text, seconds)

    def _not_understood(self, problem: str | None) -> Iterator[Json]:
        if problem is not None and not self._committed:
            yield from self.committed()
        self._voice_item = None
        if not self._committed:
            return
        item = self._committed.popleft()
        if problem is None:
            yield self._transcribed(item, "", 0.0)
            return
        error = {"type": "server_error", "code": "transcription_failed", "message": problem, "param": None}
        kind = "conversation.item.input_audio_transcription.failed"
        yield self.event(kind, item_id=item["id"], content_index=0, error=error)

    def _transcribed(self, item: Json, text: str, seconds: float) -> Json:
        return self.event(
            "conversation.item.input_audio_transcription.completed",
            item_id=item["id"],
            content_index=0,
            transcript=text,
            usage={"type": "duration", "seconds": round(seconds, 3)},
        )

    def forget(self) -> Iterator[Json]:
        """The client drops its audio: nothing of it will be understood."""
        self._committed.clear()
        self._voice_item = None
        yield self.event("input_audio_buffer.cleared")

    # ── ours ──
    def _ours(self, event: e.Event) -> Iterator[Json]:
        match event:
            case e.MoodChanged(mood):
                yield self.event("avatar.state", state=mood)
            case e.ReplyFound():
                if event.show:
                    yield self.event("avatar.card", turn=event.turn, **self._card(event.show))
                if event.choices:
                    yield self.event("avatar.choices", turn=event.turn, choices=choices(event.choices))
            case e.ActionStarted(turn, action, pts, end, stroke):
                if turn:
                    self._notation.move(action, stroke)
                self.face.act(turn, action, end)
                times = {"pts": pts, "pts_stroke": stroke, "pts_end": end}
                yield self.event("avatar.action", turn=turn, action=action, **times)
            case e.BlockTold():
                named = {"id": event.behavior, "sync": event.point, "message": event.text}
                told = {name: value for name, value in named.items() if value}
                yield self.event("avatar.bml.feedback", block=event.block, feedback=event.what, pts=event.pts, **told)
            case e.LatencyKnown():
                yield self.event(
                    "avatar.latency",
                    turn=event.turn,
                    first_av_ms=round(event.first_av_ms, 3),
                    stages=dict(event.stages),
                    filler_ms=event.filler_ms,
                )
            case e.HearingFailed(reason):
                yield self.event("avatar.hearing", available=False, reason=reason)
            case e.HearingMended():
                yield self.event("avatar.hearing", available=True)
            case e.OrderChanged(name, state, reason):
                yield self.event("avatar.order", order={"id": name, "state": state, "reason": reason or None})
            case e.Steered(muted, frozen, taken_over):
                yield self.event("avatar.steered", muted=muted, frozen=frozen, taken_over=taken_over)
            case e.Sensed(present):
                yield self.event("avatar.presence", present=present)
            case e.CardShown(card):
                yield self.event("avatar.card", turn=0, **self._card(card or Card()))
            case e.BackgroundSet(colour, picture, drawn):
                address = self._address(picture) if picture else None
                yield self.event("avatar.background", colour=colour or None, picture=address, drawn=drawn)

    def _card(self, card: Card) -> Json:
        files = {"image": card.image, "video": card.video, "audio": card.audio}
        addresses = {key: self._address(name) if name else None for key, name in files.items()}
        return {"title": card.title, "text": card.text, **addresses, "link": card.link}

    def _address(self, name: str) -> str:
        return name if name.startswith("https://") else f"{self._card_base}/{quote(name)}"

    def clear(self, turn: int, fade_ms: int) -> Iterator[Json]:
        """Everything of `turn` that was sent fades and is dropped."""
        if self.wishes.avatar:
            yield self.event("avatar.clear", turn=turn, fade_ms=fade_ms)


def choices(offered: tuple[Choice, ...]) -> list[Json]:
    return [{"id": choice.id, "text": choice.text} for choice in offered]


def samples(audio_ms: float) -> int:
    return max(0, round(audio_ms * RATE / 1000))
