"""Replies whose sentences are made while the first of them is spoken, within limits of time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence

from agent.persona import Limits
from visavis.clock import Clock
from visavis.errors import EngineError
from visavis.words import Sentence

log = logging.getLogger(__name__)


async def each(sentences: Sequence[Sentence]) -> AsyncIterator[Sentence]:
    """Sentences that are there already, as a stream."""
    for sentence in sentences:
        yield sentence


async def begun(
    sentences: AsyncGenerator[Sentence, None], clock: Clock, limits: Limits, who: str
) -> AsyncGenerator[Sentence, None] | None:
    """The same stream once its first sentence is there; None, and the stream closed, when it does not come in time.

    What goes wrong later ends the stream early; `who` names its source in the log.
    """
    asked = clock.now()
    try:
        async with asyncio.timeout(min(limits.first_sentence_s, limits.answer_s)):
            first = await anext(sentences)
    except TimeoutError:
        log.warning("no sentence from the %s in %g s", who, limits.first_sentence_s)
    except StopAsyncIteration:
        log.warning("the %s had nothing to say", who)
    except EngineError as error:
        log.warning("the %s failed: %s", who, error)
    else:
        return _rest(first, sentences, clock, limits.answer_s - (clock.now() - asked), who)
    await sentences.aclose()
    return None


async def _rest(
    first: Sentence, sentences: AsyncGenerator[Sentence, None], clock: Clock, left: float, who: str
) -> AsyncGenerator[Sentence, None]:
    """The first sentence and what follows, until `left` seconds have been spent waiting for it."""
    try:
        yield first
        while True:
            asked = clock.now()
            async with asyncio.timeout(left):
                sentence = await anext(sentences)
            left -= clock.now() - asked
            yield sentence
    except StopAsyncIteration:
        pass
    except TimeoutError:
        log.warning("the answer of the %s is cut: its time is up", who)
    except EngineError as error:
        log.warning("the %s broke off: %s", who, error)
    finally:
        await sentences.aclose()
