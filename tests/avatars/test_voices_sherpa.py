"""sherpa-onnx's own library, given a tiny random VITS voice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from avatars.voices.sherpa import SherpaTts, files_of
from visavis.contracts.tts import check_tts, read
from visavis.engines import Context, Style
from visavis.errors import OptionError
from visavis.fakes.launcher import InlineLauncher
from visavis.words import RATE

PHONEMES = [
    "sil",
    "eos",
    "sp",
    "AA",
    "EE",
    "OO",
    "P",
    "T",
    "K",
    "M",
    "N",
    "R",
    "S",
    "L",
    "_",
    ",",
    ".",
    ";",
    ":",
    "!",
    "?",
]
WORDS = [
    "peter",
    "remembers",
    "the",
    "number",
    "welcome",
    "we",
    "are",
    "open",
    "today",
    "seven",
    "quick",
    "foxes",
    "jump",
    "over",
    "nine",
    "lazy",
    "dogs",
]
TEXT = "Peter remembers the number."


def tiny_voice(folder: Path, hop: int = 1200) -> Path:
    """A folder as VITS voices with a lexicon are published: every phoneme is `hop` samples of noise."""
    from onnx import TensorProto, checker, helper, numpy_helper, save

    dice = np.random.default_rng(7)
    kernel = np.stack([np.convolve(dice.normal(0, 1, hop), np.ones(n) / n, "same") for n in (1, 2, 4, 8, 16, 32)])
    weights = {
        "colours": (dice.random((64, 6)) ** 4).astype(np.float32),
        "kernel": (kernel * np.hanning(hop))[:, None].astype(np.float32), "ones": np.ones(2, np.float32),
    }  # fmt: skip
    nodes = [
        helper.make_node("Gather", ["colours", "x"], ["embedded"]),
        helper.make_node("Transpose", ["embedded"], ["channels"], perm=[0, 2, 1]),
        helper.make_node("Concat", ["ones", "length_scale"], ["stretch"], axis=0),
        helper.make_node("Resize", ["channels", "", "stretch"], ["stretched"], mode="nearest"),
        helper.make_node("ConvTranspose", ["stretched", "kernel"], ["loud"], strides=[hop]),
        helper.make_node("Tanh", ["loud"], ["y"]),
    ]
    inputs = [
        helper.make_tensor_value_info("x", TensorProto.INT64, ["batch", "phonemes"]),
        helper.make_tensor_value_info("x_length", TensorProto.INT64, ["batch"]),
        *(
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [1])
            for name in ("noise_scale", "length_scale", "noise_scale_w")
        ),
    ]
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 1, "time"])
    tensors = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, [output], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    facts = {"model_type": "vits", "comment": "tiny", "language": "English", "add_blank": "0", "n_speakers": "1"}
    helper.set_model_props(model, facts | {"sample_rate": "16000", "punctuation": ", . ; : ! ? "})
    checker.check_model(model)
    save(model, str(folder / "tiny.onnx"))
    names = [*PHONEMES, " "]
    (folder / "tokens.txt").write_text("".join(f"{name} {number}\n" for number, name in enumerate(names)))
    (folder / "lexicon.txt").write_text(
        "".join(f"{word} {' '.join(dice.choice(PHONEMES[3:14], max(2, len(word) - 1)))}\n" for word in WORDS)
    )
    return folder


@pytest.fixture
async def voice(tmp_path: Path) -> AsyncIterator[SherpaTts]:
    tts = await SherpaTts.open(Context("en", InlineLauncher(), tmp_path), model=str(tiny_voice(tmp_path)))
    yield tts
    await tts.close()


async def seconds(voice: SherpaTts, rate: float) -> float:
    return sum([len(chunk.pcm) async for chunk in voice.speak(TEXT, Style(rate=rate))]) / RATE


async def test_it_keeps_the_contract(voice: SherpaTts) -> None:
    await check_tts(voice, "Welcome; we are open today.", "en")


async def test_it_speaks_with_words_and_follows_the_rate(voice: SherpaTts) -> None:
    speech = await read(voice, TEXT)
    assert [word.text for chunk in speech for word in chunk.words] == ["Peter", "remembers", "the", "number"]
    assert await seconds(voice, 0.5) == pytest.approx(2 * await seconds(voice, 1.0), rel=0.2)
    assert voice.capabilities.sample_rate == 16_000


@pytest.mark.parametrize(
    ("files", "family"),
    [
        (["a.onnx", "tokens.txt", "lexicon.txt"], "vits"),
        (["model.onnx", "tokens.txt", "voices.bin"], "kokoro"),
        (["model-steps-3.onnx", "vocos-22khz-univ.onnx", "tokens.txt"], "matcha"),
    ],
)
def test_the_family_is_told_by_the_files(tmp_path: Path, files: list[str], family: str) -> None:
    for name in files:
        (tmp_path / name).touch()
    found = files_of(tmp_path, None, None)
    assert found["family"] == family
    assert found["model"] == str(tmp_path / files[0])
    assert ("vocoder" in found) == (family == "matcha")


@pytest.mark.parametrize(("british", "kept"), [(False, ["us-en", "zh"]), (True, ["gb-en", "zh"])])
def test_of_two_accents_one_is_spoken(tmp_path: Path, british: bool, kept: list[str]) -> None:
    for name in ("model.onnx", "tokens.txt", "lexicon-gb-en.txt", "lexicon-us-en.txt", "lexicon-zh.txt"):
        (tmp_path / name).touch()
    found = files_of(tmp_path, None, None, british=british)["lexicon"]
    assert found.split(",") == [str(tmp_path / f"lexicon-{each}.txt") for each in kept]


@pytest.mark.parametrize(
    ("files", "key", "problem"),
    [
        ([], "model", r"holds no \.onnx"),
        (["a.onnx"], "model", r"holds no tokens\.txt"),
        (["a.onnx", "tokens.txt"], "model", r"holds no voices\.bin"),
    ],
)
def test_a_missing_part_is_named(tmp_path: Path, files: list[str], key: str, problem: str) -> None:
    for name in files:
        (tmp_path / name).touch()
    with pytest.raises(OptionError, match=problem) as error:
        files_of(tmp_path, "kokoro", None)
    assert error.value.key == key
