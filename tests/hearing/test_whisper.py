"""faster-whisper with a tiny model of random weights: it says nonsense, but by the real code path."""

from __future__ import annotations

import itertools
import json
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest

from runtime.hearing import whisper, whisper_service
from runtime.hearing.hints import hints
from runtime.hearing.whisper import WhisperAsr
from runtime.hearing.whisper_agreement import KEPT_S, MOST_S, Agreement, Word
from runtime.hearing.whisper_service import HZ, WhisperService
from visavis.contracts.asr import check_asr
from visavis.engines import Context
from visavis.errors import AtCapacity, EngineError, OptionError, SetupError
from visavis.fakes.launcher import InlineLauncher

WIDTH, MELS, STEPS = 16, 80, 64


@pytest.fixture(scope="session")
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


def _open(weights: Path, tmp_path: Path, language: str = "en", **options: Any) -> Any:
    context = Context(language, InlineLauncher(), tmp_path / "cache", ("Where is the Mona Lisa?",))
    return WhisperAsr.open(context, model=str(weights), device="cpu", **options)


# ── the real library ──
async def test_it_hears_by_the_real_code_path(weights: Path, tmp_path: Path) -> None:
    asr = await _open(weights, tmp_path, partial_s=0.4)
    transcripts = [transcript async for transcript in asr.transcribe(_sound(1.2))]
    assert [transcript.final for transcript in transcripts][-1:] == [True]
    assert not any(transcript.final for transcript in transcripts[:-1])
    assert 0.0 <= transcripts[-1].confidence <= 1.0
    assert [transcript.text async for transcript in asr.transcribe(_sound(0.0))] == [""]
    await asr.close()


async def test_it_keeps_the_contract(weights: Path, tmp_path: Path) -> None:
    pcm = np.random.default_rng(1).normal(0, 2000, 16_000).astype(np.int16)
    await check_asr(await _open(weights, tmp_path), pcm, "", alike=0.0)


async def test_pulled_weights_are_found_by_name(weights: Path, tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "tiny").symlink_to(weights)
    asr = await _open(Path("tiny"), tmp_path)
    assert asr.capabilities.streams
    await asr.close()


async def test_without_weights_it_says_what_to_name(weights: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="visavis pull whisper-tiny"):
        await _open(Path("whisper-tiny"), tmp_path)
    with pytest.raises(SetupError, match="name the folder"):
        await _open(tmp_path, tmp_path)


async def test_damaged_weights_are_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"no model")
    with pytest.raises(EngineError, match="cannot be loaded"):
        await _open(tmp_path, tmp_path)


async def test_a_language_that_the_model_does_not_know_is_refused(weights: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="understands English alone, not 'zh-CN'"):
        await _open(weights, tmp_path, "zh-CN")


async def test_without_the_extra_it_names_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whisper, "find_spec", lambda name: None)
    with pytest.raises(SetupError, match="pip install"):
        await _open(tmp_path, tmp_path)


