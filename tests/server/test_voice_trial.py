"""`/api/voices`: what a page asks of an enrolment, and texts that are tried in a voice."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from desk_place import desk_app, desk_client, error, write_desk

from visavis.fakes.launcher import InlineLauncher

ORDER = {"name": "mia", "speaker": "Mia Chen", "company": "Acme Robots"}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    app, house = desk_app(write_desk(tmp_path / "configs"))
    house.launcher = InlineLauncher()  # type: ignore[attr-defined]
    async with desk_client(app) as client:
        yield client


@pytest.fixture
async def task(api: httpx.AsyncClient) -> str:
    return str((await api.post("/voices/tasks", json=ORDER)).json()["taskId"])


async def test_an_enrolment_says_what_is_read_and_what_is_there(api: httpx.AsyncClient, task: str) -> None:
    await api.put(f"/voices/tasks/{task}/recordings/2?name=a.wav", content=b"RIFF")
    found = (await api.get(f"/voices/tasks/{task}/order")).json()
    assert found["script"].startswith("My name is Mia Chen, and I allow Acme Robots")
    assert (found["least_s"], found["most_s"], found["authorised"]) == (50, 90, False)
    assert found["recordings"] == [{"recording": "2", "name": "a.wav", "size": 4, "complete": True}]


def kept(folder: Path) -> list[str]:
    return [each.name for each in folder.rglob("recording-*")]


async def test_a_recording_is_left_out(api: httpx.AsyncClient, task: str, tmp_path: Path) -> None:
    await api.put(f"/voices/tasks/{task}/recordings/1?name=a.wav", content=b"RIFF")
    assert (await api.delete(f"/voices/tasks/{task}/recordings/1")).status_code == 204
    assert (await api.get(f"/voices/tasks/{task}/order")).json()["recordings"] == []
    assert kept(tmp_path) == []
    error(await api.delete(f"/voices/tasks/{task}/recordings/1"), 404, "not_found")


async def test_an_authorisation_that_is_not_decoded_cannot_be_heard(api: httpx.AsyncClient, task: str) -> None:
    error(await api.get(f"/voices/tasks/{task}/consent"), 404, "not_found")


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"rate": 9}, "rate"), ({"emotion": "bored"}, "emotion"), ({"input": "…"}, "input"), ({"path": "/x"}, "path"),
        ({"degree": -1}, "degree"), ({"input": "a" * 5000}, "input"),
    ],
)  # fmt: skip
async def test_a_trial_that_means_nothing_is_refused(
    api: httpx.AsyncClient, changes: dict[str, object], where: str
) -> None:
    assert error(await api.post("/voices/say", json={"input": "Hello."} | changes), 422, "invalid")["where"] == where


async def test_a_dialog_that_is_not_there_is_named(api: httpx.AsyncClient) -> None:
    error(await api.post("/voices/say", json={"input": "Hello.", "dialog": "nowhere"}), 404, "not_found")
