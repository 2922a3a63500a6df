"""What counts as the avatar's own voice."""

from __future__ import annotations

import pytest

from runtime.hearing.echo import Echo

SAID = "We are open from nine to five, every day but Monday."


def saying(text: str = SAID) -> Echo:
    echo = Echo()
    echo.saying(text, 10.0)
    return echo


@pytest.mark.parametrize(
    "heard",
    ["we are open from nine", "nine to five every day", "open form nine two five every day", "monday", "Nine to"],
)
def test_a_piece_of_it_is_echo_even_misheard(heard: str) -> None:
    assert saying().contains(heard, 10.5)


@pytest.mark.parametrize("heard", ["stop", "where are the restrooms", "mon", "no", "how much is it on monday", ""])
def test_other_words_are_the_visitors(heard: str) -> None:
    assert not saying().contains(heard, 10.5)


def test_the_room_rings_on_for_a_moment() -> None:
    echo = saying()
    echo.saying(None, 12.0)
    assert echo.contains("every day but monday", 12.4)
    assert not echo.contains("every day but monday", 14.0)


def test_an_echo_may_span_two_sentences() -> None:
    echo = saying()
    echo.saying("Can I help you with anything else?", 12.0)
    assert echo.contains("day but monday can i help you", 11.5)


def test_chinese_is_compared_by_character() -> None:
    echo = saying("我们每天上午九点开门。")
    assert echo.contains("每天上午九点", 10.5)
    assert not echo.contains("洗手间在哪里", 10.5)
