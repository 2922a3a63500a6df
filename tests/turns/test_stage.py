"""The stage on the virtual clock: pacing, lead, hold and resume, late and broken pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest
from scene import Recorder, chunk

from behaviors.repertoire import Repertoire
from runtime.pictures import FACE_RETRY_S
from runtime.stage import Stage
from runtime.track import Track
from visavis.clock import LoopClock, run_virtual
from visavis.fakes.face import FakeFace
from visavis.words import RATE, SLOT, Cue, Emotion, Sentence

Play = Callable[["Rig"], Awaitable[None]]
TICK = SLOT / RATE


class Rig:
    """A running stage, its outlet, its face and its clock."""

    def __init__(self, paced: bool = True) -> None:
        self.clock = LoopClock()
        self.outlet = Recorder(self.clock, paced)
        self.face = FakeFace(self.clock)
        self.stage = Stage(self.clock, self.outlet)

    async def until(self, when: float) -> None:
        await self.clock.sleep_until(when)


def perform(play: Play, *, paced: bool = True, face: bool = True) -> Rig:
    async def scene() -> Rig:
        rig = Rig(paced)
        if face:
            rig.stage.show(rig.face)
        running = asyncio.create_task(rig.stage.run())
        await play(rig)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return rig

    return run_virtual(scene())


def spoken(slots: int, text: str = "word word", **sentence: object) -> Track:
    track = Track()
    track.begin(Sentence(text, **sentence))  # type: ignore[arg-type]
    track.append(chunk(slots))
    track.finish()
    return track


def test_an_idle_session_gets_one_picture_every_40_ms_for_ever() -> None:
    async def play(rig: Rig) -> None:
        await rig.until(10)

    rig = perform(play)
    assert [frame.pts for _, frame in rig.outlet.frames] == [n * SLOT for n in range(251)]
    assert all(frame.pcm.max() == 0 and frame.packet for _, frame in rig.outlet.frames)
    assert rig.stage.missed == 0


def test_speech_starts_at_once_and_is_never_more_than_200_ms_ahead() -> None:
    async def play(rig: Rig) -> None:
        await rig.until(1.01)
        rig.stage.play(1, spoken(50))
        await rig.until(5)

    rig = perform(play)
    speech = rig.outlet.speech(1)
    assert len(speech) == 50
    assert speech[0][0] == pytest.approx(1.014)  # one picture's delay after the speech was there
    assert max(frame.pts / RATE - at for at, frame in speech) <= 0.2
    assert [frame.offset for _, frame in speech] == [n * SLOT for n in range(50)]
    line = [frame.pts for _, frame in rig.outlet.frames]
    assert line == list(range(0, len(line) * SLOT, SLOT)), "the line has no gap and no overlap"


def test_nothing_of_a_held_turn_is_lost_and_it_resumes_from_the_last_word_heard() -> None:
    async def play(rig: Rig) -> None:
        track = spoken(100)
        rig.stage.play(7, track)
        await rig.until(1.3)
        rig.stage.hold()
        await rig.until(2.0)
        rig.stage.resume(track.word_start(track.cursor - 5 * SLOT))
        await rig.until(8)

    rig = perform(play)
    assert rig.outlet.cleared == [(pytest.approx(1.3), 7)]
    before = [frame for at, frame in rig.outlet.speech(7) if at <= 1.3]
    after = [frame for at, frame in rig.outlet.speech(7) if at > 1.3]
    assert after[0].offset <= before[-1].offset
    assert after[0].offset % (5 * SLOT) == 0, "a word's first sample"
    assert [frame.offset for frame in after] == list(range(after[0].offset, 100 * SLOT, SLOT))
    silent = [frame for at, frame in rig.outlet.frames if 1.301 < at < 1.99]
    assert all(frame.turn == 0 and not frame.pcm.any() for frame in silent)
    assert silent[0].pts / RATE == pytest.approx(1.3, abs=TICK), "newly stamped from now on"


def test_a_turn_that_is_ended_sends_nothing_more() -> None:
    async def play(rig: Rig) -> None:
        rig.stage.play(3, spoken(100))
        await rig.until(0.5)
        rig.stage.end()
        await rig.until(2)

    rig = perform(play)
    assert max(at for at, _ in rig.outlet.speech(3)) <= 0.5
    assert rig.outlet.cleared == [(pytest.approx(0.5), 3)]


def test_ending_a_turn_while_its_picture_is_drawn_keeps_its_sound_back() -> None:
    async def play(rig: Rig) -> None:
        await rig.until(0.1)
        rig.stage.play(3, spoken(10))
        await rig.until(0.102)  # the first picture takes until 0.104
        rig.stage.end()
        await rig.until(1)

    rig = perform(play)
    assert rig.outlet.speech(3) == []
    assert rig.outlet.cleared == [], "nothing had been sent"


def test_when_the_voice_is_late_silence_fills_the_gap_and_no_sample_is_lost() -> None:
    async def play(rig: Rig) -> None:
        track = Track()
        track.begin(Sentence("word word word"))
        track.append(chunk(5))
        rig.stage.play(1, track)
        await rig.until(1)
        track.append(chunk(5, first=5))
        track.finish()
        await rig.until(3)

    rig = perform(play)
    assert [frame.offset for _, frame in rig.outlet.speech(1)] == [n * SLOT for n in range(10)]
    line = [frame.pts for _, frame in rig.outlet.frames]
    assert line == list(range(0, len(line) * SLOT, SLOT))


def test_a_broken_face_leaves_the_voice_going_and_comes_back_with_a_key_frame() -> None:
    async def play(rig: Rig) -> None:
        rig.stage.play(1, spoken(200))
        await rig.until(1)
        rig.face.broken = True
        await rig.until(1.5)
        rig.face.broken = False
        await rig.until(1.5 + FACE_RETRY_S + 1)

    rig = perform(play)
    speech = [frame for _, frame in rig.outlet.speech(1)]
    assert [frame.offset for frame in speech] == [n * SLOT for n in range(len(speech))]
    blind = [frame for _, frame in rig.outlet.frames if frame.packet is None]
    assert blind, "pictures were missing for a while"
    back = next(frame for _, frame in rig.outlet.frames if frame.pts > blind[-1].pts)
    assert back.packet is not None
    assert back.packet.key


def test_a_picture_that_never_comes_does_not_stop_the_voice() -> None:
    async def play(rig: Rig) -> None:
        rig.face._delay_s = 1e6
        rig.stage.play(1, spoken(50))
        await rig.until(4)

    rig = perform(play)
    assert len(rig.outlet.speech(1)) == 50


def test_a_loop_that_was_stalled_counts_the_slots_it_missed_and_goes_on_now() -> None:
    async def play(rig: Rig) -> None:
        rig.face._delay_s = 0.5
        await rig.until(0.3)
        rig.face._delay_s = 0.0
        await rig.until(2)

    rig = perform(play)
    assert rig.stage.missed > 0
    at, last = rig.outlet.frames[-1]
    assert last.pts / RATE == pytest.approx(at + TICK, abs=TICK)


def test_an_actions_stroke_is_on_its_word_and_it_runs_its_length_and_is_not_doubled() -> None:
    async def play(rig: Rig) -> None:
        cues = (Cue("action", "nod", 15), Cue("action", "wave", 20))
        rig.stage.play(1, spoken(100, "word word word word word", cues=cues, emotion=Emotion.HAPPY))
        await rig.until(7)

    rig = perform(play)
    acting = [moment for moment in rig.face.moments if moment.actions]
    assert {moment.actions[0][0] for moment in acting} == {"nod"}, "the wave would have begun during the nod"
    assert acting[0].actions[0] == ("nod", 0)
    assert len(acting) == RATE // SLOT
    spoke = next(moment for moment in rig.face.moments if moment.turn)
    stroke = Repertoire().stroke("nod", RATE)
    assert acting[0].pts + stroke - spoke.pts == 15 * SLOT, "the fourth word's first sample"
    assert {m.emotion for m in rig.face.moments if m.turn} == {Emotion.HAPPY}
    assert rig.face.moments[-1].emotion is Emotion.NEUTRAL


def test_a_file_gets_its_frames_as_fast_as_they_are_made() -> None:
    async def play(rig: Rig) -> None:
        rig.stage.idle(5)
        rig.stage.play(1, spoken(50))
        await asyncio.sleep(0.5)

    rig = perform(play, paced=False)
    assert len(rig.outlet.speech(1)) == 50
    assert [frame.pts for _, frame in rig.outlet.frames] == [n * SLOT for n in range(55)]


def test_without_a_face_only_sound_goes_out() -> None:
    async def play(rig: Rig) -> None:
        rig.stage.play(1, spoken(10))
        await rig.until(1)

    rig = perform(play, face=False)
    assert all(frame.packet is None for _, frame in rig.outlet.frames)
    assert len(rig.outlet.speech(1)) == 10


def test_held_and_resumed_while_one_picture_is_drawn_its_slot_is_not_sent_out_of_place() -> None:
    async def play(rig: Rig) -> None:
        rig.face._delay_s = 0.03
        track = spoken(100)
        rig.stage.play(7, track)
        await rig.until(1.01)
        rig.stage.hold()
        rig.stage.resume(track.word_start(track.cursor - 5 * SLOT))
        await rig.until(8)

    rig = perform(play)
    offsets = [frame.offset for _, frame in rig.outlet.speech(7)]
    again = next(n for n, (a, b) in enumerate(pairwise(offsets), 1) if b != a + SLOT)
    assert offsets[again] % (5 * SLOT) == 0, "the word's first sample"
    assert offsets[again:] == list(range(offsets[again], 100 * SLOT, SLOT)), "and all of the rest"


def test_a_gesture_goes_with_its_turn_even_if_nothing_was_said_yet() -> None:
    async def play(rig: Rig) -> None:
        await rig.until(0.1)
        rig.stage.play(3, spoken(100, cues=(Cue("action", "nod", 0),)))
        await rig.until(0.102)  # the first picture, with the nod, takes until 0.104
        rig.stage.end()
        await rig.until(1)

    rig = perform(play)
    assert [moment.pts for moment in rig.face.moments if moment.actions] == [4 * SLOT], "the one that was being drawn"


def test_a_key_frame_that_is_wanted_while_a_picture_is_drawn_is_the_next_one() -> None:
    async def play(rig: Rig) -> None:
        await rig.until(0.082)  # the third picture takes until 0.084
        rig.stage.want_key()
        await rig.until(1)

    rig = perform(play)
    keys = [frame.pts // SLOT for _, frame in rig.outlet.frames if frame.packet is not None and frame.packet.key]
    assert keys == [0, 4]


def test_a_slot_that_is_a_little_late_is_handed_over_and_not_left_out() -> None:
    async def play(rig: Rig) -> None:
        stalls = [0.1]  # the next slot is made 20 ms after its time

        async def stalled() -> None:
            if rig.clock.now() >= 1 and stalls:
                await asyncio.sleep(stalls.pop())

        rig.outlet.drain = stalled  # type: ignore[method-assign]
        await rig.until(2)

    rig = perform(play)
    line = [frame.pts for _, frame in rig.outlet.frames]
    assert max(at - frame.pts / RATE for at, frame in rig.outlet.frames) > 0, "one was late"
    assert line == list(range(0, len(line) * SLOT, SLOT))
    assert rig.stage.missed == 0
