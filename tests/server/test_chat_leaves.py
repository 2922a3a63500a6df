"""Whoever leaves a completion ends what it started: the language model's stream is closed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from place import Server, write_museum

from visavis.fakes.llm_server import LlmServer

QUESTION = {"role": "user", "content": "Compose a poem about rockets."}


@pytest.mark.parametrize("stream", [True, False])
async def test_a_client_that_leaves_ends_the_models_answer(tmp_path: Path, stream: bool) -> None:
    async with LlmServer(way="forever").serving() as model:
        dialog = write_museum(tmp_path) / "dialogs" / "silent.yaml"
        llm = f"llm: {{url: '{model.url}', model: any, first_sentence_s: 60, answer_s: 600, grounding: off}}\n"
        dialog.write_text(dialog.read_text() + llm + "persona: {max_sentences: 20}\n")
        knowledge = tmp_path / "knowledge" / "museum.yaml"
        knowledge.write_text(knowledge.read_text() + "thresholds: {direct: 0.95, suggest: 0.95}\n")
        server = await asyncio.to_thread(Server(tmp_path).start)
        try:
            body: dict[str, Any] = {"model": "silent", "messages": [QUESTION], "stream": stream}
            async with httpx.AsyncClient(base_url=server.url, timeout=30) as http:
                asking = asyncio.create_task(_read(http, body))
                await asyncio.wait_for(model.asked.wait(), 30)
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)
            await asyncio.wait_for(model.left.wait(), 30)
            assert model.disconnects == 1
        finally:
            await asyncio.to_thread(server.__exit__)


async def _read(http: httpx.AsyncClient, body: dict[str, Any]) -> None:
    async with http.stream("POST", "/v1/chat/completions", json=body) as response:
        async for _ in response.aiter_lines():
            pass
