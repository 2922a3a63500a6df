"""Visitors who agree are known again, for a while, and forgotten at a word."""

# ruff: noqa: ASYNC240
from __future__ import annotations

import os
from pathlib import Path

import pytest

from agent.visitors import DAY_S, Profile, Visitors


class Wall:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


async def test_a_visitor_is_known_again(tmp_path: Path) -> None:
    visitors = Visitors(tmp_path / "v", 30, Wall())
    profile = await visitors.meet("visitor-0001", "Anna")
    assert (profile.visits, profile.name) == (1, "Anna")
    visitors.keep("visitor-0001", profile.learned("I like tea").about("tea"))
    again = await visitors.meet("visitor-0001")
    assert again == Profile("Anna", 1_000_000.0, 2, ("I like tea",), ("tea",))
    assert again.told() == {"name": "Anna", "facts": ["I like tea"], "last_topics": ["tea"]}


async def test_files_do_not_tell_who_it_is_and_are_the_owners_alone(tmp_path: Path) -> None:
    visitors = Visitors(tmp_path / "v", 30)
    visitors.keep("visitor-0001", Profile("Anna"))
    await visitors.settled()
    names = sorted(each.name for each in (tmp_path / "v").iterdir())
    assert len(names) == 2
    assert "visitor-0001" not in "".join(names)
    for path in (tmp_path / "v").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        assert b"visitor-0001" not in path.read_bytes()


async def test_dialogs_that_share_a_folder_name_the_files_alike_from_the_first(tmp_path: Path) -> None:
    dialogs = [Visitors(tmp_path / "v", 30) for _ in range(16)]
    for each in dialogs:
        each.keep("visitor-0001", Profile("Anna"))
    for each in dialogs:
        await each.settled()
    assert len(list((tmp_path / "v").iterdir())) == 2, "one key, one visitor"


async def test_a_deleted_visitor_stays_deleted_while_the_session_goes_on(tmp_path: Path) -> None:
    visitors = Visitors(tmp_path, 30)
    profile = await visitors.meet("visitor-0001", "Anna")
    visitors.keep("visitor-0001", profile)
    assert await visitors.delete("visitor-0001")
    visitors.keep("visitor-0001", profile)
    assert not await visitors.delete("visitor-0001")
    assert (await visitors.meet("visitor-0001")).visits == 1


async def test_after_its_days_a_file_goes(tmp_path: Path) -> None:
    wall = Wall()
    visitors = Visitors(tmp_path, 30, wall)
    visitors.keep("visitor-0001", Profile("Anna"))
    await visitors.settled()
    for path in tmp_path.glob("*.json"):
        os.utime(path, (wall.now, wall.now))
    wall.now += 31 * DAY_S
    assert (await visitors.meet("visitor-0001")).name == ""
    assert not list(tmp_path.glob("*.json"))


async def test_a_damaged_file_and_a_failing_disk_cost_the_memory_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    visitors = Visitors(tmp_path / "v", 30)
    visitors.keep("visitor-0001", Profile("Anna"))
    await visitors.settled()
    next((tmp_path / "v").glob("*.json")).write_text("{")
    assert (await visitors.meet("visitor-0001")).visits == 1
    (tmp_path / "file").write_text("")
    lost = Visitors(tmp_path / "file", 30)
    assert (await lost.meet("visitor-0001", "Anna")).name == "Anna"
    lost.keep("visitor-0001", Profile("Anna"))
    await lost.settled()
    assert "Anna" not in caplog.text


def test_facts_are_what_the_visitor_says_of_himself_without_personal_data() -> None:
    profile = Profile()
    for text in (
        "When do you open?",
        "Do I like it?",
        "I live at 555-123-4567",
        "我喜欢龙井茶",
        "nice",
        "I like it",
        "I like it",
    ):
        profile = profile.learned(text)
    assert profile.facts == ("I live at [phone]", "我喜欢龙井茶", "I like it")
    for number in range(9):
        profile = profile.learned(f"I like number {number}").about(f"topic-{number}")
    assert len(profile.facts) == len(profile.topics) == 5
