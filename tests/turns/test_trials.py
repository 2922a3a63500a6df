"""A session tries manners of answering, and notes what its visitor does; facts and figures stay as they are."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from visit import Script, Visit, perform

from behaviors.learning import PLAIN, Arm, Choice, Trial
from behaviors.tact import tact
from runtime.bandit import Bandit
from runtime.bandit_settings import Learn
from runtime.events import ActionStarted, ReplyFound, SentenceStarted
from runtime.trials import TRIED, Trials
from visavis.clock import LoopClock
from visavis.engines import Style
from visavis.words import Cue, Decision, Emotion, Reply, Sentence, Source, Utterance

BRISK = Arm("brisk", rate=1.2, beats="none")
PLACE, PRICE = "The cloakroom is beside the door.", "A ticket is twelve euros."
WAVED = Sentence("We are glad to see you!", Emotion.HAPPY, (Cue("action", "wave"),))


class Always(Bandit):
    """Chooses one arm, and keeps what is learnt in memory."""

    def __init__(self, arm: Arm, **wanted: Any) -> None:
        super().__init__(Learn(enabled=True, **wanted), Path("nowhere"), "museum")
        self.arm = arm
        self.learnt: list[Trial] = []

    def choose(self, context: Sequence[float], rng: random.Random) -> Choice:
        return Choice(self.arm, 0.5, 1)

    def learn(self, trial: Trial) -> None:
        self.learnt.append(trial)


def trying(bandit: Bandit) -> Callable[[LoopClock], Trials]:
    return lambda clock: Trials(bandit, "en", 0, clock)


class Says(Script):
    """Answers from a source of its own."""

    def __init__(self, source: Source, decision: Decision = "direct", *steps: Sentence | str) -> None:
        super().__init__(*(steps or (PLACE,)))
        self._source, self._decision = source, decision

    async def answer(self, utterance: Utterance) -> Reply:
        return Reply(self._source, self._decision, self._say(self.steps))


def asked(bandit: Bandit | None, *, brain: Script | None = None, words: str = "Where?", stays: float = 40.0) -> Visit:
    async def play(visit: Visit) -> None:
        visit.session.presence(True)
        visit.ask(words)
        await visit.until(stays)

    trials = trying(bandit) if bandit is not None else None
    return perform(play, brain=brain or Script(WAVED, PLACE, PRICE), manners=tact("en"), trials=trials)


def spoken(visit: Visit) -> list[tuple[str, Style]]:
    tts: Any = visit.tts
    return list(tts.spoken)


# ── facts, prices, safety ──
@pytest.mark.parametrize("arm", [PLAIN, BRISK, Arm("warm", rate=0.9, degree=1.3, beats="fewer")])
def test_what_is_said_and_done_is_the_same_in_every_manner(arm: Arm) -> None:
    tried, untried = asked(Always(arm)), asked(None)
    assert [text for text, _ in spoken(tried)] == [text for text, _ in spoken(untried)]
    for kind in (ReplyFound, SentenceStarted):
        assert tried.outlet.told(kind) == untried.outlet.told(kind)
    actions = [[each.action for each in visit.outlet.told(ActionStarted)] for visit in (tried, untried)]
    assert actions[0] == actions[1]


def test_prices_and_figures_are_told_plainly_and_the_rest_as_chosen() -> None:
    brain = Script(PLACE, PRICE, "It opens at 9.")
    chosen, plain = (spoken(asked(bandit, brain=brain)) for bandit in (Always(BRISK), None))
    assert chosen[0][1] == BRISK.styled(plain[0][1]) != plain[0][1]
    assert chosen[1:] == plain[1:]


def test_what_an_author_marked_up_is_spoken_as_it_is_written() -> None:
    bandit = Always(BRISK)
    marked = Sentence("Slowly now.", markup='<speak><prosody rate="slow">Slowly now.</prosody></speak>')
    assert spoken(asked(bandit, brain=Script(marked)))[0][1].rate == 1.0
    assert bandit.learnt == []


@pytest.mark.parametrize("source", ["rule", "keyword", "suggest", "review", "fallback", "operator"])
def test_nothing_is_tried_on_rules_on_safety_or_where_nothing_is_known(source: Source) -> None:
    bandit = Always(BRISK)
    visit = asked(bandit, brain=Says(source))
    assert spoken(visit) == spoken(asked(None, brain=Says(source)))
    assert bandit.learnt == []
    assert source not in TRIED


def test_nothing_is_tried_on_one_who_complains() -> None:
    bandit = Always(BRISK)
    visit = asked(bandit, words="This is outrageous, I want my money back!")
    assert all(style.rate == 1.0 for _, style in spoken(visit))
    assert bandit.learnt == []


def test_one_who_reads_hears_no_manner() -> None:
    bandit = Always(BRISK)

    async def play(visit: Visit) -> None:
        visit.session.hush(True)
        visit.ask()
        await visit.until(10)

    perform(play, manners=tact("en"), trials=trying(bandit))
    assert bandit.learnt == []


# ── what comes of it ──
def outcomes(play: Callable[[Visit], Any], brain: Script | None = None) -> list[tuple[bool, bool, bool | None]]:
    bandit = Always(BRISK)
    perform(play, brain=brain or Script(PLACE), manners=tact("en"), trials=trying(bandit))
    assert all(each.arm == "brisk" and each.propensity == 0.5 for each in bandit.learnt)
    return [(each.stay, each.follow_up, each.like) for each in bandit.learnt]


def test_one_who_stays_and_one_who_leaves_are_told_apart() -> None:
    async def play(visit: Visit) -> None:
        for leaves_s in (10, 90):
            visit.session.presence(True)
            visit.ask()
            await visit.until(leaves_s)
            visit.session.presence(False)
            await visit.until(leaves_s + 5)

    assert outcomes(play) == [(False, False, None), (True, False, None)]


def test_a_question_soon_after_the_answer_is_a_follow_up_and_one_into_it_is_none() -> None:
    async def play(visit: Visit) -> None:
        visit.session.presence(True)
        visit.ask()
        await visit.until(8)
        visit.ask("And then?")
        await visit.until(8.8)
        visit.ask("No, what else?")
        await visit.until(100)

    assert outcomes(play) == [(True, True, None), (True, False, None), (True, False, None)]


def test_a_like_goes_to_the_last_answer_or_to_the_turn_that_is_named() -> None:
    async def play(visit: Visit) -> None:
        visit.session.presence(True)
        visit.session.rate(True)
        for asks_s in (0, 8, 16):
            await visit.until(asks_s)
            visit.ask(f"{asks_s}")
        await visit.until(24)
        visit.session.rate(False)
        visit.session.rate(True, turn=2)
        visit.session.rate(True, turn=77)
        visit.session.presence(False)

    assert [like for _, _, like in outcomes(play)] == [None, True, False]


def test_a_like_for_an_answer_in_which_nothing_was_tried_counts_for_no_other() -> None:
    brain = Says("faq")

    async def play(visit: Visit) -> None:
        visit.session.presence(True)
        visit.ask()
        await visit.until(8)
        brain._source = "fallback"
        visit.ask("Eh?")
        await visit.until(16)
        visit.session.rate(True)
        visit.session.presence(False)

    assert [like for _, _, like in outcomes(play, brain)] == [None]


def test_a_session_that_ends_leaves_no_outcome_open() -> None:
    async def play(visit: Visit) -> None:
        visit.ask()
        await visit.until(5)

    assert outcomes(play) == [(False, False, None)]
