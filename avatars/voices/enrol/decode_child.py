"""The process that decodes one recording: the file on standard input, a line of JSON and PCM on standard output.

`python -m avatars.voices.enrol.decode_child wav 600 < voice.wav`
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any, BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from avatars.voices.enrol.clipped import Clipped
from avatars.voices.enrol.sound import Source
from visavis.confined import confine
from visavis.signal import Resampler, to_bytes, to_pcm
from visavis.words import RATE, Pcm

MEMORY = 3 * 1024**3
"""Bytes of address space."""
CPU_S = 280
DEAD_DB = 35.0
"""A channel so far under the other one carries nothing."""
MISSING = 0.05
"""Share of the announced length that may be absent before the file counts as cut off."""
LOST = 0.02
"""Share of its packets that may be damaged."""


class Refused(Exception):
    """The recording cannot be used: what is wrong, what to do."""


def main(kind: str, longest_s: float) -> None:
    """Decode what comes in, or say why it cannot be."""
    confine(MEMORY, CPU_S)
    out = sys.stdout.buffer
    try:
        source, pcm = decode(sys.stdin.buffer, kind, longest_s)
    except Refused as refused:
        problem, remedy = refused.args
        out.write(json.dumps({"problem": problem, "remedy": remedy}).encode() + b"\n")
    except (av.error.FFmpegError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error).partition(":")[0]
        problem = f"it is damaged: {reason[:80]}"
        out.write(json.dumps({"problem": problem, "remedy": "export it again, or record it again"}).encode() + b"\n")
    except MemoryError:
        answer = {"problem": "decoding it takes too much memory", "remedy": "cut it into several files"}
        out.write(json.dumps(answer).encode() + b"\n")
    else:
        out.write(json.dumps(asdict(source)).encode() + b"\n" + to_bytes(pcm))
    out.flush()


def decode(file: BinaryIO, kind: str, longest_s: float) -> tuple[Source, Pcm]:
    """What the file was and its sound, mono at `RATE`. Raises Refused, FFmpegError."""
    with av.open(file, format=kind, metadata_errors="replace") as container:
        if not container.streams.audio:
            raise Refused("there is no sound in it", "record it with a microphone")
        stream: Any = container.streams.audio[0]
        said = _announced(container, stream, kind)
        if said is not None and said > longest_s:
            raise _too_long(said, longest_s)
        sink = _Sink(longest_s)
        broken = _through(container, stream, sink)
        sides = sink.finish()
        codec = str(stream.codec_context.name)
    heard = len(sides[0]) / RATE
    if not heard:
        raise Refused("there is no sound in it", "record it again")
    if said is not None and heard < said * (1 - MISSING) - 0.2:
        raise Refused(f"it is cut off: it should last {said:.1f} s and ends after {heard:.1f} s", "send the whole file")
    if broken:
        raise Refused(f"{broken} of its packets are damaged", "export it again, or record it again")
    used, dead, pcm = _mixed(sides)
    return Source(codec, sink.rate, sink.channels, round(heard, 3), used, dead, sink.clipped.spans(), 0), pcm


def _announced(container: Any, stream: Any, kind: str) -> float | None:
    """The length in seconds that the header gives; an .aac stream has none that can be relied on."""
    if kind == "aac":
        return None
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / 1e6 if container.duration else None


def _through(container: Any, stream: Any, sink: _Sink) -> int:
    """Decode all of it; the damaged packets, unless they are as few as at a cut."""
    broken = packets = 0
    for packet in container.demux(stream):
        packets += 1
        try:
            for frame in packet.decode():
                sink.take(frame)
        except av.error.InvalidDataError:
            broken += 1
    return broken if broken > max(1, LOST * packets) else 0


class _Sink:
    """Takes frames of any layout; keeps its first two channels, resampled."""

    def __init__(self, longest_s: float) -> None:
        self.rate = self.channels = 0
        self._longest_s, self._samples = longest_s, 0
        self._ways: list[Resampler] = []
        self._sides: list[list[Pcm]] = []

    def take(self, frame: Any) -> None:
        if not self._ways:
            self.rate, self.channels = int(frame.sample_rate), len(frame.layout.channels)
            if not 4_000 <= self.rate <= 384_000:
                raise Refused(f"its sample rate is {self.rate} Hz", "record at 44,100 or 48,000 Hz")
            self._ways = [Resampler(self.rate, RATE) for _ in range(min(2, self.channels))]
            self._sides = [[] for _ in self._ways]
            self.clipped = Clipped(self.rate)
        if frame.sample_rate != self.rate or len(frame.layout.channels) != self.channels:
            raise Refused("its sample rate or number of channels changes on the way", "export it as one wav file")
        samples = _scaled(frame)
        self._samples += samples.shape[1]
        if self._samples > self._longest_s * self.rate:
            raise _too_long(None, self._longest_s)
        self.clipped.push(samples[: len(self._ways)])
        for way, side, row in zip(self._ways, self._sides, samples, strict=False):
            side.append(way.push(to_pcm(row * np.float32(32768))))

    def finish(self) -> list[Pcm]:
        if not self._ways:
            raise Refused("there is no sound in it", "record it again")
        return [np.concatenate([*side, way.flush()]) for way, side in zip(self._ways, self._sides, strict=True)]


def _scaled(frame: Any) -> NDArray[np.float32]:
    """(channels, samples) from -1 to 1."""
    raw: NDArray[Any] = frame.to_ndarray()
    count = len(frame.layout.channels)
    if not frame.format.is_planar:
        raw = raw.reshape(-1, count).T
    if raw.dtype == np.uint8:
        return (raw.astype(np.float32) - np.float32(128)) / np.float32(128)
    if np.issubdtype(raw.dtype, np.integer):
        return (raw / np.float64(-np.iinfo(raw.dtype).min)).astype(np.float32)
    return np.nan_to_num(raw.astype(np.float32))


def _mixed(sides: list[Pcm]) -> tuple[str, str, Pcm]:
    """Which channels are used, which is dead, and the mono sound."""
    if len(sides) == 1:
        return "only", "", sides[0]
    left, right = sides[0].astype(np.float32), sides[1].astype(np.float32)
    levels = [10 * np.log10(float(np.mean(each**2)) + 1e-3) for each in (left, right)]
    if levels[0] - levels[1] > DEAD_DB:
        return "left", "right", sides[0]
    if levels[1] - levels[0] > DEAD_DB:
        return "right", "left", sides[1]
    mixed = to_pcm((left + right) * np.float32(0.5))
    cancelled = 10 * np.log10(float(np.mean(mixed.astype(np.float32) ** 2)) + 1e-3) < max(levels) - 12
    return ("left", "", sides[0]) if cancelled else ("both", "", mixed)


def _too_long(said: float | None, longest_s: float) -> Refused:
    lasts = f"it lasts {said / 60:.0f} minutes" if said else "it lasts too long"
    return Refused(f"{lasts}, more than the {longest_s / 60:g} that are taken", "cut out what is needed")


if __name__ == "__main__":
    av.logging.set_level(None)
    main(sys.argv[1], float(sys.argv[2]))
