"""Questions that are spoken by a voice the product does not use."""

from __future__ import annotations

import asyncio
import base64
import shutil
import subprocess
import wave

import numpy as np
import pytest
from place import HOURS, Server
from test_openai_client import talk
from visitor import Visitor, visit

from visavis.signal import resample
from visavis.words import Pcm

QUESTION = "What are your opening hours?"


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> Pcm:
    """The question at 16 kHz with a little silence around it."""
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed")
    path = tmp_path_factory.mktemp("flite") / "question.wav"
    subprocess.run(["flite", "-voice", "slt", "-t", QUESTION, "-o", str(path)], check=True)
    with wave.open(str(path)) as file:
        assert file.getframerate() == 16_000
        spoken = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    return np.concatenate([np.zeros(8_000, np.int16), spoken, np.zeros(4_000, np.int16)])


def packed(pcm: Pcm) -> str:
    return base64.b64encode(pcm.astype("<i2").tobytes()).decode()


async def stream(visitor: Visitor, pcm: Pcm, rate: int, *, then_silence_s: float = 0.0) -> None:
    """Send as a microphone does: 40 ms at a time, in real time."""
    pcm = np.concatenate([pcm, np.zeros(int(rate * then_silence_s), np.int16)])
    step = rate // 25
    for at in range(0, len(pcm), step):
        await visitor.send("input_audio_buffer.append", audio=packed(pcm[at : at + step]))
        await asyncio.sleep(0.04)


@pytest.mark.parametrize("rate", [24_000, 16_000])
async def test_the_end_of_a_question_is_heard(server: Server, question: Pcm, rate: int) -> None:
    pcm = resample(question, 16_000, rate)
    async with visit(server, "museum") as visitor:
        await visitor.show(video="none", input_rate=rate)
        await stream(visitor, pcm, rate, then_silence_s=1.5)
        done = (await visitor.until("response.done"))["response"]
        assert done["output"][0]["content"][0]["transcript"] == HOURS
    (began,) = visitor.all("input_audio_buffer.speech_started")
    (ended,) = visitor.all("input_audio_buffer.speech_stopped")
    assert 200 < began["audio_start_ms"] < 900
    assert 0 < ended["audio_end_ms"] - began["audio_start_ms"] < len(pcm) / rate * 1000
    (heard,) = visitor.all("conversation.item.input_audio_transcription.completed")
    assert heard["transcript"] == QUESTION
    assert heard["item_id"] == began["item_id"] == visitor.all("input_audio_buffer.committed")[0]["item_id"]
    partial = visitor.all("conversation.item.input_audio_transcription.delta")
    assert partial
    assert {event["item_id"] for event in partial} == {began["item_id"]}
    (latency,) = visitor.all("avatar.latency")
    assert latency["stages"]["endpoint_ms"] > 0
    assert sum(latency["stages"].values()) == pytest.approx(latency["first_av_ms"], abs=0.01)


async def test_the_official_client_speaks_and_commits(server: Server, question: Pcm) -> None:
    async with talk(server, "museum") as line:
        audio = {"input": {"turn_detection": None}}
        await line.connection.session.update(session={"type": "realtime", "audio": audio})  # type: ignore[typeddict-item]
        assert (await line.until("session.updated")).session.audio.input.turn_detection is None
        await line.connection.input_audio_buffer.append(audio=packed(resample(question, 16_000, 24_000)))
        await line.connection.input_audio_buffer.commit()
        await line.connection.response.create()
        done = await line.until("response.done")
    assert done.response.output[0].content[0].transcript == HOURS
    kinds = [event.type for event in line.seen]
    assert "input_audio_buffer.speech_started" not in kinds
    order = ["input_audio_buffer.committed", "conversation.item.added", "conversation.item.done"]
    at = kinds.index(order[0])
    assert kinds[at : at + 3] == order
    (heard,) = line.of("conversation.item.input_audio_transcription.completed")
    assert heard.transcript == QUESTION
    assert heard.item_id == line.of("input_audio_buffer.committed")[0].item_id


