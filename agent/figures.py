"""The figures of a text: prices, hours, dates, shares, lengths, numbers; and whether others state the same.

Figures are compared by what they mean: `9 am`, `9:00`, `nine o'clock` and 九点 are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agent.numerals import digits

_UNITS = {
    "eur": "euros?|eur|€|欧元|欧",
    "usd": r"dollars?|usd|us\$|\$|美元|美金",
    "gbp": "pounds?|gbp|£|英镑",
    "cny": "yuan|rmb|cny|元|圆|块钱|块|¥|人民币",
    "cent": "cents?|角|毛",
    "%": "%|percent|per cent",
    "h": "hours?|hrs?|个?小时|个钟头|钟头",
    "min": "minutes?|mins?|分钟",
    "s": "seconds?|秒钟|秒",
    "day": "days?|天",
    "week": "weeks?|个?星期|周",
    "month": "月份|月",
    "year": "years?|年",
    "m": "metres?|meters?|m|米",
    "km": "kilometres?|kilometers?|km|公里|千米",
    "cm": "centimetres?|centimeters?|cm|厘米",
    "kg": "kilograms?|kilos?|kg|公斤|千克",
    "°": "degrees?|°c?|℃|度",
}
_MONEY = frozenset(["eur", "usd", "gbp", "cny"])
_STRICT = _MONEY | {"%"}
_CLAIMED = _STRICT | {"free", "share", "time", "weekday"}
"""What a question asks for: to repeat it from there would be to agree."""
_NUMBER = r"\d+(?:[.,]\d+)*"
_OF_UNIT = "|".join(f"(?P<u{place}>{pattern})" for place, pattern in enumerate(_UNITS.values()))
_MONEY_SIGN = {"€": "eur", "$": "usd", "£": "gbp", "¥": "cny"}
_QUANTITY = re.compile(rf"(?P<sign>[€$£¥]\s?)?(?P<number>{_NUMBER})[\s-]{{0,2}}(?:(?:{_OF_UNIT})(?![a-z]))?")
_HALF = r"半(?!个?小时|天|年|价)"
_CLOCK = re.compile(
    rf"(?P<when>上午|早上|早晨|凌晨|中午|下午|傍晚|晚上|夜里|晚)?(?P<h>\d{{1,2}})(?:点钟?|时)(?!\d{{3}})(?:(?P<m>\d{{1,2}})分?(?!钟)|(?P<half>{_HALF})|(?P<q>[13]刻))?"
    r"|(?P<h2>\d{1,2}):(?P<m2>[0-5]\d)(?::\d\d)?\s*(?P<when2>[ap]m)?"
    r"|(?P<h3>\d{1,2})\s*(?:(?P<when3>[ap]m)\b|o'?clock)(?:\s+in the (?P<part>morning|afternoon|evening))?"
)
_SPOKEN_TIMES = (
    (re.compile(r"\bhalf past (\d{1,2})\b"), lambda m: f"{m[1]}:30"),
    (re.compile(r"\b(?:a )?quarter past (\d{1,2})\b"), lambda m: f"{m[1]}:15"),
    (re.compile(r"\b(?:a )?quarter (?:to|before) (\d{1,2})\b"), lambda m: f"{(int(m[1]) - 1) % 24}:45"),
    (re.compile(r"\b(\d{1,2})(?: minutes)? past (\d{1,2})\b"), lambda m: f"{m[2]}:{int(m[1]):02}"),
    (re.compile(r"\b(?:noon|midday)\b|正午"), lambda m: "12:00"),
    (re.compile(r"\bmidnight\b|午夜"), lambda m: "0:00"),
    (re.compile(r"\bhalf an hour\b|半个?小时|半个钟头"), lambda m: "30 minutes "),
    (re.compile(r"\b(\d+|an?)( hours?)? and a half( hours?)?"), lambda m: f"{m[1] if m[1].isdigit() else 1}.5 hours "),
    (re.compile(r"(\d+|一)个半(?:小时|钟头)"), lambda m: f"{m[1].replace('一', '1')}.5小时"),
    (re.compile(r"(\d+)块(\d)(?!\d)"), lambda m: f"{m[1]}.{m[2]}元"),
    (re.compile(r"(\d+) euros?(?: and)? (\d\d)(?: cents?)?\b"), lambda m: f"{m[1]}.{m[2]} euros"),
)  # fmt: skip
_FREE = re.compile(
    r"(?<!feel )(?<!-)\bfree\b(?! to\b| time\b)|免费|不要钱|不收费|不用钱"
    r"|\b(?:no charge|without charge|no cost|costs? nothing|complimentary|gratis)\b"
)
_SHARES = (
    (re.compile(r"\b(?:half (?:the )?price|half of|half off)\b|半价|一半"), 0.5),
    (re.compile(r"\b(?:twice|double the)\b|[两双]倍"), 2.0),
)
_ROW = re.compile(r"0\d")
"""Begins what is dialled, and counts nothing."""
_AT = re.compile(
    r"\b(?:at|from|until|till|to|between|by|before|after|since|opens?|closes?)\s+$|[-–—至到]\s*$", re.IGNORECASE
)
_DATE = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b|\b(\d{1,2})[./](\d{1,2})[./](\d{2,4})\b")
_MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b")
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_DAY = re.compile(rf"\b(?P<en>{'|'.join(_DAYS)})s?\b|(?:星期|周|礼拜)(?P<zh>[1-6一二三四五六日天7])(?!个|天后)")
_SHORT_DAY = re.compile(r"\b(mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)\b\.?")
_DAY_RANGE = re.compile(r"(?<=d)([0-6])\s*(?:-|–|—|to|through|until|till|至|到|~)\s*(?:周|星期)?d([0-6])")


@dataclass(frozen=True, slots=True)
class Figure:
    """A value and what it counts; `time` counts minutes of the day, `half` is am or pm where it is said."""

    value: float
    unit: str = ""
    half: str = ""


Mention = tuple[Figure, ...]
"""One figure of a text, in every way that it can be read."""


def mentions(text: str) -> list[Mention]:
    """The figures in a text."""
    return _read(digits(text))[0]


class Stated:
    """The figures that some texts state."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._figures: set[Figure] = set()
        self._asked: set[Figure] = set()
        self._units: set[str] = set()
        self._joined = ""
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """One more text states its figures."""
        found, canonical = _read(digits(text), generous=True)
        self._figures.update(figure for mention in found for figure in mention)
        self._joined += " " + re.sub(r"(?<=\d)[\s()/.-]+(?=\d)", "", canonical)
        self._units.update(name for name, each in _UNITS.items() if re.search(rf"(?:{each})(?![a-z])", canonical))

    def ask(self, text: str) -> None:
        """A question has its figures: what is counted in it may be repeated, prices, hours and days may not."""
        self._asked.update(figure for mention in mentions(text) for figure in mention)

    def date(self, now: datetime) -> None:
        """The time and the day are stated too, as such alone."""
        self._figures.update((Figure(now.weekday(), "weekday"), Figure(now.month, "month")))
        self._figures.update((Figure(now.day, "date"), Figure(now.month, "date"), Figure(now.year, "date")))
        self._figures.add(Figure(now.hour * 60 + now.minute, "time"))

    def states(self, mention: Mention, *, denied: bool = False) -> bool:
        """Whether one of the figures means the same; `denied`: it may be one of the question's."""
        if any(self._states(figure) for figure in mention):
            return True
        repeated = any(_same(figure, other, set()) for figure in mention for other in self._asked)
        return repeated and (denied or not any(figure.unit in _CLAIMED for figure in mention))

    def unstated(self, text: str, *, denied: bool = False) -> bool:
        """Whether `text` has a figure that none of them states; `denied`: it may repeat the question's."""
        found, canonical = _read(digits(text))
        if all(self.states(mention, denied=denied) for mention in found):
            return False
        numbers = re.findall(r"\d[\d\s()/.-]{4,}\d", canonical)
        joined = {re.sub(r"\D", "", number) for number in numbers}
        rest = canonical
        for number in numbers:
            if re.sub(r"\D", "", number) in self._joined and len(re.sub(r"\D", "", number)) >= 6:
                rest = rest.replace(number, " ")
        return not joined or not all(self.states(mention) for mention in _read(rest)[0])

    def _states(self, figure: Figure) -> bool:
        return any(_same(figure, other, self._units) for other in self._figures)


