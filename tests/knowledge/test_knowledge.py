from __future__ import annotations

import asyncio
import random
from datetime import datetime

import pytest

from knowledge import Knowledge
from visavis.errors import ConfigError
from visavis.fakes.embedder import FakeEmbedder

NOW = datetime(2026, 11, 20, 12, 0)
TEXT = """
knowledge: museum
language: en
greetings:
  items: [{id: hi, on: enter, say: [Hello, Welcome], action: wave, cooldown: 30s}]
keywords:
  items:
    - {id: wc, any: [toilet], say: "On the left.", action: present_left}
    - {id: old, any: [toilet], priority: 9, until: 2026-01-01, say: "Closed."}
faq:
  items:
    - {id: hours, ask: [When do you open?, What are the opening hours?], say: [From nine to five., Nine to five.],
       action: nod}
    - {id: price, ask: [How much is a ticket?, What does a ticket cost?], say: Fourteen euros., button: true,
       show: {title: Tickets, image: t.png}}
    - {id: dogs, ask: May I bring my dog?, say: Dogs must wait outside.}
    - {id: off, ask: Is there a sauna?, say: Yes., enabled: false}
    - {id: later, ask: Is the new wing open?, say: Yes., from: 2027-01-01}
"""
MARKDOWN = """# Guide
## The lens
The great lens was made of one thousand prisms in Paris by Henri Marchand.

## The garden
Roses and lavender grow around the pond.
"""


@pytest.fixture
def path(write):
    return write(TEXT)


@pytest.fixture
def opened(context, path):
    async def opened(text: str = TEXT, embedder=None, now=NOW) -> Knowledge:
        path.write_text(text)
        return await Knowledge.open_file(path, context, embedder or FakeEmbedder(), now=lambda: now)

    return opened


async def test_a_question_as_it_is_written_is_answered_surely(opened):
    found = await (await opened()).find("WHEN do you open??")
    assert (found.decision, found.source, found.entry.id, found.match.score) == ("direct", "faq", "hours", 1.0)
    assert found.entry.say == ("From nine to five.", "Nine to five.")
    assert found.entry.action == "nod"


async def test_a_question_that_is_written_comes_before_a_keyword(opened):
    found = await (await opened(TEXT.replace("May I bring my dog?", "Where is the toilet?"))).find(
        "where is the toilet"
    )
    assert found.entry.id == "dogs"


async def test_a_keyword_is_found_and_one_out_of_its_window_is_not(opened):
    found = await (await opened()).find("I need the toilet now")
    assert (found.decision, found.source, found.entry.id) == ("direct", "keyword", "wc")
    then = await opened(now=datetime(2025, 12, 31))
    assert (await then.find("I need the toilet now")).entry.id == "old"


async def test_a_question_in_other_words_is_found_by_likeness(opened):
    found = await (await opened()).find("how much does a ticket cost")
    assert (found.decision, found.source, found.entry.id) == ("direct", "faq", "price")
    assert found.match.score < 1
    assert found.entry.show.image == "t.png"
    assert found.candidates[0].id == "price"


async def test_something_a_little_like_it_is_offered(opened):
    text = TEXT + "thresholds: {direct: 0.99, suggest: 0.01, margin: auto}\n"
    found = await (await opened(text)).find("a ticket for my dog")
    assert (found.decision, found.source, found.entry) == ("suggest", "suggest", None)
    assert {each.id for each in found.choices} == {"price", "dogs"}
    assert found.choices[0].text in ("How much is a ticket?", "May I bring my dog?")


@pytest.mark.parametrize("text", ["", "  ", "?!", "\x00", "\ud800", "🙂", "why is the sky blue", "x" * 10_000])
async def test_what_is_not_known_falls_back(opened, text):
    knowledge = await opened()
    found = await knowledge.find(text)
    assert (found.decision, found.source, found.entry) == ("fallback", "fallback", None)
    assert await knowledge.confidence(text) < 0.5


@pytest.mark.parametrize("text", ["Is there a sauna?", "Is the new wing open?"])
async def test_what_is_off_or_not_yet_valid_is_not_answered(opened, text):
    found = await (await opened()).find(text)
    assert {"off", "later"}.isdisjoint(each.id for each in found.candidates)


async def test_the_words_of_what_is_off_are_forgotten(opened):
    on = TEXT.replace("say: Yes., enabled: false", "say: Yes.")
    assert (await (await opened()).find("Is there a sauna?")).decision == "fallback"
    assert (await (await opened(on)).find("Is there a sauna?")).entry.id == "off"


async def test_confidence_grows_with_the_words_heard(opened):
    knowledge = await opened()
    heard = [await knowledge.confidence(each) for each in ("how", "how much does", "how much does a ticket cost")]
    assert heard[0] < 0.5
    assert heard[2] >= 0.5
    assert await knowledge.confidence("toilet") == 1.0


