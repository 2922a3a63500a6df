"""Only what is addressed to the avatar counts, and for a while after each exchange everything."""

from __future__ import annotations

import pytest

from runtime.hearing.wake import Wake


def test_the_wake_phrase_is_cut_off_wherever_it_stands() -> None:
    wake = Wake(["hey mia"], 10)
    assert wake.addressed("Hey Mia, where is the exit?", 0) == "where is the exit?"
    assert wake.addressed("oh hey mia where is the exit", 0) == "where is the exit"


@pytest.mark.parametrize(
    "text",
    [
        "where is the exit, hey Mia?", "Where is the exit, hey Mia, please?", "hey mia, hey mia, where is the exit",
        "mum wait, hey mia where is the exit", "hey Mia! Oh, hey me a... where is the exit?",
        "where is the exit hey mia",
    ],
)  # fmt: skip
def test_it_may_be_called_before_or_after_and_twice(text: str) -> None:
    said = Wake(["hey mia"], 10).addressed(text, 0)
    assert said is not None
    assert said.strip("?").lower() == "where is the exit"


def test_the_phrase_may_follow_a_chinese_question() -> None:
    assert Wake(["小青"], 10).addressed("门票多少钱，小青？", 0) == "门票多少钱"
    assert Wake(["小青"], 10).addressed("小青小青，门票多少钱", 0) == "门票多少钱"
    assert Wake(["小青"], 10).addressed("小青，小青", 0) == "小青，小青"


@pytest.mark.parametrize("text", ["where is the exit", "hey there", "my aunt", "", "hi", "he may come"])
def test_what_is_said_to_others_does_not_count(text: str) -> None:
    assert Wake(["hey mia"], 10).addressed(text, 0) is None


def test_recognisers_do_not_know_the_name_well() -> None:
    assert Wake(["hey mia"], 10).addressed("hey me a how much is it", 0) == "how much is it"
    assert Wake(["你好小青"], 10).addressed("你好小清，门票多少钱", 0) == "门票多少钱"


def test_the_phrase_alone_stays_to_be_answered() -> None:
    assert Wake(["hey mia"], 10).addressed("Hey Mia!", 0) == "Hey Mia!"


def test_after_an_exchange_it_is_awake_for_a_while() -> None:
    wake = Wake(["hey mia"], 10)
    wake.exchanged(100.0)
    assert wake.addressed("and for children", 109.0) == "and for children"
    assert wake.addressed("and for children", 111.0) is None
    wake.exchanged(50.0)
    assert wake.addressed("and for children", 109.0) == "and for children"
