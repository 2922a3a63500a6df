"""What a client may do to a session's hearing: send sound, press, release, forget, and change its mind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import numpy as np
from visit import ScriptedEars

from runtime.hearing import heard as hear
from runtime.hearing.ears import Mode
from runtime.listening import Listening
from visavis.clock import LoopClock, run_virtual
from visavis.words import Utterance

SOUND = np.zeros(480, np.int16)
NOTHING = hear.Noise(0.0, 0.1, 0.1, "no words")


class Ear:
    """A listening over scripted ears; `made` are the rate and the mode of each that was made."""

    def __init__(self) -> None:
        self.told: list[hear.Sound] = []
        self.made: list[tuple[int, Mode]] = []
        self.ears = ScriptedEars()
        self.listening = Listening(self._make, self.told.append, LoopClock())

    def _make(self, tell: Callable[[hear.Sound], None], rate: int, mode: Mode) -> ScriptedEars:
        self.made.append((rate, mode))
        return self.ears.make(tell, rate, mode)


def at(play: Callable[[Ear], Awaitable[None] | None]) -> Ear:
    async def scene() -> Ear:
        ear = Ear()
        if (rest := play(ear)) is not None:
            await rest
        return ear

    return run_virtual(scene())


def test_ears_are_made_for_the_first_sound_at_its_rate() -> None:
    def play(ear: Ear) -> None:
        ear.listening.hands_free(False)
        assert ear.made == []
        for _ in range(3):
            ear.listening.push(SOUND, 16_000)
        ear.listening.push(SOUND, 24_000)

    assert at(play).made == [(16_000, "hold"), (24_000, "hold")]


def test_a_commit_without_sound_is_none() -> None:
    def play(ear: Ear) -> None:
        assert not ear.listening.release()
        ear.listening.push(SOUND, 24_000)
        assert ear.listening.release()
        assert not ear.listening.release(), "that sound is committed already"

    assert at(play).ears.orders == ["press", "release"]


def test_it_transcribes_from_the_commit_until_the_words_are_known() -> None:
    def play(ear: Ear) -> None:
        listening = ear.listening
        for _ in range(2):
            listening.push(SOUND, 24_000)
            listening.release()
        ear.ears.tell(NOTHING)
        assert listening.transcribing
        ear.ears.tell(hear.Heard(Utterance("yes", "en", "voice", 0.0, 0.1), hear.Timings(0.3, 0.1)))
        assert not listening.transcribing

    assert len(at(play).told) == 2


def test_a_press_before_the_first_sound_counts_and_survives_another_rate() -> None:
    def play(ear: Ear) -> None:
        ear.listening.press()
        ear.listening.press()
        ear.listening.push(SOUND, 24_000)
        ear.listening.push(SOUND, 16_000)
        assert ear.listening.release()

    assert at(play).ears.orders == ["press", "press", "release"], "one for each pair of ears"


def test_what_is_forgotten_is_not_committed() -> None:
    def play(ear: Ear) -> None:
        ear.listening.push(SOUND, 24_000)
        ear.listening.forget()
        assert not ear.listening.release()
        assert not ear.listening.transcribing

    assert at(play).ears.orders == ["muted", "hands_free"]


def test_new_ears_know_what_the_avatar_is_saying() -> None:
    def play(ear: Ear) -> None:
        ear.listening.saying("We open at nine")
        ear.listening.saying("We open at nine")
        ear.listening.push(SOUND, 24_000)
        ear.listening.saying(None)

    assert at(play).ears.echo == ["We open at nine", None]


def test_a_commit_that_other_ears_cut_off_is_told_to_be_nothing() -> None:
    def play(ear: Ear) -> None:
        ear.listening.push(SOUND, 24_000)
        ear.listening.release()
        ear.listening.push(SOUND, 16_000)
        assert not ear.listening.transcribing

    assert [type(sound) for sound in at(play).told] == [hear.Noise]
