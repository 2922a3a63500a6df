"""Whose voice it is: the reader of the weights, the network against PyTorch, real people."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from avatars.voices.speaker import SAME_SPEAKER, SpeakerEncoder, encoder, similarity
from avatars.voices.speaker.checkpoint import MAGIC, PROTOCOL, read_tensors
from avatars.voices.speaker.mel import RATE, WINDOW, bands, mel
from avatars.voices.speaker.network import SHAPES, Network
from visavis.errors import EngineError, SetupError
from visavis.weights import GE2E, locate
from visavis.words import Pcm

torch = pytest.importorskip("torch")
Testdata = Callable[[str], Path]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def clip(testdata: Testdata, name: str, seconds: float = 12.0) -> Pcm:
    """Real speech at 16 kHz: a speaker's clips one after another."""
    folder = testdata("speech/librispeech")
    clips = [soundfile.read(path, dtype="int16")[0] for path in sorted(folder.glob(f"{name}-*.flac"))]
    return np.concatenate(clips)[: round(seconds * RATE)]


# ── the file of the weights ─────────────────────────────────────────────────────────────────────────
def saved(path: Path, content: object) -> Path:
    torch.save(content, path, _use_new_zipfile_serialization=False)
    return path


def test_tensors_of_an_old_pytorch_file_are_read(tmp_path: Path) -> None:
    tensors = {"a": torch.randn(3, 4), "b": torch.randn(5), "c": torch.randn(2, 3, 4)[1]}
    read = read_tensors(saved(tmp_path / "w.pt", {"step": 7, "model_state": tensors}), "model_state")
    assert {name: values.tolist() for name, values in read.items()} == {n: t.tolist() for n, t in tensors.items()}


class Harm:
    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, str]]:
        return open, (str(self._mark), "w")


def test_a_file_that_asks_for_a_call_is_refused_and_nothing_is_called(tmp_path: Path) -> None:
    parts = (MAGIC, PROTOCOL, {}, {"model_state": Harm(tmp_path / "mark")}, [])
    (tmp_path / "w.pt").write_bytes(b"".join(pickle.dumps(part, 2) for part in parts))
    with pytest.raises(ValueError, match=r"asks for io\.open"):
        read_tensors(tmp_path / "w.pt", "model_state")
    assert not (tmp_path / "mark").exists()


def test_what_is_no_plain_float32_is_refused(tmp_path: Path) -> None:
    for tensor in (torch.zeros(3, dtype=torch.int64), torch.randn(3, 4).T):
        with pytest.raises(ValueError, match=r"no weights need|does not lie in its storage"):
            read_tensors(saved(tmp_path / "w.pt", {"model_state": {"a": tensor}}), "model_state")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.999])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, share: float) -> None:
    path = saved(tmp_path / "w.pt", {"model_state": {"a": torch.randn(30, 4)}})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(ValueError, match=r"damaged|ends too early"):
        read_tensors(path, "model_state")


def test_the_weights_are_read_once_and_then_come_from_the_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = encoder.weights(cache)
    monkeypatch.setattr(encoder, "locate", lambda weight: pytest.fail("the file is read again"))
    again = encoder.weights(cache)
    assert {name: values.shape for name, values in again.items()} == dict(SHAPES)
    assert all((again[name] == first[name]).all() for name in SHAPES)


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    encoder.weights(tmp_path)
    (kept,) = (tmp_path / "speaker").iterdir()
    kept.write_bytes(kept.read_bytes()[:1_000])
    assert set(encoder.weights(tmp_path)) == set(SHAPES)
    with np.load(kept, allow_pickle=False) as file:
        assert set(file.files) == set(SHAPES)


def test_other_weights_are_refused() -> None:
    with pytest.raises(SetupError, match="another shape"):
        Network({"linear.weight": np.zeros((2, 2), np.float32)})


