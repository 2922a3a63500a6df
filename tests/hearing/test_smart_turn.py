"""The acoustic model of ends of turns: its input is Whisper's, and it is asked off the event loop."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import numpy as np
import pytest

from runtime.hearing import judge
from runtime.hearing.judge import HEARD_S, SmartTurn
from runtime.hearing.mel import HZ, log_mel
from visavis.errors import AtCapacity, EngineError, SetupError
from visavis.weights import SMART_TURN, locate


def sound(seconds: float, seed: int = 0) -> Any:
    """Something with harmonics, lulls and hiss."""
    at = np.arange(round(seconds * HZ)) / HZ
    dice = np.random.default_rng(seed)
    tone = sum(np.sin(2 * np.pi * 130 * n * at) / n for n in range(1, 12)) * (np.sin(2 * np.pi * 3 * at) > -0.3)
    return (0.1 * tone + dice.normal(0, 0.003, len(at))).astype(np.float32)


@pytest.mark.parametrize("seconds", [8.0, 3.3, 0.1])
def test_the_features_are_those_of_whispers_own_extractor(seconds: float) -> None:
    transformers = pytest.importorskip("transformers")
    heard = np.zeros(HEARD_S * HZ, np.float32)
    heard[-round(seconds * HZ) :] = sound(seconds)
    extract = transformers.WhisperFeatureExtractor(chunk_length=HEARD_S)
    theirs = extract(heard, sampling_rate=HZ, do_normalize=True, return_tensors="np").input_features[0]
    ours = log_mel(heard)
    assert ours.shape == theirs.shape == (80, 800)
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_silence_has_features_too() -> None:
    assert np.all(np.isfinite(log_mel(np.zeros(HEARD_S * HZ, np.float32))))


class Session:
    """Stands in for the network: its verdict is how loud the last second is against the whole."""

    def __init__(self) -> None:
        self.threads: set[str] = set()
        self.shapes: list[tuple[int, ...]] = []
        self.go = threading.Event()
        self.go.set()

    def run(self, outputs: None, feed: dict[str, Any]) -> list[Any]:
        self.go.wait(10)
        self.threads.add(threading.current_thread().name)
        self.shapes.append(feed["input_features"].shape)
        return [np.array([[0.75]], np.float32)]


def test_whatever_its_length_the_model_gets_eight_seconds_in_a_thread() -> None:
    session = Session()
    smart = SmartTurn(session)

    async def ask() -> list[float]:
        return [await smart.judge(np.ones(count, np.int16)) for count in (0, 1, HZ, 20 * HZ)]

    assert asyncio.run(ask()) == [0.75] * 4
    assert session.shapes == [(1, 80, 800)] * 4
    assert all(name.startswith("smart-turn") for name in session.threads)


def test_who_would_wait_too_long_is_told_so_at_once() -> None:
    session = Session()
    smart = SmartTurn(session)

    async def crowd() -> list[Any]:
        session.go.clear()
        asked = [asyncio.ensure_future(smart.judge(np.zeros(HZ, np.int16))) for _ in range(6)]
        await asyncio.sleep(0)
        session.go.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    found = asyncio.run(crowd())
    assert found[:4] == [0.75] * 4
    assert all(isinstance(each, AtCapacity) for each in found[4:])


def test_a_network_that_breaks_is_an_engines_failure() -> None:
    class Broken:
        def run(self, outputs: None, feed: dict[str, Any]) -> list[Any]:
            raise RuntimeError("bad graph")

    with pytest.raises(EngineError, match="bad graph"):
        asyncio.run(SmartTurn(Broken()).judge(np.zeros(HZ, np.int16)))


def test_the_real_network_gives_a_probability() -> None:
    try:
        locate(SMART_TURN)
    except SetupError as error:
        pytest.skip(str(error))
    pytest.importorskip("onnxruntime")
    verdict = SmartTurn.open().verdict((sound(2.0) * 32767).astype(np.int16))
    assert 0.0 <= verdict <= 1.0
    assert SmartTurn.open() is SmartTurn.open()
    judge._shared.cache_clear()
