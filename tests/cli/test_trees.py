"""How a server follows edits of its behaviour trees: what is good is taken, what is bad is told once and left."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from desk import write_desk

from behaviors.trees.loading import load_tree
from runtime import trees
from runtime.house import House
from runtime.settings import Installation
from runtime.trees import Trees
from visavis.clock import LoopClock
from visavis.errors import ConfigError, SetupError

SHIPPED = Path(__file__).parents[2] / "configs" / "behaviors"


def kiosk(old: str = "linger_s: 0.6", new: str = "linger_s: 2") -> str:
    """The shipped kiosk with something changed in it."""
    text = (SHIPPED / "kiosk.yaml").read_text("utf-8")
    assert old in text
    return text.replace(old, new)


def save(folder: Path, text: str, name: str = "kiosk.yaml") -> None:
    """As editors do: into a file beside it, which then takes its place."""
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f".{name}.swp"
    beside.write_text(text, "utf-8")
    beside.replace(folder / name)


async def test_a_good_edit_is_taken_and_a_bad_one_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    known = Trees(tmp_path)
    first = known.open("kiosk")
    assert first == load_tree("kiosk")
    save(tmp_path, kiosk())
    await known.reload()
    second = known.current("kiosk")
    assert second != first
    save(tmp_path, kiosk("linger_s: 0.6", "linger_s: soon"))
    await known.reload()
    await known.reload()
    assert known.current("kiosk") is second
    (warning,) = known.warnings()
    line = 1 + kiosk("linger_s: 0.6", "linger_s: soon").partition("soon")[0].count("\n")
    assert warning.startswith(f"tree kiosk: {tmp_path / 'kiosk.yaml'}:{line}: ")
    assert "parameters.linger_s: 'soon' is not a number; write a number" in warning
    assert caplog.text.count("the last good version is") == 1
    save(tmp_path, kiosk() + "# only a remark\n")
    await known.reload()
    assert known.warnings() == []
    assert known.current("kiosk") is second


async def test_without_its_file_a_shipped_tree_is_itself_again_and_an_own_one_stays(tmp_path: Path) -> None:
    save(tmp_path, kiosk())
    save(tmp_path, "tree: bar\nroot: {type: idle}\n", "bar.yaml")
    known = Trees(tmp_path)
    known.open("kiosk")
    bar = known.open("bar")
    for name in ("kiosk.yaml", "bar.yaml"):
        (tmp_path / name).unlink()
    await known.reload()
    assert known.current("kiosk") == load_tree("kiosk")
    assert known.current("bar") is bar
    assert known.warnings() == ["tree bar: there is no behaviour tree named 'bar'; use one of: kiosk, live, widget"]


def test_what_is_wrong_from_the_start_is_raised(tmp_path: Path) -> None:
    save(tmp_path, "tree: kiosk\nroot: {type: ide}\n")
    with pytest.raises(ConfigError, match="did you mean 'idle'"):
        Trees(tmp_path).open("kiosk")
    with pytest.raises(SetupError, match="did you mean 'widget'"):
        Trees(tmp_path).open("wiget")


@asynccontextmanager
async def following(known: Trees) -> AsyncIterator[Callable[[Callable[[], bool]], Awaitable[None]]]:
    """Follow; what is yielded waits until something is so."""

    async def until(so: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not so():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    task = asyncio.create_task(known.follow())
    try:
        yield until
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_the_folder_may_come_later_go_and_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "LOOK_S", 0.02)
    folder = tmp_path / "configs" / "behaviors"
    known = Trees(folder)
    shipped = known.open("kiosk")
    async with following(known) as until:
        save(folder, kiosk())
        await until(lambda: known.current("kiosk") != shipped)
        (folder / "kiosk.yaml").unlink()
        folder.rmdir()
        await until(lambda: known.current("kiosk") == shipped)
        save(folder, "tree: kiosk\nroot: {type: ide}\n")
        await until(lambda: bool(known.warnings()))
        save(folder, kiosk("linger_s: 0.6", "linger_s: 3"))
        await until(lambda: known.current("kiosk") != shipped and not known.warnings())


async def test_a_house_tells_of_a_bad_tree_and_its_sessions_go_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own = write_desk(tmp_path / "configs")
    caplog.set_level(logging.WARNING)
    house = await House.open(Installation(own), LoopClock(), visitors=1)
    try:
        before = house.trees.current("kiosk")
        save(own / "behaviors", "tree: kiosk\nroot: {type: selector, memory: false}\n")
        await house.trees.reload()
        assert any("root.children: the key is missing" in each for each in house.warnings())
        assert "root.children: the key is missing" in caplog.text
        assert house.trees.current("kiosk") is before
    finally:
        await house.close()
