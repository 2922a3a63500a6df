"""Little words that make a question of a sentence: 卖不卖, 喜不喜欢, 还有票没."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.chinese.lexicon import FRAME, Piece, pieces
from knowledge.chinese.numerals import with_numbers

_NOT = {"不", "没", "没有"}


def read(plain: str) -> list[Piece]:
    """The pieces of a normalised text, numerals as digits, and without weight what only makes it a question."""
    return framed(with_numbers(pieces(plain)))


def framed(cut: Sequence[Piece]) -> list[Piece]:
    """The same pieces; a "not" that only asks, and the verb before it that is said again, carry nothing."""
    found = list(cut)
    for at, piece in enumerate(cut):
        if piece.text not in _NOT or at == 0:
            continue
        after = cut[at + 1].text if at + 1 < len(cut) else ""
        if not after:
            found[at] = Piece(piece.text, (FRAME,))
        elif after.startswith(cut[at - 1].text):
            found[at - 1 : at + 1] = Piece(cut[at - 1].text, (FRAME,)), Piece(piece.text, (FRAME,))
    return found
