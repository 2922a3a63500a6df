"""Answers and greetings from start to finish, every moment of them on the virtual clock."""

from __future__ import annotations

import pytest
from visit import DRAWN, NUMBERS, TICK, Script, Visit, perform, sentence

from behaviors.repertoire import Repertoire
from runtime.events import ActionStarted, LatencyKnown, ReplyFound, SentenceStarted
from visavis.fakes.tts import FakeTts
from visavis.words import RATE, SLOT, Emotion, Reply, Utterance


def test_an_answer_from_start_to_finish() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(1.01)
        visit.ask()
        await visit.until(6)

    visit = perform(play, brain=Script("We open at nine.", "Come early!"))
    assert visit.story() == [
        (0, "idle"),
        (1010, "turn 1: reply"),
        (1010, "thinking"),
        (1010, "ReplyFound"),
        (1014, "turn 1 says: We open at nine."),
        (1014, "LatencyKnown"),
        (1014, "speaking"),
        (1884, "turn 1 says: Come early!"),
        (2724, "turn 1 completed: We open at nine. Come early!"),
        (2724, "idle"),
    ]
    assert visit.memory == {1: ("?", "We open at nine. Come early!")}
    first_at, first = visit.outlet.speech(1)[0]
    assert (first_at, first.pts / RATE) == (pytest.approx(1.014), pytest.approx(1.08))
    assert [moment.turn for moment in visit.face.moments if moment.pts == first.pts] == [1]


def test_the_latency_record_says_where_the_time_went() -> None:
    async def play(visit: Visit) -> None:
        visit.tts.first_delay_s = 0.05
        await visit.until(1.0)
        visit.sounds(1.0, 2.0, final="when do you open")
        await visit.until(6)

    visit = perform(play, brain=Script(0.2, NUMBERS, find_s=0.1))
    (latency,) = visit.outlet.told(LatencyKnown)
    stages = {name: round(spent, 3) for name, spent in latency.stages.items()}
    assert stages == {
        "endpoint_ms": 420,
        "transcript_ms": 50,
        "answer_ms": 300,
        "voice_ms": 50,
        "face_ms": 4,
        "outlet_ms": 0,
    }
    assert latency.first_av_ms == pytest.approx(824)
    assert visit.outlet.speech(1)[0][0] == pytest.approx(2.0 + 0.824), "t0 is the last sample of the speech"


def test_a_picture_under_way_is_waited_for_and_counted() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(1.001)
        visit.ask()
        await visit.until(4)

    visit = perform(play)
    (latency,) = visit.outlet.told(LatencyKnown)
    assert latency.first_av_ms == pytest.approx(3 + 1000 * DRAWN), "3 ms left of the idle picture, then its own"


def test_the_end_is_told_when_the_last_sample_has_been_heard_not_when_it_was_sent() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(6)

    visit = perform(play)
    last_at, last = visit.outlet.speech(1)[-1]
    (ended,) = [at for at, told in visit.story() if "completed" in told]
    assert last_at < (last.pts + SLOT) / RATE - 0.15
    assert (last.pts + SLOT) / RATE <= ended / 1000 <= (last.pts + SLOT) / RATE + TICK


def test_gestures_and_moods_belong_to_their_sentence_and_pass() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(8)

    happy = sentence("One two three.", ("nod", 4), emotion=Emotion.HAPPY)
    visit = perform(play, brain=Script(happy, "Four five six."))
    (action,) = visit.outlet.told(ActionStarted)
    first = visit.outlet.speech(1)[0][1]
    assert (action.turn, action.action) == (1, "nod")
    seen = [moment for moment in visit.face.moments if moment.actions]
    assert seen[0].pts == first.pts, "at once: the second word begins 0.2 s in, a nod's preparation takes longer"
    assert {moment.pts - moment.actions[0][1] for moment in seen} == {action.pts}
    stroke = action.pts + Repertoire().stroke("nod", RATE)
    assert stroke / RATE == pytest.approx(first.pts / RATE + 0.24), "as soon as looks natural"
    happy_at = [moment.intensity for moment in visit.face.moments if moment.emotion is Emotion.HAPPY]
    top = happy_at.index(max(happy_at))
    assert happy_at[: top + 1] == sorted(happy_at[: top + 1]), "it comes with the first sentence"
    assert happy_at[top:] == sorted(happy_at[top:], reverse=True), "and goes from the second on"
    assert visit.face.moments[-1].emotion is Emotion.NEUTRAL


def test_a_gesture_of_speech_takes_over_from_an_idle_one() -> None:
    async def play(visit: Visit) -> None:
        visit.session.act("wave")
        await visit.until(0.5)
        visit.ask()
        await visit.until(4)

    visit = perform(play, brain=Script(sentence("One two.", ("nod", 0))))
    assert [(e.action, e.turn) for e in visit.outlet.told(ActionStarted)] == [("wave", 0), ("nod", 1)]


