"""Which occasion to greet an arrival is, by what one connection can know of its visitors."""

from __future__ import annotations

import pytest
from visit import Script, Visit, perform

from behaviors.ports import Occasion
from runtime.occasions import RETURN_S, Occasions
from visavis.clock import LoopClock, run_virtual

ARRIVALS: frozenset[Occasion] = frozenset({"enter", "first_visit", "return"})


def arrivals(*stays: tuple[float, float], may: frozenset[Occasion] = ARRIVALS) -> list[Occasion | None]:
    """The occasions of visitors who come and leave at the given seconds."""

    async def scene() -> list[Occasion | None]:
        clock = LoopClock()
        occasions, found = Occasions(clock, lambda occasion: occasion in may), []
        for comes, leaves in stays:
            await clock.sleep_until(comes)
            occasions.arrive()
            occasions.arrive()
            found.append(occasions.now(free=True))
            await clock.sleep_until(leaves)
            occasions.leave()
            occasions.leave()
        return found

    return run_virtual(scene())


def test_the_first_to_come_is_on_a_first_visit() -> None:
    assert arrivals((5, 10)) == ["first_visit"]
    assert arrivals((5, 10), may=ARRIVALS - {"first_visit"}) == ["enter"]
    assert arrivals((5, 10), may=frozenset()) == [None]


@pytest.mark.parametrize(
    ("away_s", "expected"), [(0, "return"), (RETURN_S - 1, "return"), (RETURN_S, "enter"), (9_999, "enter")]
)
def test_who_comes_soon_after_somebody_left_returns(away_s: float, expected: Occasion) -> None:
    again = 10 + away_s
    assert arrivals((5, 10), (again, again + 1)) == ["first_visit", expected]


def test_who_returns_where_there_is_no_greeting_for_it_is_greeted_as_one_who_enters() -> None:
    found = arrivals((5, 10), (20, 30), (40, 50), may=ARRIVALS - {"return"})
    assert found == ["first_visit", "enter", "enter"]


def test_leaving_without_having_come_is_no_visit() -> None:
    async def scene() -> Occasion | None:
        occasions = Occasions(LoopClock(), lambda occasion: True)
        occasions.leave()
        occasions.arrive()
        return occasions.now(free=True)

    assert run_virtual(scene()) == "first_visit"


def test_a_session_asks_its_brain_for_them_in_turn() -> None:
    class Host(Script):
        def may_greet(self, occasion: Occasion, *_: object) -> bool:
            return occasion in ARRIVALS

        async def greet(self, occasion: Occasion, *now: object) -> object:  # type: ignore[override]
            self.greeting = f"{occasion}."
            return await super().greet(occasion, *now)  # type: ignore[arg-type]

    async def play(visit: Visit) -> None:
        visit.session.presence(True)
        await visit.until(5)
        visit.session.presence(False)
        await visit.until(60)
        visit.session.presence(True)
        await visit.until(65)
        visit.session.presence(False)
        await visit.until(70 + RETURN_S)
        visit.session.presence(True)
        await visit.until(75 + RETURN_S)

    visit = perform(play, brain=Host())
    assert [heard for _, _, heard in visit.endings()] == ["first_visit.", "return.", "enter."]
