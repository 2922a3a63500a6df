"""The kiosk page before the real server: a visitor speaks, touches, types and interrupts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Any

import numpy as np
import pytest
from real_place import (
    CAFE,
    CAFE_SAYS,
    DIARY,
    HOURS,
    LENS,
    LENS_SAYS,
    OPENING,
    SIZE,
    STORY,
    STORY_SAYS,
    TEA_ASKS,
    TEA_SAYS,
    WHICH,
    Place,
    Visit,
    Voice,
    chromium,
    cough,
    spoken,
    write_reception,
)

MS = 24
SAME = 60 * MS
"""Sound and picture belong together when no further apart than this, in samples."""
SILENT = 200 * MS


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(write_reception(tmp_path_factory.mktemp("reception")))
    yield place
    place.close()


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Voice:
    return Voice(tmp_path_factory.mktemp("microphone") / "visitor.wav")


@pytest.fixture(scope="module")
def browser(voice: Voice) -> Iterator[Any]:
    with chromium(voice) as one:
        yield one


@pytest.fixture
def visit(kiosk: Callable[..., Any]) -> Visit:
    """A page of the museum that nobody has touched yet."""
    return Visit(kiosk(size=SIZE, script=DIARY, permissions=["microphone"]).open())


def in_order(wanted: list[str], found: list[str]) -> bool:
    rest = iter(found)
    return all(each in rest for each in wanted)


def test_a_touch_is_greeted_and_the_avatar_moves_before_it(visit: Visit) -> None:
    visit.until("visavis.figures.shown > 5")
    assert visit.value("visavis.screen") == "attract"
    assert visit.got("response.created") == []
    visit.kiosk.start()
    visit.ends("Welcome to the museum!")


def test_a_spoken_question_is_answered_hands_free(visit: Visit, voice: Voice) -> None:
    visit.welcomed()
    voice.says(spoken(OPENING, "rms"))
    visit.value("diary.watch = true")
    visit.page.click("#free")
    visit.ends(HOURS)
    assert visit.asked == OPENING
    assert in_order(["listening", "thinking", "speaking", "idle"], visit.states)
    assert_lips_move(visit)
    assert_sound_and_picture_together(visit)


def assert_lips_move(visit: Visit) -> None:
    mouths = visit.value("diary.mouths")
    speaking = [mouth["change"] for mouth in mouths if mouth["turn"]]
    idle = [mouth["change"] for mouth in mouths if not mouth["turn"]]
    assert min(len(speaking), len(idle)) > 15
    assert np.median(speaking) > 3 * np.median(idle) + 1


def assert_sound_and_picture_together(visit: Visit) -> None:
    """Pictures against the page's clock, and that clock against the samples which the worklet really put out."""
    shown = visit.value("visavis.offsets.filter((one) => one.turn && one.sounding)")
    assert len(shown) > 15
    assert abs(np.median([one["heard"] - one["pts"] for one in shown])) <= SAME
    item, start = list(visit.value("diary.starts").items())[-1]
    counted = [each for each in visit.reports if each["waiting"] and each["played"].get(item)]
    assert len(counted) > 5
    assert visit.reports[-1]["played"][item] == visit.value("diary.sound")[item]
    out = [start + each["played"][item] - each["latency"] for each in counted]
    assert abs(np.median([each["heard"] for each in counted] - np.array(out))) <= SAME


def test_a_spoken_question_is_answered_after_holding_the_button(visit: Visit, voice: Voice) -> None:
    visit.welcomed()
    said = voice.says(spoken(CAFE, "slt"))
    visit.page.hover("#hold")
    visit.page.mouse.down()
    visit.until("visavis.talk", "holding")
    assert visit.value("visavis.state") == "listening"
    visit.hears(said + 0.3)
    visit.page.mouse.up()
    visit.ends(CAFE_SAYS)
    assert visit.asked == CAFE
    assert visit.value("visavis.heardMs") > 0
    assert_sound_and_picture_together(visit)


def test_a_touched_question_brings_a_card_with_its_picture(visit: Visit) -> None:
    visit.kiosk.start()
    visit.page.click(f"text={LENS}")
    visit.until("document.querySelector('.card img')?.naturalWidth > 0")
    assert visit.value("new URL(document.querySelector('.card img').src).pathname") == "/media/museum/media/lens.svg"
    assert visit.page.inner_text(".card h3") == "The great lens"
    visit.ends(LENS_SAYS)
    assert visit.asked == LENS


def test_a_typed_text_that_may_mean_two_things_offers_both_to_touch(visit: Visit) -> None:
    visit.kiosk.start()
    visit.kiosk.ask(WHICH)
    visit.until("document.querySelector('.shelf').dataset.kind", "choices")
    offered = visit.page.locator(".shelf .question").all_inner_texts()
    assert set(offered) == {"How much is a ticket for adults?", "How much is a ticket for children?"}
    visit.page.click("text=How much is a ticket for children?")
    visit.ends("Children pay four euros.")


def assert_silent_at_once(visit: Visit) -> None:
    """From the first clear after the answer's flow until anything else is played, in the audio worklet's samples."""
    told = next(each["frame"] for each in visit.got("avatar.clear") if each["frame"] > visit.flow)
    after = [each for each in visit.reports if each["cleared"] > visit.flow]
    assert after, "nothing was cleared"
    cleared, out = after[0]["cleared"], after[0]["played"]
    quiet = list(takewhile(lambda each: each["played"] == out, after))
    assert quiet[-1]["frame"] > cleared
    assert quiet[-1]["lastLoud"] <= min(cleared, told) + SILENT


def test_touching_another_question_stops_the_old_answer_at_once(visit: Visit) -> None:
    visit.welcomed().flowing(STORY)
    visit.page.click(f"text={OPENING}")
    visit.ends(HOURS)
    assert_silent_at_once(visit)
    assert [done["response"]["status"] for done in visit.got("response.done")] == ["cancelled", "completed"]


def test_the_visitors_voice_interrupts(visit: Visit, voice: Voice) -> None:
    visit.welcomed().flowing(STORY)
    voice.says(spoken(CAFE, "slt"))
    visit.page.click("#free")
    visit.ends(CAFE_SAYS)
    assert visit.asked == CAFE
    assert in_order(["speaking", "held", "listening", "thinking", "speaking", "idle"], visit.states)
    assert [done["response"]["status"] for done in visit.got("response.done")] == ["cancelled", "completed"]
    assert_silent_at_once(visit)


def test_a_cough_and_a_short_sound_only_hold_and_the_answer_goes_on_to_its_end(visit: Visit, voice: Voice) -> None:
    visit.welcomed().flowing(STORY)
    said = voice.says(np.concatenate((cough(), np.zeros(16_000, np.int16), spoken("uh", "awb"))))
    visit.page.click("#free")
    visit.hears(said)
    visit.ends(STORY_SAYS)
    assert in_order(["speaking", "held", "speaking", "idle"], visit.states)
    assert [done["response"]["status"] for done in visit.got("response.done")] == ["completed"]
    assert visit.asked == STORY
    assert_silent_at_once(visit)


def test_the_tea_house_speaks_chinese_and_says_why_it_does_not_hear(visit: Visit) -> None:
    visit.page.click("#languages a[lang=zh-CN]")
    visit.until("window.visavis?.link", "ready")
    visit.kiosk.start()
    assert visit.page.is_hidden("#hold")
    assert "语音识别" in visit.page.inner_text("#no-asr")
    visit.page.click(f"text={TEA_ASKS}")
    visit.ends(TEA_SAYS)
    assert visit.value("document.documentElement.lang") == "zh-CN"
