"""A voice behind an OpenAI-style `/v1/audio/speech`, asked on a real socket."""

from __future__ import annotations

import io
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from avatars.voices.espeak import EspeakTts
from avatars.voices.speaking import Speaking
from avatars.voices.speech_url import OpenAiTts
from avatars.voices.speech_url_body import SpeechBody
from visavis.contracts.tts import check_tts, read
from visavis.engines import Context, Style
from visavis.errors import EngineError, OptionError, SetupError
from visavis.fakes.launcher import InlineLauncher
from visavis.fakes.speech_server import SpeechServer
from visavis.fakes.tts import FakeTts
from visavis.signal import resample
from visavis.words import RATE, Emotion, Pcm, SpeechChunk

TEXT = "Peter remembers the number."
SAID: dict[str, Pcm] = {}


async def heard(text: str) -> Pcm:
    """How another voice says it; a text is spoken once."""
    if text not in SAID:
        espeak = await EspeakTts.open(Context("en", InlineLauncher(), Path()), voice="en-gb+m3", rate=140)
        SAID[text] = np.concatenate([chunk.pcm for chunk in await read(espeak, text)])
        await espeak.close()
    return SAID[text]


def wav(pcm: Pcm, hz: int, channels: int = 1) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(hz)
        file.writeframes(np.repeat(pcm, channels).tobytes())
    return out.getvalue()


@asynccontextmanager
async def served(server: SpeechServer, **options: object) -> AsyncIterator[OpenAiTts]:
    async with server.serving():
        context = Context("en", InlineLauncher(), Path())
        tts = await OpenAiTts.open(context, url=server.url, model="m", **options)  # type: ignore[arg-type]
        try:
            yield tts
        finally:
            await tts.close()


def said(text: str) -> bytes:
    return SAID[text].tobytes()


def sound_of(speech: list[SpeechChunk]) -> Pcm:
    return np.concatenate([chunk.pcm for chunk in speech])


def words_of(speech: list[SpeechChunk]) -> list[str]:
    return [word.text for chunk in speech for word in chunk.words]


# ── what is asked, and what comes of it ──
async def test_it_keeps_the_contract() -> None:
    for text in ("Welcome; we are open today.", "Seven quick foxes jump over nine lazy dogs."):
        await heard(text)
    async with served(SpeechServer(said, chunk=6_001)) as tts:
        await check_tts(tts, "Welcome; we are open today.", "en")


async def test_it_asks_what_the_standard_asks() -> None:
    await heard(TEXT)
    server = SpeechServer(said)
    options = {"voice": "coral", "emotions": True, "instructions": "British."}
    async with served(server, **options) as tts:
        await read(tts, TEXT)
        _ = [chunk async for chunk in tts.speak(TEXT, Style(Emotion.HAPPY, rate=1.5, degree=2))]
    assert server.requests == [
        {"input": TEXT, "model": "m", "voice": "coral", "response_format": "pcm", "instructions": "British."},
        {
            "input": TEXT, "model": "m", "voice": "coral", "response_format": "pcm", "speed": 1.5,
            "instructions": "British. Very strongly: Speak happily, with a smile.",
        },
    ]  # fmt: skip


async def test_the_key_is_sent_and_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPEECH_KEY", "sesame")
    server = SpeechServer(said, way="refuse")
    async with served(server, key_env="SPEECH_KEY") as tts:
        with pytest.raises(EngineError, match="status 401") as error:
            await read(tts, TEXT)
    assert server.keys == ["Bearer sesame"]
    assert "sesame" not in str(error.value)


async def test_the_first_sound_is_passed_on_while_the_rest_is_not_there_yet() -> None:
    await heard(TEXT)
    async with served(SpeechServer(said, way="trickle")) as tts:
        first = await anext(tts.speak(TEXT, Style()))
    assert len(first.pcm) >= 1_800
    assert first.visemes


async def test_closing_the_speech_closes_the_stream() -> None:
    await heard(TEXT)
    server = SpeechServer(said, way="trickle")
    async with served(server) as tts:
        speech = tts.speak(TEXT, Style())
        await anext(speech)
        await speech.aclose()
        await server.left.wait()
    assert server.disconnects == 1


# ── sound in other shapes ──
@pytest.mark.parametrize("hz", [8_000, 16_000, 22_050, 44_100, 48_000])
async def test_a_wav_of_any_rate_is_taken(hz: int) -> None:
    pcm = await heard(TEXT)
    data = wav(resample(pcm, RATE, hz), hz, channels=2)
    async with served(SpeechServer(lambda text: data, media="audio/wav", chunk=999), response_format="wav") as tts:
        speech = await read(tts, TEXT)
    assert abs(len(sound_of(speech)) - len(pcm)) < RATE // 10
    assert words_of(speech) == ["Peter", "remembers", "the", "number"]


