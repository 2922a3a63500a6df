"""The real ears on the virtual clock: what they decide is exact and does not depend on this machine's speed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from runtime.bench.asr.pauses import Speech
from runtime.bench.asr.timeline import Service
from runtime.hearing.ears import Ears
from runtime.hearing.heard import Sound, VoiceEnded
from runtime.hearing.turn_end.match import Questions
from runtime.settings import Asr as Settings
from visavis.clock import LoopClock, run_virtual
from visavis.engines import Capabilities, Transcript
from visavis.vad import CHUNK, VAD_RATE
from visavis.words import Pcm

GRADE_S, VERDICT_S = 0.015, 0.09
"""What comparing words and judging sound cost in service."""


class InProcess:
    """A recogniser's service as an engine, without the process between."""

    capabilities = Capabilities(languages=("en",), sample_rate=VAD_RATE)

    def __init__(self, service: Service) -> None:
        self._service, self._count = service, 0

    async def transcribe(self, audio: AsyncIterator[Pcm]) -> AsyncIterator[Transcript]:
        self._count += 1
        stream, said = self._count, list[dict[str, Any]]()

        def keep(message: dict[str, Any]) -> bool:
            said.append(message)
            return True

        self._service.open(stream, {})
        try:
            async for pcm in audio:
                self._service.append(stream, {"pcm": pcm.tobytes()}, keep)
                while said:
                    yield Transcript(said.pop(0)["text"], final=False)
            self._service.end(stream, keep)
        except BaseException:
            self._service.cancel(stream)
            raise
        yield Transcript(said[-1]["text"], final=True, confidence=said[-1]["confidence"])

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What a dialog's ears are made of; `confidence` belongs to the loop that `listen` is awaited on."""

    service: Service
    confidence: Callable[[str], Coroutine[Any, Any, float]]
    questions: Questions
    verdict: Callable[[Pcm], float] | None
    settings: Settings


async def listen(parts: Parts, speech: Speech) -> float | None:
    """Seconds from the true end of `speech` until its turn passed, negative if it was cut off; None if it never did."""
    outside = asyncio.get_running_loop()

    async def matches(words: str) -> float:
        sure = asyncio.run_coroutine_threadsafe(parts.confidence(words), outside).result()
        await asyncio.sleep(GRADE_S)
        return sure

    return await asyncio.to_thread(run_virtual, _listen(parts, speech, matches))


async def _listen(parts: Parts, speech: Speech, matches: Callable[[str], Awaitable[float]]) -> float | None:
    clock, passed = LoopClock(), list[float]()

    def tell(sound: Sound) -> None:
        if isinstance(sound, VoiceEnded) and sound.at > speech.began / VAD_RATE:
            passed.append(clock.now())

    async def judge(pcm: Pcm) -> float:
        assert parts.verdict is not None
        found = parts.verdict(pcm)
        await asyncio.sleep(VERDICT_S)
        return found

    settings = parts.settings
    ears = Ears(
        InProcess(parts.service),
        tell,
        clock=clock,
        input_rate=VAD_RATE,
        settings=settings.endpointing,
        turn=settings.turn,
        matches=matches,
        reads=parts.questions.reading,
        judge=judge if parts.verdict is not None else None,
    )
    living = asyncio.create_task(ears.run())
    try:
        for at in range(0, len(speech.pcm) - CHUNK, CHUNK):
            await asyncio.sleep(CHUNK / VAD_RATE)
            ears.push(speech.pcm[at : at + CHUNK], clock.now())
            if passed:
                break
    finally:
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
    return passed[0] - speech.ended / VAD_RATE if passed else None
