"""What a model thinks aloud is nobody's business."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.thoughts import ThoughtFilter


def said(text: str, step: int) -> str:
    thoughts = ThoughtFilter()
    return "".join([thoughts.feed(text[i : i + step]) for i in range(0, len(text), step)]) + thoughts.end()


@pytest.mark.parametrize("step", [1, 2, 3, 5, 100])
def test_thoughts_are_left_out_of_any_chunks(step: int) -> None:
    assert said("<think>What do they want? <b></think>Hello. 1 < 2 <th", step) == "Hello. 1 < 2 <th"
    assert said("<think>without an end", step) == ""


@given(st.text(alphabet="<>/think a", max_size=60), st.integers(1, 9))
def test_chunks_do_not_matter(text: str, step: int) -> None:
    assert said(text, step) == said(text, 1000)
