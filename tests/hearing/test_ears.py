"""One session's hearing in virtual time: the sound says where the voice is, the fake recogniser what is said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from runtime.hearing.ears import Ears
from runtime.hearing.heard import Failed, Heard, Noise, Sound, VoiceBegan, VoiceContinues, VoiceEnded, VoicePaused
from runtime.hearing.turn_end import Endpointing
from runtime.hearing.wake import Wake
from visavis.clock import LoopClock, run_virtual
from visavis.errors import AtCapacity, EngineError
from visavis.fakes.asr import FakeAsr, Scripted
from visavis.fakes.vad import LoudVad, sounding
from visavis.signal import resample
from visavis.words import Pcm

CHUNK_S = 0.032
QUICK = Endpointing(silence_s=0.42, meant_silence_s=0.3, finished_silence_s=0.3)


def silence(seconds: float) -> Pcm:
    return sounding(seconds, 0.0)


class Room:
    """Ears, at 16 kHz unless told otherwise, with everything they told; `play` takes as long as the sound does."""

    def __init__(self, *script: Scripted | str, **options: Any) -> None:
        self.clock = LoopClock()
        self.asr = FakeAsr(*script)
        self.told: list[Sound] = []
        options.setdefault("vad", LoudVad())
        options.setdefault("input_rate", 16_000)
        options.setdefault("settings", QUICK)
        self.ears = Ears(self.asr, self.told.append, clock=self.clock, **options)

    async def play(self, *sounds: Pcm, piece_s: float = CHUNK_S, rate: int = 16_000) -> None:
        sound = np.concatenate(sounds)
        if rate != 16_000:
            sound = resample(sound, 16_000, rate)
        size = round(piece_s * rate)
        for at in range(0, len(sound), size):
            await asyncio.sleep(len(sound[at : at + size]) / rate)
            self.ears.push(sound[at : at + size], self.clock.now())

    def all(self, kind: type[Any]) -> list[Any]:
        return [sound for sound in self.told if isinstance(sound, kind)]


def hear(room: Callable[[], Room], script: Callable[[Room], Any]) -> Room:
    async def main() -> Room:
        made = room()
        running = asyncio.create_task(made.ears.run())
        await script(made)
        await asyncio.sleep(0.1)
        assert not running.done(), running
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert made.asr.open_now == 0
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return made

    return run_virtual(main())


def test_a_question_is_heard_with_its_true_times() -> None:
    room = hear(
        lambda: Room(Scripted("where is the exit", ((0.8, "where is"), (1.4, "where is the exit")))),
        lambda room: room.play(silence(0.96), sounding(1.28), silence(0.96)),
    )
    assert [type(sound) for sound in room.told if not isinstance(sound, VoiceContinues)] == [
        VoiceBegan, VoicePaused, VoiceEnded, Heard,
    ]  # fmt: skip
    (heard,) = room.all(Heard)
    assert heard.utterance.text == "where is the exit"
    assert heard.utterance.began == pytest.approx(0.96)
    assert heard.utterance.ended == pytest.approx(2.24 - 0.07)
    assert heard.timings.endpoint_s == pytest.approx(0.422, abs=CHUNK_S)
    assert heard.timings.transcript_s == pytest.approx(0.02)
    assert "where is" in [sound.words for sound in room.all(VoiceContinues)]


def test_the_first_sound_is_not_lost_and_silence_is_not_recognised() -> None:
    room = hear(lambda: Room("hello"), lambda room: room.play(silence(3.2), sounding(0.64), silence(3.2)))
    (sound,) = room.asr.heard
    heard = np.concatenate(sound)
    before = int(np.argmax(heard > 0)) / 16_000
    assert 0.28 <= before <= 0.36
    assert np.sum(heard > 0) == round(0.64 * 16_000)
    assert len(heard) / 16_000 < before + 0.64 + 0.5


def test_a_question_that_cannot_be_graded_is_heard_all_the_same() -> None:
    async def broken(words: str) -> float:
        raise EngineError("embedder", "it died")

    partials = ((0.5, "where is"), (1.0, "where is the exit"))
    room = hear(
        lambda: Room(Scripted("where is the exit", partials), matches=broken),
        lambda room: room.play(sounding(1.28), silence(0.96)),
    )
    assert [sound.utterance.text for sound in room.all(Heard)] == ["where is the exit"]


def test_muted_time_is_counted_to_the_sample() -> None:
    async def mute(room: Room) -> None:
        room.ears.switch("muted")
        await room.play(silence(300), rate=24_000, piece_s=1024 / 24_000)
        room.ears.switch("hands_free")
        await room.play(silence(0.32), sounding(0.64), silence(0.64), rate=24_000)

    room = hear(lambda: Room("hello", input_rate=24_000), mute)
    (heard,) = room.all(Heard)
    assert heard.utterance.began == pytest.approx(300.32, abs=2 * CHUNK_S)


def test_a_click_is_not_a_voice() -> None:
    room = hear(lambda: Room("nonsense"), lambda room: room.play(silence(0.5), sounding(0.05), silence(1.0)))
    assert room.told == []


def test_a_short_pause_does_not_end_the_turn() -> None:
    room = hear(
        lambda: Room("we have one hour what should we see"),
        lambda room: room.play(silence(0.32), sounding(0.64), silence(0.32), sounding(0.64), silence(0.8)),
    )
    assert len(room.all(Heard)) == 1
    assert len(room.all(VoicePaused)) == 2


def test_a_question_that_is_known_ends_the_turn_sooner() -> None:
    async def known(words: str) -> float:
        await asyncio.sleep(0.01)
        return 1.0 if words == "where is the exit" else 0.2

    partials = ((0.5, "where is"), (1.0, "where is the exit"))
    play = lambda room: room.play(sounding(1.28), silence(0.96))  # noqa: E731
    slow = hear(lambda: Room(Scripted("where is the exit", partials)), play)
    fast = hear(lambda: Room(Scripted("where is the exit", partials), matches=known), play)
    assert fast.all(Heard)[0].timings.endpoint_s < slow.all(Heard)[0].timings.endpoint_s - 0.09


def test_the_beginning_of_a_known_question_is_waited_for() -> None:
    async def known(words: str) -> float:
        return 1.0

    partials = ((0.6, "how much is"), (2.2, "how much is a ticket"))
    room = hear(
        lambda: Room(
            Scripted("how much is a ticket", partials),
            matches=known,
            reads=lambda words: (words == "how much is a ticket", words == "how much is"),
        ),
        lambda room: room.play(sounding(0.64), silence(0.96), sounding(0.64), silence(0.96)),
    )
    (heard,) = room.all(Heard)
    assert heard.timings.endpoint_s == pytest.approx(0.3, abs=CHUNK_S)


class Judge:
    """Finds every end of speech finished by so much, after a while; `asked` holds the seconds it was given."""

    def __init__(self, *verdicts: float | EngineError, takes_s: float = 0.1) -> None:
        self.verdicts, self.takes_s, self.asked = list(verdicts), takes_s, list[float]()

    async def __call__(self, pcm: Pcm) -> float:
        self.asked.append(len(pcm) / 16_000)
        await asyncio.sleep(self.takes_s)
        verdict = self.verdicts.pop(0)
        if isinstance(verdict, EngineError):
            raise verdict
        return verdict


def test_each_pause_is_judged_once_by_the_last_eight_seconds() -> None:
    judge = Judge(0.05, 0.95)
    room = hear(
        lambda: Room("a long story", turn=["smart-turn", "vad"], judge=judge),
        lambda room: room.play(sounding(9.6), silence(0.96), sounding(0.32), silence(0.96)),
    )
    (heard,) = room.all(Heard)
    assert heard.timings.endpoint_s == pytest.approx(0.3, abs=CHUNK_S)
    assert judge.asked == [8.0, 8.0]


@pytest.mark.parametrize("trouble", [AtCapacity("smart-turn", 4), EngineError("smart-turn", "it broke")])
def test_where_nobody_can_judge_silence_decides(trouble: EngineError) -> None:
    room = hear(
        lambda: Room("hello", turn=["smart-turn", "vad"], judge=Judge(trouble)),
        lambda room: room.play(sounding(0.64), silence(0.96)),
    )
    assert room.all(Heard)[0].timings.endpoint_s == pytest.approx(0.42, abs=CHUNK_S)


def test_a_verdict_that_comes_after_the_voice_came_back_counts_for_nothing() -> None:
    judge = Judge(0.9, 0.9, takes_s=0.25)
    room = hear(
        lambda: Room("two words", turn=["smart-turn"], judge=judge),
        lambda room: room.play(sounding(0.64), silence(0.32), sounding(0.64), silence(0.96)),
    )
    assert len(room.all(Heard)) == 1


def test_a_visitor_who_is_cut_off_again_and_again_is_waited_for() -> None:
    said = sounding(0.64), silence(0.8)
    room = hear(
        lambda: Room(*["and"] * 5, turn=["pace", "vad"]),
        lambda room: room.play(*said * 5, silence(1.6)),
    )
    assert len(room.all(Heard)) == 3


def test_with_a_wake_phrase_only_what_is_addressed_is_heard() -> None:
    said = ["where did you park", "hey mia where is the exit", "and the cafe", "mine is here"]
    script = [Scripted(text, ((0.5, text),)) for text in said]

    async def talk(room: Room) -> None:
        for _ in range(2):
            await room.play(sounding(0.96), silence(0.96))
        room.ears.saying("Behind you.")
        room.ears.saying(None)
        await room.play(silence(3), sounding(0.96), silence(12), sounding(0.96), silence(0.96))

    room = hear(lambda: Room(*script, wake=Wake(["hey mia"], 10)), talk)
    assert [sound.utterance.text for sound in room.all(Heard)] == ["where is the exit", "and the cafe"]
    assert [noise.why for noise in room.all(Noise)] == ["aside", "aside"]
    assert {sound.words for sound in room.all(VoiceContinues)} == {"", "where is the exit", "and the cafe"}


def test_what_is_said_with_the_button_held_needs_no_wake_phrase() -> None:
    async def hold(room: Room) -> None:
        room.ears.press()
        await room.play(sounding(0.64))
        room.ears.release()

    room = hear(lambda: Room("where is the exit", wake=Wake(["hey mia"], 10)), hold)
    assert [sound.utterance.text for sound in room.all(Heard)] == ["where is the exit"]


@pytest.mark.parametrize("seed", range(4))
def test_jitter_does_not_move_the_times(seed: int) -> None:
    async def jittery(room: Room) -> None:
        rng = np.random.default_rng(seed)
        sound = np.concatenate((silence(0.96), sounding(1.28), silence(0.96)))
        start = sent = 0.0
        for at in range(0, len(sound), 512):
            due = start + (at + 512) / 16_000
            sent = max(sent, due + (rng.uniform(0, 0.2) if at else 0.0))
            await room.clock.sleep_until(sent)
            room.ears.push(sound[at : at + 512], room.clock.now())

    (heard,) = hear(lambda: Room("hello"), jittery).all(Heard)
    assert heard.utterance.began == pytest.approx(0.96)
    assert heard.utterance.ended == pytest.approx(2.17)


def test_after_a_gap_in_the_stream_times_are_right_again() -> None:
    async def stops_sending(room: Room) -> None:
        await room.play(silence(0.64))
        await asyncio.sleep(60)
        await room.play(silence(0.64), sounding(0.64), silence(0.64))

    (heard,) = hear(lambda: Room("hello"), stops_sending).all(Heard)
    assert heard.utterance.began == pytest.approx(0.64 + 60 + 0.64)


def test_a_cough_is_noise() -> None:
    room = hear(lambda: Room(""), lambda room: room.play(sounding(0.32), silence(1.0)))
    (noise,) = room.all(Noise)
    assert noise.why == "no words"
    assert noise.voiced_s == pytest.approx(0.32)
    assert room.all(Heard) == []


def test_a_cough_that_sounds_like_a_word_is_noise_from_first_to_last() -> None:
    room = hear(
        lambda: Room(Scripted("the", ((0.1, "the"),), confidence=0.04)),
        lambda room: room.play(sounding(0.32), silence(1.92)),
    )
    assert [noise.text for noise in room.all(Noise)] == ["the"]
    assert {sound.words for sound in room.all(VoiceContinues)} == {""}


def test_hold_to_talk_waits_for_the_release() -> None:
    async def hold(room: Room) -> None:
        await room.play(silence(0.32), sounding(0.64), silence(0.64))
        room.ears.press()
        await room.play(silence(0.32), sounding(0.64), silence(1.6), sounding(0.32))
        room.ears.release()
        await room.play(sounding(0.64), silence(0.64))

    room = hear(lambda: Room("how much is a ticket", mode="hold"), hold)
    (heard,) = room.all(Heard)
    assert heard.utterance.began == pytest.approx(1.6 + 0.32)
    assert heard.utterance.ended == pytest.approx(1.6 + 2.88 - 0.07)
    assert np.sum(np.concatenate(room.asr.heard[0]) > 0) >= round(0.96 * 16_000)


def test_where_only_the_button_counts_no_mode_listens_without_it() -> None:
    async def talk(room: Room) -> None:
        for mode in ("hands_free", "muted", "hands_free"):
            room.ears.switch(mode)
            await room.play(sounding(0.64), silence(0.64))
        room.ears.press()
        await room.play(sounding(0.64))
        room.ears.release()

    room = hear(lambda: Room("where is the exit", button=True), talk)
    assert [type(told) for told in room.told if not isinstance(told, VoiceContinues)] == [VoiceBegan, VoiceEnded, Heard]


def test_a_press_without_a_word_is_noise() -> None:
    async def hold(room: Room) -> None:
        room.ears.press()
        await room.play(silence(0.64))
        room.ears.release()

    room = hear(lambda: Room(mode="hold"), hold)
    assert [sound.why for sound in room.all(Noise)] == ["no voice"]
    assert room.asr.heard == []


def test_the_hundredth_press_is_as_well_timed_as_the_first() -> None:
    begins: list[float] = []

    async def talk(room: Room) -> None:
        for _ in range(100):
            room.ears.press()
            await room.play(silence(0.32), piece_s=0.03)
            begins.append(room.clock.now())
            await room.play(sounding(0.33), silence(0.32), piece_s=0.03)
            room.ears.release()
            await asyncio.sleep(0)

    room = hear(lambda: Room(*["hello"] * 100, mode="hold"), talk)
    late = [sound.utterance.began - begin for sound, begin in zip(room.all(Heard), begins, strict=True)]
    assert max(map(abs, late)) <= CHUNK_S + 1e-6


@pytest.mark.parametrize(("before", "spoken", "outcome"), [(0, 25, Heard), (25, 1, Heard), (25, 0, Noise)])
def test_however_long_a_button_is_held_its_release_gets_one_answer(
    before: float, spoken: float, outcome: type[Sound]
) -> None:
    async def hold(room: Room) -> None:
        room.ears.press()
        await room.play(silence(before), sounding(spoken))
        assert room.all(Heard) == room.all(Noise) == []
        room.ears.release()
        await asyncio.sleep(0.1)

    room = hear(lambda: Room("a long one", mode="hold"), hold)
    assert [type(told) for told in room.told if isinstance(told, Heard | Noise)] == [outcome]
    assert sum(map(len, room.asr.heard[0] if room.asr.heard else [])) <= 20.5 * 16_000


def test_a_whole_held_utterance_may_come_at_once() -> None:
    async def upload(room: Room) -> None:
        room.ears.press()
        room.ears.push(np.concatenate((silence(0.32), sounding(6.4), silence(0.32))), room.clock.now())
        room.ears.release()
        await asyncio.sleep(0.2)

    room = hear(lambda: Room("a long one", mode="hold"), upload)
    assert len(room.all(Heard)) == 1
    assert np.sum(np.concatenate(room.asr.heard[0]) > 0) == round(6.4 * 16_000)


def test_a_backlog_drops_the_oldest_and_keeps_the_times() -> None:
    async def flood(room: Room) -> None:
        await room.play(silence(0.32))
        await asyncio.sleep(5.12)
        for _ in range(160):
            room.ears.push(silence(0.032), room.clock.now())
        await room.play(sounding(0.64), silence(0.64))

    room = hear(lambda: Room("hello"), flood)
    (heard,) = room.all(Heard)
    assert heard.utterance.began == pytest.approx(0.32 + 5.12, abs=0.04)


def test_muted_ears_hear_nothing_and_forget_what_was_open() -> None:
    async def mute(room: Room) -> None:
        await room.play(sounding(0.64))
        room.ears.switch("muted")
        await room.play(sounding(0.64), silence(0.64))
        room.ears.switch("hands_free")
        await room.play(silence(0.32), sounding(0.64), silence(0.64))

    room = hear(lambda: Room("secret", "hello"), mute)
    assert [sound.why for sound in room.all(Noise)] == ["muted"]
    assert [sound.utterance.text for sound in room.all(Heard)] == ["hello"]


def test_the_avatars_own_words_are_not_the_visitors() -> None:
    async def echo(room: Room) -> None:
        room.ears.saying("We are open from nine to five, every day but Monday.")
        await room.play(sounding(1.6), silence(0.64))
        room.ears.saying(None)
        await asyncio.sleep(3)
        await room.play(sounding(1.6), silence(0.64))

    said = "open from nine to five"
    room = hear(lambda: Room(Scripted(said, ((0.5, "open from nine"), (1.5, said))), said), echo)
    (noise,) = room.all(Noise)
    assert noise.why == "echo"
    until = noise.ended + 0.5
    assert {sound.words for sound in room.all(VoiceContinues) if sound.at < until} == {""}
    assert max(sound.voiced_s for sound in room.all(VoiceContinues) if sound.at < until) < 1.2
    assert [sound.utterance.text for sound in room.all(Heard)] == [said]


def test_a_failing_recogniser_is_told_once_a_stretch_and_hearing_goes_on() -> None:
    broken = EngineError("fake", "the model is gone")
    script = (Scripted(fails=broken, fails_after_s=0.5), "hello again")
    room = hear(
        lambda: Room(*script),
        lambda room: room.play(sounding(1.28), silence(0.64), sounding(0.64), silence(0.64)),
    )
    order = [type(sound) for sound in room.told if isinstance(sound, VoiceBegan | VoiceEnded | Failed | Heard)]
    assert order == [VoiceBegan, VoiceEnded, Failed, VoiceBegan, VoiceEnded, Heard]
    assert room.all(Failed)[0].error is broken


def test_a_worker_that_died_is_asked_again_with_all_the_sound() -> None:
    died = EngineError("fake", "the worker died", retryable=True)
    room = hear(
        lambda: Room(Scripted(fails=died, fails_after_s=1.0), "hello"),
        lambda room: room.play(sounding(1.28), silence(0.64)),
    )
    assert [sound.utterance.text for sound in room.all(Heard)] == ["hello"]
    assert np.sum(np.concatenate(room.asr.heard[1]) > 0) == round(1.28 * 16_000)


def test_a_recogniser_that_never_answers_fails_in_time() -> None:
    async def wait(room: Room) -> None:
        await room.play(sounding(0.64), silence(0.64))
        await asyncio.sleep(6)

    room = hear(lambda: Room(Scripted("late", delay_s=1000)), wait)
    assert [type(sound) for sound in room.told[-2:]] == [VoiceEnded, Failed]


def test_verdicts_keep_the_order_of_the_stretches() -> None:
    async def two(room: Room) -> None:
        await room.play(sounding(0.64), silence(0.64), sounding(0.32), silence(0.64))
        await asyncio.sleep(3)

    room = hear(lambda: Room(Scripted("first", delay_s=2.0), "second"), two)
    assert [sound.utterance.text for sound in room.all(Heard)] == ["first", "second"]


def test_half_an_hour_of_noise_stays_bounded_and_says_nothing() -> None:
    async def noise(room: Room) -> None:
        for _ in range(30):
            await room.play(*[sounding(0.64, p) for p in (0.4, 0.9, 0.2, 0.7)] * 23, sounding(1.0, 0.1), piece_s=0.512)

    room = hear(lambda: Room(), noise)
    assert room.all(Heard) == []
    assert max(sum(map(len, sound)) for sound in room.asr.heard) <= 21 * 16_000
    assert len(room.all(VoiceBegan)) == len(room.all(VoiceEnded)) == len(room.all(Noise))


def test_other_rates_are_resampled_at_the_edge() -> None:
    async def main() -> list[Sound]:
        told: list[Sound] = []
        asr, clock = FakeAsr("hello"), LoopClock()
        ears = Ears(asr, told.append, clock=clock, input_rate=24_000, vad=LoudVad(), settings=QUICK)
        running = asyncio.create_task(ears.run())
        sound = np.concatenate((np.zeros(24_000, np.int16), sounding(1.0, rate=24_000), np.zeros(24_000, np.int16)))
        for at in range(0, len(sound), 960):
            await asyncio.sleep(0.04)
            ears.push(sound[at : at + 960], asyncio.get_running_loop().time())
        running.cancel()
        return told

    (heard,) = [sound for sound in run_virtual(main()) if isinstance(sound, Heard)]
    assert heard.utterance.began == pytest.approx(1.0, abs=CHUNK_S)
    assert heard.utterance.ended == pytest.approx(2.0 - 0.07, abs=CHUNK_S)
