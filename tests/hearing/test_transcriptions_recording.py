"""Recordings of strangers: every format, damaged in every way, cut at their pauses."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from sounds import AAC_IN_MP4, encoded, wav

from runtime.hearing import recording
from runtime.hearing.recording import Stretch, container, decoded, stretches
from runtime.hearing.recording_service import RecordingService
from visavis.errors import ClientError
from visavis.signal import dbfs
from visavis.vad import CHUNK, VAD_RATE

RNG = np.random.default_rng(0)
TONE = np.round(8_000 * np.sin(np.arange(VAD_RATE) * 2 * np.pi * 440 / VAD_RATE)).astype(np.int16)


def read(data: bytes) -> Any:
    return np.concatenate(list(decoded(data)))


# ── formats ──
@pytest.mark.parametrize(
    ("form", "codec"),
    [("wav", "pcm_s16le"), ("flac", "flac"), ("mp3", "libmp3lame"), ("ogg", "libopus"),
     ("webm", "libopus"), AAC_IN_MP4, ("adts", "aac"), ("wav", "pcm_mulaw")],
)  # fmt: skip
def test_every_format_is_decoded(form: str, codec: str) -> None:
    sound = read(encoded(TONE, form, codec))
    assert len(sound) == pytest.approx(VAD_RATE, rel=0.15)
    assert dbfs(sound[2_000:14_000]) == pytest.approx(dbfs(TONE), abs=1.5)


@pytest.mark.parametrize("hz", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_every_sample_rate_becomes_16_khz(hz: int) -> None:
    at = np.arange(hz) / hz
    tone = np.round(8_000 * np.sin(2 * np.pi * 440 * at)).astype(np.int16)
    sound = read(wav(tone, hz))
    assert len(sound) == pytest.approx(VAD_RATE, abs=40)
    crossings = int(np.count_nonzero(np.diff(np.signbit(sound[1_000:-1_000]))))
    assert crossings == pytest.approx(880 * (len(sound) - 2_000) / VAD_RATE, abs=4)


def test_a_dead_channel_does_not_silence_the_other() -> None:
    sound = read(wav(np.stack([TONE, np.zeros_like(TONE)], 1), VAD_RATE))
    assert dbfs(sound) > dbfs(TONE) - 7


@pytest.mark.parametrize("share", [1.0, 0.8])
def test_sides_that_cancel_each_other_out_are_heard_all_the_same(share: float) -> None:
    opposite = np.round(-share * TONE).astype(np.int16)
    sound = read(wav(np.stack([TONE, opposite], 1), VAD_RATE))
    assert dbfs(sound) == pytest.approx(dbfs(TONE), abs=0.5)


def test_of_two_sides_both_are_heard() -> None:
    other = np.round(6_000 * np.sin(np.arange(VAD_RATE) * 2 * np.pi * 1_000 / VAD_RATE)).astype(np.int16)
    sound = read(wav(np.stack([TONE, other], 1), VAD_RATE))
    assert np.max(np.abs(sound.astype(int) - (TONE.astype(int) + other) // 2)) <= 1


# ── damage ──
def test_a_recording_that_becomes_another_on_the_way_is_read_to_its_end() -> None:
    other = np.round(8_000 * np.sin(np.arange(22_050) * 2 * np.pi * 440 / 22_050)).astype(np.int16)
    sound = read(encoded(TONE, "mp3", "libmp3lame") + encoded(other, "mp3", "libmp3lame", 22_050))
    assert len(sound) == pytest.approx(2 * VAD_RATE, rel=0.15)
    assert dbfs(sound[18_000:30_000]) == pytest.approx(dbfs(TONE), abs=1.5)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"hello, this is no sound", "no format"),
        (b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", "no format"),
        (b"<?xml version='1.0'?><MPD/>", "no format"),
        (b"RIFF\x24\x00\x00\x00WAVE", "damaged"),
        (b"\x00\x00\x00\x20ftypM4A " + bytes(40), "damaged"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00", "damaged"),
        (b"OggS" + bytes(100), "damaged"),
        (b"fLaC" + bytes(100), "damaged"),
    ],
)
def test_what_is_no_recording_is_one_clear_error(data: bytes, says: str) -> None:
    with pytest.raises(ClientError, match=says) as refused:
        read(data)
    assert (refused.value.code, refused.value.param) == ("invalid_audio", "file")


@pytest.mark.parametrize(("form", "codec"), [("wav", "pcm_s16le"), ("flac", "flac"), ("mp3", "libmp3lame")])
def test_what_a_cut_file_still_holds_is_used(form: str, codec: str) -> None:
    data = encoded(RNG.normal(0, 3_000, VAD_RATE).astype(np.int16), form, codec)
    assert VAD_RATE * 0.3 < len(read(data[: len(data) * 6 // 10])) < VAD_RATE * 0.8


def test_a_file_with_damage_in_its_middle_does_not_end_the_reader() -> None:
    data = bytearray(encoded(np.tile(TONE, 5), "mp3", "libmp3lame"))
    data[len(data) // 3 : len(data) // 3 + 2_000] = RNG.bytes(2_000)
    assert len(read(bytes(data))) > VAD_RATE


@pytest.mark.parametrize("seed", range(8))
def test_rubbish_behind_a_true_beginning_is_an_error_or_sound(seed: int) -> None:
    rng = np.random.default_rng(seed)
    head = [b"RIFF\xff\xff\x00\x00WAVEfmt ", b"fLaC", b"OggS", b"\x1a\x45\xdf\xa3", b"ID3", b"\xff\xfb\x90\x00"][
        seed % 6
    ]
    try:
        assert read(head + rng.bytes(4_000)).dtype == np.int16
    except ClientError as error:
        assert error.code == "invalid_audio"  # noqa: PT017


def test_a_picture_without_sound_is_refused() -> None:
    import av

    held = io.BytesIO()
    with av.open(held, "w", format="matroska") as file:
        stream = file.add_stream("mjpeg", rate=1, options={"strict": "unofficial"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuvj420p"
        file.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        file.mux(stream.encode(None))
    with pytest.raises(ClientError, match="no sound in the file"):
        read(held.getvalue())


def test_an_endless_recording_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "LONGEST_S", 3.0)
    with pytest.raises(ClientError, match="longer than") as refused:
        read(encoded(np.zeros(VAD_RATE * 4, np.int16), "flac", "flac"))
    assert refused.value.code == "too_long"


def test_a_container_is_known_by_its_bytes_alone() -> None:
    assert container(wav(TONE, VAD_RATE)) == "wav"
    assert container(b"\xff\xf1\x50\x80") == "aac"
    assert container(b"\xff\xfb\x90\x00") == "mp3"


# ── pauses ──
class Scripted:
    """A detector that takes any sound for a voice."""

    def push(self, pcm: Any) -> list[float]:
        return [1.0 if np.abs(pcm.astype(np.int32)).max() > 100 else 0.0]

    def reset(self) -> None: ...


def cut(*parts: tuple[float, int]) -> list[Stretch]:
    """The stretches of so many seconds at such a level each."""
    sound = np.concatenate([np.full(round(seconds * VAD_RATE), level, np.int16) for seconds, level in parts])
    return list(stretches(iter(np.array_split(sound, 17)), Scripted()))


def spans(found: list[Stretch]) -> list[tuple[float, float]]:
    return [(each.at / VAD_RATE, (each.at + len(each.pcm)) / VAD_RATE) for each in found]


def test_stretches_are_parted_by_pauses_and_keep_their_edges() -> None:
    found = spans(cut((1, 0), (2, 1_000), (0.5, 0), (1, 1_000), (2, 0), (1, 1_000)))
    assert len(found) == 2
    assert found[0] == pytest.approx((0.7, 4.8), abs=0.1)
    assert found[1] == pytest.approx((6.2, 7.5), abs=0.1)


def test_clicks_and_silence_are_no_stretch() -> None:
    assert cut((5, 0)) == []
    assert cut((1, 0), (CHUNK / VAD_RATE, 1_000), (2, 0)) == []


def test_a_speech_without_a_pause_is_cut_and_nothing_is_lost() -> None:
    found = cut((70, 1_000))
    assert all(len(each.pcm) <= 29 * VAD_RATE for each in found)
    assert [each.at for each in found[1:]] == [each.at + len(each.pcm) for each in found[:-1]]
    assert sum(len(each.pcm) for each in found) == 70 * VAD_RATE


# ── the service ──
def test_the_service_gives_stretches_when_asked_and_tells_of_bad_files() -> None:
    service = RecordingService()
    told: list[Any] = []
    for stream, data in ((1, wav(np.tile(TONE, 2), VAD_RATE)), (2, b"nothing")):
        service.open(stream, {})
        service.append(stream, {"data": data}, lambda message: told.append(message) is None)
        assert told == []
        service.append(stream, {"next": True}, lambda message: told.append(message) is None)
        service.end(stream, lambda message: told.append(message) is None)
        (reply,) = told
        told.clear()
        assert reply.get("code") == (None if stream == 1 else "invalid_audio")
