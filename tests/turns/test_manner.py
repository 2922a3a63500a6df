"""How a session treats clients of different kinds, and what it does only when it is asked."""

from __future__ import annotations

import numpy as np
import pytest
from visit import NUMBERS, Script, Visit, perform

from runtime.events import LatencyKnown, SentenceStarted, TurnEnded, TurnOpened, UtteranceHeard
from runtime.hearing import heard as hear
from runtime.manner import Manner
from visavis.errors import EngineError
from visavis.words import Utterance

SILENT = np.zeros(480, np.int16)
PLAIN = Manner()
"""A client that speaks the standard protocol and nothing of ours."""


def understood(text: str, began: float = 0.2, ended: float = 0.6) -> hear.Heard:
    return hear.Heard(Utterance(text, "en", "voice", began, ended), hear.Timings(0.3, 0.1))


def test_a_plain_client_is_never_greeted() -> None:
    async def play(visit: Visit) -> None:
        visit.session.presence(True)
        await visit.until(3)

    assert perform(play, manner=PLAIN, brain=Script(greeting="Welcome!")).endings() == []


def test_a_plain_clients_voice_ends_the_turn_instead_of_holding_it() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        visit.sounds(1.0, 1.2)
        await visit.until(6)

    visit = perform(play, manner=PLAIN)
    assert [mood for _, mood in visit.moods() if mood == "held"] == []
    assert visit.outlet.when(TurnEnded) == [pytest.approx(1.192)]
    assert visit.endings()[0][1] == "cancelled"


def test_what_is_heard_is_answered_only_on_request_where_the_client_wants_it_so() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(1.0)
        visit.ears.tell(understood("When do you open?"))
        await visit.until(2.0)
        assert visit.session.respond()
        await visit.until(6)
        assert not visit.session.respond(), "it has been answered"

    visit = perform(play, manner=Manner(replies=False))
    assert visit.outlet.when(UtteranceHeard) == [1.0]
    assert visit.outlet.when(TurnOpened) == [2.0]
    assert visit.script.asked == ["When do you open?"]


def test_a_response_may_be_asked_for_before_the_words_are_known() -> None:
    async def play(visit: Visit) -> None:
        ears = visit.session.ears
        assert ears is not None
        assert not visit.session.respond()
        ears.push(SILENT, 24_000)
        assert ears.release()
        assert visit.session.respond()
        await visit.until(0.5)
        visit.ears.tell(understood("When do you open?"))
        await visit.until(6)

    visit = perform(play, manner=Manner(replies=False))
    assert visit.outlet.when(TurnOpened) == [0.5]
    assert visit.endings() == [(1, "completed", NUMBERS)]


@pytest.mark.parametrize(
    "outcome",
    [hear.Noise(0.1, 0.4, 0.3, "no words"), hear.Failed(EngineError("asr", "it died"))],
    ids=["nothing was said", "recognition failed"],
)
def test_a_response_that_is_owed_comes_even_if_nothing_was_understood(outcome: hear.Sound) -> None:
    async def play(visit: Visit) -> None:
        ears = visit.session.ears
        assert ears is not None
        visit.ears.tell(understood("an earlier question"))
        visit.session.stop()
        ears.push(SILENT, 24_000)
        ears.release()
        assert visit.session.respond()
        await visit.until(0.5)
        visit.ears.tell(outcome)
        await visit.until(6)

    visit = perform(play, manner=Manner(replies=False))
    assert visit.script.asked == [""], "the brain has a line for that"
    (latency,) = visit.outlet.told(LatencyKnown)
    assert latency.stages["endpoint_ms"] == latency.stages["transcript_ms"] == 0, "not an earlier utterance's"


def test_a_response_to_what_turned_out_to_be_nothing_may_be_asked_for_later() -> None:
    async def play(visit: Visit) -> None:
        visit.ears.tell(hear.Noise(0.1, 0.4, 0.3, "no words"))
        await visit.until(1.0)
        assert visit.session.respond()
        await visit.until(1.5)
        visit.ears.tell(understood("When do you open?"))
        visit.ears.tell(hear.Noise(0.1, 0.4, 0.3, "no words"))
        assert visit.session.respond()
        await visit.until(6)

    visit = perform(play, manner=Manner(replies=False))
    assert visit.script.asked == ["", "When do you open?"], "a noise does not make a question forgotten"


