"""What an operator sets, as the visitor sees it on the kiosk page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

STAGE = "getComputedStyle(document.querySelector('.stage'))"
NOTHING = {"title": "", "text": "", "image": None, "video": None, "audio": None, "link": None}


def test_the_visitor_is_told_who_speaks_and_that_the_sound_is_off(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    assert page.value("document.querySelector('#steered').hidden")
    server.push("avatar.steered", muted=True, frozen=False, taken_over=True)
    page.until("document.querySelector('#steered').hidden", False)
    assert page.page.inner_text("#steered") == (
        "A member of staff is answering you now. The sound has been switched off by staff."
    )
    server.push("avatar.steered", muted=False, frozen=False, taken_over=False)
    page.until("document.querySelector('#steered').hidden", True)


def test_a_card_is_shown_and_taken_away(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    server.push("avatar.card", turn=0, **{**NOTHING, "title": "Tickets", "text": "Nine euros."})
    page.until("document.querySelector('#shelf').dataset.kind", "card")
    assert "Nine euros." in page.page.inner_text("#shelf")
    server.push("avatar.card", turn=0, **NOTHING)
    page.until("document.querySelector('#shelf').dataset.kind", "questions")


def test_a_background_that_no_picture_holds_is_the_pages_own(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    own = page.value(f"{STAGE}.backgroundImage")
    server.push("avatar.background", colour="#123456", picture=None, drawn=False)
    page.until(f"{STAGE}.backgroundColor", "rgb(18, 52, 86)")
    server.push("avatar.background", colour=None, picture="/static/icon.svg", drawn=False)
    page.until(f"{STAGE}.backgroundImage.includes('/static/icon.svg')", True)
    for harmless in ("https://elsewhere.example/a.png", "javascript:alert(1)"):
        server.push("avatar.background", colour=None, picture=harmless, drawn=False)
        page.until(f"{STAGE}.backgroundImage", own)
    server.push("avatar.background", colour="#123456", picture=None, drawn=True)
    server.push("avatar.background", colour="red;}", picture=None, drawn=False)
    server.push("avatar.steered", muted=True, frozen=False, taken_over=False)
    page.until("document.querySelector('#steered').hidden", False)
    assert page.value(f"{STAGE}.backgroundImage") == own
