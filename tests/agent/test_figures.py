"""A figure is what it means, however it is written: what a source states may be said in other digits and words."""

from __future__ import annotations

import pytest

from agent.figures import Stated
from agent.numerals import digits

SAME = [
    ("We open at nine.", "We open at 9 am."),
    ("We open at 9:00.", "We open at nine o'clock."),
    ("We are open 10:30-17:00.", "We open at half past ten and close at five."),
    ("We open at 9:30.", "From nine thirty."),
    ("We open at 17:00.", "At five p.m."),
    ("Until 5 pm.", "Until 17:00."),
    ("The cafe opens at noon.", "It opens at twelve o'clock."),
    ("每天上午九点到下午六点营业。", "我们九点开门，晚上六点关门。"),
    ("下午三点半关门", "15:30关门"),
    ("门票三十元。", "门票30元。"),
    ("一千二百元", "1,200元"),
    ("12万人来过", "十二万人来过"),
    ("优惠百分之十", "优惠10%"),
    ("建于2026年", "建于二〇二六年"),
    ("周二至周日开放", "星期五开放"),
    ("Tickets: 3.50 €", "A ticket is three euros fifty."),
    ("Tickets: 3.50 €", "A ticket costs 3,50 euros."),
    ("A discount of ten percent.", "You get 10% off."),
    ("Call 030 123 45 67.", "Call 030 1234567."),
    ("Call +49 30 1234567.", "You can call +49-30-1234567."),
    ("Call +49 30 1234567.", "Call four nine three zero one two three four five six seven."),
    ("The tower is forty metres high.", "It is 40 m high."),
    ("Open every day but Monday.", "We are closed on Mondays."),
    ("Open Tuesday to Sunday.", "We are open on Friday."),
    ("The tour takes 90 minutes.", "The tour takes an hour and a half."),
    ("The tour takes half an hour.", "It is 30 minutes long."),
    ("Founded in 1984.", "It was founded in nineteen eighty-four."),
    ("Exhibition until 2026-05-07.", "It runs until 7 May 2026."),
    ("1,200 visitors", "twelve hundred visitors"),
    ("It has 3 floors.", "It is on the third floor."),
    ("We have a cafe.", "This is one of the best, and you may march on for one moment."),
    ("有茶", "十分好喝，一起来一杯吧，万一呢？"),
    ("打九折", "打9折"),
]  # fmt: skip
OTHER = [
    ("We open at nine. A ticket costs 12 euros.", "A ticket costs 9 euros."),
    ("A ticket costs 12 euros.", "A ticket costs twelve dollars."),
    ("We are open 10:30-17:00.", "We open at half past nine."),
    ("We open at 5 pm.", "We open at 5 am."),
    ("每天上午9点到下午6点营业。", "我们晚上九点关门。"),
    ("门票30元。", "门票四十元。"),
    ("有茶", "一共三种茶"),
    ("免费", "中午十二点前免费"),
    ("周一至周五开放", "周六开放"),
    ("Open Mon-Fri.", "We are open on Saturday."),
    ("A discount of ten percent.", "You get 15% off."),
    ("Call 030 123 45 67.", "Call 030 1234568."),
    ("Exhibition until 7 May.", "It runs until 8 May."),
    ("Exhibition until 7 May.", "It runs until 7 June."),
    ("The tour takes 90 minutes.", "The tour takes two hours."),
    ("Founded in 1984.", "Founded in 1985."),
    ("", "A ticket costs five euros."),
]  # fmt: skip


@pytest.mark.parametrize(("source", "said"), SAME)
def test_the_same_figure_in_other_words_is_stated(source: str, said: str) -> None:
    assert not Stated([source]).unstated(said), digits(said)


@pytest.mark.parametrize(("source", "said"), OTHER)
def test_another_figure_is_not(source: str, said: str) -> None:
    assert Stated([source]).unstated(said), digits(said)
