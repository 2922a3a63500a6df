"""The embedded recogniser on questions spoken by voices that the product does not use."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime.bench.recordings import Recording, missing_tools, record
from runtime.hearing.decoding import ANYONE, Decoding
from runtime.hearing.ears import Ears
from runtime.hearing.heard import Heard, Noise, Sound
from runtime.hearing.language_model import build
from runtime.hearing.pocketsphinx import PocketSphinxAsr
from runtime.hearing.pocketsphinx_service import PocketSphinxService
from runtime.hearing.turn_end import Endpointing
from runtime.hearing.wording import words
from visavis.clock import LoopClock, run_virtual
from visavis.contracts.asr import check_asr
from visavis.engines import Context, Message
from visavis.errors import AtCapacity, EngineError
from visavis.fakes.asr import FakeAsr
from visavis.fakes.launcher import InlineLauncher
from visavis.vad import silero_file
from visavis.words import Pcm

PHRASES = (
    "What are your opening hours?",
    "When do you open?",
    "How much is a ticket?",
    "Where are the restrooms?",
    "Is there a cafe in the museum?",
    "Where is the Kandinsky room?",
    "We are open from 9 to 5 and the Kandinsky room is beside the lantern hall on the second floor of the west wing.",
)

needs_voices = pytest.mark.skipif(bool(missing_tools()), reason=f"not installed: {', '.join(missing_tools())}")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def service(cache: Path) -> PocketSphinxService:
    return PocketSphinxService(PHRASES, str(cache), capacity=6)


def speech(text: str, voice: str = "slt") -> Recording:
    return record([text], [voice], ["clean"])[0]


def decode(service: PocketSphinxService, stream: int, pcm: Pcm) -> list[Message]:
    replies: list[Message] = []

    def emit(message: Message) -> bool:
        replies.append(message)
        return True

    service.open(stream, {})
    for at in range(0, len(pcm), 512):
        service.append(stream, {"pcm": pcm[at : at + 512].tobytes()}, emit)
    service.end(stream, emit)
    return replies


@needs_voices
@pytest.mark.parametrize("voice", ["slt", "rms"])
def test_a_known_question_comes_back_as_it_is_written(service: PocketSphinxService, voice: str) -> None:
    replies = decode(service, 1, speech("Is there a cafe in the museum?", voice).pcm()[8_000:-24_000])
    assert replies[-1]["text"] == "Is there a cafe in the museum?"
    assert replies[-1]["final"]
    assert len(replies) > 2
    assert not any(reply["final"] for reply in replies[:-1])


@needs_voices
def test_other_questions_are_heard_through_the_background(service: PocketSphinxService) -> None:
    heard = decode(service, 1, speech("Where can I park my car?").pcm()[8_000:-24_000])[-1]["text"]
    assert {"where", "park", "my", "car"} <= set(words(heard))


@needs_voices
def test_an_utterance_does_not_depend_on_who_spoke_before(service: PocketSphinxService) -> None:
    asked = speech("Where are the restrooms?").pcm()[8_000:-24_000]
    alone = decode(service, 1, asked)
    decode(service, 2, (np.random.default_rng(1).normal(0, 6000, 48_000)).astype(np.int16))
    again = decode(service, 3, asked)
    assert [reply["text"] for reply in again] == [reply["text"] for reply in alone]


@needs_voices
def test_voices_at_once_are_heard_as_each_alone(service: PocketSphinxService) -> None:
    sounds = [speech(text).pcm()[8_000:-26_000] for text in PHRASES[:3]]
    alone = [decode(service, 0, sound)[-1]["text"] for sound in sounds]
    finals: dict[int, str] = {}
    for stream in range(3):
        service.open(stream, {})
    for at in range(0, max(map(len, sounds)), 512):
        for stream, sound in enumerate(sounds):
            service.append(stream, {"pcm": sound[at : at + 512].tobytes()}, lambda message: True)
    for stream in range(3):
        service.end(stream, lambda message, stream=stream: finals.setdefault(stream, message["text"]) != "")
    assert list(finals.values()) == alone


def test_beyond_its_capacity_it_says_so(service: PocketSphinxService) -> None:
    for stream in range(6):
        service.open(stream, {})
    with pytest.raises(AtCapacity):
        service.open(6, {})
    for stream in range(6):
        service.cancel(stream)


@needs_voices
@pytest.mark.parametrize("silence_s", [2, 5])
def test_silence_before_the_first_word_teaches_nothing(service: PocketSphinxService, silence_s: int) -> None:
    asked = speech("Is there a cafe in the museum?").pcm()[8_000:-24_000]
    room = np.random.default_rng(2).normal(0, 3, silence_s * 16_000).astype(np.int16)
    assert decode(service, 1, np.concatenate([room, asked]))[-1]["text"] == "Is there a cafe in the museum?"


class Search:
    """A decoder that keeps what its mean is set to, and what is searched for words."""

    def __init__(self, decoder: Any) -> None:
        self._decoder, self.means, self.searched = decoder, [ANYONE], 0

    def set_cmn(self, mean: str) -> None:
        self.means.append(np.array([float(value) for value in mean.split(",")]))
        self._decoder.set_cmn(mean)

    def process_raw(self, sound: bytes, no_search: bool, full: bool) -> None:
        self.searched += 0 if no_search else len(sound) // 2
        self._decoder.process_raw(sound, no_search, full)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._decoder, name)


def test_the_mean_is_that_of_the_voice_alone(service: PocketSphinxService) -> None:
    hiss = np.random.default_rng(2).normal(0, 800, 12_288).astype(np.int16)
    hush = np.random.default_rng(3).normal(0, 3, 20_480).astype(np.int16)
    means = []
    for sound in (hiss, np.concatenate([hush, hiss])):
        search = Search(service._idle[0])
        decoding = Decoding(search)
        for at in range(0, len(sound), 512):
            decoding.hear(sound[at : at + 512])
        means.append(search.means[-1])
        decoding.drop()
    assert np.abs(means[0] - means[1]).max() < 1.5
    assert np.abs(means[0] - ANYONE).max() > 8


def test_however_long_it_lasts_it_is_searched_about_twice(service: PocketSphinxService) -> None:
    rng = np.random.default_rng(4)
    search = Search(service._idle[0])
    decoding = Decoding(search)
    for at in range(30 * 32):
        decoding.hear(rng.normal(0, 2000 if at % 31 < 4 else 20, 512).astype(np.int16))
    decoding.drop()
    assert search.searched < 30 * 32 * 512 * 2.2


def test_a_cancelled_stream_gives_its_decoder_back(service: PocketSphinxService) -> None:
    before = len(service._idle)
    service.open(1, {})
    service.cancel(1)
    service.cancel(1)
    assert len(service._idle) == before


def test_a_model_is_made_once_and_left_whole(cache: Path) -> None:
    first = build(PHRASES, cache)
    stamp = first.grammar.stat().st_mtime_ns
    assert build(PHRASES, cache).grammar.stat().st_mtime_ns == stamp
    assert build((*PHRASES, "One more?"), cache).folder != first.folder
    assert {path.name for path in first.folder.iterdir()} == {"words.dict", "questions.arpa"}
    assert "kandinsky K" in first.dictionary.read_text()


async def test_other_languages_are_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="touch and text"):
        await PocketSphinxAsr.open(Context("zh-CN", InlineLauncher(), tmp_path))


async def test_the_fake_passes_the_kit() -> None:
    await check_asr(FakeAsr("hello", "", "left", "hello", "hello", "hello"), np.zeros(16_000, np.int16), "hello")


@needs_voices
async def test_pocketsphinx_passes_the_kit(cache: Path) -> None:
    asr = await PocketSphinxAsr.open(Context("en-GB", InlineLauncher(), cache, PHRASES))
    await check_asr(asr, speech("How much is a ticket?").pcm()[8_000:-24_000], "How much is a ticket?", alike=0.8)


@needs_voices
@pytest.mark.skipif(silero_file() is None, reason="silero-vad is not installed")
def test_the_whole_chain_hears_a_question_and_its_end(cache: Path) -> None:
    recording = speech("Is there a cafe in the museum?", "rms")

    async def main() -> list[Sound]:
        told: list[Sound] = []
        asr = await PocketSphinxAsr.open(Context("en", InlineLauncher(), cache, PHRASES))
        ears = Ears(asr, told.append, clock=LoopClock(), input_rate=16_000)
        running = asyncio.create_task(ears.run())
        for at in range(0, len(sound := recording.pcm()), 640):
            await asyncio.sleep(0.04)
            ears.push(sound[at : at + 640], asyncio.get_running_loop().time())
        running.cancel()
        return told

    told = run_virtual(main())
    (heard,) = [sound for sound in told if isinstance(sound, Heard)]
    assert not [sound for sound in told if isinstance(sound, Noise)]
    assert heard.utterance.text == "Is there a cafe in the museum?"
    assert heard.utterance.began == pytest.approx(recording.began / 16_000, abs=0.1)
    assert heard.utterance.ended == pytest.approx(recording.ended / 16_000, abs=0.1)
    assert heard.timings.endpoint_s < Endpointing().silence_s + 0.1


def test_the_main_process_does_not_load_the_recogniser() -> None:
    code = "import sys, runtime.hearing.pocketsphinx, runtime.hearing.ears; print('_pocketsphinx' in str(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "False"


def test_nothing_and_hiss_end_well(service: PocketSphinxService) -> None:
    hiss = np.random.default_rng(3).normal(0, 2000, 16_000 * 12).astype(np.int16)
    rng = np.random.default_rng(0)
    burst = (rng.normal(0, 6000, 3200) * np.hanning(3200)).astype(np.int16)
    cough = np.concatenate((hiss[:4800] // 100, burst, hiss[:4800] // 100))
    for sound in (np.zeros(0, np.int16), np.zeros(16_000, np.int16), hiss, cough):
        final = decode(service, 1, sound)[-1]
        assert final["final"]
        assert 0.0 <= final["confidence"] < 0.5
