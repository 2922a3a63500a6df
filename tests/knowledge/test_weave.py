"""An edit of a YAML text changes what it has to and nothing else, and is read back as it was meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.editing import emit
from knowledge.editing.weave import canonical, patched, weave
from visavis.config import parsed
from visavis.errors import ConfigError

HERE = Path("museum.yaml")
FILE = """\
# What the reception knows.
knowledge: museum   # the name
language: en

keywords:
  items:
    # Asked every day.
    - {id: restroom, any: [restroom, toilet], all: [], priority: 10,
       say: "The restrooms are next to the cloakroom."}   # ground floor

faq:
  enabled: true
  items:

    # ── Visiting ──
    - id: opening-hours
      ask:
        - What are your opening hours?   # the leaflet's words
        - 'When do you open?'
      say: >-
        We are open from nine to five,
        every day but Monday.
      action: nod

    - id: tickets   # since May
      # the price is checked each spring
      say: "Nine euros."
      ask: [How much is it?, "What's the price?"]
      show: {title: Tickets, link: "https://museum.example"}
    # the end of the questions

fallback: {say: ["I am not sure."]}
"""


def said(text: str) -> Any:
    return parsed(HERE, text.encode()).data


def edited(text: str, new: Any) -> str:
    after = patched(text, weave(HERE, text, said(text), new))
    assert canonical(said(after)) == canonical(new)
    return after


def lines_that_differ(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = before.split("\n"), after.split("\n")
    return [each for each in old if each not in new], [each for each in new if each not in old]


def test_one_changed_answer_changes_one_line_and_keeps_its_quotes_and_comment() -> None:
    new = said(FILE)
    new["faq"]["items"][1]["say"] = "Ten: euros."
    assert lines_that_differ(FILE, edited(FILE, new)) == (['      say: "Nine euros."'], ['      say: "Ten: euros."'])


def test_a_new_entry_stands_behind_the_last_one_spaced_as_the_others_are() -> None:
    new = said(FILE)
    new["faq"]["items"].append({"id": "parking", "ask": ["Where can I park?"], "say": "In the yard."})
    entry = '\n    - id: parking\n      ask: ["Where can I park?"]\n      say: In the yard.\n'
    end = "    # the end of the questions\n"
    assert edited(FILE, new) == FILE.replace(end, entry + end)


def test_an_entry_that_goes_takes_its_own_lines_alone() -> None:
    new = said(FILE)
    del new["faq"]["items"][0]
    gone = FILE[FILE.index("    - id: opening-hours") : FILE.index("    - id: tickets")]
    assert edited(FILE, new) == FILE.replace(gone, "")


def test_a_question_more_leaves_the_comments_of_the_others() -> None:
    new = said(FILE)
    new["faq"]["items"][0]["ask"].append("Are you open today?")
    assert lines_that_differ(FILE, edited(FILE, new)) == ([], ['        - "Are you open today?"'])
    new["faq"]["items"][0]["ask"][1] = "When does it open?"
    assert "        - 'When does it open?'\n" in edited(FILE, new)


def test_an_entry_in_braces_stays_in_braces_on_its_lines() -> None:
    new = said(FILE)
    new["keywords"]["items"][0] |= {"any": ["restroom", "toilet", "loo"], "action": "point"}
    del new["keywords"]["items"][0]["priority"]
    after = edited(FILE, new)
    assert "[restroom, toilet, loo]" in after
    assert ", action: point}   # ground floor\n" in after


def test_a_first_key_may_go() -> None:
    text = "faq:\n- enabled: false  # for now\n  id: a\n  say: b\nlast: 1\n"
    new = said(text)
    del new["faq"][0]["enabled"]
    assert edited(text, new) == "faq:\n- id: a\n  say: b\nlast: 1\n"


def test_a_section_that_is_not_there_comes_at_the_end() -> None:
    new = said(FILE) | {"rules": {"items": [{"id": "thanks", "on": "gift", "say": "Thank you!"}]}}
    assert edited(FILE, new) == FILE + "\nrules:\n  items:\n    - id: thanks\n      on: gift\n      say: Thank you!\n"


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("a: {}\nb: 1", "a", {"items": [{"id": "x", "say": "y"}]}),
        ("a: []  # none\nb: 1\n", "a", [{"id": "x", "deep": {"say": ["y" * 80, "z" * 80]}}]),
        ("a: [1]\nb: 1\n", "a", []),
        ("a:\n  - 1\n  # and\n  - 2\nb: 1\n", "a", []),
        ("a:\n- 1\n- 2\nb: 1\n", "a", {"c": {"d": ["e"]}}),
        ("a:\nb: 1\n", "a", "text"),
        ("a: # nothing\nb: 1\n", "a", [{"c": 1}]),
        ("a: |+\n  text\n\n\nb: 1\n", "c", "2"),
        ("b: 1\na: |+\n  text\n\n", "c", "2"),
        ("b: 1\na: |\n  text\n\n# end\n", "c", "2"),
        ("{a: 1, b: 2}", "c", {"d": [1]}),
        ('{\n  "a": 1,\n  "b": [{"id": "x"}]\n}\n', "b", [{"id": "x"}, {"id": "y"}]),
        ("a:\n  -\n    # first\n    id: x\n    say: y\n", "a", [{"id": "x", "say": "z"}, {"id": "w"}]),
        ("---\na: 1\n...\n", "b", 2),
        ("a: 1\r\nb:\r\n  - x # c\r\n", "b", ["x", "y"]),
        ("a: b", "c", ["d"]),
        ("? a\n: 1\nb: 2\n", "a", 3),
        (
            "a:\n    b:\n      - id: q\n        x: |\n            long\n            text\n      - id: r\n",
            "a",
            {"b": [{"id": "q"}]},
        ),
    ],
)
def test_every_way_of_writing_is_edited(text: str, key: str, value: Any) -> None:
    after = edited(text, {**said(text), key: value})
    assert ("\r\n" in text) == ("\r\n" in after)
    assert after.count("\n") == after.count("\r\n") or "\r" not in text


def test_what_is_shared_by_an_alias_is_not_edited() -> None:
    text = "a: &x {say: hello}\nb: *x\n"
    with pytest.raises(ConfigError, match="anchors and aliases"):
        weave(HERE, text, said(text), {"a": {"say": "bye"}, "b": {"say": "hello"}})


# ── whatever is written is read back ──
WORDS = """on off no yes true null ~ 1e3 .5 0x1F 0o17 12:30 2026-01-01 .inf - --- ... # ?你好：世界 你们几点开门？
【一】、二 ' " it's \\ {name} [x] &a *a !t | > %x @x `x << 👋🏽 = y ‘a’"""
TRICKY = WORDS.split()
BLANK = [
    "",
    " ",
    "a #b",
    "a: b",
    ": ",
    "- a",
    "--- a",
    "\u3000全角",
    " lead",
    "trail ",
    "a\nb\n",
    "\n",
    "\t",
    "a\u2028b",
    "\x85",
    "\x00",
    "\ufeff",
]
TEXTS = st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.sampled_from(TRICKY + BLANK))
NUMBERS = st.one_of(st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False))
VALUES = st.recursive(
    st.one_of(TEXTS, st.booleans(), st.none(), NUMBERS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4))
def test_what_is_written_is_read_back(value: dict[str, Any]) -> None:
    assert canonical(said("\n".join(emit.lines(value, 0)))) == canonical(value)
    assert canonical(said(emit.inline(value))) == canonical(value)


OPTIONAL = {
    "say": VALUES,
    "ask": st.lists(TEXTS, max_size=4),
    "enabled": st.booleans(),
    "show": st.dictionaries(TEXTS, TEXTS, max_size=3),
}
RECORD = st.fixed_dictionaries({"id": st.sampled_from("abcdefgh")}, optional=OPTIONAL)
RECORDS = st.lists(RECORD, max_size=5, unique_by=lambda each: str(each["id"]))


@given(RECORDS, RECORDS)
@settings(max_examples=60)
def test_any_list_of_records_becomes_any_other(before: list[Any], after: list[Any]) -> None:
    noted = [row for each in before for row in ["", "  # note", *emit.member(each, 2)]]
    for text in (
        "\n".join(["# top", *emit.lines({"a": {"items": before}, "z": 1}, 0), "# end", ""]),
        emit.inline({"a": {"items": before}, "z": 1}),
        "\n".join(["a:", "  items:" + ("" if before else " []"), *noted, "z: 1"]),
    ):
        edited(text, said(text) | {"a": {"items": after}})


def test_a_long_text_is_written_at_once() -> None:
    assert emit.scalar("你好" * 10_000 + ":") == '"' + "你好" * 10_000 + ':"'
