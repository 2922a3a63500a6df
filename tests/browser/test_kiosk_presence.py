"""Nobody is there, then somebody: the page invites, looks through its camera where it may, and begins by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

PORTRAIT, PHONE = (1080, 1920), (390, 844)
CAMERA = """
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
  const brush = canvas.getContext("2d");
  let somebody = false;
  setInterval(() => {
    brush.fillStyle = "#888"; brush.fillRect(0, 0, 320, 240);
    if (somebody) { brush.fillStyle = "#222"; brush.fillRect(90 + Math.random() * 10, 40, 140, 200); }
  }, 50);
  window.stand = (there) => { somebody = there; };
  window.askedFor = [];
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    window.askedFor.push(wanted);
    if (window.refused) throw new DOMException("no", "NotAllowedError");
    return canvas.captureStream(20);
  };
  delete window.FaceDetector;
"""
"""A camera before which somebody stands, or nobody."""


def present(server: Any) -> list[bool]:
    return [event["present"] for event in server.events("avatar.presence")]


def test_who_stays_before_the_camera_has_come_and_the_page_says_that_it_looks(
    kiosk: Callable[..., Any], server: Any
) -> None:
    server.page = {"camera": True}
    page = kiosk(size=PORTRAIT, script=CAMERA).open()
    page.until("visavis.watching.on")
    assert "No picture is kept" in page.page.inner_text("#camera-notice")
    assert page.page.is_visible("#camera-notice")
    assert page.value("askedFor.every((wanted) => wanted.audio === false)")
    page.until("visavis.watching.knows")
    assert page.value("visavis.screen") == "attract"
    page.value("stand(true)")
    page.until("visavis.screen", "session")
    page.until_true(lambda: present(server) == [True], "the coming was not told")
    assert page.page.is_visible("#camera-notice .icon"), "it says so for as long as it looks"
    assert not [event for event in server.received if "image" in str(event)], "no picture leaves the page"


def test_no_camera_is_asked_for_where_the_operator_did_not_want_that(kiosk: Callable[..., Any]) -> None:
    page = kiosk(script=CAMERA).open()
    assert page.value("askedFor") == []
    assert page.page.is_hidden("#camera-notice")


def test_a_camera_that_is_refused_leaves_the_touch(kiosk: Callable[..., Any], server: Any) -> None:
    server.page = {"camera": True}
    page = kiosk(script=CAMERA + "window.refused = true;").open()
    page.until("document.querySelector('#notice').textContent.includes('Touch the screen')")
    assert page.page.is_hidden("#camera-notice")
    page.start()
    assert page.value("visavis.screen") == "session"


def test_lines_invite_one_after_another_until_somebody_touches(kiosk: Callable[..., Any], server: Any) -> None:
    server.page = {"attract": {"after_s": 0.2, "every_s": 0.5, "lines": ["Come closer!", "Ask me anything."]}}
    page = kiosk(size=PHONE).open()
    for line in ("Come closer!", "Ask me anything.", "Come closer!"):
        page.until("document.querySelector('#invitation').textContent", line)
    assert page.page.is_visible("#invitation")
    page.start()
    assert page.page.is_hidden("#invitation")


def test_without_lines_the_questions_invite_in_the_language_of_the_dialog(
    kiosk: Callable[..., Any], server: Any
) -> None:
    server.page = {"attract": {"after_s": 0.1, "every_s": 60, "lines": []}}
    page = kiosk("teahouse").open()
    page.until("document.querySelector('#invitation').textContent", "问问我：你们几点开门？")


def test_a_sensor_that_the_server_hears_begins_and_ends_a_visit(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open()
    server.push("avatar.presence", present=True)
    page.until("visavis.screen", "session")
    server.push("avatar.presence", present=False)
    page.until("visavis.screen", "attract")
    page.until_true(lambda: present(server) == [True, False], "coming and leaving were not told")


def test_a_passer_by_is_no_visitor_and_a_light_is_nobody(kiosk: Callable[..., Any]) -> None:
    page = kiosk().open()
    body = """
      const dwell = new m.Dwell();
      const sure = [[0, true], [1400, true], [1450, false], [3000, true], [4500, true], [6000, false], [10900, false],
        [10950, true], [12000, false], [16900, false], [17000, false]];
      return sure.filter(([now, seen]) => dwell.see(seen, now)).map(([now]) => now);
    """
    assert page.module("watching.js", body) == [4500, 17000]
    body = """
      const shows = (different, light = 100) => Array.from({ length: 768 }, (_, at) => at < different ? 30 : light);
      const seen = new m.Difference();
      for (let look = 0; look < 20; look++) seen.look(shows(0));
      return [shows(200), shows(40), shows(20), shows(0), shows(0, 180)].map((grey) => seen.look(grey));
    """
    assert page.module("watching.js", body) == [True, True, False, False, False]
