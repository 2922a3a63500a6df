"""The networks: files of MediaPipe (Apache-2.0) read out of its wheel, run by LiteRT on one thread of the processor.

MediaPipe itself is never imported.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visavis.errors import SetupError
from visavis.weights import Weight, locate

Tensor = NDArray[np.float32]
Net = Callable[[Tensor], dict[str, Tensor]]
"""From a picture (height, width, 3) of the network's own size to its outputs by name, without the batch axis."""

INSTALL = "install it: pip install 'visavis[faces]'"


def sigmoid(values: NDArray[np.floating[Any]]) -> Tensor:
    """Scores as a network gives them, as shares of 1."""
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -80, 80))), np.float32)


class LiteNet:
    """One network. It may be shared by threads, which then wait for each other; not by forked processes."""

    def __init__(self, interpreter: Any) -> None:
        self._interpreter, self._lock = interpreter, threading.Lock()
        self._input = interpreter.get_input_details()[0]
        self._outputs = [(item["name"], item["index"]) for item in interpreter.get_output_details()]

    def __call__(self, picture: Tensor) -> dict[str, Tensor]:
        with self._lock:
            self._interpreter.set_tensor(self._input["index"], picture[None])
            self._interpreter.invoke()
            return {name: self._interpreter.get_tensor(index)[0] for name, index in self._outputs}


def open_net(weight: Weight) -> LiteNet:
    """The network in this file, ready to run; takes some 20 ms. Raises `SetupError` for what is not installed."""
    try:
        from ai_edge_litert.interpreter import Interpreter  # type: ignore[import-untyped]
    except ImportError as error:
        raise SetupError("ai-edge-litert, which runs the networks for faces, is not installed", INSTALL) from error
    interpreter = Interpreter(model_path=str(locate(weight)), num_threads=1)
    interpreter.allocate_tensors()
    return LiteNet(interpreter)
