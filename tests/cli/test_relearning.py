"""A dialog's recogniser is taught the words of an edit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from desk import DIALOG, KNOWLEDGE, write_desk

from runtime import dialog
from runtime.house import House
from runtime.settings import Installation
from visavis.clock import LoopClock
from visavis.fakes.asr import FakeAsr


class Pupil(FakeAsr):
    """A recogniser that keeps what it is taught."""

    def __init__(self) -> None:
        super().__init__()
        self.taught: asyncio.Queue[Sequence[str]] = asyncio.Queue()

    async def learn(self, phrases: Sequence[str]) -> None:
        self.taught.put_nowait(phrases)


async def test_the_words_of_an_edit_are_taught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, pupil = write_desk(tmp_path / "configs"), Pupil()
    spoken = DIALOG + "asr: {engine: pocketsphinx, turn: [vad]}\n"
    (own / "dialogs" / "museum.yaml").write_text(spoken, "utf-8")

    async def made(*given: Any) -> Pupil:
        return pupil

    monkeypatch.setattr(dialog, "made", made)
    house = await House.open(Installation(own), LoopClock(), visitors=1)
    try:
        museum = house.dialogs["museum"]
        (own / "knowledge" / "museum.yaml").write_text(KNOWLEDGE + "\n# only a remark\n", "utf-8")
        await museum.reload()
        (own / "knowledge" / "museum.yaml").write_text(KNOWLEDGE.replace("nine to five", "noon in Xanadu"), "utf-8")
        await museum.reload()
        taught = await pupil.taught.get()
        assert any("Xanadu" in phrase for phrase in taught)
        assert pupil.taught.empty()
    finally:
        await house.close()
    assert pupil.closed
