"""Texts that lean on the question before, and why a text is answered as it is."""

from __future__ import annotations

import pytest

from knowledge import Knowledge
from knowledge.followup import joined, leans
from visavis.fakes.embedder import FakeEmbedder

TEXT = """
knowledge: museum
language: en
keywords:
  items: [{id: wc, any: [toilet], say: "On the left."}]
faq:
  items:
    - {id: price, ask: [How much is a ticket?], say: Fourteen euros.}
    - {id: child, ask: [How much is a ticket for children?], say: Six euros.}
    - {id: club, ask: [Is there a club for children?], say: On Sundays.}
"""


@pytest.mark.parametrize(
    "text", ["and on Sunday?", "what about children?", "how much is it?", "and the red one?", "in German?", "那周日呢"]
)
def test_what_cannot_stand_alone_leans(text):
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    ["How much is a ticket?", "and where is the exit?", "what is the capital of France", "parking", "", "几点开门？"],
)
def test_what_is_complete_does_not(text):
    assert not leans(text)


def test_the_question_before_comes_first():
    assert joined("When do you open?", "and on Sunday?") == "When do you open? on sunday"
    assert joined("几点开门？", "那周日呢") == "几点开门，周日"


@pytest.fixture
async def knowledge(context, write):
    return await Knowledge.open_file(write(TEXT), context, FakeEmbedder())


async def test_a_topic_tells_which_of_two_is_meant(knowledge):
    found = await knowledge.find("what about children?", topic="price")
    assert found.candidates[0].id == "child"


async def test_the_new_words_tell_which_is_answered(knowledge):
    found = await knowledge.find("what about children?", topic="price")
    assert (found.decision, found.entry.id) == ("direct", "child")


def test_of_two_days_the_new_one_is_asked_about():
    assert joined("Are you open on Sundays?", "and on Tuesday?") == "are you open on on tuesday"


async def test_a_complete_question_stays_what_it_is(knowledge):
    alone = await knowledge.find("is there a club for my children")
    assert await knowledge.find("is there a club for my children", topic="price") == alone


async def test_a_topic_that_is_gone_changes_nothing(knowledge):
    assert await knowledge.find("what about children?", topic="gone") == await knowledge.find("what about children?")


async def test_it_is_explained_why(knowledge):
    told = await knowledge.explain("How much is a ticket?")
    assert (told.exact, told.finding.entry.id) == (("price",), "price")
    assert "as it is written" in told.because
    assert (await knowledge.explain("the toilet please")).keywords == ("wc",)
    vague = await knowledge.explain("what about children?", topic="price")
    assert vague.text == "how much is a ticket children"
    assert vague.candidates[0].question == "How much is a ticket for children?"
    assert 0 < vague.direct <= 1
    assert (await knowledge.explain("?!")).finding.decision == "fallback"
