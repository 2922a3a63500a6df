"""Whether an avatar is alone it knows only where somebody tells who is there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from visit import Visit, perform

from runtime.events import ActionStarted


def invites(before: Callable[[Visit], None]) -> bool:
    """Whether it waves at nobody within two minutes."""

    async def play(visit: Visit) -> None:
        before(visit)
        await visit.until(120)

    visit = perform(play)
    return any(event.action in ("wave", "welcome_both") for event in visit.outlet.told(ActionStarted))


def test_a_client_that_never_tells_is_not_waved_at() -> None:
    assert not invites(lambda visit: None)


def test_a_screen_that_has_a_name_tells_who_comes() -> None:
    assert invites(lambda visit: visit.session.stand("screen-1"))


@pytest.mark.parametrize("teller", ["page", "sensor"])
def test_where_nobody_is_said_to_be_it_invites(teller: str) -> None:
    assert invites(lambda visit: (visit.session.presence if teller == "page" else visit.session.sensed)(False))
    assert not invites(lambda visit: (visit.session.presence if teller == "page" else visit.session.sensed)(True))
