"""English prices in words."""

from __future__ import annotations

import re

from avatars.voices.text.en.numbers import MAGNITUDES, NUMBER, cardinal, one, whole
from avatars.voices.text.rules import Found, Rule, rule

_DOLLAR, _CENT = ("dollar", "dollars"), ("cent", "cents")
UNITS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "$": (_DOLLAR, _CENT), "USD": (("US dollar", "US dollars"), _CENT), "US$": (("US dollar", "US dollars"), _CENT),
    "€": (("euro", "euros"), _CENT), "EUR": (("euro", "euros"), _CENT),
    "£": (("pound", "pounds"), ("penny", "pence")), "GBP": (("pound", "pounds"), ("penny", "pence")),
    "¥": (("yen", "yen"), ("sen", "sen")), "JPY": (("yen", "yen"), ("sen", "sen")), "JP¥": (("yen", "yen"), ("sen",
    "sen")),
    "CN¥": (("yuan", "yuan"), ("fen", "fen")), "CNY": (("yuan", "yuan"), ("fen", "fen")),
    "RMB": (("yuan", "yuan"), ("fen", "fen")), "元": (("yuan", "yuan"), ("fen", "fen")),
    "HK$": (("Hong Kong dollar", "Hong Kong dollars"), _CENT), "HKD": (("Hong Kong dollar", "Hong Kong dollars"),
    _CENT),
    "NT$": (("Taiwan dollar", "Taiwan dollars"), _CENT), "TWD": (("Taiwan dollar", "Taiwan dollars"), _CENT),
    "S$": (("Singapore dollar", "Singapore dollars"), _CENT), "SGD": (("Singapore dollar", "Singapore dollars"), _CENT),
    "A$": (("Australian dollar", "Australian dollars"), _CENT), "AUD": (("Australian dollar", "Australian dollars"),
    _CENT),
    "AU$": (("Australian dollar", "Australian dollars"), _CENT),
    "C$": (("Canadian dollar", "Canadian dollars"), _CENT), "CAD": (("Canadian dollar", "Canadian dollars"), _CENT),
    "CA$": (("Canadian dollar", "Canadian dollars"), _CENT), "NZ$": (("New Zealand dollar", "New Zealand dollars"),
    _CENT),
    "NZD": (("New Zealand dollar", "New Zealand dollars"), _CENT), "R$": (("real", "reais"), ("centavo", "centavos")),
    "BRL": (("real", "reais"), ("centavo", "centavos")), "CHF": (("Swiss franc", "Swiss francs"), ("rappen", "rappen")),
    "₩": (("won", "won"), ("jeon", "jeon")), "KRW": (("won", "won"), ("jeon", "jeon")),
    "₹": (("rupee", "rupees"), ("paisa", "paise")), "INR": (("rupee", "rupees"), ("paisa", "paise")),
    "₽": (("ruble", "rubles"), ("kopeck", "kopecks")), "RUB": (("ruble", "rubles"), ("kopeck", "kopecks")),
    "₺": (("lira", "lira"), ("kurush", "kurush")), "TRY": (("lira", "lira"), ("kurush", "kurush")),
    "฿": (("baht", "baht"), ("satang", "satang")), "THB": (("baht", "baht"), ("satang", "satang")),
    "₫": (("dong", "dong"), ("xu", "xu")), "VND": (("dong", "dong"), ("xu", "xu")),
    "₪": (("shekel", "shekels"), ("agora", "agorot")), "ILS": (("shekel", "shekels"), ("agora", "agorot")),
    "₴": (("hryvnia", "hryvnias"), ("kopiyka", "kopiykas")), "₿": (("bitcoin", "bitcoins"), ("satoshi", "satoshis")),
    "SEK": (("krona", "kronor"), ("öre", "öre")), "NOK": (("krone", "kroner"), ("øre", "øre")),
    "DKK": (("krone", "kroner"), ("øre", "øre")), "PLN": (("zloty", "zlotys"), ("grosz", "groszy")),
    "MXN": (("peso", "pesos"), ("centavo", "centavos")), "ZAR": (("rand", "rand"), _CENT),
    "AED": (("dirham", "dirhams"), ("fils", "fils")), "SAR": (("riyal", "riyals"), ("halala", "halalas")),
    "MYR": (("ringgit", "ringgit"), ("sen", "sen")), "PHP": (("peso", "pesos"), ("centavo", "centavos")),
    "IDR": (("rupiah", "rupiah"), ("sen", "sen")),
}  # fmt: skip
SIGNS = "|".join(re.escape(each) for each in sorted((s for s in UNITS if not s.isalpha()), key=len, reverse=True))
CODES = "|".join(each for each in UNITS if each.isalpha() and each.isascii())
_BIG = r"(?:\s?(?P<big>k|K|thousand|m|M|mn|million|bn|B|billion|tn|T|trillion)\b)?"
_AMOUNT = rf"(?P<amount>{NUMBER})"
_SECOND = rf"(?:(?P<low>k|K|m|M|bn|B|T)?\s?[-–—]\s?(?:{SIGNS})?(?P<second>{NUMBER}))?"
_PER = (
    r"(?:\s?/\s?(?P<per>person|adult|child|hour|hr|h|day|night|week|month|mo|year|yr|kg|lb|g|km|m|item|piece|"
    r"ticket|head|pp)\b)?"
)
_PERS = {"hr": "hour", "h": "hour", "mo": "month", "yr": "year", "kg": "kilogram", "lb": "pound", "g": "gram",
         "km": "kilometer", "m": "meter", "pp": "person"}  # fmt: skip
