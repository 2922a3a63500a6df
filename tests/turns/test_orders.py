"""What an operator orders is done when the tree finds it right: at once, at the turn's end, or when nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from visit import NUMBERS, Visit, perform

from behaviors.ports import Urgency
from runtime.events import ActionStarted, OrderChanged, Steered, TurnEnded, TurnOpened
from runtime.manner import Manner
from runtime.orders import KEPT, WAITING, Placed
from runtime.session import Session
from visavis.errors import ClientError
from visavis.words import Emotion, Sentence

LINE = "The tour begins now."


def order(session: Session, text: str = LINE, urgency: Urgency = "next") -> Placed:
    return session.orders.place(text, "", urgency, (Sentence(text),))


def turns(visit: Visit) -> list[tuple[str, str]]:
    """Each turn's kind and how it ended."""
    kinds = {event.turn: event.kind for event in visit.outlet.told(TurnOpened)}
    return [(kinds[event.turn], event.status) for event in visit.outlet.told(TurnEnded)]


def states(visit: Visit) -> list[tuple[str, str]]:
    return [(event.state, event.reason) for event in visit.outlet.told(OrderChanged)]


def test_an_order_is_said_and_remembered_as_the_avatars_words() -> None:
    placed: list[Placed] = []

    async def play(visit: Visit) -> None:
        await visit.until(1.0)
        placed.append(order(visit.session))
        assert placed[0].state == "waiting"
        await visit.until(4.0)

    visit = perform(play)
    assert turns(visit) == [("operator", "completed")]
    assert states(visit) == [("speaking", ""), ("done", "")]
    assert (placed[0].state, placed[0].heard) == ("done", LINE)
    assert visit.memory[1] == ("", LINE)


def test_one_for_now_ends_the_answer() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(1.0)
        order(visit.session, urgency="now")
        await visit.until(5.0)

    visit = perform(play)
    assert turns(visit) == [("reply", "cancelled"), ("operator", "completed")]
    assert visit.outlet.when(TurnEnded)[0] < 1.1


def test_one_for_next_waits_for_the_answers_end() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(1.0)
        order(visit.session)
        await visit.until(9.0)

    visit = perform(play)
    assert turns(visit) == [("reply", "completed"), ("operator", "completed")]


def test_a_question_goes_before_what_may_wait() -> None:
    async def play(visit: Visit) -> None:
        visit.ask("first")
        await visit.until(1.0)
        order(visit.session, urgency="idle")
        await visit.until(2.5)
        visit.ask("second")
        await visit.until(12.0)

    visit = perform(play)
    assert [kind for kind, _ in turns(visit)] == ["reply", "reply", "operator"]


def test_they_are_done_by_urgency_and_then_by_age() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(0.5)
        for text, urgency in (("One.", "idle"), ("Two.", "next"), ("Three.", "next")):
            order(visit.session, text, urgency)  # type: ignore[arg-type]
        await visit.until(12.0)

    visit = perform(play)
    assert [event.heard for event in visit.outlet.told(TurnEnded)] == [NUMBERS, "Two.", "Three.", "One."]


def test_a_more_urgent_one_ends_the_one_that_is_said() -> None:
    placed: list[Placed] = []

    async def play(visit: Visit) -> None:
        placed.append(order(visit.session, NUMBERS))
        await visit.until(1.0)
        placed.append(order(visit.session, urgency="now"))
        await visit.until(5.0)

    visit = perform(play)
    assert [each.state for each in placed] == ["dropped", "done"]
    assert placed[0].reason == "something more urgent came"
    assert NUMBERS.startswith(placed[0].heard)
    assert placed[0].heard
    assert turns(visit) == [("operator", "cancelled"), ("operator", "completed")]


def test_a_visitor_who_speaks_ends_an_order_too() -> None:
    placed: list[Placed] = []

    async def play(visit: Visit) -> None:
        placed.append(order(visit.session, NUMBERS))
        visit.sounds(1.0, 2.4, words=[(1.3, "but when do you open")], final="But when do you open?")
        await visit.until(8.0)

    visit = perform(play)
    assert (placed[0].state, placed[0].reason) == ("dropped", "it was interrupted")
    assert turns(visit)[-1] == ("reply", "completed")


def test_stopping_ends_what_is_said_and_what_waits() -> None:
    placed: list[Placed] = []

    async def play(visit: Visit) -> None:
        placed.extend((order(visit.session, NUMBERS), order(visit.session)))
        await visit.until(1.0)
        visit.session.halt()
        await visit.until(5.0)

    visit = perform(play)
    assert [(each.state, each.reason) for each in placed] == [("dropped", "it was stopped")] * 2
    assert turns(visit) == [("operator", "cancelled")]


def test_the_visitors_own_stop_leaves_what_waits() -> None:
    placed: list[Placed] = []

    async def play(visit: Visit) -> None:
        placed.extend((order(visit.session, NUMBERS), order(visit.session)))
        await visit.until(1.0)
        visit.session.stop()
        await visit.until(6.0)

    perform(play)
    assert [each.state for each in placed] == ["dropped", "done"]


def test_one_may_be_taken_back_before_and_while_it_is_said() -> None:
    placed: list[Placed] = []

    async def play(visit: Visit) -> None:
        placed.extend((order(visit.session, NUMBERS), order(visit.session)))
        await visit.until(1.0)
        for each in placed:
            visit.session.withdraw(each)
            visit.session.withdraw(each)
        await visit.until(5.0)

    visit = perform(play)
    assert [(each.state, each.reason) for each in placed] == [("dropped", "it was withdrawn")] * 2
    assert turns(visit) == [("operator", "cancelled")]


