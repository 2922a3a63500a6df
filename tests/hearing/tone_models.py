"""Tiny streaming models that hear which of two bands of sound is loud: a low tone is one token, a high one another.

They are made in sherpa-onnx's own formats, and its real library runs them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

HZ = 16_000
LOW, HIGH = 400.0, 3_000.0
_FLOAT, _I64, _I32 = TensorProto.FLOAT, TensorProto.INT64, TensorProto.INT32
Metadata = Mapping[str, str | int]


def tones(*hz: float, seconds: float = 0.5) -> NDArray[np.int16]:
    """So much of each tone, one after the other."""
    at = np.arange(round(seconds * HZ)) / HZ
    return np.concatenate([np.round(9_000 * np.sin(2 * np.pi * each * at)) for each in hz]).astype(np.int16)


def transducer(folder: Path, tokens: Sequence[str]) -> Path:
    """A streaming transducer of the kind `lstm`, with tokens for blank, a low and a high tone."""
    folder.mkdir(exist_ok=True)
    size = len(tokens)
    low, high = _bands("x", 0, 80)
    encoder = [
        *low, *high,
        helper.make_node("Concat", ["silent", "low", "high", "never"], ["all"], axis=2),
        helper.make_node("Slice", ["all", "zero", "one", "axis1"], ["encoder_out"]),
        helper.make_node("Identity", ["h"], ["next_h"]), helper.make_node("Identity", ["c"], ["next_c"]),
        helper.make_node("ReduceMin", ["x", "axis2"], ["least"], keepdims=1),
        helper.make_node("Mul", ["least", "nought"], ["silent"]),
        helper.make_node("Expand", ["least_score", "never_shape"], ["never_flat"]),
        helper.make_node("Add", ["silent", "never_flat"], ["never"]),
    ]  # fmt: skip
    constants = {
        **_numbers(80), "zero": [0], "one": [1], "axis1": [1], "nought": np.float32([0.0]),
        "least_score": np.float32([-99.0]), "never_shape": [1, 1, size - 3],
    }  # fmt: skip
    _save(
        folder / "encoder.onnx", encoder, constants,
        {"x": (_FLOAT, ["N", 9, 80]), "h": (_FLOAT, [1, "N", 4]), "c": (_FLOAT, [1, "N", 4])},
        {"encoder_out": (_FLOAT, ["N", 1, size]), "next_h": (_FLOAT, [1, "N", 4]), "next_c": (_FLOAT, [1, "N", 4])},
        {
            "model_type": "lstm", "num_encoder_layers": 1, "T": 9, "decode_chunk_len": 4,
            "rnn_hidden_size": 4, "d_model": 4,
        },
    )  # fmt: skip
    said_last = [
        helper.make_node("Gather", ["y", "last"], ["newest"], axis=1),
        helper.make_node("OneHot", ["newest", "size", "off_on"], ["hot"], axis=-1),
        helper.make_node("Mul", ["hot", "but_blank"], ["decoder_out"]),
    ]
    but_blank = np.ones(size, np.float32)
    but_blank[0] = 0.0
    _save(
        folder / "decoder.onnx", said_last,
        {"last": np.int64(1), "size": [size], "off_on": np.float32([0, -30]), "but_blank": but_blank},
        {"y": (_I64, ["N", 2])}, {"decoder_out": (_FLOAT, ["N", size])}, {"context_size": 2, "vocab_size": size},
    )  # fmt: skip
    _save(
        folder / "joiner.onnx", [helper.make_node("Add", ["encoder_out", "decoder_out"], ["logit"])], {},
        {"encoder_out": (_FLOAT, ["N", size]), "decoder_out": (_FLOAT, ["N", size])},
        {"logit": (_FLOAT, ["N", size])}, {"joiner_dim": size},
    )  # fmt: skip
    return _with_tokens(folder, tokens)


def paraformer(folder: Path, tokens: Sequence[str]) -> Path:
    """A streaming paraformer: every loud stretch of 0.3 s or so is one token, low or high."""
    folder.mkdir(exist_ok=True)
    low, high = _bands("speech", 240, 320)  # the middle one of seven stacked frames
    encoder = [
        *low, *high,
        helper.make_node("Concat", ["low", "high"], ["enc"], axis=2),
        helper.make_node("Identity", ["speech_lengths"], ["enc_len"]),
        helper.make_node("ReduceMax", ["enc", "axis2"], ["loudest"], keepdims=0),
        helper.make_node("Greater", ["loudest", "threshold"], ["loud"]),
        helper.make_node("Where", ["loud", "weight", "nothing"], ["alphas"]),
    ]  # fmt: skip
    constants = {
        **_numbers(320, 240), "threshold": np.float32(20.0), "weight": np.float32(0.2), "nothing": np.float32(0.0),
    }  # fmt: skip
    _save(
        folder / "encoder.onnx", encoder, constants,
        {"speech": (_FLOAT, [1, "T", 560]), "speech_lengths": (_I32, [1])},
        {"enc": (_FLOAT, [1, "T", 2]), "enc_len": (_I32, [1]), "alphas": (_FLOAT, [1, "T"])},
        {
            "vocab_size": len(tokens), "lfr_window_size": 7, "lfr_window_shift": 6, "encoder_output_size": 2,
            "decoder_num_blocks": 1, "decoder_kernel_size": 2, "neg_mean": ",".join(["0"] * 560),
            "inv_stddev": ",".join(["1"] * 560), "model_type": "paraformer",
        },
    )  # fmt: skip
    decoder = [
        helper.make_node("ArgMax", ["acoustic"], ["band"], axis=2, keepdims=0),
        helper.make_node("Add", ["band", "first"], ["sample_ids"]),
        helper.make_node("Identity", ["acoustic"], ["logits"]),
        helper.make_node("Identity", ["state"], ["next_state"]),
    ]
    _save(
        folder / "decoder.onnx", decoder, {"first": np.int64(1)},
        {
            "enc": (_FLOAT, [1, "T", 2]), "enc_len": (_I32, [1]), "acoustic": (_FLOAT, [1, "K", 2]),
            "acoustic_len": (_I32, [1]), "state": (_FLOAT, [1, 2, 1]),
        },
        {"logits": (_FLOAT, [1, "K", 2]), "sample_ids": (_I64, [1, "K"]), "next_state": (_FLOAT, [1, 2, 1])}, {},
    )  # fmt: skip
    return _with_tokens(folder, tokens)


def _bands(x: str, first: int, end: int) -> tuple[list[Any], list[Any]]:
    """The loudest of the lower and of the upper half of the bands from `first` to `end`, as `low` and `high`."""
    return tuple(  # type: ignore[return-value]
        [
            helper.make_node("Slice", [x, f"{name}_from", f"{name}_to", "axis2"], [f"{name}_bands"]),
            helper.make_node("ReduceMax", [f"{name}_bands", "axis2"], [name], keepdims=1),
        ]
        for name in ("low", "high")
    )


def _numbers(end: int, first: int = 0) -> dict[str, Any]:
    middle = first + 40
    return {"axis2": [2], "low_from": [first], "low_to": [middle], "high_from": [middle], "high_to": [end]}


def _with_tokens(folder: Path, tokens: Sequence[str]) -> Path:
    (folder / "tokens.txt").write_text("".join(f"{token} {at}\n" for at, token in enumerate(tokens)), "utf-8")
    return folder


def _save(
    path: Path, nodes: list[Any], constants: Mapping[str, Any], inputs: Any, outputs: Any, metadata: Metadata
) -> None:
    order = {name: at for at, node in enumerate(nodes) for name in node.output}
    graph = helper.make_graph(
        _sorted(nodes, order), path.stem,
        [helper.make_tensor_value_info(name, *kind) for name, kind in inputs.items()],
        [helper.make_tensor_value_info(name, *kind) for name, kind in outputs.items()],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    for key, value in metadata.items():
        model.metadata_props.add(key=key, value=str(value))
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _sorted(nodes: list[Any], made_by: Mapping[str, int]) -> list[Any]:
    """Each node behind those whose outputs it takes."""
    done: list[int] = []

    def put(at: int) -> None:
        for name in nodes[at].input:
            if name in made_by and made_by[name] not in done:
                put(made_by[name])
        if at not in done:
            done.append(at)

    for at in range(len(nodes)):
        put(at)
    return [nodes[at] for at in done]
