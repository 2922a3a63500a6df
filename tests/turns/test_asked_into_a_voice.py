"""A visitor types or touches while somebody speaks: the answer comes, and nobody is spoken over."""

from __future__ import annotations

import pytest
from visit import NUMBERS, Script, Visit, perform

from visavis.words import Via


@pytest.mark.parametrize("via", ["text", "touch"])
def test_what_is_asked_while_somebody_speaks_is_answered_when_the_voice_is_over(via: Via) -> None:
    async def play(visit: Visit) -> None:
        visit.sounds(1.0, 4.0)
        await visit.until(3.0)
        visit.ask("When do you open?", via)
        await visit.until(12)

    visit = perform(play)
    assert visit.endings() == [(1, "completed", NUMBERS)]
    assert visit.script.asked == ["When do you open?"]
    assert visit.outlet.speech(1)[0][0] > 4.0, "nobody is spoken over"


def test_words_that_the_voice_turns_out_to_be_are_the_newer_question() -> None:
    async def play(visit: Visit) -> None:
        visit.sounds(1.0, 3.0, words=[(2.8, "Where")], final="Where is the garden?")
        await visit.until(2.0)
        visit.ask("When do you open?")
        await visit.until(12)

    visit = perform(play, brain=Script(NUMBERS))
    assert visit.script.asked == ["Where is the garden?"]
    assert visit.endings() == [(1, "completed", NUMBERS)]
