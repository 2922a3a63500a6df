"""What a visitor sends is data."""

from __future__ import annotations

from agent.visitor import LIMIT, Words, clean


def test_what_is_not_seen_is_taken_out() -> None:
    assert clean("open\u202e\u200b\x00\x1b[31m \n\t now\ufeff\udc80") == Words("open[31m now")


def test_chinese_and_emoji_stay() -> None:
    assert clean(" 几点开门？👋 ") == Words("几点开门？👋")


def test_a_long_text_is_cut_and_says_so() -> None:
    cut = clean("long " * 2_000)
    assert cut.cut
    assert len(cut.text) <= LIMIT
    assert not clean("x" * LIMIT).cut
