"""The bench of ends of turns counts what it says it counts."""

from __future__ import annotations

import numpy as np
import pytest

from runtime.bench import flite
from runtime.bench.asr.pauses import LONGEST_S, SHORTEST_S, hesitant, placed
from runtime.bench.asr.timeline import Timeline, decide, spread
from runtime.hearing.turn_end import Endpointing
from runtime.hearing.turn_end.match import Questions
from visavis.vad import CHUNK, VAD_RATE

EXACT = Endpointing(release_s=0.0, silence_s=0.7)
KNOWN = Questions(["where is the exit"])
needs_flite = pytest.mark.skipif(not flite.available(), reason="flite is not installed")


def timeline(*runs: tuple[float, int], ended: int, words: dict[int, str] | None = None) -> Timeline:
    """Runs of (probability, chunks); the speech truly ends with chunk `ended`."""
    probabilities = [probability for probability, chunks in runs for _ in range(chunks)]
    return Timeline(0, ended * CHUNK, probabilities, words or {})


def test_a_wait_counts_from_the_true_end() -> None:
    found = decide(timeline((0.9, 20), (0.0, 60), ended=20), ["vad"], EXACT, {}, KNOWN)
    assert found is not None
    assert found.wait_s == pytest.approx(0.7, abs=CHUNK / VAD_RATE)
    assert not found.cut_off


def test_a_turn_that_passes_in_a_pause_is_a_cut_off() -> None:
    line = timeline((0.9, 20), (0.0, 30), (0.9, 20), (0.0, 60), ended=70)
    found = decide(line, ["vad"], EXACT, {}, KNOWN)
    assert found is not None
    assert found.cut_off
    patient = decide(line, ["vad"], EXACT.model_copy(update={"silence_s": 1.2}), {}, KNOWN)
    assert patient is not None
    assert not patient.cut_off


def test_words_hold_and_pass_as_in_service() -> None:
    line = timeline(
        (0.9, 20), (0.0, 30), (0.9, 20), (0.0, 60), ended=70, words={15: "where is the", 66: "where is the exit"}
    )
    found = decide(line, ["match", "vad"], EXACT, {"where is the": 0.9, "where is the exit": 1.0}, KNOWN)
    assert found is not None
    assert found.words == "where is the exit"
    assert found.wait_s == pytest.approx(0.3, abs=CHUNK / VAD_RATE)


def test_a_verdict_counts_when_it_is_there_and_only_in_its_pause() -> None:
    line = timeline((0.9, 20), (0.0, 8), (0.9, 20), (0.0, 60), ended=48)
    line.verdicts = {25: 0.99, 53: 0.99}
    found = decide(line, ["smart-turn", "vad"], EXACT, {}, KNOWN)
    assert found is not None
    assert found.wait_s == pytest.approx(0.5, abs=CHUNK / VAD_RATE)


def test_speech_that_never_ends_has_no_decision() -> None:
    assert decide(timeline((0.9, 100), ended=100), ["vad"], EXACT, {}, KNOWN) is None


def test_half_wait_less_and_nine_tenths_less() -> None:
    assert spread([n / 1000 for n in range(101)]) == (pytest.approx(50), pytest.approx(90))


@needs_flite
def test_pauses_lie_between_words_and_are_silent() -> None:
    speech = hesitant("How much is a ticket for children?", "slt", 2)
    again = hesitant("How much is a ticket for children?", "slt", 2)
    assert (again.pauses, again.began, len(again.pcm)) == (speech.pauses, speech.began, len(speech.pcm))
    assert speech.pauses
    assert all(SHORTEST_S <= pause <= LONGEST_S for pause in speech.pauses)
    inner = np.abs(speech.pcm[speech.began : speech.ended].astype(np.int32)) < 20
    longest = max(len(run) for run in "".join("." if quiet else "#" for quiet in inner).split("#"))
    assert longest >= round(max(speech.pauses) * VAD_RATE) - 1


@needs_flite
def test_flite_tells_where_its_words_end() -> None:
    said = flite.say("Where is the exit?", "rms")
    assert [word for word, _ in said.words] == ["where", "is", "the", "exit"]
    ends = [end for _, end in said.words]
    assert ends == sorted(ends)
    assert ends[-1] <= len(said.pcm)


def test_real_rooms_are_not_speech() -> None:
    dice = np.random.default_rng(1)
    room = dice.normal(0, 60, 48_000)
    room[16_000:32_000] += 6000 * np.sin(np.arange(16_000) / 20)
    speech = placed(room.astype(np.int16), "hum", 1, real=True)
    lead = speech.began - 16_000
    assert speech.ended - speech.began == pytest.approx(16_000, abs=320)
    assert lead == pytest.approx(0.8 * VAD_RATE, abs=320)
