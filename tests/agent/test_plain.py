"""What is left of a model's text when markup and emoji are taken out."""

from __future__ import annotations

import pytest

from agent.improvise import plain


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("**Now** 😀 👍🏽 go `there`", "Now   go there"),
        ("水温95℃，房间25㎡", "水温95℃，房间25㎡"),
        ("Keep it at 25 °C.", "Keep it at 25 °C."),
        ("हिन्दी", "हिन्दी"),
        ("ไทยที่นี่", "ไทยที่นี่"),
        ("cafe\u0301", "cafe\u0301"),
        ("❤\ufe0f 1\ufe0f\u20e3", " 1"),
        ("one\ntwo\u202e", "one\ntwo"),
    ],
)
def test_words_in_any_script_and_units_stay(written: str, said: str) -> None:
    assert plain(written) == said
