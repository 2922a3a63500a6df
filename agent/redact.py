"""Personal data and links in a text: found, and masked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from agent.checksums import chinese_id, iban, luhn

_NUMERALS = (
    "壹贰叁肆伍陆柒捌玖⓪①②③④⑤⑥⑦⑧⑨零〇一二三四五六七八九幺０１２３４５６７８９٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹＋－＠．　（）：／"
)
_DIGITS = str.maketrans(_NUMERALS, "123456789012345678900123456789101234567890123456789" + "0123456789+-@. ():/")
_SPOKEN = "zero|oh|one|two|three|four|five|six|seven|eight|nine"
_SITES = (
    "com|net|org|edu|gov|info|biz|cn|io|ai|app|dev|xyz|top|site|shop|store|online|club|vip|live|link|click|tech|cc|tv"
    "|uk|de|fr|jp|kr|tw|hk|ru|eu|ca|au|nl|es|br|ch|se|pl|cz|ro|hu|gr|tk|ml|ga|gg|ly|icu|fun|work|wang|ren|pro|museum"
)
_NOT_IN = r"(?<![A-Za-z0-9])"


FEWEST = 5
"""Digits of the shortest number that is found."""


class Found(NamedTuple):
    """A piece of a text and what kind of thing it is."""

    kind: str
    start: int
    end: int


class _Rule(NamedTuple):
    kind: str
    pattern: re.Pattern[str]
    proved: Callable[[str], bool]
    needs: str
    """A sign without which it fits nothing, as `_signs` finds them."""


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _solid(text: str) -> str:
    return re.sub(r"[\s-]", "", text)


def _rule(kind: str, pattern: str, proved: Callable[[str], bool] = lambda text: True, needs: str = "digits") -> _Rule:
    return _Rule(kind, re.compile(pattern, re.IGNORECASE | re.ASCII), proved, needs)


_PERSONAL = (
    _rule("email", r"[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}", needs="at"),
    _rule(
        "email",
        r"[a-z0-9][a-z0-9._%+-]{0,63}\s?(?:\(at\)|\[at\]|\{at\}|\sat\s|#at#)\s?"
        rf"[a-z0-9-]{{1,63}}(?:\s?(?:\.|\(dot\)|\[dot\]|\sdot\s)\s?[a-z0-9-]{{1,63}}){{0,3}}"
        rf"\s?(?:\.|\(dot\)|\[dot\]|\sdot\s)\s?(?:{_SITES})(?![a-z0-9])",
        needs="at",
    ),
    _rule("iban", _NOT_IN + r"[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,30}(?![a-z0-9])", lambda text: iban(_solid(text))),
    _rule("id", r"(?<!\d)[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[\dx](?![a-z0-9])",
          lambda text: chinese_id(_solid(text))),
    _rule("id", r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])"),
    _rule("card", r"(?<!\d)\d(?:[ -]?\d){12,18}(?![ -]?\d)", lambda text: luhn(_digits(text))),
    _rule("phone", r"(?<![\d+])(?:\+|00)[1-9](?:[ ().-]{0,2}\d){6,14}(?!\d)"),
    _rule("phone", r"(?<![\d.])(?:86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"),
    _rule("phone", r"(?<![\d.])1([-.*_]| {1,2})[3-9](?:\1\d){9}(?!\1?\d)"),
    _rule("phone", r"(?<![\d.,-])\(?0\d{2,3}\)?[- ]?\d{7,8}(?!\d)"),
    _rule("phone", r"(?<![\d.,-])0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}(?!\d)"),
    _rule("phone", r"(?<![\d.,-])[48]00[- ]\d{3,4}[- ]?\d{3,4}(?!\d)"),
    _rule("phone", r"(?<![\d.,-])(?:1[-. ]?)?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-. ])\d{3}[-. ]\d{4}(?!\d)"),
    _rule("phone", r"(?:phone|mobile|cell|call|dial|tel|fax|whatsapp|text)\b[^\d\n]{0,16}(?<!\d)"
          r"(?:\d[ .-]?){5,14}\d(?!\d)"),
    _rule("phone", r"(?:电话|手机|座机|热线|拨打|致电|打给|联系)[^\d\n]{0,8}(?:\d[ .-]?){5,14}\d(?!\d)"),
    _rule("phone", rf"\b(?:(?:double |triple )?(?:{_SPOKEN})[ ,-]{{1,2}}){{6,15}}(?:{_SPOKEN})\b", needs="words"),
    _rule("contact", r"(?:微信|威信|薇信|(?<![a-z])(?:wechat|weixin|wx|vx|qq|telegram|snapchat))"
          r"(?:号码?| ?id)?[ ::是is]{0,4}(?=[a-z0-9_-]*\d)[a-z0-9_-]{5,24}", needs="few"),
    _rule("address", r"\d{1,4}号?[楼栋幢](?:\d{1,2}单元)?\d{2,5}[室号]", needs="few"),
)  # fmt: skip
_LINKS = (
    _rule("link", r"(?:https?|ftp)://[^\s<>\"'，。！？；）》]{1,2000}", needs="dot"),
    _rule("link", _NOT_IN + r"www\.[^\s<>\"'，。！？；）》]{2,2000}", needs="dot"),
    _rule(
        "link",
        rf"(?<![A-Za-z0-9@._-])(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:{_SITES})(?![a-z0-9-]|\.[a-z0-9])"
        r"(?:[/?#:][^\s<>\"'，。！？；）》]{0,2000})?",
        needs="dot",
    ),
    _rule(
        "link", r"(?<![A-Za-z0-9@._-])[a-z0-9-]{1,63}\.[a-z]{2,3}/[a-z0-9][^\s<>\"'，。！？；）》]{0,2000}", needs="dot"
    ),
    _rule("link", rf"[a-z0-9-]{{2,63}} ?(?:\(dot\)|\[dot\]|\[\.\]|点) ?(?:{_SITES})(?![a-z0-9])", needs="dot"),
    _rule("link", rf"(?<![a-z])www dot [a-z0-9-]{{1,63}} dot (?:{_SITES})(?![a-z0-9])", needs="dot"),
    _rule("link", r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5}|/)[^\s]{0,200}", needs="dot"),
)
_MASKS = {
    "en": {"email": "e-mail address", "id": "ID number", "card": "card number", "iban": "account number"},
    "zh": {"email": "邮箱", "phone": "电话", "id": "证件号", "card": "卡号", "iban": "账号", "contact": "联系方式",
           "address": "地址", "link": "链接"},
}  # fmt: skip
_NUMBER = re.compile(rf"\b(?:{_SPOKEN})\b", re.IGNORECASE)
_DOT = re.compile(r"[a-z0-9]\.[a-z0-9]|[(\[](?:dot|\.)|\bdot\b|点\s?[a-z]|://", re.IGNORECASE)
_DIGIT = re.compile(r"\d", re.ASCII)
_AT = re.compile(r"@|\sat\s|[(\[{#]at", re.IGNORECASE)


def personal(text: str) -> list[Found]:
    """The personal data in a text, in order, none overlapping another."""
    return _find(text, _PERSONAL)


def links(text: str) -> list[Found]:
    """The links and bare domains in a text, in order."""
    return _find(text, _LINKS)


def masked(text: str, found: list[Found], language: str = "en") -> str:
    """`text` with each piece replaced by its kind in brackets."""
    names = _MASKS.get(language.split("-")[0].lower(), _MASKS["en"])
    pieces, at = [], 0
    for each in sorted(found, key=lambda each: each.start):
        if each.start < at:
            continue
        pieces += [text[at : each.start], f"[{names.get(each.kind, each.kind)}]"]
        at = each.end
    return "".join([*pieces, text[at:]])


def redacted(text: str, language: str = "en") -> str:
    """`text` with personal data and links masked."""
    emails = personal(text)
    taken = [each for each in links(text) if not any(each.start < one.end and one.start < each.end for one in emails)]
    return masked(text, [*emails, *taken], language)


def _find(text: str, rules: tuple[_Rule, ...]) -> list[Found]:
    plain = text.translate(_DIGITS)
    signs = _signs(plain)
    found: list[Found] = []
    for rule in rules:
        if rule.needs in signs:
            found += (each for each in _matches(rule, plain) if not _overlaps(each, found))
    return sorted(found, key=lambda each: each.start)


def _signs(text: str) -> set[str]:
    """What is in the text that a rule may need: most texts have none of it."""
    signs = set()
    digits = len(_DIGIT.findall(text))
    if digits:
        signs.add("few")
    if digits >= FEWEST:
        signs.add("digits")
    if _AT.search(text):
        signs.add("at")
    if _DOT.search(text):
        signs.add("dot")
    if len(_NUMBER.findall(text)) > FEWEST:
        signs.add("words")
    return signs


def _matches(rule: _Rule, text: str) -> Iterator[Found]:
    for match in rule.pattern.finditer(text):
        if rule.proved(match.group()):
            yield Found(rule.kind, *match.span())


def _overlaps(one: Found, found: list[Found]) -> bool:
    return any(one.start < each.end and each.start < one.end for each in found)
