"""A likely question is answered and voiced while its end is still being decided; nobody notices unless it was right."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from visit import DRAWN, NUMBERS, Script, Visit, perform

from runtime.events import LatencyKnown, ReplyFound, TurnOpened
from runtime.hearing import heard as hear
from runtime.manner import Manner
from visavis.errors import EngineError
from visavis.fakes.tts import FakeTts

ASKED = "when do you open"


def spoken(visit: Visit, *, words: str = ASKED, final: str = "When do you open?") -> None:
    """A question from 1.0 to 2.0 s; its pause is told at 2.16 s, and what was said at 2.47 s."""
    visit.sounds(1.0, 2.0, words=[(1.5, words)], final=final)


def hearing(**options: Any) -> Visit:
    async def play(visit: Visit) -> None:
        spoken(visit, **options)
        await visit.until(8)

    brain, tts = Script(NUMBERS, find_s=0.1), FakeTts(first_delay_s=0.15)
    return perform(play, brain=brain, tts=tts, likely=1.0)


def test_answer_and_voice_are_there_when_the_turn_passes() -> None:
    visit = hearing()
    (latency,) = visit.outlet.told(LatencyKnown)
    stages = {name: round(spent, 3) for name, spent in latency.stages.items()}
    assert (stages["answer_ms"], stages["voice_ms"]) == (0, 0), "250 ms of work, done in the silence"
    assert latency.first_av_ms == pytest.approx(470 + 1000 * DRAWN)
    assert visit.script.asked == [ASKED]
    assert visit.memory == {1: ("When do you open?", NUMBERS)}


def test_nothing_of_it_is_told_before_the_turn_opens() -> None:
    visit = hearing()
    story = [told for at, told in visit.story() if 2470 <= at < 2490]
    assert story[:5] == ["UtteranceHeard", "turn 1: reply", "ReplyFound", "thinking", f"turn 1 says: {NUMBERS}"]
    assert visit.outlet.when(TurnOpened) == visit.outlet.when(ReplyFound) == [pytest.approx(2.47)]
    assert not [told for at, told in visit.story() if "turn" in told and at < 2470]


def test_what_was_prepared_for_other_words_is_dropped() -> None:
    visit = hearing(final="When do you open on Sunday?")
    assert visit.script.asked == [ASKED, "When do you open on Sunday?"]
    assert [status for _, status, _ in visit.endings()] == ["completed"]
    assert list(visit.memory.values()) == [("When do you open on Sunday?", NUMBERS)]
    assert visit.tts.active == 0


def test_a_visitor_who_goes_on_speaking_stops_the_work() -> None:
    async def play(visit: Visit) -> None:
        visit.sounds(1.0, 2.0, words=[(1.5, ASKED)])
        visit.sounds(2.1, 3.0, words=[(2.9, "on Sunday")], final="When do you open on Sunday")
        await visit.until(2.17)
        assert visit.tts.active == 0
        await visit.until(8)

    visit = perform(play, brain=Script(NUMBERS, find_s=0.1), likely=1.0)
    assert [heard for _, _, heard in visit.endings()] == [NUMBERS]


def test_what_is_not_likely_to_be_a_whole_question_is_not_answered_early() -> None:
    async def play(visit: Visit) -> None:
        spoken(visit)
        await visit.until(2.46)
        assert visit.script.asked == []
        await visit.until(8)

    visit = perform(play, likely=0.6)
    assert visit.endings() == [(visit.endings()[0][0], "completed", NUMBERS)]


@pytest.mark.parametrize("score", [1.0, 0.6, None], ids=["likely", "not likely", "the grading fails"])
def test_words_that_are_known_before_they_are_graded_are_answered(
    score: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def late(self: Visit, words: str) -> float:
        await asyncio.sleep(0.5)
        if score is None:
            raise EngineError("embedder", "it died")
        return score

    async def play(visit: Visit) -> None:
        spoken(visit)
        await visit.until(8)

    monkeypatch.setattr(Visit, "_likely", late)
    visit = perform(play, likely=1.0)
    assert [(status, heard) for _, status, heard in visit.endings()] == [("completed", NUMBERS)]
    assert visit.script.asked == ["When do you open?"]


def test_words_that_come_in_the_pause_are_prepared_instead() -> None:
    async def play(visit: Visit) -> None:
        visit.sounds(1.0, 2.0, words=[(1.5, ASKED)], final=f"{ASKED} on Sunday")
        await visit.until(2.3)
        visit.ears.tell(hear.VoiceContinues(2.3, visit.session.voice.voiced_s, f"{ASKED} on Sunday"))
        assert not visit.session.voice.active, "it is still a pause"
        await visit.until(2.4)
        assert tts.active == 1
        await visit.until(60)

    tts = FakeTts(chunk_delay_s=1.0)
    visit = perform(play, likely=1.0, tts=tts)
    assert visit.script.asked == [ASKED, f"{ASKED} on Sunday"]
    assert [status for _, status, _ in visit.endings()] == ["completed"]


def test_noise_after_likely_words_leaves_no_trace() -> None:
    async def play(visit: Visit) -> None:
        visit.sounds(1.0, 2.0, words=[(1.5, ASKED)])
        await visit.until(2.4)
        assert visit.tts.active == 1
        await visit.until(4)
        assert visit.tts.active == 0

    tts = FakeTts(chunk_delay_s=1.0)
    visit = perform(play, likely=1.0, tts=tts)
    assert visit.script.asked == [ASKED]
    assert (visit.endings(), visit.memory, visit.outlet.told(ReplyFound)) == ([], {}, [])


def test_a_typed_question_takes_precedence() -> None:
    async def play(visit: Visit) -> None:
        visit.sounds(1.0, 2.0, words=[(1.5, ASKED)])
        await visit.until(2.3)
        visit.ask("How much is it?")
        await visit.until(8)

    visit = perform(play, likely=1.0)
    assert visit.script.asked == [ASKED, "How much is it?"]
    assert [asked for asked, _ in visit.memory.values()] == ["How much is it?"]


def test_work_that_failed_early_is_done_again() -> None:
    async def play(visit: Visit) -> None:
        spoken(visit)
        await visit.until(2.3)
        visit.script.steps = (NUMBERS,)
        await visit.until(8)

    visit = perform(play, brain=Script(RuntimeError("not yet")), likely=1.0)
    assert [(status, heard) for _, status, heard in visit.endings()] == [("completed", NUMBERS)]


def test_nothing_is_prepared_over_a_turn_or_for_a_client_that_asks_for_responses() -> None:
    async def play(visit: Visit) -> None:
        visit.sounds(1.0, 2.0, words=[(1.5, ASKED)])
        await visit.until(4)

    assert perform(play, likely=1.0, manner=Manner(replies=False)).script.asked == []


def test_a_session_that_ends_ends_what_it_prepared() -> None:
    async def play(visit: Visit) -> None:
        visit.sounds(1.0, 2.0, words=[(1.5, ASKED)])
        await visit.until(2.4)

    tts = FakeTts(chunk_delay_s=1.0)
    assert perform(play, likely=1.0, tts=tts).endings() == []
    assert tts.active == 0
