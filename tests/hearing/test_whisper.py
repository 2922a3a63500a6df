"""faster-whisper with a tiny model of random weights: it says nonsense, but by the real code path."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime.hearing import whisper
from runtime.hearing.whisper import WhisperAsr
from visavis.engines import Context
from visavis.errors import SetupError
from visavis.fakes.launcher import InlineLauncher

WIDTH, MELS, STEPS = 16, 80, 64


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One encoder and one decoder layer over 256 bytes and Whisper's own tokens, in CTranslate2's format."""
    pytest.importorskip("faster_whisper", reason="faster-whisper is not installed")
    specs = pytest.importorskip("ctranslate2.specs")
    tokenizers = pytest.importorskip("tokenizers")
    folder = tmp_path_factory.mktemp("whisper")
    special = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>", "<|startoflm|>"]
    special += ["<|startofprev|>", "<|nospeech|>", "<|notimestamps|>", *(f"<|{n / 50:.2f}|>" for n in range(1501))]
    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    tokens = [*alphabet, *special]
    model = tokenizers.models.BPE({token: number for number, token in enumerate(alphabet)}, [])
    tokenizer = tokenizers.Tokenizer(model)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    tokenizer.add_special_tokens(special)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": MELS, "n_fft": 400}))
    spec = specs.WhisperSpec(1, 2, 1, 2)
    _fill(spec, len(tokens))
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [], []
    spec.config.lang_ids = [tokens.index("<|en|>")]
    spec.config.alignment_heads = [(0, 0)]
    spec.validate()
    spec.save(str(folder))
    return folder


def _fill(spec: Any, vocabulary: int) -> None:
    rng = np.random.default_rng(0)

    def weight(*shape: int) -> Any:
        return rng.normal(0, 0.05, shape).astype(np.float32)

    def layer(part: Any, cross: bool) -> None:
        attentions = [(part.self_attention, (3 * WIDTH, WIDTH))]
        if cross:
            attentions.append((part.attention, (WIDTH, 2 * WIDTH)))
        for attention, sizes in attentions:
            norm(attention.layer_norm)
            for linear, size in zip(attention.linear, (*sizes, WIDTH), strict=False):
                linear.weight, linear.bias = weight(size, WIDTH), weight(size)
        norm(part.ffn.layer_norm)
        part.ffn.linear_0.weight, part.ffn.linear_0.bias = weight(2 * WIDTH, WIDTH), weight(2 * WIDTH)
        part.ffn.linear_1.weight, part.ffn.linear_1.bias = weight(WIDTH, 2 * WIDTH), weight(WIDTH)

    def norm(part: Any) -> None:
        part.gamma, part.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)

    encoder, decoder = spec.encoder, spec.decoder
    encoder.conv1.weight, encoder.conv1.bias = weight(WIDTH, MELS, 3), weight(WIDTH)
    encoder.conv2.weight, encoder.conv2.bias = weight(WIDTH, WIDTH, 3), weight(WIDTH)
    encoder.position_encodings.encodings = weight(1500, WIDTH)
    decoder.position_encodings.encodings = weight(448, WIDTH)
    decoder.embeddings.weight = weight(vocabulary, WIDTH)
    decoder.projection.weight = decoder.embeddings.weight
    norm(encoder.layer_norm)
    norm(decoder.layer_norm)
    layer(encoder.layer[0], cross=False)
    layer(decoder.layer[0], cross=True)


async def _sound(seconds: float) -> Any:
    rng = np.random.default_rng(1)
    for _ in range(round(seconds / 0.1)):
        yield rng.normal(0, 2000, 1600).astype(np.int16)


async def test_it_hears_by_the_real_code_path(weights: Path, tmp_path: Path) -> None:
    context = Context("en", InlineLauncher(), tmp_path, ("Where is the exit?",))
    asr = await WhisperAsr.open(context, model=str(weights), device="cpu", partial_s=0.5)
    transcripts = [transcript async for transcript in asr.transcribe(_sound(1.2))]
    assert [transcript.final for transcript in transcripts] == [False, False, True]
    assert 0.0 <= transcripts[-1].confidence <= 1.0
    assert [transcript.text async for transcript in asr.transcribe(_sound(0.0))] == [""]
    await asr.close()


async def test_without_weights_it_says_what_to_name(weights: Path, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="name the folder"):
        await WhisperAsr.open(Context("en", InlineLauncher(), tmp_path), model=str(tmp_path))


async def test_without_the_extra_it_names_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whisper, "find_spec", lambda name: None)
    with pytest.raises(SetupError, match="pip install"):
        await WhisperAsr.open(Context("en", InlineLauncher(), tmp_path), model="x")