# ── streaming ──
class Script:
    """A model that decodes each sound to the words that were said in it, at one word in half a second."""

    supported_languages: ClassVar = ["en", "zh"]

    def __init__(self) -> None:
        self.heard_s: list[float] = []
        self.prompts: list[str | None] = []
        self.asked: dict[str, Any] = {}

    def transcribe(self, samples: Any, initial_prompt: str | None, **asked: Any) -> Any:
        self.heard_s.append(len(samples) / HZ)
        self.prompts.append(initial_prompt)
        self.asked = asked
        said = [round(float(samples[at]) * 32_768) for at in range(0, len(samples) - HZ // 4, HZ // 2)]
        words = [SimpleNamespace(word=f" w{n}", start=at / 2, end=at / 2 + 0.5) for at, n in enumerate(said)]
        text = "".join(word.word for word in words)
        end = len(samples) / HZ
        return [SimpleNamespace(text=text, words=words, start=0.0, end=end, no_speech_prob=0.0, avg_logprob=-0.2)], None


def _numbered(seconds: float) -> Any:
    """Sound whose every half second holds its own number."""
    return np.repeat(np.arange(1, round(seconds * 2) + 1, dtype=np.int16), HZ // 2)


def _scripted(monkeypatch: pytest.MonkeyPatch, **options: Any) -> tuple[WhisperService, Script]:
    script = Script()
    monkeypatch.setattr(whisper_service, "_load", lambda *_: script)
    service = WhisperService("x", **options)
    service.clock = lambda: 0.0  # type: ignore[method-assign,assignment]
    return service, script


def _run(service: WhisperService, pcm: Any, *hints: str, stream: int = 1, piece: int = 1_600) -> list[Any]:
    replies: list[Any] = []
    service.open(stream, {"hints": hints})
    for at in range(0, len(pcm), piece):
        service.append(stream, {"pcm": pcm[at : at + piece].tobytes()}, lambda m: replies.append(m) is None)
    service.end(stream, lambda m: replies.append(m) is None)
    return replies


def test_a_minute_is_heard_whole_with_a_bounded_buffer(monkeypatch: pytest.MonkeyPatch) -> None:
    service, script = _scripted(monkeypatch, partial_s=1.0)
    replies = _run(service, _numbered(60))
    said = [f"w{n}" for n in range(1, 121)]
    assert replies[-1]["text"].split() == said
    assert [word[0] for word in replies[-1]["words"]] == said
    assert [word[1] for word in replies[-1]["words"]] == pytest.approx([n / 2 for n in range(120)])
    assert max(script.heard_s) <= KEPT_S + 1.0
    assert script.prompts[-1]


def test_partials_only_grow_and_come_before_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    replies = _run(_scripted(monkeypatch, partial_s=0.5)[0], _numbered(8))
    texts = [reply["text"] for reply in replies if not reply["final"]]
    assert len(texts) > 10
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))


def test_a_slow_machine_decodes_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    quick, fast = _scripted(monkeypatch, partial_s=0.5)
    _run(quick, _numbered(10))
    slow, sluggish = _scripted(monkeypatch, partial_s=0.5)
    ticks = itertools.count(0, 2)
    slow.clock = lambda: float(next(ticks))  # type: ignore[method-assign,assignment]
    _run(slow, _numbered(10))
    assert len(fast.heard_s) == 21
    assert len(sluggish.heard_s) == 4


def test_what_is_never_agreed_upon_does_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    service, script = _scripted(monkeypatch, partial_s=1.0)
    _run(service, np.random.default_rng(0).integers(1, 30_000, 16_000 * 90).astype(np.int16))
    assert max(script.heard_s) <= MOST_S + 1.0


def test_utterances_at_once_do_not_mix_and_one_too_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    service, _ = _scripted(monkeypatch, partial_s=0.5, capacity=2)
    replies: dict[int, list[Any]] = {1: [], 2: []}
    sounds = {1: _numbered(3), 2: _numbered(3)[::-1].copy()}
    for stream in sounds:
        service.open(stream, {})
    with pytest.raises(AtCapacity):
        service.open(3, {})
    for at in range(0, 48_000, 1_600):
        for stream, pcm in sounds.items():
            told = replies[stream]
            service.append(stream, {"pcm": pcm[at : at + 1_600].tobytes()}, lambda m, told=told: told.append(m) is None)  # type: ignore[misc]
    for stream, told in replies.items():
        service.end(stream, lambda m, told=told: told.append(m) is None)  # type: ignore[misc]
    assert replies[1][-1]["text"].split() == [f"w{n}" for n in range(1, 7)]
    assert replies[2][-1]["text"].split() == [f"w{n}" for n in range(6, 0, -1)]


def test_silence_is_not_even_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    service, script = _scripted(monkeypatch, partial_s=0.5)
    replies = _run(service, np.zeros(32_000, np.int16))
    assert replies == [{"text": "", "final": True, "confidence": 0.0, "words": []}]
    assert script.heard_s == []


def test_the_dialog_says_the_language_and_the_knowledge_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    service, script = _scripted(monkeypatch, language="zh-CN")
    _run(service, _numbered(1), "Claude Monet", "蒙娜丽莎")
    assert script.asked["language"] == "zh"
    assert script.asked["hotwords"] == "Claude Monet, 蒙娜丽莎"


async def test_an_edit_of_the_knowledge_is_expected_from_the_next_utterance_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script()
    monkeypatch.setattr(whisper_service, "_load", lambda *_: script)
    asr = await _open(tmp_path, tmp_path, partial_s=0.0)
    [transcript async for transcript in asr.transcribe(_sound(0.5))]
    assert script.asked["hotwords"].startswith("Mona Lisa")
    await asr.learn(("Is there a Claude Monet?",))
    [transcript async for transcript in asr.transcribe(_sound(0.5))]
    assert script.asked["hotwords"].startswith("Claude Monet")
    await asr.close()


def test_hints_are_names_first_and_of_a_bounded_length() -> None:
    phrases = ("Where is the Mona Lisa?", "We open at nine. Ask Ada Lovelace, or Bob.", "几点开门？", "mona lisa")
    found = hints(phrases, 60)
    assert found[:4] == ["Mona Lisa", "Ada Lovelace", "Bob", "Where is the Mona Lisa"]
    assert sum(len(each) + 1 for each in found) <= 61
    assert "几点开门" in hints(phrases, 400)
    assert hints(("I'm here. I am", "Where is it?"), 0) == []


# ── agreement ──
def words(*texts: str) -> list[Word]:
    return [Word(f" {text}", float(at), at + 1.0) for at, text in enumerate(texts)]


def test_two_decodings_have_to_agree() -> None:
    agreement = Agreement()
    assert agreement.hear(words("where", "is")) == ""
    assert agreement.hear(words("Where", "is", "the")) == " Where is"
    assert agreement.hear(words("where", "is", "a", "shop")) == " Where is"
    assert agreement.hear(words("where", "is", "a", "shop,")) == " Where is a shop,"


def test_what_is_stable_stays_when_the_decoder_changes_its_mind() -> None:
    agreement = Agreement()
    agreement.hear(words("we", "two"))
    agreement.hear(words("we", "two", "are"))
    agreement.hear(words("we", "too", "are", "here"))
    assert agreement.hear(words("we", "too", "are", "here")) == " we two are here"


def test_a_cut_falls_on_the_end_of_a_segment() -> None:
    agreement = Agreement()
    said = words(*(f"w{n}" for n in range(17)))
    agreement.hear(said)
    agreement.hear(said)
    assert agreement.cut(14.0, [6.0, 12.0]) == 0.0
    assert agreement.cut(17.5, [6.0, 12.0, 17.4]) == 12.0
    assert agreement.done == "".join(f" w{n}" for n in range(12))
    assert agreement.text == "".join(f" w{n}" for n in range(17))
