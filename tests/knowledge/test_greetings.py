from __future__ import annotations

import random
from datetime import datetime

import pytest

from knowledge.greetings import Greetings
from knowledge.schema import Greeting

NOON = datetime(2026, 11, 20, 12, 0)


def greeting(name="g", **keys) -> Greeting:
    return Greeting.model_validate({"id": name, "on": "enter", "say": "Hi", **keys})


def pick(occasion, *items, now=NOON, **keys):
    found = Greetings(items).pick(occasion, now, random.Random(1), **keys)
    return found.id if found else None


def test_a_greeting_is_said_on_its_occasion_alone():
    assert pick("enter", greeting()) == "g"
    assert pick("return", greeting()) is None


def test_who_comes_for_the_first_time_is_at_least_greeted_as_one_who_enters():
    assert pick("first_visit", greeting()) == "g"
    assert pick("first_visit", greeting(), greeting("first", on="first_visit")) == "first"


def test_one_that_rests_or_is_switched_off_is_passed_over():
    assert pick("enter", greeting("a"), greeting("b"), avoid=["a"]) == "b"
    assert pick("enter", greeting("a", enabled=False)) is None


def test_one_of_several_is_picked_by_the_seed():
    items = [greeting(each) for each in "abcdef"]
    found = {Greetings(items).pick("enter", NOON, random.Random(seed)).id for seed in range(60)}
    assert found == set("abcdef")


@pytest.mark.parametrize(("quiet", "expected"), [(59, None), (60, "g"), (600, "g")])
def test_an_idle_greeting_waits(quiet, expected):
    assert pick("idle", greeting(on="idle"), quiet_s=quiet) == expected
    assert Greetings([greeting(on="idle", after="90s")]).idle_after_s() == 90


@pytest.mark.parametrize(
    ("keys", "now", "expected"),
    [
        ({"at": "12:00"}, NOON, "g"),
        ({"at": "12:01"}, NOON, None),
        ({"every": "1h"}, NOON, "g"),
        ({"every": "1h"}, NOON.replace(minute=30), None),
        ({"every": "30m"}, NOON.replace(minute=30), "g"),
        ({}, NOON, None),
    ],
)
def test_a_greeting_by_the_clock(keys, now, expected):
    assert pick("time", greeting(on="time", **keys), now=now) == expected


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({"from": "2026-11-20"}, "g"),
        ({"from": "2026-11-21"}, None),
        ({"until": "2026-11-20"}, "g"),
        ({"until": "2026-11-19"}, None),
        ({"until": "2026-11-20T12:00"}, None),
        ({"from": "2026-11-20T11:59", "until": "2026-11-20T12:01"}, "g"),
    ],
)
def test_a_window_of_validity_includes_its_last_day(window, expected):
    assert pick("enter", greeting(**window)) == expected
