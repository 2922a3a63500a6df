"""What models write around their answers never reaches voice or captions, however it is cut into chunks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.improvise import improvised
from agent.persona import deadpan
from visavis.words import Cue, Emotion, Sentence

PIECES = [
    "[happy]", "[action:wave]", "[action:present_right]", "[1]", "[1, 2]", "[99]", "【开心】", "【注意】", "[[sad]]",
    "[hap", "[sorry ", "[link](https://a.example/x_(y))", "![picture](p.png)", "[1](http://b.example)", "`code`",
    "```python\nprint(1)\n```", "```", "{", "}", '{"answer": "Yes."}', "<|im_end|>", "<|im_start|>", "assistant\n",
    "</s>", "**bold**", "[a long text of a link that is no tag](https://c.example)",
    "<b>big</b>", "<br/>", "<think>", "</think>", "\nUser: ", "Assistant: ", "\n- one", "\n2. two", " ", "\n", "!", "?",
    ".", "。", "，", "Hello there", "The hall is open", "营业到十点", "😀", "(", ")", "[", "]", "<", "a < b",
    "|", "《书》",
]  # fmt: skip


async def _in(chunks: Sequence[str]) -> AsyncIterator[str]:
    for chunk in chunks:
        yield chunk


def written(*chunks: str, sentences: int = 20) -> list[Sentence]:
    async def main() -> list[Sentence]:
        stream = improvised(
            _in(chunks), language="en", directions=deadpan, passages=("p1", "p2"), max_sentences=sentences
        )
        return [sentence async for sentence in stream]

    return asyncio.run(main())


def said(*chunks: str) -> list[str]:
    return [sentence.text for sentence in written(*chunks)]


def cut(text: str, at: Sequence[int]) -> list[str]:
    places = sorted({0, len(text), *(place % (len(text) + 1) for place in at)})
    return [text[start:end] for start, end in pairwise(places)]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=10), st.lists(st.integers(0, 400), max_size=30))
def test_where_the_chunks_are_cut_changes_nothing(pieces: list[str], at: list[int]) -> None:
    text = "".join(pieces)
    assert written(*cut(text, at)) == written(text), repr(text)
    assert written(*text) == written(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=10))
def test_no_mark_is_ever_said(pieces: list[str]) -> None:
    for sentence in said("".join(pieces)):
        assert not set(sentence) & set("[]{}<>|`*"), sentence
        assert "im_end" not in sentence
        assert "http" not in sentence


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("[happy]Hello[1][2]. Go [ 1 ] on [source 2].", ["Hello.", "Go on."]),
        ("【开心】您好！【1】【注意】今天闭馆。", ["您好！", "【注意】今天闭馆。"]),
        ("[[happy]] Hi there. [sad", ["Hi there."]),
        ("[happy Hi there. It is [excitedly] big.", ["Hi there.", "It is big."]),
        ("The [Louvre] opens.", ["The Louvre opens."]),
        ("See [our page](https://a.example/b) for more. ![map](m.png)Bye.", ["See our page for more.", "Bye."]),
        ("```json\n{\"answer\": \"We open [1]. Come!\"}\n```", ["We open.", "Come!"]),
        ('{"reply": {"text": "[happy]Yes."}, "confidence": 0.9}', ["Yes."]),
        ('{"answer": "We open at ni', []),
        ("```python\nimport os\n```", []),
        ("Do this:\n```\nrm -rf /\n```\nThat is all.", ["Do this:", "That is all."]),
        ("<|im_start|>assistant\nHello.<|im_end|>\n<|im_start|>user\nWhat now?", ["Hello."]),
        ("Assistant: Hello. \nUser: and then?\nAssistant: No.", ["Hello."]),
        ("A colleague can help.", ["A colleague can help."]),
        ("Answers vary. \nUse the lift.", ["Answers vary.", "Use the lift."]),
        ("<p>Hello <b>you</b>.</p><br>Bye.", ["Hello you.", "Bye."]),
        ("Is 1 < 2? Yes.</s>More.", ["Is 1 2?", "Yes."]),
        ("- Tea.\n- Coffee.\n1. Cake.", ["Tea.", "Coffee.", "Cake."]),
        ("<thinking>They want tea.</thinking>Tea.", ["Tea."]),
        ("<think>never ends", []),
    ],
)  # fmt: skip
def test_only_the_words_are_said(text: str, spoken: list[str]) -> None:
    assert said(text) == spoken
    assert said(*text) == spoken


def test_directions_survive_where_they_stand() -> None:
    first, second = written("【开心】Look [action: present_right]here [1](http://x.example)[2][7]. [动作:挥手]Bye.")
    assert first == Sentence("Look here.", Emotion.HAPPY, (Cue("action", "present_right", 5),), ("p1", "p2"))
    assert second.text == "Bye."


def test_a_flood_in_one_chunk_is_read_only_as_far_as_anybody_listens() -> None:
    assert len(written("word. " * 2_000_000, sentences=3)) == 3
    endless = written("word " * 2_000_000, sentences=3)
    assert sum(len(sentence.text) for sentence in endless) < 4_000
