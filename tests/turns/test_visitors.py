"""Visitors who come and go, and what is left of them: nothing."""

from __future__ import annotations

import asyncio
import gc

import numpy as np
import pytest
from visit import NUMBERS, Script, Visit, perform

from runtime.events import TurnEnded
from runtime.hearing import heard as hear
from runtime.manner import Manner
from visavis.clock import run_virtual
from visavis.fakes.tts import FakeTts
from visavis.words import RATE, Utterance


def test_who_leaves_in_the_middle_of_an_answer_is_forgotten() -> None:
    async def play(visit: Visit) -> None:
        visit.session.presence(True)
        visit.ask("my secret")
        await visit.until(1.0)
        visit.outlet.heard[1] = round(0.4 * RATE)
        visit.session.presence(False)
        assert visit.script.memory == {}
        assert visit.session.correct(1, RATE) is None, "nothing of it can come back"
        await visit.until(2.0)
        visit.session.presence(True)
        visit.ask("hello")
        await visit.until(6)

    visit = perform(play)
    assert visit.outlet.when(TurnEnded)[0] == 1.0
    assert visit.memory == {2: ("hello", NUMBERS)}


def test_nobody_is_greeted_while_leaving() -> None:
    async def play(visit: Visit) -> None:
        visit.session.presence(True)
        visit.ask()
        await visit.until(1.5)
        visit.script.may_greet = lambda occasion, now, quiet_s: True  # type: ignore[method-assign]
        visit.session.presence(False)
        await visit.until(3)

    visit = perform(play, brain=Script())
    assert [turn for turn, _, _ in visit.endings()] == [1]


def test_who_left_before_the_greeting_could_be_said_is_not_greeted() -> None:
    async def play(visit: Visit) -> None:
        visit.sounds(0.5, 1.5)
        await visit.until(1.0)
        visit.session.presence(True)
        await visit.until(1.2)
        visit.session.presence(False)
        await visit.until(5)

    assert perform(play, brain=Script(greeting="Welcome!")).endings() == []


def test_what_the_one_before_said_is_not_answered_to_the_next() -> None:
    async def play(visit: Visit) -> None:
        visit.session.presence(True)
        visit.ears.tell(hear.Heard(Utterance("my secret", "en", "voice", 0.0, 0.1), hear.Timings(0.3, 0.1)))
        visit.session.presence(False)
        visit.session.presence(True)
        assert not visit.session.respond()
        await visit.until(2)

    visit = perform(play, manner=Manner(replies=False))
    assert visit.endings() == []
    assert visit.ears.orders == ["muted", "hands_free"], "what they were saying is dropped"


def test_leaving_twice_forgets_once() -> None:
    async def play(visit: Visit) -> None:
        visit.session.presence(False)
        visit.session.presence(True)
        visit.session.presence(False)
        visit.session.presence(False)

    assert perform(play).script.visitors == 3, "the one who left, and the session's end"


@pytest.mark.parametrize("at", [0.5, 1.2, 1.6, 2.2, 2.5, 3.0])
def test_a_session_dropped_in_any_moment_leaves_no_task_and_no_open_voice(at: float) -> None:
    """Thinking, before the first sample, speaking, held, resumed."""

    async def play(visit: Visit) -> None:
        await visit.until(0.4)
        visit.ask()
        visit.sounds(2.0, 2.15)
        await visit.until(at)

    tts = FakeTts(first_delay_s=0.3, chunk_delay_s=0.1)
    perform(play, brain=Script(NUMBERS, find_s=1.0), tts=tts)
    assert tts.active == 0


@pytest.mark.parametrize("lives", [True, False], ids=["a session that spoke", "one that never lived"])
def test_the_tree_does_nothing_any_more_when_its_session_is_over(lives: bool) -> None:
    async def scene() -> list[str]:
        visit = Visit()
        visit.ask()
        if lives:
            living = asyncio.create_task(visit.session.run())
            await visit.until(1.0)
            assert "RUNNING" in states(visit)
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
        await visit.session.close()
        await visit.session.close()
        return states(visit)

    assert set(run_virtual(scene())) == {"INVALID"}


def states(visit: Visit) -> list[str]:
    """The status of every node of its tree."""
    nodes, found = [visit.session.behavior()["root"]], []
    while nodes:
        node = nodes.pop()
        found.append(node["status"])
        nodes += node["children"]
    return found


def test_two_hundred_sessions_come_and_go_and_nothing_is_left() -> None:
    async def come_and_go(number: int) -> None:
        visit = Visit()
        living = asyncio.create_task(visit.session.run())
        await asyncio.sleep(0)
        if number % 3:
            visit.session.presence(True)
            visit.ask()
        await visit.until(visit.clock.now() + 0.1 * (number % 7))
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        await visit.session.close()

    async def scene() -> tuple[int, int, int]:
        await come_and_go(1)
        gc.collect()
        before = len(asyncio.all_tasks()), len(gc.get_objects())
        await asyncio.gather(*(come_and_go(number) for number in range(200)))
        gc.collect()
        return before[0], len(asyncio.all_tasks()), len(gc.get_objects()) - before[1]

    before, after, grown = run_virtual(scene())
    assert after == before
    assert grown < 2_000, f"{grown} objects more: ten a session would be a leak"


def test_a_long_session_keeps_little_of_its_turns() -> None:
    async def play(visit: Visit) -> None:
        for number in range(20):
            visit.ask(str(number))
            await visit.until(visit.clock.now() + 3)
        turns = visit.session._turns
        assert len(turns._tracks) == 4
        assert turns._tasks == {}
        assert all(track._pcm == [] for track in turns._tracks.values()), "the words, not the sound"

    visit = perform(play)
    assert len(visit.outlet.told(TurnEnded)) == 20


def test_a_session_that_is_asked_before_it_lives_answers_when_it_does() -> None:
    async def scene() -> Visit:
        visit = Visit()
        visit.ask("early")
        visit.session.presence(True)
        living = asyncio.create_task(visit.session.run())
        await visit.until(4)
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        return visit

    visit = run_virtual(scene())
    assert visit.script.asked == ["early"]
    assert visit.endings() == [(1, "completed", NUMBERS)]


def test_other_ears_take_over_in_the_middle_of_a_voice() -> None:
    """A client changes its rate: what was being said is lost, and nothing stays held for it."""

    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(1.0)
        old = visit.ears.tell
        old(hear.VoiceBegan(0.8))
        old(hear.VoiceContinues(1.0, 0.2, ""))
        assert visit.moods()[-1][1] == "held"
        assert visit.session.ears is not None
        visit.session.ears.push(np.zeros(320, np.int16), 16_000)
        assert not visit.session.voice.active
        old(hear.Heard(Utterance("stale", "en", "voice", 0.8, 1.0), hear.Timings(0.3, 0.1)))
        await visit.until(6)

    visit = perform(play)
    assert visit.script.asked == ["?"]
    assert visit.endings() == [(1, "completed", NUMBERS)]
