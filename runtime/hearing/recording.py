"""Recordings of strangers, decoded bit by bit and cut at their pauses; for a worker process, as FFmpeg reads them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from visavis.errors import ClientError
from visavis.vad import CHUNK, VAD_RATE, Vad, VoiceDetector
from visavis.words import Pcm

LONGEST_S = 1_800.0
PAUSE_S = 0.8
"""Silence that parts two stretches."""
STRETCH_S = 28.0
"""A longer stretch is cut where it is quietest."""
_CANCELLED, _MEMORY_S = 10**-1.2, 0.5
"""A mean so far under its louder side, as a share of power, is no mix: the sides are one another's opposite."""
_PAD_S = 0.3
_LEAST_S = 0.1
_VOICE, _SILENCE = 0.5, 0.35
FORMATS = "wav, mp3, flac, m4a, mp4, webm, ogg and aac"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Voice between two pauses: 16 kHz, from `at` samples on."""

    at: int
    pcm: Pcm


def container(data: bytes) -> str:
    """FFmpeg's demuxer for what the bytes begin like; no other one is opened, for some read further files.

    Raises ClientError for what is none of the formats.
    """
    head = data[:12]
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "mp4"
    for mark, name in ((b"fLaC", "flac"), (b"OggS", "ogg"), (b"\x1a\x45\xdf\xa3", "matroska"), (b"ID3", "mp3")):
        if head.startswith(mark):
            return name
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "aac"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06:
        return "mp3"
    what = "empty" if not data else "in no format that is known here"
    raise ClientError("invalid_audio", f"the file is {what}; send {FORMATS}", param="file")


def decoded(data: bytes) -> Iterator[Pcm]:
    """The sound of a file at 16 kHz, its channels mixed. What a damaged file still holds comes.

    Raises ClientError where there is no sound at all, or more than half an hour.
    """
    kind = container(data)
    samples = 0
    try:
        with av.open(io.BytesIO(data), format=kind, metadata_errors="replace") as file:
            if not file.streams.audio:
                raise ClientError("invalid_audio", "there is no sound in the file", param="file")
            mixed = _Mixed()
            for frame in _frames(file):
                for pcm in mixed.take(frame):
                    samples += len(pcm)
                    if samples > LONGEST_S * VAD_RATE:
                        problem = f"the recording is longer than {LONGEST_S / 60:.0f} minutes; cut it"
                        raise ClientError("too_long", problem, param="file")
                    yield pcm
    except (av.FFmpegError, ValueError, EOFError, OSError):
        pass  # what came before the damage is used
    if not samples:
        raise ClientError("invalid_audio", "the file is damaged: no sound can be read from it", param="file")


class _Mixed:
    """Takes frames and gives mono sound at 16 kHz: of two sides their mean, of sides that cancel out the louder one."""

    def __init__(self) -> None:
        self._resampler: av.AudioResampler | None = None
        self._form: object = None
        self._powers = np.zeros(3)
        """Of the left side, the right one and their mean, over the last half second or so."""

    def take(self, frame: Any) -> Iterator[Pcm]:
        form = (frame.sample_rate, frame.layout.name, frame.format.name) if frame is not None else self._form
        if form != self._form:  # it has begun, or a damaged frame says that it is another
            if self._resampler is not None:
                yield from self._given(None)
            layout = "mono" if len(frame.layout.channels) == 1 else "stereo"
            self._resampler, self._form = av.AudioResampler(format="s16p", layout=layout, rate=VAD_RATE), form
        yield from self._given(frame)

    def _given(self, frame: Any) -> Iterator[Pcm]:
        for piece in self._resampler.resample(frame) if self._resampler is not None else ():
            sides = piece.to_ndarray().astype(np.int16, copy=False)
            yield sides[0] if len(sides) == 1 else self._mean(sides)

    def _mean(self, sides: NDArray[np.int16]) -> Pcm:
        left, right = sides.astype(np.float64)
        mean = (left + right) / 2
        sounds = (left, right, mean)
        kept = np.exp(-len(mean) / (_MEMORY_S * VAD_RATE))
        now = np.array([np.mean(each**2) for each in sounds])
        self._powers = now if not self._powers.any() else kept * self._powers + (1 - kept) * now
        cancels = self._powers[2] < self._powers[:2].max() * _CANCELLED
        used = sounds[int(self._powers[:2].argmax())] if cancels else mean
        return np.asarray(np.rint(used), np.int16)


def _frames(file: Any) -> Iterator[Any]:
    """Every frame that can be decoded, and None at the end; a damaged packet is left out."""
    for packet in file.demux(audio=0):
        try:
            yield from packet.decode()
        except av.FFmpegError:
            continue
    yield None


def stretches(sound: Iterator[Pcm], vad: VoiceDetector | None = None) -> Iterator[Stretch]:
    """The stretches of voice in a sound at 16 kHz, one after the other."""
    splitter = _Splitter()
    vad = vad if vad is not None else Vad()
    rest = np.zeros(0, np.int16)
    for pcm in sound:
        rest = np.concatenate((rest, pcm))
        whole = len(rest) // CHUNK * CHUNK
        for at in range(0, whole, CHUNK):
            chunk = rest[at : at + CHUNK]
            (probability,) = vad.push(chunk)
            yield from splitter.push(chunk, probability)
        rest = rest[whole:]
    yield from splitter.finish(rest)


class _Splitter:
    """Keeps the stretch that is going on, and a little of what came before it."""

    def __init__(self) -> None:
        self._held: list[tuple[Pcm, float]] = []
        self._at = 0
        self._voiced = 0
        self._silent = 0
        self._speaking = False

    def push(self, chunk: Pcm, probability: float) -> Iterator[Stretch]:
        self._held.append((chunk, probability))
        if probability >= _VOICE:
            self._speaking = True
            self._voiced += 1
            self._silent = 0
        elif probability < _SILENCE or self._silent:
            self._silent += 1
        if not self._speaking:
            self._drop(max(0, len(self._held) - _chunks(_PAD_S)))
        elif self._silent >= _chunks(PAUSE_S):
            yield from self._give(len(self._held) - self._silent + _chunks(_PAD_S))
            self._speaking, self._voiced, self._silent = False, 0, 0
        elif len(self._held) >= _chunks(STRETCH_S):
            yield from self._give(self._quietest())

    def finish(self, rest: Pcm) -> Iterator[Stretch]:
        self._held.append((rest, 0.0))
        if self._speaking:
            yield from self._give(len(self._held))

    def _quietest(self) -> int:
        """Where in its last third the stretch sounds least like a voice."""
        first = len(self._held) * 2 // 3
        return min(range(first, len(self._held)), key=lambda at: self._held[at][1]) + 1

    def _give(self, end: int) -> Iterator[Stretch]:
        if self._voiced >= _chunks(_LEAST_S):
            yield Stretch(self._at, np.concatenate([chunk for chunk, _ in self._held[:end]]))
        self._drop(end)

    def _drop(self, count: int) -> None:
        self._at += sum(len(chunk) for chunk, _ in self._held[:count])
        del self._held[:count]


def _chunks(seconds: float) -> int:
    return round(seconds * VAD_RATE / CHUNK)
