"""Piper's own library, given a tiny random voice of its models' shape."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from avatars.voices.piper import PiperTts
from visavis.contracts.tts import check_tts, read
from visavis.engines import Context, Style
from visavis.errors import OptionError
from visavis.fakes.launcher import InlineLauncher
from visavis.words import RATE, SpeechChunk

HZ = 22_050
SYMBOLS = " _^$.,;:!?abcdefhijklmnopqrstuvwxyzæçðøħŋœɐɑɒɓɔɕɖɗɘəɚɛɜɞɟɡɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕˈˌːˑθβ"
TEXT = "Peter remembers the number."


def tiny_voice(folder: Path, hop: int = 1400) -> Path:
    """An .onnx that takes and gives what Piper's do: every phoneme is `hop` samples of noise of a colour of its own.

    `scales[1]` stretches it; the weights are random, so it sounds like nothing, but like nothing that stands still.
    """
    from onnx import TensorProto, checker, helper, numpy_helper, save

    dice = np.random.default_rng(7)
    kernel = np.stack([np.convolve(dice.normal(0, 1, hop), np.ones(n) / n, "same") for n in (1, 2, 4, 8, 16, 32)])
    weights = {
        "colours": (dice.random((256, 6)) ** 4).astype(np.float32),
        "kernel": (kernel * np.hanning(hop))[:, None].astype(np.float32),
        "one": np.array([1], np.int64), "two": np.array([2], np.int64), "ones": np.ones(2, np.float32),
    }  # fmt: skip
    nodes = [
        helper.make_node("Gather", ["colours", "input"], ["embedded"]),
        helper.make_node("Transpose", ["embedded"], ["channels"], perm=[0, 2, 1]),
        helper.make_node("Slice", ["scales", "one", "two"], ["length"]),
        helper.make_node("Concat", ["ones", "length"], ["stretch"], axis=0),
        helper.make_node("Resize", ["channels", "", "stretch"], ["stretched"], mode="nearest"),
        helper.make_node("ConvTranspose", ["stretched", "kernel"], ["loud"], strides=[hop]),
        helper.make_node("Tanh", ["loud"], ["wave"]),
        helper.make_node("Unsqueeze", ["wave", "one"], ["output"]),
    ]
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, ["batch", "phonemes"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, ["batch"]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch", 1, 1, "time"])
    tensors = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, [output], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    checker.check_model(model)
    path = folder / "tiny.onnx"
    save(model, str(path))
    config = {
        "audio": {"sample_rate": HZ}, "espeak": {"voice": "en-us"}, "num_symbols": 256, "num_speakers": 1,
        "inference": {"noise_scale": 0.6, "length_scale": 1.0, "noise_w": 0.8}, "phoneme_type": "espeak",
        "phoneme_id_map": {symbol: [number] for number, symbol in enumerate(SYMBOLS)}, "speaker_id_map": {},
    }  # fmt: skip
    path.with_name("tiny.onnx.json").write_text(json.dumps(config))
    return path


@pytest.fixture
async def voice(tmp_path: Path) -> AsyncIterator[PiperTts]:
    tiny_voice(tmp_path)
    tts = await PiperTts.open(Context("en", InlineLauncher(), tmp_path), model=str(tmp_path))
    yield tts
    await tts.close()


def seconds(speech: list[SpeechChunk]) -> float:
    return sum(len(chunk.pcm) for chunk in speech) / RATE


async def test_it_keeps_the_contract(voice: PiperTts) -> None:
    await check_tts(voice, "Welcome; we are open today.", "en")


async def test_it_speaks_with_words_and_shapes(voice: PiperTts) -> None:
    speech = await read(voice, TEXT)
    assert [word.text for chunk in speech for word in chunk.words] == ["Peter", "remembers", "the", "number"]
    assert voice.capabilities.sample_rate == HZ
    assert voice.capabilities.speaks("en-GB")
    assert not voice.capabilities.speaks("de")


async def test_it_follows_the_rate(voice: PiperTts) -> None:
    slow, usual, fast = [seconds([c async for c in voice.speak(TEXT, Style(rate=rate))]) for rate in (0.5, 1.0, 2.0)]
    assert slow == pytest.approx(2 * usual, rel=0.15)
    assert fast == pytest.approx(usual / 2, rel=0.15)


async def test_phonemes_cannot_be_smuggled_in(voice: PiperTts) -> None:
    speech = await read(voice, "Peter [[p p p p p p p p p p p p]] remembers.")
    assert seconds(speech) < 8


async def test_another_model_is_another_version(tmp_path: Path) -> None:
    path = tiny_voice(tmp_path)
    first = await PiperTts.open(Context("en", InlineLauncher(), tmp_path), model=str(path))
    tiny_voice(tmp_path, hop=1500)
    second = await PiperTts.open(Context("en", InlineLauncher(), tmp_path), model=str(path))
    assert first.version != second.version


async def test_what_cannot_be_used_names_the_key(tmp_path: Path) -> None:
    context = Context("en", InlineLauncher(), tmp_path / "cache")
    with pytest.raises(OptionError, match="nothing at"):
        await PiperTts.open(context, model=str(tmp_path / "none.onnx"))
    with pytest.raises(OptionError, match=r"holds no \.onnx"):
        await PiperTts.open(context, model=str(tmp_path))
    with pytest.raises(OptionError, match="visavis pull lessac"):
        await PiperTts.open(context, model="lessac")
    (tmp_path / "a.onnx").write_bytes(b"junk")
    with pytest.raises(OptionError, match=r"a\.onnx\.json is missing"):
        await PiperTts.open(context, model=str(tmp_path / "a.onnx"))
