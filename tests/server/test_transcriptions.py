"""`/v1/audio/transcriptions` by the official client, by our own recogniser, and by clients that send nonsense."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import subprocess
import wave
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import httpx2
import numpy as np
import openai
import pytest
from fastapi import Request
from place import Server

from runtime.hearing import recording
from runtime.hearing.transcriptions import OpenAiAsr
from runtime.server import transcriptions
from runtime.server.transcription_form import Form, read_form
from runtime.server.transcription_text import Segment, as_subtitles, as_verbose, joined
from runtime.server.transcriptions import PLACES
from visavis.engines import Capabilities, Context, HeardWord, Transcript
from visavis.errors import AtCapacity, ClientError, EngineError
from visavis.fakes.launcher import InlineLauncher
from visavis.words import Pcm

QUESTION = "What are your opening hours?"


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Pcm:
    """The question twice, at 16 kHz, with a pause between."""
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed")
    path = tmp_path_factory.mktemp("flite") / "question.wav"
    subprocess.run(["flite", "-voice", "slt", "-t", QUESTION, "-o", str(path)], check=True)
    with wave.open(str(path)) as file:
        once = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    quiet = np.zeros(12_000, np.int16)
    return np.concatenate([quiet, once, quiet, quiet, once, quiet])


def as_wav(pcm: Pcm, hz: int = 16_000) -> bytes:
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(hz)
        file.writeframes(pcm.tobytes())
    return held.getvalue()


def as_webm(pcm: Pcm) -> bytes:
    """As a browser's recorder sends it."""
    held = io.BytesIO()
    with av.open(held, "w", format="webm") as file:
        stream: Any = file.add_stream("libopus", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.repeat(pcm, 3)[None], format="s16", layout="mono")
        frame.sample_rate = 48_000
        fifo = av.AudioFifo()
        fifo.write(frame)
        while (piece := fifo.read(960)) is not None:
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return held.getvalue()


@pytest.fixture
async def client(server: Server) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(api_key="any", base_url=f"{server.url}/v1", max_retries=0) as made:
        yield made


# ── the official client ──
async def test_the_official_client_gets_the_words(client: openai.AsyncOpenAI, spoken: Pcm) -> None:
    heard = await client.audio.transcriptions.create(
        model="museum", file=("question.wav", as_wav(spoken)), language="en", prompt="museum", temperature=0
    )
    assert heard.text == f"{QUESTION} {QUESTION}"
    assert heard.usage is not None
    assert heard.usage.type == "duration"
    assert heard.usage.seconds == np.ceil(len(spoken) / 16_000)


async def test_a_browser_s_recording_is_heard_with_its_stretches(client: openai.AsyncOpenAI, spoken: Pcm) -> None:
    heard = await client.audio.transcriptions.create(
        model="museum", file=("question.webm", as_webm(spoken)), response_format="verbose_json"
    )
    assert heard.duration == pytest.approx(len(spoken) / 16_000, abs=0.1)
    assert heard.language == "en"
    assert heard.segments is not None
    assert [segment.text for segment in heard.segments] == [QUESTION, QUESTION]
    first, second = heard.segments
    assert 0.2 < first.start < 1.0
    assert first.end + 0.5 < second.start
    assert heard.words is None


async def test_words_stream_stretch_by_stretch(client: openai.AsyncOpenAI, spoken: Pcm) -> None:
    stream = await client.audio.transcriptions.create(model="museum", file=("q.wav", as_wav(spoken)), stream=True)
    events = [event async for event in stream]
    assert [event.type for event in events] == ["transcript.text.delta"] * 2 + ["transcript.text.done"]
    assert "".join(event.delta for event in events[:-1]) == events[-1].text == f"{QUESTION} {QUESTION}"


async def test_subtitles_are_plain_text(client: openai.AsyncOpenAI, spoken: Pcm) -> None:
    told = await client.audio.transcriptions.create(
        model="museum", file=("q.wav", as_wav(spoken)), response_format="vtt"
    )
    assert str(told).startswith("WEBVTT\n\n00:00:0")
    assert str(told).count(" --> ") == str(told).count(QUESTION) == 2


async def test_silence_and_noise_are_no_words(client: openai.AsyncOpenAI) -> None:
    noise = np.random.default_rng(0).normal(0, 500, 48_000).astype(np.int16)
    for sound in (np.zeros(48_000, np.int16), noise, np.zeros(0, np.int16)):
        if len(sound):
            heard = await client.audio.transcriptions.create(model="museum", file=("s.wav", as_wav(sound)))
            assert heard.text == ""


