"""What sentences feel like, how that gives way to a visitor, and how it comes and goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from behaviors.direction import natural
from behaviors.emotion import Feeling, feel
from behaviors.feelings import ATTACK_S, DECAY_S, Course, Envelope
from behaviors.tact import Rule, plight_of, tact
from runtime.bench.behavior.flips import exchanges, lived, right
from visavis.words import Emotion

HAPPY, SAD, CALM, NEUTRAL = Emotion.HAPPY, Emotion.SAD, Emotion.CALM, Emotion.NEUTRAL


@pytest.mark.parametrize(
    ("text", "language", "label"),
    [
        ("I am happy to help.", "en", HAPPY),
        ("I am not happy about it.", "en", SAD),
        ("They aren't really glad.", "en", SAD),
        ("He was not sad.", "en", NEUTRAL),
        ("The doors open at nine 😊", "en", HAPPY),
        ("The doors are shut 😢", "en", SAD),
        ("很高兴见到您。", "zh", HAPPY),
        ("他不太高兴。", "zh", SAD),
        ("不仅高兴，还很骄傲。", "zh", HAPPY),
        ("我们九点开门😊", "zh", HAPPY),
        ("别担心，我来帮您。", "zh", CALM),
    ],
)
def test_words_negation_and_emoji(text: str, language: str, label: Emotion) -> None:
    assert feel(text, language).label is label


def test_boosters_marks_and_emoji_make_it_stronger_and_dampers_weaker() -> None:
    plain = feel("I am glad.", "en").intensity
    assert feel("I am a bit glad.", "en").intensity < plain < feel("I am so glad.", "en").intensity
    assert plain < feel("I am glad 😊", "en").intensity < feel("I am so glad! 😊", "en").intensity <= 1


def test_valence_and_arousal_follow_the_label_and_its_strength() -> None:
    joy, grief, calm = Feeling(HAPPY, 0.8), Feeling(SAD, 0.8), Feeling(CALM, 0.8)
    assert grief.valence < 0 == Feeling().valence < joy.valence
    assert calm.arousal < Feeling().arousal < joy.arousal
    assert Feeling(HAPPY, 0.3).valence < joy.valence


@given(st.text(max_size=80), st.sampled_from(["en", "zh-CN", "fr", ""]))
def test_whatever_is_written_has_a_feeling_within_bounds(text: str, language: str) -> None:
    felt = feel(text, language)
    assert 0 <= felt.intensity <= 1
    assert -1 <= felt.valence <= 1
    assert 0 <= felt.arousal <= 1
    assert (felt.label is NEUTRAL) == (felt.intensity == 0)


# ── tact ──
@pytest.mark.parametrize(
    ("words", "language", "plight"),
    [
        ("This is outrageous!", "en", "anger"),
        ("I want my money back.", "en", "complaint"),
        ("The machine does not work", "en", "complaint"),
        ("I'm not happy with that", "en", "complaint"),
        ("I lost my wallet", "en", "worry"),
        ("My dog died.", "en", "sadness"),
        ("Where is the fire station?", "en", None),
        ("Thanks, that was lovely", "en", "joy"),
        ("Well 😡", "en", "complaint"),
        ("The food made me sick.", "en", "complaint"),
        ("You don't understand anything.", "en", "complaint"),
        ("My order still hasn't come.", "en", "complaint"),
        ("Where is the trash can?", "en", None),
        ("我要投诉", "zh", "complaint"),
        ("工作人员态度很恶劣。", "zh", "complaint"),
        ("吃了你们的东西拉肚子。", "zh", "complaint"),
        ("多扣了我一次钱。", "zh", "complaint"),
        ("没有人帮我。", "zh", "complaint"),
        ("你说的都是废话。", "zh", "complaint"),
        ("这个优惠券还没用过。", "zh", None),
        ("你们太过分了", "zh", "anger"),
        ("孩子不见了", "zh", "worry"),
        ("我今天心情不好", "zh", "sadness"),
        ("几点开门？", "zh", None),
    ],
)
def test_a_visitors_words_tell_how_the_visitor_is(words: str, language: str, plight: str | None) -> None:
    assert plight_of(words, language) == plight


def test_a_complaint_is_met_with_calm_and_never_with_a_smile() -> None:
    manners = tact("en")
    smile = feel("Great news, we open at nine!", "en")
    assert smile.label is HAPPY
    assert manners.proper(smile, "Great news, we open at nine!", "complaint").label is CALM
    assert manners.proper(Feeling(), "We open at nine.", "anger").label is CALM
    sorry = feel("I am sorry.", "en")
    assert manners.proper(sorry, "I am sorry.", "complaint") == sorry


def test_a_price_is_told_with_energy() -> None:
    for text, language in (("A ticket is 12 euros.", "en"), ("一壶四十八元。", "zh")):
        told = natural(text, tact(language))
        assert told.arousal > Feeling().arousal
        assert tact(language).proper(told, text, "complaint").label is CALM


def test_a_deployments_own_rules_go_before_the_shipped_ones() -> None:
    own = Rule(Emotion.SORRY, 0.9, visitor=("complaint",))
    assert tact("en", [own]).proper(Feeling(), "We open at nine.", "complaint") == Feeling(Emotion.SORRY, 0.9)


# ── over time ──
def test_a_feeling_comes_fast_and_goes_slowly() -> None:
    face, joy = Envelope(), Feeling(HAPPY, 0.8)
    face.at(0.0, Feeling())
    assert face.at(ATTACK_S, joy).intensity == pytest.approx(0.72)
    face.at(5.0, joy)
    assert face.at(5.0 + DECAY_S, Feeling()).intensity == pytest.approx(0.08, abs=1e-3)
    assert face.at(5.0 + 2 * DECAY_S, Feeling()).label is NEUTRAL


@given(st.lists(st.floats(0.001, 2.0), min_size=1, max_size=20))
def test_what_is_seen_depends_on_the_time_and_not_on_how_often_it_is_asked(steps: list[float]) -> None:
    often, once, joy, now = Envelope(), Envelope(), Feeling(HAPPY, 0.8), 0.0
    for step in steps:
        now += step
        seen = often.at(now, joy)
    assert seen.intensity == pytest.approx(once.at(now, joy).intensity)


def test_a_line_that_steps_back_does_not_move_the_face() -> None:
    face = Envelope()
    before = face.at(3.0, Feeling(HAPPY, 0.8))
    assert face.at(2.9, Feeling(HAPPY, 0.8)) == before


def test_another_feeling_soon_after_the_last_must_be_strong_and_regret_less_so() -> None:
    course = Course(HAPPY, since=10.0, until=14.0)
    assert course.takes(Feeling(Emotion.SURPRISED, 0.7), 12.0).label is NEUTRAL
    assert course.takes(Feeling(Emotion.SURPRISED, 1.0), 12.0).label is Emotion.SURPRISED
    assert course.takes(Feeling(Emotion.SORRY, 0.7), 12.0).label is Emotion.SORRY
    assert course.takes(Feeling(Emotion.SURPRISED, 0.7), 60.0).label is Emotion.SURPRISED
    assert course.takes(Feeling(CALM, 0.1), 12.0, ordered=True).label is CALM


feelings = st.builds(Feeling, st.sampled_from([e for e in Emotion if e is not NEUTRAL]), st.floats(0.3, 0.7))


@given(st.lists(st.one_of(feelings, st.just(Feeling())), min_size=40, max_size=60))
def test_whatever_cheerful_words_come_every_three_seconds_the_face_does_not_flit(wanted: list[Feeling]) -> None:
    course, changes, label = Course(), 0, NEUTRAL
    wanted = [each for each in wanted if each.label in (NEUTRAL, HAPPY, Emotion.SURPRISED)]
    for place, each in enumerate(wanted):
        felt = course.takes(each, 3.0 * place)
        course = course.then(felt, 3.0 * place, 3.0 * place + 3)
        changes += felt.label not in (NEUTRAL, label)
        label = felt.label if felt.label is not NEUTRAL else label
    assert changes <= 1 + 3.0 * len(wanted) / 8


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_bench_lives_through_ordinary_talk(language: str, tmp_path: Path) -> None:
    talk = list(exchanges(language, tmp_path))
    assert len(talk) >= 35
    felt = lived(talk[:6], language)
    assert felt.minutes > 0.5
    assert len(felt.labels) > 1, "it does feel"
    assert 0 < felt.share < 1


@pytest.mark.parametrize(("language", "least"), [("en", 0.7), ("zh", 0.7)])
def test_most_labelled_sentences_kept_aside_get_their_feeling(language: str, least: float) -> None:
    assert right(language) >= least