def test_no_more_than_so_many_wait_and_are_kept() -> None:
    async def play(visit: Visit) -> None:
        for _ in range(WAITING):
            order(visit.session, urgency="idle")
        with pytest.raises(ClientError, match="20 orders wait already"):
            order(visit.session)
        for _ in range(KEPT + 30):
            visit.session.withdraw(visit.session.orders.all[0])
            order(visit.session, urgency="idle")
        assert len(visit.session.orders.all) <= KEPT + WAITING + 1
        assert visit.session.orders.counts["waiting"] == WAITING

    perform(play)


def test_who_leaves_takes_the_orders_along() -> None:
    placed: list[Placed] = []

    async def play(visit: Visit) -> None:
        visit.session.presence(True)
        placed.extend((order(visit.session, NUMBERS), order(visit.session)))
        await visit.until(1.0)
        visit.session.presence(False)
        await visit.until(4.0)

    perform(play)
    assert [each.reason for each in placed] == ["the visitor left"] * 2


def test_orders_end_with_the_session() -> None:
    placed: list[Placed] = []

    async def play(visit: Visit) -> None:
        placed.extend((order(visit.session, NUMBERS), order(visit.session)))
        await visit.until(1.0)

    perform(play)
    assert [each.state for each in placed] == ["dropped"] * 2


# ── actions ──
def act(session: Session, action: str = "wave", urgency: Urgency = "now") -> Placed:
    return session.orders.place("", action, urgency)


def test_an_action_for_now_is_played_beside_what_is_said() -> None:
    placed: list[Placed] = []

    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(1.0)
        placed.append(act(visit.session))
        await visit.until(8.0)

    visit = perform(play)
    assert turns(visit) == [("reply", "completed")]
    assert [event.action for event in visit.outlet.told(ActionStarted)] == ["wave"]
    assert placed[0].state == "done"


def test_an_action_that_nobody_can_see_is_dropped() -> None:
    placed: list[Placed] = []

    async def play(visit: Visit) -> None:
        placed.append(act(visit.session))
        await visit.until(1.0)

    perform(play, face=False)
    assert (placed[0].state, placed[0].reason) == ("dropped", "the avatar cannot do this now")


# ── taken over, frozen, muted ──
def test_taken_over_it_says_what_is_ordered_and_answers_nobody() -> None:
    async def play(visit: Visit) -> None:
        visit.session.take_over(True)
        visit.ask("When do you open?")
        await visit.until(2.0)
        order(visit.session)
        await visit.until(5.0)
        visit.session.take_over(False)
        await visit.until(7.0)
        visit.ask("And now?")
        await visit.until(12.0)

    visit = perform(play)
    assert turns(visit) == [("operator", "completed"), ("reply", "completed")]
    assert visit.script.asked == ["And now?"], "what was asked of the person is not answered afterwards"


def test_frozen_it_falls_silent_at_once_and_stays_so() -> None:
    placed: list[Placed] = []

    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(1.0)
        placed.append(order(visit.session))
        visit.session.freeze(True)
        visit.ask("Are you there?")
        await visit.until(4.0)
        visit.session.freeze(False)
        await visit.until(6.0)
        visit.ask("And now?")
        await visit.until(11.0)

    visit = perform(play)
    assert turns(visit) == [("reply", "cancelled"), ("reply", "completed")]
    assert visit.outlet.when(TurnEnded)[0] == pytest.approx(1.0)
    assert (placed[0].state, placed[0].reason) == ("dropped", "the session is frozen")
    assert visit.script.asked == ["?", "And now?"]
    assert [event.frozen for event in visit.outlet.told(Steered)] == [True, False]


def test_muted_it_goes_on_without_a_sound() -> None:
    async def play(visit: Visit) -> None:
        visit.session.mute(True)
        visit.ask("first")
        await visit.until(4.0)
        visit.session.mute(False)
        visit.ask("second")
        await visit.until(8.0)

    visit = perform(play)
    assert not any(frame.pcm.any() for _, frame in visit.outlet.speech(1))
    assert any(frame.pcm.any() for _, frame in visit.outlet.speech(2))
    assert any(frame.words for _, frame in visit.outlet.speech(1)), "captions and lips go on"
    assert visit.endings()[0] == (1, "completed", NUMBERS)


def test_who_comes_late_is_told_what_is_set() -> None:
    async def play(visit: Visit) -> None:
        visit.session.mute(True)
        visit.session.announce()

    visit = perform(play)
    assert visit.outlet.told(Steered) == [Steered(muted=True, frozen=False, taken_over=False)] * 2


def test_an_emotion_that_is_ordered_shows_for_a_while() -> None:
    async def play(visit: Visit) -> None:
        await visit.until(1.0)
        visit.session.feel(Emotion.HAPPY, 0.8, 2.0)
        await visit.until(7.0)

    visit = perform(play)
    seen = [asked for asked in visit.face.moments if asked.emotion is Emotion.HAPPY]
    assert seen
    assert all(1.0 <= each.pts / 24_000 <= 6.0 for each in seen)
    assert all(moment.emotion is Emotion.NEUTRAL for moment in visit.face.moments[-10:])


def test_a_plain_client_is_left_alone_by_the_tree_but_not_by_an_operator() -> None:
    async def play(visit: Visit) -> None:
        order(visit.session)
        await visit.until(3.0)

    options: dict[str, Any] = {"manner": Manner(), "tree": "widget"}
    assert turns(perform(play, **options)) == [("operator", "completed")]
