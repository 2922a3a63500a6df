"""sherpa-onnx by its real library, with tiny models that hear low and high tones."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sherpa_onnx", reason="sherpa-onnx is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")
sys.path.insert(0, str(Path(__file__).parent))

from tone_models import HIGH, LOW, paraformer, tones, transducer

from runtime.hearing import sherpa
from runtime.hearing.sherpa import SherpaAsr
from runtime.hearing.sherpa_model import find, metadata, vocabulary
from runtime.hearing.sherpa_service import can_be_biased, hotwords
from visavis.clock import LoopClock
from visavis.contracts.asr import check_asr
from visavis.engines import Context, Transcript
from visavis.errors import EngineError, OptionError, SetupError
from visavis.fakes.launcher import InlineLauncher

ENGLISH = ("<blk>", "▁LOW", "▁HIGH", "<unk>")
CHINESE = ("<blk>", "低", "高", "<unk>")


@pytest.fixture(scope="session")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return transducer(tmp_path_factory.mktemp("en") / "model", ENGLISH)


@pytest.fixture(scope="session")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return transducer(tmp_path_factory.mktemp("zh") / "model", CHINESE)


def _open(model: Path | str, cache: Path, language: str = "en", phrases: tuple[str, ...] = (), **options: Any) -> Any:
    context = Context(language, InlineLauncher(), cache / "cache", phrases)
    return SherpaAsr.open(context, model=str(model), **options)


def _copy(model: Path, to: Path) -> None:
    for path in model.iterdir():
        (to / path.name).write_bytes(path.read_bytes())


async def _heard(asr: SherpaAsr, pcm: Any) -> list[Transcript]:
    async def pieces() -> Any:
        for at in range(0, len(pcm), 1_600):
            yield pcm[at : at + 1_600]

    return [transcript async for transcript in asr.transcribe(pieces())]


async def test_a_transducer_hears_while_sound_comes(english: Path, tmp_path: Path) -> None:
    asr = await _open(english, tmp_path)
    heard = await _heard(asr, tones(LOW, HIGH, LOW))
    assert [transcript.text for transcript in heard] == ["low", "low high", "low high low", "low high low"]
    assert [transcript.final for transcript in heard] == [False, False, False, True]
    assert 0.7 < heard[-1].confidence < 1.0
    words = heard[-1].words
    assert [word.text for word in words] == ["low", "high", "low"]
    assert [word.start for word in words] == pytest.approx([0.0, 0.5, 1.0], abs=0.05)
    assert words[-1].end == 1.5
    await asr.close()


async def test_a_transducer_writes_chinese_biased_to_what_is_known(chinese: Path, tmp_path: Path) -> None:
    asr = await _open(chinese, tmp_path, "zh-CN", ("低高？", "博物馆几点开门"))
    heard = await _heard(asr, tones(LOW, HIGH))
    assert heard[-1].text == "低高"
    assert [word.text for word in heard[-1].words] == ["低", "高"]
    await asr.close()


async def test_a_paraformer_hears_too(tmp_path: Path) -> None:
    asr = await _open(paraformer(tmp_path / "model", ("<blk>", "低", "高")), tmp_path, "zh")
    heard = await _heard(asr, tones(LOW, HIGH, seconds=1.0))
    assert set(heard[-1].text) == {"低", "高"}
    assert list(heard[-1].text) == sorted(heard[-1].text, key="低高".index)
    assert any(not transcript.final and transcript.text for transcript in heard)
    await asr.close()


@pytest.mark.parametrize("kind", ["transducer", "paraformer"])
async def test_it_keeps_the_contract(kind: str, english: Path, tmp_path: Path) -> None:
    model = english if kind == "transducer" else paraformer(tmp_path / "model", ("<blk>", "low", "high"))
    await check_asr(await _open(model, tmp_path), tones(LOW, HIGH, seconds=0.8), "low high")


async def test_it_runs_in_a_process_of_its_own(english: Path, tmp_path: Path) -> None:
    from runtime.workers.pool import LocalLauncher

    launcher = LocalLauncher(LoopClock())
    asr = await SherpaAsr.open(Context("en", launcher, tmp_path / "cache"), model=str(english))
    assert (await _heard(asr, tones(HIGH, LOW)))[-1].text == "high low"
    await asr.close()
    await launcher.close()


# ── what is named ──
async def test_pulled_weights_and_single_files_are_found(english: Path, tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "tones").symlink_to(english)
    await (await _open("tones", tmp_path)).close()
    apart = tmp_path / "apart.onnx"
    apart.write_bytes((english / "joiner.onnx").read_bytes())
    await (await _open("tones", tmp_path, joiner=str(apart))).close()
    with pytest.raises(OptionError, match="visavis pull zipformer-en"):
        await _open("zipformer-en", tmp_path)


def test_of_two_precisions_the_quicker_is_taken_and_of_two_models_neither(english: Path, tmp_path: Path) -> None:
    _copy(english, tmp_path)
    (tmp_path / "encoder.int8.onnx").write_bytes((english / "encoder.onnx").read_bytes())
    (tmp_path / "decoder.int8.onnx").write_bytes((english / "decoder.onnx").read_bytes())
    found = find(tmp_path, {})
    assert (found.encoder.name, found.decoder.name, found.kind) == ("encoder.int8.onnx", "decoder.onnx", "transducer")
    (tmp_path / "encoder-left-64.onnx").write_bytes(b"")
    with pytest.raises(
        SetupError, match=r"several: encoder-left-64.onnx, encoder.onnx; name one of them by asr.encoder"
    ):
        find(tmp_path, {})


async def test_what_is_no_streaming_model_is_refused_before_it_is_loaded(english: Path, tmp_path: Path) -> None:
    for name in ("tokens.txt", "decoder.onnx", "joiner.onnx"):
        (tmp_path / name).write_bytes((english / name).read_bytes())
    with pytest.raises(SetupError, match=r"no encoder\*.onnx there"):
        await _open(tmp_path, tmp_path)
    (tmp_path / "encoder.onnx").write_bytes((english / "decoder.onnx").read_bytes())
    with pytest.raises(SetupError, match="no streaming transducer"):
        await _open(tmp_path, tmp_path)
    whole = (english / "encoder.onnx").read_bytes()
    (tmp_path / "encoder.onnx").write_bytes(whole.replace(b"ReduceMax", b"ReduceXxx"))
    with pytest.raises(EngineError, match="cannot be loaded"):
        await _open(tmp_path, tmp_path)
    (tmp_path / "encoder.onnx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SetupError, match="no whole ONNX file"):
        await _open(tmp_path, tmp_path)


async def test_a_model_of_another_language_is_refused(english: Path, chinese: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot write 'zh-CN'"):
        await _open(english, tmp_path, "zh-CN")
    with pytest.raises(EngineError, match="cannot write 'en'"):
        await _open(chinese, tmp_path)


async def test_without_the_extra_it_names_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sherpa, "find_spec", lambda name: None)
    with pytest.raises(SetupError, match="pip install"):
        await _open("x", tmp_path)


# ── what files say ──
def test_metadata_is_read_without_the_weights(english: Path) -> None:
    assert metadata(english / "encoder.onnx")["model_type"] == "lstm"
    assert metadata(english / "decoder.onnx") == {"context_size": "2", "vocab_size": "4"}


def test_hotwords_are_those_that_the_model_can_spell(english: Path, chinese: Path) -> None:
    assert hotwords(("高低", "低价", "高", "高/低"), vocabulary(chinese / "tokens.txt")) == "高低/高"
    assert hotwords(("low high", "no"), vocabulary(english / "tokens.txt")) == "LOW HIGH"


def test_pieces_of_words_need_their_scores(english: Path, chinese: Path) -> None:
    assert can_be_biased(find(chinese, {}), vocabulary(chinese / "tokens.txt"))
    assert not can_be_biased(find(english, {}), vocabulary(english / "tokens.txt"))


async def test_a_model_of_pieces_is_biased_by_its_scores(english: Path, tmp_path: Path) -> None:
    _copy(english, tmp_path)
    (tmp_path / "bpe.vocab").write_text("<unk>\t0\n▁LOW\t-1\n▁HIGH\t-2\n")
    asr = await _open(tmp_path, tmp_path, "en", ("high low",))
    assert (await _heard(asr, tones(LOW, HIGH)))[-1].text == "low high"
    await asr.learn(("low high",))
    assert (await _heard(asr, tones(HIGH, LOW)))[-1].text == "high low"
    await asr.close()


def test_tokens_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "tokens.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SetupError, match="no list of tokens"):
        vocabulary(tmp_path / "tokens.txt")


def test_a_tail_of_odd_length_is_heard_as_well(english: Path, tmp_path: Path) -> None:
    from runtime.hearing.sherpa_service import SherpaService

    service = SherpaService(str(english))
    told: list[Any] = []
    service.open(1, {})
    for piece in np.array_split(tones(LOW, HIGH), 37):
        service.append(1, {"pcm": piece.tobytes()}, lambda message: told.append(message) is None)
    service.end(1, lambda message: told.append(message) is None)
    assert told[-1]["text"] == "low high"
