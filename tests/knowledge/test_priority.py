"""What comes first where several fit, and what rests where it was said just now."""

from __future__ import annotations

import random
from datetime import datetime

from knowledge.greetings import Greetings
from knowledge.knowledge import Knowledge
from knowledge.ngrams import NGrams
from knowledge.schema import Greeting

FILE = """
knowledge: museum
language: en
keywords:
  items:
    - {id: shout, any: [tickets], say: Tickets!, cooldown: 1m}
faq:
  items:
    - {id: usual, ask: [When do you open?], say: At nine.}
    - {id: summer, ask: [When do you open?, when you open], say: At eight., priority: 5, until: 2026-08-31}
    - {id: price, ask: [What do tickets cost?, How much is a ticket?], say: Eight euros.}
thresholds: {direct: 0.3, suggest: 0.1, margin: 0.1}
"""


async def opened(write, context, now: datetime) -> Knowledge:
    return await Knowledge.open_file(write(FILE), context, NGrams(), now=lambda: now)


async def test_of_entries_that_ask_the_same_the_highest_priority_answers(write, context):
    summer = await opened(write, context, datetime(2026, 7, 1))
    autumn = await opened(write, context, datetime(2026, 9, 1))
    for text in ("When do you open?", "so when do you open"):
        assert (await summer.find(text)).match.id == "summer"
        assert (await autumn.find(text)).match.id == "usual"


async def test_what_rests_makes_way_for_the_next(write, context):
    knowledge = await opened(write, context, datetime(2026, 9, 1))
    assert (await knowledge.find("tickets cost")).source == "keyword"
    assert (await knowledge.find("tickets cost", avoid={"shout"})).match.id == "price"
    assert (await knowledge.find("What do tickets cost?", avoid={"price"})).source == "keyword"
    nothing = await knowledge.find("tickets cost", avoid={"shout", "price"})
    assert nothing.entry is None
    assert "price" not in [each.id for each in (*nothing.choices, *nothing.candidates)]


def test_a_greeting_of_higher_priority_is_picked_until_it_rests():
    items = [
        Greeting.model_validate({"id": name, "on": "enter", "say": name, "priority": priority})
        for name, priority in (("plain", 0), ("fair", 5))
    ]
    greetings, now = Greetings(items), datetime(2026, 1, 1)
    for seed in range(5):
        assert greetings.pick("enter", now, random.Random(seed)).id == "fair"
    assert greetings.pick("enter", now, random.Random(0), avoid=["fair"]).id == "plain"
