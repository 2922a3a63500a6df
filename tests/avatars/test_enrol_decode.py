"""Recordings of strangers: every format that is taken, and every way in which one can be damaged."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from avatars.voices.enrol.clip import wav_bytes
from avatars.voices.enrol.clipped import Clipped
from avatars.voices.enrol.decode import decoded
from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.sniff import format_of
from visavis.words import RATE

FORMATS = {".wav": "wav", ".mp3": "mp3", ".m4a": "ipod", ".mp4": "mp4", ".mov": "mov", ".aac": "adts"}
CODECS = {".wav": "pcm_s16le", ".mp3": "libmp3lame"}


def tone(seconds: float, rate: int = 48_000, hertz: float = 300.0) -> NDArray[np.int16]:
    return np.rint(8000 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.int16)


def write(path: Path, *channels: NDArray[np.int16], rate: int = 48_000, suffix: str = "") -> Path:
    """Encode one sound a channel in the format that the ending, or `suffix`, says."""
    kind = suffix or path.suffix
    with av.open(str(path), "w", format=FORMATS[kind]) as container:
        layout = "mono" if len(channels) == 1 else "stereo"
        stream = container.add_stream(CODECS.get(kind, "aac"), rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(np.stack(channels, axis=1).reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate = rate
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return path


def refused(path: Path, name: str = "", longest_s: float = 600) -> str:
    with pytest.raises(EnrolError) as caught:
        decoded(path, name or path.name, longest_s=longest_s)
    assert caught.value.remedy
    return str(caught.value)


@pytest.mark.parametrize("suffix", list(FORMATS))
def test_every_format_that_is_taken_sounds_as_recorded(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a{suffix}", tone(1.5))
    found = decoded(path, path.name, longest_s=60)
    assert abs(found.seconds - 1.5) < 0.15
    spectrum = np.abs(np.fft.rfft(found.pcm.astype(np.float64)))
    assert abs(int(spectrum.argmax()) * RATE / len(found.pcm) - 300) < 3
    assert (found.source.rate, found.source.used) == (48_000, "only")


@pytest.mark.parametrize("suffix", [".wav", ".m4a", ".mp4", ".mov"])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a{suffix}", tone(3))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert refused(path).startswith(f"a{suffix}: ")


def test_a_file_by_another_name_than_its_own_is_told_what_it_is(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tone(1), suffix=".wav")
    assert "it is called .mp3 but is wav" in refused(path)
    (tmp_path / "b.wav").write_bytes(b"%PDF-1.7 and so on")
    assert "no wav file" in refused(tmp_path / "b.wav")
    assert "no format that is taken" in refused(path, "list.m3u8")


def test_an_empty_file_and_a_file_without_sound_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"")
    assert "the file is empty" in refused(tmp_path / "a.wav")
    (tmp_path / "b.wav").write_bytes(wav_bytes(np.zeros(0, np.int16)))
    assert "b.wav: " in refused(tmp_path / "b.wav")


def test_three_hours_are_refused_by_the_header_alone(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    head = bytearray(wav_bytes(np.zeros(0, np.int16), 16_000))
    size = 3 * 3600 * 16_000 * 2
    head[4:8], head[40:44] = (size + 36).to_bytes(4, "little"), size.to_bytes(4, "little")
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size + 44)
    assert "it lasts 180 minutes, more than the 10 that are taken" in refused(path)


def test_a_stream_that_says_nothing_of_its_length_is_decoded_no_further_than_the_limit(tmp_path: Path) -> None:
    assert "it lasts too long" in refused(write(tmp_path / "a.aac", tone(4)), longest_s=2)


def test_a_telephone_s_rate_is_taken_as_it_is_and_told(tmp_path: Path) -> None:
    assert decoded(write(tmp_path / "a.wav", tone(1, 8000), rate=8000), "a.wav", longest_s=9).source.rate == 8000


@pytest.mark.parametrize(("dead", "used"), [("left", "right"), ("right", "left")])
def test_of_a_stereo_recording_with_a_dead_side_the_live_one_is_used(tmp_path: Path, dead: str, used: str) -> None:
    sound, nothing = tone(1), np.zeros(48_000, np.int16)
    sides = (nothing, sound) if dead == "left" else (sound, nothing)
    found = decoded(write(tmp_path / "a.wav", *sides), "a.wav", longest_s=9)
    assert (found.source.dead, found.source.used) == (dead, used)
    assert int(np.abs(found.pcm).max()) > 7000  # not halved by the dead side


def test_sides_that_cancel_each_other_are_not_added(tmp_path: Path) -> None:
    found = decoded(write(tmp_path / "a.wav", tone(1), -tone(1)), "a.wav", longest_s=9)
    assert int(np.abs(found.pcm).max()) > 7000


def test_clipping_is_found_at_any_height_and_however_the_sound_is_cut() -> None:
    sound = (np.sin(2 * np.pi * 200 * np.arange(48_000) / 48_000)).astype(np.float32) * 0.9
    for ceiling in (0.3, 0.7, 1.2):
        whole, cut = Clipped(48_000), Clipped(48_000)
        clipped = np.clip(sound, -ceiling, ceiling)
        whole.push(clipped[None])
        for at in range(0, len(clipped), 1000):
            cut.push(clipped[None, at : at + 1000])
        assert bool(whole.spans()) == (ceiling < 0.9)
        assert sum(b - a for a, b in cut.spans()) == pytest.approx(sum(b - a for a, b in whole.spans()), abs=0.01)


def test_a_format_is_known_by_its_first_bytes() -> None:
    assert format_of(b"RIFF\0\0\0\0WAVEfmt ") == "wav"
    assert format_of(b"\0\0\0\x18ftypM4A ") == "mov"
    assert format_of(b"\xff\xf1\x50\x80") == "aac"
    assert format_of(b"\xff\xfb\x90\x00") == "mp3"
    assert format_of(b"ID3\x04\0\0\0\0\0\x02xx\xff\xf1\x50") == "aac"
    assert format_of(b"#EXTM3U\nhttp://elsewhere") is None
