"""The journal keeps what the dialog's file says, for as long as it says, and nothing else."""

# ruff: noqa: ASYNC240
from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

import pytest

from agent.days import LARGEST
from agent.journal import Asked, Journal, Keep, read

NOW = datetime(2026, 5, 4, 12, 30)
TEXT = "Call me at 555-123-4567, when do you open?"


async def written(folder: Path, keep: Keep, **more: object) -> list[Asked]:
    journal = Journal(folder, "museum", keep=keep, wall=lambda: NOW)
    journal.note(TEXT, decision="direct", source="faq", id="hours", score=0.91234)
    journal.note("you idiot", decision="fallback", source="review")
    await journal.settled()
    return list(read(folder))


async def test_nothing_at_all_is_written_by_default(tmp_path: Path) -> None:
    assert await written(tmp_path / "j", "off") == []
    assert not (tmp_path / "j").exists()


async def test_personal_data_and_what_was_blocked_are_hidden(tmp_path: Path) -> None:
    first, blocked = await written(tmp_path / "museum", "redacted")
    assert first == Asked(
        "2026-05-04T12:30:00", "museum", "Call me at [phone], when do you open?", "direct", "faq", "hours", 0.912
    )
    assert (blocked.source, blocked.text) == ("review", "")


async def test_everything_is_kept_where_the_file_says_so_for_the_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "museum"
    assert [each.text for each in await written(folder, "full")] == [TEXT, "you idiot"]
    path = folder / "2026-05-04.jsonl"
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


async def test_old_days_are_deleted_even_where_nothing_is_kept_any_more(tmp_path: Path) -> None:
    for name in ("2026-04-03.jsonl", "2026-04-04.jsonl", "2026-99-99.jsonl", "notes.txt"):
        (tmp_path / name).write_text("{}\n")
    journal = Journal(tmp_path, "museum", keep="off", days=30, wall=lambda: NOW)
    journal.sweep()
    await journal.settled()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["2026-04-04.jsonl", "2026-99-99.jsonl", "notes.txt"]


async def test_a_failing_disk_costs_lines_and_one_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    journal = Journal(tmp_path / "file", "museum", keep="full", wall=lambda: NOW)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            journal.note("secret words", decision="direct", source="faq")
            await journal.settled()
    assert len(caplog.records) == 1
    assert "secret words" not in caplog.text


async def test_a_day_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "2026-05-04.jsonl"
    path.write_bytes(b" " * LARGEST)
    await written(tmp_path, "full")
    assert path.stat().st_size == LARGEST


async def test_damaged_lines_are_passed_over(tmp_path: Path) -> None:
    await written(tmp_path, "full")
    with (tmp_path / "2026-05-04.jsonl").open("a") as file:
        file.write('{"at": \n[1]\n{"other": 1}\n')
    assert len(list(read(tmp_path))) == 2
    assert list(read(tmp_path / "nowhere")) == []