async def test_a_text_is_embedded_once(opened):
    embedder = FakeEmbedder()
    knowledge = await opened(embedder=embedder)
    before = len(embedder.calls)
    await knowledge.confidence("what costs a ticket")
    await knowledge.find("what costs a ticket")
    await knowledge.passages("what costs a ticket")
    assert len(embedder.calls) == before + 1


async def test_a_second_start_and_an_edit_embed_only_what_is_new(opened):
    await opened()
    again, edited = FakeEmbedder(), FakeEmbedder()
    await opened(embedder=again)
    assert again.calls == []
    await opened(TEXT.replace("Dogs must wait outside.", "No dogs."), embedder=edited)
    assert edited.calls == [("May I bring my dog? No dogs.",)]


async def test_a_cache_that_is_spoilt_is_made_anew(opened, context):
    await opened()
    for kept in (context.cache / "embeddings").iterdir():
        kept.write_bytes(b"spoilt")
    assert (await (await opened()).find("when do you open")).entry.id == "hours"


async def test_a_cache_that_cannot_be_written_costs_time_alone(opened, context):
    context.cache.write_text("a file where the folder would be")
    assert (await (await opened()).find("when do you open")).entry.id == "hours"


async def test_while_the_embedder_fails_words_alone_decide(opened, caplog):
    embedder = FakeEmbedder()
    knowledge = await opened(embedder=embedder)
    embedder.broken = True
    assert (await knowledge.find("When do you open?")).entry.id == "hours"
    assert (await knowledge.find("tell me, when do you open")).candidates[0].id == "hours"
    assert "matched by their words alone: fake embedder: it is broken" in caplog.text


async def test_documents_are_read_for_what_no_entry_answers(opened, path):
    path.with_name("guide.md").write_text(MARKDOWN)
    knowledge = await opened(TEXT + "documents: [{path: guide.md, title: Guide}]\n")
    found = await knowledge.find("who made the great lens of prisms in Paris")
    assert (found.decision, found.source) == ("rag", "rag")
    assert found.passages[0].id == "guide.md#1"
    assert found.passages[0].title == "Guide › Guide › The lens"
    passages = await knowledge.passages("roses around the pond", 2)
    assert passages[0].id == "guide.md#2"
    assert len(passages) == 2
    assert (await knowledge.passages("ticket"))[0].id == "price"


async def test_what_is_said_unasked(opened):
    knowledge = await opened(TEXT + "fallback: {say: [Hm., Well.]}\n")
    greeting = knowledge.greeting("enter", now=NOW, rng=random.Random(1))
    assert (greeting.id, greeting.action, greeting.cooldown_s) == ("hi", "wave", 30)
    assert knowledge.greeting("enter", now=NOW, rng=random.Random(1), avoid=["hi"]) is None
    assert knowledge.fallback(random.Random(1)) in ("Hm.", "Well.")
    assert (await opened()).fallback(random.Random(1))


async def test_what_is_in_it(opened):
    knowledge = await opened()
    assert [each.id for each in knowledge.top_questions(6)] == ["price"]
    unmarked = await opened(TEXT.replace(", button: true", ""))
    assert [each.id for each in unmarked.top_questions(2)] == ["hours", "price"]
    assert {"Hello", "Nine to five.", "On the left."} <= set(knowledge.fixed())
    assert {"When do you open?", "toilet", "Fourteen euros."} <= set(knowledge.phrases())


async def test_several_libraries_answer_as_one(context, write):
    folder = write(TEXT, "a.yaml").parent
    write("knowledge: cafe\nlanguage: en-GB\nfaq: {items: [{id: cake, ask: Do you have cake?, say: Yes.}]}\n", "b.yaml")
    write("knowledge: chinese\nlanguage: zh\n", "c.yaml")
    knowledge = await Knowledge.open(["museum", "cafe"], folder, context, FakeEmbedder())
    assert (await knowledge.find("do you have cake")).entry.id == "cake"
    with pytest.raises(ConfigError, match="one language"):
        await Knowledge.open(["museum", "chinese"], folder, context, FakeEmbedder())


async def test_an_empty_library_falls_back(opened):
    knowledge = await opened("knowledge: museum\nlanguage: fr\n")
    assert (await knowledge.find("Bonjour")).decision == "fallback"
    assert await knowledge.passages("Bonjour") == []
    assert knowledge.greeting("enter", now=NOW, rng=random.Random(1)) is None
    assert knowledge.top_questions(3) == []


async def test_visitors_at_once_do_not_disturb_each_other(opened):
    knowledge = await opened()
    questions = ["when are the opening hours", "what does one ticket cost", "may my dog come in"]
    found = await asyncio.gather(*(knowledge.find(each) for each in questions * 5))
    assert [each.candidates[0].id for each in found] == ["hours", "price", "dogs"] * 5
