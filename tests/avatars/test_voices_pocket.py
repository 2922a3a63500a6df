"""pocket-tts's own library, given a tiny random model and a clip."""

from __future__ import annotations

import shutil
import wave
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from avatars.voices.pocket import PocketTts
from visavis.contracts.tts import check_closing_early, check_nothing_to_say, check_speech, read
from visavis.engines import Context, Message
from visavis.errors import EngineError, OptionError
from visavis.fakes.launcher import InlineLauncher
from visavis.words import RATE

TEXT = "Peter remembers the number."
SEANET = {
    "dimension": 16, "channels": 1, "n_filters": 4, "n_residual_layers": 1, "ratios": [6, 5, 4], "kernel_size": 3,
    "residual_kernel_size": 3, "last_kernel_size": 3, "dilation_base": 2, "pad_mode": "constant", "compress": 2,
}  # fmt: skip
CONFIG: dict[str, Any] = {
    "flow_lm": {
        "dtype": "float32", "flow": {"depth": 1, "dim": 16, "type": "pointwise"}, "insert_bos_before_voice": True,
        "transformer": {"d_model": 16, "hidden_scale": 1, "max_period": 10000, "num_heads": 2, "num_layers": 1},
        "lookup_table": {"dim": 16, "n_bins": 64, "tokenizer": "tokenizers", "tokenizer_path": "hf://none/of/this"},
    },
    "mimi": {
        "dtype": "float32", "sample_rate": RATE, "inner_dim": 8, "outer_dim": 16, "channels": 1, "frame_rate": 12.5,
        "seanet": SEANET, "quantizer": {"dimension": 8, "output_dimension": 16},
        "transformer": {
            "d_model": 16, "num_heads": 2, "num_layers": 1, "layer_scale": 0.01, "context": 50,
            "dim_feedforward": 16, "input_dimension": 16, "output_dimensions": [16],
        },
    },
    "weights_path": "hf://none/of/this", "default_eos_threshold": 1e9,
}  # fmt: skip


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model in the library's format, its weights random, and a clip to speak like."""
    import safetensors.torch
    import torch
    from pocket_tts import TTSModel
    from tokenizers import Tokenizer, models, pre_tokenizers

    folder = tmp_path_factory.mktemp("pocket")
    names = [*"abcdefghijklmnopqrstuvwxyz.,;!?", *(f"<{number}>" for number in range(33))]
    tokenizer = Tokenizer(models.WordLevel({name: number for number, name in enumerate(names)}, unk_token="<0>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    config = yaml.safe_load(yaml.safe_dump(CONFIG))
    config["flow_lm"]["lookup_table"]["tokenizer_path"] = str(folder / "tokenizer.json")
    config["weights_path"] = None
    (folder / "bare.yml").write_text(yaml.safe_dump(config))
    torch.manual_seed(5)
    model = TTSModel.load_model(config=folder / "bare.yml")
    weights = {
        name: torch.randn_like(value) * 0.3 if value.is_floating_point() else value
        for name, value in model.state_dict().items()
    }
    safetensors.torch.save_file(weights, folder / "model.safetensors")
    (folder / "tiny.yaml").write_text(yaml.safe_dump(CONFIG))
    with wave.open(str(folder / "clip.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.random.default_rng(3).normal(0, 2000, 16_000).astype(np.int16).tobytes())
    return folder


async def opened(folder: Path, **options: object) -> PocketTts:
    given: dict[str, Any] = {"model": str(folder), "voice": "clip"} | options
    return await PocketTts.open(Context("en", InlineLauncher(), folder / "cache"), **given)


@pytest.fixture
async def voice(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PocketTts]:
    """The voice, whose noise is taken for speech: a model that learned nothing gives nothing else."""
    monkeypatch.setattr("avatars.voices.align_speech.steady", lambda heard: False)
    tts = await opened(tiny)
    yield tts
    await tts.close()


async def test_a_model_that_makes_noise_alone_is_refused(tiny: Path) -> None:
    tts = await opened(tiny)
    with pytest.raises(EngineError, match="pocket-tts: noise comes instead of speech"):
        await read(tts, TEXT)
    await tts.close()


async def test_it_streams_with_words_and_shapes(voice: PocketTts) -> None:
    speech = await read(voice, TEXT)
    check_speech(speech, TEXT, word_times=True)
    assert len(speech) > 3
    assert [word.text for chunk in speech for word in chunk.words] == ["Peter", "remembers", "the", "number"]


async def test_nothing_to_say_and_leaving_early_do_no_harm(voice: PocketTts) -> None:
    await check_nothing_to_say(voice)
    await check_closing_early(voice, TEXT)


async def test_nothing_more_is_given_of_a_sentence_that_nobody_wants(voice: PocketTts) -> None:
    service = voice._pool.services[0]  # type: ignore[attr-defined]
    made: list[int] = []

    def take(reply: Message) -> bool:
        made.append(len(reply["pcm"]))
        return len(made) < 2

    service.append(1, {"text": TEXT}, take)
    assert len(made) == 2
    assert (await read(voice, TEXT))[0].visemes


async def test_a_clip_is_another_voice(tiny: Path, voice: PocketTts) -> None:
    other = tiny / "other.wav"
    shutil.copy(tiny / "clip.wav", other)
    tts = await opened(tiny, clip=str(other))
    assert tts.version != voice.version
    assert (await read(tts, TEXT))[0].visemes


async def test_what_cannot_be_used_names_its_key(tiny: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    wrong: list[tuple[dict[str, object], str, str]] = [
        ({"model": "klingon"}, "model", "visavis pull klingon"),
        ({"model": str(bare)}, "model", r"no model\.safetensors"),
        ({"model": str(bare), "config": "elvish"}, "config", "elvish"),
        ({"voice": "../clip"}, "voice", "is no name"),
        ({"clip": str(tiny / "none.wav")}, "clip", "no such file"),
        ({"clip": str(tiny / "tokenizer.json")}, "clip", "another kind"),
        ({"temperature": -1.0}, "temperature", "0 to 2"),
    ]
    for options, key, problem in wrong:
        with pytest.raises(OptionError, match=problem) as error:
            await opened(tiny, **options)
        assert error.value.key == key
    with pytest.raises(ValueError, match=r"there is no voice 'nobody'; it has .*alba"):
        await opened(tiny, voice="nobody")
