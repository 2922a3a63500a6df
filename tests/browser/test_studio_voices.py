"""The operator's page of voices before the real server: enrol, hear, try, set right, take back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from real_place import Place
from voices_page import NOTE, VoicesPage, write_voices

DESK, TABLET, PHONE = (1440, 900), (768, 1024), (390, 844)
UNNAMED = """[...document.querySelectorAll('button, input, select, textarea, a[href], audio')]
  .filter((each) => each.checkVisibility())
  .filter((each) => !(each.labels?.[0] ?? each).textContent.trim() && !each.ariaLabel && !each.title)
  .map((each) => each.outerHTML.slice(0, 120))"""
SMALL = """[...document.querySelectorAll('button, select, textarea, a[href], summary, .pick-file, input[type=text]')]
  .filter((each) => each.checkVisibility() && !each.matches('.skip') && each.getBoundingClientRect().height < 44)
  .map((each) => each.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Path]]:
    folder = write_voices(tmp_path_factory.mktemp("voices"))
    place = Place(folder)
    yield place, folder
    place.close()


@pytest.fixture
def pages(browser: Any, house: tuple[Place, Path]) -> Iterator[Callable[..., VoicesPage]]:
    """`pages()` is a page that is not opened yet; it may complain of refusals alone."""
    place, folder = house
    made: list[VoicesPage] = []

    def page(size: tuple[int, int] = DESK, **context: Any) -> VoicesPage:
        own = browser.new_context(viewport={"width": size[0], "height": size[1]}, **context)
        made.append(VoicesPage(own.new_page(), place, folder))
        return made[-1]

    yield page
    for each in made:
        each.page.context.close()
    assert [line for each in made for line in each.complaints if "Failed to load resource" not in line] == []


@pytest.fixture
def voices(pages: Callable[..., VoicesPage]) -> VoicesPage:
    return pages().open()


def test_a_text_is_heard_in_a_voice_and_a_style_and_saved_as_synthetic(voices: VoicesPage) -> None:
    sent: list[Any] = []
    voices.page.on("request", lambda request: "/say" in request.url and sent.append(request.post_data_json))
    voices.page.click("[data-name=guide] button:nth-child(2)")
    voices.page.fill("#say-text", "Hi.")
    voices.page.select_option("#say-emotion", "happy")
    voices.page.focus("#say-rate")
    voices.page.keyboard.press("End")
    voices.page.click("#say")
    voices.page.wait_for_selector("#download")
    assert [(each["voice"], each["emotion"], each["rate"]) for each in sent] == [("guide", "happy", 2)]
    assert "Synthetic" in voices.text("#result")
    with voices.page.expect_download() as saved:
        voices.page.click("#download")
    data = saved.value.path().read_bytes()
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    assert b"synthetic" in data[:200].lower()


def test_a_text_that_cannot_be_spoken_says_why(voices: VoicesPage) -> None:
    voices.page.fill("#say-text", "...")
    voices.page.click("#say")
    voices.says("#say-wrong", "nothing to say")
    assert voices.page.get_attribute("#say-text", "aria-invalid") == "true"


def test_an_authorisation_and_a_take_are_recorded_and_sent(voices: VoicesPage) -> None:
    voices.page.click("#tab-enrol")
    for field, text in (("name", "Anna!"), ("speaker", "Anna Berg"), ("company", "Acme Robots")):
        voices.page.fill(f"#who-{field}", text)
    voices.page.click("#who-go")
    voices.says("#who-name-wrong", "lower-case")
    voices.page.fill("#who-name", "anna")
    voices.page.click("#who-go")
    voices.says(".prompt", "My name is Anna Berg, and I allow Acme Robots")
    record(voices)
    voices.page.click("[data-act=finish]")
    voices.page.click("[data-act=useIt]")
    voices.says("#step-title", "Recording")
    assert voices.page.is_disabled("[data-act=submit]")
    record(voices)
    first = voices.text(".prompt")
    voices.page.click("[data-act=next]")
    assert voices.text(".prompt") != first
    voices.page.click("#tab-voices")
    voices.page.click("#tab-enrol")
    voices.page.click("[data-act=goOn]")
    voices.says(".level-word", "Good")
    voices.page.click("[data-act=finish]")
    voices.page.click("[data-act=useIt]")
    voices.says(".takes", "take-1.wav")
    task = voices.tasks.load(voices.page.url.partition("task=")[2].partition("&")[0])
    assert task.consent is not None
    for kept in (task.consent.kept, task.recordings["1"].kept):
        head = (voices.tasks.path(task.id) / kept).read_bytes()[:44]
        assert int.from_bytes(head[24:28], "little") == 48_000
    voices.page.click(".takes .rose")
    voices.until(lambda: voices.tasks.load(task.id).recordings == {})
    voices.says("#step-title", "Recording")


def record(voices: VoicesPage) -> None:
    """Begin, and wait until the tone of the microphone is told as good."""
    voices.page.click("[data-act=record]")
    voices.says(".level-word", "Good")


def test_a_person_listens_and_approves_by_name(pages: Callable[..., VoicesPage]) -> None:
    voices = pages()
    task = voices.enrolled(approved=False)
    name = task.order.name
    voices.open(f"lang=en&tab=enrol&task={task.id}")
    voices.says(".report", "Turn the microphone down.")
    voices.says(".step", "I allow Acme Robots")
    assert voices.page.locator(".wave rect").count() == 1
    voices.page.click("#approve")
    voices.says("#by-wrong", "name")
    voices.page.fill("#by", "Jo Park")
    voices.page.check("#listened")
    voices.page.click("#approve")
    voices.says(".verdict", f"“{name}” is there")
    approval = voices.store.load(name).consent.approval
    assert approval is not None
    assert approval.by == "Jo Park"