# ── our own recogniser ──
async def test_our_recogniser_by_url_hears_through_our_own_server(server: Server, spoken: Pcm) -> None:
    async def pieces() -> AsyncIterator[Pcm]:
        for at in range(0, len(spoken), 1_600):
            yield spoken[at : at + 1_600]

    context = Context("en", InlineLauncher(), Path("cache"), (QUESTION,))
    for stream in (False, True):
        asr = await OpenAiAsr.open(context, url=f"{server.url}/v1", model="museum", answer_s=30, stream=stream)
        heard = [transcript async for transcript in asr.transcribe(pieces())]
        assert (heard[-1].text, heard[-1].final) == (f"{QUESTION} {QUESTION}", True)
        assert len(heard) == (3 if stream else 1)
        assert 0.0 < heard[-1].confidence <= 1.0
        await asr.close()
    deaf = await OpenAiAsr.open(context, url=f"{server.url}/v1", model="silent", answer_s=30)
    with pytest.raises(EngineError, match="status 400"):
        [transcript async for transcript in deaf.transcribe(pieces())]
    await deaf.close()


# ── what cannot be used ──
async def refused(client: openai.AsyncOpenAI, kind: type[openai.APIStatusError], **asked: Any) -> Any:
    given = {"model": "museum", "file": ("q.wav", as_wav(np.zeros(16_000, np.int16)))} | asked
    with pytest.raises(kind) as error:
        await client.audio.transcriptions.create(**given)
    assert isinstance(error.value.body, dict)
    assert set(error.value.body) == {"message", "type", "param", "code"}
    return error.value


async def test_a_bad_request_says_what_is_wrong(client: openai.AsyncOpenAI) -> None:
    bad = openai.BadRequestError
    assert (await refused(client, openai.NotFoundError, model="nobody")).code == "model_not_found"
    assert (await refused(client, bad, model="silent")).code == "hearing_unavailable"
    assert (await refused(client, bad, language="zh")).code == "unsupported_language"
    assert (await refused(client, bad, file=("q.wav", b"no sound at all"))).code == "invalid_audio"
    assert (await refused(client, bad, file=("q.wav", b""))).param == "file"
    assert (await refused(client, bad, response_format="diarized_json")).param == "response_format"
    assert (await refused(client, bad, timestamp_granularities=["word"])).param == "timestamp_granularities"
    assert (await refused(client, bad, include=["logprobs"])).param == "include"
    assert (await refused(client, bad, extra_body={"translate": "yes"})).param == "translate"


async def test_a_stream_that_fails_says_so_in_its_last_event(client: openai.AsyncOpenAI) -> None:
    stream = await client.audio.transcriptions.create(model="museum", file=("q.wav", b"no sound"), stream=True)
    with pytest.raises(openai.APIError, match="in no format that is known here"):
        [event async for event in stream]


async def test_what_is_no_form_is_refused(server: Server) -> None:
    async with httpx2.AsyncClient(base_url=server.url) as http:
        url = "/v1/audio/transcriptions"
        answers = [
            await http.post(url, json={"model": "museum"}),
            await http.post(url, content=b"x", headers={"content-type": "multipart/form-data"}),
            await http.post(
                url, content=b"--b\r\nrubbish", headers={"content-type": "multipart/form-data; boundary=b"}
            ),
            await http.post(url, data={"model": "museum"}, files={"other": b"x"}),
            await http.post(url, data={"model": ["museum", "silent"]}, files={"file": b"x"}),
            await http.post(url, data={f"f{n}": "x" for n in range(40)}, files={"file": b"x"}),
        ]
        for answer in answers:
            assert answer.status_code == 400, answer.text
            assert answer.json()["error"]["type"] == "invalid_request_error"


