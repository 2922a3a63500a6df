"""The page of behaviour before the real server: see the tree of a living session think, step in, replay a record."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from behavior_page import BehaviorPage, Guest, guest, recorded
from real_place import OPENING, Place, write_reception
from test_studio_voices import SMALL, UNNAMED

from behaviors.attention import FACTS
from behaviors.recorded import read_record

DESK, PHONE = (1440, 900), (390, 844)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(write_reception(tmp_path_factory.mktemp("reception")))
    yield place
    place.close()


@pytest.fixture
def pages(browser: Any, server: Place, tmp_path: Path) -> Iterator[Callable[..., BehaviorPage]]:
    """`pages()` is a page that is not opened yet; it may complain of refusals alone."""
    made: list[BehaviorPage] = []

    def page(size: tuple[int, int] = DESK, **context: Any) -> BehaviorPage:
        own = browser.new_context(viewport={"width": size[0], "height": size[1]}, **context)
        made.append(BehaviorPage(own.new_page(), server, tmp_path))
        return made[-1]

    yield page
    for each in made:
        each.page.context.close()
    assert [line for each in made for line in each.complaints if "Failed to load resource" not in line] == []


@pytest.fixture
def anna(server: Place) -> Iterator[Guest]:
    with guest(server.port) as one:
        yield one


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """The record of a simulated visit, and the decisions in it."""
    path = tmp_path_factory.mktemp("record") / "visit.jsonl"
    return path, recorded(path)


def test_who_comes_appears_by_himself(pages: Callable[..., BehaviorPage], server: Place) -> None:
    page = pages().open()
    page.page.wait_for_selector("#nobody a[href='/']")
    with guest(server.port) as one:
        page.page.wait_for_selector(".node")
        assert one.id in page.page.url
        page.until(lambda: page.states.get("idle") == "RUNNING", lambda: str(page.states))


def test_the_tree_is_seen_to_think_and_no_word_of_the_visitor_is_shown(
    pages: Callable[..., BehaviorPage], anna: Guest
) -> None:
    page = pages().watch(anna)
    anna.ask(OPENING)
    page.says("#decisions", "answer text")
    page.says("#told", "reply: ")
    assert "reply" in page.decision("answer text").inner_text()
    assert "a question came by text" in page.decision("answer text").inner_text()
    page.until(lambda: page.states["idle"] == "RUNNING", lambda: str(page.states))
    assert page.states["reply"] == "FAILURE"
    page.says(".node[data-name=safety] .why", "the safety stop is not set")
    seen = page.page.content() + page.told(f"{anna.id}/behavior")
    assert [word for word in OPENING.split() if len(word) > 3 and word in seen] == []


def test_a_decision_is_looked_at_and_left(pages: Callable[..., BehaviorPage], anna: Guest) -> None:
    page = pages().watch(anna)
    anna.ask(OPENING)
    page.says("#decisions", "answer text")
    page.decision("answer text").click()
    page.notice("pinnedNotice")
    lit = {name: state for name, state in page.states.items() if state}
    assert lit == {"kiosk": "way", "reply": "decided"}
    assert page.fact("mood") == "thinking"
    page.page.click("[data-notice=pinnedNotice] button")
    page.until(lambda: page.states["takeover"] == "FAILURE")


def test_an_operator_steps_in(pages: Callable[..., BehaviorPage], anna: Guest) -> None:
    page = pages().watch(anna)
    page.page.click("#takeover")
    page.notice("takenNotice")
    page.page.fill("#say-text", "A person speaks now.")
    page.page.press("#say-text", "Enter")
    page.until(lambda: page.states["takeover"] == "RUNNING")
    page.says("#toast", "Ordered")
    page.page.click("#freeze")
    page.page.click("#freezing [value=stay]")
    assert page.page.locator("[data-notice=frozenNotice]").count() == 0
    page.page.click("#freeze")
    page.page.click("#freezing [value=freeze]")
    page.notice("frozenNotice")
    assert page.fact("frozen") == "yes"
    page.says("#freeze", "Let it go on")
    page.page.click("#freeze")
    page.says("#freeze", "Freeze")
    page.page.click("#takeover")
    page.page.wait_for_selector("[data-notice=takenNotice]", state="detached")


def test_the_last_state_stays_when_a_session_ends(pages: Callable[..., BehaviorPage], anna: Guest) -> None:
    page = pages().watch(anna)
    anna.leave()
    page.notice("endedNotice")
    assert page.states["idle"] == "RUNNING"
    assert page.page.locator("#save").is_disabled()
    assert page.page.locator("#steer").is_hidden()


def test_a_server_that_is_away_is_told_and_found_again(pages: Callable[..., BehaviorPage], anna: Guest) -> None:
    page = pages().watch(anna)
    page.page.route("**/api/sessions**", lambda route: route.abort())
    page.says("#alerts", "does not answer")
    assert page.states["idle"] == "RUNNING"
    page.page.unroute("**/api/sessions**")
    page.until(lambda: not page.text("#alerts"))
    anna.ask(OPENING)
    page.says("#decisions", "answer text")


def test_what_is_saved_is_a_record_and_is_replayed(
    pages: Callable[..., BehaviorPage], anna: Guest, tmp_path: Path
) -> None:
    page = pages().watch(anna)
    anna.ask(OPENING)
    page.says("#decisions", "answer text")
    with page.page.expect_download() as saved:
        page.page.click("#save")
    path = tmp_path / saved.value.suggested_filename
    saved.value.save_as(path)
    assert path.stem == anna.id
    assert "answer text" in [each["did"] for each in read_record(path).decisions]
    page.replay(path)
    assert "safety" in page.states
    page.page.click("#live")
    page.until(lambda: page.states["takeover"] == "FAILURE")
    page.page.click("#again")
    page.notice("replayNotice")


def test_a_record_is_gone_through(pages: Callable[..., BehaviorPage], visit: tuple[Path, list[dict[str, Any]]]) -> None:
    path, decisions = visit
    page = pages().open().replay(path)
    here, then = page.page.evaluate, [each for each in decisions if each["did"]]
    page.page.check("#only-done")
    assert page.page.locator(".decision").count() == len(then)
    at = next(n for n, each in enumerate(then) if each["did"] == "hold")
    for _ in then[: at + 1]:
        page.page.click("#next")
    assert {name for name, state in page.states.items() if state} == set(then[at]["path"])
    assert then[at]["why"] in page.text("#doing")
    assert page.fact("audible") == "yes"
    page.page.click("#previous")
    assert then[at - 1]["why"] in page.text("#doing")
    assert then[at - 1]["why"] in (page.page.text_content("#told") or "")
    page.page.focus("#time")
    page.page.keyboard.press("End")
    assert page.page.locator(".decision[aria-selected=true]").count() == 1
    assert page.fact("present") == "no"
    page.page.click("#play")
    page.until(lambda: 0 < here("+document.querySelector('#time').value") < decisions[-1]["at_s"])
    page.page.click("#play")
    assert page.page.get_attribute("#play", "aria-label") == "Play"


def test_only_the_decisions_of_a_node(
    pages: Callable[..., BehaviorPage], visit: tuple[Path, list[dict[str, Any]]]
) -> None:
    path, decisions = visit
    page = pages().open().replay(path)
    page.node("barge-in").click()
    wanted = [each for each in decisions if "barge-in" in each["path"]]
    assert len(wanted) > 2
    page.until(lambda: page.page.locator(".decision").count() == len(wanted))
    page.page.click("#of-node")
    page.until(lambda: page.page.locator(".decision").count() == len(decisions))


GOOD = {"n": 1, "at_s": 1, "node": "a", "type": "greet", "path": ["a"], "did": "", "why": "", "facts": {}}
HEAD = '{"record": 1, "tree": "kiosk"}\n'


def _line(at: float, **other: Any) -> str:
    return json.dumps({"at_s": at, "decision": GOOD | {"at_s": at} | other}) + "\n"


BAD = {
    "is empty": b"  \n",
    "not UTF-8": b"\xff\xfe\xfa",
    "larger than 16 MB": b" " * (16 * 1024 * 1024 + 1),
    "line 1: a record begins": b'{"record": 2}',
    "line 1: this is not JSON": b"RIFF....WAVE",
    "line 2: this is not JSON": (HEAD + _line(1)[:40]).encode(),
    "line 3: it goes back": (HEAD + _line(2) + _line(1, n=2)).encode(),
    "line 2: at_s": (HEAD + '{"at_s": "soon", "perceived": {}}').encode(),
    "line 2: it tells neither": (HEAD + '{"at_s": 1}').encode(),
    "no “path”": (HEAD + _line(1, path="a")).encode(),
    "no “n”": (HEAD + _line(1) + _line(2)).encode(),
    "line 1: the tree": b'{"record": 1, "root": {"name": 1}}\n' + _line(1).encode(),
    "holds no decision": HEAD.encode(),
}


def test_a_file_that_is_no_record_is_refused_with_its_line(
    pages: Callable[..., BehaviorPage], visit: tuple[Path, list[dict[str, Any]]], tmp_path: Path
) -> None:
    page = pages().open().replay(visit[0])
    for said, content in BAD.items():
        bad = tmp_path / "bad.jsonl"
        bad.write_bytes(content)
        page.page.set_input_files("#file", bad)
        page.says("#alerts", said)
        assert page.page.locator("#alerts p").count() == 1
        page.says("#notices", "visit.jsonl")
    wild = HEAD + _line(1, why="<img src=x onerror=alert(1)>", facts={"mood": "<b>", "more": {"a": 1}})
    (tmp_path / "wild.jsonl").write_text(wild)
    page.page.set_input_files("#file", tmp_path / "wild.jsonl")
    page.says("#doing", "<img")
    assert page.page.locator("img").count() == 0


def test_by_keyboard(pages: Callable[..., BehaviorPage], visit: tuple[Path, list[dict[str, Any]]]) -> None:
    page = pages().open().replay(visit[0])
    press, focused = page.page.keyboard.press, "document.activeElement.dataset.name"
    page.page.focus(".node[tabindex='0']")
    for key in ("Home", *["ArrowDown"] * 4, "ArrowLeft", "ArrowDown"):
        press(key)
    assert page.page.evaluate(focused) == "reply"
    assert page.node("yield").is_hidden()
    for key in ("ArrowUp", "ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        press(key)
    page.says("#of-node", "yield")
    page.page.focus(".decision[tabindex='0']")
    press("End")
    press("Enter")
    assert page.page.evaluate("document.activeElement.ariaSelected") == "true"
    page.says("#doing", "because")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=str)
def test_it_fits_and_every_control_has_a_name_and_a_size(
    pages: Callable[..., BehaviorPage], anna: Guest, visit: tuple[Path, list[dict[str, Any]]], size: tuple[int, int]
) -> None:
    for lang, begins in (("en", "Behaviour"), ("zh", "行为")):
        page = pages(size).watch(anna, f"lang={lang}")
        page.says("h1", begins)
        for replayed in (False, True):
            if replayed:
                page.replay(visit[0])
            for part in ("tree", "decisions", "facts"):
                if size == PHONE:
                    page.page.click(f".kind[data-part={part}]")
                assert page.page.evaluate("document.documentElement.scrollWidth") <= size[0], part
                assert page.page.evaluate(UNNAMED) == []
                assert [each for each in page.page.evaluate(SMALL) if "tick" not in each] == []


def test_both_languages_say_all_of_it(pages: Callable[..., BehaviorPage]) -> None:
    page = pages().open()
    english, chinese = page.module("words_en.js", "return m.EN"), page.module("words_zh.js", "return m.ZH")
    assert list(english) == list(chinese)
    holes = {key: sorted(re.findall(r"\{(\w+)\}", text)) for key, text in english.items()}
    assert holes == {key: sorted(re.findall(r"\{(\w+)\}", text)) for key, text in chinese.items()}
    assert {f"fact.{name}" for name in FACTS} <= set(english)
