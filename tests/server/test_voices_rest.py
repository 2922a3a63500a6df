"""`/api/voices`: a voice enrolled by a client, from upload to revocation, and what is refused on the way."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile

sys.path.insert(0, str(Path(__file__).parent))

from desk_place import desk_app, desk_client, error, write_desk

from avatars.voices.enrol.inspect import amount
from avatars.voices.enrol.store import Store
from visavis.fakes.launcher import InlineLauncher

ORDER = {"name": "mia", "speaker": "王芳", "company": "星河科技", "language": "zh"}
RESULT = {
    "msg", "stage", "voice", "taskId", "tenant", "modelUrl", "taskType", "taskStatus", "stageStatus", "updatedTime",
    "sampleAudioUrl", "progress",
}  # fmt: skip


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server whose workers live in this process."""
    app, house = desk_app(write_desk(tmp_path / "configs"))
    house.launcher = InlineLauncher()  # type: ignore[attr-defined]
    async with desk_client(app) as client:
        yield client


@pytest.fixture
def clips(testdata: Callable[[str], Path], tmp_path: Path) -> dict[str, bytes]:
    """Two recordings and an authorisation by one speaker, and one by another."""
    folder, made = testdata("speech/librispeech"), {}
    parts = {"1": ("1998", 0, 2), "2": ("1998", 2, 3), "consent": ("1998", 3, 5), "other": ("367", 3, 4)}
    for name, (speaker, begin, end) in parts.items():
        files = sorted(folder.rglob(f"{speaker}-*.flac"))[begin:end]
        path = tmp_path / f"{name}.wav"
        soundfile.write(path, np.concatenate([soundfile.read(each, dtype="int16")[0] for each in files]), 16_000)
        made[name] = path.read_bytes()
    return made


async def created(api: httpx.AsyncClient, **changes: Any) -> str:
    made = await api.post("/voices/tasks", json=ORDER | changes)
    assert made.status_code == 201, made.text
    return str(made.json()["taskId"])


async def settled(api: httpx.AsyncClient, task: str) -> dict[str, Any]:
    """The task once nothing is done for it any more."""
    while (found := (await api.get(f"/voices/tasks/{task}")).json())["taskStatus"] in (1, 2):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    return dict(found)


async def test_a_voice_from_upload_to_revocation(
    api: httpx.AsyncClient, clips: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(amount.AMOUNTS, "fast", amount.Amount(15, 90, 600))
    task = await created(api)
    half = len(clips["1"]) // 2
    for begin, end in ((0, half), (half, len(clips["1"]))):
        head = {"Content-Range": f"bytes {begin}-{end - 1}/{len(clips['1'])}"}
        address = f"/voices/tasks/{task}/recordings/1?name=one.wav"
        sent = await api.put(address, content=clips["1"][begin:end], headers=head)
        assert sent.json() == {"file": "1", "size": end, "complete": end == len(clips["1"])}
    assert (await api.put(f"/voices/tasks/{task}/recordings/2?name=two.wav", content=clips["2"])).json()["complete"]
    error(await api.post(f"/voices/tasks/{task}/submit"), 409, "no_consent")
    await api.put(f"/voices/tasks/{task}/consent?name=allowed.wav", content=clips["consent"])
    assert (await api.post(f"/voices/tasks/{task}/submit")).status_code == 202
    error(await api.put(f"/voices/tasks/{task}/recordings/3?name=three.wav", content=b"x"), 409, "unsupported")

    waiting = await settled(api, task)
    assert (waiting["taskStatus"], waiting["stage"]) == (3, "consent"), waiting
    assert set(waiting) == RESULT
    report = (await api.get(f"/voices/tasks/{task}/report")).json()
    assert [name for name, _ in report["files"]] == ["one.wav", "two.wav"]
    page = await api.get(f"/voices/tasks/{task}/report.html")
    assert "<svg" in page.text
    assert "录音可以使用" in page.text
    error(await api.get("/voices/mia/sample"), 409, "no_consent")
    error(await api.post(f"/voices/tasks/{task}/review", json={"approve": True, "by": " "}), 422, "invalid")

    done = (await api.post(f"/voices/tasks/{task}/review", json={"approve": True, "by": "Jo Park"})).json()
    assert done["taskStatus"] == 5, done
    assert done["voice"]["languages"] == ["zh"]
    voice = (await api.get("/voices/mia")).json()
    assert voice["qid"] == done["voice"]["qid"]
    assert (voice["consent"]["approval"]["how"], voice["consent"]["approval"]["by"]) == ("person", "Jo Park")
    (row,) = (await api.get("/voices")).json()["items"]
    assert (row["name"], row["state"], row["approved_by"]) == ("mia", "ready", "Jo Park")
    lines = [each["text"] for each in (await api.get(f"/voices/tasks/{task}/logs")).json()["items"]]
    assert "approved by a person" in lines

    other = await created(api)
    assert (await api.delete("/voices/mia")).json()["revoked"]
    error(await api.get("/voices/mia"), 404, "not_found")
    assert [each["taskId"] for each in (await api.get("/voices/tasks")).json()["items"]] == [other], "uploads are gone"
    left = [each.name for each in (tmp_path / "configs" / "kept" / "voices" / "mia").iterdir()]
    assert left == ["revoked.json"]


async def test_an_authorisation_by_another_voice_makes_no_voice(
    api: httpx.AsyncClient, clips: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(amount.AMOUNTS, "fast", amount.Amount(4, 90, 600))
    task = await created(api)
    await api.put(f"/voices/tasks/{task}/recordings/1?name=one.wav", content=clips["2"])
    await api.put(f"/voices/tasks/{task}/consent?name=c.wav", content=clips["other"])
    await api.post(f"/voices/tasks/{task}/submit")
    failed = await settled(api, task)
    assert failed["taskStatus"] == 4
    assert "another person speaks" in failed["msg"]
    assert Store(tmp_path / "configs" / "kept" / "voices").names() == []
    again = (await api.post(f"/voices/tasks/{task}/reopen")).json()
    assert again["taskStatus"] == 0


async def test_a_damaged_recording_ends_the_task_with_its_name(api: httpx.AsyncClient) -> None:
    task = await created(api)
    for place in ("recordings/1?name=one.wav", "consent?name=c.wav"):
        await api.put(f"/voices/tasks/{task}/{place}", content=b"RIFF\xff\xff\xff\xffWAVEjunk")
    await api.post(f"/voices/tasks/{task}/submit")
    failed = await settled(api, task)
    assert failed["taskStatus"] == 4
    assert failed["msg"].startswith("one.wav: ")


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"name": "../etc"}, "name"), ({"speaker": " "}, "speaker"), ({"language": "fr"}, "language"),
        ({"profile": "quick"}, "profile"), ({"approved_by": "Jo"}, "approved_by"), ({"approved_by": ""}, "approved_by"),
        ({"name": "tasks"}, "name"), ({"path": "/etc/passwd"}, "path"), ({"company": "x" * 81}, "company"),
    ],
)  # fmt: skip
async def test_an_order_that_means_nothing_is_refused(
    api: httpx.AsyncClient, changes: dict[str, str], where: str
) -> None:
    told = error(await api.post("/voices/tasks", json=ORDER | changes), 422, "invalid")
    assert told["where"] == where
    assert told["message"].count(f"{where}: ") == 1


