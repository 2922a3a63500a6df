"""What a dialog's file says of review, journal and visitors, and what it may not say."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest

from agent.review import Review
from runtime.keeping import journal_of, review_of, visitors_of
from runtime.settings import Installation
from visavis.engines import Context
from visavis.errors import ConfigError

CONTEXT: Any = Context("en", launcher=None, cache=Path())  # type: ignore[arg-type]


def installation(folder: Path, more: str = "", house: str | None = None) -> Installation:
    (folder / "dialogs").mkdir()
    (folder / "review").mkdir()
    (folder / "dialogs" / "museum.yaml").write_text(f"dialog: museum\nknowledge: [museum]\n{textwrap.dedent(more)}")
    if house is not None:
        (folder / "review" / "house.txt").write_text(house, encoding="utf-8")
    return Installation(folder)


async def review(found: Installation) -> Review | None:
    return await review_of(found.dialogs["museum"], found, CONTEXT, found.documents["museum"])


async def test_a_dialog_is_reviewed_and_keeps_nothing_unless_it_says_so(tmp_path: Path) -> None:
    found = installation(tmp_path)
    made = await review(found)
    assert made is not None
    assert not (await made.heard("fuck off")).ok
    dialog = found.dialogs["museum"]
    assert journal_of(dialog, tmp_path).keep == "off"
    assert visitors_of(dialog, tmp_path) is None


async def test_the_operators_own_list_is_used(tmp_path: Path) -> None:
    found = installation(tmp_path, "review: {lexicons: [en, house], allow: [numpty hall]}\n", "[rival]\nacme\nnumpty\n")
    made = await review(found)
    assert made is not None
    assert (await made.heard("is acme better?")).reason == "lexicon:rival:house:2"
    assert (await made.heard("where is numpty hall")).ok


async def test_review_can_be_switched_off(tmp_path: Path) -> None:
    assert await review(installation(tmp_path, "review: {enabled: false}\n")) is None


async def test_privacy_and_memory_are_as_the_file_says(tmp_path: Path) -> None:
    found = installation(tmp_path, "privacy: {keep_text: redacted, days: 7}\nmemory: {visitors: true, days: 9}\n")
    assert journal_of(found.dialogs["museum"], tmp_path).keep == "redacted"
    assert visitors_of(found.dialogs["museum"], tmp_path) is not None


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("review: {lexicons: [english]}\n", r"museum.yaml:3: review.lexicons\[0\]: .*no such word list; use one of"),
        ("review: {classifier: {engine: nobody}}\n", r"museum.yaml:3: .*no classifier engine named 'nobody'"),
        ("review: {classifier: {engine: moderations}}\n", r"museum.yaml:3: .*needs the key 'url'"),
        ("review: {classifier: {engine: moderations, url: here}}\n", r"museum.yaml:3: .*'here' is no address"),
    ],
)
async def test_what_cannot_be_made_is_refused_with_its_line(tmp_path: Path, more: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        await review(installation(tmp_path, more))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("review: {allow: [x]}\n", "two letters"),
        ("review: {lexicons: [../secret]}\n", "lexicons"),
        ("review: {personal_data: maybe}\n", "mask, block, off"),
        ("privacy: {keep_text: on}\n", "off, redacted, full"),
        ("privacy: {keep_text: full, days: -1}\n", "days"),
        ("memory: {visitor: true}\n", "visitors"),
    ],
)
def test_what_a_file_may_not_say(tmp_path: Path, more: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told) as caught:
        installation(tmp_path, more)
    assert caught.value.line == 3


async def test_a_word_list_with_a_bad_line_names_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"house.txt:2: .*two letters"):
        await review(installation(tmp_path, "review: {lexicons: [house]}\n", "fine words\nx\n"))
