"""Emoji are felt and never said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from agent.improvise import improvised
from agent.persona import deadpan
from agent.wording import Wording
from visavis.words import Emotion


async def _by(step: int, text: str) -> AsyncIterator[str]:
    for at in range(0, len(text), step):
        yield text[at : at + step]


def improvise(text: str, step: int) -> list[tuple[str, Emotion]]:
    async def main() -> list[tuple[str, Emotion]]:
        stream = improvised(_by(step, text), language="en", directions=deadpan, max_sentences=9)
        return [(sentence.text, sentence.emotion) async for sentence in stream]

    return asyncio.run(main())


@pytest.mark.parametrize("step", [1, 2, 5, 100])
def test_a_models_emoji_is_the_feeling_of_its_sentence_however_it_is_cut(step: int) -> None:
    told = improvise("We open at nine 😊. The old house burned 😢 down. It stands again.", step)
    assert told == [
        ("We open at nine.", Emotion.HAPPY),
        ("The old house burned down.", Emotion.SAD),
        ("It stands again.", Emotion.NEUTRAL),
    ]


def test_a_tag_goes_before_an_emoji() -> None:
    assert improvise("[sorry] We are shut 😊.", 3) == [("We are shut.", Emotion.SORRY)]


@pytest.mark.parametrize("tag", ["angry", "生气", "serious"])
def test_an_avatar_is_never_angry(tag: str) -> None:
    assert improvise(f"[{tag}] Please stop that.", 2) == [("Please stop that.", Emotion.CALM)]


def test_citations_and_brackets_that_are_no_tags_are_not_felt() -> None:
    ((text, emotion),) = improvise("It is old [1], as told [see page 3].", 4)
    assert emotion is Emotion.NEUTRAL
    assert "see page 3" in text


def test_an_authors_emoji_behind_the_full_stop_belongs_to_the_sentence_before_it() -> None:
    played = Wording("en").played("We open at nine. 😊 The hall is shut.")
    assert [sentence.emotion for sentence in played] == [Emotion.HAPPY, Emotion.NEUTRAL]
