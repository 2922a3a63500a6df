"""A body between a tree and the session's: it passes everything on, and notes what was perceived and what was done.

Within a tick everything that is perceived is asked of the session once, and again after something was done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from behaviors.ports import Body, Gaze, Job, Occasion, Order, Playing, Voice
from visavis.words import Emotion, Mood, Utterance

PERCEIVED = (
    "voice", "playing", "waiting", "present", "occasion", "quiet_since", "taken_over", "frozen", "ordered", "scripted",
    "emotion",
)  # fmt: skip
"""What a body perceives, by its names."""


@dataclass(slots=True)
class Done:
    """Something done on the body, in short; `job` is what it began, or what it cancelled where it is a `cancel`."""

    what: str
    job: WatchedJob | None = None
    cancel: bool = False


class WatchedJob:
    """A job whose cancelling is noted. `owner` is the node that began it, as soon as that is known."""

    def __init__(self, inner: Job, what: str, note: Callable[[Done], None]) -> None:
        self._inner, self.what, self._note = inner, what, note
        self.owner: Any = None

    @property
    def done(self) -> bool:
        return self._inner.done

    def cancel(self) -> None:
        if not self._inner.done:
            self._note(Done(f"cancel {self.what}", self, cancel=True))
        self._inner.cancel()


class Witness:
    """Implements `behaviors.ports.Body` over another."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._memo: dict[str, Any] | None = None
        self._done: list[Done] = []
        self._shown: Mood = "idle"
        self._gaze: Gaze = "visitor"

    # ── for who watches ──
    def begin(self) -> None:
        """A tick begins."""
        self._memo = {}

    def end(self) -> None:
        """The tick is over."""
        self._memo = None

    @property
    def anything(self) -> bool:
        """Whether something was done that nobody has taken note of."""
        return bool(self._done)

    def take(self) -> list[Done]:
        """What was done since the last time."""
        done, self._done = self._done, []
        return done

    def perceived(self) -> tuple[Any, ...]:
        """All that is perceived, in the order of `PERCEIVED`."""
        return tuple(self._seen(name) for name in PERCEIVED)

    def _seen(self, name: str) -> Any:
        memo = self._memo
        if memo is None:
            return getattr(self._body, name)
        if name not in memo:
            memo[name] = getattr(self._body, name)
        return memo[name]

    def _note(self, done: Done) -> None:
        self._done.append(done)
        if self._memo is not None:
            self._memo.clear()

    def _job(self, job: Job, what: str) -> Job:
        watched = WatchedJob(job, what, self._note)
        self._note(Done(what, watched))
        return watched

    # ── perceives ──
    def now(self) -> float:
        return self._body.now()

    @property
    def voice(self) -> Voice:
        found: Voice = self._seen("voice")
        return found

    @property
    def playing(self) -> Playing | None:
        found: Playing | None = self._seen("playing")
        return found

    @property
    def waiting(self) -> Utterance | None:
        found: Utterance | None = self._seen("waiting")
        return found

    @property
    def present(self) -> bool:
        return bool(self._seen("present"))

    @property
    def occasion(self) -> Occasion | None:
        found: Occasion | None = self._seen("occasion")
        return found

    @property
    def quiet_since(self) -> float:
        return float(self._seen("quiet_since"))

    @property
    def taken_over(self) -> bool:
        return bool(self._seen("taken_over"))

    @property
    def frozen(self) -> bool:
        return bool(self._seen("frozen"))

    @property
    def ordered(self) -> Order | None:
        found: Order | None = self._seen("ordered")
        return found

    @property
    def scripted(self) -> bool:
        return bool(self._seen("scripted"))

    @property
    def emotion(self) -> Emotion:
        found: Emotion = self._seen("emotion")
        return found

    # ── does ──
    def hold(self) -> None:
        self._body.hold()
        self._note(Done("hold"))

    def resume(self) -> None:
        self._body.resume()
        self._note(Done("resume"))

    def interrupt(self) -> None:
        self._body.interrupt()
        self._note(Done("interrupt"))

    def cut(self) -> None:
        self._body.cut()
        self._note(Done("cut"))

    def answer(self) -> Job:
        waiting = self._body.waiting
        return self._job(self._body.answer(), f"answer {waiting.via}" if waiting is not None else "answer")

    def greet(self) -> Job:
        occasion = self._body.occasion
        return self._job(self._body.greet(), f"greet {occasion}")

    def obey(self) -> Job:
        order = self._body.ordered
        what = "order" if order is None else "say an order" if order.text else order.action or "order"
        return self._job(self._body.obey(), f"obey: {what}")

    def recite(self) -> Job:
        return self._job(self._body.recite(), "recite")

    def act(self, action: str) -> Job:
        return self._job(self._body.act(action), f"act {action}")

    def show(self, mood: Mood) -> None:
        self._body.show(mood)
        if mood != self._shown:
            self._shown = mood
            self._done.append(Done(f"show {mood}"))

    def look(self, at: Gaze) -> None:
        self._body.look(at)
        if at != self._gaze:
            self._gaze = at
            self._note(Done(f"look {at}"))
