"""A room hears another wording of what it was told a short time ago."""

from __future__ import annotations

from agent.recent import Recent
from agent.wording import Wording
from visavis.clock import LoopClock, run_virtual


def test_a_room_hears_every_wording_before_one_comes_again() -> None:
    async def live() -> tuple[list[str], str]:
        clock = LoopClock()
        wording = Wording("en", recent=Recent(clock))
        says = ["It is 12 euros.", "Twelve euros.", "12 euros a tin."]
        first = [wording.pick("price", says) for _ in range(3)]
        await clock.sleep_until(clock.now() + 601)
        return first, wording.pick("price", says)

    first, later = run_virtual(live())
    assert len(set(first)) == 3
    assert later != first[-1]


def test_what_another_entry_said_counts_too() -> None:
    async def live() -> str:
        wording = Wording("en", recent=Recent(LoopClock()))
        wording.pick("a", ["Welcome!"])
        return wording.pick("b", ["welcome", "Good to see you."])

    assert run_virtual(live()) == "Good to see you."