def test_a_voice_is_taken_back_with_all_that_was_made_of_it(pages: Callable[..., VoicesPage]) -> None:
    voices = pages()
    task = voices.enrolled(approved=True)
    name, row = task.order.name, f".voice[data-name={task.order.name}]"
    voices.open()
    voices.says(row, "0.58 (as different people are)")
    voices.page.click(f"{row} .rose")
    voices.says("#revoke-list", "the recording of the spoken authorisation")
    voices.page.click("#revoke button[value=stay]")
    assert voices.store.has(name)
    voices.page.click(f"{row} .rose")
    voices.page.click("#revoke button[value=revoke]")
    voices.says("#toast", "is taken back")
    assert not voices.store.has(name)
    assert task.id not in voices.tasks.ids()
    voices.until(lambda: voices.page.locator(row).count() == 0)


def test_a_word_is_added_heard_changed_by_two_and_deleted(voices: VoicesPage) -> None:
    voices.page.click("#tab-lexicon")
    voices.page.click("#new")
    voices.field("grapheme").fill("Xi'an")
    voices.field("pinyin").fill("xian")
    voices.save()
    voices.says("[data-field=pinyin] .wrong", "no pinyin with tones")
    voices.field("pinyin").fill("xi1 an1")
    voices.save()
    voices.says("#toast", "Saved")
    with voices.page.expect_request(lambda request: "/say" in request.url) as asked:
        voices.page.click(".editor-foot [data-says=hearWord]")
    assert asked.value.post_data_json["input"] == "The word is Xi'an."
    voices.field("alias").fill("she ann")
    voices.rest("PATCH", "lexicon/xi-an", {"alias": "see ahn"})
    voices.save()
    voices.says("#conflict-table", "see ahn")
    voices.page.click("#conflict button[value=mine]")
    voices.says("#toast", "Saved")
    assert voices.rest("GET", "lexicon/xi-an")["alias"] == "she ann"
    voices.page.click("#delete")
    voices.says("#toast", "is deleted")
    voices.page.fill("#q", "重")
    voices.until(lambda: voices.page.locator(".word").count() == 1)
    assert NOTE in voices.lexicon()
    assert "Xi'an" not in voices.lexicon()


@pytest.mark.parametrize("size", [DESK, TABLET, PHONE], ids=str)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_part_fits_every_screen(pages: Callable[..., VoicesPage], size: tuple[int, int], lang: str) -> None:
    voices = pages(size)
    task = voices.tasks.create(voices.enrolled(approved=False).order)
    voices.open(f"lang={lang}&tab=enrol&task={task.id}")
    voices.page.wait_for_selector(".prompt")
    tabs = [each for each in ("enrol", "voices", "try", "lexicon") if voices.page.locator(f"#tab-{each}").is_visible()]
    assert ("try" in tabs) == (size != DESK)
    for tab in tabs:
        voices.page.click(f"#tab-{tab}")
        voices.page.wait_for_selector(f"#tab-{tab}[aria-selected=true]")
        assert voices.page.evaluate("document.documentElement.scrollWidth") <= size[0], tab
        assert voices.page.evaluate(UNNAMED) == [], tab
        assert voices.page.evaluate(SMALL) == [], tab


def test_by_keyboard_and_from_page_to_page(pages: Callable[..., VoicesPage]) -> None:
    voices = pages(locale="zh-CN").open("")
    voices.page.focus("#tab-voices")
    voices.page.keyboard.press("ArrowRight")
    voices.says("#step-title", "新的声音")
    voices.page.keyboard.press("End")
    voices.page.wait_for_selector(".word")
    voices.page.keyboard.press("Tab")
    voices.page.keyboard.type("louvre")
    voices.until(lambda: voices.page.locator(".word").count() == 1)
    voices.page.click("#language")
    voices.says("#tab-lexicon[aria-selected=true]", "Lexicon")
    voices.page.click("a[data-page*=knowledge]")
    voices.says("#kind-faq", "Questions")
    voices.page.click("a[data-page*=voices]")
    voices.says("#tab-lexicon", "Lexicon")


LEVELS = """
  const level = new m.Level(48000);
  const word = (amplitude, seconds) => {
    for (let at = 0; at < seconds * 48000; at += 2048) {
      const pcm = Int16Array.from({ length: 2048 }, (_, i) => 32767 * amplitude * Math.sin((at + i) / 20));
      level.push(pcm, amplitude / Math.SQRT2);
    }
    return level.word;
  };
  return [word(0, 1), word(0.3, 2), Math.round(level.spoken), word(1, 1), word(0.015, 3), word(0.0005, 3)];
"""


def test_the_level_is_told_in_words_and_speech_is_counted_in_samples(voices: VoicesPage) -> None:
    assert voices.module("level.js", LEVELS) == ["silent", "good", 2, "loud", "quiet", "silent"]


def test_a_text_of_ones_own_is_read_sentence_by_sentence(voices: VoicesPage) -> None:
    split = voices.module("prompts.js", "return m.sentences('One  word. Then two!\\n…\\nThree?', 'en')")
    assert split == ["One word.", "Then two!", "Three?"]
    assert (
        voices.module("prompts.js", "return ['en', 'zh', 'ja', 'ko'].map((l) => new Set(m.prompts(l)).size)")
        == [18] * 4
    )


def test_both_languages_say_the_same(voices: VoicesPage) -> None:
    english = voices.module("words_en.js", "return Object.keys(m.EN)")
    assert english == voices.module("words_zh.js", "return Object.keys(m.ZH)")
