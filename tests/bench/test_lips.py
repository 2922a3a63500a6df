"""The lips bench hears and sees closures where they are, and is not blind to a shift."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import avatars
from runtime.bench import page
from runtime.bench.closures import (
    MS,
    Closure,
    Meant,
    Span,
    closures,
    heard_closure,
    lag,
    levels,
    meant_closures,
    met,
    seen_closures,
)
from runtime.bench.lips import Watched, compare, lip_rows, watch
from runtime.bench.sight import Mouth
from runtime.bench.spoken import Spoken
from visavis.words import RATE, SLOT, Packet, Pcm, TimedViseme, Viseme

PRESENTER = Path(avatars.__file__).parent / "presenter"
NO_PACKET = Packet(b"", False, "h264")


def hum(*closed: tuple[int, int], seconds: float = 2.0) -> Pcm:
    """A voice of 150 and 1,500 Hz that loses the upper tone in each span of milliseconds."""
    t = np.arange(round(seconds * RATE)) / RATE
    upper = np.ones(len(t))
    for start, end in closed:
        upper[start * MS : end * MS] = 0.02
    sound = 0.1 * np.sin(2 * np.pi * 150 * t) + 0.1 * upper * np.sin(2 * np.pi * 1500 * t)
    return np.asarray(32767 * sound, np.int16)


def span(start_ms: float, end_ms: float) -> Meant:
    return Meant(start_ms * MS, end_ms * MS)


def in_ms(found: Span | None) -> tuple[float, float]:
    assert found is not None
    return found.start / MS, found.end / MS


# ── what is heard ──
@pytest.mark.parametrize("told_ms", [-50, 0, 50])
def test_a_closure_is_heard_where_the_upper_tones_go_whatever_the_voice_tells(told_ms: int) -> None:
    level = levels(hum((900, 980)))
    heard = heard_closure(level, span(900 + told_ms, 980 + told_ms))
    assert in_ms(heard) == pytest.approx((900, 980), abs=10)
    assert heard is not None
    assert heard.centre / MS == pytest.approx(940, abs=2)


def test_a_gap_between_two_sounds_is_no_closure_of_its_own() -> None:
    """Within a closure of 80 ms lie 5 ms of complete silence."""
    pcm = hum((900, 980))
    pcm[910 * MS : 915 * MS] = 0
    assert in_ms(heard_closure(levels(pcm), span(900, 980))) == pytest.approx((900, 980), abs=10)


def test_where_the_sound_does_not_dip_nothing_is_heard() -> None:
    assert heard_closure(levels(hum()), span(900, 980)) is None
    assert heard_closure(levels(hum((0, 2000))), span(900, 980)) is None


def test_a_closure_beside_another_stop_or_a_pause_is_not_alone() -> None:
    line = [(0, "aa"), (100, "PP"), (200, "aa"), (300, "nn"), (400, "PP"), (500, "E"), (600, "PP")]
    found = meant_closures([TimedViseme(at, Viseme(name)) for at, name in line], 700)
    assert found == [Meant(100, 200, True), Meant(400, 500, False), Meant(600, 700, True)]


# ── what is seen ──
def test_pictures_on_which_lips_meet_are_joined() -> None:
    pts = [n * SLOT for n in range(6)]
    assert seen_closures(pts, [0.5, 0.0, 0.05, 0.1, 0.0, 0.3]) == [Span(SLOT, 3 * SLOT), Span(4 * SLOT, 5 * SLOT)]


def test_the_offset_is_between_the_centres_and_rest_has_none() -> None:
    meant = span(900, 980)
    heard = Span(900 * MS, 980 * MS)
    assert Closure(meant, heard, Span(920 * MS, 1000 * MS)).offset == 20 * MS
    assert Closure(meant, heard, Span(0, 1000 * MS)).offset is None
    assert Closure(meant, None, Span(920 * MS, 1000 * MS)).offset is None


def test_lips_that_stay_open_are_told() -> None:
    level = levels(hum((900, 980)))
    (missed,) = closures([span(900, 980)], level, [Span(1040 * MS, 1080 * MS)])
    assert not met(missed)
    (seen,) = closures([span(900, 980)], level, [Span(880 * MS, 960 * MS)])
    assert met(seen)


SKIN, LIP, CAVITY, TOOTH = (190, 110, 145), (120, 115, 165), (35, 125, 145), (230, 128, 128)


def mouth_at(y: int, high: int, teeth: int = 0) -> NDArray[np.uint8]:
    """A face whose lips are `high` pixels apart, at height `y`; `teeth` of them are teeth."""
    picture = np.full((200, 160, 3), SKIN, np.uint8)
    picture[y - 8 : y + high + 8, 50:110] = LIP
    picture[y : y + high, 60:100] = CAVITY
    picture[y : y + teeth, 60:100] = TOOTH
    return picture


@pytest.mark.parametrize("teeth", [0, 8])
def test_a_mouth_is_found_by_examples_and_measured_where_it_has_moved_to(teeth: int) -> None:
    mouth = Mouth([mouth_at(y, 2) for y in (100, 103)], [mouth_at(y, 24, teeth) for y in (100, 103)])
    assert mouth.gap == (24 if teeth else 22)
    assert mouth.opening(mouth_at(106, 2)) == 0.0
    assert mouth.opening(mouth_at(96, 13, teeth)) == pytest.approx((13 if teeth else 11) / mouth.gap)


def test_teeth_alone_are_an_open_mouth() -> None:
    mouth = Mouth([mouth_at(100, 2)], [mouth_at(100, 24, 8)])
    assert mouth.opening(mouth_at(100, 2, 2)) == pytest.approx(2 / 24)


def test_pictures_that_do_not_differ_show_no_mouth() -> None:
    with pytest.raises(ValueError, match="nothing differs"):
        Mouth([mouth_at(100, 2)], [mouth_at(100, 2)])


# ── both ──
def test_a_late_sound_is_measured_as_late() -> None:
    """A mouth that opens and closes with a syllable of 240 ms."""
    closed = [(at, at + 80) for at in range(200, 4000, 240)]
    pcm = hum(*closed, seconds=4.4)
    pts = tuple(range(0, len(pcm) // SLOT * SLOT, SLOT))
    openings = tuple(0.0 if any(a <= p / MS + 20 < b for a, b in closed) else 0.8 for p in pts)
    spoken = Spoken(pts, (NO_PACKET,) * len(pts), pcm, tuple(span(a, b) for a, b in closed))
    watched = Watched(spoken, openings, 20.0)
    for late in (0, 40, 80):
        assert np.median(compare(watched, late_ms=late).offsets) == pytest.approx(-late, abs=3)


async def test_an_avatar_whose_lips_do_not_meet_is_found_out(tmp_path: Path) -> None:
    avatar = tmp_path / "lazy"
    shutil.copytree(PRESENTER, avatar)
    face = (avatar / "face.yaml").read_text().replace("PP: {", "PP: {open: 0.2, teeth: 0.8, ")
    (avatar / "face.yaml").write_text(face)
    assert compare(await watch(avatar, texts=["A baby may be above a rubber map."])).closed < 0.3


async def test_the_presenter_s_lips_meet_when_they_are_heard_to() -> None:
    watched = await watch(
        PRESENTER, texts=["My mother may remember a baby elephant.", "He hopes to keep a copy above."]
    )
    found = compare(watched)
    assert len(found.offsets) >= 8
    assert found.closed == 1.0
    assert np.percentile(np.abs(found.offsets), 95) <= 40
    late = compare(watched, late_ms=120)
    assert np.median(late.offsets) == pytest.approx(np.median(found.offsets) - 120, abs=25)
    assert late.lag_ms == pytest.approx(found.lag_ms - 120, abs=20)
    rows = {row.name: row for row in lip_rows([found], ["en"])}
    assert rows["lips against sound, pixels, p95"].reached
    assert not lip_rows([late], ["en"])[0].reached


def test_the_loudness_of_the_sound_is_found_again_in_the_mouth() -> None:
    t = np.arange(4 * RATE)
    loud = 0.5 + 0.5 * np.sin(2 * np.pi * 2 * t / RATE + np.sin(t / RATE))
    pcm = np.asarray(20000 * loud * np.sin(2 * np.pi * 300 * t / RATE), np.int16)
    pts = list(range(0, 4 * RATE - 6 * SLOT, SLOT))
    later = [float(loud[max(0, p + SLOT // 2 - 80 * MS)]) for p in pts]
    assert lag(pcm, pts, later) == pytest.approx(80, abs=15)


# ── the page ──
def test_the_samples_put_out_correct_what_the_page_takes_to_be_heard() -> None:
    """The worklet makes frame `f` at page time 500 + f / 24; what it makes comes out 32 ms later."""
    reports = []
    for frame in range(0, 24_000, 2400):
        position = 100_000 + frame
        at = 500 + frame / MS
        report = {"at": at, "frame": frame, "put": position + page.QUANTUM, "latencyMs": 32.0}
        reports.append(report | {"heard": position - 32 * MS + 6 * MS})
    assert page._bias(reports) == pytest.approx(-6)
    assert page._bias([report | {"put": None} for report in reports]) == 0.0


def test_the_page_s_figure_holds_the_pictures_own_offset_too() -> None:
    seen = page.Seen(offsets=[30.0] * 20, silent=[100.0, 180.0], stopped=[90.0], bias=[-5.0], answers=2)
    rows = {row.name: row for row in page.page_rows(seen, [-10.0, 20.0])}
    assert rows["lips against sound at the page, p95"].value == 50
    assert rows["pictures against sound at the page, signed mean"].value == 30
    assert rows["decision to end → page silent, p95"].value == pytest.approx(176)
    assert rows["decision to end → page silent, p95"].reached
