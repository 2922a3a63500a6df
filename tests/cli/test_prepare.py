"""Fixed answers are spoken beforehand, once; an edit costs what it changes, and what has a field waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import KNOWLEDGE, Done, visavis, write_desk

from avatars.voices.prepared import Prepared
from runtime.house import House
from runtime.settings import Installation
from visavis.clock import LoopClock
from visavis.engines import Style

Here = Callable[..., Done]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return write_desk(tmp_path / "configs")


def test_everything_is_spoken_once_and_an_edit_costs_what_it_changes(here: Here, place: Path) -> None:
    first = here("kb", "prepare", "--config", place, "--json").json
    assert first["dialog"] == "museum"
    assert first["spoken"] == first["sentences"] > 6
    assert any((place / "cache").rglob("*")), "the speech is on the disk"
    assert here("kb", "prepare", "--config", place, "--json").json == first | {"spoken": 0}
    edited = KNOWLEDGE.replace('"Yes, a shop."', '"Yes, two shops.", "Hello {name}."')
    (place / "knowledge" / "museum.yaml").write_text(edited, "utf-8")
    told = here("kb", "prepare", "--config", place, "--dialog", "museum").out
    assert told == f"museum: {first['sentences']} sentences are kept, 1 of them spoken just now\n"


def test_what_was_prepared_is_what_is_said(here: Here, place: Path) -> None:
    here("kb", "prepare", "--config", place)
    answer = visavis("ask", "When do you open?", "--config", place, "--json").json
    assert answer["latency"]["stages"]["voice_ms"] < 50


async def test_a_server_speaks_an_edit_in_the_background(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken: list[str] = []
    prepare = Prepared.prepare

    async def noted(voice: Prepared, text: str, style: Style) -> None:
        await prepare(voice, text, style)
        spoken.append(text)

    monkeypatch.setattr(Prepared, "prepare", noted)
    house = await House.open(Installation(place), LoopClock(), visitors=1)
    try:
        dialog = house.dialogs["museum"]
        await dialog.prepared()
        spoken.clear()
        edited = KNOWLEDGE.replace('"Yes, a shop."', '"Yes, two shops.", "Hello {name}."')
        (place / "knowledge" / "museum.yaml").write_text(edited, "utf-8")
        await dialog.reload()
        await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name() == "prepare museum"))
        assert spoken == ["Yes, two shops."]
    finally:
        await house.close()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--dialog", "musem"], "did you mean 'museum'?"),
        (["--config", "none"], "there is no configuration folder"),
    ],
)
def test_a_dialog_that_does_not_exist_is_told(here: Here, place: Path, arguments: list[str], said: str) -> None:
    done = here("kb", "prepare", "--config", place, *arguments)
    assert (done.status, done.out) == (1, "")
    assert said in done.told


def test_a_voice_that_cannot_speak_is_a_failure(here: Here, place: Path) -> None:
    path = place / "dialogs" / "museum.yaml"
    path.write_text(path.read_text("utf-8").replace("en-us", "nowhere"), "utf-8")
    done = here("kb", "prepare", "--config", place)
    assert (done.status, done.out) == (1, "")
    assert "nowhere" in done.told
