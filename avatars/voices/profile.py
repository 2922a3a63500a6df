"""What of a voice can be given to another one: how high it speaks, how lively, and its colour."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avatars.voices.pitch import PitchTracker
from avatars.voices.timbre import FRAME, HOP, HZ, LINES, envelopes, spectra_of, warped
from visavis.errors import EngineError
from visavis.signal import FULL_SCALE, resample
from visavis.words import Pcm

VERSION = 1
NEEDED_S = 3.0
"""Seconds of humming sound without which a voice is not known."""
LONGEST_S = 120
_PIECE = 2 * HZ
_FACTORS = np.linspace(0.82, 1.22, 41)
_MOST_TILT = np.log(10 ** (10 / 20))


@dataclass(frozen=True)
class Profile:
    """A voice: mean and deviation of its pitch in octaves above 1 Hz, and the mean log envelope where it hums.

    `colour` has one value for each line of the spectrum of 1,024 samples at 24 kHz; those above `top` were not heard.
    """

    pitch: float
    spread: float
    colour: NDArray[np.float32]
    top: int

    def save(self, path: Path) -> None:
        """Write it to `path`, an `.npz` file."""
        with path.open("wb") as file:
            numbers = np.array([VERSION, self.pitch, self.spread, self.top])
            np.savez(file, numbers=numbers, colour=self.colour)

    @classmethod
    def load(cls, path: Path) -> Profile:
        """Read it back. Raises EngineError for a file that is none, or of another version."""
        try:
            with np.load(path, allow_pickle=False) as file:
                version, pitch, spread, top = (float(number) for number in file["numbers"])
                colour = file["colour"].astype(np.float32)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise EngineError(
                "profile", f"{path.name} is no voice profile: {error}", "enrol the voice again"
            ) from error
        if version != VERSION or colour.shape != (LINES,) or not np.isfinite([*colour, pitch, spread, top]).all():
            raise EngineError("profile", f"{path.name} is a profile of another version", "enrol the voice again")
        return cls(pitch, spread, colour, int(top))


def profile_of(pcm: Pcm, rate: int) -> Profile:
    """The profile of the one voice in `pcm`, of whose first two minutes it is made.

    Raises EngineError when less than `NEEDED_S` of it hums.
    """
    sound = resample(pcm[: LONGEST_S * rate], rate, HZ).astype(np.float32) / np.float32(FULL_SCALE)
    tracker = PitchTracker(HZ)
    total, count = np.zeros(LINES), 0
    for begin in range(0, len(sound), _PIECE):
        tracker.push(sound[begin : begin + _PIECE])
    periods = np.array(tracker.periods)
    hums = periods[periods > 0]
    if len(hums) * tracker.step < NEEDED_S * HZ:
        problem = f"only {len(hums) * tracker.step / HZ:.1f} s of the clip hum, {NEEDED_S:g} s are needed"
        raise EngineError("profile", problem, "record at least ten seconds of speech")
    for begin in range(0, len(sound) - FRAME, _PIECE):
        spectra = spectra_of(sound[begin : begin + _PIECE + FRAME - HOP])
        middles = begin + np.arange(len(spectra)) * HOP + FRAME // 2
        index = np.clip(np.round((middles - tracker.at(0)) / tracker.step).astype(int), 0, len(periods) - 1)
        voiced = envelopes(spectra[periods[index] > 0])
        total, count = total + voiced.sum(axis=0), count + len(voiced)
    octaves = np.log2(HZ / hums)
    inner = octaves[np.abs(octaves - np.median(octaves)) < 1]
    top = round(min(rate, HZ) / 2 * 0.92 / HZ * FRAME)
    return Profile(float(inner.mean()), float(inner.std()), (total / max(1, count)).astype(np.float32), top)


def change(source: Profile, target: Profile) -> tuple[float, float, float, NDArray[np.float32]]:
    """What makes `source` sound like `target`: factors of pitch, of its movement and of the formants, and the tilt."""
    top = min(source.top, target.top)
    wanted = target.colour - target.colour[:top].mean()
    tried = [warped(source.colour, factor) for factor in _FACTORS]
    best = int(np.argmin([np.var((wanted - moved)[4:top]) for moved in tried]))
    tilt = wanted - tried[best]
    tilt[top:] = tilt[max(0, top - 8) : top].mean()
    tilt = np.clip(tilt - tilt[:top].mean(), -_MOST_TILT, _MOST_TILT)
    tilt -= 0.5 * np.log(np.exp(2 * (tried[best] + tilt)).sum() / np.exp(2 * source.colour).sum())
    spread = min(1.6, max(0.6, target.spread / max(source.spread, 0.02)))
    return 2 ** (target.pitch - source.pitch), spread, float(_FACTORS[best]), tilt.astype(np.float32)
