"""Whether a voice sounds as if it had finished: Smart Turn v3.2, an acoustic model of ends of turns in 23 languages.

The network is Daily's (BSD-2), read out of the installed `pipecat-ai` distribution, whose own code is never
imported. A verdict costs about 90 ms of one core, so it runs in a thread of its own; all visitors share it.
"""

from __future__ import annotations

import asyncio
import importlib
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import numpy as np

from runtime.hearing.mel import HZ, log_mel
from visavis.errors import AtCapacity, EngineError
from visavis.weights import SMART_TURN, locate
from visavis.words import Pcm

HEARD_S = 8
"""The model hears so much before the end; of what is shorter, silence before it."""
_WAITING = 4
"""Verdicts that may wait for the thread: what waits longer comes too late."""


class SmartTurn:
    """Made by `open`; `judge` may be called for many visitors at once."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._thread = ThreadPoolExecutor(1, "smart-turn")
        self._asked = 0

    @classmethod
    def open(cls) -> SmartTurn:
        """The one of this process. Raises SetupError where the weights or onnxruntime are not installed."""
        return _shared()

    async def judge(self, pcm: Pcm) -> float:
        """How probable it is that who speaks in `pcm` (16 kHz, mono) has finished, 0..1.

        Raises AtCapacity at once where the answer would come too late, EngineError where the network fails.
        """
        if self._asked >= _WAITING:
            raise AtCapacity("smart-turn", _WAITING)
        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self.verdict, pcm)
        except Exception as error:
            raise EngineError("smart-turn", f"it broke: {error}", "look into the log") from error
        finally:
            self._asked -= 1

    def verdict(self, pcm: Pcm) -> float:
        """The same, here and now."""
        heard = np.zeros(HEARD_S * HZ, np.float32)
        last = pcm[-len(heard) :].astype(np.float32) / 32768.0
        heard[len(heard) - len(last) :] = last
        (found,) = self._session.run(None, {"input_features": log_mel(heard)[None]})
        return float(np.clip(found.reshape(-1)[0], 0.0, 1.0))


@lru_cache(maxsize=1)
def _shared() -> SmartTurn:
    path = locate(SMART_TURN)
    onnxruntime: Any = importlib.import_module("onnxruntime")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return SmartTurn(onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"]))
