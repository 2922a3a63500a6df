"""How a dialog learns: only what changed, nothing that is broken, at first by words alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from desk import DIALOG, KNOWLEDGE, write_desk

from knowledge import indexed
from knowledge.knowledge import Knowledge
from knowledge.ngrams import NGrams
from runtime.brain import VISIT_S, Brain
from runtime.house import House
from runtime.remembering import Remembering
from runtime.settings import Installation
from visavis.clock import LoopClock
from visavis.errors import EngineError
from visavis.words import Utterance

HOURS = "We are open from nine to five, every day but Monday."


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return write_desk(tmp_path / "configs")


@asynccontextmanager
async def opened(own: Path, *, soon: bool = False) -> AsyncIterator[House]:
    house = await House.open(Installation(own), LoopClock(), visitors=1, soon=soon)
    try:
        yield house
    finally:
        await house.close()


def write(own: Path, text: str, name: str = "museum.yaml") -> None:
    beside = own / "knowledge" / f".{name}.swp"
    beside.write_text(text, "utf-8")
    beside.replace(own / "knowledge" / name)


async def say(knowledge: Knowledge, text: str) -> str:
    found = await knowledge.find(text)
    return found.entry.say[0] if found.entry else found.decision


class Counted:
    """How often the files are opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = 0
        open_, counted = Knowledge.open.__func__, self  # type: ignore[attr-defined]

        async def noted(cls: type[Knowledge], *given: object, **options: object) -> Knowledge:
            counted.times += 1
            return await open_(cls, *given, **options)

        monkeypatch.setattr(Knowledge, "open", classmethod(noted))


# ── edits ──
async def test_an_edit_leaves_the_dialogs_alone_that_do_not_know_the_library(own: Path) -> None:
    second = DIALOG.replace("dialog: museum", "dialog: second").replace("[museum]", "[other]")
    (own / "dialogs" / "second.yaml").write_text(second, "utf-8")
    write(own, KNOWLEDGE.replace("knowledge: museum", "knowledge: other"), "other.yaml")
    async with opened(own) as house:
        first, other = (house.dialogs[name] for name in ("museum", "second"))
        before = first.knowledge, other.knowledge
        write(own, KNOWLEDGE.replace("nine to five", "ten to six"))
        for each in (first, other):
            await each.reload()
        assert first.knowledge is not before[0]
        assert other.knowledge is before[1]
        assert "ten to six" in await say(first.knowledge, "When do you open?")


