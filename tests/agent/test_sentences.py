"""How answers are cut into the pieces that a voice speaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.sentences import CAP, Piece, Splitter, rejoin, split

TEXT = st.text(alphabet='ab Z9.,!?;…。，！？；“”"()\n天地人：、-', max_size=120)
CUTS = st.lists(st.integers(1, 7), max_size=60)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("We open at nine. See you soon!", ("We open at nine.", "See you soon!")),
        ("It costs 3.50 euros. Really?", ("It costs 3.50 euros.", "Really?")),
        ("Dr. Lee and Mr. J. R. Poe are here. Ask them.", ("Dr. Lee and Mr. J. R. Poe are here.", "Ask them.")),
        ("From 9 a.m. to 5 p.m. every day.", ("From 9 a.m. to 5 p.m. every day.",)),
        ("We close at 5 p.m. Come early.", ("We close at 5 p.m.", "Come early.")),
        ("See www.museum.org. It is free.", ("See www.museum.org.", "It is free.")),
        ("Look at https://a.org/?q=1!2 now. Bye.", ("Look at https://a.org/?q=1!2 now.", "Bye.")),
        ("Is it free? No. See room no. 5.", ("Is it free?", "No.", "See room no. 5.")),
        ("Well... maybe. Fine... Or not.", ("Well... maybe.", "Fine...", "Or not.")),
        ('She said "Stop!" Then he left.', ('She said "Stop!"', "Then he left.")),
        ("1. Go left. 2. Go up.", ("1. Go left.", "2. Go up.")),
        ("It opened in 1990. The roof is new.", ("It opened in 1990.", "The roof is new.")),
        ("您好！欢迎光临。请问要喝什么茶？", ("您好！", "欢迎光临。", "请问要喝什么茶？")),
        ("他说：“好的。”然后走了。", ("他说：“好的。”", "然后走了。")),
        ("真的？！太好了……我们走吧。", ("真的？！", "太好了……我们走吧。")),
        ("龙井38.5元一两；毛峰便宜。", ("龙井38.5元一两；", "毛峰便宜。")),
        ("One line\nanother line", ("One line", "another line")),
        ("Hello! 😀", ("Hello!",)),
        ("…", ()),
        ("", ()),
    ],
)
def test_a_whole_text_is_cut_at_its_sentences(text: str, pieces: tuple[str, ...]) -> None:
    assert split(text) == pieces


def live(text: str, *, step: int = 1) -> list[Piece]:
    splitter = Splitter(live=True)
    pieces = [piece for i in range(0, len(text), step) for piece in splitter.feed(text[i : i + step])]
    return pieces + splitter.end()


def test_a_chinese_stop_is_not_waited_on() -> None:
    splitter = Splitter(live=True)
    assert splitter.feed("您好") == []
    assert splitter.feed("！") == [Piece("您好！", 0)]
    assert splitter.feed("！欢迎。") == [Piece("欢迎。", 4)]


def test_an_english_dot_waits_for_what_follows() -> None:
    splitter = Splitter(live=True)
    assert splitter.feed("It costs 3.") == []
    assert splitter.feed("5 euros.") == []
    assert splitter.feed(" ") == [Piece("It costs 3.5 euros.", 0)]


def test_the_first_clause_of_a_live_stream_goes_at_once() -> None:
    text = "If you turn left at the stairs, you will see it, right behind the door. It is blue, and big."
    assert [piece.text for piece in live(text)] == [
        "If you turn left at the stairs,",
        "you will see it, right behind the door.",
        "It is blue, and big.",
    ]


def test_a_short_or_numeric_clause_is_not_worth_a_piece() -> None:
    assert [p.text for p in live("Yes, of course we do. Fine.")] == ["Yes, of course we do.", "Fine."]
    assert [p.text for p in live("The hall seats up to 1,000 people. Ok.")] == [
        "The hall seats up to 1,000 people.",
        "Ok.",
    ]
    assert [p.text for p in live("我们今天有很多新到的春茶，欢迎您来品尝。")] == [
        "我们今天有很多新到的春茶，",
        "欢迎您来品尝。",
    ]


def test_an_open_quotation_waits_for_its_end() -> None:
    assert [p.text for p in live("店主说：“请坐。”您随意。")] == ["店主说：“请坐。”", "您随意。"]


@pytest.mark.parametrize("text", ["word " * 400, "字" * 2000, "x" * 2000, "clause here, " * 150, "好的，" * 700])
def test_a_run_without_an_end_is_cut_at_the_cap(text: str) -> None:
    pieces = split(text)
    assert all(0 < sum(2 if "一" <= c <= "龥" else 1 for c in piece) <= CAP + 1 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    if "," in text or "，" in text:
        assert all(piece[-1] in ",，" for piece in pieces)


@given(TEXT)
def test_nothing_sayable_is_lost_or_moved(text: str) -> None:
    pieces = split(text)
    joined = "".join("".join(pieces).split())
    bare = "".join(text.split())
    assert joined == bare[: len(joined)] or joined in bare
    assert [c for c in joined if c.isalnum()] == [c for c in bare if c.isalnum()]
    assert all(any(c.isalnum() for c in piece) for piece in pieces)


@given(TEXT, CUTS, st.booleans())
def test_pieces_do_not_depend_on_the_chunks(text: str, cuts: list[int], is_live: bool) -> None:
    whole, chunked = Splitter(live=is_live), Splitter(live=is_live)
    expected = whole.feed(text) + whole.end()
    got: list[Piece] = []
    rest = text
    for cut in cuts:
        got += chunked.feed(rest[:cut])
        rest = rest[cut:]
    got += chunked.feed(rest) + chunked.end()
    assert got == expected


@given(TEXT)
def test_a_live_piece_knows_its_place(text: str) -> None:
    for piece in live(text, step=3):
        assert text[piece.start : piece.start + len(piece.text)] == piece.text


def test_pieces_are_rejoined_as_they_are_written() -> None:
    assert rejoin(["Hello there.", "Come in."]) == "Hello there. Come in."
    assert rejoin(["您好！", "请进。"]) == "您好！请进。"
