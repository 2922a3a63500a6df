"""What is told of a person whose face, lips and voice are known to the frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from avatars.inspect.film import Film
from avatars.inspect.finding import Found
from avatars.inspect.kinds import KINDS
from avatars.inspect.person import CROWD_EVERY, Person
from avatars.inspect.rules import exposure, faces, framing, lips, sound
from avatars.voices.enrol.inspect.take import Take
from avatars.voices.enrol.sound import Recording
from tests.avatars.recordings import ANY, drawn, film
from visavis.signal import resample
from visavis.words import RATE

CALM = Person((85, 100, 185, 230), 0, 0, 0, 0.01, 130, 0, 0, (140, 130), np.zeros((5, 3), np.float32))
"""A face of 100 pixels in the middle, looking into the lens, lips closed."""


def filmed(
    changes: dict[range, Person | None], *, width: int = 1080, speech: tuple[tuple[float, float], ...] = ()
) -> Film:
    """Three seconds of the calm person, changed in some frames; between `speech` is a quiet room."""
    people = [next((who for span, who in changes.items() if n in span), CALM) for n in range(75)]
    dice = np.random.default_rng(0)
    wave = dice.normal(0, 1e-4, 3 * RATE)
    for start, end in speech:
        wave[round(start * RATE) : round(end * RATE)] = dice.normal(0, 0.1, round(end * RATE) - round(start * RATE))
    pcm = np.clip(np.rint(wave * 32768), -32768, 32767).astype(np.int16)
    take = Take((Recording("clip.mp4", pcm),), pcm, resample(pcm, RATE, 16_000), speech)
    looks = range(0, 75, CROWD_EVERY)
    bare = film(drawn()[:2], width=width)
    crowds = tuple((n, int(people[n] is not None)) for n in looks)
    known = replace(bare, times=np.arange(75) / 25, light=np.full(75, 120, np.float32))
    return replace(known, people=tuple(people), take=take, crowds=crowds)


def told(film: Film) -> list[Found]:
    return [each for rule in (faces, lips, framing, exposure) for each in rule.find(film)]


def test_nothing_is_told_of_a_calm_person() -> None:
    assert told(filmed({}, speech=((1.0, 2.0),))) == []


@pytest.mark.parametrize(
    ("person", "rule", "severity"),
    [
        (None, "face_missing", "error"),
        (replace(CALM, yaw=-34), "head_turned", "warning"),
        (replace(CALM, yaw=50), "head_far_turned", "warning"),
        (replace(CALM, pitch=28), "head_tilted", "warning"),
        (replace(CALM, skin=np.full((5, 3), 30, np.float32)), "lips_covered", "warning"),
        (replace(CALM, box=(0, 100, 100, 230)), "off_centre", "warning"),
        (replace(CALM, box=(85, -2, 185, 128)), "face_cut_off", "warning"),
        (replace(CALM, white=0.2), "overexposed", "warning"),
        (replace(CALM, light=30), "underexposed", "warning"),
        (replace(CALM, cheeks=(200, 90)), "one_sided_light", "warning"),
    ],
)
def test_a_place_is_told_where_it_is(person: Person | None, rule: str, severity: str) -> None:
    seen = next(each for each in told(filmed({range(25, 40): person}, speech=((0.1, 2.9),))) if each.rule == rule)
    assert (seen.start_s, seen.end_s, seen.severity) == (pytest.approx(1.0), pytest.approx(1.6), severity)


def test_a_face_missed_in_two_frames_is_a_warning() -> None:
    assert [each.severity for each in faces.find(filmed({range(25, 27): None}))] == ["warning"]


def test_a_second_face_counts_when_it_stays() -> None:
    seen = filmed({})
    once = replace(seen, crowds=tuple((n, 1 + (n == 30)) for n, _ in seen.crowds))
    assert faces.find(once) == []
    stays = replace(seen, crowds=tuple((n, 1 + (n in (30, 35, 40))) for n, _ in seen.crowds))
    (found,) = faces.find(stays)
    assert (found.rule, found.start_s, found.end_s) == ("second_face", pytest.approx(1.2), pytest.approx(1.8))


def test_lips_are_closed_in_pauses_and_before_the_first_word() -> None:
    opened = replace(CALM, gap=0.1)
    speech = ((1.0, 1.6), (2.6, 3.0))
    (pause,) = told(filmed({range(46, 60): opened}, speech=speech))
    assert (pause.rule, pause.start_s) == ("lips_open", pytest.approx(1.84))
    (start,) = told(filmed({range(8, 18): opened}, speech=speech))
    assert (start.rule, start.start_s) == ("lips_open_at_start", pytest.approx(0.32))
    assert told(filmed({range(26, 39): opened}, speech=speech)) == []


def test_a_small_face_is_told_in_pixels_of_the_recording() -> None:
    assert [each.severity for each in framing.find(filmed({}, width=270))] == ["warning"]
    assert framing.find(filmed({}, width=1080)) == []


def test_the_silent_part_is_silent() -> None:
    quick = filmed({}, speech=((1.5, 3.0),))
    rules = [each.rule for each in sound.find(replace(quick, kind=replace(ANY, silent_s=2)), None)]
    assert "no_silent_start" in rules
    assert "no_silent_start" not in [
        each.rule for each in sound.find(replace(quick, kind=replace(ANY, silent_s=1)), None)
    ]


def test_a_recording_for_lips_has_sound() -> None:
    silent = replace(filmed({}), take=None)
    assert [each.rule for each in sound.find(silent, None)] == ["no_sound"]
    assert sound.find(replace(silent, kind=KINDS["portrait"]), None) == []
