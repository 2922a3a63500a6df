"""Chinese prices."""

from __future__ import annotations

import re

from avatars.voices.text.rules import Found, Rule, rule
from avatars.voices.text.zh.numbers import NUMBER, cardinal, counted

UNITS = {
    "¥": "元", "￥": "元", "CN¥": "元", "CNY": "元", "RMB": "元", "$": "美元", "US$": "美元", "USD": "美元",
    "€": "欧元", "EUR": "欧元", "£": "英镑", "GBP": "英镑", "JP¥": "日元", "JPY": "日元", "円": "日元",
    "HK$": "港元", "HKD": "港元", "NT$": "新台币", "TWD": "新台币", "S$": "新加坡元", "SGD": "新加坡元",
    "A$": "澳元", "AU$": "澳元", "AUD": "澳元", "C$": "加元", "CA$": "加元", "CAD": "加元", "NZ$": "新西兰元",
    "₩": "韩元", "KRW": "韩元", "₽": "卢布", "RUB": "卢布", "₹": "卢比", "INR": "卢比", "฿": "泰铢", "THB": "泰铢",
    "₫": "越南盾", "VND": "越南盾", "CHF": "瑞士法郎", "MOP": "澳门元", "₺": "里拉", "MYR": "林吉特", "₱": "比索",
}  # fmt: skip
_SIGNS = "|".join(
    re.escape(each) for each in sorted((s for s in UNITS if not s.isascii() or not s.isalpha()), key=len, reverse=True)
)
_CODES = "|".join(each for each in UNITS if each.isascii() and each.isalpha())
_BIGS = {"k": "千", "K": "千", "w": "万", "W": "万", "m": "百万", "M": "百万", "b": "十亿", "B": "十亿", "bn": "十亿",
         "万": "万", "亿": "亿", "千": "千", "百万": "百万", "千万": "千万", "万亿": "万亿", "million": "百万",
         "billion": "十亿", "thousand": "千"}  # fmt: skip
_BIG = rf"\s?(?P<big>{'|'.join(sorted(_BIGS, key=len, reverse=True))})?(?![A-Za-z])"
_TO = r"\s?[-–—~～至到]\s?"
_PER = r"(?:\s?/\s?(?=[一-鿿]))?"


def big_of(text: str) -> str:
    """A magnitude in characters."""
    if not text:
        return ""
    return _BIGS[text]


def said_money(amount: str, unit: str, big: str = "") -> str:
    """An amount of a currency, by its sign or code."""
    return f"{cardinal(amount) if big_of(big)[:1] == '十' else counted(amount)}{big_of(big)}{UNITS[unit]}"


def _trimmed(amount: str) -> str:
    """128.00 is 128, 9.90 is 9.9."""
    return re.sub(r"(?:\.0+|(\.\d*?[1-9])0+)$", lambda m: m[1] or "", amount) if "." in amount else amount


def _price(found: Found) -> str | None:
    unit = found["unit"] or found["code"]
    amount, second = _trimmed(found["amount"]), _trimmed(found["second"])
    sign = "负" if found["sign"] else ""
    first = cardinal(amount) if second else ""
    said = f"{first}到{said_money(second, unit, found['big'])}" if second else said_money(amount, unit, found["big"])
    rest = found.after()[:1]
    per = "每" if found["per"] else ""
    if rest == "元" and UNITS[unit] == "元":
        said = said.removesuffix("元")
    return sign + said + per


_SIGN = r"(?P<sign>(?<![A-Za-z0-9])[-−－])?"
RULES: tuple[Rule, ...] = (
    rule(rf"{_SIGN}(?<![A-Za-z$])(?P<unit>{_SIGNS})\s?(?P<amount>{NUMBER})(?:{_TO}(?:{_SIGNS})"
        rf"?(?P<second>{NUMBER}))?{_BIG}(?P<per>\s?/\s?(?=[一-鿿]))?",
         _price),
    rule(rf"(?<![A-Za-z])(?P<code>{_CODES})\s?(?P<amount>{NUMBER})(?:{_TO}(?P<second>{NUMBER}))"
        rf"?{_BIG}(?P<per>\s?/\s?(?=[一-鿿]))?",
         _price),
    rule(rf"{_SIGN}(?<![A-Za-z0-9.])(?P<amount>{NUMBER})(?:{_TO}(?P<second>{NUMBER}))"
        rf"?{_BIG}\s?(?:(?P<unit>{_SIGNS})|(?P<code>{_CODES})(?![A-Za-z]))"
         r"(?P<per>\s?/\s?(?=[一-鿿]))?", _price),
)  # fmt: skip
