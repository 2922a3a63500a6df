"""Fixed answers are synthesised once and spoken from memory."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from avatars.voices import prepared as module
from avatars.voices.prepared import Prepared
from avatars.voices.shelf import Shelf
from visavis.contracts.tts import check_tts, read
from visavis.engines import Style
from visavis.errors import EngineError
from visavis.fakes.tts import FakeTts
from visavis.words import Emotion, SpeechChunk

TEXT = "Welcome to the museum!"
STYLE = Style()


def wrapped(tts: FakeTts, folder: Path, **changes: object) -> Prepared:
    options = {"avatar": "mia", "voice": "f2", "cache_dir": folder, "max_gb": 1.0, **changes}
    return Prepared(tts, **options)  # type: ignore[arg-type]


def same(one: list[SpeechChunk], other: list[SpeechChunk]) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(a.pcm, b.pcm) and (a.visemes, a.words) == (b.visemes, b.words)
        for a, b in zip(one, other, strict=True)
    )


async def test_a_prepared_text_needs_no_engine(tmp_path: Path) -> None:
    fake = FakeTts()
    voice = wrapped(fake, tmp_path)
    assert not voice.has(TEXT, STYLE)
    await voice.prepare(TEXT, STYLE)
    assert voice.has(TEXT, STYLE)
    assert same(await read(voice, TEXT), fake.whole(TEXT))
    assert len(fake.spoken) == 1


async def test_it_outlives_the_process(tmp_path: Path) -> None:
    await wrapped(FakeTts(), tmp_path).prepare(TEXT, STYLE)
    fake = FakeTts()
    again = wrapped(fake, tmp_path)
    assert again.has(TEXT, STYLE)
    assert same(await read(again, TEXT), fake.whole(TEXT))
    assert fake.spoken == []


async def test_any_change_is_another_speech(tmp_path: Path) -> None:
    fake = FakeTts()
    await wrapped(fake, tmp_path).prepare(TEXT, STYLE)
    assert not wrapped(fake, tmp_path, avatar="tom").has(TEXT, STYLE)
    assert not wrapped(fake, tmp_path, voice="f3").has(TEXT, STYLE)
    assert not wrapped(FakeTts(per_character=600), tmp_path).has(TEXT, STYLE)
    voice = wrapped(fake, tmp_path)
    assert not voice.has(TEXT + " ", STYLE)
    assert not voice.has(TEXT, Style(emotion=Emotion.HAPPY))
    assert not voice.has(TEXT, Style(rate=1.1))


async def test_other_texts_stream_live_and_are_kept_only_on_demand(tmp_path: Path) -> None:
    fake = FakeTts()
    voice = wrapped(fake, tmp_path)
    assert same(await read(voice, TEXT), fake.whole(TEXT))
    assert not voice.has(TEXT, STYLE)
    assert [chunk async for chunk in voice.speak(TEXT, STYLE, remember=True)]
    assert voice.has(TEXT, STYLE)


async def test_what_was_not_heard_to_its_end_is_not_kept(tmp_path: Path) -> None:
    fake = FakeTts()
    voice = wrapped(fake, tmp_path)
    speech = voice.speak(TEXT, STYLE, remember=True)
    await anext(speech)
    await speech.aclose()
    assert not voice.has(TEXT, STYLE)
    assert fake.active == 0


async def test_a_failure_keeps_nothing_and_is_told(tmp_path: Path) -> None:
    fake = FakeTts(fail_after=1)
    voice = wrapped(fake, tmp_path)
    with pytest.raises(EngineError):
        await voice.prepare(TEXT, STYLE)
    assert not voice.has(TEXT, STYLE)
    fake.fail_after = None
    await voice.prepare(TEXT, STYLE)
    assert voice.has(TEXT, STYLE)


async def test_asked_twice_at_once_it_is_made_once(tmp_path: Path) -> None:
    fake = FakeTts()
    voice = wrapped(fake, tmp_path)
    await asyncio.gather(*(voice.prepare(TEXT, STYLE) for _ in range(5)))
    assert len(fake.spoken) == 1


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "words"])
async def test_a_damaged_file_is_made_again(tmp_path: Path, damage: str) -> None:
    await wrapped(FakeTts(), tmp_path).prepare(TEXT, STYLE)
    (file,) = (tmp_path / "speech").iterdir()
    data = bytearray(file.read_bytes())
    data[-100] ^= 0xFF
    file.write_bytes({"cut": bytes(data[:-100]), "flip": bytes(data), "empty": b"", "words": b"[1]\n"}[damage])
    fake = FakeTts()
    voice = wrapped(fake, tmp_path)
    assert same(await read(voice, TEXT), fake.whole(TEXT))
    assert len(fake.spoken) == 1
    await voice.prepare(TEXT, STYLE)
    assert same(await read(wrapped(FakeTts(), tmp_path), TEXT), fake.whole(TEXT))


async def test_the_folder_stays_within_its_bound(tmp_path: Path) -> None:
    fake = FakeTts()
    one = sum(len(chunk.pcm) for chunk in fake.whole(TEXT)) * 2
    voice = wrapped(fake, tmp_path, max_gb=one * 5 / 2**30)
    for number in range(12):
        await voice.prepare(f"{TEXT} {number}", STYLE)
        total = sum(file.stat().st_size for file in (tmp_path / "speech").iterdir())
        assert total <= one * 5
    fresh = wrapped(fake, tmp_path)
    assert fresh.has(f"{TEXT} 11", STYLE)
    assert not fresh.has(f"{TEXT} 0", STYLE)


async def test_the_memory_stays_within_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MEMORY_BYTES", 200_000)
    fake = FakeTts()
    voice = wrapped(fake, tmp_path, max_gb=0.0)
    for number in range(12):
        await voice.prepare(f"{TEXT} {number}", STYLE)
    assert voice.has(f"{TEXT} 11", STYLE)
    assert not voice.has(f"{TEXT} 0", STYLE)


async def test_a_folder_that_cannot_be_written_costs_only_the_file(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    voice = wrapped(FakeTts(), blocked)
    await voice.prepare(TEXT, STYLE)
    assert voice.has(TEXT, STYLE)


async def test_a_listener_cannot_spoil_what_is_kept(tmp_path: Path) -> None:
    voice = wrapped(FakeTts(), tmp_path)
    await voice.prepare(TEXT, STYLE)
    chunk = await anext(voice.speak(TEXT, STYLE))
    with pytest.raises(ValueError, match="read-only"):
        chunk.pcm[0] = 1


async def test_it_is_a_voice_itself(tmp_path: Path) -> None:
    voice = wrapped(FakeTts(), tmp_path)
    await check_tts(voice, TEXT, "en")
    await voice.prepare(TEXT, STYLE)
    await check_tts(voice, TEXT, "en")


def test_a_speech_without_sound_can_be_kept(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 10_000)
    shelf.put("silence", [])
    assert shelf.get("silence") == ()
