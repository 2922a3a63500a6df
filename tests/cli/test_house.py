"""What a server keeps open: it opens as a whole or not at all, follows edits, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from desk import DIALOG, KNOWLEDGE, write_desk

from behaviors.wording import wording
from runtime.ask import ask
from runtime.dialog import LiveDialog
from runtime.house import House
from runtime.settings import Installation
from visavis.clock import LoopClock
from visavis.engines import Context
from visavis.errors import ConfigError, EngineError

HOURS = "We are open from nine to five, every day but Monday."


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A configuration folder that the test may change."""
    return write_desk(tmp_path / "configs")


@asynccontextmanager
async def opened(own: Path) -> AsyncIterator[House]:
    house = await House.open(Installation(own), LoopClock(), visitors=1)
    try:
        yield house
    finally:
        await house.close()


def processes() -> set[int]:
    return {each.pid for each in psutil.Process().children(recursive=True) if each.status() != psutil.STATUS_ZOMBIE}


async def said(house: House, text: str) -> str:
    answer = await ask(house.dialogs["museum"], text, house.clock)
    return str(answer["text"])


def films(folder: Path) -> list[Path]:
    return list(folder.glob("*.mp4"))


# ── opening and closing ──
async def test_a_dialog_that_cannot_be_opened_takes_everything_down_again(own: Path) -> None:
    second = DIALOG.replace("dialog: museum", "dialog: second").replace("en-us", "nowhere")
    (own / "dialogs" / "second.yaml").write_text(second, "utf-8")
    before = processes(), asyncio.all_tasks()
    with pytest.raises(ConfigError, match=r"second\.yaml:4: tts\.voice"):
        await House.open(Installation(own), LoopClock(), visitors=1)
    assert (processes(), asyncio.all_tasks()) == before


@pytest.mark.parametrize("steps", [1, 5, 40])
async def test_opening_can_be_given_up_at_any_moment(own: Path, steps: int) -> None:
    before = processes(), asyncio.all_tasks()
    opening = asyncio.create_task(House.open(Installation(own), LoopClock(), visitors=1))
    for _ in range(steps):
        await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert (processes(), asyncio.all_tasks()) == before


async def test_closing_twice_is_closing_once(own: Path) -> None:
    before = processes(), asyncio.all_tasks()
    house = await House.open(Installation(own), LoopClock(), visitors=1)
    house.attend()
    assert len(processes()) > len(before[0])
    await house.close()
    await house.close()
    assert (processes(), asyncio.all_tasks()) == before


async def test_a_shared_pool_ends_with_the_last_who_uses_it(own: Path) -> None:
    house, before = House(Installation(own), LoopClock()), processes()
    service = "avatars.voices.espeak_service:EspeakService"
    one, other = [await house.launcher.pool(service) for _ in range(2)]
    assert len(processes() - before) == 1
    await one.close()
    await one.close()
    assert len(processes() - before) == 1
    await other.close()
    assert processes() == before
    again = await house.launcher.pool(service)
    assert len(processes() - before) == 1
    await house.close()
    await again.close()
    assert processes() == before


async def test_dialogs_stand_in_the_order_of_their_files(own: Path) -> None:
    for name in ("zebra", "alpha"):
        text = DIALOG.replace("dialog: museum", f"dialog: {name}")
        (own / "dialogs" / f"{name}.yaml").write_text(text, "utf-8")
    async with opened(own) as house:
        assert list(house.dialogs) == ["alpha", "museum", "zebra"]


async def test_the_first_question_loads_nothing_more(own: Path) -> None:
    wording.cache_clear()
    async with opened(own) as house:
        loaded, read = set(sys.modules), wording.cache_info().misses
        assert read >= 1
        assert await said(house, "Is there a shop here?")
        assert wording.cache_info().misses == read
        assert set(sys.modules) == loaded


