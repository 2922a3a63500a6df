"""Defects are planted in a drawn recording and have to be found where they are, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from avatars.inspect.finding import Found
from avatars.inspect.rules import borders, container, cuts, duration, exposure, focus, green, rate, resolution, shake
from avatars.inspect.rules import stills as stills_rule
from tests.avatars.recordings import ANY, DEFECTS, Frames, drawn, film

RULES = (cuts, stills_rule, shake, focus, borders, exposure, green, rate)
SLACK_S = 0.5
"""What is measured over a second, or on every tenth frame, is known no better."""


def found(frames: Frames, **about: object) -> list[Found]:
    seen = film(frames, **about)  # type: ignore[arg-type]
    return [each for rule in RULES for each in rule.find(seen)]


def test_nothing_is_found_in_a_clean_recording() -> None:
    assert found(drawn()) == []


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found_where_it_is(name: str) -> None:
    defect = DEFECTS[name]
    seen = [each for each in found(defect.spoil(drawn())) if each.rule == defect.rule]
    assert len(seen) == 1
    assert seen[0].start_s == pytest.approx(defect.start_s, abs=SLACK_S)
    assert seen[0].end_s == pytest.approx(defect.end_s, abs=SLACK_S)


def test_missing_frames_are_told_from_a_varying_rate() -> None:
    frames, times = drawn(), [n / 25 for n in range(75)]
    (hole,) = found(np.delete(frames, [30, 31], axis=0), times=[*times[:30], *times[32:]])
    assert (hole.rule, hole.measured) == ("missing_frames", 2)
    assert hole.start_s == pytest.approx(1.16)
    dice = np.random.default_rng(0)
    wandering = [each + float(dice.uniform(0, 0.02)) for each in times]
    assert "variable_rate" in {each.rule for each in found(frames, times=wandering)}


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"transfer": "hlg"}, "hdr"), ({"container": "matroska"}, "not_mp4"), ({"brand": "qt"}, "not_mp4"),
        ({"codec": "theora"}, "codec"), ({"container": "picture"}, "no_video"),
    ],
)  # fmt: skip
def test_a_file_of_the_wrong_kind_is_refused(facts: dict[str, object], rule: str) -> None:
    assert rule in {each.rule for each in container.find(film(drawn()[:3], **facts))}  # type: ignore[arg-type]


@pytest.mark.parametrize(("least", "advised", "found_as"), [(4, 9, "error"), (1, 9, "warning"), (1, 2, None)])
def test_the_kind_says_how_long_a_recording_is(least: float, advised: float, found_as: str | None) -> None:
    from dataclasses import replace

    kind = replace(ANY, least_s=least, advised_s=advised)
    assert [each.severity for each in duration.find(film(drawn(), kind))] == [found_as] * (found_as is not None)


@pytest.mark.parametrize(("width", "severity"), [(320, "error"), (720, "warning"), (1080, None)])
def test_a_small_picture_is_told(width: int, severity: str | None) -> None:
    told = resolution.find(film(drawn()[:3], width=width, height=1920))
    assert [each.severity for each in told] == [severity] * (severity is not None)