async def test_many_edits_at_once_are_read_once(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(own) as house:
        dialog = house.dialogs["museum"]
        counted = Counted(monkeypatch)
        for hour in range(50):
            write(own, KNOWLEDGE.replace("nine to five", f"hour {hour}"))
        await asyncio.gather(*(dialog.reload() for _ in range(50)))
        assert counted.times == 1
        assert "hour 49" in await say(dialog.knowledge, "When do you open?")


async def test_a_mistake_in_a_second_file_keeps_all_and_goes_with_its_correction(own: Path) -> None:
    async with opened(own) as house:
        dialog = house.dialogs["museum"]
        more = "knowledge: museum\nlanguage: en\nfaq: {items: [{id: cats, ask: [Do cats get in?], say: They do.}]}\n"
        write(own, more, "more.yaml")
        await dialog.reload()
        good = dialog.knowledge
        write(own, more.replace("say:", "sya:"), "more.yaml")
        await dialog.reload()
        assert dialog.knowledge is good
        assert [each for each in house.warnings() if "more.yaml:3" in each and "sya" in each]
        assert await say(good, "Do cats get in?") == "They do."
        write(own, more, "more.yaml")
        await dialog.reload()
        assert house.warnings() == [each for each in house.warnings() if "sya" not in each]
        (own / "knowledge" / "more.yaml").unlink()
        await dialog.reload()
        assert await say(dialog.knowledge, "Do cats get in?") == "fallback"


async def test_a_mistake_goes_when_the_file_that_was_there_before_is_put_back(own: Path) -> None:
    async with opened(own) as house:
        dialog, file = house.dialogs["museum"], own / "knowledge" / "museum.yaml"
        write(own, KNOWLEDGE.replace("nine to five", "ten to six"))
        await dialog.reload()
        file.rename(own / "museum.good")
        write(own, KNOWLEDGE.replace("say:", "sya:"))
        await dialog.reload()
        assert dialog.bad_edit is not None
        (own / "museum.good").replace(file)
        await dialog.reload()
        assert dialog.bad_edit is None
        assert "ten to six" in await say(dialog.knowledge, "When do you open?")


# ── a visit ──
async def test_a_visit_ends_on_what_it_began_with(own: Path) -> None:
    async with opened(own) as house:
        dialog, clock = house.dialogs["museum"], house.clock
        brains = [
            Brain(lambda: dialog.knowledge, lambda known: dialog._mind(known, clock, 0), remembering)
            for remembering in (Remembering(dialog, lambda: None, clock) for _ in range(2))
        ]

        async def answered(brain: Brain, at: float) -> str:
            reply = await brain.answer(Utterance("When do you open?", "en", "text", at, at))
            return " ".join([each.text async for each in reply.sentences])

        assert await answered(brains[0], 100) == HOURS
        write(own, KNOWLEDGE.replace("nine to five", "ten to six"))
        await dialog.reload()
        assert await answered(brains[0], 110) == HOURS
        assert "ten to six" in await answered(brains[1], 110)
        assert await answered(brains[0], 110 + VISIT_S) == HOURS
        brains[0].forget()
        assert "ten to six" in await answered(brains[0], 131)


async def test_who_asks_after_a_while_gets_the_newest(own: Path) -> None:
    async with opened(own) as house:
        dialog, clock = house.dialogs["museum"], house.clock
        remembering = Remembering(dialog, lambda: None, clock)
        brain = Brain(lambda: dialog.knowledge, lambda known: dialog._mind(known, clock, 0), remembering)
        await brain.answer(Utterance("Is there a shop?", "en", "text", 5, 5))
        write(own, KNOWLEDGE.replace("nine to five", "ten to six"))
        await dialog.reload()
        reply = await brain.answer(Utterance("When do you open?", "en", "text", 26, 26))
        said = [each.text async for each in reply.sentences]
        assert "ten to six" in said[0]


# ── the first index ──
class Gated(NGrams):
    """Embeds a batch whenever it is let; fails where it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.asked = asyncio.Event(), asyncio.Event()
        self.fails: Exception | None = None

    async def embed(self, texts: Sequence[str]) -> np.ndarray:
        if len(texts) > 1:
            self.asked.set()
            await self.gate.wait()
        if self.fails is not None:
            raise self.fails
        return await super().embed(texts)


@pytest.fixture
def gated(monkeypatch: pytest.MonkeyPatch) -> Gated:
    embedder = Gated()

    async def chosen(house: House, language: str) -> Gated:
        return embedder

    monkeypatch.setattr(House, "embedder", chosen)
    monkeypatch.setattr(indexed, "FIRST", 1)
    return embedder


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        for _ in iter(true, True):
            await asyncio.sleep(0.01)


async def test_a_first_index_answers_by_words_tells_how_far_it_is_and_ends(
    own: Path, gated: Gated, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(own, soon=True) as house:
        dialog = house.dialogs["museum"]
        assert await say(dialog.knowledge, "When do you open?") == HOURS
        assert await say(dialog.knowledge, "is there any shop") != "fallback"
        assert any("being indexed (0 %)" in each for each in house.warnings())
        house.attend()
        await gated.asked.wait()
        gated.gate.set()
        await until(lambda: dialog.knowledge.whole)
        assert not any("index" in each for each in house.warnings())
        assert await say(dialog.knowledge, "When do you open?") == HOURS
        assert "museum: its questions are indexed" in caplog.text


async def test_an_edit_during_the_first_index_is_live_at_once_and_indexed_with_the_rest(
    own: Path, gated: Gated
) -> None:
    async with opened(own, soon=True) as house:
        dialog = house.dialogs["museum"]
        dialog.attend()
        await gated.asked.wait()
        write(own, KNOWLEDGE.replace("nine to five", "ten to six"))
        await dialog.reload()
        assert not dialog.knowledge.whole
        assert "ten to six" in await say(dialog.knowledge, "When do you open?")
        gated.gate.set()
        await until(lambda: dialog.knowledge.whole)
        assert "ten to six" in await say(dialog.knowledge, "When do you open?")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (EngineError("embedder", "it is out of order"), "embedder: it is out of order"),
        (MemoryError("too much"), "MemoryError: too much"),
    ],
)
async def test_an_index_that_fails_is_told_and_words_go_on_answering(
    own: Path, gated: Gated, error: Exception, told: str
) -> None:
    gated.gate.set()
    gated.gate.set()
    async with opened(own, soon=True) as house:
        dialog = house.dialogs["museum"]
        gated.fails = error
        dialog.attend()
        await until(lambda: any(f"cannot be indexed: {told}" in w for w in house.warnings()))
        gated.fails = None
        assert await say(dialog.knowledge, "When do you open?") == HOURS


async def test_a_house_that_closes_while_it_indexes_leaves_nothing_behind(own: Path, gated: Gated) -> None:
    before = asyncio.all_tasks()
    async with opened(own, soon=True) as house:
        house.attend()
        await gated.asked.wait()
    assert asyncio.all_tasks() == before
