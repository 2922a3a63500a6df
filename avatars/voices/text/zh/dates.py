"""Chinese dates and times of day."""

from __future__ import annotations

import re
from datetime import date

from avatars.voices.text.rules import Found, Rule, rule
from avatars.voices.text.zh.numbers import cardinal, counted, digits, whole

_TO = r"\s?(?:[-–—~～至到]|--)\s?"
_CLOCK = r"(?:[01]?\d|2[0-4])[:：][0-5]\d(?:[:：][0-5]\d)?"
_HALVES = {"am": "上午", "pm": "下午"}
_HALF = r"(?P<half>\s?(?:[aApP]\.?[mM](?![A-Za-z])\.?))"
_YEAR = r"(?P<year>1\d{3}|20\d{2}|2100)"
_MONTHS = {name: place + 1 for place, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"))}  # fmt: skip


def real(day: int, month: int, years: str = "2000") -> bool:
    """Whether there is such a day."""
    try:
        date(int(years), month, day)
    except ValueError:
        return False
    return True


def said_date(day: int | None, month: int | None, years: str = "") -> str:
    """A date in characters."""
    said = f"{digits(years)}年" if years else ""
    return said + (f"{whole(str(month))}月" if month else "") + (f"{whole(str(day))}日" if day else "")


def said_time(text: str, *, half: str = "") -> str:
    """9:30 as 九点三十分, 9:05 as 九点零五分, 9:00 as 九点."""
    hour, minute, *second = (int(each) for each in re.split("[:：]", text))
    said = _HALVES.get(re.sub(r"[\s.]", "", half).lower(), "") + f"{counted(str(hour))}点"
    if minute or (second and second[0]):
        said += f"{'零' if 0 < minute < 10 else ''}{whole(str(minute))}分"
    if second and second[0]:
        said += f"{'零' if second[0] < 10 else ''}{whole(str(second[0]))}秒"
    return said


def _numeric(found: Found) -> str | None:
    day, month = int(found["day"]), int(found["month"])
    if not real(day, month, found["year"]):
        return None
    said = said_date(day, month, found["year"])
    return f"{said}，{said_time(found['time'])}" if found["time"] else said


def _year_last(found: Found) -> str | None:
    """12/11/2026: the month first, unless only the day can stand there."""
    month, day = int(found["a"]), int(found["b"])
    if month > 12:
        month, day = day, month
    return said_date(day, month, found["year"]) if month <= 12 and real(day, month, found["year"]) else None


def _month_first(found: Found) -> str | None:
    """11/20 alone: a date only where the text says so."""
    day, month = int(found["day"]), int(found["month"])
    here = re.search(r"(?:是|日期|时间|截至|截止|到|至|于|从|周[一二三四五六日]|活动|[（(])[:：]?\s?$", found.before())
    return said_date(day, month) if here and month and real(day, month) and month <= 12 and day > 5 else None


def _clock(found: Found) -> str | None:
    if not found["half"] and re.search(r"(?:比分|比例|战胜|击败|大胜|负于|战平|以)\s?$", found.before(8)):
        return None
    return said_time(found["time"], half=found["half"])


def _hour(found: Found) -> str | None:
    return said_time(f"{found['hour']}:00", half=found["half"])


def _clocks(found: Found) -> str | None:
    times = (found["a"], found["b"])
    return "到".join(said_time(each if re.search("[:：]", each) else f"{each}:00") for each in times)


def _spoken_clock(found: Found) -> str | None:
    """9点05分 with its zero said."""
    hour, minute = int(found["h"]), int(found["m"])
    zero = "零" if 0 < minute < 10 else ""
    return f"{counted(str(hour))}{found['u']}{zero}{whole(str(minute))}{found['f']}" if hour <= 24 else None


def _year(found: Found) -> str | None:
    return f"{digits(found['year'])}年"


def _short_year(found: Found) -> str | None:
    return f"{digits(found['year'])}年"


def _years(found: Found) -> str | None:
    if int(found["b"]) <= int(found["a"]):
        return None
    return f"{digits(found['a'])}到{digits(found['b'])}"


def _month_name(found: Found) -> str | None:
    return said_date(int(found["day"]), _MONTHS[found["month"][:3].lower()], found["year"])


_MD = r"(?P<month>0?[1-9]|1[0-2])(?P<s>[-/.])(?P<day>0?[1-9]|[12]\d|3[01])"
RULES: tuple[Rule, ...] = (
    rule(rf"(?<![\w-]){_YEAR}(?P<s>[-/.])(?P<month>0?[1-9]|1[0-2])(?P=s)(?P<day>0?[1-9]|[12]\d|3[01])"
         rf"(?:[T ](?P<time>{_CLOCK})(?:\.\d+)?Z?)?(?![-\d])".replace(r"(?<![\w-])", r"(?<![A-Za-z0-9_-])"), _numeric),
    rule(rf"(?<![A-Za-z0-9]){_YEAR}\s?年?{_TO}(?P<b>1\d{{3}}|20\d\d|2100)\s?年(?!级|代)", lambda found:
         f"{digits(found['year'])}到{digits(found['b'])}年" if int(found["b"]) > int(found["year"]) else None),
    rule(rf"(?<![A-Za-z0-9.,]){_YEAR}\s?年(?!前|后|来|多|以|级|[的]?历史|时间)", _year),
    rule(r"(?<![A-Za-z0-9.,-])(?P<year>(?:19|20)\d\d)(?=全年|年度|届|款|版|赛季|春|夏|秋|冬|奥运|世界杯|世博)",
         lambda found:
         digits(found["year"])),
    rule(r"(?<![A-Za-z0-9.,])(?P<year>\d{2})\s?年(?=\s?\d{1,2}\s?月)", _short_year),
    rule(r"(?<![A-Za-z0-9.,])(?P<year>[3-9]0)\s?年代", lambda found: f"{whole(found['year'])}年代"),
    rule(r"(?<![A-Za-z0-9.,])(?P<year>1\d\d0|20\d0)s(?![A-Za-z0-9])", lambda found: f"{digits(found['year'])}年代"),
    rule(r"(?<![A-Za-z0-9.,])(?P<year>[5-9][05])(?=后(?![来面方期天半再才可会就]))",
         lambda found: digits(found["year"])),
    rule(rf"(?<![A-Za-z0-9])(?P<a>\d{{1,2}})\s?月\s?(?P<b>\d{{1,2}})\s?(?P<u>[日号])?{_TO}(?:(?P<c>\d{{1,2}})"
        rf"\s?月\s?)?(?P<d>\d{{1,2}})\s?(?P<v>[日号])",
         lambda found: f"{whole(found['a'].lstrip('0'))}月{whole(found['b'].lstrip('0'))}{found['u']}到"
         + (f"{whole(found['c'].lstrip('0'))}月" if found["c"]
             else "") + f"{whole(found['d'].lstrip('0'))}{found['v']}"),
    rule(r"(?<![A-Za-z0-9.])(?P<n>\d{1,2})\s?(?P<u>[月日号])(?!\w?线)", lambda found:
         whole(found["n"].lstrip("0") or "0") + found["u"]),
    rule(r"(?<![A-Za-z])(?P<month>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*)"
        r"\.?\s(?P<day>[12]?\d|3[01])"
         rf"(?:st|nd|rd|th)?(?:,?\s{_YEAR})?(?![\w])", _month_name),
    rule(rf"(?<![A-Za-z0-9.,:/-])(?P<a>{_CLOCK}|\d{{1,2}}(?=\s?[-–—~～至到]\s?\d{{1,2}}[:：]))\s?(?:[-–—~～至到]|--)"
        rf"\s?(?P<b>{_CLOCK})(?![\d:：])",
         _clocks),
    rule(rf"(?<![A-Za-z0-9.,:/-])(?P<time>{_CLOCK}){_HALF}?(?![\d:：])", _clock),
    rule(rf"(?<![A-Za-z0-9.,:/-])(?P<hour>0?[1-9]|1[0-2]){_HALF}(?![A-Za-z\d])", _hour),
    rule(r"(?<![A-Za-z0-9.,])(?P<h>\d{1,2})\s?(?P<u>[点时])(?P<m>[0-5]?\d)(?P<f>分?)(?!\d)(?!秒钟)", _spoken_clock),
    rule(r"(?<![A-Za-z0-9.,])(?P<a>\d{1,2})\s?[-–—~～]\s?(?P<b>\d{1,2})\s?(?P<u>点|时(?!间))", lambda found:
         f"{counted(found['a'])}{found['u'] if found['u'] == '点' else '点'}到{counted(found['b'])}{found['u']}"),
    rule(rf"(?<![A-Za-z0-9./-])(?P<a>0?[1-9]|[12]\d|3[01])/(?P<b>0?[1-9]|[12]\d|3[01])/{_YEAR}(?![\d/])", _year_last),
    rule(r"(?<![A-Za-z0-9./-])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\d/])", _month_first),
    rule(r"(?<![A-Za-z0-9.,/-])(?P<a>1[5-9]\d\d|20\d\d)\s?[-–—~～]\s?(?P<b>1[5-9]\d\d|20\d\d)(?![\dA-Za-z-])", _years),
)  # fmt: skip
__all__ = ["RULES", "cardinal", "said_date", "said_time"]
