"""Numbers that are written out, in English and in Chinese, rewritten with digits."""

from __future__ import annotations

import re
import unicodedata

_UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen""".split()  # noqa: SIM905
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NTH = ["third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"]
_SMALL = (
    {word: value for value, word in enumerate(_UNITS)}
    | {word: 10 * value for value, word in enumerate(_TENS, 2)}
    | {word: value for value, word in enumerate(_NTH, 3)}
    | {"dozen": 12, "tenner": 10, "fiver": 5}
)
_BIG = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_WORD = "|".join(sorted([*_SMALL, *_BIG], key=len, reverse=True))
_RUN = re.compile(rf"\b(?:an? (?=hundred|thousand|million|dozen))?(?:{_WORD})(?:(?:[ -]| and )(?:{_WORD}))*\b")
_COUNTED = re.compile(
    r"\s*(?:o'?clock|am\b|pm\b|euros?|dollars?|pounds?|yuan|cents?|hours?|minutes?|percent|per cent|%|€|\$|£|"
    r"k?m\b|kilo|metres?|meters?|days?|weeks?|months?|years?)"
)
"""What makes a bare `one` a number: elsewhere it stands for a thing."""

_DIGITS = dict(zip("零〇一二三四五六七八九", [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], strict=True)) | {"两": 2, "幺": 1}
_STEPS = {"十": 10, "百": 100, "千": 1_000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_FORMAL = dict(zip("壹贰叁肆伍陆柒捌玖拾佰仟萬億", "一二三四五六七八九十百千万亿", strict=True))
"""As bills write them; elsewhere some of them are words."""
_FORMAL_RUN = re.compile("[零壹贰叁肆伍陆柒捌玖拾佰仟萬億]{2,}|[壹贰叁肆伍陆柒捌玖拾佰仟萬億](?=[元圆块])")
_HAN_RUN = re.compile("[零〇一二两三四五六七八九十百千万亿幺]+")
_ADVERBS = re.compile(
    "十分(?!钟)|千万(?![元块人个年名])|万一|一一|三三两两|一二|百分(?!之)|三明治|一直|一起|一下|一些|一样"
)
_MEASURE = "点元块角毛折度楼层米岁号月日年秒克斤公厘平倍%％"
_COUNTERS = _MEASURE + "分小天周星个位人张次种间座杯壶份名桌路站只件台家条道排辆半刻"


def digits(text: str) -> str:
    """`text` in lower case and in one width, with every number that is written out in digits."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    text = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", text)
    text = _RUN.sub(lambda found: _english(found, text), text)
    text = _FORMAL_RUN.sub(lambda found: "".join(_FORMAL.get(each, each) for each in found[0]), text)
    text = re.sub(r"百分之([零〇一二两三四五六七八九十百点\d.]+)", lambda found: f"{_han(found[1])}%", text)
    return _HAN_RUN.sub(lambda found: _chinese(found, text), text)


def _english(found: re.Match[str], text: str) -> str:
    words = [word for word in re.split(r"[ -]", found[0]) if word not in ("and", "a", "an")]
    if words == ["one"] and not _COUNTED.match(text, found.end()):
        return found[0]
    numbers = _numbers(words)
    if len(words) >= 4 and all(number < 10 for number in numbers) and len(numbers) == len(words):
        return "".join(map(str, numbers))
    if len(numbers) == 2 and 10 <= numbers[1] < 100:
        first, second = numbers
        if 16 <= first <= 20:
            return f"{first}{second}"
        if first <= 24 and second < 60:
            return f"{first}.{second}"
    return " ".join(map(str, numbers))


def _numbers(words: list[str]) -> list[int]:
    """The numbers that follow one another in `words`: nine, thirty; but twenty-five is one."""
    done: list[int] = []
    whole = part = 0
    last = 0
    for word in words:
        if word in _BIG:
            value = _BIG[word]
            if value == 100:
                part = max(part, 1) * 100
            else:
                whole, part = whole + max(part, 1) * value, 0
            last = value
            continue
        value = _SMALL[word]
        joins = (last >= 20 and last < 100 and 0 < value < 10) or last >= 100 or not last
        if not joins:
            done.append(whole + part)
            whole = part = 0
        part, last = part + value, value or 1
    return [*done, whole + part]


def _chinese(found: re.Match[str], text: str) -> str:
    run = found[0]
    if _ADVERBS.match(text, found.start()):
        return run
    following = text[found.end() : found.end() + 1]
    if len(run) == 1 and following not in (_MEASURE if run == "一" else _COUNTERS) and not following.isdecimal():
        hours = run == "一" and text.startswith(("小时", "分钟", "个小时", "个半"), found.end())
        before = text[found.start() - 1 : found.start()]
        if not hours and before not in ("周", "期", "拜", "点", "第"):
            return run
    if before_myriad := re.search(r"[\d.]$", text[: found.start()]):
        return "0000" if run == "万" and before_myriad[0] != "." else run
    return _han(run)


def _han(run: str) -> str:
    """One Chinese numeral in digits; a number that is read digit by digit stays a row of digits."""
    if not re.search("[十百千万亿]", run):
        return "".join(str(_DIGITS.get(c, "." if c == "点" else c)) for c in run)
    total = section = digit = 0
    step = 1
    for character in run:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _STEPS:
            step = _STEPS[character]
            section, digit = section + (digit or 1) * step, 0
        elif character in _MYRIADS:
            step = _MYRIADS[character]
            total, section, digit = (total + section + digit or 1) * step, 0, 0
    if digit and step >= 100 and len(run) > 2 and run[-2] != "零":
        digit *= step // 10
    return str(total + section + digit)
