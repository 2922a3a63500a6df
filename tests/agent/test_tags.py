"""Stage directions never reach voice or captions, however they are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.tags import Tag, TagFilter


def through(text: str, step: int) -> tuple[str, list[Tag]]:
    tags = TagFilter()
    parts = [part for i in range(0, len(text), step) for part in tags.feed(text[i : i + step])] + tags.end()
    return "".join(p for p in parts if isinstance(p, str)), [p for p in parts if isinstance(p, Tag)]


@pytest.mark.parametrize("step", [1, 2, 3, 7, 100])
def test_known_tags_are_taken_out_of_any_chunks(step: int) -> None:
    text, tags = through("[happy]Hello[action:wave] there [2]. [excited]Look![1,3]", step)
    assert text == "Hello there . Look!"
    assert tags == [
        Tag("emotion", "happy"), Tag("action", "wave"), Tag("citation", "2"),
        Tag("emotion", "happy"), Tag("citation", "1"), Tag("citation", "3"),
    ]  # fmt: skip


def test_an_unknown_tag_says_and_does_nothing() -> None:
    assert through("[action:backflip]Hi [whatever:x]you", 4) == ("Hi you", [])


def test_a_bracket_that_is_no_tag_is_text() -> None:
    assert through("See [the long plan] or [", 3) == ("See [the long plan] or [", [])
    assert through("[" + "x" * 60 + "]", 5)[0] == "[" + "x" * 60 + "]"


@pytest.mark.parametrize(
    "text", ["the [Louvre] in Paris", "[MoMA] opens", "at [10:30]", "[卢浮宫 Louvre]", "[Emil-Nolde] hall"]
)
def test_a_name_in_brackets_is_no_direction(text: str) -> None:
    assert through(text, 3) == (text, [])


@pytest.mark.parametrize(
    "tag", ["[excitedly]", "[pose:proud]", "[half-smiling]", "[微笑着]", "[Happy]", "[stage_left]"]
)
def test_a_word_in_small_letters_is_a_direction_although_nobody_knows_it(tag: str) -> None:
    assert through(f"Hi {tag}you", 3)[0] == "Hi you"


@given(st.text(alphabet="abA[]: 1happy", max_size=60), st.integers(1, 9))
def test_chunks_do_not_matter(text: str, step: int) -> None:
    assert through(text, step) == through(text, 1000)
