"""A page that is loaded anew begins another session at the same screen: what was greeted there rests."""

from __future__ import annotations

import asyncio
from datetime import datetime

from agent.fakes import WELCOME, FakeKnowledge
from agent.mind import Mind
from agent.question import NOTHING, Given
from runtime.brain import Brain
from runtime.occasions import Occasions
from runtime.places import KNOWN, Places
from visavis.clock import LoopClock, run_virtual

NOON = datetime(2030, 1, 1, 12)


class Nobody:
    """Keeps nothing of a visitor."""

    known: Given = NOTHING


class Screen:
    """A session at a place, as far as greetings go."""

    def __init__(self, places: Places, place: str | None) -> None:
        clock, knowledge = LoopClock(), FakeKnowledge()
        mind = Mind(knowledge, None, clock=clock)
        self.brain = Brain(lambda: knowledge, lambda _: mind, Nobody(), places.rests)  # type: ignore[arg-type,return-value]
        if place is not None:
            self.brain.stand(place)
        self.occasions = Occasions(clock, lambda occasion: self.brain.may_greet(occasion, NOON, 0))

    async def greets(self) -> bool:
        """Whether it greets who comes now."""
        self.occasions.arrive()
        occasion = self.occasions.now(free=True)
        return occasion is not None and await self.brain.greet(occasion, NOON, 0) is not None


def greeted(*places: str | None, every_s: float = 5) -> list[bool]:
    """Whether each of the sessions greets that begin one after the other at these places."""

    async def scene() -> list[bool]:
        known, found = Places(), []
        for place in places:
            found.append(await Screen(known, place).greets())
            await asyncio.sleep(every_s)
        return found

    return run_virtual(scene())


def test_a_greeting_rests_over_a_reload() -> None:
    assert greeted("screen-1", "screen-1", "screen-2", "screen-1") == [True, False, True, False]
    assert greeted("screen-1", "screen-1", every_s=WELCOME.cooldown_s) == [True, True]


def test_who_names_no_place_has_them_for_the_session() -> None:
    assert greeted(None, None) == [True, True]


def test_what_was_greeted_before_the_place_is_known_counts_there_too() -> None:
    async def scene() -> bool:
        places = Places()
        first = Screen(places, None)
        await first.greets()
        first.brain.stand("screen-1")
        return await Screen(places, "screen-1").greets()

    assert not run_virtual(scene())


def test_places_are_forgotten_when_there_are_too_many() -> None:
    places = Places()
    places.rests("first")["welcome"] = 9.0
    for number in range(KNOWN):
        places.rests(str(number))
    assert places.rests("first") == {}
