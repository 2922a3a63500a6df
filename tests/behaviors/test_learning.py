"""A policy finds the manner that visitors like, keeps to the default where none is better, and judges itself."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from behaviors.learning import PLAIN, Arm, Circumstances, Outcome, Policy, Reward, Terms, Trial, evaluate
from behaviors.learning.trial import trial_of
from runtime.bench.behavior.learning import (
    ARMS,
    Lived,
    best_is_warm,
    depends,
    lived,
    nothing,
    reversed_midway,
    visitor,
)
from visavis.engines import Style
from visavis.words import Cue, Emotion

PLAIN_ARM, WARM = 0, 2
NOON = datetime(2026, 5, 4, 12)
SEEN = Circumstances("en", 12, "voice", "faq", returning=False, turn=1, characters=60)


@pytest.fixture(scope="module")
def liked() -> Lived:
    return lived(best_is_warm, 3, 3_000)


# ── learning ──
def test_what_visitors_like_best_is_chosen_in_the_end(liked: Lived) -> None:
    assert liked.share(WARM, 0, 0.1) < 0.15, "nothing is followed before it is proven"
    assert liked.share(WARM, 0.9, 1) > 0.85
    assert sum(liked.regret[-300:]) < sum(liked.regret[:300]) / 2


def test_what_is_liked_may_depend_on_the_situation() -> None:
    assert lived(depends, 3, 3_000).right > 0.8


def test_where_all_are_liked_alike_the_default_stays() -> None:
    assert lived(nothing, 3, 2_000).share(PLAIN_ARM, 0, 1) > 0.85


def test_what_is_no_longer_liked_is_given_up() -> None:
    run = lived(reversed_midway, 3, 5_000)
    assert run.share(WARM, 0.4, 0.5) > 0.85
    assert run.share(PLAIN_ARM, 0.8, 1) > 0.85
    assert not run.policy.trusted


def test_every_arm_keeps_the_chance_that_is_logged(liked: Lived) -> None:
    policy, rng = liked.policy, random.Random(0)
    now = policy.trials[-1].time
    drawn = [policy.choose(SEEN.features, rng, now) for _ in range(20_000)]
    chances = {each.arm.name: each.propensity for each in drawn}
    assert set(chances) == {"plain", "brisk", "warm"}
    assert sum(chances.values()) == pytest.approx(1)
    counts = Counter(each.arm.name for each in drawn)
    assert all(counts[name] / len(drawn) == pytest.approx(chance, abs=0.01) for name, chance in chances.items())


def test_what_was_learnt_long_ago_is_not_followed(liked: Lived) -> None:
    policy = liked.policy
    now = policy.trials[-1].time
    assert policy.greedy(SEEN.features, now) == WARM
    assert policy.greedy(SEEN.features, now + timedelta(days=15)) == PLAIN_ARM
    assert policy.why(now + timedelta(days=15)) == "nothing was learnt for 14 days"


def test_who_begins_anew_with_the_log_goes_on_as_before(liked: Lived) -> None:
    again = Policy(ARMS)
    again.recall(liked.policy.trials)
    now = liked.policy.trials[-1].time
    assert again.trusted
    assert again.version > max(trial.version for trial in liked.policy.trials)
    rng = random.Random(1)
    situations = [visitor(rng).features for _ in range(200)]
    agree = sum(again.greedy(each, now) == liked.policy.greedy(each, now) for each in situations)
    assert agree > 190


def test_few_answers_and_those_of_other_arms_prove_nothing(liked: Lived) -> None:
    few, other = Policy(ARMS), Policy([Arm("slow", rate=0.9)])
    few.recall(list(liked.policy.trials)[:400])
    other.recall(liked.policy.trials)
    assert not few.trusted
    assert len(other.trials) == 0


# ── judging ──
def test_estimates_agree_with_what_is_true() -> None:
    log = list(lived(best_is_warm, 5, 2_000, Terms(explore=0.3, least=10_000)).policy.trials)
    found = evaluate(log, ("plain", *(arm.name for arm in ARMS)), 0.99)
    assert found.shares[WARM] > 0.95
    assert found.gain.low < 0.125 < found.gain.high, "0.25 likelier to stay and to ask on, which are worth a half of it"
    assert found.gain.low > 0
    assert found.dr.value == pytest.approx(found.snips.value, abs=0.03)
    assert found.dr.high - found.dr.low < found.ips.high - found.ips.low


def test_no_gain_is_found_where_there_is_none() -> None:
    log = list(lived(nothing, 5, 2_000, Terms(explore=0.3, least=10_000)).policy.trials)
    assert evaluate(log, ("plain", "brisk", "warm"), 0.99).gain.low < 0


def test_too_few_to_judge_are_refused(liked: Lived) -> None:
    with pytest.raises(ValueError, match="too few"):
        evaluate(list(liked.policy.trials)[:4], liked.policy.names)


# ── what is logged ──
TRIAL = Trial("a1", "2026-05-04T12:00:00", "s", 3, SEEN.features, "warm", 0.05, 0.25, True, False, None)


def test_a_line_holds_all_of_a_trial_and_none_of_its_words() -> None:
    assert trial_of(TRIAL.line) == TRIAL
    assert set(json.loads(TRIAL.line)) == {
        "id", "at", "scheme", "version", "context", "arm", "propensity", "reward", "stay", "follow_up", "like",
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"propensity": 0}, {"propensity": 2}, {"reward": "much"}, {"reward": float("nan")}, {"at": "today"},
        {"at": 7}, {"context": [1.0]}, {"context": 5}, {"context": ["x"] * 9}, {"more": 1}, {"arm": []},
        {"at": "2026-05-04T12:00:00+02:00"},
    ],
)  # fmt: skip
def test_a_damaged_line_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        trial_of(json.dumps(json.loads(TRIAL.line) | wrong))


@pytest.mark.parametrize("text", ["", "\n", "[]", "null", '{"id":', "[" * 5_000, '"' + "x" * 5_000])
def test_what_is_no_line_at_all_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        trial_of(text)


def test_an_outcome_is_worth_from_minus_one_to_one() -> None:
    reward = Reward(stay=0.5, follow_up=0.5, like=1)
    assert reward.of(Outcome(True, True, True)) == 1
    assert reward.of(Outcome(True, False, None)) == 0.25
    assert reward.of(Outcome(False, False, False)) == -0.5


# ── manners ──
def test_the_plain_manner_changes_nothing_so_that_what_is_prepared_is_found() -> None:
    cues = (Cue("action", "wave"), Cue("action", "index", 3, "beat"))
    for style in (Style(), Style(Emotion.HAPPY, degree=1.3), Style(rate=1.25, duration_s=2.0)):
        assert PLAIN.styled(style) == style
    assert PLAIN.kept(cues) == cues


def test_only_beats_are_left_out() -> None:
    asked, meant = Cue("action", "wave"), Cue("action", "heart", 2, "meant")
    beats = (Cue("action", "index", 5, "beat"), Cue("action", "fist", 9, "beat"))
    cues = (asked, meant, *beats)
    assert Arm("x", beats="fewer").kept(cues) == (asked, meant, beats[0])
    assert Arm("x", beats="none").kept(cues) == (asked, meant)


def test_the_situation_tells_nothing_of_who_the_visitor_is() -> None:
    assert max(map(abs, SEEN.features)) <= 1
    assert replace(SEEN, language="zh-CN").features != SEEN.features
