"""Unanswered questions are put together, counted, and come with what to write."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from knowledge.gaps import cluster, gaps
from knowledge.knowledge import Knowledge
from knowledge.minilm import MiniLm
from knowledge.ngrams import NGrams

MUSEUM = """\
knowledge: museum
language: en
faq:
  items:
    - {id: hours, ask: [When do you open?, What are your opening hours?, Until when are you open?], say: At nine.}
    - {id: price, ask: [How much is a ticket?, What does admission cost?, Is the entry free?], say: Ten euros.}
    - {id: cafe, ask: [Is there a café?, Where can I eat?, Can I get a coffee?], say: Upstairs.}
"""


@pytest.fixture
async def museum(write, context):
    embedder = await MiniLm.open(context)
    yield await Knowledge.open_file(write(MUSEUM), context, embedder), embedder
    await embedder.close()


async def test_alike_questions_are_one_gap_and_the_most_asked_comes_first(museum) -> None:
    told: list[tuple[int, int]] = []
    asked = [
        "Can I bring my dog?",
        "who painted the ceiling",
        "Are dogs allowed?",
        "CAN I BRING MY DOG",
        "may I bring my dogs",
    ]
    found = await gaps(*museum, asked, lambda done, total: told.append((done, total)))
    assert [(gap.count, gap.texts[0]) for gap in found] == [(4, "Can I bring my dog?"), (1, "who painted the ceiling")]
    assert set(found[0].texts[1:]) == {"Are dogs allowed?", "may I bring my dogs"}
    assert told[-1] == (4, 4)


async def test_a_new_entry_can_be_pasted_as_it_is(museum, write, context) -> None:
    knowledge, embedder = museum
    found = await gaps(knowledge, embedder, ["Who painted: the 'ceiling'?", "who painted the ceiling of this hall"])
    assert not found[0].near
    path = write(MUSEUM + found[0].yaml + "\n")
    again = await Knowledge.open_file(path, context, embedder)
    assert (await again.find("Who painted: the 'ceiling'?")).entry.say == ("TODO",)
    assert yaml.safe_load(found[0].yaml)[0]["id"] == "painted-ceiling"


async def test_a_question_near_an_entry_becomes_another_wording_of_it(write, context) -> None:
    embedder = await NGrams.open(context)
    path = write(MUSEUM + "thresholds: {direct: 1.0, suggest: 0.0}\n")
    knowledge = await Knowledge.open_file(path, context, embedder)
    found = await gaps(knowledge, embedder, ["and how much is a ticket for a clown"])
    assert (found[0].near, found[0].nearest.id) == (True, "price")
    assert found[0].yaml == "        - and how much is a ticket for a clown"


async def test_what_is_answered_by_now_or_says_nothing_is_no_gap(museum) -> None:
    assert await gaps(*museum, ["when do you open", "…", ""]) == []


async def test_ids_are_new_and_chinese_ones_are_chinese(write, context) -> None:
    text = "knowledge: tea\nlanguage: zh-CN\nfaq:\n  items:\n    - {id: 可以带蛇吗, ask: 几点开门？, say: 九点。}\n"
    embedder = await NGrams.open(context)
    knowledge = await Knowledge.open_file(write(text), context, embedder)
    found = await gaps(knowledge, embedder, ["可以带蛇吗？", "火星上有生命吗"])
    assert [yaml.safe_load(gap.yaml)[0]["id"] for gap in found] == ["可以带蛇吗-2", "火星上有生命吗"]


def test_clusters_keep_apart_what_is_not_alike() -> None:
    angles = np.radians([0, 10, 90, 20, 95, 180])
    vectors = np.stack([np.cos(angles), np.sin(angles)], 1).astype(np.float32)
    assert cluster(vectors, [1, 5, 1, 1, 2, 1]) == [[1, 0, 3], [4, 2], [5]]
