"""A picture comes with a question where the model takes pictures; elsewhere the avatar says that it cannot see."""

from __future__ import annotations

import base64
from typing import Any, cast

import pytest

from agent.fakes import FakeKnowledge
from agent.llm import _message
from agent.memory import Memory
from agent.mind import Mind
from agent.pictures import BYTES, picture
from visavis.clock import LoopClock, run_virtual
from visavis.engines import ChatMessage
from visavis.fakes.llm import FakeLlm
from visavis.words import Picture, Utterance

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0"


def address(data: bytes, media: str = "image/png") -> str:
    return f"data:{media};base64,{base64.b64encode(data).decode()}"


def test_a_picture_is_what_it_says() -> None:
    assert picture(address(PNG)) == Picture(PNG, "image/png")
    assert picture(address(b"\xff\xd8\xff\xe0JFIF", "image/jpeg")).media == "image/jpeg"
    assert picture(address(b"RIFF\0\0\0\0WEBPVP8 ", "image/webp")).media == "image/webp"


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ("https://a.example/p.png", "data:image"), ("file:///etc/passwd", "data:image"), ("", "data:image"),
        (address(b"<svg/>", "image/svg+xml"), "data:image"), (address(b"\xff\xd8\xff"), "is no PNG"),
        (address(b"hello"), "is no PNG"), ("data:image/png;base64,%%%", "not base64"),
        ("data:image/png;base64," + "A" * (BYTES * 4 // 3 + 100), "larger than 4 MB"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(sent: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        picture(sent)


def answered(*, sees: bool) -> tuple[list[str], FakeLlm]:
    async def main() -> tuple[list[str], FakeLlm]:
        llm = FakeLlm(["That is a clock. "])
        mind = Mind(FakeKnowledge(), llm, clock=LoopClock(), sees=sees)
        shown = Utterance("When do you open?", "en", "text", 0, 0, pictures=(Picture(PNG, "image/png"),))
        reply = await mind.answer(shown, Memory())
        return [sentence.text async for sentence in reply.sentences], llm

    return run_virtual(main())


def test_a_model_that_sees_is_shown_it() -> None:
    said, llm = answered(sees=True)
    assert said == ["That is a clock."]
    assert llm.calls[0][-1].pictures == (Picture(PNG, "image/png"),)


def test_otherwise_it_says_so() -> None:
    said, llm = answered(sees=False)
    assert said[0] == "I cannot look at pictures."
    assert llm.calls == []


def test_the_standard_has_it_as_a_part_of_the_message() -> None:
    sent = cast(dict[str, Any], _message(ChatMessage("user", "What is this?", (Picture(PNG, "image/png"),))))
    assert sent["content"] == [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": address(PNG)}},
    ]
