"""Somebody comes, stays and leaves, by a sensor that flickers, by touch, or by both."""

from __future__ import annotations

from visit import NUMBERS, Script, Visit, perform

from behaviors.ports import Occasion
from runtime.events import Sensed
from runtime.presence import Watch
from visavis.clock import LoopClock, run_virtual


def sensed(*reports: tuple[float, bool], until: float = 60) -> list[tuple[float, bool]]:
    """When a session was sure of somebody coming or leaving, by what the sensor reports at which seconds."""

    async def play(visit: Visit) -> None:
        for at, somebody in reports:
            await visit.until(at)
            visit.session.sensed(somebody)
        await visit.until(until)

    visit = perform(play)
    return [(round(at, 1), event.present) for at, event in visit.outlet.events if isinstance(event, Sensed)]


def test_who_passes_by_is_no_visitor() -> None:
    assert sensed((5, True), (6.4, False), (10, True), (11, False)) == []


def test_who_stays_has_come_and_who_is_lost_for_a_moment_has_not_left() -> None:
    assert sensed((5, True), (10, False), (14, True), (20, False), (24.9, True), until=40) == [(6.5, True)]


def test_who_is_gone_for_longer_has_left() -> None:
    assert sensed((5, True), (10, False)) == [(6.5, True), (15, False)]


def test_a_report_that_is_repeated_counts_from_the_first() -> None:
    assert sensed(*((5 + tick / 2, True) for tick in range(10)), until=12) == [(6.5, True)]


def test_nobody_leaves_while_he_is_talked_to() -> None:
    async def play(visit: Visit) -> None:
        visit.session.sensed(True)
        await visit.until(3)
        visit.ask()
        visit.session.sensed(False)
        await visit.until(30)

    visit = perform(play, brain=Script(NUMBERS * 3))
    (left,) = [at for at, event in visit.outlet.events if isinstance(event, Sensed) and not event.present]
    assert [status for _, status, _ in visit.endings()] == ["completed"]
    assert left > 3 + 5 + 3, "five seconds from the end of the answer"


def test_a_page_that_starts_afresh_is_not_overruled_by_a_sensor_that_sees_the_same_still() -> None:
    async def play(visit: Visit) -> None:
        visit.session.sensed(True)
        await visit.until(5)
        visit.session.presence(False)
        visit.session.sensed(True)
        await visit.until(20)
        assert not visit.session.present
        visit.session.sensed(False)
        await visit.until(30)
        visit.session.sensed(True)
        await visit.until(35)
        assert visit.session.present

    perform(play)


def test_a_touch_needs_no_proof_and_the_sensor_may_tell_of_the_leaving() -> None:
    async def play(visit: Visit) -> None:
        visit.session.presence(True)
        assert visit.session.present
        visit.session.sensed(True)
        await visit.until(8)
        visit.session.sensed(False)
        await visit.until(14)
        assert not visit.session.present

    perform(play)


def test_a_sensor_is_unsure_for_no_longer_than_it_must() -> None:
    async def scene() -> list[bool | None]:
        clock = LoopClock()
        watch = Watch(clock)
        watch.see(True)
        found = [watch.settled(False, 0.0)]
        for at in (1.4, 1.5):
            await clock.sleep_until(at)
            found.append(watch.settled(False, 0.0))
        return found

    assert run_virtual(scene()) == [None, None, True]


# ── what is said to whom ──
class Host(Script):
    """Invites whoever stood in silence for ten seconds; nothing else is left to say."""

    def __init__(self) -> None:
        super().__init__()
        self.quiet: list[float] = []

    def may_greet(self, occasion: Occasion, now: object, quiet_s: float) -> bool:
        return occasion == "idle" and quiet_s >= 10

    async def greet(self, occasion: Occasion, now: object, quiet_s: float) -> object:  # type: ignore[override]
        self.quiet.append(quiet_s)
        self.greeting = "Touch a question."
        return await super().greet(occasion, now, quiet_s)  # type: ignore[arg-type]


def test_silence_before_somebody_came_is_not_his() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(100)
        visit.session.presence(True)
        await visit.until(109)
        assert visit.endings() == []
        await visit.until(120)

    host = Host()
    perform(play, brain=host)
    assert 10 <= host.quiet[0] < 12


def test_who_joins_one_who_is_there_is_no_new_visitor() -> None:
    async def play(visit: Visit) -> None:
        visit.session.presence(True)
        await visit.until(4)
        visit.session.sensed(True)
        visit.session.presence(True)
        await visit.until(9)

    visit = perform(play, brain=Script(greeting="Welcome!"))
    assert [heard for _, _, heard in visit.endings()] == ["Welcome!"]


def test_the_picture_looks_at_who_comes_and_breathes_for_itself_before() -> None:
    async def play(visit: Visit) -> None:
        visit.session.look("away")
        await visit.until(2)
        visit.session.presence(True)
        await visit.until(4)
        visit.ask()
        await visit.until(7)

    visit = perform(play)
    gazes = [(moment.mood, moment.gaze) for moment in visit.face.moments]
    assert gazes[25] == ("idle", "away")
    assert gazes[75] == ("idle", "visitor")
    assert {gaze for mood, gaze in gazes if mood == "speaking"} == {"visitor"}
    assert all(moment.breath is not None for moment in visit.face.moments)
