"""A long thought is bridged at 0.7 s, once, and never where the answer is there."""

from __future__ import annotations

from itertools import pairwise

import pytest
from visit import LETTER, TICK, Script, Visit, perform

from agent.filler import Filler
from runtime.events import LatencyKnown, SentenceStarted

LEAD = 0.2
"""Speech is handed over so long before it sounds."""
LINES = ("Let me see.", "One moment.")
ANSWER = "It is old."


async def two_questions(visit: Visit) -> None:
    for moment in (1.0, 10.0):
        await visit.until(moment)
        visit.ask()
    await visit.until(20)


async def one_question(visit: Visit) -> None:
    await visit.until(1.0)
    visit.ask()
    await visit.until(15)


def spoken(visit: Visit) -> list[tuple[float, str, bool]]:
    return [
        (round(at - 1.0, 3), event.sentence.text, event.sentence.filler)
        for at, event in visit.outlet.events
        if isinstance(event, SentenceStarted)
    ]


def test_a_line_bridges_a_long_thought_and_is_no_part_of_the_answer() -> None:
    visit = perform(one_question, brain=Script(ANSWER, find_s=3.0), filler=Filler(LINES[:1], "en"))
    (at, text, filler), (later, answer, _) = spoken(visit)
    assert 0.7 <= at <= 0.7 + 2 * TICK
    assert (text, filler, answer) == ("Let me see.", True, ANSWER)
    assert 3.0 <= later <= 3.0 + 2 * TICK
    latency = visit.outlet.told(LatencyKnown)[0]
    assert 700 <= latency.filler_ms <= 700 + 2000 * TICK
    assert 3000 <= latency.first_av_ms <= 3000 + 2000 * TICK
    assert latency.first_av_ms == pytest.approx(sum(latency.stages.values()))
    assert visit.memory == {1: ("?", ANSWER)}
    moods = [mood for _, mood in visit.moods()]
    assert moods == ["idle", "thinking", "speaking", "thinking", "speaking", "idle"]


def test_an_answer_that_comes_meanwhile_follows_the_line() -> None:
    visit = perform(one_question, brain=Script(ANSWER, find_s=0.75), filler=Filler(LINES[:1], "en"))
    (at, _, _), (later, answer, _) = spoken(visit)
    assert answer == ANSWER
    whole = len(LINES[0]) * LETTER + 0.18
    assert whole - LEAD <= later - at <= whole + 2 * TICK


@pytest.mark.parametrize("find_s", [0.0, 0.3, 0.69])
def test_what_is_there_in_time_is_not_bridged(find_s: float) -> None:
    visit = perform(one_question, brain=Script(ANSWER, find_s=find_s), filler=Filler(LINES, "en"))
    assert [text for _, text, _ in spoken(visit)] == [ANSWER]
    assert visit.outlet.told(LatencyKnown)[0].filler_ms is None


def test_the_next_turn_thinks_in_silence() -> None:
    visit = perform(two_questions, brain=Script(ANSWER, find_s=3.0), filler=Filler(LINES, "en"))
    assert [filler for _, _, filler in spoken(visit)] == [True, False, False]


def test_without_lines_the_face_thinks() -> None:
    visit = perform(one_question, brain=Script(ANSWER, find_s=3.0), filler=Filler((), "en"))
    assert [text for _, text, _ in spoken(visit)] == [ANSWER]
    assert [mood for _, mood in visit.moods()] == ["idle", "thinking", "speaking", "idle"]


def test_the_same_line_is_not_said_twice_on_end() -> None:
    filler = Filler(LINES, "zh")
    said = [line.text for turn in range(1, 20, 2) if (line := filler.line(turn)) is not None]
    assert len(said) == 10
    assert all(first != second for first, second in pairwise(said))


def test_leaving_in_the_middle_of_it_leaves_nothing() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(1.0)
        visit.ask()
        await visit.until(2.0)
        visit.ask("Never mind")
        await visit.until(2.1)
        visit.session.stop()
        await visit.until(6.0)

    visit = perform(play, brain=Script(ANSWER, find_s=3.0), filler=Filler(LINES, "en"))
    assert [status for _, status, _ in visit.endings()] == ["cancelled", "cancelled"]
    assert all(heard == "" for _, _, heard in visit.endings())