def _same(one: Figure, other: Figure, units: set[str]) -> bool:
    if one.unit in ("free", "share"):
        return one == other or (one.unit == "free" and other.value == 0 and other.unit in _MONEY)
    if one.unit == "time" and other.unit == "time":
        fits = not one.half or not other.half or one.half == other.half
        return fits and one.value % 720 == other.value % 720
    if "time" in (one.unit, other.unit):
        time, plain = (one, other) if one.unit == "time" else (other, one)
        hour = plain.unit == "" and 0 <= plain.value <= 24
        return hour and time.value % 720 == (plain.value * 60) % 720 and plain.value == int(plain.value)
    if abs(one.value - other.value) > 1e-9:
        return False
    if one.unit == other.unit or not one.unit:
        return one.unit != "" or other.unit not in ("weekday", "month")
    return not other.unit and one.unit not in ("weekday",) and (one.unit not in _STRICT or one.unit in units)


def _read(text: str, *, generous: bool = False) -> tuple[list[Mention], str]:
    """The figures in a text in digits, and the text; `generous` takes days as a timetable writes them."""
    for pattern, written in _SPOKEN_TIMES:
        text = pattern.sub(written, text)
    found: list[Mention] = [(Figure(0, "free"),)] if _FREE.search(text) else []
    found += [(Figure(value, "share"),) for pattern, value in _SHARES if pattern.search(text)]
    rest = _days(text, found, generous=generous)
    rest = _dates(rest, found)
    rest = _CLOCK.sub(lambda clock: _clock(clock, found), rest)
    for quantity in _QUANTITY.finditer(rest):
        if generous and _ROW.match(quantity["number"]):
            continue
        found.append(_quantity(quantity, rest[: quantity.start()]))
    return found, text


