"""The page's pure parts, run where they live: in the browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

MS = 24


def clock(page: Any, steps: str) -> Any:
    """Run `steps` over a clock `c` whose line is moved by `at(ms)`."""
    body = f"""
      let ms = 0;
      const c = new m.MediaClock(() => ms * 24, () => ms);
      const at = (t) => {{ ms = t; }};
      const audio = (pts) => c.arrived(pts, {{ audio: true, quiet: false }});
      const picture = (pts, quiet = true) => c.arrived(pts, {{ audio: false, quiet }});
      {steps}"""
    return page.module("clock.js", body)


def test_the_first_arrival_is_due_after_the_buffer(kiosk: Callable[..., Any]) -> None:
    page = kiosk().open()
    assert clock(page, "at(1000); picture(48000); return 48000 - c.position;") == 60 * MS


def test_late_sound_moves_the_clock_back_once_and_widens_the_buffer(kiosk: Callable[..., Any]) -> None:
    page = kiosk().open()
    steps = "at(0); audio(0); at(100); const moved = audio(0); return [moved, 0 - c.position, c.target];"
    assert clock(page, steps) == [True, 80 * MS, 80 * MS]


def test_the_clock_gives_spare_delay_back_only_while_it_is_quiet(kiosk: Callable[..., Any]) -> None:
    page = kiosk().open()
    steps = """
      at(0); picture(0);
      const run = (from, quiet) => {
        for (let t = from; t < from + 4000; t += 40) { at(t); picture((t + 200) * 24, quiet); }
      };
      run(40, false);
      const loud = ms * 24 + 4800 - c.position;
      run(4040, true);
      return [loud / 24, (ms * 24 + 4800 - c.position) / 24];"""
    loud, quiet = clock(page, steps)
    assert loud == pytest.approx(260, abs=1)
    assert quiet == pytest.approx(55, abs=6)


def test_after_a_clear_media_time_may_step_back(kiosk: Callable[..., Any]) -> None:
    page = kiosk().open()
    steps = """
      at(0); picture(48000); at(40); c.restart();
      const none = c.position;
      audio(43200);
      return [none, 43200 - c.position];"""
    assert clock(page, steps) == [None, 60 * MS]


SPOKEN = """
  const s = new m.SpokenText();
  const shown = (pts) => s.text.slice(0, s.at(pts).shown);
"""


OPEN = [[0, 10, "We"], [10, 20, "open"], [20, 30, "at"], [30, 40, "nine"]]


@pytest.mark.parametrize(
    ("text", "words", "at", "shown"),
    [
        ("We open at nine, daily.", OPEN, 15, "We open "),
        ("We open at nine, daily.", OPEN, 35, "We open at nine, "),
        ("我们九点开门。欢迎。", [[0, 10, "我们"], [10, 20, "九点"], [20, 30, "开门"]], 25, "我们九点开门。"),
        ("It costs £5.", [[0, 10, "It"], [10, 20, "costs"], [20, 30, "five"]], 25, "It costs £5."),
        ("Nothing yet.", [[50, 60, "Nothing"]], 10, ""),
    ],
)  # fmt: skip
def test_captions_show_the_words_that_were_heard(
    kiosk: Callable[..., Any], text: str, words: list[Any], at: int, shown: str
) -> None:
    page = kiosk().open()
    body = f"{SPOKEN} s.add({json.dumps(text)}); s.time({json.dumps(words)}); return shown({at});"
    assert page.module("captions.js", body) == shown


def test_a_resumed_voice_repeats_its_last_word_and_the_caption_does_not(kiosk: Callable[..., Any]) -> None:
    page = kiosk().open()
    body = f"""{SPOKEN}
      s.add("One two three four.");
      s.time([[0, 10, "One"], [10, 20, "two"], [20, 30, "three"]]);
      s.cut(15);
      s.time([[100, 110, "two"], [110, 120, "three"], [120, 130, "four"]]);
      return [shown(5), shown(105), shown(115), shown(125)];"""
    assert page.module("captions.js", body) == ["One two ", "One two ", "One two three ", "One two three four."]


@pytest.mark.parametrize("length", [20, 40, 75, 110, 180, 210])
def test_a_qr_code_is_read_back(kiosk: Callable[..., Any], length: int) -> None:
    page = kiosk().open()
    address = ("https://museum.example/visit?" + "a1B2-" * 50)[:length]
    modules = page.module("qr.js", f"return m.qrModules({json.dumps(address)});")
    image = np.pad(np.where(np.array(modules), 0, 255).astype(np.uint8), 4, constant_values=255)
    found, *_ = cv2.QRCodeDetector().detectAndDecode(np.kron(image, np.ones((8, 8), np.uint8)))
    assert found == address


def test_binary_garbage_is_no_picture(kiosk: Callable[..., Any]) -> None:
    page = kiosk().open()
    body = """
      const whole = new Uint8Array(24);
      whole.set([0x56, 0x56, 1, 1, 7, 0, 0, 0, 0xc0, 3, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4]);
      const read = m.parsePicture(whole.buffer);
      const cut = m.parsePicture(whole.slice(0, 22).buffer);
      whole[0] = 0;
      return [read.key, read.vp8, read.turn, read.pts, [...read.data], cut, m.parsePicture(whole.buffer)];"""
    assert page.module("protocol.js", body) == [True, False, 7, 960, [1, 2, 3, 4], None, None]


def test_links_and_images_from_elsewhere_are_refused(kiosk: Callable[..., Any]) -> None:
    page = kiosk().open()
    body = """return [
      m.safeLink("javascript:alert(1)"), m.safeLink("data:text/html,x"), m.safeLink("nonsense"),
      m.safeLink("https://museum.example/a").href,
      m.safeMedia("https://elsewhere.example/a.png"), m.safeMedia("//elsewhere.example/a.png"),
      m.safeMedia("javascript:alert(1)"), new URL(m.safeMedia("/media/museum/hours.png")).pathname];"""
    assert page.module("shelf.js", body) == [
        None, None, None, "https://museum.example/a", None, None, None, "/media/museum/hours.png",
    ]  # fmt: skip
