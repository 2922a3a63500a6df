"""The GE2E network in numpy: three LSTM layers of 256 and a projection, over windows of 1.6 s."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from visavis.errors import SetupError

Array = NDArray[np.float32]
FRAMES, HIDDEN, LAYERS, BANDS = 160, 256, 3, 40
SHAPES: Mapping[str, tuple[int, ...]] = {
    "linear.weight": (HIDDEN, HIDDEN),
    "linear.bias": (HIDDEN,),
    **{
        f"lstm.{part}_l{layer}": shape
        for layer in range(LAYERS)
        for part, shape in (
            ("weight_ih", (4 * HIDDEN, HIDDEN if layer else BANDS)),
            ("weight_hh", (4 * HIDDEN, HIDDEN)),
            ("bias_ih", (4 * HIDDEN,)),
            ("bias_hh", (4 * HIDDEN,)),
        )
    },
}


class Network:
    """Takes mel windows, gives unit vectors. Raises SetupError when `weights` are not those of this network."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        found = {name: weights[name].shape for name in SHAPES if name in weights}
        if found != SHAPES:
            raise SetupError("the weights of the speaker network have another shape", "run `make setup`")
        self._weights = {name: np.ascontiguousarray(weights[name].T) for name in SHAPES}

    def __call__(self, windows: Array) -> Array:
        """One unit vector for each window: (count, 160, 40) to (count, 256)."""
        sequence = windows
        for layer in range(LAYERS):
            sequence = self._layer(sequence, layer)
        raw = np.maximum(0, sequence[:, -1] @ self._weights["linear.weight"] + self._weights["linear.bias"])
        unit: Array = raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-9)
        return unit

    def _layer(self, sequence: Array, layer: int) -> Array:
        """All states of one LSTM layer; its gates are input, forget, cell and output, in torch's order."""
        weights = {part: self._weights[f"lstm.{part}_l{layer}"] for part in ("weight_ih", "weight_hh")}
        bias = self._weights[f"lstm.bias_ih_l{layer}"] + self._weights[f"lstm.bias_hh_l{layer}"]
        given = sequence @ weights["weight_ih"] + bias
        state = np.zeros((len(sequence), HIDDEN), np.float32)
        cell = np.zeros_like(state)
        out = np.empty((*sequence.shape[:2], HIDDEN), np.float32)
        for step in range(sequence.shape[1]):
            gates = given[:, step] + state @ weights["weight_hh"]
            enter, forget, candidate, leave = np.split(gates, 4, axis=1)
            cell = _sigmoid(forget) * cell + _sigmoid(enter) * np.tanh(candidate)
            state = _sigmoid(leave) * np.tanh(cell)
            out[:, step] = state
        return out


def _sigmoid(values: Array) -> Array:
    half: Array = 0.5 * (1 + np.tanh(0.5 * values))
    return half
