"""Sound and pictures of the kiosk page, counted in samples of its own audio worklet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

MS = 24
PIXELS = """(() => {
  const canvas = document.querySelector("#picture");
  const data = canvas.getContext("2d").getImageData(200, 380, 140, 100).data;
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum = (sum * 31 + data[i]) % 1000003;
  return sum;
})()"""


def test_pictures_move_before_anybody_touches_the_screen(kiosk: Callable[..., Any]) -> None:
    page = kiosk().open()
    page.until("visavis.figures.shown > 20")
    figures = page.value("visavis.figures")
    assert figures["sound"] == "none"
    assert figures["errors"] == 0
    assert page.value("document.querySelector('#picture').width") == 540


def _lost(page: Any) -> int:
    """Samples that a machine too busy to play them did not play."""
    figures = page.value("visavis.figures")
    return int(figures["worklet"]["dropped"] + figures["unplayed"])


def _all_told(page: Any, server: Any, sent: int) -> bool:
    """Whether every sample of the answer is accounted for, to the millisecond: reported as played, or lost."""
    played = server.events("avatar.played")
    return bool(played) and abs(played[-1]["audio_ms"] * MS + _lost(page) - sent) < MS


def test_an_answer_is_heard_whole_and_reported(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    server.answers["museum"] = "We open at nine every day but Monday."
    page.ask()
    page.until("visavis.state", "speaking")
    page.until("visavis.state", "idle")
    page.until_true(lambda: server.events("avatar.played"), "nothing was reported as played")
    sent = sum(word[1] - word[0] for word in server.pages[0].words)
    page.until_true(lambda: _all_told(page, server, sent), "some sound is neither played nor known to be lost")
    assert _lost(page) < sent / 10
    reports = [event["audio_ms"] for event in server.events("avatar.played")]
    assert reports == sorted(reports)
    assert page.value("visavis.heardMs") > 0


def test_the_mouth_moves_while_an_answer_is_heard(kiosk: Callable[..., Any]) -> None:
    page = kiosk().open().start()
    mouths = set()

    def several() -> bool:
        if page.value("visavis.state") == "idle":
            page.ask()
        elif page.value("visavis.state") == "speaking":
            mouths.add(page.value(PIXELS))
        return len(mouths) > 5

    page.until_true(several, "the mouth hardly moves", 60)


def test_each_picture_is_shown_while_its_sound_is_heard(kiosk: Callable[..., Any]) -> None:
    page = kiosk().open().start()
    page.ask()
    page.until("visavis.offsets.filter((o) => o.sounding).length > 30")
    offsets = page.value("visavis.offsets.filter((o) => o.sounding).map((o) => o.heard - o.pts)")
    assert -20 * MS <= np.median(offsets) <= 40 * MS
    assert np.percentile(np.abs(offsets), 75) <= 60 * MS


def test_a_clear_is_silent_within_200_ms_and_drops_what_waited(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    page.ask()
    page.until("visavis.figures.worklet.lastLoud > 12000")
    server.clear(fade_ms=150)
    page.until("visavis.figures.worklet.cleared > 0")
    page.until("visavis.figures.worklet.frame > visavis.figures.worklet.cleared + 14400")
    worklet = page.value("visavis.figures.worklet")
    assert 0 < worklet["lastLoud"] - worklet["cleared"] <= 200 * MS
    assert worklet["waiting"] == 0
    shown = page.value("visavis.figures.shown")
    page.until(f"visavis.figures.shown > {shown + 10}")


def test_what_was_held_goes_on_and_its_caption_with_it(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    page.ask()
    page.until_true(lambda: "nine" in page.caption, "the answer did not begin")
    server.clear()
    page.until("visavis.figures.worklet.cleared > 0")
    held = page.caption
    page.page.wait_for_timeout(400)
    assert page.caption == held
    server.resume()
    whole = server.answers["museum"]
    page.until_true(lambda: page.caption == whole, f"the caption stays at {page.caption!r}")


def test_a_touch_silences_the_page_before_the_server_answers(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    page.ask()
    page.until("visavis.figures.worklet.lastLoud > 12000")
    page.page.click("#stop")
    page.until("visavis.figures.worklet.frame > visavis.figures.worklet.cleared + 9600 && visavis.state === 'idle'")
    worklet = page.value("visavis.figures.worklet")
    assert worklet["lastLoud"] - worklet["cleared"] <= 200 * MS
    assert [event["type"] for event in server.received if event["type"].startswith("response.")] == [
        "response.create",
        "response.cancel",
    ]


def test_a_jerky_network_loses_no_sound_and_never_lets_the_queue_grow(kiosk: Callable[..., Any], server: Any) -> None:
    server.shake_s = 0.15
    page = kiosk().open().start()
    page.ask()
    longest = 0
    page.until("visavis.state", "speaking")
    while page.value("visavis.state") == "speaking":
        longest = max(longest, page.value("visavis.figures.queued"))
    sent = sum(word[1] - word[0] for word in server.pages[0].words)
    page.until_true(lambda: _all_told(page, server, sent), "some sound is neither played nor known to be lost")
    assert _lost(page) < sent / 10
    assert longest <= 12


def test_a_broken_picture_asks_for_a_key_picture_and_goes_on(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open()
    clips = server.clips
    server.clips = {talking: [b"\0\0\0\1\x65" + b"\xff" * 400] * 25 for talking in clips}
    page.until("visavis.figures.errors > 0")
    page.until_true(lambda: len(server.events("session.update")) > 1, "no key picture was asked for")
    server.clips = clips
    shown = page.value("visavis.figures.shown")
    page.until(f"visavis.figures.shown > {shown + 10}")


def test_a_browser_without_h264_is_offered_vp8_and_one_without_a_decoder_voice_alone(
    kiosk: Callable[..., Any], server: Any
) -> None:
    only_vp8 = "VideoDecoder.isConfigSupported = async ({ codec }) => ({ supported: codec === 'vp8' })"
    kiosk(script=only_vp8).open()
    assert server.events("session.update")[-1]["session"]["avatar"]["video"] == "vp8"
    page = kiosk(script="delete globalThis.VideoDecoder").open()
    assert server.events("session.update")[-1]["session"]["avatar"]["video"] == "none"
    assert page.page.is_visible("#voice-only")
