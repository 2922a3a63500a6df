"""Spoken questions for tests and the bench, made at run time by Debian's flite, sox and ffmpeg.

The voices (slt, rms, awb) are none of the product's. Recordings lie in the ignored `.visavis/bench`, under
a hash of what makes them. Each is 16 kHz mono, begins with `LEAD_S` and ends with `TAIL_S` of room, and
knows where its speech truly begins and ends and whether the speaker pauses for longer than `PAUSE_S` inside.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import wave
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from visavis.words import Pcm

VOICES = ("slt", "rms", "awb")
TOOLS = ("flite", "sox", "ffmpeg")
HZ = 16_000
LEAD_S, TAIL_S, PAUSE_S = 0.8, 2.0, 0.3
FOLDER = Path(__file__).parents[2] / ".visavis" / "bench" / "recordings"
_VERSION = "1"
_FRAME = HZ // 200
_FLOOR_DBFS = -50.0
_PEAK = 0.5

Noise = Literal["clean", "pink", "babble"]


@dataclass(frozen=True, slots=True)
class Recording:
    """`began` and `ended` are the first and one past the last sample of speech, by the clean sound's level."""

    path: Path
    text: str
    voice: str
    noise: Noise
    began: int
    ended: int
    longest_pause_s: float

    @property
    def pauses(self) -> bool:
        return self.longest_pause_s > PAUSE_S

    def pcm(self) -> Pcm:
        return _read(self.path)


def missing_tools() -> list[str]:
    """Which of the programs that make recordings are not installed."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


def record(
    texts: Iterable[str],
    voices: Sequence[str] = VOICES,
    noises: Sequence[Noise] = ("clean", "pink", "babble"),
    *,
    snr_db: float = 20.0,
    folder: Path = FOLDER,
) -> list[Recording]:
    """Every text in every voice and noise; those already made are read back."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _recording(text, voice, noise, snr_db, folder) for text in texts for voice in voices for noise in noises
    ]  # fmt: skip


def _recording(text: str, voice: str, noise: Noise, snr_db: float, folder: Path) -> Recording:
    key = hashlib.sha256(f"{_VERSION}|{text}|{voice}|{noise}|{snr_db}".encode()).hexdigest()[:16]
    path, label = folder / f"{key}.wav", folder / f"{key}.json"
    if not label.exists():
        speech = _speak(text, voice, folder)
        began, ended, pause = frame(speech)
        lead = round(LEAD_S * HZ)
        sound = np.pad(speech.astype(np.float64), (lead, round(TAIL_S * HZ)))
        sound += _noise(noise, len(sound), speech[began:ended], snr_db, folder, seed=int(key[:8], 16))
        _write(path, np.clip(np.rint(sound), -32768, 32767).astype(np.int16))
        made = Recording(path, text, voice, noise, lead + began, lead + ended, pause)
        label.write_text(json.dumps(asdict(made), default=str))
    facts = json.loads(label.read_text())
    return Recording(**{**facts, "path": path})


def frame(speech: Pcm) -> tuple[int, int, float]:
    """First sample, one past the last sample and longest inner pause (seconds) of clean speech above -50 dBFS."""
    whole = len(speech) // _FRAME
    power = np.mean((speech[: whole * _FRAME].reshape(whole, _FRAME) / 32768.0) ** 2, axis=1)
    loud = np.flatnonzero(power > 10 ** (_FLOOR_DBFS / 10))
    if not len(loud):
        return 0, 0, 0.0
    pause = int(np.max(np.diff(loud), initial=1) - 1) * _FRAME / HZ
    return int(loud[0]) * _FRAME, int(loud[-1] + 1) * _FRAME, pause


def _speak(text: str, voice: str, folder: Path) -> Pcm:
    raw, even = folder / "speaking.wav", folder / "resampled.wav"
    subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(raw)], check=True, capture_output=True)
    ffmpeg = ["ffmpeg", "-y", "-loglevel", "error", "-i", str(raw), "-ac", "1", "-ar", str(HZ), str(even)]
    subprocess.run(ffmpeg, check=True)
    speech = _read(even)
    peak = max(1, int(np.max(np.abs(speech.astype(np.int32)))))
    scaled: Pcm = np.rint(speech * (_PEAK * 32767 / peak)).astype(np.int16)
    return scaled


def _noise(kind: Noise, length: int, speech: Pcm, snr_db: float, folder: Path, *, seed: int) -> NDArray[np.float64]:
    """Room to add to the speech: hardly any in `clean`, else `snr_db` under the speech's level."""
    if kind == "clean":
        return np.random.default_rng(seed).normal(0, 3.0, length)
    bed = (_pink(folder) if kind == "pink" else _babble(folder)).astype(np.float64)
    start = seed % len(bed)
    bed = np.resize(np.roll(bed, -start), length)
    level = float(np.sqrt(np.mean(speech.astype(np.float64) ** 2)))
    return bed * (level / 10 ** (snr_db / 20) / max(1.0, float(np.sqrt(np.mean(bed**2)))))


def _pink(folder: Path) -> Pcm:
    path = folder / "pink.wav"
    if not path.exists():
        sox = ["sox", "-R", "-n", "-r", str(HZ), "-c", "1", "-b", "16", str(path)]
        subprocess.run([*sox, "synth", "30", "pinknoise", "vol", "0.3"], check=True, capture_output=True)
    return _read(path)


_CHATTER = (
    "we went there last summer and the weather was lovely all week long until the very last day",
    "the train leaves in twenty minutes so perhaps we should look for something to eat first",
    "my sister has painted for years and she would have liked the big blue one upstairs",
    "no I told him that it was fine and then he called again in the evening about the car",
)


def _babble(folder: Path) -> Pcm:
    """Six people talking at once, far away."""
    path = folder / "babble.wav"
    if not path.exists():
        mixed = np.zeros(30 * HZ)
        for index in range(6):
            said = _speak(". ".join((*_CHATTER[index % 4 :], *_CHATTER[: index % 4])), VOICES[index % 3], folder)
            mixed += np.roll(np.resize(said.astype(np.float64), len(mixed)), index * 31_337)
        _write(path, np.rint(mixed / np.max(np.abs(mixed)) * 16_000).astype(np.int16))
    return _read(path)


def _read(path: Path) -> Pcm:
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


def _write(path: Path, pcm: Pcm) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(HZ)
        file.writeframes(pcm.tobytes())
