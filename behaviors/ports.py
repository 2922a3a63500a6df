"""What a behaviour tree perceives of a session, and what it may do to it.

The session implements `Body`; leaves depend on nothing else, so a tree runs against a fake body in a test.
All times are seconds on the session's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from visavis.words import Emotion, Mood, TurnKind, Utterance
from visavis.words import Gaze as Gaze
from visavis.words import Occasion as Occasion


@dataclass(frozen=True, slots=True)
class Voice:
    """The visitor's sound: the stretch that is heard now, or the last one.

    `began`, `ended` frame the stretch; `voiced_s` is how much of it was voice; `words` is the partial transcript.
    """

    active: bool = False
    began: float = 0.0
    ended: float = 0.0
    voiced_s: float = 0.0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Playing:
    """The turn that has the stage. `audible`: its speech has begun and has not ended."""

    turn: int
    kind: TurnKind
    held: bool
    audible: bool


Urgency = Literal["now", "next", "idle"]
"""`now` ends what plays, `next` waits for its end, `idle` until nothing else is to be done."""


@dataclass(frozen=True, slots=True)
class Order:
    """What an operator or a program wants said, or done when there is no `text`."""

    id: str
    text: str = ""
    action: str = ""
    urgency: Urgency = "next"


class Job(Protocol):
    """Something started on the session; it is polled, never awaited."""

    @property
    def done(self) -> bool: ...

    def cancel(self) -> None:
        """Stop it and whatever it started; safe when done."""
        ...


class Body(Protocol):
    """One session as its tree sees it."""

    # perceives
    def now(self) -> float: ...

    @property
    def voice(self) -> Voice: ...

    @property
    def playing(self) -> Playing | None: ...

    @property
    def waiting(self) -> Utterance | None:
        """The newest utterance that nobody has begun to answer."""
        ...

    @property
    def present(self) -> bool:
        """Whether somebody is there; where nobody ever tells, somebody is taken to be."""
        ...

    @property
    def occasion(self) -> Occasion | None:
        """An occasion to greet that has come and has not been used, if a greeting for it may be said now."""
        ...

    @property
    def quiet_since(self) -> float:
        """When the last turn, voice or touch ended."""
        ...

    @property
    def taken_over(self) -> bool:
        """Whether an operator speaks as the avatar; then its tree starts nothing but what is ordered."""
        ...

    @property
    def frozen(self) -> bool:
        """Whether the safety stop is set: nothing is said and nobody is acted for."""
        ...

    @property
    def ordered(self) -> Order | None:
        """The order that has not begun: the most urgent one, of these the oldest."""
        ...

    @property
    def scripted(self) -> bool:
        """Whether a script has its next piece ready."""
        ...

    @property
    def emotion(self) -> Emotion:
        """What the avatar is seen to feel now."""
        ...

    # does
    def hold(self) -> None:
        """Fade the playing turn and keep what was not heard."""
        ...

    def resume(self) -> None:
        """Go on with the held turn from the start of the last word heard."""
        ...

    def interrupt(self) -> None:
        """End the playing turn and all that it started."""
        ...

    def cut(self) -> None:
        """End the playing turn and all that it started, also one that must not be interrupted."""
        ...

    def answer(self) -> Job:
        """Take the waiting utterance and open a reply turn for it."""
        ...

    def greet(self) -> Job:
        """Take the occasion and open a greeting turn."""
        ...

    def obey(self) -> Job:
        """Take the order: open an "operator" turn that says it, or play its action."""
        ...

    def recite(self) -> Job:
        """Take the script's next piece and open a "script" turn."""
        ...

    def act(self, action: str) -> Job:
        """Play an action outside speech; done when it has ended."""
        ...

    def show(self, mood: Mood) -> None:
        """Set the mood that face and clients show while nothing plays."""
        ...

    def look(self, at: Gaze) -> None:
        """Turn the eyes there while nothing plays."""
        ...