# ── what cannot start is left out, and told ──
def break_engine(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    from runtime import parts

    class Broken:
        @classmethod
        async def open(cls, context: Context, **options: Any) -> None:
            raise EngineError(kind, "it does not start")

    found = parts.engine_class
    monkeypatch.setattr(parts, "engine_class", lambda wanted, *rest: Broken if wanted == kind else found(wanted, *rest))


async def test_without_its_key_a_language_model_is_off_and_the_rest_works(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    llm = "llm: {url: 'http://127.0.0.1:9/v1', model: m, key_env: NO_SUCH_KEY}\n"
    (own / "dialogs" / "museum.yaml").write_text(DIALOG + llm, "utf-8")
    async with opened(own) as house:
        assert any("museum: the language model is off" in each and "NO_SUCH_KEY" in each for each in house.warnings())
        assert await said(house, "When do you open?") == HOURS


async def test_a_language_that_no_dialog_speaks_is_left_out_of_the_switch(own: Path) -> None:
    (own / "dialogs" / "museum.yaml").write_text(f"{DIALOG}page: {{languages: [museum, teahouse]}}\n", "utf-8")
    async with opened(own) as house:
        assert "museum: page.languages: there is no dialog named teahouse" in house.warnings()
        assert [each["dialog"] for each in house.dialogs["museum"].facts()["languages"]] == ["museum"]


async def test_without_a_recogniser_the_visitor_types(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    break_engine(monkeypatch, "asr")
    (own / "dialogs" / "museum.yaml").write_text(f"{DIALOG}asr: {{engine: pocketsphinx}}\n", "utf-8")
    async with opened(own) as house:
        assert house.warnings() == ["museum: speech recognition is off: asr: it does not start"]
        assert house.dialogs["museum"].facts()["asr"] is False
        assert await said(house, "When do you open?") == HOURS


async def test_without_a_voice_the_text_stands_in_for_it(
    own: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    break_engine(monkeypatch, "tts")
    async with opened(own) as house:
        assert "museum: the voice is off: tts: it does not start" in house.warnings()
        answer = await ask(house.dialogs["museum"], "When do you open?", house.clock)
        assert (answer["text"], answer["latency"]) == (HOURS, None)
        with pytest.raises(EngineError, match="the voice is off"):
            await ask(house.dialogs["museum"], "hello", house.clock, out=tmp_path / "reply.mp4")
        assert films(tmp_path) == []


# ── edits ──
class Following:
    """A house that follows edits; `taken` returns when it has looked at the files once more."""

    def __init__(self, house: House, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.house, self.path = house, own / "knowledge" / "museum.yaml"
        self.dialog = house.dialogs["museum"]
        self._looked = asyncio.Event()
        reload = LiveDialog.reload

        async def noted(dialog: LiveDialog) -> None:
            await reload(dialog)
            self._looked.set()

        monkeypatch.setattr(LiveDialog, "reload", noted)

    def write(self, text: str) -> None:
        """As editors do: a file beside it, then its name."""
        beside = self.path.with_name(".museum.yaml.swp")
        beside.write_text(text, "utf-8")
        beside.replace(self.path)

    async def taken(self) -> None:
        async with asyncio.timeout(30):
            await self._looked.wait()
        self._looked.clear()


@pytest.fixture
async def following(own: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Following]:
    async with opened(own) as house:
        made = Following(house, own, monkeypatch)
        house.attend()
        for _ in range(3):
            await asyncio.sleep(0)
        yield made


def buttons(following: Following) -> list[str]:
    return [choice.text for choice in following.dialog.facts()["buttons"]]


async def test_an_edit_is_known_at_the_next_question(following: Following) -> None:
    following.write(
        KNOWLEDGE.replace("nine to five", "ten to six").replace('["Is there a shop?"]', '["Where is the shop?"]')
    )
    await following.taken()
    assert await said(following.house, "When do you open?") == "We are open from ten to six, every day but Monday."
    assert buttons(following) == ["What are your opening hours?", "Where is the shop?"]
    assert following.dialog.bad_edit is None


async def test_a_bad_edit_is_told_and_the_last_good_version_stays(following: Following) -> None:
    following.write(KNOWLEDGE.replace("action: nod", "acton: nod"))
    await following.taken()
    warning = next(each for each in following.house.warnings() if "acton" in each)
    assert warning.startswith(f"museum: {following.path}:8: faq.items[0].acton: ")
    assert await said(following.house, "When do you open?") == HOURS
    following.write(KNOWLEDGE.replace("nine to five", "one to two"))
    await following.taken()
    assert following.dialog.bad_edit is None
    assert "one to two" in await said(following.house, "When do you open?")


async def test_a_file_that_goes_leaves_what_it_said(following: Following) -> None:
    following.path.unlink()
    await following.taken()
    assert "museum" in str(following.dialog.bad_edit)
    assert await said(following.house, "When do you open?") == HOURS


async def test_a_burst_of_edits_ends_with_the_last(following: Following) -> None:
    for hour in range(20):
        following.write(KNOWLEDGE.replace("nine to five", f"hour {hour}") if hour % 3 else "broken: [")
        await asyncio.sleep(0)
    following.write(KNOWLEDGE.replace("nine to five", "noon to midnight"))
    while "noon to midnight" not in await said(following.house, "When do you open?"):
        await following.taken()
    assert following.dialog.bad_edit is None


async def test_an_edit_that_breaks_the_reader_does_not_end_the_following(
    following: Following, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looked = asyncio.Event()
    well = LiveDialog.reload

    async def broken(dialog: LiveDialog) -> None:
        looked.set()
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(LiveDialog, "reload", broken)
    following.write(KNOWLEDGE + "\n")
    async with asyncio.timeout(30):
        await looked.wait()
    monkeypatch.setattr(LiveDialog, "reload", well)
    following.write(KNOWLEDGE.replace("nine to five", "ten to six"))
    await following.taken()
    assert "ten to six" in await said(following.house, "When do you open?")
    assert "unforeseen" in caplog.text
