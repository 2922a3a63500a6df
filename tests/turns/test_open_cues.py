"""What a client that draws a body of its own is told: complete, on the session's line, also after a hold."""

from __future__ import annotations

import pytest
from visit import NUMBERS, Script, Visit, perform, sentence

from runtime.events import ActionStarted
from visavis.words import RATE, SLOT, Emotion, Viseme


async def coughed_over(visit: Visit) -> None:
    await visit.until(1.01)
    visit.ask()
    visit.sounds(2.0, 2.2)
    await visit.until(6)


def test_after_a_hold_the_mouth_is_told_anew() -> None:
    visit = perform(coughed_over, brain=Script("I am speaking of fabulous museums by myself, one after the other."))
    (cleared,) = [at for at, _ in visit.outlet.cleared]
    resumed = [frame for at, frame in visit.outlet.speech(1) if at > cleared]
    first = resumed[0]
    assert first.visemes[0].start == first.pts, "the shape that holds there, though it began before"
    for frame in resumed:
        assert all(frame.pts <= shape.start < frame.pts + SLOT for shape in frame.visemes)
    told = [shape for frame in resumed for shape in frame.visemes]
    assert told == sorted(told, key=lambda shape: shape.start)
    assert len({shape.start for shape in told}) == len(told)


def test_after_a_hold_words_begin_with_the_one_that_is_said_again() -> None:
    visit = perform(coughed_over)
    (cleared,) = [at for at, _ in visit.outlet.cleared]
    words = [word for at, frame in visit.outlet.speech(1) if at > cleared for word in frame.words]
    assert [word.text for word in words] == NUMBERS.rstrip(".").split()[4:]
    first = next(frame for at, frame in visit.outlet.speech(1) if at > cleared)
    assert words[0].start == first.pts


def test_every_slot_says_what_is_to_be_seen() -> None:
    visit = perform(coughed_over, brain=Script(sentence(NUMBERS, emotion=Emotion.HAPPY)))
    moments = [(frame, frame.moment) for _, frame in visit.outlet.frames]
    assert all(moment is not None and (moment.pts, moment.turn) == (frame.pts, frame.turn) for frame, moment in moments)
    spoken = [moment for frame, moment in moments if frame.turn and moment is not None]
    assert {moment.emotion for moment in spoken} == {Emotion.HAPPY}
    for frame, moment in moments:
        if moment is not None and frame.turn:
            shown = {start + moment.pts: shape for start, shape in moment.visemes}
            assert all(shown.get(v.start, v.viseme) is v.viseme for v in frame.visemes)
        elif moment is not None:
            assert moment.visemes == ()
    assert {shape for moment in spoken for _, shape in moment.visemes} >= {Viseme.I, Viseme.E, Viseme.O}


@pytest.mark.parametrize("able", [{"wave": RATE, "nod": RATE // 2}, {}])
def test_a_client_that_takes_no_pictures_is_told_of_what_its_own_body_can_do(able: dict[str, int]) -> None:
    async def play(visit: Visit) -> None:
        visit.session.stage.able = able
        visit.ask()
        await visit.until(4)

    said = sentence(NUMBERS, ("wave", NUMBERS.index("five")))
    visit = perform(play, brain=Script(said), face=False)
    told = visit.outlet.told(ActionStarted)
    if not able:
        assert told == []
        return
    (wave,) = told
    assert (wave.turn, wave.action, wave.end - wave.pts) == (1, "wave", RATE)
    (five,) = [word for _, frame in visit.outlet.speech(1) for word in frame.words if word.text == "five"]
    assert wave.pts <= five.start < wave.end
    assert visit.session.stage.acting is False, "every action ends"
