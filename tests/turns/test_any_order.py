"""Whatever happens in whichever order, some things hold."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from visit import NUMBERS, Script, Visit, perform

from runtime.events import LatencyKnown, SentenceStarted, TurnEnded, TurnOpened
from runtime.hearing import heard as hear
from runtime.manner import Manner
from visavis.errors import EngineError
from visavis.fakes.tts import FakeTts
from visavis.words import RATE, SLOT, Utterance

WORDS = ("", "mm-hm", "but what about Sunday", "嗯", "stop")
happenings = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from(("text", "touch"))),
    st.tuples(st.just("came"), st.booleans()),
    st.tuples(st.just("stop"), st.none()),
    st.tuples(st.just("began"), st.none()),
    st.tuples(st.just("goes on"), st.tuples(st.floats(0, 1.2), st.sampled_from(WORDS))),
    st.tuples(st.just("paused"), st.none()),
    st.tuples(st.just("ended"), st.none()),
    st.tuples(st.just("heard"), st.sampled_from(WORDS)),
    st.tuples(st.just("noise"), st.none()),
    st.tuples(st.just("failed"), st.none()),
    st.tuples(st.just("respond"), st.none()),
    st.tuples(st.just("played"), st.floats(0, 3)),
    st.tuples(st.just("face"), st.booleans()),
    st.tuples(st.just("hush"), st.booleans()),
)
waits = st.one_of(st.just(0.0), st.floats(0, 0.3), st.floats(0.3, 2.0))
stories = st.lists(st.tuples(waits, happenings), max_size=25)
manners = st.builds(
    Manner,
    greets=st.booleans(),
    holds=st.booleans(),
    replies=st.booleans(),
    interrupts=st.booleans(),
    politeness=st.sampled_from(["at_once", "sentence", "never"]),
)
scripts = st.lists(st.one_of(st.just(NUMBERS), st.just("Yes."), st.floats(0, 1)), max_size=4)
voices = st.builds(
    FakeTts,
    first_delay_s=st.floats(0, 0.3),
    chunk_delay_s=st.floats(0, 0.3),
    fail_after=st.one_of(st.none(), st.integers(0, 4)),
)


def happen(visit: Visit, what: str, how: Any) -> None:
    now, tell, session = visit.clock.now(), visit.ears.tell, visit.session
    match what:
        case "ask":
            visit.ask(via=how)
        case "came":
            session.presence(how)
        case "stop":
            session.stop()
        case "began":
            tell(hear.VoiceBegan(now))
        case "goes on":
            tell(hear.VoiceContinues(now, *how))
        case "paused":
            tell(hear.VoicePaused(now))
        case "ended":
            tell(hear.VoiceEnded(now, 0.3))
        case "heard":
            tell(hear.Heard(Utterance(how, "en", "voice", now - 0.5, now), hear.Timings(0.3, 0.1)))
        case "noise":
            tell(hear.Noise(now, now, 0.1, "no words"))
        case "failed":
            tell(hear.Failed(EngineError("asr", "it died")))
        case "respond":
            session.respond()
        case "played" if session.playing is not None:
            visit.outlet.heard[session.playing.turn] = round(how * RATE)
        case "face":
            visit.face.broken = how
        case "hush":
            session.hush(how)


@settings(max_examples=40, deadline=None)
@given(stories, manners, scripts, voices, st.floats(0, 1), st.sampled_from((None, 0.0, 1.0)))
def test_the_line_the_turns_and_the_mood_stay_sound(
    story: list[tuple[float, tuple[str, Any]]],
    manner: Manner,
    script: list[Any],
    tts: FakeTts,
    find_s: float,
    likely: float | None,
) -> None:
    async def play(visit: Visit) -> None:
        for wait, (what, how) in story:
            await visit.until(visit.clock.now() + wait)
            happen(visit, what, how)
        tell_the_end(visit)
        await visit.until(visit.clock.now() + 30)

    brain = Script(*script, greeting="Welcome!", find_s=find_s)
    visit = perform(play, manner=manner, brain=brain, tts=tts, likely=likely)
    outlet = visit.outlet
    assert len(outlet.told(TurnOpened)) == len(outlet.told(TurnEnded)), "every turn ends"
    assert visit.moods()[-1][1] == "idle"
    assert tts.active == 0
    for latency in outlet.told(LatencyKnown):
        assert latency.first_av_ms == pytest.approx(sum(latency.stages.values()))
        assert all(spent >= 0 for spent in latency.stages.values())
    for turn in outlet.told(TurnOpened):
        nothing_is_left_out(visit, turn.turn)
    texts = [(event.turn, id(event.sentence)) for event in outlet.told(SentenceStarted)]
    assert len(texts) == len(set(texts)), "a sentence is told once"


def tell_the_end(visit: Visit) -> None:
    """Whoever speaks stops."""
    visit.session.presence(True)
    visit.ears.tell(hear.VoiceEnded(visit.clock.now(), 0.3))


def nothing_is_left_out(visit: Visit, turn: int) -> None:
    """A turn's slots follow one another; after a hold they step back, and never over what was not heard."""
    speech = visit.outlet.speech(turn)
    clears = [at for at, number in visit.outlet.cleared if number == turn]
    for (before, a), (after, b) in pairwise(speech):
        if b.offset != a.offset + SLOT:
            assert b.offset <= a.offset + SLOT, "something was left out"
            assert any(before <= clear <= after for clear in clears), "said twice without a hold"
