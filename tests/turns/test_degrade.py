"""The ladder of rule 10, rung by rung: what fails, and what the visitor still gets."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path
from typing import Any

import pytest
from visit import NUMBERS, TICK, Script, Visit, perform

from agent.fakes import FakeKnowledge
from agent.memory import Memory
from agent.mind import Mind
from agent.persona import Limits
from avatars.voices.prepared import Prepared
from avatars.voices.speaking import Speaking
from knowledge.passages import Passage
from runtime.events import (
    HearingFailed,
    HearingMended,
    LatencyKnown,
    NothingHeard,
    ReplyFound,
    SentenceStarted,
    TurnEnded,
)
from runtime.hearing import heard as hear
from runtime.listening import REST_S
from runtime.pictures import FACE_RETRY_S, GRACE_S
from visavis.clock import LoopClock
from visavis.engines import Style
from visavis.errors import EngineError
from visavis.fakes.llm import BREAK, HANG, FakeLlm, Wait
from visavis.fakes.tts import FakeTts
from visavis.words import RATE, SLOT, Packet, Reply, Utterance

GUIDE = Passage("guide.md#1", "Guide", "The tower is old.", 0.6)


class Thinker(Script):
    """A real mind over a small knowledge base and a scripted model."""

    def __init__(self, llm: FakeLlm, *passages: Passage, broken: bool = False) -> None:
        super().__init__()
        self._mind = Mind(
            FakeKnowledge(*passages, broken=broken), llm, clock=LoopClock(), limits=Limits(first_sentence_s=2.0)
        )
        self._memory = Memory()

    async def answer(self, utterance: Utterance) -> Reply:
        return await self._mind.answer(utterance, self._memory)


async def one_question(visit: Visit) -> None:
    await visit.until(1.0)
    visit.ask("Tell me a story")
    await visit.until(20)


def said(visit: Visit) -> list[tuple[float, str]]:
    return [
        (round(at, 3), event.sentence.text) for at, event in visit.outlet.events if isinstance(event, SentenceStarted)
    ]


# ── the language model ──
def test_llm_slow_the_best_passage_answers_when_its_time_is_up() -> None:
    visit = perform(one_question, brain=Thinker(FakeLlm([Wait(5), "Too late."]), GUIDE))
    assert said(visit) == [(3.008, "The tower is old.")]
    assert visit.outlet.told(ReplyFound)[0].source == "rag"
    assert visit.endings() == [(1, "completed", "The tower is old.")]


def test_llm_slow_and_nothing_known_the_fallback_line_is_said() -> None:
    visit = perform(one_question, brain=Thinker(FakeLlm([HANG])))
    ((at, line),) = said(visit)
    assert at == 3.008
    assert line in ("I am not sure.", "Shall I call a colleague?")
    assert visit.outlet.told(ReplyFound)[0].source == "fallback"


def test_llm_failing_at_once_the_fallback_is_said_at_once() -> None:
    visit = perform(one_question, brain=Thinker(FakeLlm([BREAK])))
    assert said(visit)[0][0] == 1.008
    assert visit.outlet.told(ReplyFound)[0].source == "fallback"


def test_llm_failing_in_the_middle_what_was_said_stands() -> None:
    visit = perform(one_question, brain=Thinker(FakeLlm(["It is old. ", "It is ", BREAK])))
    assert [text for _, text in said(visit)] == ["It is old."]
    assert visit.endings() == [(1, "completed", "It is old.")]


def test_llm_whose_stream_hangs_in_the_middle_is_cut() -> None:
    llm = FakeLlm(["It is old. ", HANG])
    visit = perform(lambda visit: one_question(visit), brain=Thinker(llm))
    assert visit.endings() == [(1, "completed", "It is old.")]
    assert llm.streams == 0


def test_llm_is_left_at_once_when_the_visitor_takes_the_floor() -> None:
    llm = FakeLlm(["It is old. ", HANG])

    async def play(visit: Visit) -> None:
        await visit.until(1.0)
        visit.ask("Tell me a story")
        await visit.until(1.5)
        visit.session.stop()
        await visit.until(1.5 + TICK)
        assert llm.streams == 0
        await visit.until(3)

    perform(play, brain=Thinker(llm))


def test_knowledge_failing_the_model_answers_alone() -> None:
    visit = perform(one_question, brain=Thinker(FakeLlm(["It is old."]), broken=True))
    assert visit.endings() == [(1, "completed", "It is old.")]


# ── the voice ──
def test_voice_failing_the_text_stands_in_for_it_as_long_as_it_takes_to_read() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(8)

    visit = perform(play, tts=FakeTts(fail_after=0), brain=Script(NUMBERS, "And more."))
    assert [text for _, text in said(visit)] == [NUMBERS, "And more."]
    assert visit.endings() == [(1, "completed", f"{NUMBERS} And more.")]
    reading = len(visit.outlet.speech(1)) * TICK
    assert reading == pytest.approx(0.06 * len(NUMBERS + "And more."), abs=0.3)
    assert "fails as scripted" in visit.outlet.told(TurnEnded)[0].problem
    assert visit.outlet.told(LatencyKnown) == [], "nothing was ever heard"


def test_voice_failing_what_was_prepared_is_still_spoken(tmp_path: Path) -> None:
    live = FakeTts()
    voice = Prepared(live, "presenter", "fake", tmp_path)

    async def play(visit: Visit) -> None:
        await voice.prepare(NUMBERS, Style())
        live.fail_after = 0
        visit.ask()
        await visit.until(8)

    visit = perform(play, tts=voice, brain=Script(NUMBERS, "And more."))
    (ended,) = visit.outlet.told(TurnEnded)
    assert (ended.status, ended.heard) == ("completed", f"{NUMBERS} And more.")
    loud = [frame.offset for _, frame in visit.outlet.speech(1) if frame.pcm.any()]
    assert loud[-1] == pytest.approx(2.4 * RATE, abs=SLOT), "the prepared one sounds, the other is read"


def test_voice_failing_in_the_middle_of_a_sentence_the_next_one_is_spoken_again() -> None:
    class Hoarse(FakeTts):
        async def speak(self, text: str, style: Any) -> Any:
            self.fail_after = 2 if text.startswith("One") else None
            async for chunk in super().speak(text, style):
                yield chunk

    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(12)

    visit = perform(play, tts=Hoarse(), brain=Script(NUMBERS, "And more."))
    assert visit.endings() == [(1, "completed", f"{NUMBERS} And more.")]
    loud = [frame for _, frame in visit.outlet.speech(1) if frame.pcm.any()]
    assert loud[-1].offset > loud[0].offset + 3 * RATE, "the second sentence sounds"


def test_a_second_voice_takes_over_and_nothing_is_left_out() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(8)

    both = [FakeTts(fail_after=0), FakeTts()]
    visit = perform(play, tts=Speaking(both, clock=LoopClock()))
    assert visit.endings() == [(1, "completed", NUMBERS)]
    assert visit.outlet.told(TurnEnded)[0].problem is None
    assert len(visit.outlet.speech(1)) == 63


def test_a_voice_that_hangs_counts_as_failed() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(12)

    visit = perform(play, tts=Speaking([FakeTts(stall_after=0)], clock=LoopClock(), first_s=1.0))
    assert said(visit)[0] == (1.008, NUMBERS)
    assert visit.endings() == [(1, "completed", NUMBERS)]


# ── the face ──
def test_face_failing_the_voice_goes_on_and_it_comes_back_with_a_key_frame() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(1.0)
        visit.ask()
        await visit.until(1.5)
        visit.face.broken = True
        await visit.until(2.0)
        visit.face.broken = False
        await visit.until(8)

    visit = perform(play)
    assert visit.endings() == [(1, "completed", NUMBERS)]
    blind = [at for at, frame in visit.outlet.frames if frame.packet is None]
    assert blind[-1] - blind[0] == pytest.approx(FACE_RETRY_S, abs=0.2)
    back = next(frame for at, frame in visit.outlet.frames if at > blind[-1])
    assert back.packet is not None
    assert back.packet.key


def test_face_breaking_unexpectedly_is_as_good_as_failing() -> None:
    async def play(visit: Visit) -> None:
        async def broken(moment: object, *, key: bool = False) -> Packet:
            raise ValueError("not an engine's error")

        visit.face.picture = broken  # type: ignore[method-assign, assignment]
        visit.ask()
        await visit.until(8)

    visit = perform(play)
    assert visit.endings() == [(1, "completed", NUMBERS)]


def test_face_hanging_costs_no_sound() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(1.0)
        visit.ask()
        await visit.until(2.0)
        visit.face._delay_s = 60
        await visit.until(10)

    visit = perform_late(play)
    speech = visit.outlet.speech(1)
    assert [frame.offset for _, frame in speech] == [n * SLOT for n in range(63)]
    late = max(at - frame.pts / RATE for at, frame in speech)
    assert late <= TICK + 1e-9, "each slot is there before it is due; the lead and the grace cover one late picture"
    jumps = [b.pts - a.pts for (_, a), (_, b) in itertools.pairwise(speech) if b.pts - a.pts != SLOT]
    assert sum(jumps) / RATE <= GRACE_S + 2 * TICK
    assert len(jumps) <= 1


def test_face_always_slow_shows_fewer_pictures_and_the_voice_never_stutters() -> None:
    async def play(visit: Visit) -> None:
        visit.face._delay_s = 0.3
        await visit.until(2.0)
        visit.ask()
        await visit.until(10)

    visit = perform_late(play)
    speech = visit.outlet.speech(1)
    assert [frame.offset for _, frame in speech] == [n * SLOT for n in range(63)]
    assert [b.pts - a.pts for (_, a), (_, b) in itertools.pairwise(speech)] == [SLOT] * 62
    shown = [frame for _, frame in speech if frame.packet is not None]
    assert 5 <= len(shown) <= 12


def test_another_face_may_be_shown_while_the_old_one_fails() -> None:
    async def play(visit: Visit) -> None:
        visit.face._delay_s = 0.03
        await visit.until(1.01)
        visit.session.see(None)
        visit.face.broken = True
        await visit.until(1.02)
        from visavis.fakes.face import FakeFace

        visit.session.see(FakeFace(visit.clock, delay_s=0.004))
        await visit.until(1.2)

    visit = perform(play)
    assert all(frame.packet is not None for at, frame in visit.outlet.frames if at > 1.07)


def perform_late(play: Any) -> Visit:
    """As `perform`, for a line that is allowed to jump."""
    import visit as scenes

    checked, scenes.check_line = scenes.check_line, lambda outlet: None
    try:
        return perform(play)
    finally:
        scenes.check_line = checked


# ── the ears ──
def test_words_that_cannot_be_recognised_are_told_and_the_ears_go_on() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(1.0)
        visit.ears.tell(hear.VoiceBegan(0.5))
        visit.ears.tell(hear.VoiceEnded(0.9, 0.4))
        visit.ears.tell(hear.Failed(EngineError("asr", "it died", "touch or type")))
        visit.ask("When do you open?", via="touch")
        await visit.until(6)

    visit = perform(play)
    assert visit.outlet.told(HearingFailed) == [], "the next words may be understood"
    assert [event.problem for event in visit.outlet.told(NothingHeard)] == ["asr: it died; touch or type"]
    assert visit.endings() == [(1, "completed", NUMBERS)]


def test_asr_failing_over_the_avatar_lets_it_go_on() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(1.0)
        visit.ears.tell(hear.VoiceBegan(0.9))
        visit.ears.tell(hear.VoiceContinues(1.0, 0.2, ""))
        visit.ears.tell(hear.VoiceEnded(1.1, 0.2))
        visit.ears.tell(hear.Failed(EngineError("asr", "it died")))
        await visit.until(8)

    assert perform(play).endings() == [(1, "completed", NUMBERS)]


def test_ears_breaking_are_told_of_and_made_again_later() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(1.0)
        visit.ears.tell(hear.VoiceBegan(0.9))
        visit.ears.tell(hear.VoiceContinues(1.0, 0.2, ""))
        visit.ears.broken.set()
        await visit.until(2.0)
        assert not visit.session.voice.active
        assert visit.session.ears is not None
        visit.ears.broken.clear()
        before = visit.ears.tell
        visit.session.ears.push(visit.outlet.frames[0][1].pcm, RATE)
        assert visit.ears.tell is before, "they rest"
        await visit.until(1.0 + REST_S)
        visit.session.ears.push(visit.outlet.frames[0][1].pcm, RATE)
        visit.ears.tell(hear.Heard(Utterance("And now?", "en", "voice", 5.0, 5.5), hear.Timings(0.3, 0.1)))
        await visit.until(12)

    visit = perform(play)
    assert visit.outlet.when(HearingFailed) == [1.0]
    assert visit.outlet.when(HearingMended) == [1.0 + REST_S], "the page sends no sound before it knows"
    assert visit.endings() == [(1, "completed", NUMBERS), (2, "completed", NUMBERS)]


def test_without_ears_touch_and_text_work() -> None:
    async def play(visit: Visit) -> None:
        assert visit.session.ears is None
        assert not visit.session.respond()
        visit.ask()
        await visit.until(5)

    assert perform(play, hearing=False).endings() == [(1, "completed", NUMBERS)]


# ── a client, a turn ──
def test_a_slow_client_costs_pictures_and_gets_a_key_frame_next() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(1.0)
        visit.outlet.takes = False
        await visit.until(1.1)
        visit.outlet.takes = True
        await visit.until(5)

    visit = perform(play)
    assert visit.endings() == [(1, "completed", NUMBERS)]
    keys = [round(at, 3) for at, frame in visit.outlet.frames if frame.packet is not None and frame.packet.key]
    assert keys[0] == 0.004
    assert 1.0 < keys[1] <= 1.1 + TICK
    assert keys[-1] <= 1.1 + 2 * TICK, "no more key frames than needed"


def test_a_turn_that_breaks_is_told_and_the_session_goes_on() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(2.0)
        visit.script.steps = (NUMBERS,)
        visit.ask("again")
        await visit.until(8)

    visit = perform(play, brain=Script("One two.", RuntimeError("secret path")))
    first, second = visit.outlet.told(TurnEnded)
    assert (first.status, first.problem) == ("failed", "it broke unexpectedly; the log tells more")
    assert (second.status, second.heard) == ("completed", NUMBERS)


def test_a_turn_that_an_engine_fails_says_why() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(2.0)

    visit = perform(play, brain=Script(EngineError("llm", "no answer", "ask again")))
    assert visit.outlet.told(TurnEnded)[0].problem == "llm: no answer; ask again"
    assert visit.moods()[-1][1] == "idle"


def test_a_loop_that_stands_still_is_caught_up_with_now() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(1.0)
        asyncio.get_running_loop()._jumping.time += 1.0  # type: ignore[attr-defined]
        await visit.until(8)

    visit = perform_late(play)
    assert visit.session.stage.missed == pytest.approx(20, abs=2)
    assert visit.endings() == [(1, "completed", NUMBERS)]
    assert [frame.offset for _, frame in visit.outlet.speech(1)] == [n * SLOT for n in range(63)], "nothing is left out"
