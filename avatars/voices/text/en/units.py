"""English measures, percentages, fractions and counts in words."""

from __future__ import annotations

import re

from avatars.voices.text.en.numbers import (
    MAGNITUDES,
    NUMBER,
    SIGN,
    cardinal,
    digits,
    fraction,
    grouped,
    one,
    ordinal,
    whole,
)
from avatars.voices.text.rules import Found, Rule, rule

_PREFIXES = {"k": "kilo", "M": "mega", "G": "giga", "T": "tera"}
UNITS: dict[str, tuple[str, str]] = {
    unit: (name, name + "s") for unit, name in {
        "km": "kilometer", "m": "meter", "cm": "centimeter", "mm": "millimeter", "µm": "micrometer", "μm": "micrometer",
        "nm": "nanometer", "mi": "mile", "yd": "yard", "kg": "kilogram", "g": "gram", "mg": "milligram",
        "µg": "microgram", "t": "tonne", "lb": "pound", "lbs": "pound", "oz": "ounce", "l": "liter", "L": "liter",
        "ml": "milliliter", "mL": "milliliter", "cl": "centiliter", "dl": "deciliter", "gal": "gallon", "pt": "pint",
        "ha": "hectare", "min": "minute", "mins": "minute", "s": "second", "sec": "second", "secs": "second",
        "h": "hour", "hr": "hour", "hrs": "hour", "ms": "millisecond", "W": "watt", "kW": "kilowatt",
        "MW": "megawatt", "GW": "gigawatt", "V": "volt", "kV": "kilovolt", "mV": "millivolt", "mA": "milliamp",
        "kWh": "kilowatt hour", "Wh": "watt hour", "mAh": "milliamp hour", "Ah": "amp hour", "dB": "decibel",
        "J": "joule", "kJ": "kilojoule", "cal": "calorie", "kcal": "kilocalorie", "Pa": "pascal", "hPa": "hectopascal",
        "kPa": "kilopascal", "MPa": "megapascal", "N": "newton", "px": "pixel", "MP": "megapixel", "ft²": "square foot",
        "KB": "kilobyte", "kB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte",
        "PB": "petabyte", "Mb": "megabit", "Gb": "gigabit", "hp": "horse power", "yr": "year", "yrs": "year",
        "Ω": "ohm", "kΩ": "kilohm", "pcs": "piece", "pax": "passenger",
    }.items()
} | {
    "ft": ("foot", "feet"), "sq ft": ("square foot", "square feet"), "sqft": ("square foot", "square feet"),
    "ft²": ("square foot", "square feet"), "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"), "lx": ("lux", "lux"),
    "mph": ("mile per hour", "miles per hour"), "km/h": ("kilometer per hour", "kilometers per hour"),
    "kmh": ("kilometer per hour", "kilometers per hour"), "kph": ("kilometer per hour", "kilometers per hour"),
    "m/s": ("meter per second", "meters per second"), "m/s²": ("meter per second squared", "meters per second squared"),
    "ft/s": ("foot per second", "feet per second"), "Kbps": ("kilobit per second", "kilobits per second"),
    "kbps": ("kilobit per second", "kilobits per second"), "Mbps": ("megabit per second", "megabits per second"),
    "Gbps": ("gigabit per second", "gigabits per second"), "MB/s": ("megabyte per second", "megabytes per second"),
    "GB/s": ("gigabyte per second", "gigabytes per second"), "Mbit/s": ("megabit per second", "megabits per second"),
    "rpm": ("revolution per minute", "revolutions per minute"), "fps": ("frame per second", "frames per second"),
    "dpi": ("dot per inch", "dots per inch"), "bpm": ("beat per minute", "beats per minute"),
    "g/cm³": ("gram per cubic centimeter", "grams per cubic centimeter"), "kg/m³": ("kilogram per cubic meter",
    "kilograms per cubic meter"),
    "g/km": ("gram per kilometer", "grams per kilometer"), "mg/L": ("milligram per liter", "milligrams per liter"),
    "°": ("degree", "degrees"), "°C": ("degree Celsius", "degrees Celsius"), "℃": ("degree Celsius", "degrees Celsius"),
    "ºC": ("degree Celsius", "degrees Celsius"), "ºF": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"), "℉": ("degree Fahrenheit", "degrees Fahrenheit"),
    "%": ("percent", "percent"), "％": ("percent", "percent"), "‰": ("per mille", "per mille"),
}  # fmt: skip
for _base, _name in (("m", "meter"), ("km", "kilometer"), ("cm", "centimeter"), ("mm", "millimeter"), ("mi", "mile")):
    for _two in (f"{_base}²", f"{_base}2", f"sq {_base}"):
        UNITS[_two] = (f"square {_name}", f"square {_name}s")
    for _three in (f"{_base}³", f"{_base}3"):
        UNITS[_three] = (f"cubic {_name}", f"cubic {_name}s")