def _days(text: str, found: list[Mention], *, generous: bool) -> str:
    def day(match: re.Match[str]) -> str:
        name = match["en"]
        place = _DAYS.index(name) if name else "一二三四五六日".find(match["zh"].replace("天", "日"))
        place = int(match["zh"]) - 1 if place < 0 else place
        found.append((Figure(place, "weekday"),))
        return f"d{place}"

    marked = _DAY.sub(day, text)
    if not generous:
        return re.sub(r"d[0-6]", " ", marked) if marked != text else text
    short = [name[:3] for name in _DAYS]
    marked = _SHORT_DAY.sub(lambda match: f"d{short.index(match[1][:3])}", marked)
    days = {int(each) for each in re.findall(r"\bd([0-6])|(?<=[^a-z])d([0-6])", marked) for each in each if each}
    for start, end in _DAY_RANGE.findall(marked):
        first, last = int(start), int(end)
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    if re.search(r"\bdaily\b|\bevery day\b|\bseven days\b|\b7 days a week\b|每天|天天|全年无休", text):
        days.update(range(7))
    if re.search(r"\bweekends?\b|周末", text):
        days.update((5, 6))
    if re.search(r"\b(?:weekdays?|working days?)\b|工作日", text):
        days.update(range(5))
    found.extend((Figure(day, "weekday"),) for day in days)
    return re.sub(r"d[0-6]", " ", marked)


def _dates(text: str, found: list[Mention]) -> str:
    def date(match: re.Match[str]) -> str:
        if match[1]:
            found.extend([(Figure(int(match[1])),), _month_or_day(match[2]), _month_or_day(match[3])])
        else:
            found.extend([_month_or_day(match[4]), _month_or_day(match[5]), (Figure(int(match[6])),)])
        return " "

    def month(match: re.Match[str]) -> str:
        name = match[0]
        beside = re.search(r"\d(?:st|nd|rd|th)?(?: of)? $|\b(?:in|of|since|until|from|to) $", text[: match.start()])
        if name in ("may", "march") and not (beside or re.match(r" \d", text[match.end() :])):
            return name
        found.append((Figure(_MONTHS.index(name) + 1, "month"),))
        return " "

    text = _MONTH.sub(month, text)
    return _DATE.sub(date, text)


def _month_or_day(number: str) -> Mention:
    return (Figure(int(number)), Figure(int(number), "month"))


def _clock(match: re.Match[str], found: list[Mention]) -> str:
    part = match.groupdict()
    hour = int(part["h"] or part["h2"] or part["h3"])
    minute = int(part["m"] or part["m2"] or 0)
    minute = 30 if part["half"] else 15 * int(part["q"][0]) if part["q"] else minute
    if hour > 24 or minute > 59:
        return match[0]
    said = part["when"] or part["when2"] or part["when3"] or part["part"] or ""
    half = "pm" if said in ("pm", "下午", "傍晚", "晚上", "晚", "afternoon", "evening") else "am" if said else ""
    half = "" if said in ("中午", "夜里") else half
    if hour > 12 or (part["h2"] and len(part["h2"]) == 2 and hour == 0):
        half = "pm" if hour > 12 else "am"
    readings = [Figure((hour % 12 if half else hour) * 60 + minute, "time", half)]
    if part["h"] and part["m"]:
        readings.append(Figure(float(f"{hour}.{part['m']}")))
    found.append(tuple(readings))
    return " "


def _quantity(match: re.Match[str], before: str) -> Mention:
    name = next((each for place, each in enumerate(_UNITS) if match[f"u{place}"]), "")
    if match["sign"]:
        name = _MONEY_SIGN[match["sign"].strip()]
    number = match["number"]
    value = _value(number)
    if name == "h":
        value, name = value * 60, "min"
    if name == "s":
        value, name = value / 60, "min"
    if name:
        return (Figure(value, name),)
    clock = re.fullmatch(r"(\d{1,2})[.,]([0-5]\d)", number)
    if clock and int(clock[1]) <= 24:
        return (Figure(value), Figure(int(clock[1]) * 60 + int(clock[2]), "time"))
    if value <= 24 and number.isdecimal() and _AT.search(before):
        return (Figure(value * 60, "time"),)
    return (Figure(value),)


def _value(number: str) -> float:
    """A number as either convention writes it: a mark before three digits groups, any other is the decimal one."""
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", number):
        return float(re.sub(r"[.,]", "", number))
    whole, mark, rest = number.replace(",", ".").rpartition(".")
    return float(whole.replace(".", "") + mark + rest)
