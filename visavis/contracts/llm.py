"""What every language model must do: `await check_llm(llm)` in a test of your own.

An AssertionError says what the contract asks for. The model must be open, and answer with two pieces of text or more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from visavis.engines import ChatMessage, Llm

ASKED = (ChatMessage("system", "Answer in one short sentence."), ChatMessage("user", "Hello?"))
"""What is asked, again and again."""
SOON_S = 5.0


async def check_llm(llm: Llm) -> None:
    """Run every check on an opened model, and close it."""
    assert llm.capabilities.languages, "capabilities.languages is empty"
    await check_stream(llm)
    await check_closing_early(llm)
    await check_two_at_once(llm)
    await check_cancelled(llm)
    await check_stream(llm)
    await llm.close()
    await llm.close()


async def check_stream(llm: Llm) -> None:
    """An answer comes in pieces of text, and ends."""
    pieces = [piece async for piece in llm.complete(ASKED)]
    assert len(pieces) >= 2, f"the answer is not streamed: {len(pieces)} piece"
    assert all(isinstance(piece, str) and piece for piece in pieces), "a piece is no text, or empty"


async def check_closing_early(llm: Llm) -> None:
    """Closing the iterator after the first piece, or before it, harms nothing that follows."""
    for pieces in (0, 1, 1, 1):
        answer = llm.complete(ASKED)
        for _ in range(pieces):
            assert await anext(answer)
        await _close(answer)


async def check_two_at_once(llm: Llm) -> None:
    """Two visitors at once are both answered."""
    first, second = await asyncio.gather(_answer(llm), _answer(llm))
    assert first, "of two visitors at once, the first got no answer"
    assert second, "of two visitors at once, the second got no answer"


async def check_cancelled(llm: Llm) -> None:
    """A reader that is cancelled is let go at once."""

    async def read() -> None:
        async for _ in llm.complete(ASKED):
            await asyncio.Event().wait()

    reading = asyncio.create_task(read())
    await asyncio.sleep(0.05)
    reading.cancel()
    done, _ = await asyncio.wait({reading}, timeout=SOON_S)
    assert done, f"a cancelled reader is still held after {SOON_S:g} s"
    assert reading.cancelled(), "a cancelled reader ends in another way"


async def _answer(llm: Llm) -> str:
    return "".join([piece async for piece in llm.complete(ASKED)])


async def _close(answer: AsyncIterator[str]) -> None:
    close = getattr(answer, "aclose", None)
    assert close is not None, "complete() must return an iterator with aclose(), as an async generator has"
    await close()