# ── the network ─────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def one_thread() -> Generator[None, None, None]:
    """PyTorch's threads wait for each other on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("one_thread")
def test_it_computes_what_pytorch_does(cache: Path) -> None:
    state = torch.load(locate(GE2E), map_location="cpu", weights_only=True)["model_state"]
    lstm, linear = torch.nn.LSTM(40, 256, 3, batch_first=True), torch.nn.Linear(256, 256)
    lstm.load_state_dict({name[5:]: value for name, value in state.items() if name.startswith("lstm.")})
    linear.load_state_dict({name[7:]: value for name, value in state.items() if name.startswith("linear.")})
    windows = np.random.default_rng(1).gamma(0.5, 0.01, (3, 160, 40)).astype(np.float32)
    with torch.no_grad():
        raw = torch.relu(linear(lstm(torch.from_numpy(windows))[1][0][-1]))
        expected = (raw / raw.norm(dim=1, keepdim=True)).numpy()
    assert Network(encoder.weights(cache))(windows) == pytest.approx(expected, abs=1e-5)


def test_a_tone_lies_in_the_band_around_it() -> None:
    """Slaney's bands have an area of 1 Hz⁻¹·Hz, so a tone counts for more where they are narrow."""
    lines = RATE / WINDOW
    assert bands().sum(axis=1)[10:] * lines == pytest.approx(1, abs=0.3)
    heard = [mel(np.sin(2 * np.pi * hz * np.arange(RATE) / RATE).astype(np.float32)) for hz in (200, 1_000, 4_000)]
    assert [int(tone.mean(axis=0).argmax()) for tone in heard] == sorted({int(t.mean(axis=0).argmax()) for t in heard})
    assert heard[0].shape == (98, 40)


# ── people ──────────────────────────────────────────────────────────────────────────────────────────
async def test_two_clips_of_one_person_are_alike_and_those_of_two_are_not(cache: Path, testdata: Testdata) -> None:
    voices = await SpeakerEncoder.open(cache)
    sound = clip(testdata, "1688", 24)
    one, same = [await voices.embed(half) for half in (sound[: 12 * RATE], sound[12 * RATE :])]
    other = await voices.embed(clip(testdata, "367"))
    assert similarity(one, same) > SAME_SPEAKER + 0.05
    assert similarity(one, other) < SAME_SPEAKER - 0.05


async def test_level_and_pauses_say_nothing_of_who_speaks(cache: Path, testdata: Testdata) -> None:
    voices = await SpeakerEncoder.open(cache)
    sound = clip(testdata, "2033", 8)
    quiet = np.concatenate([np.zeros(3 * RATE, np.int16), (sound * 0.2).astype(np.int16), np.zeros(RATE, np.int16)])
    assert similarity(await voices.embed(sound), await voices.embed(quiet)) > 0.97


@pytest.mark.parametrize("kind", ["empty", "silence", "noise", "a tone"])
async def test_a_clip_without_a_voice_is_refused(cache: Path, kind: str) -> None:
    dice = np.random.default_rng(2)
    sounds = {
        "empty": np.zeros(0),
        "silence": np.zeros(5 * RATE),
        "noise": dice.normal(0, 2_000, 5 * RATE),
        "a tone": 9_000 * np.sin(np.arange(5 * RATE) / 9),
    }
    with pytest.raises(EngineError, match=r"of voice were found, 1\.6 s are needed"):
        await (await SpeakerEncoder.open(cache)).embed(sounds[kind].astype(np.int16))


def test_a_long_recording_costs_no_more_than_two_minutes(testdata: Testdata) -> None:
    seen: list[int] = []

    def network(windows: NDArray[np.float32]) -> NDArray[np.float32]:
        seen.append(len(windows))
        return np.ones((len(windows), 256), np.float32)

    pcm = np.tile(clip(testdata, "533", 30), 6)
    SpeakerEncoder(network).embed_now(pcm)
    assert sum(seen) == encoder.MAX_WINDOWS
    assert max(seen) <= 32
