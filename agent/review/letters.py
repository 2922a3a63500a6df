"""Characters that stand for others: look-alikes, digits for letters, Chinese ones in halves or rare forms."""

from __future__ import annotations

_ALIKE = {
    "a": "аαɑᴀ∂", "b": "ЬввьʙƅɓᏏ", "c": "сϲᴄⅽ¢", "d": "ԁɗᴅժ", "e": "еєεҽᴇəɛ", "f": "ƒꜰғ", "g": "ɡɢցǥ",
    "h": "һнʜհ", "i": "іιıɪӏᎥ", "j": "јʝᴊ", "k": "кκᴋқ", "l": "ⅼʟłƖǀ", "m": "мᴍ", "n": "пηɴոռ", "o": "оοσᴏөօ",
    "p": "рρᴘ", "q": "ԛզ", "r": "гʀɾᴦ", "s": "ѕꜱʂ", "t": "тτᴛŧ", "u": "υцᴜսʋμ", "v": "νᴠѵ", "w": "ԝωшщᴡա",
    "x": "хχ×", "y": "уγүʏყ", "z": "ᴢʐƶ",
}  # fmt: skip
_DIGITS = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g"}
_SIGNS = {"@": "a", "$": "s", "!": "i", "|": "i", "+": "t", "€": "e", "£": "i", "¥": "y", "(": "c", "¡": "i"}
_SQUARED = (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
"""Where the letters A to Z begin as white and black squares and circles, and as halves of flags."""

CONFUSABLES: dict[int, str] = {ord(each): letter for letter, alike in _ALIKE.items() for each in alike}
CONFUSABLES |= {first + place: chr(ord("a") + place) for first in _SQUARED for place in range(26)}
"""A look-alike to its Latin letter, after case folding."""

LEET: dict[int, str] = {ord(each): letter for each, letter in (_DIGITS | _SIGNS).items()}
"""A digit or a sign to the letter that it stands for."""

HALVES: dict[str, str] = {
    "女马": "妈", "亻尔": "你", "亻也": "他", "女也": "她", "尸吊": "屌", "尸穴": "屄", "入肉": "肏", "女表": "婊",
    "女支": "妓", "女昌": "娼", "贝戋": "贱", "亻吏": "使", "口乞": "吃", "米田共": "粪", "尸米": "屎", "马户": "驴",
    "妳": "你", "姦": "奸", "扌喿": "操", "艹早": "草", "月复": "腹", "忄生": "性", "歹匕": "死",
}  # fmt: skip
"""A character written as its parts, or in a rare way, to the character."""