async def test_too_large_a_recording_is_refused_by_its_length_alone(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /v1/audio/transcriptions HTTP/1.1\r\nhost: {host}:{port}\r\nconnection: close\r\n"
    kind = "content-type: multipart/form-data; boundary=b\r\ncontent-length: 99999999\r\n\r\n"
    writer.write(f"{head}{kind}".encode())
    assert b" 413 " in await reader.readline()
    assert b'"code":"too_large"' in await reader.read()
    writer.close()


async def test_too_large_a_recording_is_refused_as_it_comes() -> None:
    taken = 0

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 1
        begin = b'--b\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
        return {"type": "http.request", "body": begin if taken == 1 else bytes(1 << 20), "more_body": True}

    headers = [(b"content-type", b"multipart/form-data; boundary=b")]
    with pytest.raises(ClientError, match="more than 25 MB"):
        await read_form(Request({"type": "http", "method": "POST", "headers": headers}, receive))
    assert taken < 32


async def test_more_than_its_places_are_refused_until_one_is_left(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    head = f"POST /v1/audio/transcriptions HTTP/1.1\r\nhost: {host}:{port}\r\ncontent-length: 9999\r\n"
    held = []
    for _ in range(PLACES):
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"{head}content-type: multipart/form-data; boundary=b\r\n\r\n--b".encode())
        await writer.drain()
        held.append(writer)
    silence = ("q.wav", as_wav(np.zeros(1_600, np.int16)))
    async with openai.AsyncOpenAI(api_key="any", base_url=f"{server.url}/v1", max_retries=0) as client:

        async def outcome() -> str:
            try:
                return (await client.audio.transcriptions.create(model="museum", file=silence)).text
            except openai.RateLimitError as error:
                return str(error.code)

        while await outcome() != "at_capacity":  # until the server has taken all of them
            pass
        for writer in held:
            writer.close()
        while await outcome() != "":
            pass


# ── the recogniser ──
class Timed:
    """Hears a word a stretch and when it was said; it is busy the first two times."""

    capabilities = Capabilities(sample_rate=8_000)

    def __init__(self) -> None:
        self.refusals = 2
        self.heard: list[int] = []

    async def transcribe(self, audio: AsyncIterator[Pcm]) -> AsyncIterator[Transcript]:
        if self.refusals:
            self.refusals -= 1
            raise AtCapacity("timed", 1)
        self.heard.append(sum([len(pcm) async for pcm in audio]))
        yield Transcript(f"word {len(self.heard)}", True, 0.5, words=(HeardWord("word", 0.1, 0.2),))

    async def close(self) -> None: ...


class Loud:
    """Takes any sound for a voice."""

    def push(self, pcm: Pcm) -> list[float]:
        return [float(bool(pcm.any()))]

    def reset(self) -> None: ...


async def test_times_are_those_of_the_recording_and_a_busy_recogniser_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recording, "Vad", Loud)
    monkeypatch.setattr(transcriptions, "WAIT_S", 0.0)
    voice, quiet = np.full(16_000, 5_000, np.int16), np.zeros(32_000, np.int16)
    form = Form(as_wav(np.concatenate([quiet, voice, quiet, voice])), "x", "", "verbose_json", True, True, False)
    asr, pool = Timed(), await InlineLauncher().pool("runtime.hearing.recording_service:RecordingService")
    dialog: Any = SimpleNamespace(language="en", name="x")
    told = json.loads(bytes((await transcriptions.Transcription(form, dialog, asr, pool).whole()).body))
    assert told["text"] == "word 1 word 2"
    assert told["duration"] == 6.0
    first, second = told["segments"]
    assert (first["start"], second["start"]) == (pytest.approx(1.7, abs=0.05), pytest.approx(4.7, abs=0.05))
    assert [word["start"] for word in told["words"]] == pytest.approx([first["start"] + 0.1, second["start"] + 0.1])
    assert asr.heard == [pytest.approx(8_000 * (first["end"] - first["start"]), abs=50), pytest.approx(10_400, abs=300)]
    for kind, text in (("text", "word 3 word 4\n"), ("srt", "1\n00:00:01,696 --> ")):
        answer = await transcriptions.Transcription(replace(form, format=kind), dialog, asr, pool).whole()
        assert bytes(answer.body).decode().startswith(text)
        assert answer.headers["content-type"].startswith("text/plain")
    assert pool.streams == {}


# ── the forms ──
SEGMENTS = (
    Segment(0.5, 2.25, "Where is it?", 0.9, (HeardWord("Where", 0.5, 0.8),)),
    Segment(3_725.001, 3_726.0, "Here --> <b>\n\nnow", 0.0),
)


def test_subtitles_cannot_be_broken_by_their_text() -> None:
    assert as_subtitles(SEGMENTS, "srt") == (
        "1\n00:00:00,500 --> 00:00:02,250\nWhere is it?\n\n2\n01:02:05,001 --> 01:02:06,000\nHere -> <b> now\n"
    )
    assert as_subtitles(SEGMENTS, "vtt").endswith("01:02:05.001 --> 01:02:06.000\nHere -> &lt;b> now\n")


def test_chinese_sentences_stand_without_a_space() -> None:
    assert joined((Segment(0, 1, "你好。", 1.0), Segment(2, 3, "几点开门？", 1.0)), "zh-CN") == "你好。几点开门？"


def test_words_are_told_where_they_are_asked_for() -> None:
    told = as_verbose(SEGMENTS, "en", 3_726.0, words=True, parts=False)
    assert told["words"] == [{"word": "Where", "start": 0.5, "end": 0.8}]
    assert "segments" not in told
    assert "words" not in as_verbose(SEGMENTS, "en", 3_726.0, words=False, parts=True)
    json.dumps(as_verbose(SEGMENTS, "en", 3_726.0, words=True, parts=True), allow_nan=False)
