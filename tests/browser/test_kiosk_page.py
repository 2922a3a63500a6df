"""The kiosk page as a visitor meets it: touch, text, voice, keyboard, and what it says when something is off."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

LAPTOP, PORTRAIT, PHONE, NARROW = (1366, 768), (1080, 1920), (390, 844), (360, 640)
MICROPHONE_HZ = 400.0
CARD = {
    "title": "Opening hours",
    "text": "Nine to five. <img src=x onerror=alert(1)>",
    "image": "/static/icon.svg",
    "link": "https://museum.example/visit",
}


def kinds(server: Any) -> list[str]:
    """What the page did, without what it reports all the time."""
    return [event["type"] for event in server.received if event["type"] not in ("avatar.played", "session.update")]


def test_the_first_message_offers_what_the_page_can_do(kiosk: Callable[..., Any], server: Any) -> None:
    kiosk().open()
    session = server.received[0]["session"]
    assert session["type"] == "realtime"
    place = session["avatar"].pop("place")
    assert len(place) >= 8, "the screen is known again by it"
    assert session["avatar"] == {"video": "h264", "alpha": False, "visemes": True, "input_rate": 16000}
    assert session["audio"] == {"input": {"turn_detection": None}}


def test_a_touch_starts_and_says_that_somebody_is_there(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    assert page.value("visavis.screen") == "session"
    page.until_true(lambda: server.events("avatar.presence"), "presence was not told")
    assert server.events("avatar.presence")[0]["present"] is True


def test_a_question_button_asks_its_text(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    page.page.click("text=Where are the restrooms?")
    page.until("visavis.state", "speaking")
    item = server.events("conversation.item.create")[0]["item"]
    assert item["content"] == [{"type": "input_text", "text": "Where are the restrooms?"}]
    assert item["avatar_via"] == "touch"
    assert kinds(server)[-1] == "response.create"
    assert page.page.inner_text("#caption-visitor") == "Where are the restrooms?"


def test_a_new_question_cancels_the_answer_that_is_spoken(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    page.ask("When do you open?")
    page.until_true(lambda: "open" in page.caption, "the answer did not begin")
    page.ask("And on Sundays?")
    page.until_true(lambda: len(server.events("response.create")) == 2, "the second question was not asked")
    assert kinds(server)[-3:] == ["response.cancel", "conversation.item.create", "response.create"]
    page.until_true(lambda: page.caption.startswith("We are"), "the second answer did not begin")


def test_captions_grow_with_the_sound_and_end_whole(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    page.ask()
    page.until_true(lambda: page.caption.startswith("We are"), "no caption")
    early = page.caption
    whole = server.answers["museum"]
    assert len(early) < len(whole)
    page.until_true(lambda: page.caption == whole, f"the caption stays at {page.caption!r}")
    page.until_true(lambda: whole in page.page.inner_text("#log"), "the log for screen readers lacks the answer")


def test_the_visitors_words_appear_while_they_are_understood(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    kind = "conversation.item.input_audio_transcription.delta"
    server.push("input_audio_buffer.speech_started", item_id="i")
    server.push(kind, item_id="i", delta="", avatar_text="wear are")
    server.push(kind, item_id="i", delta="", avatar_text="where are the")
    page.until("document.querySelector('#caption-visitor').textContent", "where are the")
    assert page.value("document.querySelector('#caption-visitor').classList.contains('partial')")


def test_holding_the_button_sends_what_was_said_and_asks(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk(permissions=["microphone"]).open().start()
    page.page.hover("#hold")
    page.page.mouse.down()
    page.until("visavis.talk", "holding")
    assert page.value("visavis.state") == "listening"
    page.until_true(lambda: len(server.events("input_audio_buffer.append")) > 90, "no sound was sent")
    page.page.mouse.up()
    page.until_true(lambda: "response.create" in kinds(server), "nothing was asked")
    assert kinds(server)[-2:] == ["input_audio_buffer.commit", "response.create"]
    chunks = [base64.b64decode(event["audio"]) for event in server.events("input_audio_buffer.append")]
    assert {len(chunk) for chunk in chunks} == {2 * 512}
    sound = np.frombuffer(b"".join(chunks), "<i2")[-16_000:].astype(float)
    loudest = np.fft.rfftfreq(len(sound), 1 / 16_000)[np.argmax(np.abs(np.fft.rfft(sound)))]
    assert loudest == pytest.approx(MICROPHONE_HZ, abs=5)
    page.until("document.querySelector('#caption-visitor').textContent", "Where are the toilets?")


def test_too_short_a_press_asks_nothing_and_says_how(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk(permissions=["microphone"]).open().start()
    page.page.hover("#hold")
    page.page.mouse.down()
    page.until("visavis.talk", "holding")
    page.page.mouse.up()
    page.until("document.querySelector('#notice').textContent.includes('for as long as you speak')")
    assert "input_audio_buffer.commit" not in kinds(server)


def test_hands_free_leaves_the_turns_to_the_server(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk(permissions=["microphone"]).open().start()
    page.page.click("#free")
    page.until("visavis.talk", "free")
    page.until_true(lambda: len(server.events("input_audio_buffer.append")) > 5, "no sound was sent")
    update = server.events("session.update")[-1]["session"]
    assert update == {"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad"}}}}
    assert page.page.get_attribute("#free", "aria-checked") == "true"
    page.page.click("#free")
    page.until("visavis.talk", "off")
    page.until_true(lambda: len(server.events("session.update")) == 3, "the mode was not told")
    assert server.events("session.update")[-1]["session"]["audio"]["input"]["turn_detection"] is None


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("NotAllowedError", "blocked"),
        ("NotFoundError", "No microphone was found"),
        ("NotReadableError", "Another program"),
    ],
)
def test_without_a_microphone_the_page_says_why_and_goes_on(kiosk: Callable[..., Any], error: str, says: str) -> None:
    script = f"navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('no', '{error}'); }}"
    page = kiosk(script=script).open().start()
    page.page.hover("#hold")
    page.page.mouse.down()
    page.until(f"document.querySelector('#notice').textContent.includes({says!r})")
    page.page.mouse.up()
    page.ask()
    page.until("visavis.state", "speaking")


def test_the_keyboard_alone_is_enough(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk(permissions=["microphone"]).open()
    focused = "document.activeElement.id || document.activeElement.className"
    for _ in range(12):
        if page.value(focused) == "start":
            break
        page.page.keyboard.press("Tab")
    page.page.keyboard.press("Enter")
    page.until("visavis.screen", "session")
    page.page.keyboard.press("Tab")
    assert page.value(focused) == "question"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.value(outline) == "solid"
    page.page.keyboard.press("Enter")
    page.until_true(lambda: page.caption.startswith("We are"), "the answer did not begin")
    page.page.keyboard.press("Escape")
    page.until("visavis.state", "idle")
    assert kinds(server)[-1] == "response.cancel"
    page.page.focus("#hold")
    page.page.keyboard.down("Space")
    page.until("visavis.talk", "holding")
    page.page.wait_for_timeout(500)
    page.page.keyboard.up("Space")
    page.until_true(lambda: "input_audio_buffer.commit" in kinds(server), "nothing was committed")
    page.page.focus("#text")
    page.page.keyboard.type("l")
    assert page.page.is_hidden("#overlay")
    page.page.focus("#hold")
    page.page.keyboard.press("l")
    assert page.page.is_visible("#overlay")
    assert "first_av" in page.page.inner_text("#overlay")
    page.page.wait_for_selector("#overlay li")
    assert page.page.inner_text("#overlay li") == "museum: an edit is not used"


def test_a_card_shows_text_picture_and_address_and_runs_nothing(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk(query="?kiosk=1").open().start()
    server.push("avatar.card", **CARD)
    page.page.wait_for_selector(".card img")
    assert page.page.inner_text(".card p >> nth=0") == CARD["text"]
    assert page.page.inner_text(".card .address") == "museum.example/visit"
    assert page.page.locator(".card a").count() == 0
    assert page.page.is_visible(".qr")
    outside = kiosk().open().start()
    server.push("avatar.card", **CARD)
    assert outside.page.get_attribute(".card a", "rel") == "noopener noreferrer"
    assert outside.page.get_attribute(".card a", "target") == "_blank"


def test_a_card_plays_what_lies_on_this_server_and_nothing_else(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    page.page.route("**/tour.mp4", lambda route: None)
    server.push("avatar.card", title="Tour", text="", video="/static/tour.mp4", audio="https://elsewhere.example/a.mp3")
    page.page.wait_for_selector(".card video[controls]")
    assert page.page.locator(".card audio").count() == 0


def test_choices_become_buttons_and_give_way_to_the_questions(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    server.push("avatar.choices", choices=[{"id": "a", "text": "The small café?"}, {"id": "b", "text": "The shop?"}])
    page.page.click("text=The small café?")
    page.until_true(lambda: server.events("conversation.item.create"), "nothing was asked")
    assert page.page.inner_text(".shelf h2") == "People often ask"


def test_every_state_is_shown_by_words_icon_and_colour(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    seen = set()
    for state, word in [
        ("listening", "Listening"),
        ("thinking", "Thinking"),
        ("speaking", "Speaking"),
        ("held", "Paused"),
    ]:
        server.push("avatar.state", state=state)
        page.until("document.querySelector('#state-text').textContent", word)
        colour = page.value("getComputedStyle(document.querySelector('#state')).backgroundColor")
        seen.add((page.page.get_attribute("#state-icon", "href"), colour))
    assert len(seen) == 4
    assert page.page.inner_text("#ai") == "AI"


def test_a_page_comes_back_by_itself_with_a_fresh_session(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    page.ask()
    page.until_true(lambda: page.caption.startswith("We are"), "no caption")
    page.page.click("#stop")
    page.until("visavis.state", "idle")
    server.drop()
    page.until("visavis.link", "lost")
    assert "Reconnecting" in page.page.inner_text("#notice")
    page.until("visavis.link", "ready")
    assert page.caption.startswith("Touch a question")
    server.received.clear()
    server.answers["museum"] = "We are open."
    shown = page.value("visavis.figures.shown")
    page.until(f"visavis.figures.shown > {shown + 10}")
    page.ask()
    page.until_true(lambda: page.caption == "We are open.", "the fresh session does not answer")
    page.until("visavis.state", "idle")
    length = sum(word[1] - word[0] for word in server.pages[0].words)
    page.until_true(lambda: server.events("avatar.played")[-1]["audio_ms"] == round(length / 24), "wrongly counted")


def test_a_full_server_is_waited_for(kiosk: Callable[..., Any], server: Any) -> None:
    server.full = True
    page = kiosk()
    page.page.goto(page.url)
    page.until("document.querySelector('#notice').textContent.startsWith('All places are taken')")
    server.full = False
    page.until("visavis.link", "ready")


def test_a_token_is_taken_from_the_address_or_asked_for(kiosk: Callable[..., Any], server: Any) -> None:
    server.token = "open-sesame"
    page = kiosk(query="#token=open-sesame").open()
    assert "sesame" not in page.value("location.href")
    other = kiosk()
    other.page.goto(other.url)
    other.page.wait_for_selector("#token-input", state="visible")
    other.page.fill("#token-input", "open-sesame")
    other.page.press("#token-input", "Enter")
    other.until("visavis.link", "ready")
    other.complaints[:] = [line for line in other.complaints if "WebSocket" not in line]


def test_an_abandoned_conversation_is_cleared_after_a_warning(kiosk: Callable[..., Any], server: Any) -> None:
    server.reset_s = 4
    page = kiosk().open().start()
    page.page.fill("#text", "something private")
    page.page.wait_for_selector("#still[open]")
    page.page.click("#stay")
    assert page.page.is_hidden("#still")
    page.until("visavis.screen", "attract")
    assert page.page.input_value("#text") == ""
    page.until_true(lambda: server.events("avatar.presence")[-1]["present"] is False, "the leaving was not told")


def test_a_chinese_dialog_without_recognition_shows_touch_and_text_and_says_why(kiosk: Callable[..., Any]) -> None:
    page = kiosk("teahouse").open().start()
    assert page.value("document.documentElement.lang") == "zh"
    assert page.page.is_hidden("#hold")
    assert "语音识别" in page.page.inner_text("#no-asr")
    page.page.click("text=龙井怎么泡？")
    page.until_true(lambda: page.caption.startswith("我们每天"), "no caption")
    link = page.page.locator("#languages a[lang=en]")
    assert link.inner_text() == "English"
    link.click()
    page.until("window.visavis?.link", "ready")
    assert page.value("document.documentElement.lang") == "en"
    assert page.page.title() == "City Museum"


def test_recognition_that_fails_later_leaves_touch_and_text(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    server.push("avatar.hearing", available=False, reason="the recogniser stopped")
    page.page.wait_for_selector("#no-asr:not([hidden])")
    assert page.page.is_hidden("#hold")
    server.push("avatar.hearing", available=True)
    page.page.wait_for_selector("#hold")
    assert page.page.is_hidden("#no-asr")


def test_words_that_could_not_be_recognised_may_be_said_again(kiosk: Callable[..., Any], server: Any) -> None:
    page = kiosk().open().start()
    server.push("conversation.item.input_audio_transcription.failed", error={"code": "transcription_failed"})
    page.until("document.querySelector('#notice').textContent.includes('say it again')")
    assert page.page.is_visible("#hold")


def test_the_check_says_what_is_off_and_what_to_do(kiosk: Callable[..., Any]) -> None:
    page = kiosk("teahouse", permissions=["microphone"]).open()
    page.page.click("#check")
    page.page.click("#run-checks")
    page.until("Object.keys(visavis.checks).length > 0 && visavis.checks.cMic.result !== 'untested'")
    results = {key: found["result"] for key, found in page.value("visavis.checks").items()}
    off = {"cAsr": "off"}
    working = ("cServer", "cSecure", "cVideo", "cSound", "cMic", "cAsr", "cBandwidth")
    assert results == {key: off.get(key, "ok") for key in working}
    assert "未安装" in page.page.inner_text("[data-check=cAsr]")


CONTRAST = """(() => {
  const parse = (c) => c.match(/[\\d.]+/g).map(Number);
  const linear = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const backdrop = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if ((colour[3] ?? 1) >= 0.9) return colour;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    const hint = element.matches("input[placeholder]");
    if ((!own && !hint) || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (element.closest(".visually-hidden, .skip, .sprite")) continue;
    const style = getComputedStyle(element, hint ? "::placeholder" : null);
    const [a, b] = [luminance(parse(style.color)), luminance(backdrop(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push(`${element.tagName} ${element.id || element.className} ${ratio.toFixed(2)}`);
  }
  return bad;
})()"""


@pytest.mark.parametrize("dialog", ["museum", "teahouse"])
def test_all_text_has_contrast_in_every_state(kiosk: Callable[..., Any], server: Any, dialog: str) -> None:
    page = kiosk(dialog, size=PORTRAIT, reduced_motion="reduce").open()
    assert page.value(CONTRAST) == []
    page.start()
    page.ask()
    for state in ("idle", "listening", "thinking", "speaking", "held"):
        server.push("avatar.state", state=state)
        page.until("document.querySelector('#app').dataset.state", state)
        assert page.value(CONTRAST) == [], state
    server.push("avatar.card", **CARD)
    page.page.keyboard.press("l")
    assert page.value(CONTRAST) == []
    page.page.click("#check")
    page.until("Object.keys(visavis.checks).length > 0")
    assert page.value(CONTRAST) == []


OUTSIDE = """[...document.querySelectorAll('button, input, h1, .captions p, #state')].filter((e) => {
  const { left, right, bottom } = e.getBoundingClientRect();
  const below = bottom > innerHeight + 0.5 && !e.closest('.questions');
  return e.checkVisibility() && !e.closest('dialog') && (left < 0 || right > innerWidth + 0.5 || below);
}).map((e) => e.id || e.className)"""
SMALL = """[...document.querySelectorAll('#hold, #free, #text, #stop, .question')]
  .filter((e) => Math.min(e.getBoundingClientRect().height, e.getBoundingClientRect().width) < 64)
  .map((e) => e.id || e.className)"""


@pytest.mark.parametrize("size", [PORTRAIT, LAPTOP, PHONE, NARROW], ids=str)
def test_nothing_moves_or_leaves_the_screen(kiosk: Callable[..., Any], server: Any, size: tuple[int, int]) -> None:
    page = kiosk(size=size, reduced_motion="reduce").open().start()
    places = """['.stage', '.captions', '#shelf', '.dock', '#hold', '#text'].map((s) => {
      const r = document.querySelector(s).getBoundingClientRect();
      return [s, r.x, r.y, r.width, r.height].join(' ');
    })"""
    before = page.value(places)
    page.ask("A question that is so long that it can not possibly fit on one line of any of these screens, can it?")
    page.until("visavis.state", "speaking")
    server.push("avatar.card", **CARD)
    page.page.wait_for_selector(".card")
    assert page.value(places) == before
    server.push(
        "avatar.choices", choices=[{"id": str(n), "text": f"A rather long choice, number {n}"} for n in range(8)]
    )
    page.page.wait_for_selector("text=number 7", state="attached")
    assert page.value(places) == before
    assert page.value(OUTSIDE) == []
    assert page.value("document.documentElement.scrollWidth") == size[0]
    assert page.value(SMALL) == []