async def test_uploads_that_do_not_fit_are_refused_and_leave_nothing(api: httpx.AsyncClient) -> None:
    task = await created(api)
    address = f"/voices/tasks/{task}/recordings/1?name=a.wav"
    gap = await api.put(address, content=b"abcd", headers={"Content-Range": "bytes 4-7/8"})
    assert "0 bytes are here" in error(gap, 409, "unsupported")["problem"]
    short = await api.put(address, content=b"abc", headers={"Content-Range": "bytes 0-3/8"})
    error(short, 422, "invalid")
    long = await api.put(address, content=b"abcdefgh", headers={"Content-Range": "bytes 0-3/8"})
    error(long, 413, "too_large")
    huge = await api.put(address, content=b"a", headers={"Content-Range": f"bytes 0-0/{2**33}"})
    error(huge, 413, "too_large")
    error(await api.put(address, content=b"", headers={"Content-Range": "bytes x"}), 422, "invalid")
    exe = error(await api.put(f"/voices/tasks/{task}/recordings/1?name=a.exe", content=b"a"), 422, "invalid")
    assert exe["where"] == "a.exe"
    error(await api.post(f"/voices/tasks/{task}/submit"), 409, "unsupported")


async def test_a_second_upload_that_breaks_off_is_not_taken_for_the_first(api: httpx.AsyncClient) -> None:
    task = await created(api)
    for place in ("recordings/1?name=a.wav", "consent?name=c.wav"):
        await api.put(f"/voices/tasks/{task}/{place}", content=b"RIFF" * 100)
        broken = await api.put(
            f"/voices/tasks/{task}/{place}", content=b"RIFF", headers={"Content-Range": "bytes 0-399/400"}
        )
        error(broken, 422, "invalid")
    assert (
        "there is no recording" in error(await api.post(f"/voices/tasks/{task}/submit"), 409, "unsupported")["problem"]
    )
    await api.put(f"/voices/tasks/{task}/recordings/1?name=a.wav", content=b"RIFF")
    error(await api.post(f"/voices/tasks/{task}/submit"), 409, "no_consent")


async def test_a_task_is_submitted_once(api: httpx.AsyncClient) -> None:
    task = await created(api)
    for place in ("recordings/1?name=one.wav", "consent?name=c.wav"):
        await api.put(f"/voices/tasks/{task}/{place}", content=b"RIFF\xff\xff\xff\xffWAVEjunk")
    answers = await asyncio.gather(*(api.post(f"/voices/tasks/{task}/submit") for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [202, 409, 409, 409]
    assert (await settled(api, task))["taskStatus"] == 4
    error(await api.post(f"/voices/tasks/{task}/submit"), 409, "unsupported")


async def test_tasks_are_handled_together(api: httpx.AsyncClient) -> None:
    ids = [await created(api, name=f"mia-{number}") for number in range(3)]
    assert {each["taskId"] for each in (await api.get("/voices/tasks")).json()["items"]} == set(ids)
    told = await api.post("/voices/tasks/batch", json={"action": "status", "ids": [*ids, "voice-0", "../x"]})
    assert [each.get("taskStatus", each.get("error", {}).get("code")) for each in told.json()["items"]] == [
        0, 0, 0, "not_found", "not_found",
    ]  # fmt: skip
    sent = await api.post("/voices/tasks/batch", json={"action": "submit", "ids": ids[:1]})
    assert sent.json()["items"][0]["error"]["code"] == "unsupported"
    await api.post("/voices/tasks/batch", json={"action": "delete", "ids": ids})
    assert (await api.get("/voices/tasks")).json()["items"] == []


async def test_the_script_is_told_in_the_speaker_s_language(api: httpx.AsyncClient) -> None:
    said = await api.get("/voices/script", params={"speaker": "王芳", "company": "星河科技", "language": "zh-CN"})
    assert "王芳" in said.json()["script"]
    error(await api.get("/voices/script", params={"speaker": "a", "company": "b", "language": "fr"}), 422, "invalid")