_NOUN = re.compile(r"\s(?!for|per|and|or|to|a|an|each|off|in|on|at|with|is|was|are|now|only|more|less|by|from|of|if|"
                   r"when|but|as|than|the|every|including|plus|total|extra|back|ago|today|until|will|would|can|has|had|"
                   r"which|that|this)[a-z]{3,}")  # fmt: skip


def said_money(amount: str, unit: str, big: str = "", *, single: bool = False) -> str:
    """An amount of a currency, by its sign or code: dollars, and cents where there are two decimals."""
    major, minor = UNITS[unit]
    if big:
        return f"{cardinal(amount)} {MAGNITUDES[big.lower()]} {major[0] if single else major[1]}"
    front, _, cents = amount.replace(",", "").partition(".")
    if len(cents) not in (0, 2):
        return f"{cardinal(amount)} {major[1]}"
    parts = []
    if int(front or "0") or not int(cents or "0"):
        parts.append(f"{whole(front or '0')} {major[0] if one(front) or single else major[1]}")
    if int(cents or "0"):
        parts.append(f"{whole(cents.lstrip('0'))} {minor[0] if int(cents) == 1 else minor[1]}")
    return " and ".join(parts)


def _price(found: Found) -> str | None:
    amount, unit, big = found["amount"], found["unit"] or found["code"], found["big"]
    if unit not in UNITS:
        return None
    sign = "minus " if found["sign"] else ""
    per = f" per {_PERS.get(found['per'], found['per'])}" if found["per"] else ""
    single = bool(
        re.search(
            r"\b(?:a|an|the|this|our|your|each|"
            r"every) $",
            found.before(),
        )
        and _NOUN.match(found.after())
    )
    if found["second"]:
        head = cardinal(amount) + (f" {MAGNITUDES[found['low'].lower()]}" if found["low"] else "")
        return f"{sign}{head} to {said_money(found['second'], unit, big)}{per}"
    return f"{sign}{said_money(amount, unit, big, single=single)}{per}"


def _european(found: Found) -> str | None:
    amount = found["whole"].replace(".", "") + "." + found["cents"]
    return said_money(amount, found["unit"] or found["code"])


def _cents(found: Found) -> str | None:
    return f"{cardinal(found['amount'])} {'cent' if one(found['amount']) else 'cents'}"


_SIGN = r"(?P<sign>(?<![\w)])[-−])?"
RULES: tuple[Rule, ...] = (
    rule(rf"(?<![\w$])(?P<unit>{SIGNS})\s?(?P<whole>\d{{1,3}}(?:\.\d{{3}})*),(?P<cents>\d\d)(?P<code>)"
        rf"(?![\d,])", _european),
    rule(rf"(?<![\w.,])(?P<whole>\d{{1,3}}(?:\.\d{{3}})*|\d+),(?P<cents>\d\d)\s?(?:(?P<unit>{SIGNS})|"
        rf"(?P<code>{CODES})\b)",
         _european),
    rule(rf"{_SIGN}(?<![A-Za-z$])(?P<unit>{SIGNS})(?P<code>)\s?{_AMOUNT}{_SECOND}{_BIG}{_PER}(?![\d])", _price),
    rule(rf"(?<![\w])(?P<sign>)(?P<unit>)(?P<code>{CODES})\s?{_AMOUNT}{_SECOND}{_BIG}{_PER}(?![\d])", _price),
    rule(rf"{_SIGN}(?<![\w.,$]){_AMOUNT}(?:\s?[-–—]\s?(?P<second>{NUMBER}))?{_BIG}\s?(?:(?P<unit>{SIGNS}|元)|"
        rf"(?P<code>{CODES})\b){_PER}(?!\d)",
         _price),
    rule(rf"(?<![\w.,]){_AMOUNT}\s?¢", _cents),
    rule(r"(?<![\w.,$€£¥])(?P<amount>[1-9]\d?)p(?!\w)", lambda found:
         f"{cardinal(found['amount'])} {'penny' if one(found['amount']) else 'pence'}"),
)  # fmt: skip
