"""Films and sound files: what was sent is what a player decodes, at the same time."""

from __future__ import annotations

import asyncio
import os
import signal
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import av
import numpy as np
import psutil
import pytest

from runtime.outlets.file import FileOutlet
from runtime.outlets.wav import write_wav
from runtime.workers.encoder import Encoder
from runtime.workers.pool import LocalLauncher
from visavis.clock import LoopClock
from visavis.engines import Look
from visavis.errors import EngineError
from visavis.words import RATE, SLOT, Frame, Packet

LOOK = Look(width=128, height=128)


@pytest.fixture
async def launcher() -> AsyncIterator[LocalLauncher]:
    launcher = LocalLauncher(LoopClock())
    yield launcher
    await launcher.close()


def flashes(slots: int, every: int = 25) -> list[Frame]:
    """Frames that are black and silent but for a white slot with a 1 kHz beep, once in `every`."""
    encoder = Encoder("h264", LOOK.width, LOOK.height)
    beep = (8000 * np.sin(np.arange(SLOT) * 2 * np.pi * 1000 / RATE)).astype(np.int16)
    frames = []
    for n in range(slots):
        on = n % every == every // 2
        data, key = encoder.encode(np.full((LOOK.height, LOOK.width, 4), 255 if on else 0, np.uint8))
        pcm = beep if on else np.zeros(SLOT, np.int16)
        frames.append(Frame(n * SLOT, 1, pcm, Packet(data, key, "h264")))
    return frames


async def film(launcher: LocalLauncher, path: Path, frames: list[Frame]) -> FileOutlet:
    outlet = await FileOutlet.open(launcher, path, LOOK, title="Mia, an AI avatar")
    for frame in frames:
        assert outlet.send(frame)
        await outlet.drain()
    await outlet.close()
    return outlet


def watch(path: Path) -> tuple[dict[float, float], np.ndarray]:
    """What a player shows: brightness by time in seconds, and the sound on the same line."""
    with av.open(str(path)) as file:
        seen = {float(frame.time): float(frame.to_ndarray(format="gray").mean()) for frame in file.decode(video=0)}
    sound = np.zeros(0, np.int16)
    with av.open(str(path)) as file:
        resampler = av.AudioResampler("s16", "mono", RATE)
        for frame in file.decode(audio=0):
            at = round(float(frame.time) * RATE)
            heard = np.concatenate([part.to_ndarray()[0] for part in resampler.resample(frame)])
            heard, at = (heard[-at:], 0) if at < 0 else (heard, at)
            sound = np.concatenate([sound, np.zeros(max(0, at - len(sound)), np.int16), heard])
    return seen, sound


def onsets(sound: np.ndarray) -> list[float]:
    """When a beep begins, in seconds."""
    loud = np.flatnonzero(np.abs(sound) > 1000)
    return list(loud[np.diff(loud, prepend=-RATE) > RATE // 2] / RATE)


def names(folder: Path) -> list[str]:
    return [child.name for child in folder.iterdir()]


async def test_flash_and_beep_come_together(launcher: LocalLauncher, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    outlet = await film(launcher, path, flashes(250))
    assert outlet.result == {"slots": 250, "pictures": 250}
    seen, sound = watch(path)
    assert [round(time / 0.04, 3) for time in seen] == list(range(250))
    flashed = [time for time, level in seen.items() if level > 128]
    assert [round(time * 25) for time in flashed] == list(range(12, 250, 25))
    assert onsets(sound) == pytest.approx(flashed, abs=0.005)
    assert len(sound) / RATE == pytest.approx(10, abs=0.05)


async def test_a_film_says_it_is_synthetic_and_starts_at_once(launcher: LocalLauncher, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    await film(launcher, path, flashes(10))
    with av.open(str(path)) as file:
        said = dict(file.metadata)
    assert said["title"] == "Mia, an AI avatar"
    assert said["synthetic_media"] == "true"
    assert "Synthetic media" in said["comment"]
    assert path.read_bytes().index(b"moov") < path.read_bytes().index(b"mdat")
    assert names(tmp_path) == ["film.mp4"]


async def test_a_slot_without_a_picture_keeps_the_last_and_a_gap_is_silent(
    launcher: LocalLauncher, tmp_path: Path
) -> None:
    frames = flashes(50)
    still = [Frame(frame.pts, 1, frame.pcm) for frame in frames[30:40]]
    sent = frames[:30] + still + frames[45:]
    outlet = await film(launcher, tmp_path / "film.mp4", sent)
    assert outlet.result == {"slots": 50, "pictures": 35}
    seen, sound = watch(tmp_path / "film.mp4")
    assert [round(time * 25) for time in seen] == [*range(30), *range(45, 50)]
    assert onsets(sound) == pytest.approx([12 / 25, 37 / 25], abs=0.005)
    assert len(sound) / RATE == pytest.approx(2, abs=0.05)


async def test_sound_alone_is_a_film_too(launcher: LocalLauncher, tmp_path: Path) -> None:
    outlet = await FileOutlet.open(launcher, tmp_path / "sound.mp4", None)
    for frame in flashes(20):
        outlet.send(frame)
    await outlet.close()
    with av.open(str(tmp_path / "sound.mp4")) as file:
        assert [stream.type for stream in file.streams] == ["audio"]


async def test_a_full_queue_refuses_and_drain_waits(launcher: LocalLauncher, tmp_path: Path) -> None:
    outlet = await FileOutlet.open(launcher, tmp_path / "film.mp4", LOOK)
    frames = flashes(100)
    assert [outlet.send(frame) for frame in frames].count(True) == 64
    await outlet.drain()
    assert outlet.send(frames[64])
    await outlet.close()
    assert outlet.result["slots"] == 65


async def test_a_failure_leaves_no_file_and_is_told(launcher: LocalLauncher, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with pytest.raises(EngineError, match="there is no folder"):
        await FileOutlet.open(launcher, tmp_path / "nowhere" / "film.mp4", LOOK)
    outlet = await FileOutlet.open(launcher, path, LOOK)
    for frame in flashes(30):
        outlet.send(frame)
    for child in psutil.Process().children():
        os.kill(child.pid, signal.SIGKILL)
    with pytest.raises(EngineError, match="worker ended"):
        await outlet.close()
    empty = await FileOutlet.open(launcher, path, LOOK)
    with pytest.raises(EngineError, match="no frame"):
        await empty.close()
    given_up = await FileOutlet.open(launcher, path, LOOK)
    given_up.send(flashes(1)[0])
    await given_up.abort()
    await given_up.close()
    assert not given_up.send(flashes(1)[0])
    assert names(tmp_path) == []
    assert psutil.Process().children() == []
    assert [task for task in asyncio.all_tasks() if task.get_name() == "film"] == []


def test_a_wav_file_says_it_is_synthetic(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    tone = (np.sin(np.arange(4801) / 10) * 9000).astype(np.int16)
    assert write_wav(path, [tone[:1000], tone[1000:]]) == 4801
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (RATE, 1, 4801)
        assert np.array_equal(np.frombuffer(file.readframes(4801), np.int16), tone)
    data = path.read_bytes()
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    assert b"LIST" in data
    assert b"Synthetic media" in data
    with av.open(str(path)) as file:
        assert "Synthetic" in file.metadata["comment"]
    assert names(tmp_path) == ["x.wav"]
