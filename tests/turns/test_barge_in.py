"""A visitor's voice over the avatar, at every stage of a turn: held, resumed, ended, and what is remembered."""

from __future__ import annotations

from itertools import pairwise

import pytest
from visit import LETTER, NUMBERS, TICK, Script, Visit, perform

from runtime.events import MoodChanged, SentenceStarted, TurnEnded
from runtime.hearing import heard as hear
from visavis.words import RATE, SLOT, Utterance

FIVE = NUMBERS.index("five") * LETTER
"""When the fifth word of the answer begins, in seconds of its speech."""
HEARD_FROM = 1.08
"""When the first sample of an answer to a question at 1.01 s comes out."""


async def answering(visit: Visit) -> None:
    """The answer begins to be heard at 1.08 s and lasts for 2.5 s."""
    await visit.until(1.01)
    visit.ask()


def again(visit: Visit, since: float, turn: int = 1) -> list[int]:
    """Offsets, in samples of the turn, of what was handed over from `since` on."""
    return [frame.offset for at, frame in visit.outlet.speech(turn) if at >= since]


# ── held, and resumed ──
def test_a_cough_holds_and_the_answer_goes_on_from_the_last_word_heard() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(2.0, 2.2)
        await visit.until(6)

    visit = perform(play)
    assert visit.moods()[2:] == [(1014, "speaking"), (2192, "held"), (2800, "speaking"), (4404, "idle")]
    assert visit.outlet.cleared == [(pytest.approx(2.192), 1)]
    resumed = again(visit, 2.5)
    assert resumed[0] == round(FIVE * RATE), "1.112 s had been heard; five began at 0.95 s"
    assert [b - a for a, b in pairwise(resumed)] == [SLOT] * (len(resumed) - 1)
    assert visit.outlet.speech(1)[-1][1].offset + SLOT >= 2.5 * RATE, "to the very end"
    assert visit.outlet.when(MoodChanged)[4] - 2.2 <= 1.0, "within a second of the sound's end"
    assert visit.endings() == [(1, "completed", NUMBERS)]


@pytest.mark.parametrize("said", ["mm-hm", "Yeah, okay.", "嗯"])
def test_a_listeners_sound_holds_and_is_no_question(said: str) -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(2.0, 2.3, words=[(2.2, said)], final=said)
        await visit.until(6)

    visit = perform(play)
    assert visit.endings() == [(1, "completed", NUMBERS)]
    assert visit.script.asked == ["?"]
    (resumed,) = [at for at, mood in visit.moods()[3:] if mood == "speaking"]
    assert resumed <= 2300 + 1000


def test_the_avatars_own_echo_does_not_stop_it_for_good() -> None:
    """Ears report an echo without its words and its voice, and in the end as noise."""

    async def play(visit: Visit) -> None:
        await answering(visit)
        await visit.until(1.5)
        visit.ears.tell(hear.VoiceBegan(1.4))
        for n in range(8):
            await visit.until(1.6 + n / 10)
            visit.ears.tell(hear.VoiceContinues(1.6 + n / 10, 0.09, ""))
        visit.ears.tell(hear.VoiceEnded(2.3, 0.9))
        visit.ears.tell(hear.Noise(1.4, 2.3, 0.9, "echo", "three four five"))
        await visit.until(6)

    visit = perform(play)
    assert visit.outlet.cleared == []
    assert visit.endings() == [(1, "completed", NUMBERS)]


def test_the_ears_know_what_may_come_back_as_an_echo() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(2.0, 2.2)
        await visit.until(6)

    visit = perform(play)
    told = visit.ears.echo
    assert told[1] == "One two three four five", "what has been handed over and a second more"
    assert "three four five six seven eight nine ten" in told, "what was said two seconds ago has died away"
    assert told.count(None) == 3, "at first, while it is held, and at the end"
    assert told[-1] is None
    assert all(a != b for a, b in pairwise(told)), "only when it changes"


def test_held_again_while_the_last_word_is_repeated_it_repeats_that_word_again() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(2.0, 2.2)
        visit.sounds(2.81, 3.1)
        await visit.until(8)

    visit = perform(play)
    assert [at for at, mood in visit.moods() if mood == "held"] == [2192, 3002]
    assert again(visit, 2.5)[0] == again(visit, 3.2)[0] == round(FIVE * RATE)
    assert visit.endings() == [(1, "completed", NUMBERS)]


def test_a_sentence_is_told_once_even_if_its_first_word_is_repeated() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(1.0, 1.2)
        await visit.until(6)

    visit = perform(play)
    assert visit.outlet.cleared, "it was held in its first word"
    assert again(visit, 1.5)[0] == 0
    assert len(visit.outlet.told(SentenceStarted)) == 1


