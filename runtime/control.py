"""What an operator or a program may have one living session do. The tree decides when it is done."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from agent.reviewing import Reviews
from agent.sentences import speakable
from agent.wording import Wording
from behaviors.bml import Plan, plan
from behaviors.bml import parse as parse_bml
from behaviors.direction import direct
from behaviors.ports import Urgency
from runtime.events import BackgroundSet, CardShown
from runtime.media import is_picture
from runtime.orders import Placed
from runtime.outlets import Outlet
from runtime.session import Session
from visavis.clock import Clock
from visavis.errors import ClientError, EngineError
from visavis.ssml import MarkupError, is_markup, parse, words_of
from visavis.words import Card, Emotion, Sentence

log = logging.getLogger(__name__)

BACKGROUND_S = 1.0
"""The background may change that often; drawing another one costs a worker time."""


class Deployment(Protocol):
    """What is asked of the dialog that a session belongs to."""

    name: str
    language: str

    @property
    def review(self) -> Reviews | None: ...

    def pictures(self) -> Mapping[str, Path]:
        """The files that may be shown, by name."""
        ...


@dataclass
class Control:
    """One living session as it is steered from outside, by REST or over its own socket.

    `dress` sets the background of the pictures (as `Look.background`) and tells whether they show it; `end` ends the
    session. What is refused raises ClientError; then nothing has changed.
    """

    id: str
    dialog: Deployment
    session: Session
    outlet: Outlet
    clock: Clock
    dress: Callable[[str], Awaitable[bool]]
    end: Callable[[], None]
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    _dressed_at: float | None = None
    _background: BackgroundSet = field(default_factory=lambda: BackgroundSet("", "", drawn=False))

    # ── what is said and done ──
    async def speak(
        self,
        text: str,
        urgency: Urgency = "next",
        emotion: Emotion | None = None,
        action: str = "",
        *,
        own: bool = False,
    ) -> Placed:
        """Have a text said, plain or SSML. `own`: a caller's words, which bring no links or numbers by themselves."""
        self._may_act()
        words = self._words(text)
        await self._pass(words, "text", own=own)
        sentences = self._played(text, emotion, action)
        self._may_act()
        placed = self.session.orders.place(words, action, urgency, sentences)
        self._note(f"speak, {urgency}")
        return placed

    def _words(self, text: str) -> str:
        if is_markup(text):
            try:
                parse(text)
            except MarkupError as error:
                raise ClientError("invalid_value", f"text: {error}", param="text") from error
        words = words_of(text)
        if not speakable(words):
            raise ClientError("invalid_value", "text: there is nothing to say in it; give some words", param="text")
        return words

    def _played(self, text: str, emotion: Emotion | None, action: str) -> tuple[Sentence, ...]:
        wording = Wording(self.dialog.language, directions=direct)
        played = wording.played(text, action or None, fixed=False)
        return tuple(each if emotion is None else replace(each, emotion=emotion) for each in played)

    def act(self, action: str, urgency: Urgency = "next") -> Placed:
        """Have an action done."""
        self._may_act()
        self._note(f"action {action}")
        return self.session.orders.place("", action, urgency)

    async def perform(self, xml: str, *, own: bool = False) -> Plan:
        """Have a BML block performed, as soon as its composition lets it."""
        self._may_act()
        planned = plan(parse_bml(xml), self.session.stage.timing)
        if planned.said:
            await self._pass("\n".join(said.text for said in planned.said), "bml", own=own)
        self._may_act()
        self.session.performing.place(planned)
        self._note("bml")
        return planned

    def stop(self) -> None:
        """End what is said and give up all orders."""
        self._note("stop")
        self.session.halt()

    def feel(self, emotion: Emotion, intensity: float, for_s: float) -> None:
        """Show an emotion for a while, where a sentence has none of its own."""
        self._note(f"emotion {emotion}")
        self.session.feel(emotion, intensity, for_s)

    def _may_act(self) -> None:
        if self.session.frozen:
            raise ClientError(
                "frozen", "the session is frozen: nothing is said or done; send freeze {frozen: false} first"
            )

    # ── what is shown ──
    async def card(self, card: Card | None, *, own: bool = False) -> None:
        """Show a card, or take away the one that is shown."""
        if card is not None:
            self._known(card.image, "image")
            await self._pass(f"{card.title}\n{card.text}", "text", own=own)
        self._note("card")
        self.outlet.tell(CardShown(card))

    async def background(self, colour: str = "", picture: str = "") -> BackgroundSet:
        """Stand before a colour (`#rrggbb`), a picture by its name, or, with neither, before the avatar's own."""
        now = self.clock.now()
        if self._dressed_at is not None and now - self._dressed_at < BACKGROUND_S:
            raise ClientError("too_many_requests", "the background was changed a moment ago; wait a second")
        path = str(self._known(picture, "picture")) if picture else ""
        if picture and not is_picture(picture):
            raise ClientError(
                "invalid_value", "picture: it is no still picture; name a PNG, JPEG, WebP or SVG", param="picture"
            )
        self._dressed_at = now
        try:
            drawn = await self.dress(path or colour)
        except EngineError as error:
            if error.retryable:
                raise
            raise ClientError("invalid_value", error.problem, param="picture") from error
        self._note("background")
        self._background = BackgroundSet(colour, picture, drawn)
        self.outlet.tell(self._background)
        return self._background

    def _known(self, name: str | None, param: str) -> Path | None:
        """The file of a name. Raises ClientError where there is none; a link is let through."""
        if not name or name.startswith("https://"):
            return None
        path = self.dialog.pictures().get(name)
        if path is None:
            problem = (
                f"{param}: there is no such file; put it into the folder media of the knowledge, or name one of a card"
            )
            raise ClientError("invalid_value", problem, param=param)
        return path

    async def _pass(self, words: str, param: str, *, own: bool) -> None:
        """Raises ClientError for words that the dialog's review does not let pass."""
        if self.dialog.review is None:
            return
        judged = await self.dialog.review.said(words, () if own else (words,))
        if not judged.ok:
            problem = f"{param}: the review does not let it pass ({judged.reason}); word it otherwise"
            raise ClientError("invalid_value", problem, param=param)

    # ── what is set ──
    def mute(self, muted: bool) -> None:
        self._note("mute" if muted else "unmute")
        self.session.mute(muted)

    def rate(self, like: bool, turn: int | None = None) -> None:
        """The visitor likes an answer or not; a dialog that does not learn takes no notice."""
        self._note("feedback")
        self.session.rate(like, turn)

    def take_over(self, taken: bool) -> None:
        self._note("taken over" if taken else "given back")
        self.session.take_over(taken)

    def freeze(self, frozen: bool) -> None:
        self._note("freeze" if frozen else "unfreeze")
        self.session.freeze(frozen)

    def finish(self) -> None:
        """End the session."""
        self._note("end")
        self.end()

    # ── what is told ──
    def facts(self) -> dict[str, Any]:
        """How the session stands; no words of anybody."""
        session, steered = self.session, self.session.steered
        return {
            "id": self.id,
            "dialog": self.dialog.name,
            "since": self.since.isoformat(timespec="seconds"),
            "mood": session.mood,
            "present": session.present,
            "quiet_s": round(self.clock.now() - session.quiet_since, 1),
            **asdict(steered),
            "background": {"colour": self._background.colour or None, "picture": self._background.picture or None},
            "turns": session.turns,
            "orders": dict(session.orders.counts),
        }

    def _note(self, what: str) -> None:
        log.info("%s: %s", self.id, what)


def block_facts(planned: Plan) -> dict[str, Any]:
    """A block of BML as it was taken."""
    return {
        "block": planned.id,
        "composition": planned.composition,
        "speeches": [said.id for said in planned.said],
        "deeds": [deed.id for deed in planned.deeds],
        "warnings": list(planned.warnings),
    }


def order_facts(placed: Placed) -> dict[str, Any]:
    """An order as it is told."""
    return {
        "id": placed.order.id,
        "state": placed.state,
        "reason": placed.reason or None,
        "urgency": placed.order.urgency,
        "text": placed.order.text or None,
        "action": placed.order.action or None,
        "heard": placed.heard or None,
    }
