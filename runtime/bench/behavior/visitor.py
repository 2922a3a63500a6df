"""A visitor, an operator and a script that do anything at any time, over a body that plays by a virtual clock."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping

from behaviors.fakes import FakeBody, FakeJob
from behaviors.ports import Job, Order, Urgency
from visavis.words import Occasion, Utterance, Via

OCCASIONS: tuple[Occasion, ...] = ("enter", "first_visit", "return", "idle", "time")
URGENCIES: tuple[Urgency, ...] = ("now", "next", "idle")
VIAS: tuple[Via, ...] = ("voice", "touch", "text", "comment")
SAID = ("mm-hm", "Where?", "What are your opening hours?", "嗯", "你们几点开门？", "")


def _unheard(number: int) -> bool:
    """Whether a job that hangs does so before it is heard; by turns."""
    return number % 2 == 0


class AnyBody(FakeBody):
    """Some of its turns and actions never end by themselves, and now and then one cannot be begun at all."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__(
            think_s=rng.choice([0.0, 0.1, 0.5, 1.0]),
            speech_s=rng.choice([0.2, 1.0, 3.0]),
            action_s=rng.choice([0.5, 1.0, 2.0]),
        )
        self.polite = rng.random() < 0.85
        self.hangs = 0
        self.breaks = 0

    def answer(self) -> Job:
        self._may_break()
        return super().answer()

    def greet(self) -> Job:
        self._may_break()
        return super().greet()

    def recite(self) -> Job:
        self._may_break()
        return super().recite()

    def _may_break(self) -> None:
        if self.breaks:
            self.breaks -= 1
            raise RuntimeError("it cannot be begun")

    def _job(self, kind: object, delay_s: float, length_s: float) -> FakeJob:
        job = super()._job(kind, delay_s, length_s)  # type: ignore[arg-type]
        if self.hangs:
            self.hangs -= 1
            if _unheard(job.number):
                job.starts_at = math.inf
            else:
                job.left = math.inf
        return job


def happen(body: AnyBody, rng: random.Random) -> str:
    """Let one thing happen, and return its name."""
    name = rng.choices(list(EVENTS), [weight for _, weight in EVENTS.values()])[0]
    EVENTS[name][0](body, rng)
    return name


def _voice(body: AnyBody, rng: random.Random) -> None:
    if body.voice.active:
        body.hush()
    else:
        body.speak()


def _words(body: AnyBody, rng: random.Random) -> None:
    if body.voice.active:
        body.words(rng.choice(SAID))


def _ask(body: AnyBody, rng: random.Random) -> None:
    now = body.now()
    body.waiting = Utterance(rng.choice(SAID), "en", rng.choice(VIAS), now, now, rng.choice([0.4, 1.0]))


def _occasion(body: AnyBody, rng: random.Random) -> None:
    body.present = rng.random() < 0.7
    body.occasion = rng.choice(OCCASIONS) if body.present else None


def _order(body: AnyBody, rng: random.Random) -> None:
    said = rng.random() < 0.6
    number = f"order {rng.randrange(1000)}"
    text, action = ("The tour begins.", "") if said else ("", "wave")
    body.orders.append(Order(number, text, action, rng.choice(URGENCIES)))


def _operator(body: AnyBody, rng: random.Random) -> None:
    body.taken_over = not body.taken_over


def _safety(body: AnyBody, rng: random.Random) -> None:
    body.frozen = not body.frozen


def _script(body: AnyBody, rng: random.Random) -> None:
    body.pieces = rng.randint(1, 3)


def _hang(body: AnyBody, rng: random.Random) -> None:
    body.hangs += 1


def _break(body: AnyBody, rng: random.Random) -> None:
    body.breaks += 1


EVENTS: Mapping[str, tuple[Callable[[AnyBody, random.Random], None], float]] = {
    "voice": (_voice, 8),
    "words": (_words, 4),
    "question": (_ask, 6),
    "occasion": (_occasion, 3),
    "order": (_order, 3),
    "operator": (_operator, 1),
    "safety stop": (_safety, 0.7),
    "script": (_script, 2),
    "hang": (_hang, 0.6),
    "break": (_break, 0.6),
}
"""What may happen, and how often beside the others."""
