"""`visavis visitors forget`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from agent.visitors import Profile, Visitors
from runtime.cli import main


def forget(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["visitors", "forget", *arguments, "--json"])
    return int(ended.value.code or 0)


def test_a_visitor_is_forgotten_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    async def known() -> None:
        visitors = Visitors(tmp_path / ".visavis" / "visitors", 30)
        visitors.keep("visitor-0001", Profile("Anna"))
        await visitors.settled()

    assert forget("visitor-0001") == 0
    assert not (tmp_path / ".visavis").exists()
    asyncio.run(known())
    assert [forget("visitor-0001"), forget("visitor-0001")] == [0, 0]
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told == [{"deleted": False}, {"deleted": True}, {"deleted": False}]
