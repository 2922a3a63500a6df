"""The conversation of one client: its items, and the responses that it asks for."""

from __future__ import annotations

from dataclasses import replace

from agent.pictures import pictures
from runtime.outlets.scribe import Json, Scribe, samples
from runtime.outlets.socket import SocketOutlet
from runtime.server import client_events as c
from runtime.server.microphone import Microphone
from runtime.session import Session
from visavis.clock import Clock
from visavis.errors import ClientError
from visavis.words import Picture, Utterance


class Conversation:
    """Turns item and response events into what the session does."""

    def __init__(
        self, session: Session, outlet: SocketOutlet, scribe: Scribe, ears: Microphone, clock: Clock, language: str
    ) -> None:
        self._session, self._outlet, self._scribe, self._microphone = session, outlet, scribe, ears
        self._clock, self._language = clock, language
        self._asked: tuple[str, Utterance] | None = None
        """What a user item asks, until a response is wanted."""

    # ── items ──
    async def add(self, item: c.Item) -> None:
        """Put an item into the conversation. Raises ClientError."""
        item_id = item.id or self._scribe.new_id("item")
        if item_id in self._scribe.items:
            raise ClientError("item_exists", f"there is an item {item_id!r} already", param="item.id")
        content = [part.model_dump(exclude_none=True, exclude={"audio", "image_url"}) for part in item.content]
        told: Json = {"id": item_id, "object": "realtime.item", "type": "message", "role": item.role}
        if item.role == "user":
            await self._take(item, item_id)
        self._outlet.say(self._scribe.added({**told, "status": "completed", "content": content}))

    async def _take(self, item: c.Item, item_id: str) -> None:
        """Keep what the item asks until a response is wanted."""
        audio = [part.audio for part in item.content if part.type == "input_audio" and part.audio]
        if audio:
            await self._microphone.hear_item(audio)
            return
        text = " ".join(part.text for part in item.content if part.type == "input_text" and part.text).strip()
        shown = _pictures(item)
        if not text and not shown:
            problem = "the item has no text; send a part of type input_text"
            raise ClientError("invalid_value", problem, param="item.content")
        now = self._clock.now()
        said = Utterance(text, self._language, item.avatar_via, now, now, pictures=shown)
        self._asked = (item_id, said)

    def truncate(self, event: c.ItemTruncate) -> None:
        """The client played only so much of an answer. Raises ClientError."""
        item = self._find(event.item_id)
        turn = self._scribe.turns.get(event.item_id)
        if turn is None:
            raise ClientError("invalid_value", "only an answer's audio can be truncated", param="item_id")
        heard = samples(event.audio_end_ms)
        self._outlet.note_played(turn, heard)
        text = self._session.correct(turn, heard)
        if text is not None:
            for part in item["content"]:
                part["transcript"] = text
        fields = {"content_index": event.content_index, "audio_end_ms": event.audio_end_ms}
        self._outlet.say([self._scribe.event("conversation.item.truncated", item_id=event.item_id, **fields)])

    def delete(self, item_id: str) -> None:
        """Take an item away. Raises ClientError."""
        self._find(item_id)
        del self._scribe.items[item_id]
        if self._asked is not None and self._asked[0] == item_id:
            self._asked = None
        self._outlet.say([self._scribe.event("conversation.item.deleted", item_id=item_id)])

    def retrieve(self, item_id: str) -> None:
        """Show an item as it is kept. Raises ClientError."""
        self._outlet.say([self._scribe.event("conversation.item.retrieved", item=self._find(item_id))])

    def _find(self, item_id: str) -> Json:
        if item_id not in self._scribe.items:
            raise ClientError("item_not_found", f"there is no item {item_id[:64]!r}", param="item_id")
        return self._scribe.items[item_id]

    # ── responses ──
    async def respond(self, event: c.ResponseCreate) -> None:
        """Answer what was asked last. Raises ClientError."""
        if self._scribe.active and not self._scribe.wishes.avatar:
            problem = f"{self._scribe.active} is still going on; cancel it or wait for response.done"
            raise ClientError("conversation_already_has_active_response", problem)
        if event.response and event.response.input:
            for item in [each for each in event.response.input if each.role == "user"][-1:]:
                await self._take(item, item.id or "")
        asked, self._asked = self._asked, None
        if asked is not None:
            said = asked[1]
            self._session.say(replace(said, ended=self._clock.now()))
        elif not self._session.respond():
            problem = "there is nothing to answer; create a user item or commit audio first"
            raise ClientError("nothing_to_answer", problem)

    def cancel(self) -> None:
        """End the response that goes on. Raises ClientError when a plain client names none."""
        if not self._scribe.active and not self._scribe.wishes.avatar:
            raise ClientError("response_cancel_not_active", "no response is going on")
        with self._scribe.by_client():
            self._session.stop()

    def played(self, event: c.Played) -> None:
        """The client tells how much of an answer was really heard."""
        turn = self._scribe.turns.get(event.item_id)
        if turn is not None:
            self._outlet.note_played(turn, samples(event.audio_ms))


def _pictures(item: c.Item) -> tuple[Picture, ...]:
    """The pictures of a user's item. Raises ClientError."""
    try:
        return pictures([part.image_url or "" for part in item.content if part.type == "input_image"])
    except ValueError as error:
        raise ClientError("invalid_value", str(error), param="item.content") from error
