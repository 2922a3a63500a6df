"""English dates and times of day in words."""

from __future__ import annotations

import re
from datetime import date

from avatars.voices.text.en.numbers import cardinal, decade, digits, ordinal, whole, year
from avatars.voices.text.rules import Found, Rule, rule

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
DAYS = {"mon": "Monday", "tue": "Tuesday", "tues": "Tuesday", "wed": "Wednesday", "thu": "Thursday",
        "thur": "Thursday", "thurs": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday"}  # fmt: skip
_SHORT = {name[:3].lower(): name for name in MONTHS} | {"sept": "September"}
_MONTH_NAME = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|" \
              r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"  # fmt: skip
_MONTH = rf"(?P<month>{_MONTH_NAME}\b)\.?"
_YEAR = r"(?P<year>1\d{3}|20\d{2})(?![\d,]*\d)(?!\.\d)"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_TO = r"\s?[-–—~]\s?"
_CLOCK = r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?"
_HALF = r"(?:\s?(?:[aApP]\.m\.|[aApP]\.?[mM]\b))"
_DAYNAME = r"(?:Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)"
_SURELY = re.compile(
    r"\b(?:since|until|till|q[1-4]|circa|ca?\.|years?|summer|autumn|winter|spring|mid|born|founded|built|established|opened|"
    r"est\.|©|\(c\)|" + "|".join(MONTHS).lower() + r")[\s(-]*$"
)
_LIKELY = re.compile(r"\b(?:in|from|by|of|during|before|after|around|early|late|fall|to|and|between|about)[\s(-]*$")
_PLURAL = re.compile(
    r"\s(?:(?!(?:it|he|she|we|they|you|i|the|this|that|and|or|but|when|which|who|there|as|was|is|has|our|its|his|her)\b)"
    r"[a-z]+ )?(?!(?:was|is|has|this|as|its|us|thus|plus|always|series|class|across|census|games|olympics|elections?|"
    r"does|press|congress)\b)(?:[a-z]{2,}s|people|men|women|children|guests|visitors)\b"
)


def month_of(text: str) -> str:
    """The full name of a month that may be shortened."""
    return _SHORT[text[:4].lower() if text[:4].lower() == "sept" else text[:3].lower()]


def british(tag: str) -> bool:
    """Whether the language's dates begin with the day."""
    return tag.startswith("en-") and tag not in ("en-us", "en-ca", "en-ph")


def said_date(tag: str, day: int | None, month: int | None, years: str = "") -> str:
    """A date in words, as the variety of English orders it."""
    the_year = year(years) if len(years) == 4 else f"oh {digits(years[1])}" if years[:1] == "0" else whole(years or "0")
    if month is None:
        return the_year
    name = MONTHS[month - 1]
    if day is None:
        return f"{name} {the_year}" if years else name
    if british(tag):
        return f"the {ordinal(str(day))} of {name}" + (f", {the_year}" if years else "")
    return f"{name} {ordinal(str(day))}" + (f", {the_year}" if years else "")


def real(day: int, month: int, years: str = "2000") -> bool:
    """Whether there is such a day."""
    try:
        date(int(years) if len(years) == 4 and int(years) else 2000, month, day)
    except ValueError:
        return False
    return True


def _iso(found: Found) -> str | None:
    day, month = int(found["day"]), int(found["month"])
    if not real(day, month, found["year"]):
        return None
    said = said_date(found.tag, day, month, found["year"])
    return f"{said}, {said_time(found['time'])}" if found["time"] else said


def _slashed(found: Found) -> str | None:
    first, second = int(found["a"]), int(found["b"])
    dotted = found["sep"] == "."
    day, month = (first, second) if dotted or british(found.tag) or first > 12 else (second, first)
    if month > 12:
        day, month = month, day
    return said_date(found.tag, day, month, found["year"]) if month and real(day, month, found["year"]) else None


def _short_slashed(found: Found) -> str | None:
    """A day and a month alone: a date only where the text says so."""
    if not re.search(r"\b(?:on|until|till|from|by|before|after|since|(?:mon|tues|wednes|thurs|fri|satur|sun)day),? $",
                     found.before()):  # fmt: skip
        return None
    return _slashed(found)


def _day_month(found: Found) -> str | None:
    name = month_of(found["month"])
    the = "" if re.search(r"\bthe $", found.before()) else "the "
    day = f"{ordinal(found['day'])}" + (f" to the {ordinal(found['day2'])}" if found["day2"] else "")
    return f"{the}{day} of {name}" + (f", {year(found['year'])}" if found["year"] else "")


def _month_day(found: Found) -> str | None:
    name = month_of(found["month"])
    day = ordinal(found["day"]) + (f" to {ordinal(found['day2'])}" if found["day2"] else "")
    return f"{name} {day}" + (f", {year(found['year'])}" if found["year"] else "")


def _months(found: Found) -> str | None:
    said = f"{month_of(found['month'])} to {month_of(found['until'])}"
    return said + (f" {year(found['year'])}" if found["year"] else "")


def said_time(text: str) -> str:
    """9:05 as nine oh five, 9:00 as nine o'clock, 17:00 as seventeen hundred."""
    hour, minute, *second = (int(each) for each in text.split(":"))
    tail = f" and {cardinal(str(second[0]))} seconds" if second and second[0] else ""
    if not minute and not tail:
        if hour in (0, 24):
            return "midnight"
        return f"{whole(str(hour))} o'clock" if hour <= 12 else f"{whole(str(hour))} hundred"
    hours = whole(str(hour))
    if not minute:
        return f"{hours} o'clock{tail}"
    return f"{hours} {'oh ' if minute < 10 else ''}{whole(str(minute))}{tail}"


def _half(text: str) -> str:
    return "A-M" if text.strip().lower().startswith("a") else "P-M"


def _clock(found: Found) -> str | None:
    half = found["half"]
    stop = "." if half.endswith(".") and re.match(r"\s+[A-Z]|\s*$", found.after()) else ""
    if not half and re.search(r"(?:score|won|lost|drew|beat|ratio|odds)\b[^.]{0,18}$", found.before()):
        return None
    if half and (found["time"].endswith(":00") or ":" not in found["time"]):
        return f"{whole(str(int(found['time'].split(':')[0])))} {_half(half)}{stop}"
    return said_time(found["time"]) + (f" {_half(half)}{stop}" if half else "")


def _clocks(found: Found) -> str | None:
    parts = []
    for time, half in ((found["t1"], found["h1"]), (found["t2"], found["h2"])):
        hour = time.partition(":")[0]
        bare = ":" not in time or ((half or found["h2"]) and time.endswith(":00"))
        parts.append((whole(str(int(hour))) if bare else said_time(time)) + (f" {_half(half)}" if half else ""))
    return " to ".join(parts)


def _dotted_clock(found: Found) -> str | None:
    """9.30am, as it is written in Britain; without its half of the day it is a number."""
    if not (found["half1"] or found["half2"]):
        return None
    said = f"{said_time(found['h1'] + ':' + found['m1'])}{' ' + _half(found['half1']) if found['half1'] else ''}"
    if found["h2"]:
        said += f" to {said_time(found['h2'] + ':' + found['m2'])}"
    return said + (f" {_half(found['half2'])}" if found["half2"] else "")


def _bare_decade(found: Found) -> str | None:
    """The 90s, 80s music; anything else is so many seconds."""
    told = re.search(r"\b(?:the|early|mid|late|in (?:his|her|their|my|your))[\s-]$", found.before())
    style = re.match(r"\s(?:music|fashion|style|pop|rock|disco|hits?|movies?|films?|songs?|party)\b", found.after())
    return decade(f"{found['d']}0") if told or style else None


def _years(found: Found) -> str | None:
    """Two years with a dash: a span of time when it grows."""
    first, second = found["a"], found["b"]
    later = second if len(second) == 4 else first[:2] + second
    if int(later) <= int(first) or not 1000 <= int(first) < 2100:
        return None
    return f"{year(first)} to {year(second) if len(second) == 4 else whole(second)}"


def _year(found: Found) -> str | None:
    """A number of four digits that the text treats as a year."""
    if found["era"]:
        return f"{year(found['year'])} {'-'.join(found['era'].replace('.', ''))}"
    if _SURELY.search(found.before()):
        return year(found["year"])
    if _PLURAL.match(found.after()) or re.match(r"\s?(?:%|[a-z]{1,3}\b/|(?:kg|km|m|cm|mm|g|GB|MB)\b)", found.after()):
        return None
    number = int(found["year"])
    if _LIKELY.search(found.before()) or (found.before()[-1:] == "(" and found.after()[:1] == ")"):
        return year(found["year"]) if number % 1000 or number == 2000 else None
    room = re.search(r"(?:room|no\.|number|code|pin|flight|train|bus|order|gate|suite|apartment|extension|ext\.) ?#?$",
                     found.before())  # fmt: skip
    alone = re.search(r"(?:^|[a-z,;:(] ?)$", found.before())
    return year(found["year"]) if 1900 <= number < 2100 and alone and not room else None


def _weekday(found: Found) -> str | None:
    first, second = DAYS[found["a"].lower()], found["b"]
    return first + (f" to {DAYS[second.lower()]}" if second else "")


RULES: tuple[Rule, ...] = (
    rule(rf"(?<![\w/-]){_YEAR}(?P<s>[/-])(?P<month>\d{{1,2}})(?P=s)(?P<day>\d{{1,2}})(?![/\d])"
         rf"(?:[T ](?P<time>{_CLOCK})(?:\.\d+)?Z?)?(?![\w-]*\d)", _iso),
    rule(r"(?<![\w/.-])(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<year>(?:1\d|20)\d\d|\d\d)"
        r"(?![\w/-]|\.\d)",
         _slashed),
    rule(r"(?<![\w/.-])(?P<a>\d{1,2})(?P<sep>/)(?P<b>\d{1,2})(?P<year>)(?![\w/-]|\.\d)", _short_slashed),
    rule(rf"(?<![\w.:/-]){_DAY}(?:{_TO}(?P<day2>[12]?\d|3[01])(?:st|nd|rd|th)?)?\s(?:of\s)?{_MONTH}(?:,?\s{_YEAR})?",
         _day_month),
    rule(rf"(?<!\w){_MONTH}\s(?:the\s)?{_DAY}(?:{_TO}(?P<day2>[12]?\d|3[01])(?:st|nd|rd|th)?)?(?![\d:/]|,\d|"
        rf"\.\d|\s?[ap]\.?m)"
         rf"(?:,?\s{_YEAR})?", _month_day),
    rule(rf"(?<!\w){_MONTH}{_TO}(?P<until>{_MONTH_NAME})(?!\w)\.?(?:\s{_YEAR})?", _months),
    rule(rf"(?<!\w){_MONTH}\s{_YEAR}", lambda found: f"{month_of(found['month'])} {year(found['year'])}"),
    rule(r"(?<![\w,.])(?P<y>1\d|20)(?P<d>\d)0['’]?s\b", lambda found: decade(f"{found['y']}{found['d']}0")),
    rule(r"(?<![\w,.])['’](?P<d>\d)0s\b", lambda found: decade(f"{found['d']}0")),
    rule(r"(?<![\w,.$€£¥])(?P<d>[2-9])0['’]?s\b", _bare_decade),
    rule(rf"(?<![\w:.,/$€£¥-])(?P<h1>0?[1-9]|1[0-2])\.(?P<m1>[0-5]\d)(?P<half1>{_HALF}?)"
         rf"(?:{_TO}(?P<h2>0?[1-9]|1[0-2])\.(?P<m2>[0-5]\d))?(?P<half2>{_HALF}?)(?<=[mM.])(?!\w)", _dotted_clock),
    rule(rf"(?<![\w.])(?P<a>{_DAYNAME})\.?{_TO}(?P<b>{_DAYNAME})\b\.?", _weekday),
    rule(r"(?<![\w.])(?P<a>Mon|Tues?|Wed|Thu(?:rs?)?|Fri)\b(?P<b>)\.?(?=[\s,:;]|$)", _weekday),
    rule(r"(?<![\w.])(?P<a>Sat|Sun)\b(?P<b>)(?:\.(?=,|\s\d)|(?=,?\s\d)|(?=\s(?:&|and)\s(?:Sat|Sun)\b))", _weekday),
    rule(rf"(?<![\w:.,/$€£¥-])(?P<t1>{_CLOCK}|\d{{1,2}}(?={_TO}\d{{1,2}}(?::[0-5]\d)?{_HALF})|"
        rf"\d{{1,2}}(?={_HALF}))(?P<h1>{_HALF}?)"
         rf"{_TO}(?P<t2>{_CLOCK}|\d{{1,2}}(?={_HALF}))(?P<h2>{_HALF}?)(?![\w:]|\.\d)", _clocks),
    rule(rf"(?<![\w:.,/$€£¥-])(?P<time>{_CLOCK}|(?:0?[1-9]|1[0-2])(?={_HALF}))(?P<half>{_HALF}?)(?![\w:]|"
        rf"[.,]\d)", _clock),
    rule(r"(?<![\w.,/-])(?P<a>\d{4})\s?[-–—]\s?(?P<b>\d{4}|\d{2})(?![\w/-]|[.,]\d)", _years),
    rule(r"(?<![\w.,/$€£¥#-])(?P<year>1\d{3}|20\d\d|\d{1,4}(?=\s(?:AD|BC|BCE|CE|A\.D\.|B\.C\.)\b))"
         r"(?:\s(?P<era>AD|BC|BCE|CE))?(?![\w/-]|[.,]\d)", _year),
)  # fmt: skip
