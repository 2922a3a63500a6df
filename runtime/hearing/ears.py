"""One session's hearing: from the microphone's samples to what was said, in order and in time."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

import numpy as np

from runtime.hearing.echo import Echo
from runtime.hearing.endpoint import Edge, Endpoint
from runtime.hearing.heard import (
    Failed,
    Heard,
    Noise,
    Sound,
    Timings,
    VoiceBegan,
    VoiceContinues,
    VoiceEnded,
    VoicePaused,
)
from runtime.hearing.inbox import Inbox, Lost, Order
from runtime.hearing.level import Levels
from runtime.hearing.line import Line
from runtime.hearing.own_sound import OwnSound
from runtime.hearing.speech import Speech
from runtime.hearing.turn_end import TURN, Endpointing
from runtime.hearing.turn_end.pace import goes_on
from runtime.hearing.wake import Wake
from visavis.clock import Clock
from visavis.engines import Asr, Transcript
from visavis.errors import AtCapacity, EngineError, VisavisError
from visavis.signal import Resampler
from visavis.vad import CHUNK, VAD_RATE, Vad, VoiceDetector
from visavis.words import RATE, Pcm, Utterance

log = logging.getLogger(__name__)

Mode = Literal["hands_free", "hold", "muted"]

BACKLOG_S = 2.0
"""Sound that may wait to be heard; while the button is held it may be a whole utterance."""
FINAL_S = 5.0
"""How long after the end of an utterance its transcript may take."""
DOUBTFUL = 0.1
"""A transcript that its recogniser believes in less than this is no words: coughs come out as such."""
JUDGED_S = 8.0
"""So much of the newest sound is judged for its end."""
_REPORT = 3 * CHUNK
_WORD = re.compile(r"[^\W\u3040-\u9fff\uac00-\ud7af]+|[\u3040-\u9fff\uac00-\ud7af]")
_BREATH = 16


class Ears:
    """Push sound in, and `tell` is called with each `Sound` while `run` runs.

    Every VoiceBegan is followed by one VoiceEnded and that by one of Heard, Noise and Failed, in order. `matches`
    grades a partial transcript from 0 to 1: whether it is a complete question that can be answered. `reads` tells
    whether it is a known question and whether a longer one begins with it. `judge` is asked once a pause how
    probable it is, by its sound, that 16 kHz speech has come to its end. With `wake` only what is addressed counts,
    with `button` only what is said while it is pressed, whatever the mode.
    Every release of a pressed button gets one of these three. `push`, `press`, `release` and `switch` return at once
    and take effect in the order of their calls.
    """

    def __init__(
        self,
        asr: Asr,
        tell: Callable[[Sound], None],
        *,
        clock: Clock,
        language: str = "en",
        input_rate: int = RATE,
        settings: Endpointing | None = None,
        turn: Sequence[str] = TURN,
        vad: VoiceDetector | None = None,
        matches: Callable[[str], Awaitable[float]] | None = None,
        reads: Callable[[str], tuple[bool, bool]] | None = None,
        judge: Callable[[Pcm], Awaitable[float]] | None = None,
        wake: Wake | None = None,
        button: bool = False,
        mode: Mode = "hands_free",
    ) -> None:
        self._asr, self._tell, self._clock, self._language = asr, tell, clock, language
        self._rate, self._mode = input_rate, mode
        self._matches, self._reads, self._judge, self._wake = matches, reads, judge, wake
        self._vad = vad if vad is not None else Vad()
        self._endpoint = Endpoint(settings, turn, language=language)
        self._button = button
        self._endpoint.hands_free = mode == "hands_free" and not button
        self._echo, self._line, self._inbox = Echo(), Line(input_rate), Inbox()
        self._own, self._levels = OwnSound(), Levels()
        self._resampler = Resampler(input_rate, VAD_RATE)
        self._begun = np.zeros(0, np.int16)
        kept_s = self._endpoint.settings.pre_roll_s + self._endpoint.settings.begin_s
        self._before: deque[Pcm] = deque(maxlen=int(kept_s * VAD_RATE / CHUNK) + 1)
        self._skipped = 0
        """Of the sound that was not heard, what does not fill a sample at the detector's rate."""
        self._pressed = False
        self._speech: Speech | None = None
        self._understanding: asyncio.Task[None] | None = None
        self._grading: asyncio.Task[None] | None = None
        self._judging: asyncio.Task[None] | None = None
        self._passed: Speech | None = None
        """The last utterance whose turn passed by itself."""

    # ── what the session calls ──────────────────────────────────────────────────────────────────
    def push(self, pcm: Pcm, arrived: float) -> None:
        """Take samples at the input rate, whose last one was captured no later than `arrived`."""
        if not len(pcm):
            return
        self._line.receive(len(pcm), arrived)
        most_s = self._endpoint.settings.max_utterance_s if self._pressed else BACKLOG_S
        self._inbox.put(pcm, round(most_s * self._rate))

    def press(self) -> None:
        """The visitor holds the button: what comes from now on is one utterance, until `release`."""
        if self._mode == "hold":
            self._line.restart()
        self._pressed = True
        self._inbox.order("press")

    def release(self) -> None:
        """The button is let go, or the client commits its audio: the utterance ends with the sound pushed so far."""
        self._pressed = False
        self._inbox.order("release")

    def switch(self, mode: Mode) -> None:
        """Listen all the time, only while the button is held, or not at all."""
        self._inbox.order(mode)

    def saying(self, text: str | None) -> None:
        """What the avatar is voicing from now on; None when it falls silent."""
        self._echo.saying(text, self._clock.now())
        if self._wake is not None:
            self._wake.exchanged(self._clock.now())

    def playing(self, pcm: Pcm, rate: int, at: float) -> None:
        """The avatar's sound that comes out at `at`, in place of what was to come out then and later."""
        self._own.play(pcm, rate, at)

    async def run(self) -> None:
        """Listen until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                await self._take(await self._inbox.take(), tasks)

    # ── the sound's way in ──────────────────────────────────────────────────────────────────────
    async def _take(self, item: Pcm | Lost | Order, tasks: asyncio.TaskGroup) -> None:
        if isinstance(item, Lost):
            self._skip(item.samples)
        elif isinstance(item, np.ndarray):
            if self._mode == "muted":
                self._skip(len(item))
            else:
                await self._hear(self._resampler.push(item), tasks)
        elif item == "press":
            self._endpoint.press()
            if self._speech is not None:
                self._speech.pressed = True
        elif item == "release":
            self._release()
        else:
            self._switch(item)

    def _skip(self, samples: int) -> None:
        """So many samples at the input rate pass unheard."""
        whole, self._skipped = divmod(self._skipped + samples * VAD_RATE, self._rate)
        self._endpoint.skip(whole)

    async def _hear(self, pcm: Pcm, tasks: asyncio.TaskGroup) -> None:
        sound = np.concatenate((self._begun, pcm))
        whole = len(sound) // CHUNK * CHUNK
        self._begun = sound[whole:]
        for count, at in enumerate(range(0, whole, CHUNK), 1):
            self._chunk(sound[at : at + CHUNK], tasks)
            if count % _BREATH == 0:
                await asyncio.sleep(0)

    def _chunk(self, pcm: Pcm, tasks: asyncio.TaskGroup) -> None:
        (probability,) = self._vad.push(pcm)
        own = self._own_voice(pcm, probability)
        level = self._levels.hear(pcm, probability, own=own)
        edges = self._endpoint.chunk(0.0 if own or self._far(probability) else probability)
        self._before.append(pcm)
        if self._speech is not None and not self._endpoint.full:
            self._speech.add(pcm)
            if not self._endpoint.silent and not self._levels.far(self._at(self._endpoint.position), speaking=False):
                self._speech.loud(level)
            if not edges and not self._endpoint.silent and self._endpoint.voiced % _REPORT == 0:
                self._report(self._speech)
        for edge in edges:
            self._turn(edge, tasks)

    def _own_voice(self, pcm: Pcm, probability: float) -> bool:
        """Whether a chunk's voice is nothing but the avatar's own; with the button pressed it is the visitor's."""
        self._own.hear(pcm, VAD_RATE, self._at(self._endpoint.position + CHUNK))
        voice = probability >= self._endpoint.settings.offset
        return self._own.echoes(voice=voice) and voice and not self._endpoint.pressed

    def _far(self, probability: float) -> bool:
        """Whether a chunk's voice comes from too far away to be the visitor's."""
        if self._endpoint.pressed or probability < self._endpoint.settings.offset:
            return False
        return self._levels.far(self._at(self._endpoint.position + CHUNK), speaking=self._speech is not None)

    def _turn(self, edge: Edge, tasks: asyncio.TaskGroup) -> None:
        if edge == "began":
            self._begin(tasks)
        elif self._speech is None:
            return
        elif edge == "paused":
            self._tell(VoicePaused(self._at(self._endpoint.ended)))
            self._consider(self._speech, tasks)
        elif edge == "resumed":
            self._report(self._speech)
        else:
            self._finish(self._speech)

    def _release(self) -> None:
        full = self._endpoint.full
        if not self._endpoint.release():
            return
        rest = np.concatenate((self._begun, self._resampler.flush()))
        self._begun = np.zeros(0, np.int16)
        self._endpoint.skip(len(rest))
        if self._speech is not None:
            if not full:
                self._speech.add(rest)
            self._finish(self._speech)
        else:
            now = self._at(self._endpoint.position)
            self._tell(Noise(now, now, 0.0, "no voice"))

    def _switch(self, mode: Mode) -> None:
        self._mode = mode
        self._endpoint.hands_free = mode == "hands_free" and not self._button
        if mode == "muted":
            if self._speech is not None:
                self._speech.muted = True
                self._finish(self._speech)
            self._endpoint.reset()
            self._endpoint.pace.forget()
            self._vad.reset()
            self._before.clear()
            self._levels.forget()

    # ── one utterance ───────────────────────────────────────────────────────────────────────────
    def _begin(self, tasks: asyncio.TaskGroup) -> None:
        speech = self._speech = Speech(self._at(self._endpoint.began))
        speech.pressed = self._endpoint.pressed
        for pcm in self._before:
            speech.add(pcm)
        self._tell(VoiceBegan(speech.began))
        self._report(speech)
        self._understanding = tasks.create_task(self._understand(speech, self._understanding, tasks))

    def _report(self, speech: Speech) -> None:
        voiced = self._endpoint.voiced - speech.own
        words = self._addressed(speech, speech.words) or ""
        words = words if len(_WORD.findall(words)) > 1 else ""
        self._tell(VoiceContinues(self._at(self._endpoint.position), voiced / VAD_RATE, words))

    def _finish(self, speech: Speech) -> None:
        self._speech = None
        began, ended = self._at(self._endpoint.began), self._at(self._endpoint.ended)
        speech.close(began, ended, self._endpoint.voiced / VAD_RATE, self._clock.now(), within_s=FINAL_S)
        self._tell(VoiceEnded(ended, speech.voiced_s))

    async def _understand(self, speech: Speech, before: asyncio.Task[None] | None, tasks: asyncio.TaskGroup) -> None:
        told: Sound
        try:
            final = await speech.transcribe(self._asr, lambda words: self._partial(speech, words, tasks))
            await speech.closed()
            told = self._verdict(speech, final)
        except EngineError as error:
            await speech.closed()
            told = Failed(error)
        if before is not None:
            await asyncio.wait([before])
        if isinstance(told, Heard) and not speech.pressed:
            self._learn(speech)
        if isinstance(told, Heard):
            self._levels.learn(speech.level, speech.ended)
        self._tell(told)

    def _learn(self, speech: Speech) -> None:
        """Note the visitor's pace by an utterance that was understood."""
        before, self._passed = self._passed, speech
        if before is not None and goes_on(before.decided, speech.began):
            self._endpoint.pace.cut_off(speech.began - before.ended)
        else:
            self._endpoint.pace.ended()
        if self._wake is not None:
            self._wake.exchanged(speech.ended)

    def _partial(self, speech: Speech, words: str, tasks: asyncio.TaskGroup) -> None:
        if speech is not self._speech:
            return
        own = self._echo.contains(words, speech.began)
        if own:
            speech.own = self._endpoint.voiced
        speech.words = "" if own else words
        self._endpoint.understood(speech.words)
        self._report(speech)
        if speech.words and (self._grading is None or self._grading.done()):
            self._grading = tasks.create_task(self._grade(speech))

    async def _grade(self, speech: Speech) -> None:
        """Compare the newest words with what is known until they are the ones compared."""
        graded = ""
        while speech is self._speech and speech.words != graded:
            graded = speech.words
            asked = self._addressed(speech, graded) or ""
            if self._reads is not None:
                self._endpoint.known, self._endpoint.goes_on = self._reads(asked)
            try:
                score = await self._matches(asked) if self._matches is not None else 0.0
            except VisavisError as error:
                log.warning("what was heard so far cannot be compared with what is known: %s", error)
                return
            if speech is self._speech and speech.words == graded:
                self._endpoint.match = score

    def _consider(self, speech: Speech, tasks: asyncio.TaskGroup) -> None:
        """Have the sound of a pause judged, unless an older one still is."""
        if self._judge is not None and not speech.pressed and (self._judging is None or self._judging.done()):
            self._judging = tasks.create_task(self._judged(speech, self._judge, self._endpoint.last_voiced))

    async def _judged(self, speech: Speech, judge: Callable[[Pcm], Awaitable[float]], at: int) -> None:
        try:
            verdict = await judge(speech.last(JUDGED_S))
        except AtCapacity:
            return
        except EngineError as error:
            log.warning("whether a visitor sounds finished cannot be told: %s", error)
            return
        if speech is self._speech and self._endpoint.last_voiced == at:
            self._endpoint.verdict = verdict

    def _addressed(self, speech: Speech, words: str) -> str | None:
        """The words without the wake phrase; None where they are said to somebody else."""
        if self._wake is None or speech.pressed or not words:
            return words
        return self._wake.addressed(words, speech.began)

    def _verdict(self, speech: Speech, final: Transcript) -> Heard | Noise:
        text = final.text.strip()
        stretch = (speech.began, speech.ended, speech.voiced_s)
        if speech.muted:
            return Noise(*stretch, "muted")
        if not text or final.confidence < DOUBTFUL:
            return Noise(*stretch, "no words", text)
        if self._echo.contains(text, speech.began):
            return Noise(*stretch, "echo", text)
        addressed = self._addressed(speech, text)
        if addressed is None:
            return Noise(*stretch, "aside", text)
        said = Utterance(addressed, self._language, "voice", speech.began, speech.ended, final.confidence)
        timings = Timings(speech.decided - speech.ended, self._clock.now() - speech.decided)
        return Heard(said, timings, final.alternatives)

    def _at(self, position: int) -> float:
        return self._line.at(position / VAD_RATE)
