"""An improvised sentence stands on its sources, or is not spoken."""

from __future__ import annotations

from datetime import datetime

import pytest

from agent.fakes import FakeKnowledge
from agent.grounding import Grounding, Grounds
from agent.memory import Memory
from agent.mind import Mind
from agent.persona import Limits, Persona
from agent.taboo import Taboo
from knowledge.passages import Passage
from visavis.clock import LoopClock, run_virtual
from visavis.fakes.llm import HANG, FakeLlm, Step, Wait
from visavis.words import Reply, Sentence, Utterance

TOWER = Passage(
    "tower", "How high is the tower?", "The tower is forty metres high. Visitors may climb it from nine to five.", 0.6
)
HOURS = Passage("hours", "Opening hours", "We are open every day but Monday.", 0.3)
TEA = Passage("tea", "龙井", "龙井茶每壶六十八元，可续水。", 0.6)
OPEN = Passage("open", "营业时间", "我们每天上午九点到晚上十点营业，周一休息。", 0.5)


def grounds(language: str, asked: str, *passages: Passage, grounding: Grounding = "strict") -> Grounds:
    return Grounds(grounding, language, passages, ["Mia"], asked)


@pytest.mark.parametrize(
    "sentence",
    [
        "The tower is 40 metres tall.", "You can climb it every day.", "You're welcome!", "How can I help you?",
        "I'm Mia, nice to meet you!", "It is high, and visitors can climb it until 5 pm.",
        "I do not know whether there is a sauna.", "Would you like to know more about the tower?",
        "That is not something the museum tells.",
    ],
)  # fmt: skip
def test_what_the_passages_say_and_what_says_nothing_may_be_said(sentence: str) -> None:
    assert grounds("en", "Is there a sauna?", TOWER, HOURS).missing(sentence) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Yes, we have a sauna.", "The tower was built by Queen Elizabeth.", "The tower is fifty metres tall.",
        "I am not sure, but the sauna is behind the garden.", "Why did the chicken cross the road?",
    ],
)  # fmt: skip
def test_what_comes_from_nowhere_may_not(sentence: str) -> None:
    assert grounds("en", "Is there a sauna?", TOWER, HOURS).missing(sentence) is not None


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [
        ("龙井茶一壶68元。", True), ("我们早上九点开门营业。", True), ("不客气，很高兴为您服务！", True),
        ("抱歉，我不清楚有没有桑拿。", True), ("我们有桑拿房。", False), ("龙井茶来自杭州西湖，口感清香。", False),
        ("龙井茶一壶58元。", False),
    ],
)  # fmt: skip
def test_chinese_is_checked_as_well(sentence: str, stands: bool) -> None:
    assert (grounds("zh-CN", "有桑拿吗？", TEA, OPEN).missing(sentence) is None) is stands


def test_figures_that_the_visitor_gave_may_be_repeated() -> None:
    assert grounds("en", "Can I come at 7 pm?", HOURS).missing("I do not know about 7 pm.") is None


def test_a_citation_that_has_none_of_the_words_is_dropped() -> None:
    cited = grounds("en", "?", TOWER, HOURS).cited("The tower is forty metres high.", ["hours", "tower", "tower"])
    assert cited == ("tower",)


# ── whole answers ──
def answered(
    *script: Step, passages: tuple[Passage, ...] = (TOWER, HOURS), persona: Persona | None = None, asked: str = "Hm?"
) -> tuple[Reply, list[tuple[float, Sentence]], FakeLlm]:
    async def main() -> tuple[Reply, list[tuple[float, Sentence]], FakeLlm]:
        clock, llm = LoopClock(), FakeLlm(script)
        limits = Limits(grounding="strict")
        mind = Mind(FakeKnowledge(*passages), llm, clock=clock, limits=limits, persona=persona)
        reply = await mind.answer(Utterance(asked, "en", "text", 0, 0), Memory())
        said = [(round(clock.now(), 3), sentence) async for sentence in reply.sentences]
        assert llm.streams == 0
        return reply, said, llm

    return run_virtual(main())


def texts(said: list[tuple[float, Sentence]]) -> list[str]:
    return [sentence.text for _, sentence in said]


def test_the_first_sentence_is_as_early_as_without_a_check() -> None:
    _, said, _ = answered(Wait(0.3), "The tower is high [1]. ", Wait(5), "You may climb it. ")
    assert [(at, sentence.text) for at, sentence in said] == [
        (0.3, "The tower is high."),
        (5.3, "You may climb it."),
    ]
    assert said[0][1].citations == ("tower",)


def test_a_sentence_with_another_figure_is_left_out_with_the_rest_of_it() -> None:
    _, said, _ = answered("The tower is high. A ticket for it is 12 euros, and that is cheap. Climb the tower! ")
    assert texts(said) == ["The tower is high.", "Climb the tower!"]


def test_where_nothing_stands_the_best_answer_is_said() -> None:
    reply, said, _ = answered("It is ninety metres high.")
    assert reply.source == "rag"
    assert texts(said)[0] == "The tower is forty metres high."
    reply, said, _ = answered("It is ninety metres high.", passages=())
    assert reply.decision == "fallback"


