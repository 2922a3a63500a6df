"""What a client arranges with `session.update`: how it is treated, what it hears and sees."""

from __future__ import annotations

import asyncio
import logging
import secrets

from avatars.blendshapes import Curves, actions
from runtime.dialog import LiveDialog
from runtime.face import Face
from runtime.outlets.scribe import Json, Scribe, choices
from runtime.server import client_events as c
from runtime.server.microphone import Microphone
from runtime.session import Session
from visavis.clock import Clock
from visavis.errors import AtCapacity, EngineError

log = logging.getLogger(__name__)

FACE_CHANGE_S = 1.0
"""A client may ask for another kind of picture that often; opening one costs a worker time."""


class Refused(Exception):
    """The session ends: the client is told `code` and `message`, and the socket is closed with `close`."""

    def __init__(self, code: str, message: str, close: int) -> None:
        self.code, self.close = code, close
        super().__init__(message)


class Arrangement:
    """Applies `session.update` and describes the session; `close` gives the face back."""

    def __init__(
        self, dialog: LiveDialog, session: Session, scribe: Scribe, microphone: Microphone, clock: Clock
    ) -> None:
        self._dialog, self._session, self._scribe, self._microphone = dialog, session, scribe, microphone
        self._clock = clock
        self.id = f"sess_{secrets.token_hex(8)}"
        self._detection: c.TurnDetection | None = c.TurnDetection()
        self._avatar: c.AvatarWishes | None = None
        self._face: Face | None = None
        self._face_changed_at: float | None = None
        self._background = ""
        self._changing = asyncio.Lock()
        self.faceless_because: str | None = None
        """Why there are no pictures, where some were asked for: the voice goes on without them."""

    async def update(self, event: c.SessionUpdate) -> None:
        """Apply what is named, leave the rest. Raises Refused when nobody can draw; `faceless_because` may be set."""
        wishes = event.session
        detection = wishes.audio.input if wishes.audio and wishes.audio.input else wishes
        if "turn_detection" in detection.model_fields_set:
            self._detect(detection.turn_detection)
        if wishes.output_modalities is not None:
            self._scribe.wishes.audio = "audio" in wishes.output_modalities
            self._session.hush(not self._scribe.wishes.audio)
        avatar = wishes.avatar or event.avatar
        if avatar is not None:
            if (visitor := avatar.visitor) is not None:
                await self._session.meet(visitor.id, consent=visitor.consent, name=visitor.name)
            if avatar.place is not None:
                self._session.stand(avatar.place)
            if avatar.context is not None:
                self._session.inform(avatar.context)
            await self._show(self._wished(avatar))

    def _wished(self, avatar: c.AvatarWishes) -> c.AvatarWishes:
        """What is wished of the avatar now: what is not named stays."""
        named = avatar.model_fields_set - c.TOLD
        return (self._avatar or c.AvatarWishes()).model_copy(update={name: getattr(avatar, name) for name in named})

    def _detect(self, detection: c.TurnDetection | None) -> None:
        self._detection = detection
        manner = self._session.manner
        manner.replies = detection is not None and detection.create_response
        manner.interrupts = detection is None or detection.interrupt_response
        self._scribe.wishes.manual = detection is None
        self._microphone.detect(automatic=detection is not None)

    async def _show(self, wishes: c.AvatarWishes) -> None:
        mine, manner = self._scribe.wishes, self._session.manner
        drawn = {"video", "alpha"}
        asked = self._avatar is not None and wishes.model_dump(include=drawn) == self._avatar.model_dump(include=drawn)
        same = asked and (self._face is not None or wishes.video == "none")
        self._microphone.rate = wishes.input_rate
        if same:
            self._session.stage.want_key()
        else:
            async with self._changing:
                await self._draw(wishes)
        self._avatar = wishes
        mine.avatar, mine.visemes, mine.alpha = True, wishes.visemes, wishes.alpha
        mine.bml = wishes.bml
        await self._curve(wishes)
        manner.greets = manner.holds = True

    async def _curve(self, wishes: c.AvatarWishes) -> None:
        """What a client that draws for itself is told of: gestures of its own body, and how its face stands."""
        lengths = await asyncio.to_thread(actions)
        known = lengths if wishes.actions is None else {name: lengths[name] for name in wishes.actions}
        self._session.stage.able = known if wishes.video == "none" else {}
        if wishes.blendshapes != self._scribe.face.curved:
            self._scribe.face.curve(await asyncio.to_thread(Curves) if wishes.blendshapes else None)

    async def _draw(self, wishes: c.AvatarWishes) -> None:
        """Take another face, or none."""
        await self._pause()
        await self.close()
        self.faceless_because = None
        if wishes.video == "none":
            return
        try:
            self._face = await self._dialog.face(wishes.video, alpha=wishes.alpha, background=self._background)
        except AtCapacity as error:
            raise Refused("at_capacity", str(error), 1013) from error
        except EngineError as error:
            log.warning("a session goes on without pictures: %s", error)
            self.faceless_because = str(error)
        finally:
            self._face_changed_at = self._clock.now()
        self._session.see(self._face)

    async def dress(self, background: str) -> bool:
        """Set what stands behind the avatar, as `Look.background`; whether the pictures show it. Raises EngineError."""
        async with self._changing:
            alpha = self._avatar is not None and self._avatar.alpha
            if self._face is not None:
                await self._face.dress(self._dialog.look(alpha=alpha, background=background))
            self._background = background
            return self._face is not None and not alpha

    async def _pause(self) -> None:
        if self._face_changed_at is not None:
            await self._clock.sleep_until(self._face_changed_at + FACE_CHANGE_S)

    async def close(self) -> None:
        """Give the face back."""
        self._session.see(None)
        face, self._face = self._face, None
        if face is not None:
            await face.close()

    def facts(self) -> Json:
        """The `session` of session.created and session.updated."""
        detection = None
        if self._detection is not None:
            detection = {
                "type": "server_vad",
                "create_response": self._detection.create_response,
                "interrupt_response": self._detection.interrupt_response,
            }
        pcm = {"type": "audio/pcm", "rate": 24000}
        facts: Json = {
            "type": "realtime",
            "object": "realtime.session",
            "id": self.id,
            "model": self._dialog.name,
            "output_modalities": ["audio" if self._scribe.wishes.audio else "text"],
            "audio": {"input": {"format": pcm, "turn_detection": detection}, "output": {"format": pcm}},
        }
        if self._avatar is not None:
            dialog = self._dialog.facts()
            dialog["buttons"] = choices(dialog["buttons"])
            facts["avatar"] = {**self._avatar.model_dump(exclude=set(c.TOLD)), "dialog": dialog}
        return facts