_BRITISH = {"meter": "metre", "liter": "litre"}
_UNIT = "|".join(re.escape(each) for each in sorted(UNITS, key=len, reverse=True))
_TO = r"\s?[-–—~]\s?"
_N = rf"(?:{SIGN})?(?:{NUMBER})"
_EDGE = r"(?![\w²³/]|-[a-zA-Z])"
_NOUN = re.compile(r"\s(?:walk|drive|ride|run|race|break|flight|film|tour|show|talk|trip|video|session|delay|"
    r"wait|period|"
                   r"window|screen|display|cable|bottle|bag|pack|box|disk|drive|card|bulb|battery|radius|tower|"
                   r"pool|track|"
                   r"discount|chance|increase|decrease|rise|drop)s?\b")  # fmt: skip
_HALVES = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5",
           "⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8"}  # fmt: skip


def said_unit(unit: str, *, single: bool, tag: str = "en") -> str:
    """A unit's name in the singular or the plural."""
    name = UNITS[unit][0 if single else 1]
    if tag.startswith("en-") and tag != "en-us":
        for american, british in _BRITISH.items():
            name = re.sub(rf"(?<![a-z]){american}|(?<=[a-z]){american}(?=s?\b)", british, name)
    return name


def _measure(found: Found) -> str | None:
    number, unit = found["number"], found["unit"]
    if found["second"]:
        return (
            f"{cardinal(number)} to {cardinal(found['second'])} "
            f"{said_unit(unit, single=one(found['second']), tag=found.tag)}"
        )
    single = one(number) or _NOUN.match(found.after()) is not None
    return f"{cardinal(number)} {said_unit(unit, single=single, tag=found.tag)}"


def _attributive(found: Found) -> str | None:
    """A 5-km walk: the unit in the singular."""
    return f"{cardinal(found['number'])} {said_unit(found['unit'], single=True, tag=found.tag)}"


def _per(found: Found) -> str | None:
    return f"per {said_unit(found['unit'], single=True, tag=found.tag)}"


def _lasting(found: Found) -> str | None:
    """1h30m: hours and minutes."""
    return " ".join(
        f"{cardinal(found[key])} {said_unit(key + long, single=one(found[key]))}"
        for key, long in (("h", ""), ("m", "in"))
    )


def _feet(found: Found) -> str | None:
    inches = f" {cardinal(found['inches'])}" if found["inches"] else ""
    feet = "foot" if inches or one(found["feet"]) else "feet"
    return f"{cardinal(found['feet'])} {feet}{inches}"


def _inches(found: Found) -> str | None:
    opened = found.match.string[: found.match.start()].count('"') % 2
    return None if opened else f"{cardinal(found['number'])} {'inch' if one(found['number']) else 'inches'}"


def _fraction(found: Found) -> str | None:
    top, bottom = found["top"], found["bottom"]
    if re.match(r"\s?(?:stars?|points?|rating|marks)\b", found.after()) or re.search(
        r"\b(?:rated|rating|rates?|score[sd]?|scores?|got)\b[^.]{0,12}$", found.before()
    ):
        return f"{cardinal(top)} out of {cardinal(bottom)}"
    if (top, bottom) in (("24", "7"), ("9", "11"), ("50", "50")):
        return f"{whole(top)} {whole(bottom)}"
    said = fraction(top, bottom)
    if said is None:
        return (
            f"{cardinal(top)} out of {cardinal(bottom)}"
            if int(top) == int(bottom)
            else f"{cardinal(top)} over {cardinal(bottom)}"
        )
    return (
        f"{whole(found['front'])} and {'a ' + said[4:] if said.startswith('one ') else said}"
        if found["front"]
        else said
    )


