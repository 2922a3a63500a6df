"""An answer in SSML through a whole turn: the voice gets the markup, everybody else plain words."""

from __future__ import annotations

from visit import Script, Visit, perform

from runtime.events import SentenceStarted
from visavis.words import Sentence


def test_the_voice_gets_the_markup_and_the_caption_the_words() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(1.0)
        visit.ask()
        await visit.until(6)

    marked = Sentence("We open at nine.", markup="<speak>We open at <emphasis>nine</emphasis>.</speak>")
    visit = perform(play, brain=Script(marked))
    assert [spoken for spoken, _ in visit.tts.spoken] == [marked.markup]
    assert [event.sentence.text for event in visit.outlet.told(SentenceStarted)] == ["We open at nine."]
