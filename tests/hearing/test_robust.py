"""What goes wrong with a client's sound, heard by the real voice detector: one clear outcome each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]

from runtime.hearing.ears import Ears
from runtime.hearing.heard import Heard, Noise, Sound, VoiceBegan, VoiceEnded
from visavis.clock import LoopClock, run_virtual
from visavis.fakes.asr import FakeAsr
from visavis.signal import resample
from visavis.words import Pcm

HZ = 16_000


class Listener:
    """Ears with the real detector; `most` is the most sound that ever waited or was kept, in samples."""

    def __init__(self, rate: int) -> None:
        self.clock, self.told, self.asr, self.most = LoopClock(), list[Sound](), FakeAsr(*["words"] * 500), 0
        self.ears = Ears(self.asr, self.told.append, clock=self.clock, input_rate=rate)

    def count(self, kind: type[Any]) -> int:
        return sum(isinstance(sound, kind) for sound in self.told)

    def measure(self) -> None:
        ears: Any = self.ears
        speech = ears._speech
        kept = sum(map(len, speech._sound)) if speech is not None else 0
        self.most = max(self.most, kept + ears._inbox._waiting + sum(map(len, ears._before)))


Pieces = Sequence[tuple[float, Pcm]]


def cut(sound: Pcm, rate: int, piece_s: float = 0.1, every_s: float = 0.1) -> Pieces:
    """Pieces of so many seconds at a rate, each with the time it takes to come."""
    size = round(piece_s * rate)
    return [(every_s, sound[at : at + size]) for at in range(0, len(sound), size)]


def hear(given: Pcm | Pieces, *, rate: int = HZ) -> Listener:
    """Hear sound as it was recorded, or in pieces that come as they are given."""

    async def main() -> Listener:
        made = Listener(rate)
        running = asyncio.create_task(made.ears.run())
        for delay_s, piece in cut(given, rate) if isinstance(given, np.ndarray) else given:
            await asyncio.sleep(delay_s)
            made.ears.push(piece, made.clock.now())
            made.measure()
        await asyncio.sleep(3)
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert made.count(VoiceBegan) == made.count(VoiceEnded) == made.count(Heard) + made.count(Noise)
        assert made.most <= 23 * HZ, "sound is kept for one utterance at the most"
        return made

    return run_virtual(main())


def room(seconds: float, level: float = 5) -> Pcm:
    return np.random.default_rng(0).normal(0, level, round(seconds * HZ)).astype(np.int16)


@pytest.fixture
def said(testdata: Callable[[str], Path]) -> Pcm:
    """A person's words of some seconds in a quiet room."""
    whole, rate = soundfile.read(testdata("speech/jfk.flac"), dtype="int16", always_2d=True)
    words = resample(np.ascontiguousarray(whole[:, 0]), rate, HZ)[: 4 * HZ]
    return np.concatenate((room(1), words, room(3)))


def test_a_sentence_is_one_utterance(said: Pcm) -> None:
    assert 1 <= hear(said).count(Heard) <= 2


@pytest.mark.parametrize(("true", "declared"), [(48_000, 24_000), (24_000, 48_000)])
def test_a_wrong_rate_costs_no_more_than_the_utterance(said: Pcm, true: int, declared: int) -> None:
    sound = resample(said, HZ, true)
    heard = hear(cut(sound, declared, every_s=0.1 * declared / true), rate=declared)
    assert heard.count(Heard) <= 3


def test_two_channels_sent_as_one_are_no_storm(said: Pcm) -> None:
    assert hear(cut(np.repeat(said, 2), HZ, every_s=0.05)).count(Heard) <= 3


@pytest.mark.parametrize("fault", ["clipped", "offset", "both"])
def test_a_bad_microphone_is_heard_all_the_same(said: Pcm, fault: str) -> None:
    sound = said.astype(np.float64)
    sound = sound * 30 if fault != "offset" else sound
    sound = sound + 8_000 if fault != "clipped" else sound
    assert 1 <= hear(np.clip(sound, -32768, 32767).astype(np.int16)).count(Heard) <= 3


@pytest.mark.parametrize("level", [0, 1, 20_000])
def test_silence_of_any_kind_says_nothing(level: int) -> None:
    assert hear(np.full(20 * HZ, level, np.int16)).told == []


def music(seconds: float) -> Pcm:
    """Chords with a drum on every half second."""
    time = np.arange(round(seconds * HZ)) / HZ
    chords = sum(np.sin(2 * np.pi * f * 2 ** (np.floor(time / 2) % 4 / 12) * time) for f in (220, 277, 330, 440))
    beat = np.exp(-40 * (time % 0.5)) * np.random.default_rng(1).normal(0, 1, len(time))
    found: Pcm = (3_000 * chords + 8_000 * beat).clip(-32768, 32767).astype(np.int16)
    return found


def test_half_a_minute_of_music_is_no_storm_of_turns() -> None:
    assert hear(music(30)).count(VoiceBegan) <= 3


@pytest.mark.parametrize("level", [30, 8_000])
def test_minutes_of_noise_are_nobody(level: float) -> None:
    noise = room(20, level)
    heard = hear(cut(np.tile(noise, 6), HZ, 1.0, 1.0))
    assert heard.count(VoiceBegan) <= 1


def test_two_people_at_once_are_one_utterance(said: Pcm) -> None:
    other = np.roll(said, HZ // 2) // 2
    assert 1 <= hear(said + other).count(Heard) <= 2


def test_late_lost_and_doubled_pieces_are_no_storm(said: Pcm) -> None:
    dice, pieces = np.random.default_rng(3), list[tuple[float, Pcm]]()
    for at in range(0, len(said), 320):
        if (fate := dice.random()) < 0.1:
            continue
        pieces.append((dice.choice([0.0, 0.02, 0.04, 0.2]) / 2, said[at : at + 320]))
        if fate > 0.95:
            pieces.append((0.0, said[at : at + 320]))
    assert 1 <= hear(pieces).count(Heard) <= 4


def test_minutes_of_sound_in_two_seconds_are_bounded(said: Pcm) -> None:
    heard = hear(cut(np.tile(said, 20), HZ, 0.1, 0.001))
    assert heard.count(VoiceBegan) <= 2 * 20, "lost pieces may cut each sentence once"
