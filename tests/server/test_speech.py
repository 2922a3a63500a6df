"""The official OpenAI client has a text spoken, whole and streamed, by a real server."""

from __future__ import annotations

import base64
import io
import json
import wave
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import openai
import pytest
from place import Server

from avatars.voices.speech_url import OpenAiTts
from runtime.server.speech_request import INPUT, parse
from visavis.contracts.tts import check_speech, read
from visavis.engines import Context
from visavis.errors import ClientError
from visavis.fakes.launcher import InlineLauncher
from visavis.words import RATE, Emotion

TEXT = "We are open from nine to five. Good bye."
ASKED: dict[str, Any] = {"model": "silent", "voice": "alloy", "input": TEXT}


@pytest.fixture
async def client(server: Server) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(api_key="unused", base_url=f"{server.url}/v1", max_retries=0) as made:
        yield made


async def test_a_text_is_spoken(client: openai.AsyncOpenAI) -> None:
    answer = await client.audio.speech.create(**ASKED, response_format="pcm")
    assert answer.response.headers["content-type"] == "audio/pcm;rate=24000"
    pcm = np.frombuffer(answer.content, np.int16)
    assert 2 * RATE < len(pcm) < 6 * RATE
    assert np.abs(pcm.astype(int)).max() > 3000


async def test_a_wav_can_be_read_and_says_that_it_is_synthetic(client: openai.AsyncOpenAI, tmp_path: Path) -> None:
    async with client.audio.speech.with_streaming_response.create(**ASKED, response_format="wav") as answer:
        await answer.stream_to_file(tmp_path / "said.wav")
    data = (tmp_path / "said.wav").read_bytes()
    assert b"Synthetic media" in data[:300]
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
    with av.open(io.BytesIO(data)) as media:
        assert sum(frame.samples for frame in media.decode(audio=0)) > 2 * RATE


async def test_a_voice_of_the_house_speaks_by_its_name(client: openai.AsyncOpenAI) -> None:
    own, guide = [
        (await client.audio.speech.create(**ASKED | {"voice": voice}, response_format="pcm")).content
        for voice in ("default", "guide")
    ]
    assert len(guide) > 4 * RATE
    assert guide != own


@pytest.mark.parametrize("form", ["mp3", "opus", "aac", "flac"])
async def test_it_is_coded_as_is_asked(client: openai.AsyncOpenAI, form: Any) -> None:
    data = (await client.audio.speech.create(**ASKED, response_format=form)).content
    with av.open(io.BytesIO(data)) as media:
        stream = media.streams.audio[0]
        told = media.metadata | stream.metadata
        seconds = sum(frame.samples / frame.sample_rate for frame in media.decode(stream))
    assert 2 < seconds < 6
    assert form == "aac" or "Synthetic" in told["comment"]


async def test_without_a_format_it_is_mp3(client: openai.AsyncOpenAI) -> None:
    answer = await client.audio.speech.create(**ASKED)
    assert answer.response.headers["content-type"] == "audio/mpeg"
    assert answer.content.startswith(b"ID3")


async def test_the_speed_is_followed(client: openai.AsyncOpenAI) -> None:
    slow, fast = [
        len((await client.audio.speech.create(**ASKED, response_format="pcm", speed=speed)).content)
        for speed in (0.75, 1.5)
    ]
    assert slow > 1.5 * fast


async def test_it_comes_as_events_too(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.url) as plain:
        answer = await plain.post("/v1/audio/speech", json=ASKED | {"stream_format": "sse", "response_format": "pcm"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    assert {event["type"] for event in events[:-1]} == {"speech.audio.delta"}
    assert events[-1]["type"] == "speech.audio.done"
    assert events[-1]["usage"]["input_tokens"] == 9
    assert sum(len(base64.b64decode(event["audio"])) for event in events[:-1]) > 4 * RATE


async def test_our_own_client_speaks_with_it(server: Server) -> None:
    context = Context("en", InlineLauncher(), Path())
    for form in ("pcm", "wav"):
        tts = await OpenAiTts.open(context, url=f"{server.url}/v1", model="silent", response_format=form)  # type: ignore[arg-type]
        check_speech(await read(tts, TEXT), TEXT, word_times=True)
        await tts.close()


async def test_who_leaves_frees_the_place(server: Server) -> None:
    """Far more speeches than there are places are begun and left, and one more is still spoken."""
    async with httpx.AsyncClient(base_url=server.url) as plain:
        for _ in range(20):
            asked = ASKED | {"input": "One, two, three. " * 200, "response_format": "pcm"}
            async with plain.stream("POST", "/v1/audio/speech", json=asked) as answer:
                assert answer.status_code == 200
                await anext(answer.aiter_bytes())
        for _ in range(100):
            answer = await plain.post("/v1/audio/speech", json=ASKED | {"response_format": "pcm"})
            if answer.status_code == 200:
                break
    assert len(answer.content) > 4 * RATE


@pytest.mark.parametrize(
    ("change", "status", "code", "param"),
    [
        ({"model": "nobody"}, 404, "model_not_found", "model"),
        ({"input": "x" * (INPUT + 1)}, 400, "invalid_value", "input"),
        ({"input": " …! "}, 400, "invalid_value", "input"),
        ({"input": 7}, 400, "invalid_value", "input"),
        ({"voice": "darth"}, 400, "voice_not_found", "voice"),
        ({"response_format": "midi"}, 400, "invalid_value", "response_format"),
        ({"speed": 9}, 400, "invalid_value", "speed"),
        ({"stream_format": "morse"}, 400, "invalid_value", "stream_format"),
    ],
)
async def test_what_cannot_be_spoken_is_told_in_the_standards_shape(
    server: Server, change: dict[str, Any], status: int, code: str, param: str
) -> None:
    async with httpx.AsyncClient(base_url=server.url) as plain:
        answer = await plain.post("/v1/audio/speech", json=ASKED | change)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["param"]) == (status, code, param)
    assert set(error) == {"message", "type", "param", "code"}


@pytest.mark.parametrize(
    ("instructions", "emotion"),
    [
        ("Speak in a cheerful tone, never sad.", Emotion.HAPPY),
        ("请用温柔的语气说。", Emotion.CALM),
        ("British accent", Emotion.NEUTRAL),
        ("With an apology in your voice", Emotion.SORRY),
        ("", Emotion.NEUTRAL),
    ],
)
def test_instructions_are_read_for_an_emotion(instructions: str, emotion: Emotion) -> None:
    assert parse({"input": "Hi", "instructions": instructions}).style.emotion is emotion


def test_a_body_that_is_no_object_is_refused() -> None:
    with pytest.raises(ClientError, match="no JSON object"):
        parse([])
