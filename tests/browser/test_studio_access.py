"""The operator's page for everybody: by keyboard, in Chinese, on small screens, behind a token."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from real_place import OPENING, TEA_ASKS, TEA_SAYS, Server
from studio import Studio, write_knowledge

from knowledge.editing import KINDS
from knowledge.fields import EventKind
from visavis.words import ACTIONS, Occasion

DESK, PHONE, NARROW = (1440, 900), (390, 844), (360, 640)
ACCESSIBLE = """[...document.querySelectorAll('button, input, select, textarea, a[href]')]
  .filter((each) => each.checkVisibility())
  .filter((each) => !(each.labels?.[0] ?? each).textContent.trim() && !each.ariaLabel && !each.title)
  .map((each) => each.outerHTML.slice(0, 120))"""


def test_all_of_it_by_keyboard(studio: Studio) -> None:
    press = studio.page.keyboard.press
    studio.page.focus("#kind-faq")
    press("ArrowRight")
    studio.says("#kinds [aria-selected=true]", "Keywords")
    press("Home")
    studio.until(lambda: studio.entry("cafe").count() == 1)
    while not studio.page.evaluate("document.activeElement.dataset.id === 'cafe'"):
        press("Tab")
    press("Enter")
    studio.page.wait_for_selector("#save")
    while not studio.page.evaluate("document.activeElement.matches('[data-field=say] textarea')"):
        press("Tab")
    press("Control+a")
    studio.page.keyboard.type("Typed.")
    press("Control+s")
    studio.says("#toast", "Saved")
    assert studio.rest("GET", "museum/faq/cafe")["say"] == "Typed."
    studio.page.focus(".back")
    press("Enter")
    studio.until(lambda: studio.page.evaluate("document.activeElement.dataset.id === 'cafe'"))


def test_in_chinese(studios: Callable[..., Studio]) -> None:
    studio = studios(locale="zh-CN").open("kb=teahouse")
    assert studio.page.evaluate("document.documentElement.lang") == "zh"
    studio.ask(TEA_ASKS)
    studio.says("#said", TEA_SAYS)
    studio.says("#why", "一模一样")
    studio.edit("longjing")
    studio.field("say").fill("用山泉水泡。")
    studio.save()
    studio.says("#said", "用山泉水泡。")
    assert "用山泉水泡。" in studio.file("teahouse")
    studio.page.click("#language")
    studio.says("h1", "What the avatar knows")


@pytest.mark.parametrize("size", [DESK, PHONE, NARROW, (844, 390), (1600, 900)], ids=str)
@pytest.mark.parametrize("query", ["lang=en", "lang=zh&kb=teahouse"])
def test_it_fits_every_screen_and_every_control_has_a_name(
    studios: Callable[..., Studio], size: tuple[int, int], query: str
) -> None:
    studio = studios(size).open(query)
    studio.ask(OPENING)
    for each in ("list", "editor"):
        assert studio.page.evaluate("document.documentElement.scrollWidth") <= size[0], each
        assert studio.page.evaluate(ACCESSIBLE) == []
        if studio.page.locator("#fold").is_visible():
            studio.page.click("#fold")
        assert studio.page.locator("#try-text").is_visible()
        if each == "list":
            studio.page.locator(".entry").first.click()
            studio.page.wait_for_selector("#save")


def test_a_token_is_asked_for_once(browser: Any, tmp_path: Path) -> None:
    with Server(write_knowledge(tmp_path), env={"VISAVIS_TOKEN": "open sesame"}) as server:
        page = browser.new_page()
        page.goto(f"{server.url}/studio/knowledge")
        for token in ("wrong", "open sesame"):
            page.wait_for_selector("#token[open]")
            page.fill("#token-input", token)
            page.press("#token-input", "Enter")
        page.wait_for_selector(".entry")
        page.reload()
        page.wait_for_selector(".entry")
        page.close()


def test_the_page_knows_all_that_a_file_may_hold(studio: Studio) -> None:
    def module(name: str, body: str) -> Any:
        return studio.page.evaluate(f"import('/static/studio/{name}').then((m) => {body})")

    assert module("kinds.js", "m.ACTIONS") == list(ACTIONS)
    assert module("kinds.js", "m.OCCASIONS") == list(get_args(Occasion))
    assert module("kinds.js", "m.EVENTS") == list(get_args(EventKind))
    english, chinese = module("words_en.js", "Object.keys(m.EN)"), module("words_zh.js", "Object.keys(m.ZH)")
    assert english == chinese
    fields = module("kinds.js", "Object.entries(m.FIELDS).map(([kind, all]) => [kind, all.map((each) => each.name)])")
    assert {f"f.{name}" for _, names in fields for name in names} <= set(english)
    for kind, model in KINDS.items():
        known = {each.alias or name for name, each in model.model_fields.items()} - {"id", "intents"}
        assert {name.partition(".")[0] for name in dict(fields)[kind]} == known


def test_words_of_visitors_and_files_stay_words(studio: Studio) -> None:
    bad = "<img src=x onerror=alert(1)>"
    studio.rest("PATCH", "museum/faq/cafe", {"say": bad, "ask": [bad]})
    studio.ask(bad)
    studio.says("#said", bad)
    studio.edit("cafe")
    studio.says("#editor-title", bad)
    assert studio.page.locator("img").count() == 0