async def test_the_rate_of_bare_sound_is_told_by_its_type_or_by_the_file() -> None:
    pcm = await heard(TEXT)
    data = resample(pcm, RATE, 16_000).tobytes()
    for media, options in (("audio/pcm;rate=16000", {}), ("application/octet-stream", {"sample_rate": 16_000})):
        async with served(SpeechServer(lambda text: data, media=media), **options) as tts:
            assert abs(len(sound_of(await read(tts, TEXT))) - len(pcm)) < RATE // 10


def test_half_a_sample_waits_for_its_other_half() -> None:
    pcm = np.arange(1000, dtype=np.int16)
    body = SpeechBody("t", "audio/pcm", RATE)
    data = pcm.tobytes()
    parts = [body.push(data[at : at + 7]) for at in range(0, len(data), 7)]
    assert np.array_equal(np.concatenate([*parts, body.flush()]), pcm)
    assert len(body.push(b"\x01")) == 0


def test_what_follows_the_sound_of_a_wav_is_no_sound() -> None:
    pcm = np.arange(1000, dtype=np.int16)
    body = SpeechBody("t", "audio/wav", RATE)
    got = body.push(wav(pcm, RATE) + b"LIST\x04\x00\x00\x00INFO")
    assert np.array_equal(np.concatenate([got, body.push(b"more"), body.flush()]), pcm)


def test_a_wav_of_floats_may_not_hold_what_is_no_number() -> None:
    head = bytearray(wav(np.zeros(0, np.int16), RATE))
    head[20:22], head[34:36], head[40:44] = b"\x03\x00", b"\x20\x00", b"\xff\xff\xff\xff"
    body = SpeechBody("t", "audio/wav", RATE)
    assert body.push(bytes(head) + np.array([0.5, -0.5], "<f4").tobytes()).tolist() == [16384, -16384]
    with pytest.raises(EngineError, match="no numbers"):
        body.push(np.array([np.nan], "<f4").tobytes())


@pytest.mark.parametrize(
    ("data", "media", "problem"),
    [
        (b'{"error": "no"}', "application/json", "not with sound"),
        (b"ID3\x04" + bytes(99), "application/octet-stream", "answered with MP3"),
        (bytes(99), "audio/mpeg", "answered with audio/mpeg"),
        (b"<!DOCTYPE html>", "", "HTML"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00" + bytes(16) + b"data", "audio/wav", "unknown kind"),
        (b"RIFF" + bytes(70_000), "audio/wav", "without sound"),
        (wav(np.zeros(9, np.int16), 400), "audio/wav", "400 Hz"),
        (b"", "audio/pcm", "silence"),
    ],
)
async def test_what_is_no_sound_is_one_clear_error(data: bytes, media: str, problem: str) -> None:
    async with served(SpeechServer(lambda text: data, media=media)) as tts:
        with pytest.raises(EngineError, match=problem):
            await read(tts, TEXT)


# ── fail-over ──
@pytest.mark.parametrize("way", ["error", "early"])
async def test_what_a_server_does_not_finish_another_voice_does(way: str) -> None:
    await heard(TEXT)
    async with served(SpeechServer(said, way=way)) as tts:  # type: ignore[arg-type]
        speech = await read(Speaking([tts, FakeTts()]), TEXT)
    assert list(dict.fromkeys(words_of(speech))) == ["Peter", "remembers", "the", "number"]


async def test_a_server_that_is_not_there_is_named() -> None:
    tts = await OpenAiTts.open(Context("en", InlineLauncher(), Path()), url="http://127.0.0.1:9/v1", model="m")
    with pytest.raises(EngineError, match=r"http://127\.0\.0\.1:9/v1 cannot be reached"):
        await read(tts, TEXT)
    await tts.close()


async def test_bad_options_name_their_key() -> None:
    context = Context("en", InlineLauncher(), Path())
    for options, key in (({"url": "x"}, "url"), ({"sample_rate": 1}, "sample_rate"), ({"timeout_s": 0}, "timeout_s")):
        with pytest.raises(OptionError) as error:
            await OpenAiTts.open(context, **{"url": "http://x/v1", "model": "m"} | options)  # type: ignore[arg-type]
        assert error.value.key == key
    with pytest.raises(SetupError, match="NO_SUCH_KEY"):
        await OpenAiTts.open(context, url="http://x/v1", model="m", key_env="NO_SUCH_KEY")
