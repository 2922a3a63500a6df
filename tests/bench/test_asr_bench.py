"""The recogniser's bench counts what it says it counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.cases import Case
from runtime.bench.asr import bench_asr, faq
from runtime.bench.asr.barista import slots
from runtime.bench.asr.faq import Fate
from visavis.errors import SetupError


def test_an_order_says_each_slot_with_its_longest_value() -> None:
    assert slots("can I have a medium roast twelve ounce iced mocha with a little bit of brown sugar and milk") == {
        "coffeeDrink": "iced mocha",
        "milkAmount": "milk",
        "roast": "medium roast",
        "size": "twelve ounce",
        "sugarAmount": "a little bit of brown sugar",
    }
    assert slots("a medium dark roast latte")["size"] == "medium"
    assert slots("toilet about post office") == {}


def test_what_is_offered_is_neither_right_nor_wrong() -> None:
    hours, stray = Case("when do you open", "hours"), Case("who won")
    fates = [
        Fate(hours, "clean", "hours"),
        Fate(hours, "babble", None, ("prices", "hours")),
        Fate(hours, "babble", "prices"),
        Fate(hours, "clean", None),
        Fate(stray, "clean", "prices"),
        Fate(stray, "clean", None),
    ]
    values = {row.name: row.value for row in faq._rows(fates)}
    assert values["spoken FAQ, unseen: right"] == 0.25
    assert values["spoken FAQ, unseen: right or offered"] == 0.5
    assert values["spoken FAQ, unseen: wrong given"] == 0.25
    assert values["spoken off-topic: answered"] == 0.5


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="nowhere"):
        await bench_asr(tmp_path, data=tmp_path / "nowhere")