def _glyph(found: Found) -> str | None:
    top, bottom = _HALVES[found["glyph"]].split("/")
    said = str(fraction(top, bottom))
    if not found["front"]:
        return said
    return f"{whole(found['front'])} and {'a ' + said[4:] if said.startswith('one ') else said}"


def _range(found: Found) -> str | None:
    first, second = found["a"], found["b"]
    if re.match(r"\s?=", found.after()) or (len(first) == 3 and len(second) == 4):
        return None
    low, high = float(first.replace(",", "")), float(second.replace(",", ""))
    big = f" {MAGNITUDES[found['big'].lower()]}" if found["big"] else ""
    scored = re.search(r"\b(?:won|lost|beat|score|drew|led|lead|final|win|victory|defeat)\b[^.]{0,24}$", found.before())
    if scored or low > high:
        return f"{cardinal(first)} {'to ' if low != high else ''}{cardinal(second) if low != high else 'all'}"
    return f"{cardinal(first)} to {cardinal(second)}{big}"


def _big(found: Found) -> str | None:
    unit = found["big"]
    if unit == "K" and found["number"] in ("2", "4", "5", "8", "10"):
        return f"{cardinal(found['number'])} K" if found["number"] in ("2", "4", "8") or re.match(
            r" (?:run|race|walk|loop|resolution|video|screen)",
                found.after()) else f"{cardinal(found['number'])} thousand"  # fmt: skip
    return f"{cardinal(found['number'])} {MAGNITUDES[unit.lower()]}"


_MATHS = {"+": "plus", "-": "minus", "−": "minus", "–": "minus", "×": "times", "x": "times", "*": "times",
          "÷": "divided by", "=": "equals", "<": "is less than", ">": "is greater than", "≤": "is at most",
          "≥": "is at least", "≈": "is about", "±": "plus or minus", "≠": "is not"}  # fmt: skip


def _sum(found: Found) -> str | None:
    """A calculation: numbers with signs between, one of them the equals sign."""
    parts = re.findall(rf"{NUMBER}|[-+−–×x*÷=<>≤≥≈]|\D", found[0].replace(" ", ""))
    return " ".join(
        _MATHS.get(part) or (cardinal(part) if part[0].isdigit() or part[0] == "." else part) for part in parts
    )


def _dotted(found: Found) -> str | None:
    return " point ".join(cardinal(each) if len(each) < 4 else digits(each) for each in found[0].split("."))