async def test_the_official_client_leaves_the_turns_to_the_server(server: Server, question: Pcm) -> None:
    async with talk(server, "museum") as line:
        pcm = np.concatenate([resample(question, 16_000, 24_000), np.zeros(36_000, np.int16)])
        for at in range(0, len(pcm), 960):
            await line.connection.input_audio_buffer.append(audio=packed(pcm[at : at + 960]))
            await asyncio.sleep(0.04)
        done = await line.until("response.done")
    assert done.response.output[0].content[0].transcript == HOURS
    kinds = [event.type for event in line.seen]
    assert kinds.index("input_audio_buffer.speech_started") < kinds.index("input_audio_buffer.speech_stopped")
    assert kinds.index("input_audio_buffer.committed") < kinds.index("response.created")


async def test_a_whole_spoken_item_is_answered(server: Server, question: Pcm) -> None:
    async with talk(server, "museum") as line:
        content = [{"type": "input_audio", "audio": packed(resample(question, 16_000, 24_000))}]
        await line.connection.conversation.item.create(
            item={"type": "message", "role": "user", "content": content}  # type: ignore[arg-type,typeddict-item]
        )
        await line.connection.response.create()
        done = await line.until("response.done")
    assert done.response.output[0].content[0].transcript == HOURS
    assert len(line.of("response.created")) == 1


async def test_silence_that_was_committed_is_answered_too(server: Server) -> None:
    async with visit(server, "museum") as visitor:
        await visitor.send("session.update", session={"turn_detection": None})
        await visitor.send("input_audio_buffer.append", audio=packed(np.zeros(24_000, np.int16)))
        await visitor.send("input_audio_buffer.commit")
        await visitor.send("response.create")
        heard = await visitor.until("conversation.item.input_audio_transcription.completed")
        assert heard["transcript"] == ""
        assert (await visitor.until("response.done"))["response"]["status"] == "completed"


async def test_a_press_that_was_dropped_is_not_what_the_next_one_is_answered_to(server: Server, question: Pcm) -> None:
    spoken = resample(question, 16_000, 24_000)
    async with visit(server, "museum") as visitor:
        await visitor.send("session.update", session={"turn_detection": None})
        await visitor.send("input_audio_buffer.append", audio=packed(spoken[:24_000]))
        await asyncio.sleep(0.3)
        await visitor.send("input_audio_buffer.clear")
        await visitor.until("input_audio_buffer.cleared")
        await asyncio.sleep(0.3)
        await visitor.send("input_audio_buffer.append", audio=packed(spoken))
        await visitor.send("input_audio_buffer.commit")
        await visitor.send("response.create")
        done = (await visitor.until("response.done"))["response"]
    assert done["output"][0]["content"][0]["transcript"] == HOURS
    assert len(visitor.all("response.created")) == 1


async def test_an_empty_commit_is_refused(server: Server) -> None:
    async with visit(server, "museum") as visitor:
        await visitor.send("session.update", session={"turn_detection": None})
        await visitor.send("input_audio_buffer.commit", event_id="mine")
        error = await visitor.refusal()
        assert (error["code"], error["event_id"]) == ("input_audio_buffer_commit_empty", "mine")


@pytest.mark.parametrize(
    ("audio", "said"),
    [
        (base64.b64encode(bytes(961)).decode(), "half a sample"),
        ("not base64!", "base64"),
        (base64.b64encode(bytes(2 * 24_000 * 31)).decode(), "30 s"),
    ],
)
async def test_audio_that_is_none_is_refused(server: Server, audio: str, said: str) -> None:
    async with visit(server, "museum") as visitor:
        await visitor.send("input_audio_buffer.append", audio=audio)
        error = await visitor.refusal()
        assert error["code"] == "invalid_audio"
        assert said in error["message"]
        assert (await visitor.answer("When do you open?"))["status"] == "completed"
