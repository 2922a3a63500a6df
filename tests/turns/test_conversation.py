"""Thirty seconds at a kiosk: real ears, mind, tree and stage; sound goes in, frames come out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pytest
from scene import Recorder
from visit import check_line, check_turns

from agent.fakes import FakeKnowledge
from agent.memory import Memory
from agent.mind import Mind
from behaviors.ports import Occasion
from behaviors.tree import Behavior
from runtime.events import LatencyKnown, MoodChanged, PartialTranscript, ReplyFound, TurnEnded, UtteranceHeard
from runtime.hearing.ears import Ears, Mode
from runtime.hearing.heard import Sound
from runtime.hearing.turn_end import Endpointing
from runtime.manner import Manner
from runtime.session import Session
from visavis.clock import LoopClock, run_virtual
from visavis.fakes.asr import FakeAsr, Scripted
from visavis.fakes.face import FakeFace
from visavis.fakes.tts import FakeTts
from visavis.fakes.vad import LoudVad, sounding
from visavis.words import Reply, Utterance

HZ, PIECE_S = 16_000, 0.02
OPEN = "when do you open"


class Thoughts:
    """A real mind and its memory, as a session wants them."""

    def __init__(self, clock: LoopClock) -> None:
        self.mind = Mind(FakeKnowledge(), None, clock=clock)
        self.memory = Memory()

    async def answer(self, utterance: Utterance) -> Reply:
        return await self.mind.answer(utterance, self.memory)

    async def greet(self, occasion: Occasion, now: datetime, quiet_s: float) -> Reply | None:
        return self.mind.greet(occasion, now, quiet_s)

    def may_greet(self, occasion: Occasion, now: datetime, quiet_s: float) -> bool:
        return self.mind.may_greet(occasion, now, quiet_s)

    def heard(self, turn: int, utterance: Utterance | None, text: str) -> None:
        if utterance is not None:
            self.memory.asked(turn, utterance.text)
        self.memory.heard(turn, text)

    def forget(self) -> None:
        self.memory.reset()


class Kiosk:
    """A session that hears a microphone which is never switched off."""

    def __init__(self, *script: Scripted | str) -> None:
        self.clock = LoopClock()
        self.outlet = Recorder(self.clock)
        self.brain = Thoughts(self.clock)
        asr = FakeAsr(*script)

        async def known(words: str) -> float:
            return 1.0 if words == OPEN else 0.0

        def make(tell: Callable[[Sound], None], rate: int, mode: Mode) -> Ears:
            return Ears(
                asr,
                tell,
                clock=self.clock,
                input_rate=rate,
                settings=Endpointing(silence_s=0.42),
                vad=LoudVad(),
                matches=known,
                reads=lambda words: (words == OPEN, False),
                mode=mode,
            )

        self.session = Session(
            self.clock,
            self.outlet,
            self.brain,
            FakeTts(first_delay_s=0.05),
            lambda body: Behavior(body, 0),
            ears=make,
            manner=Manner(greets=True, holds=True),
            likely=known,
        )
        self.session.see(FakeFace(self.clock))

    async def hear(self, until: float, *voices: tuple[float, float]) -> None:
        """The microphone from now to `until`; there is a voice in each of the spans."""
        while (now := self.clock.now()) < until - 1e-6:
            end = now + PIECE_S
            voiced = any(began <= now + PIECE_S / 2 < ended for began, ended in voices)
            await self.clock.sleep_until(end)
            assert self.session.ears is not None
            self.session.ears.push(sounding(PIECE_S, 1.0 if voiced else 0.0, HZ), HZ)

    def moods(self) -> list[str]:
        return [event.mood for event in self.outlet.told(MoodChanged)]

    def ended(self) -> list[tuple[str, str]]:
        return [(event.status, event.heard) for event in self.outlet.told(TurnEnded)]


def stand(*voices: tuple[float, float], until: float, script: list[Scripted | str], present: bool = False) -> Kiosk:
    """A visitor stands at the kiosk until then, and there is a voice in each of the spans."""

    async def scene() -> Kiosk:
        kiosk = Kiosk(*script)
        living = asyncio.create_task(kiosk.session.run())
        await asyncio.sleep(0)
        if present:
            kiosk.session.presence(True)
        await kiosk.hear(until, *voices)
        assert not living.done()
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return kiosk

    kiosk = run_virtual(scene())
    check_line(kiosk.outlet)
    check_turns(kiosk.outlet)
    return kiosk


def test_a_spoken_question_is_answered_by_the_time_its_end_is_certain() -> None:
    kiosk = stand((2.0, 3.2), until=8, script=[Scripted(OPEN, ((0.6, "when do"), (1.3, OPEN)), delay_s=0.04)])
    (latency,) = kiosk.outlet.told(LatencyKnown)
    stages = {name: round(spent) for name, spent in latency.stages.items()}
    assert 300 <= stages["endpoint_ms"] <= 340, "the words are known, so it takes less silence"
    assert stages["transcript_ms"] == 40
    assert (stages["answer_ms"], stages["voice_ms"]) == (0, 0), "the 50 ms of the voice passed meanwhile"
    assert latency.first_av_ms <= 400
    first = kiosk.outlet.speech(kiosk.outlet.told(TurnEnded)[0].turn)[0][0]
    assert first - 3.2 == pytest.approx(latency.first_av_ms / 1000, abs=0.1), "t0 is the end of the voice"
    assert kiosk.ended() == [("completed", "We open at nine. Come early!")]
    assert [event.text for event in kiosk.outlet.told(PartialTranscript)][:2] == ["when do", OPEN]


def test_thirty_seconds_at_the_kiosk() -> None:
    script: list[Scripted | str] = [
        Scripted(OPEN, ((0.6, "when do"), (1.2, OPEN))),
        Scripted(""),
        Scripted("how much is it", ((0.5, "how much"), (0.9, "how much is it"))),
        Scripted("mm-hm", ((0.3, "mm-hm"),)),
    ]
    kiosk = stand((4.0, 5.2), (6.2, 6.45), (13.0, 14.0), (15.2, 15.6), until=30, script=script, present=True)
    greeting, hours, offer = kiosk.ended()
    assert greeting[0] == hours[0] == offer[0] == "completed"
    assert hours[1] == "We open at nine. Come early!", "a cough did not stop it"
    assert [event.utterance.text for event in kiosk.outlet.told(UtteranceHeard)] == [OPEN, "how much is it", "mm-hm"]
    assert [event.source for event in kiosk.outlet.told(ReplyFound)] == ["greeting", "faq", "suggest"]
    assert kiosk.moods() == [
        "thinking", "speaking", "idle",
        "listening", "thinking", "speaking", "held", "speaking", "idle",
        "listening", "thinking", "speaking", "held", "speaking", "idle",
    ]  # fmt: skip
    exchanges = [(each.asked, each.heard) for each in kiosk.brain.memory.exchanges]
    assert exchanges == [("", greeting[1]), (OPEN, hours[1]), ("how much is it", offer[1])]


def test_a_visitor_who_knows_better_takes_the_floor() -> None:
    script: list[Scripted | str] = [
        Scripted(OPEN, ((1.2, OPEN),)),
        Scripted("no I mean how much is it", ((0.7, "no I mean"),)),
    ]
    kiosk = stand((1.0, 2.2), (3.2, 4.6), until=12, script=script)
    (first, cut), (second, _) = kiosk.ended()
    assert (first, second) == ("cancelled", "completed")
    assert "We open at nine".startswith(cut)
    held, ended = kiosk.outlet.cleared
    assert held[0] - 3.2 <= 0.2 + 0.1, "silent within 200 ms once it is a voice"
    assert ended[0] > held[0]
    assert kiosk.outlet.speech(held[1])[-1][0] <= held[0]


def test_silence_costs_nothing_and_says_nothing() -> None:
    kiosk = stand(until=10, script=[])
    assert kiosk.moods() == ["idle"]
    assert not any(np.any(frame.pcm) for _, frame in kiosk.outlet.frames)