RULES: tuple[Rule, ...] = (
    rule(r"(?:±|\+/-)\s?(?=\d)", lambda found: "plus or minus "),
    rule(rf"(?<![\w.,])(?P<a>{NUMBER})\^(?P<b>-?\d{{1,3}})(?!\w)",
         lambda found: f"{cardinal(found['a'])} to the power of {cardinal(found['b'])}"),
    rule(rf"(?<![\w.,])(?:{NUMBER})(?:\s?[-+−–×x*÷]\s?(?:{NUMBER}))*\s?[=≈]\s?-?(?:{NUMBER})(?![\w])", _sum),
    rule(rf"(?<![\w.,])(?:{NUMBER})(?:\s?[+÷]\s?(?:{NUMBER}))+(?=\s?[=≈?]|[.,;!]|\s|$)(?!\s?(?:cm|mm|m|km|in|ft|"
        rf"px)\b)", lambda found:
         _sum(found)),
    rule(rf"(?<![\w.,])(?P<all>(?:{NUMBER})(?:\s?[×x]\s?(?:{NUMBER}))+)(?:\s?(?P<unit>{_UNIT}))?{_EDGE}",
         lambda found: " by ".join(cardinal(each) for each in re.findall(NUMBER, found["all"]))
         + (f" {said_unit(found['unit'], single=False, tag=found.tag)}" if found["unit"] else "")),
    rule(r"(?<![\w.,'])(?P<feet>\d{1,2})['′]\s?(?:(?P<inches>\d{1,2})(?:[\"″]|''))?(?!\w)", _feet),
    rule(r"(?<![\w.,])(?P<number>\d{1,3}(?:\.\d+)?)(?:\"|″)(?![\w])", _inches),
    rule(r"(?<![\w.,])(?P<f>\d{1,2})\s?(?:ft|feet)\s(?P<i>\d{1,2})\s?in\b", lambda found:
         f"{cardinal(found['f'])} feet {cardinal(found['i'])} inches"),
    rule(r"(?<![\w.,])(?P<h>\d{1,3})\s?h(?:r|rs)?\s?(?P<m>[0-5]?\d)(?:\s?m(?:ins?)?)?(?!\w)", _lasting),
    rule(rf"(?<![\w.,])(?P<number>{_N})-(?P<unit>{_UNIT})(?=[\s-][a-z])", _attributive),
    rule(rf"(?<![\w.,/:])(?P<number>{_N})\s?(?:%|°C|°F|°|℃)?(?:{_TO}(?P<second>{_N}))\s?(?P<unit>{_UNIT}){_EDGE}",
         _measure),
    rule(rf"(?<![\w.,/:])(?P<number>{_N})-?\s?(?P<unit>{_UNIT}){_EDGE}", _measure),
    rule(rf"(?<=[a-z])\s?/\s?(?P<unit>kg|km|g|lb|oz|L|h|hr|min|day|m²){_EDGE}", lambda found:
         f" per {found['unit']}" if found["unit"] not in UNITS else _per(found)),
    rule(r"(?<![\w.,/])(?P<got>\d{1,3}\.\d{1,2})/(?P<of>\d{1,3})(?![\w/]|[.,]\d)", lambda found:
         f"{cardinal(found['got'])} out of {cardinal(found['of'])}"),
    rule(r"(?<![\w.,/])(?:(?P<front>\d{1,3})[\s-])?(?P<top>\d{1,3})[/⁄](?P<bottom>\d{1,3})(?![\w/]|[.,]\d)", _fraction),
    rule(rf"(?:(?P<front>\d{{1,6}})\s?)?(?P<glyph>[{''.join(_HALVES)}])", _glyph),
    rule(rf"(?<![\w.,/:-])(?P<a>{NUMBER})\s?[-–—~]\s?(?P<b>{NUMBER})(?:\s?(?P<big>k|K|thousand|million|billion|"
        rf"bn))?(?![\w/:-]|[.,]\d)", _range),
    rule(r"(?<![\w.:])(?P<a>\d{1,3}):(?P<b>\d{1,3})(?![\w:])",
         lambda found: f"{whole(found['a'])} to {whole(found['b'])}"),
    rule(r"(?<![\w.,])(?P<n>\d{1,3}(?:,\d{3})+|\d{1,9})(?:st|nd|rd|th)\b", lambda found: ordinal(found["n"])),
    rule(rf"(?<![\w.,])(?P<number>{_N})\s?(?P<big>k|K|M|mn|bn|million|billion|trillion|thousand)\b", _big),
    rule(rf"(?<![\w.,+-])(?P<n>{NUMBER})\+(?![\w+=-]|\s?\d)", lambda found: f"{cardinal(found['n'])} plus"),
    rule(r"(?<![\w.,])(?P<n>\d{1,2})(?P<m>\d\d)p(?!\w)", lambda found:
         f"{whole(found['n'])} {whole(found['m'])} P" if found["m"] != "00" else None),
    rule(r"(?<![\w)\]+.,])\+(?=\d)", lambda found: "plus "),
    rule(r"[>≥](?=\s?\d)", lambda found: "at least " if found[0] == "≥" else "greater than "),
    rule(r"[<≤](?=\s?\d)", lambda found: "at most " if found[0] == "≤" else "less than "),
    rule(r"(?<![\w.,])(?P<number>\d+(?:\.\d+)?)[x×]\b", lambda found: f"{cardinal(found['number'])} times"),
    rule(r"(?<![\d.])\d+(?:\.\d+){2,}(?!\d)", _dotted),
    rule(r"(?<![\w.,-])\d+(?:-\d+){3,}(?![\w-])", lambda found: grouped(found[0])),
    rule(r"(?<![\w.,-])\d{3,}(?:-\d{2,})+(?![\w-])", lambda found: grouped(found[0])),
    rule(rf"(?<![\w.,])(?P<number>{SIGN}?(?:{NUMBER}))(?![\w]|\.\d)", lambda found: cardinal(found["number"])),
    rule(rf"(?P<number>{NUMBER})", lambda found: cardinal(found["number"])),
    rule(r"\d{1,100}", lambda found: digits(found[0])),
)  # fmt: skip
