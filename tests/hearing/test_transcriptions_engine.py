"""The recogniser by URL, against a server that answers well, badly, late and never."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from transcription_server import Answer, TranscriptionServer

from runtime.hearing.transcriptions import HZ, OpenAiAsr
from visavis.contracts.asr import check_asr
from visavis.engines import Context, Transcript
from visavis.errors import EngineError, OptionError, SetupError
from visavis.fakes.launcher import InlineLauncher

VERBOSE = {
    "text": " Where is the exit? ",
    "segments": [
        {"text": "Where is", "avg_logprob": -0.1, "no_speech_prob": 0.01},
        {"text": "the exit?", "avg_logprob": -0.3, "no_speech_prob": 0.02},
    ],
    "words": [{"word": "Where", "start": 0.1, "end": 0.3}, {"word": "is", "start": 0.3, "end": 0.4}],
}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARS_KEY", "sesame")


async def _open(server: TranscriptionServer, **options: Any) -> OpenAiAsr:
    context = Context("en-GB", InlineLauncher(), Path("cache"), ("Where is the Mona Lisa?",))
    options = {"url": server.url, "model": "whisper-1", "key_env": "EARS_KEY"} | options
    return await OpenAiAsr.open(context, **options)


async def _heard(asr: OpenAiAsr, seconds: float = 0.5, level: int = 3_000) -> list[Transcript]:
    async def pieces() -> Any:
        for _ in range(round(seconds * 10)):
            yield np.full(HZ // 10, level, np.int16)

    return [transcript async for transcript in asr.transcribe(pieces())]


async def _answered(*script: Answer, **options: Any) -> tuple[list[Transcript], TranscriptionServer]:
    async with TranscriptionServer(*script).serving() as server:
        asr = await _open(server, **options)
        try:
            return await _heard(asr), server
        finally:
            await asr.close()


async def test_an_utterance_is_sent_as_a_wav_when_it_has_ended() -> None:
    heard, server = await _answered(VERBOSE)
    (final,) = heard
    assert (final.text, final.final) == ("Where is the exit?", True)
    assert final.confidence == pytest.approx((np.exp(-0.1) + np.exp(-0.3)) / 2)
    assert [(word.text, word.start) for word in final.words] == [("Where", 0.1), ("is", 0.3)]
    assert server.seconds() == 0.5
    assert server.keys == ["sesame"]
    (form,) = server.asked
    assert form["model"] == "whisper-1"
    assert form["language"] == "en"
    assert form["response_format"] == "verbose_json"
    assert form["prompt"].startswith("Mona Lisa")


async def test_a_server_without_verbose_answers_is_asked_in_plain_ones_from_then_on() -> None:
    async with TranscriptionServer(400, {"text": "hello"}).serving() as server:
        asr = await _open(server)
        assert [(t.text, t.confidence) for t in await _heard(asr)] == [("hello", 1.0)]
        await _heard(asr)
        assert [form["response_format"] for form in server.asked] == ["verbose_json", "json", "json"]
        await asr.close()


async def test_words_are_shown_as_a_streaming_server_finds_them() -> None:
    events = [
        {"type": "transcript.text.delta", "delta": "Where is"},
        {"type": "transcript.text.delta", "delta": " the exit?"},
        {"type": "transcript.text.done", "text": "Where is the exit?"},
    ]
    body = "".join(f"data: {json.dumps(event)}\n\n" for event in events).encode()
    heard, server = await _answered(body, stream=True)
    assert [(t.text, t.final) for t in heard] == [
        ("Where is", False),
        ("Where is the exit?", False),
        ("Where is the exit?", True),
    ]
    assert server.asked[0]["stream"] == "true"


async def test_a_server_that_does_not_stream_is_understood_all_the_same() -> None:
    heard, _ = await _answered({"text": "hello"}, stream=True)
    assert [t.text for t in heard] == ["hello"]


async def test_an_edit_of_the_knowledge_is_expected_from_the_next_utterance_on() -> None:
    async with TranscriptionServer(VERBOSE).serving() as server:
        for prompt, before, after in ((None, "Mona Lisa, ", "Claude Monet, "), ("Ada", "Ada", "Ada"), ("", "", "")):
            asr = await _open(server, prompt=prompt)
            await _heard(asr)
            await asr.learn(("Is there a Claude Monet?",))
            await _heard(asr)
            assert [form.get("prompt", "")[: len(before) or 1] for form in server.asked[-2:-1]] == [before]
            assert [form.get("prompt", "")[: len(after) or 1] for form in server.asked[-1:]] == [after]
            await asr.close()


async def test_no_sound_is_not_sent() -> None:
    async with TranscriptionServer(VERBOSE).serving() as server:
        asr = await _open(server)
        assert await _heard(asr, 0.0) == [Transcript("", True, 0.0)]
        assert await _heard(asr, 2.0, level=0) == [Transcript("", True, 0.0)]
        assert server.asked == []
        await asr.close()


async def test_what_the_server_takes_for_no_speech_is_none() -> None:
    silent = {"text": "Thank you.", "segments": [{"text": "Thank you.", "avg_logprob": -0.9, "no_speech_prob": 0.9}]}
    assert (await _answered(silent))[0] == [Transcript("", True, 0.0)]


@pytest.mark.parametrize(
    "answer",
    [b"<html>hello", b"", {}, {"text": None}, {"text": 7}, {"text": ["a"]}, b"data: {\n\n", b'data: {"type": 1}\n\n'],
)
async def test_what_is_no_transcript_is_an_error(answer: Answer) -> None:
    with pytest.raises(EngineError, match=r"no transcript|without a transcript"):
        await _answered(answer)


@pytest.mark.parametrize(
    "odd",
    [
        {"segments": "none"},
        {"segments": [3, {"avg_logprob": "x", "no_speech_prob": None}]},
        {"segments": [{"avg_logprob": float("nan")}]},
        {"words": [{"word": "a", "start": 5.0, "end": 1.0}]},
        {"words": [{"word": "a", "start": 1e9, "end": 1e9}]},
        {"words": [{"word": None}]},
        {"words": {"a": 1}},
    ],
)
async def test_odd_details_do_no_harm(odd: dict[str, Any]) -> None:
    ((final,), _) = await _answered({"text": "hello"} | odd)
    assert (final.text, final.words) == ("hello", ())
    assert 0.0 <= final.confidence <= 1.0


@pytest.mark.parametrize(
    ("status", "says", "retryable"),
    [(401, "check the key", False), (404, "check `url`", False), (413, "too long", False), (500, "log", True)],
)
async def test_an_error_is_told_without_the_key(status: int, says: str, retryable: bool) -> None:
    with pytest.raises(EngineError, match=says) as failed:
        await _answered(status)
    assert failed.value.retryable is retryable
    assert "sesame" not in str(failed.value)


async def test_a_server_that_never_answers_is_left() -> None:
    async with TranscriptionServer(None).serving() as server:
        asr = await _open(server, answer_s=0.2)
        with pytest.raises(EngineError, match="did not answer in time") as late:
            await _heard(asr)
        assert late.value.retryable
        await server.left.wait()
        await asr.close()


async def test_who_leaves_early_leaves_no_request_behind() -> None:
    async with TranscriptionServer(None).serving() as server:
        asr = await _open(server, answer_s=60)
        reading = asyncio.ensure_future(_heard(asr))
        await server.came.wait()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await server.left.wait()
        await asr.close()


async def test_a_server_that_is_not_there_is_named() -> None:
    async with TranscriptionServer(VERBOSE).serving() as server:
        asr = await _open(server)
    with pytest.raises(EngineError, match=r"cannot be reached; check that the server runs"):
        await _heard(asr)
    await asr.close()


async def test_it_keeps_the_contract() -> None:
    pcm = np.random.default_rng(0).normal(0, 2_000, HZ).astype(np.int16)
    async with TranscriptionServer(VERBOSE | {"words": []}).serving() as server:
        await check_asr(await _open(server), pcm, "Where is the exit?")


async def test_options_that_cannot_work_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    server = TranscriptionServer(VERBOSE)
    with pytest.raises(OptionError, match="no address"):
        await _open(server, url="server:8000")
    with pytest.raises(OptionError, match="write one of: auto, verbose_json, json"):
        await _open(server, url="http://x", format="srt")
    with pytest.raises(OptionError, match="no time is left"):
        await _open(server, url="http://x", answer_s=0)
    monkeypatch.delenv("EARS_KEY")
    with pytest.raises(SetupError, match="EARS_KEY holds no key"):
        await _open(server, url="http://x")