def test_sentences_that_come_late_leave_silence_between_and_lose_nothing() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(8)

    visit = perform(play, brain=Script("One two.", 3.0, "Three four."))
    assert visit.endings() == [(1, "completed", "One two. Three four.")]
    starts = [round(at, 3) for at in visit.outlet.when(SentenceStarted)]
    assert starts == [0.008, 3.044], "the pause before it is the first that goes out, five slots at once"
    offsets = [frame.offset for _, frame in visit.outlet.speech(1)]
    assert offsets == [n * SLOT for n in range(len(offsets))]


def test_a_slow_voice_is_waited_for_without_a_jump() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(12)

    visit = perform(play, tts=FakeTts(chunk_delay_s=0.5))
    assert visit.endings() == [(1, "completed", NUMBERS)]
    assert visit.session.stage.missed == 0


def test_a_question_while_idle_is_answered_in_the_same_instant() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(1.0234)
        visit.ask("When do you open?")
        assert visit.session.playing is not None
        await visit.until(4)

    visit = perform(play)
    assert visit.story()[1] == (1023.4, "turn 1: reply")


def test_a_question_while_speaking_takes_the_stage_at_once() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(1.01)
        visit.ask("first")
        await visit.until(2.0)
        visit.ask("second", via="touch")
        await visit.until(6)

    visit = perform(play)
    assert [told for at, told in visit.story(ReplyFound) if at == 2000] == [
        "turn 1 cancelled: One two three four",
        "thinking",
        "turn 2: reply",
    ]
    assert visit.outlet.cleared == [(pytest.approx(2.0), 1)]
    assert visit.outlet.speech(1)[-1][0] <= 2.0
    assert visit.memory[1] == ("first", "One two three four"), "0.92 s were heard; five had not sounded"


def test_of_two_questions_in_quick_succession_the_newer_wins() -> None:
    async def play(visit: Visit) -> None:
        visit.ask("first")
        visit.ask("second")
        await visit.until(0.5)
        visit.ask("third")
        await visit.until(8)

    visit = perform(play, brain=Script(NUMBERS, find_s=1.0))
    assert [(turn, status) for turn, status, _ in visit.endings()] == [
        (1, "cancelled"),
        (2, "cancelled"),
        (3, "completed"),
    ]
    assert visit.script.asked == ["second", "third"], "the first never got as far as being asked"
    assert visit.outlet.cleared == [], "nothing had been said"


def test_an_answer_that_is_found_just_after_its_turn_ended_is_told_of_no_other_turn() -> None:
    async def play(visit: Visit) -> None:
        visit.ask("first")
        await visit.until(1.0)  # the first answer is found in this very instant
        visit.ask("second")
        await visit.until(8)

    visit = perform(play, brain=Script(NUMBERS, find_s=1.0))
    replies = [(round(at, 3), e.turn) for at, e in visit.outlet.events if isinstance(e, ReplyFound)]
    assert replies[-1] == (2.0, 2)
    assert all(turn == 1 for _, turn in replies[:-1])


# ── greetings ──
def test_somebody_who_comes_is_greeted_once() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(1.0)
        visit.session.presence(True)
        await visit.until(4)
        visit.session.presence(False)
        visit.session.presence(True)
        await visit.until(8)

    visit = perform(play, brain=Script(greeting="Welcome!"))
    assert visit.story(LatencyKnown, ReplyFound)[1:5] == [
        (1000, "turn 1: greeting"),
        (1000, "thinking"),
        (1008, "turn 1 says: Welcome!"),
        (1008, "speaking"),
    ]
    assert [turn for turn, _, _ in visit.endings()] == [1], "the second greeting is cooling down"


def test_a_question_cuts_the_greeting() -> None:
    async def play(visit: Visit) -> None:
        visit.session.presence(True)
        await visit.until(0.5)
        visit.ask("When do you open?")
        await visit.until(5)

    visit = perform(play, brain=Script(greeting=NUMBERS))
    assert [(turn, status) for turn, status, _ in visit.endings()] == [(1, "cancelled"), (2, "completed")]


def test_who_asks_at_once_is_not_greeted_afterwards() -> None:
    async def play(visit: Visit) -> None:
        visit.session.presence(True)
        visit.ask()
        await visit.until(6)

    visit = perform(play, brain=Script(greeting="Welcome!"))
    assert [told for _, told in visit.story() if ": " in told and "says" not in told][-2:] == [
        "turn 2: reply",
        f"turn 2 completed: {NUMBERS}",
    ]


def test_nothing_is_said_when_there_is_nothing_to_say() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(1.0)
        visit.ask()
        await visit.until(3)

    visit = perform(play, brain=Script(0.5))
    assert visit.story() == [
        (0, "idle"),
        (1000, "turn 1: reply"),
        (1000, "thinking"),
        (1000, "ReplyFound"),
        (1500, "turn 1 completed: "),
        (1500, "idle"),
    ]


def test_a_gesture_needs_no_words() -> None:
    class Nods(Script):
        async def answer(self, utterance: Utterance) -> Reply:
            return Reply("rule", "direct", self._say([]), action="nod")

    async def play(visit: Visit) -> None:
        await visit.until(1.01)
        visit.ask()
        await visit.until(4)

    visit = perform(play, brain=Nods())
    assert [event.action for event in visit.outlet.told(ActionStarted)] == ["nod"]
    assert visit.story()[-2:] == [(1010, "turn 1 completed: "), (1010, "idle")]