def test_what_is_dropped_is_not_answered_in_place_of_what_is_asked_next() -> None:
    """A press that was let go too soon, or an utterance nobody wanted answered: the client clears its audio."""

    async def play(visit: Visit) -> None:
        ears = visit.session.ears
        assert ears is not None
        for sound in (hear.VoiceBegan(0.0), hear.VoiceEnded(0.1, 0.1), hear.Noise(0.0, 0.1, 0.1, "muted")):
            visit.ears.tell(sound)
        assert not visit.session.respond(), "there is nothing to answer"
        visit.ears.tell(understood("an unwanted question"))
        visit.session.discard()
        await visit.until(1.0)
        ears.push(SILENT, 24_000)
        ears.release()
        assert visit.session.respond()
        await visit.until(1.5)
        visit.ears.tell(understood("When do you open?"))
        await visit.until(6)

    visit = perform(play, manner=Manner(replies=False))
    assert visit.script.asked == ["When do you open?"]


def test_a_cancelled_response_is_not_owed_any_more() -> None:
    async def play(visit: Visit) -> None:
        ears = visit.session.ears
        assert ears is not None
        ears.push(SILENT, 24_000)
        ears.release()
        assert visit.session.respond()
        visit.session.stop()
        await visit.until(0.5)
        visit.ears.tell(understood("When do you open?"))
        await visit.until(3)

    assert perform(play, manner=Manner(replies=False)).endings() == []


def test_a_client_that_must_not_be_interrupted_is_answered_afterwards() -> None:
    async def play(visit: Visit) -> None:
        visit.ask("first")
        visit.sounds(1.0, 1.6, words=[(1.2, "but what")], final="But what about Sunday?")
        await visit.until(9)

    visit = perform(play, manner=Manner(greets=True, holds=True, interrupts=False))
    assert visit.outlet.cleared == []
    assert visit.endings() == [(1, "completed", NUMBERS), (2, "completed", NUMBERS)]


SENTENCES = "One two three four five.", "Six seven eight nine ten.", "Eleven twelve."


def test_a_polite_avatar_finishes_its_sentence_and_then_answers() -> None:
    async def play(visit: Visit) -> None:
        visit.ask("first")
        visit.sounds(0.6, 1.0, words=[(0.8, "but what")], final="But what about Sunday?")
        await visit.until(9)

    manner = Manner(greets=True, holds=True, politeness="sentence")
    visit = perform(play, brain=Script(*SENTENCES), manner=manner)
    assert visit.endings()[0] == (1, "cancelled", SENTENCES[0])
    assert visit.endings()[1][:2] == (2, "completed")
    assert "held" not in [mood for _, mood in visit.moods()]


def test_in_the_last_sentence_a_polite_avatar_comes_to_its_end() -> None:
    async def play(visit: Visit) -> None:
        visit.ask("first")
        visit.sounds(0.6, 1.0, words=[(0.8, "but what")], final="But what about Sunday?")
        await visit.until(9)

    visit = perform(play, manner=Manner(greets=True, holds=True, politeness="sentence"))
    assert [heard for _, _, heard in visit.endings()] == [NUMBERS, NUMBERS]


def test_one_that_never_gives_way_is_silenced_by_touch_alone() -> None:
    async def play(visit: Visit) -> None:
        visit.ask("first")
        visit.sounds(0.6, 2.0, words=[(0.8, "but what")])
        await visit.until(2.2)
        visit.ask("second")
        await visit.until(8)

    visit = perform(play, manner=Manner(greets=True, holds=True, politeness="never"))
    assert [status for _, status, _ in visit.endings()] == ["cancelled", "completed"]
    assert visit.outlet.when(TurnEnded)[0] == pytest.approx(2.2)


def test_its_typed_question_interrupts_all_the_same() -> None:
    async def play(visit: Visit) -> None:
        visit.ask("first")
        await visit.until(1.0)
        visit.ask("second")
        await visit.until(6)

    visit = perform(play, manner=Manner(holds=True, interrupts=False))
    assert visit.outlet.when(TurnEnded)[0] == 1.0
    assert [status for _, status, _ in visit.endings()] == ["cancelled", "completed"]


def test_a_client_that_wants_text_alone_gets_it_at_once_and_no_sound() -> None:
    async def play(visit: Visit) -> None:
        visit.session.hush(True)
        await visit.until(1.0)
        visit.ask()
        await visit.until(2.0)
        visit.session.hush(False)
        visit.ask()
        await visit.until(6.0)

    visit = perform(play, brain=Script("One two three.", "Four."))
    assert not any(frame.pcm.any() for _, frame in visit.outlet.speech(1))
    assert any(frame.pcm.any() for _, frame in visit.outlet.speech(2))
    assert visit.outlet.told(SentenceStarted)[1].sentence.text == "Four."
    assert visit.endings() == [(1, "completed", "One two three. Four."), (2, "completed", "One two three. Four.")]
    assert visit.outlet.when(TurnEnded)[0] < 1.5


def test_a_client_that_comes_late_is_told_the_mood() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(1.0)
        visit.session.announce()

    assert perform(play).moods() == [(0, "idle"), (1000, "idle")]
