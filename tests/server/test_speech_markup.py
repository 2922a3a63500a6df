"""SSML at the standard's speech endpoint: spoken as it says, refused where it is a bomb."""

from __future__ import annotations

from collections.abc import AsyncIterator

import numpy as np
import openai
import pytest
from place import Server

from visavis.words import RATE


@pytest.fixture
async def client(server: Server) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(api_key="unused", base_url=f"{server.url}/v1", max_retries=0) as made:
        yield made


async def length(client: openai.AsyncOpenAI, text: str) -> int:
    answer = await client.audio.speech.create(model="silent", voice="alloy", input=text, response_format="pcm")
    return len(np.frombuffer(answer.content, np.int16))


async def test_a_break_is_as_long_as_it_says(client: openai.AsyncOpenAI) -> None:
    without = await length(client, "<speak>Hello. Good bye.</speak>")
    paused = await length(client, '<speak>Hello. <break time="3s"/>Good bye.</speak>')
    assert 2.5 * RATE < paused - without < 3.5 * RATE


async def test_a_bomb_is_the_callers_error(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="document type"):
        await length(client, "<speak><!DOCTYPE a>Hello</speak>")


async def test_a_text_of_tags_alone_is_the_callers_error(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="nothing to say"):
        await length(client, "<speak><mark name='here'/></speak>")
