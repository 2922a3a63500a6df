"""What the ears of one dialog's sessions share: what is known, how turns are taken, how the avatar is addressed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from knowledge.knowledge import Knowledge
from runtime.hearing import judge
from runtime.hearing.ears import Ears, Mode
from runtime.hearing.heard import Sound
from runtime.hearing.turn_end.match import Questions
from runtime.hearing.wake import Wake
from runtime.listening import Make
from runtime.settings import Asr as Settings
from visavis.clock import Clock
from visavis.engines import Asr
from visavis.errors import SetupError
from visavis.words import Pcm

log = logging.getLogger(__name__)


class Attention:
    """Made by `open`; `knows` gives what the dialog knows now, `confidence` how sure words are such a question."""

    def __init__(
        self,
        asr: Asr,
        settings: Settings,
        language: str,
        knows: Callable[[], Knowledge],
        confidence: Callable[[str], Awaitable[float]],
    ) -> None:
        self.asr = asr
        self._settings, self._language, self._knows, self._confidence = settings, language, knows, confidence
        self._questions: tuple[Knowledge, Questions] | None = None
        self._judge: Callable[[Pcm], Awaitable[float]] | None = None
        self.off: str | None = None
        """Why turns are taken without the acoustic model that the dialog names; None where nothing is missing."""

    async def open(self) -> None:
        """Load what the dialog's strategies need; one that cannot work here abstains, and `off` says why."""
        if "smart-turn" not in self._settings.turn:
            return
        try:
            self._judge = (await asyncio.to_thread(judge.SmartTurn.open)).judge
        except (SetupError, ImportError) as error:
            self.off = f"turns are taken without smart-turn: {error}"
            log.warning(self.off)

    def make(self, clock: Clock) -> Make:
        """Makes the ears of a session."""
        settings = self._settings

        def make(tell: Callable[[Sound], None], rate: int, mode: Mode) -> Ears:
            return Ears(
                self.asr,
                tell,
                clock=clock,
                language=self._language,
                input_rate=rate,
                settings=settings.endpointing,
                turn=settings.turn,
                matches=self._confidence,
                reads=self._reading,
                judge=self._judge,
                wake=Wake(settings.wake, settings.awake_s) if settings.mode == "wake" else None,
                button=settings.mode == "hold",
                mode=mode,
            )

        return make

    def _reading(self, words: str) -> tuple[bool, bool]:
        knowledge = self._knows()
        if self._questions is None or self._questions[0] is not knowledge:
            self._questions = knowledge, Questions(knowledge.questions())
        return self._questions[1].reading(words)
