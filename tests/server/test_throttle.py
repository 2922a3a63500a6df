"""A budget of time, in virtual time."""

from __future__ import annotations

from runtime.server.throttle import Throttle
from visavis.clock import LoopClock, run_virtual


def test_a_burst_is_free_and_then_everything_has_its_time() -> None:
    async def spend() -> list[float]:
        clock = LoopClock()
        throttle = Throttle(clock, rate=10, burst=5)
        times = []
        for _ in range(8):
            throttle.charge(1)
            await throttle.ready()
            times.append(round(clock.now(), 6))
        return times

    assert run_virtual(spend()) == [0, 0, 0, 0, 0, 0.1, 0.2, 0.3]


def test_what_is_left_fills_up_no_further_than_the_burst() -> None:
    async def spend() -> bool:
        clock = LoopClock()
        throttle = Throttle(clock, rate=10, burst=5)
        await clock.sleep_until(100)
        throttle.charge(6)
        return throttle.overdrawn

    assert run_virtual(spend())


def test_what_was_overdrawn_is_made_up_for_by_time_alone() -> None:
    async def main() -> tuple[bool, bool]:
        clock = LoopClock()
        throttle = Throttle(clock, rate=10, burst=5)
        throttle.charge(6)
        before = throttle.overdrawn
        await clock.sleep_until(clock.now() + 0.2)
        return before, throttle.overdrawn

    assert run_virtual(main()) == (True, False)