def test_held_between_two_sentences_nothing_of_the_second_is_lost() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(1.5, 1.7)
        await visit.until(6)

    visit = perform(play, brain=Script("One two three.", "Four five six."))
    (hold,) = visit.outlet.cleared
    assert hold[0] == pytest.approx(1.692), "0.612 s: in three, the first sentence's last word"
    assert again(visit, 2.0)[0] == 0.4 * RATE
    assert visit.endings() == [(1, "completed", "One two three. Four five six.")]


def test_held_while_the_next_sentence_is_being_found_it_goes_on_when_that_comes() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(2.5, 2.7)
        await visit.until(9)

    visit = perform(play, brain=Script("One two three.", 3.0, "Four five six."))
    assert visit.endings() == [(1, "completed", "One two three. Four five six.")]
    assert [mood for _, mood in visit.moods()] == ["idle", "thinking", "speaking", "held", "speaking", "idle"]


def test_held_when_all_was_sent_but_not_all_was_heard() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(3.2, 3.4)
        await visit.until(8)

    visit = perform(play)
    assert visit.outlet.cleared == [(pytest.approx(3.392), 1)]
    assert again(visit, 3.0)[-1] + SLOT >= 2.5 * RATE
    assert again(visit, 3.5)[0] == 2.25 * RATE, "ten, the last word, again"
    assert visit.endings() == [(1, "completed", NUMBERS)]


def test_while_held_the_voice_waits_and_forgets_nothing() -> None:
    long = " ".join(["word"] * 60) + "."

    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(2.0, 2.2)
        await visit.until(30)

    visit = perform(play, brain=Script(long))
    assert visit.endings() == [(1, "completed", long)]


def test_a_client_that_stops_sending_sound_does_not_hold_for_ever() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        await visit.until(2.0)
        visit.ears.tell(hear.VoiceBegan(1.9))
        visit.ears.tell(hear.VoiceContinues(2.0, 0.2, ""))
        await visit.until(8)

    visit = perform(play)
    assert [at for at, mood in visit.moods() if mood == "held"] == [2000]
    assert visit.endings() == [(1, "completed", NUMBERS)]


def test_an_older_stretchs_words_do_not_end_a_newer_voice() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(1.0)
        visit.ears.tell(hear.VoiceBegan(0.5))
        visit.ears.tell(hear.VoiceEnded(0.9, 0.4))
        visit.ears.tell(hear.VoiceBegan(1.0))
        visit.ears.tell(hear.VoiceContinues(1.2, 0.2, "and"))
        visit.ears.tell(hear.Noise(0.5, 0.9, 0.4, "no words"))
        assert visit.session.voice.active
        assert (visit.session.voice.began, visit.session.voice.words) == (1.0, "and")

    perform(play)


# ── ended ──
def test_words_end_it_at_once_and_the_clear_goes_out_in_that_instant() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(2.0, 3.0, words=[(2.3, "but what")], final="But what about Sunday?")
        await visit.until(9)

    visit = perform(play)
    assert visit.moods()[2:] == [
        (1014, "speaking"),
        (2192, "held"),
        (2384, "listening"),
        (3470, "thinking"),
        (3474, "speaking"),
        (6044, "idle"),
    ]
    assert [at for at, _ in visit.outlet.cleared] == [pytest.approx(2.192), pytest.approx(2.384)]
    assert visit.outlet.when(TurnEnded)[0] == pytest.approx(2.384)
    assert visit.endings()[0] == (1, "cancelled", "One two three four five"), "five was half over at the hold"
    assert visit.script.asked == ["?", "But what about Sunday?"]


def test_700_ms_of_voice_end_it_without_a_word() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(1.6, 3.5)
        await visit.until(6)

    visit = perform(play)
    (ended,) = visit.outlet.when(TurnEnded)
    assert 1.6 + 0.7 <= ended <= 1.6 + 0.8
    assert visit.outlet.speech(1)[-1][0] < ended


def test_words_that_come_after_the_sound_end_the_held_turn() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(2.0, 2.3, final="Stop it")
        await visit.until(8)

    visit = perform(play)
    assert [(turn, status) for turn, status, _ in visit.endings()] == [(1, "cancelled"), (2, "completed")]
    assert visit.outlet.when(TurnEnded)[0] == pytest.approx(2.77)


def test_a_typed_question_ends_a_held_turn() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(2.0, 2.2)
        await visit.until(2.5)
        visit.ask("second")
        await visit.until(8)

    visit = perform(play)
    assert [(turn, status) for turn, status, _ in visit.endings()] == [(1, "cancelled"), (2, "completed")]
    assert visit.memory[1] == ("?", "One two three four five"), "what was heard before the hold"


