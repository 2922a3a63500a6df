"""The kiosk page before the real server when the server dies, the decoder is too slow or nobody stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from real_place import DIARY, HOURS, OPENING, SIZE, Place, Visit, Voice, chromium, write_reception

SLOW_DECODER = """(() => {
  const held = [];
  const Plain = VideoDecoder;
  window.VideoDecoder = class extends Plain {
    get decodeQueueSize() { return super.decodeQueueSize + held.length; }
    decode(chunk) {
      if (window.stalled) held.push(() => super.decode(chunk));
      else super.decode(chunk);
    }
  };
  window.stall = () => { window.stalled = true; };
  window.goOn = () => {
    window.stalled = false;
    for (const decode of held.splice(0)) decode();
  };
})()"""
"""A decoder that can be made to stand still, as on a machine that has too much to do."""
RECOVERY = 3 * 24_000
"""From the end of a load to live pictures, in samples."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(write_reception(tmp_path_factory.mktemp("reception")))
    yield place
    place.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(Voice(tmp_path_factory.mktemp("microphone") / "visitor.wav")) as one:
        yield one


def test_a_server_that_died_and_came_back_answers_again(kiosk: Callable[..., Any], server: Place) -> None:
    visit = Visit(kiosk(size=SIZE, script=DIARY).open())
    visit.welcomed().flowing("Tell me about the lighthouse.")
    server.die()
    visit.until("visavis.link", "lost")
    assert "Reconnecting" in visit.page.inner_text("#notice")
    server.rise()
    visit.until("visavis.link", "ready")
    assert visit.value("visavis.screen") == "session"
    shown = visit.value("visavis.figures.shown")
    visit.until(f"visavis.figures.shown > {shown + 10}")
    visit.kiosk.ask(OPENING)
    visit.ends(HOURS)
    visit.kiosk.complaints[:] = [line for line in visit.kiosk.complaints if "ERR_CONNECTION_REFUSED" not in line]


def test_pictures_that_were_too_many_to_decode_come_back_soon(kiosk: Callable[..., Any]) -> None:
    visit = Visit(kiosk(size=SIZE, script=f"{DIARY};{SLOW_DECODER}").open())
    visit.until("visavis.figures.shown > 10")
    visit.value("stall()")
    visit.until("visavis.figures.dropped > 60")
    before = visit.value("goOn(), visavis.figures")
    visit.until(f"visavis.figures.decoded > {before['decoded'] + 25}")
    after = visit.value("visavis.figures")
    assert after["received"] - before["received"] < RECOVERY / 960


def test_an_abandoned_page_is_fresh_for_the_next_visitor(kiosk: Callable[..., Any]) -> None:
    visit = Visit(kiosk("hurried", size=SIZE, script=DIARY).open())
    visit.welcomed()
    visit.kiosk.ask(OPENING)
    visit.page.fill("#text", "something private")
    visit.ends(HOURS)
    visit.page.wait_for_selector("#still[open]")
    visit.until("visavis.screen", "attract")
    assert visit.page.input_value("#text") == ""
    assert visit.kiosk.caption != HOURS
    assert visit.asked == ""
    visit.page.click("#start")
    visit.ends("Welcome to the museum!")
