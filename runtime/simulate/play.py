"""Plays a scenario: the real session, stage and tree on the virtual clock, with stand-ins for all else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

import avatars
from avatars.renderers.rig.data import load
from behaviors.tact import tact
from behaviors.tree import Behavior
from runtime.events import ActionStarted, MoodChanged, SentenceStarted, TurnEnded
from runtime.manner import Manner
from runtime.session import Session
from runtime.simulate.known import Known
from runtime.simulate.scenario import Event, Scenario
from runtime.simulate.stand_in import Ears, Lines, Listener, Stand
from visavis.clock import LoopClock, run_virtual
from visavis.engines import Tts
from visavis.fakes.face import FakeFace
from visavis.fakes.tts import FakeTts
from visavis.words import RATE, Emotion, Utterance

PRESENTER = Path(avatars.__file__).parent / "presenter"
NOON = datetime(2030, 1, 1, 12)
AHEAD_S = 0.5
"""What is seen was decided so much earlier at most."""
PER_CHARACTER = {"zh": RATE // 5}
"""Samples of speech for a character; a fifteenth of a second in scripts of letters."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the story: at `at_s`, `who` did `what`, because of `why`; `mood` is what the avatar showed then."""

    at_s: float
    who: str
    what: str
    why: str = ""
    mood: str = "idle"


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a scenario: the story in order, the tree's decisions, and the session's record as JSON lines."""

    tree: str
    scenario: str
    seed: int
    ends_s: float
    moments: Sequence[Moment]
    decisions: Sequence[dict[str, Any]] = field(repr=False)
    record: Sequence[str] = field(repr=False)

    def data(self) -> dict[str, Any]:
        moments = [asdict(each) for each in self.moments]
        told = {"tree": self.tree, "scenario": self.scenario, "seed": self.seed, "ends_s": self.ends_s}
        return {**told, "timeline": moments, "decisions": list(self.decisions)}


Grow = Callable[[Session], Behavior]


def play(scenario: Scenario, grow: Grow, *, seed: int = 0, known: Known | None = None) -> Played:
    """Live through a scenario with the tree that `grow` makes, in a moment, the same every time.

    With what is `known` the avatar says what a dialog's knowledge does.
    """
    return run_virtual(_played(scenario, grow, seed, known))


async def _played(scenario: Scenario, grow: Grow, seed: int, known: Known | None) -> Played:
    clock = LoopClock()
    listener, lines = Listener(clock), Lines(scenario, clock, known)
    ears = Ears(clock, scenario.language)
    manner = Manner(greets=True, holds=True)
    tree: list[Behavior] = []

    def grown(body: Session) -> Behavior:
        tree.append(grow(body))
        return tree[0]

    tts = _voice(scenario, clock)
    more: dict[str, Any] = {"ears": ears.make, "manner": manner, "manners": tact(scenario.language)}
    session = Stand(clock, listener, lines, tts, grown, wall=lambda: NOON, **more)
    session.see(FakeFace(clock, actions=load(PRESENTER).lengths()))
    assert session.ears is not None
    session.ears.push(np.zeros(480, np.int16), RATE)
    living = asyncio.create_task(session.run())
    await asyncio.sleep(0)
    if any(event.visitor == "arrives" for event in scenario.story):
        session.presence(False)
    voices: list[asyncio.Task[None]] = []
    for event in sorted(scenario.story, key=lambda each: each.at):
        await _while(living, clock.sleep_until(event.at))
        if (voice := _happen(session, event, ears, clock)) is not None:
            voices.append(asyncio.create_task(voice))
    await _while(living, clock.sleep_until(scenario.ends_s))
    decisions = session.behavior()["decisions"]
    record = list(session.behaved())
    for task in (living, *voices):
        task.cancel()
    await asyncio.gather(living, *voices, return_exceptions=True)
    await session.close()
    moments = list(_story(scenario, decisions, listener))
    name = tree[0].snapshot()["tree"]
    return Played(name, scenario.scenario, seed, scenario.ends_s, moments, decisions, record)


def _voice(scenario: Scenario, clock: LoopClock) -> Tts:
    return FakeTts(clock=clock, per_character=PER_CHARACTER.get(scenario.language[:2], RATE // 15))


async def _while(living: asyncio.Task[None], work: Coroutine[Any, Any, None]) -> None:
    """Await `work` while the session lives. Raises what that ended with."""
    working = asyncio.ensure_future(work)
    await asyncio.wait({working, living}, return_when=asyncio.FIRST_COMPLETED)
    if living.done():
        working.cancel()
        living.result()
    await working


def _happen(session: Stand, event: Event, ears: Ears, clock: LoopClock) -> Coroutine[Any, Any, None] | None:
    """Let an event happen; what is returned is a voice that goes on."""
    now = clock.now()
    if event.answer is not None:
        session.lines.given[event.text] = event.answer
    match event.visitor or event.operator or "script":
        case "arrives" | "leaves":
            session.presence(event.visitor == "arrives")
        case "says":
            return ears.hear(now, event.text, event.for_s)
        case "speaks":
            return ears.hear(now, "", event.for_s or 1.0)
        case "coughs":
            return ears.hear(now, "", event.for_s or 0.3)
        case "types" | "touches" | "comments":
            via = {"types": "text", "touches": "touch"}.get(str(event.visitor), "comment")
            session.say(Utterance(event.text, "", via, now, now))  # type: ignore[arg-type]
        case "takes_over" | "gives_back":
            session.take_over(event.operator == "takes_over")
        case "freezes" | "releases":
            session.freeze(event.operator == "freezes")
        case "orders":
            sentences = session.lines.sentences(event.text) if event.text.strip() else ()
            session.orders.place(event.text, event.action, event.urgency, sentences)
            session.think()
        case _:
            session.pieces.append(event.script or "")
            session.think()
    return None


# ── the story ──
def _story(scenario: Scenario, decisions: Sequence[dict[str, Any]], listener: Listener) -> Iterator[Moment]:
    """Everything in order of time: what happened, what the tree did about it, what the avatar then did."""
    found: list[tuple[float, int, Moment]] = []
    moods = [(0.0, "idle")]
    for event in scenario.story:
        who, what = event.told
        found.append((event.at, 0, Moment(event.at, who, what)))
    for each in decisions:
        if each["did"].startswith("gesture "):
            continue
        what = f"{each['node']} ▸ {each['did']}" if each["did"] else f"▸ {each['node']}"
        found.append((each["at_s"], 1, Moment(each["at_s"], "tree", what, each["why"])))
    for at, told in listener.told:
        if isinstance(told, MoodChanged):
            moods.append((at, told.mood))
        elif (moment := _seen(at, told, listener, decisions)) is not None:
            found.append((at, 3 if isinstance(told, ActionStarted) else 2, moment))
    for at, order, moment in sorted(found, key=lambda each: (round(each[0], 3), each[1])):
        before = at - 1e-6 if order == 0 else at + 1e-6
        mood = [name for since, name in moods if since <= before or not since][-1]
        yield Moment(round(at, 3), moment.who, moment.what, moment.why, mood)


def _seen(at: float, event: object, listener: Listener, decisions: Sequence[dict[str, Any]]) -> Moment | None:
    """What a visitor sees and hears of the avatar."""
    match event:
        case SentenceStarted(_, sentence):
            felt = "" if sentence.emotion is Emotion.NEUTRAL else f" ({sentence.emotion.value})"
            return Moment(at, "avatar", f"“{sentence.text}”{felt}")
        case ActionStarted(turn, action, pts, end):
            why = _gesture(at, action, decisions) if turn else ""
            word = listener.word_at(listener.strokes.get((turn, end), pts) / RATE) if turn else ""
            return Moment(at, "avatar", f"{action} on “{word}”" if word else action, why)
        case TurnEnded(_, status, heard, problem):
            cut = f"is cut off after “{heard}”" if heard else "is stopped before it speaks"
            said = {"completed": "has said it all", "cancelled": cut}.get(status, f"fails: {problem}")
            return Moment(at, "avatar", said)
    return None


def _gesture(at: float, action: str, decisions: Sequence[dict[str, Any]]) -> str:
    """Why the hands move: the tree's log tells it when that is decided, shortly before it is seen."""
    alike = [each for each in decisions if each["did"] == f"gesture {action}" and abs(each["at_s"] - at) < AHEAD_S]
    found = min(alike, key=lambda each: abs(float(each["at_s"]) - at), default=None)
    return f"{found['node']}: {found['why']}" if found is not None else ""
