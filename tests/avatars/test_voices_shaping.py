"""From raw sound and events to chunks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from avatars.voices.shaping import CEILING, KNEE, Shaper, limited
from visavis.signal import from_bytes
from visavis.words import RATE, Pcm

HZ = 24_000


def tone(samples: int) -> Pcm:
    return (8_000 * np.sin(2 * np.pi * 300 * np.arange(samples) / HZ)).astype(np.int16)


def silence(samples: int) -> Pcm:
    return np.zeros(samples, np.int16)


class Taken:
    """What a shaper emitted."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []

    def __call__(self, message: dict[str, Any]) -> bool:
        self.replies.append(message)
        return True

    @property
    def visemes(self) -> list[tuple[int, str]]:
        return [shape for reply in self.replies for shape in reply["visemes"]]

    @property
    def words(self) -> list[tuple[int, ...]]:
        return [word for reply in self.replies for word in reply["words"]]

    @property
    def samples(self) -> int:
        return sum(len(from_bytes(reply["pcm"])) for reply in self.replies)


def test_a_long_silence_before_speech_shifts_every_time() -> None:
    """The first second is silent, and its events come before anything is heard."""
    shaper, taken = Shaper(HZ, 1.0), Taken()
    shaper.sound(silence(12_000))
    shaper.word(0, 0, 2)
    shaper.phoneme(11_000, "n")
    shaper.sound(np.concatenate([silence(12_000), tone(12_000)]))
    shaper.phoneme(30_000, "a")
    shaper.finish(taken)
    lead = 24_000 - RATE // 100
    assert taken.visemes[:2] == [(0, "nn"), (pytest.approx(30_000 - lead, abs=5), "aa")]
    assert taken.words == [(0, pytest.approx(12_240, abs=5), 0, 2, -1)]
    assert taken.samples == pytest.approx(12_000 + 240 + RATE * 60 // 1000, abs=50)


@pytest.mark.parametrize("trailing", [0, 2_000, 48_000])
def test_the_end_is_where_the_sound_ends(trailing: int) -> None:
    shaper, taken = Shaper(HZ, 1.0), Taken()
    shaper.sound(tone(24_000))
    shaper.phoneme(0, "a")
    shaper.phoneme(12_000, "o")
    assert shaper.ready(taken)
    shaper.sound(silence(trailing))
    shaper.phoneme(24_000, "")
    for start in range(24_000, 24_000 + trailing, 12_000):
        shaper.phoneme(start, "")
        assert shaper.ready(taken)
    shaper.finish(taken)
    starts = [at for at, _ in taken.visemes]
    assert taken.visemes[-1] == (pytest.approx(24_000, abs=50), "sil")
    assert starts == sorted(starts)
    assert taken.samples >= starts[-1]


def test_without_any_sound_nothing_is_sent() -> None:
    shaper, taken = Shaper(HZ, 1.0), Taken()
    shaper.word(0, 0, 1)
    shaper.phoneme(0, "a")
    shaper.sound(silence(24_000))
    shaper.next_piece(300)
    shaper.finish(taken)
    assert taken.replies == []


def test_the_limiter_leaves_quiet_sound_alone_and_never_clips() -> None:
    quiet = np.linspace(-KNEE, KNEE, 100, dtype=np.float32)
    assert np.array_equal(limited(quiet), quiet)
    loud = np.linspace(-10, 10, 1_000, dtype=np.float32)
    bent = limited(loud)
    assert np.abs(bent).max() <= CEILING
    assert np.all(np.diff(bent) >= 0)
    assert len(limited(quiet[:0])) == 0
