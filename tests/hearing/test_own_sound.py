"""The avatar's own sound come back through a room, against another's: made timelines, no words."""

from __future__ import annotations

import numpy as np
import pytest

from runtime.hearing.own_sound import OwnSound
from visavis.words import RATE, SLOT, Pcm

HZ, CHUNK, CHUNK_S = 16_000, 512, 0.032
SECONDS = 6.0


def babble(seed: int, seconds: float = SECONDS, hz: int = HZ) -> Pcm:
    """Like speech: syllables of their own length and colour, some of them loud, with gaps between."""
    dice = np.random.default_rng(seed)
    sound, at = np.zeros(round(seconds * hz)), 0
    while at < len(sound):
        length = round(dice.uniform(0.08, 0.25) * hz)
        time = np.arange(length) / hz
        tones = sum(dice.uniform(0.1, 1) * np.sin(2 * np.pi * f * time) for f in dice.uniform(250, 3400, 6))
        piece = tones * np.hanning(length) * dice.uniform(300, 2000)
        sound[at : at + length] += piece[: len(sound) - at]
        at += length + round(dice.uniform(0, 0.08) * hz)
    return sound.astype(np.int16)


def verdicts(played: Pcm, heard: Pcm, own: OwnSound | None = None) -> list[bool]:
    """What is said of each loud chunk of `heard` while `played`, 24 kHz, comes out slot by slot; True between."""
    own, said, out = own or OwnSound(), list[bool](), 0
    for at in range(0, len(heard) - CHUNK, CHUNK):
        ends = (at + CHUNK) / HZ
        while out < len(played) and out / RATE < ends + 0.2:
            own.play(played[out : out + SLOT], RATE, out / RATE)
            out += SLOT
        own.hear(heard[at : at + CHUNK], HZ, ends)
        loud = bool(np.abs(heard[at : at + CHUNK]).max() > 60)
        said.append(own.echoes(voice=loud) or not loud)
    return said


def late(played: Pcm, delay_s: float, gain: float) -> Pcm:
    """What a microphone at 16 kHz has of it, with the room's noise."""
    there = np.interp(np.arange(round(SECONDS * HZ)) / HZ - delay_s, np.arange(len(played)) / RATE, played, left=0)
    noise = np.random.default_rng(9).normal(0, 4, len(there))
    return (there * gain + noise).astype(np.int16)


@pytest.mark.parametrize("delay_s", [0.0, 0.18, 0.45])
def test_its_own_sound_is_known_however_late_it_comes(delay_s: float) -> None:
    played = babble(1, hz=RATE)
    said = verdicts(played, late(played, delay_s, 0.2))
    assert np.mean(said[30:]) > 0.95


def test_another_voice_is_not_its_own() -> None:
    heard = babble(2)
    loud = [bool(np.abs(heard[at : at + CHUNK]).max() > 60) for at in range(0, len(heard) - CHUNK, CHUNK)]
    said = verdicts(babble(1, hz=RATE), heard)
    assert np.mean(np.array(said)[24:][loud[24:]]) < 0.05


def test_a_visitor_over_the_echo_is_noticed_within_a_tenth_of_a_second() -> None:
    played = babble(1, hz=RATE)
    heard = late(played, 0.18, 0.15)
    onset = round(4 * HZ)
    heard[onset:] += babble(2)[: len(heard) - onset]
    said = verdicts(played, heard)
    first = onset // CHUNK
    assert all(said[first - 20 : first])
    assert said[first + 3 : first + 13].count(True) <= 3


def test_where_no_echo_ever_came_back_a_visitors_first_sound_is_his() -> None:
    played = babble(1, hz=RATE)
    heard = np.random.default_rng(3).normal(0, 4, round(SECONDS * HZ)).astype(np.int16)
    onset = round(3 * HZ)
    heard[onset : onset + HZ // 2] += babble(2)[: HZ // 2]
    assert not all(verdicts(played, heard)[onset // CHUNK :][:4])


def test_nothing_is_an_echo_of_silence() -> None:
    assert np.mean(verdicts(np.zeros(6 * RATE, np.int16), babble(2))) < 0.3


def test_what_is_played_anew_takes_the_place_of_what_was_cleared() -> None:
    own = OwnSound()
    own.play(babble(1, 1.0, RATE), RATE, 10.0)
    own.play(np.zeros(RATE, np.int16), RATE, 10.0)
    own.hear(babble(1, 0.5), HZ, 10.5)
    assert not own.echoes()