def test_an_answer_in_another_language_is_not_spoken() -> None:
    _, said, _ = answered("塔高四十米。", "很高兴为您服务。")
    assert texts(said)[0] == "The tower is forty metres high."


def test_an_answer_that_goes_in_circles_ends() -> None:
    _, said, _ = answered(*(["The tower is high. "] * 9), HANG, persona=Persona(max_sentences=20))
    assert texts(said) == ["The tower is high."]


def test_a_subject_that_is_declined_is_not_asked_of_the_model() -> None:
    persona = Persona(taboo=("politics", "ghost stories"))
    for question in ("What do you think of politics?", "Who will win the election?", "Tell me a ghost story!"):
        reply, said, llm = answered("never", persona=persona, asked=question)
        assert reply.decision == "fallback"
        assert llm.calls == []
    _, said, _ = answered("Politics is everywhere. I do not talk about politics.", persona=persona)
    assert texts(said) == ["I do not talk about politics."]


@pytest.mark.parametrize(
    ("script", "at"),
    [
        ([], 0.0),
        (["<think>They want to know", " how high it is."], 0.0),
        (["<think>", HANG], 2.0),
        (['{"answer": "The tower is forty met'], 0.0),
        (["```python\nprint(40)\n```"], 0.0),
        ([piece for letter in "A very slow sentence" for piece in (letter, Wait(1.0))], 2.0),
        (["塔高四十米。", "欢迎您来参观我们的博物馆。"], 0.0),
        (["x" * 10_000_000], 0.0),
        (["The tower was moved to Mars by pirates. " * 200_000], 0.0),
        (["[happy][action:wave][1]"], 0.0),
        ([" \n" * 50_000], 0.0),
    ],
    ids=["empty", "thoughts", "endless thoughts", "half an object", "code", "trickles", "another language",
         "one huge word", "a flood", "tags alone", "blank"],
)  # fmt: skip
def test_what_a_bad_model_sends_is_replaced_by_the_best_answer(script: list[Step], at: float) -> None:
    reply, said, _ = answered(*script)
    assert (reply.source, reply.match is not None) == ("rag", True)
    assert said[0][0] == at
    assert texts(said)[0] == "The tower is forty metres high."


PRICES = Passage("prices", "Prices", "A ticket costs 10 euros. Call 020 7946 0000.", 0.9)


@pytest.mark.parametrize(
    ("asked", "sentence", "stands"),
    [
        ("It costs 3 euros, right?", "Yes, a ticket costs 3 euros.", False),
        ("It costs 3 euros, right?", "A ticket does not cost 3 euros, but 10 euros.", True),
        ("What do 4 people pay?", "For 4 people a ticket costs 10 euros.", True),
        ("Until 8 pm?", "Yes, until 8 pm.", False), ("How much?", "A ticket is free.", False),
        ("How much?", "A ticket costs half of 10 euros.", False),
        ("How much?", "A ticket costs twice 10 euros.", False),
        ("How much?", "A ticket costs a tenner.", True), ("How much?", "A ticket costs a fiver.", False),
        ("Hi", "Feel free to ask me about a ticket!", True), ("How much?", "Call 020 7946 0000.", True),
        ("How much?", "A ticket costs 20 euros.", False), ("How much?", "A ticket costs 15 euros.", False),
        ("What day is it?", "Today is Friday, November 20.", True), ("What time is it?", "It is 3:15 pm.", True),
    ],
)  # fmt: skip
def test_neither_a_question_nor_the_calendar_makes_a_price(asked: str, sentence: str, stands: bool) -> None:
    now = datetime(2026, 11, 20, 15, 15)
    assert (Grounds("strict", "en", [PRICES], [], asked, now).missing(sentence) is None) is stands


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [("成人票贰拾元。", False), ("成人票壹拾元。", True), ("成人票免费。", False), ("成人票半价。", False),
     ("对，成人票二十元。", False), ("不是，成人票不是二十元，是十元。", True)],
)  # fmt: skip
def test_the_same_in_chinese(sentence: str, stands: bool) -> None:
    prices = Passage("prices", "票价", "成人票十元。", 0.9)
    grounds = Grounds("strict", "zh", [prices], [], "二十元对吗？", datetime(2026, 11, 20, 15, 15))
    assert (grounds.missing(sentence) is None) is stands


@pytest.mark.parametrize(
    ("subject", "asked"),
    [
        ("politics", "Tell me about p0litics!"), ("politics", "p o l i t i c s?"), ("politics", "And pоlitiсs?"),
        ("politics", "ＰＯＬＩＴＩＣＳ"), ("政治", "聊聊政 治吧"), ("政治", "總統是誰？"),
    ],
)  # fmt: skip
def test_a_subject_is_told_however_it_is_spelt(subject: str, asked: str) -> None:
    assert Taboo([subject]).about(asked)
    assert not Taboo([subject]).about("When do you open? 几点开门？")