@pytest.mark.parametrize(
    ("at", "heard"),
    [
        (1.09, ""),
        (1.2, "One"),
        (1.9, "One two three four"),
        (3.45, "One two three four five six seven eight nine ten"),
        (3.59, NUMBERS),
    ],
    ids=["first slot", "first word", "middle", "last 200 ms, all sent", "last slot"],
)
def test_memory_keeps_what_had_come_out_by_the_clock(at: float, heard: str) -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        await visit.until(at)
        visit.session.stop()
        await visit.until(6)

    visit = perform(play)
    assert visit.endings() == [(1, "cancelled", heard)]
    assert visit.memory == {1: ("?", heard)}
    assert visit.outlet.cleared == [(pytest.approx(at), 1)]


def test_ended_in_the_pause_between_two_sentences_all_of_the_first_is_remembered() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        await visit.until(HEARD_FROM + 1.5)
        visit.session.stop()
        await visit.until(6)

    visit = perform(play, brain=Script("One two three.", 3.0, "Four."))
    assert visit.memory == {1: ("?", "One two three.")}


def test_the_outlets_report_is_the_word_on_what_was_heard() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        await visit.until(2.0)
        visit.outlet.heard[1] = round(0.3 * RATE)
        visit.session.stop()
        await visit.until(3)

    assert perform(play).memory == {1: ("?", "One two")}


def test_a_report_that_comes_after_the_end_is_believed_when_the_next_turn_opens() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        await visit.until(2.0)
        visit.outlet.heard[1] = 0
        visit.session.stop()
        await visit.until(2.1)
        visit.outlet.heard[1] = round(0.36 * RATE)
        await visit.until(3.0)
        visit.ask("second")
        await visit.until(3.1)
        visit.session.stop()

    visit = perform(play)
    assert visit.endings()[0] == (1, "cancelled", "")
    assert visit.memory[1] == ("?", "One two")


def test_a_client_may_correct_what_it_played_of_an_ended_turn() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        await visit.until(6)
        assert visit.session.correct(1, round(0.4 * RATE)) == "One two"
        assert visit.session.correct(77, 0) is None

    assert perform(play).memory == {1: ("?", "One two")}


# ── while it thinks ──
def test_a_voice_while_it_thinks_does_not_lose_the_answer() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(1.2, 1.5)
        await visit.until(8)

    visit = perform(play, brain=Script(NUMBERS, find_s=1.0))
    assert visit.endings() == [(1, "completed", NUMBERS)]
    assert visit.outlet.cleared == []


def test_an_answer_that_is_ready_while_the_visitor_speaks_waits_for_the_end_of_the_sound() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(1.5, 2.2)
        await visit.until(8)

    visit = perform(play, brain=Script(NUMBERS, find_s=0.9))
    assert visit.moods()[1:4] == [(1010, "thinking"), (1914, "held"), (2800, "speaking")], "held with its first slot"
    assert len([frame for at, frame in visit.outlet.speech(1) if at < 2.2]) == 1
    assert again(visit, 2.2)[0] == 0
    assert visit.endings() == [(1, "completed", NUMBERS)]


def test_a_question_while_it_thinks_takes_its_place() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        visit.sounds(1.2, 1.6, final="No, what about Sunday?")
        await visit.until(9)

    visit = perform(play, brain=Script(NUMBERS, find_s=2.0))
    assert [(turn, status) for turn, status, _ in visit.endings()] == [(1, "cancelled"), (2, "completed")]
    assert visit.memory[1] == ("?", "")
    assert visit.memory[2] == ("No, what about Sunday?", NUMBERS)


def test_ended_while_the_first_picture_is_drawn_nothing_goes_out() -> None:
    async def play(visit: Visit) -> None:
        await answering(visit)
        await visit.until(1.012)
        visit.session.stop()
        await visit.until(3)

    visit = perform(play)
    assert visit.outlet.speech(1) == []
    assert visit.outlet.cleared == []
    assert visit.endings() == [(1, "cancelled", "")]


def test_a_turn_that_has_ended_is_silent_though_its_voice_was_still_speaking() -> None:
    async def play(visit: Visit) -> None:
        visit.tts.chunk_delay_s = 0.15
        await answering(visit)
        await visit.until(1.9)
        visit.session.stop()
        await visit.until(1.9 + TICK)
        assert visit.tts.active == 0
        await visit.until(4)

    visit = perform(play)
    assert visit.outlet.speech(1)[-1][0] <= 1.9


def test_a_question_heard_twice_is_answered_once_for_each() -> None:
    async def play(visit: Visit) -> None:
        said = Utterance("Hello there", "en", "voice", 0.1, 0.5)
        await visit.until(1.0)
        visit.ears.tell(hear.Heard(said, hear.Timings(0.3, 0.1)))
        await visit.until(1.2)
        visit.ears.tell(hear.Heard(said, hear.Timings(0.3, 0.1)))
        await visit.until(6)

    visit = perform(play)
    assert [status for _, status, _ in visit.endings()] == ["cancelled", "completed"]
