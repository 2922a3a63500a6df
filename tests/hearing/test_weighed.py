"""Readings of a recogniser, weighed by what they mean."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

import numpy as np
import pytest

from runtime.hearing.weighed import Weighed, weigh
from visavis.engines import Capabilities, Transcript
from visavis.errors import EngineError
from visavis.words import UNSURE, Pcm

HOURS, GUIDES, PRICES = "hours", "guides", "prices"
KNOWN: dict[str, tuple[bool, Mapping[str, float]]] = {
    "when do you open": (True, {HOURS: 1.0}),
    "when do you price open": (True, {HOURS: 0.8, PRICES: 0.1}),
    "when do you guide open": (False, {GUIDES: 0.4, HOURS: 0.35}),
    "when do you guide": (True, {GUIDES: 0.75}),
    "blue cheese": (False, {}),
}


class Heard:
    """A recogniser that has heard one thing."""

    capabilities = Capabilities(languages=("en",), sample_rate=16_000)

    def __init__(self, final: Transcript) -> None:
        self._final = final
        self.learnt: Sequence[str] = ()
        self.closed = False

    async def transcribe(self, audio: AsyncIterator[Pcm]) -> AsyncIterator[Transcript]:
        async for _ in audio:
            yield Transcript("when", False)
        yield self._final

    async def learn(self, phrases: Sequence[str]) -> None:
        self.learnt = phrases

    async def close(self) -> None:
        self.closed = True


async def means(text: str) -> tuple[bool, Mapping[str, float]]:
    if text == "broken":
        raise EngineError("embedder", "it died")
    return KNOWN[text]


async def weighed(text: str, confidence: float, *others: tuple[str, float]) -> Transcript:
    async def sound() -> AsyncIterator[Pcm]:
        yield np.zeros(512, np.int16)

    asr = Weighed(Heard(Transcript(text, True, confidence, others)), means)
    partial, final = [transcript async for transcript in asr.transcribe(sound())]
    assert not partial.final
    return final


async def test_a_known_question_is_believed_word_for_word() -> None:
    final = await weighed("when do you open", 0.4, ("when do you guide", 0.9))
    assert (final.text, final.confidence) == ("when do you open", 1.0)


async def test_a_reading_that_means_something_is_taken_before_one_that_means_little() -> None:
    final = await weighed("when do you guide open", 0.5, ("when do you price open", 0.9))
    assert final.text == "when do you price open"


async def test_readings_that_mean_the_same_make_each_other_sure() -> None:
    alone = await weighed("when do you price open", 0.5, ("blue cheese", 0.9))
    both = await weighed("when do you price open", 0.5, ("when do you open", 0.9))
    assert alone.confidence < UNSURE < both.confidence


async def test_who_tells_no_other_reading_is_as_sure_as_he_says() -> None:
    assert (await weighed("when do you guide", 0.9)).confidence == 0.9


async def test_readings_that_mean_different_things_make_each_other_unsure() -> None:
    assert (await weighed("when do you guide", 0.5)).confidence == pytest.approx(0.75)
    torn = await weighed("when do you guide", 0.5, ("when do you price open", 0.9))
    assert torn.confidence < UNSURE


async def test_what_is_hardly_words_stays_doubtful_whatever_it_matches() -> None:
    final = await weighed("when do you open", 0.05)
    assert final.confidence == 0.05


async def test_without_an_answer_or_an_embedder_the_first_reading_stays_as_it_was_heard() -> None:
    for text in ("blue cheese", "broken"):
        final = await weighed(text, 0.7)
        assert (final.text, final.confidence) == (text, 0.7)


async def test_it_teaches_and_closes_what_it_weighs() -> None:
    heard = Heard(Transcript("", True))
    asr = Weighed(heard, means)
    await asr.learn(["when do you open"])
    await asr.close()
    assert heard.learnt == ["when do you open"]
    assert heard.closed


def test_weights_are_shares_of_one_whole() -> None:
    assert weigh([(1.0, {HOURS: 0.6}), (1.0, {GUIDES: 0.9})]) == (1, pytest.approx(0.45))
    assert weigh([(3.0, {HOURS: 0.6}), (1.0, {GUIDES: 0.9})]) == (0, pytest.approx(0.45))
    assert weigh([(1.0, {}), (1.0, {})]) == (0, 0.0)
