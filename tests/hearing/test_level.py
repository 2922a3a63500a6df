"""Whose voice it may be by its level, on made sound."""

from __future__ import annotations

import numpy as np

from runtime.hearing.level import Levels
from visavis.words import Pcm

NEAR, FAR, FAINT = 3000, 300, 200


def chunk(level: int, seed: int = 0) -> Pcm:
    return np.random.default_rng(seed).normal(0, level, 512).astype(np.int16)


def voice(levels: Levels, level: int, chunks: int = 12) -> float:
    return [levels.hear(chunk(level, n), 0.9) for n in range(chunks)][-1]


def known(level: int = NEAR) -> Levels:
    levels = Levels()
    levels.learn(voice(levels, level), 0.0)
    levels.hear(chunk(3), 0.0)
    return levels


def test_as_long_as_nobody_is_known_nobody_is_far() -> None:
    levels = Levels()
    voice(levels, FAR)
    assert not levels.far(0.0, speaking=False)


def test_a_voice_twenty_decibels_under_the_visitors_is_far() -> None:
    levels = known()
    voice(levels, FAR)
    assert levels.far(1.0, speaking=False)


def test_the_visitor_himself_may_speak_six_decibels_more_softly() -> None:
    levels = known()
    voice(levels, NEAR // 2)
    assert not levels.far(1.0, speaking=False)


def test_whoever_speaks_already_may_let_his_voice_fall() -> None:
    levels = known()
    voice(levels, round(NEAR * 10 ** (-14 / 20)))
    assert levels.far(1.0, speaking=False)
    assert not levels.far(1.0, speaking=True)


def test_noise_does_not_make_a_far_voice_near() -> None:
    levels = known(2000)
    for n in range(400):
        levels.hear(chunk(400, n), 0.05)
    voice(levels, round((400**2 + 200**2) ** 0.5))
    assert levels.far(1.0, speaking=False), "what the room adds is not counted"
    assert 300**2 < levels.floor < 500**2


def test_what_was_learned_fades_so_that_nobody_stays_unheard() -> None:
    levels = known()
    voice(levels, FAR)
    assert levels.far(30.0, speaking=False)
    assert not levels.far(180.0, speaking=False)


def test_another_visitor_is_not_measured_by_the_last_one() -> None:
    levels = known()
    levels.forget()
    voice(levels, FAR)
    assert not levels.far(1.0, speaking=False)
