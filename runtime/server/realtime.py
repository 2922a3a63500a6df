"""One WebSocket connection of `/v1/realtime`: the client's events in, the session's out."""

from __future__ import annotations

import asyncio
import logging
from contextlib import nullcontext
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from runtime.control import Control
from runtime.dialog import LiveDialog
from runtime.outlets.scribe import Scribe
from runtime.outlets.socket import SocketOutlet, TooSlow
from runtime.server import client_events as c
from runtime.server.arrangement import Arrangement, Refused
from runtime.server.control_events import ControlEvent, Stop, steer
from runtime.server.conversation import Conversation
from runtime.server.microphone import Microphone
from runtime.server.throttle import Throttle
from runtime.sessions import Sessions
from visavis.clock import Clock
from visavis.errors import ClientError, VisavisError

log = logging.getLogger(__name__)

MESSAGES_A_S = 300
"""A client that sends more is read more slowly."""
BURST = 600
"""Messages that may come at once."""
MESSAGE_BYTES = 4096
"""A longer message counts as several."""
WORK = 20
"""As many messages counts one that starts an answer or changes the session."""
ENDED = 1001
"""The socket is closed with that when an operator ends the session."""
FAREWELL_S = 1.0
"""How long a client may take to hear why it is sent away."""


class Connection:
    """Serves one client until it leaves. `dialog` makes its session."""

    def __init__(self, socket: WebSocket, dialog: LiveDialog, clock: Clock, sessions: Sessions) -> None:
        self._socket, self._clock, self._sessions = socket, clock, sessions
        self._throttle = Throttle(clock, MESSAGES_A_S, BURST)
        self._scribe = scribe = Scribe(card_base=f"/media/{dialog.name}")
        self._outlet = SocketOutlet(clock, scribe, self._write)
        self._session = session = dialog.session(self._outlet, clock)
        self._microphone = Microphone(session.ears, clock, dialog.deaf_because)
        self._arrangement = Arrangement(dialog, session, scribe, self._microphone, clock)
        ended = self._ended = asyncio.Event()
        dress, name = self._arrangement.dress, self._arrangement.id
        self._control = Control(name, dialog, session, self._outlet, clock, dress, ended.set)
        self._conversation = Conversation(session, self._outlet, scribe, self._microphone, clock, dialog.language)

    async def run(self) -> None:
        """Until the client goes or the session fails; then nothing of it is left."""
        self._outlet.say([self._scribe.event("session.created", session=self._arrangement.facts())])
        self._sessions.begin(self._control)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._outlet.run(), name="outlet")
                group.create_task(self._session.run(), name="session")
                group.create_task(self._read(), name="reader")
                group.create_task(self._until_ended(), name="end")
        except* WebSocketDisconnect:
            pass
        except* TooSlow as gone:
            log.info("a client was given up: %s", gone.exceptions[0])
            await self._close(1008, "too slow")
        except* Refused as refusals:
            await self._send_away(refusals.exceptions[0])
        except* Exception as failures:
            log.error("a session failed", exc_info=failures)
            await self._close(1011, "the session failed")
        finally:
            await self._leave()

    async def _until_ended(self) -> None:
        await self._ended.wait()
        raise Refused("session_ended", "the session was ended by an operator", ENDED)

    async def _leave(self) -> None:
        self._sessions.end(self._control.id)
        await self._outlet.close()
        try:
            await self._arrangement.close()
        finally:
            await self._session.close()

    async def _send_away(self, refusal: BaseException) -> None:
        assert isinstance(refusal, Refused)
        message = self._scribe.error("server_error", refusal.code, str(refusal))
        try:
            async with asyncio.timeout(FAREWELL_S):
                await self._outlet.flush(message)
        except (TimeoutError, WebSocketDisconnect):
            log.debug("the client did not wait for the reason")
        await self._close(refusal.close, refusal.code)

    async def _close(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(FAREWELL_S):
                await self._socket.close(code, reason)
        except (RuntimeError, TimeoutError, WebSocketDisconnect):
            log.debug("the socket was gone already")

    async def _write(self, data: str | bytes) -> None:
        try:
            if isinstance(data, bytes):
                await self._socket.send_bytes(data)
            else:
                await self._socket.send_text(data)
        except RuntimeError as error:  # starlette's word for a socket that closed meanwhile
            raise WebSocketDisconnect(1006) from error

    # ── reading ──
    async def _read(self) -> None:
        """Take messages one after another, no faster than they are worth, while the client takes its own."""
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code") or 1006)
            size = len(message.get("text") or message.get("bytes") or "")
            self._throttle.charge(1 + size / MESSAGE_BYTES)
            await self._throttle.ready()
            await self._outlet.room()
            await self._take(message)
            await asyncio.sleep(0)

    async def _take(self, message: Any) -> None:
        event_id: str | None = None
        try:
            text = message.get("text")
            if text is None:
                raise ClientError("invalid_event", "binary messages are not understood; send JSON text messages")
            event = c.parse(text)
            event_id = event.event_id
            if isinstance(event, c.ResponseCreate | c.SessionUpdate | c.Presence | ControlEvent):
                self._throttle.charge(WORK)
            await self._do(event)
        except ClientError as error:
            about = (error.param, error.event_id or event_id)
            self._outlet.say([self._scribe.error("invalid_request_error", error.code, str(error), *about)])
        except VisavisError as error:
            self._outlet.say([self._scribe.error("server_error", "unavailable", str(error), None, event_id)])

    async def _do(self, event: c.ClientEvent) -> None:
        talk, microphone = self._conversation, self._microphone
        match event:
            case c.SessionUpdate():
                await self._update(event)
            case c.Append(audio=audio):
                await microphone.hear(audio)
                self._scribe.audio_began_s = microphone.began_s or 0.0
            case c.Commit():
                microphone.commit()
                self._outlet.say(self._scribe.committed())
            case c.Clear():
                self._session.discard()
                self._outlet.say(self._scribe.forget())
            case c.ItemCreate(item=item):
                await talk.add(item)
            case c.ResponseCreate():
                await talk.respond(event)
            case c.ResponseCancel() | c.OutputClear():
                talk.cancel()
            case c.ItemTruncate():
                talk.truncate(event)
            case c.ItemDelete(item_id=item_id):
                talk.delete(item_id)
            case c.ItemRetrieve(item_id=item_id):
                talk.retrieve(item_id)
            case c.Played():
                talk.played(event)
            case c.Presence(present=present):
                self._appear(present)
            case _:
                await self._steer(event)

    async def _update(self, event: c.SessionUpdate) -> None:
        await self._arrangement.update(event)
        if (reason := self._arrangement.faceless_because) is not None:
            self._outlet.say([self._scribe.error("server_error", "video_unavailable", reason, None, event.event_id)])
        self._outlet.say([self._scribe.event("session.updated", session=self._arrangement.facts())])
        if self._scribe.wishes.avatar:
            self._session.announce()

    def _appear(self, present: bool) -> None:
        self._need_avatar("avatar.presence")
        self._session.presence(present)

    async def _steer(self, event: ControlEvent) -> None:
        self._need_avatar(event.type)
        with self._scribe.by_client() if isinstance(event, Stop) else nullcontext():
            order = await steer(self._control, event)
        if order is not None:
            told = {name: order[name] for name in ("id", "state", "reason")}
            self._outlet.say([self._scribe.event("avatar.order", order=told, client_event_id=event.event_id)])

    def _need_avatar(self, kind: str) -> None:
        if not self._scribe.wishes.avatar:
            problem = f"{kind} needs `avatar` in session.update first"
            raise ClientError("avatar_not_enabled", problem, param="type")
