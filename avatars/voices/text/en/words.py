"""English abbreviations, initials and Roman numerals in full."""

from __future__ import annotations

import re

from avatars.voices.text.en.numbers import cardinal, letters, ordinal, roman
from avatars.voices.text.en.units import UNITS
from avatars.voices.text.rules import Found, Rule, rule

TITLES = {
    "Mr": "Mister", "Mrs": "Missis", "Ms": "Miz", "Messrs": "Messieurs", "Prof": "Professor", "Gen": "General",
    "Col": "Colonel", "Capt": "Captain", "Lt": "Lieutenant", "Sgt": "Sergeant", "Sen": "Senator",
    "Rep": "Representative",
    "Gov": "Governor", "Rev": "Reverend", "Hon": "Honorable", "Pres": "President", "Mt": "Mount", "Ft": "Fort",
}  # fmt: skip
ALWAYS = {
    "etc": "et cetera", "vs": "versus", "approx": "approximately", "dept": "department", "est": "established",
    "govt": "government", "e.g": "for example", "i.e": "that is", "cf": "compare", "incl": "including",
    "excl": "excluding", "max": "maximum", "min": "minimum", "avg": "average", "tel": "telephone",
    "temp": "temperature",
    "ave": "Avenue", "blvd": "Boulevard", "rd": "Road", "hwy": "Highway", "sq": "Square", "apt": "apartment",
    "bldg": "building", "jr": "Junior", "sr": "Senior", "ltd": "Limited", "corp": "Corporation", "inc": "Incorporated",
    "bros": "Brothers", "assn": "Association", "univ": "University", "misc": "miscellaneous", "resp": "respectively",
    "viz": "namely", "ca": "circa", "wk": "week", "yr": "year", "yrs": "years", "hrs": "hours", "mins": "minutes",
    "secs": "seconds", "appt": "appointment", "asst": "assistant", "mgr": "manager", "intl": "international",
    "natl": "national", "ext": "extension", "a.k.a": "also known as", "p.s": "P-S",
}  # fmt: skip
COUNTED = {"fig": "figure", "figs": "figures", "vol": "volume", "ch": "chapter", "p": "page", "pp": "pages",
           "sec": "section", "ed": "edition", "eq": "equation", "pg": "page", "pt": "part",
           "art": "article"}  # fmt: skip
SLASHED = {"w/o": "without", "w/": "with", "c/o": "care of", "and/or": "and or", "he/she": "he or she",
           "n/a": "not applicable", "N/A": "not applicable", "a/c": "air conditioning", "A/C": "air conditioning",
           "24/7": "twenty-four seven"}  # fmt: skip
SPELLED = frozenset([
    "AC", "AD", "ADHD", "AED", "AI", "API", "AR", "ASL", "ATM", "AV", "BBC", "BC", "BCE", "BMI", "BMW", "BYOB",
    "CAD", "CCTV", "CD", "CE", "CEO", "CFO", "CIA", "CIO", "CNN", "CNY", "COO", "CPR", "CPU", "CRM", "CSS", "CT",
    "CTO", "CV", "DC", "DIY", "DJ", "DNA", "DVD", "EEG", "EKG", "ERP", "ESL", "EST", "ETA", "EU", "EUR", "EV",
    "FAQ", "FAQS", "FBI", "FM", "FTP", "GBP", "GDP", "GMT", "GPS", "GPT", "GPU", "HBO", "HD", "HDMI", "HIV", "HQ",
    "HR", "HTML", "HTTP", "HTTPS", "IBM", "ID", "IDE", "IELTS", "IMF", "IO", "IOU", "IP", "IPO", "IQ", "IRS",
    "ISBN", "ISO", "ITV", "IV", "JPY", "KFC", "KPI", "LCD", "LED", "LGBT", "LLC", "LLM", "MBA", "MC", "MIT", "MP",
    "MRI", "MVP", "NBA", "NBC", "NDA", "NFC", "NFL", "NGO", "NHL", "NHS", "NLP", "NYC", "NYU", "OK", "OLED", "OS",
    "PC", "PDF", "PE", "PGA", "PHD", "PHP", "PLC", "PM", "PO", "POS", "PPT", "PR", "PS", "PST", "PTO", "PVC", "QA",
    "QR", "RFID", "RGB", "RMB", "ROI", "RPG", "RSS", "RSVP", "RV", "SDK", "SEO", "SMS", "SOS", "SPF", "SQL", "SSD",
    "SSL", "SUV", "TBA", "TBC", "TBD", "TLC", "TV", "UAE", "UCL", "UFC", "UFO", "UHD", "UI", "UK", "UN", "UPS",
    "URL", "USA", "USB", "USD", "UTC", "UV", "UX", "VAT", "VCR", "VHS", "VIP", "VPN", "VR", "WC", "WTO", "WWF",
    "XL", "XML", "XS", "XXL", "YMCA",
])  # fmt: skip
"""Initials that are said letter by letter though they could be read as a word."""
_KINGS = r"Henry|Louis|George|Charles|Edward|Elizabeth|William|James|Philip|Napoleon|Richard|John|Paul|Pius|" \
    r"Benedict|Leo|" \
         r"Gregory|Alexander|Nicholas|Peter|Catherine|Frederick|Friedrich|Wilhelm|Ferdinand|Carlos|Felipe|Juan|" \
         r"Pope \w+|King \w+|" \
         r"Queen \w+|Emperor \w+|Ramesses|Rama|Ptolemy|Innocent|Clement|Francis|Mary|Margaret|Ivan|Gustav|" \
         r"Christian|Harald"  # fmt: skip
_PARTS = r"[Cc]hapter|[Pp]art|[Aa]ct|[Ss]cene|[Vv]olume|[Vv]ol\.|[Bb]ook|[Ss]ection|[Aa]rticle|[Pp]hase|[Tt]ype|" \
    r"[Cc]lass|" \
         r"[Gg]rade|[Ll]evel|War|[Ss]tage|[Ee]pisode|[Ss]eason|Bowl|[Tt]itle|[Aa]ppendix|[Ff]igure|[Tt]able|" \
         r"Rocky|Apollo|Mark|" \
         r"[Vv]ersion|[Uu]nit|[Pp]late|[Gg]allery|[Hh]all|[Rr]oom"  # fmt: skip


def _regnal(found: Found) -> str | None:
    value = roman(found["roman"])
    return f"the {ordinal(str(value))}" if value else None


def _numbered(found: Found) -> str | None:
    value = roman(found["roman"])
    return cardinal(str(value)) if value else None


def _saint(found: Found) -> str | None:
    """St. before a name is a saint, behind one a street."""
    named = re.match(r"\s[A-Z]", found.after())
    behind = re.search(r"(?:[A-Z][a-z]+|\d(?:st|nd|rd|th)) $", found.match.string[: found.match.start()][-24:])
    number = re.search(r"\d\w*\s(?:[A-Z][\w.]*\s)+$", found.match.string[: found.match.start()][-40:])
    if behind and (number or not named):
        return "Street" + ("." if not found.after().strip() else "")
    return "Saint" if named else "Street" if behind else None


def _doctor(found: Found) -> str | None:
    behind = re.search(r"\d\w*\s(?:[A-Z]\w*\s)+$", found.match.string[: found.match.start()][-40:])
    if behind and not re.match(r"\s[A-Z][a-z]+\s[A-Z]", found.after()):
        return "Drive"
    return "Doctor" if re.match(r"\s[A-Z]", found.after()) else None


def _always(found: Found) -> str | None:
    """An abbreviation with its dot; the dot stays where the sentence ends with it."""
    word = found["word"]
    if word in (
        "min",
        "max",
        "est",
        "ed",
        "temp",
        "sec",
        "art",
        "sq",
        "ca",
        "ave",
        "rd",
        "inc",
        "ext",
        "wk",
        "resp",
        "mins",
        "secs",
    ):
        after = found.after()
        ends = not after.strip() or re.match(r"\s+[A-Z]", after)
        if ends and word in ("min", "max", "temp", "art", "inc") and word.islower():
            return None
    said = ALWAYS[word.lower()]
    last = not found.after().strip() or (
        word.lower() in ("etc", "inc", "ltd", "corp", "jr", "sr") and re.match(r"\s+[A-Z]", found.after())
    )
    return said + ("." if last else "")


def _counted(found: Found) -> str | None:
    word = COUNTED[found["word"].lower()]
    return word.capitalize() if found["word"][0].isupper() else word


def _initials(found: Found) -> str | None:
    ends = not found.after().strip() or re.match(r"\s+[A-Z][a-z]", found.after())
    text = found[0]
    low = text.lower()
    if low in ("a.m.", "p.m.", "e.g.", "i.e."):
        return letters(text) if low[1:] == ".m." else ALWAYS[low[:-1]]
    return letters(text) + ("." if ends and text.endswith(".") and not found.after().strip() else "")


def _spelled(found: Found) -> str | None:
    """Initials that are said letter by letter, unless all around is in capitals."""
    word, plural = found["word"], found["plural"]
    around = re.findall(
        r"[A-Za-z]{2,}",
        found.before(40)[-40:] and found.match.string[max(0, found.match.start() - 40) : found.match.end() + 40],
    )
    others = [each for each in around if each != word]
    if word not in SPELLED and len(others) >= 2 and all(each.isupper() for each in others):
        return None
    if re.search(r"\d\s?$", found.before(4)) and word in UNITS:
        return None
    unsayable = not re.search(r"[AEIOUY]", word) and len(word) <= 5 and not roman(word)
    if word in SPELLED or unsayable:
        return letters(word) + ("s" if plural else "")
    return None


_STOPS = "|".join(sorted((re.escape(each) for each in ALWAYS), key=len, reverse=True))
RULES: tuple[Rule, ...] = (
    rule(rf"(?<![\w/])(?:{'|'.join(re.escape(each) for each in SLASHED)})(?![\w/])", lambda found: SLASHED[found[0]]),
    rule(rf"(?<!\w)(?P<title>{'|'.join(TITLES)})\.(?=\s?(?:[A-Z]|and\b|&))", lambda found: TITLES[found["title"]]),
    rule(r"(?<!\w)(?:Mr|Mrs|Ms)(?=\s[A-Z][a-z])", lambda found: TITLES[found[0]]),
    rule(r"(?<!\w)St\.(?=\W|$)", _saint),
    rule(r"(?<!\w)Dr\.?(?=\s[A-Z]|$|[,;.])", _doctor),
    rule(r"(?<!\w)(?P<word>Nos?)\.(?=\s?\d)", lambda found: "Number"),
    rule(rf"(?<!\w)(?P<word>{'|'.join(COUNTED)})\.(?=\s?[\dIVX])", _counted, re.IGNORECASE),
    rule(rf"(?<![\w.])(?P<word>{_STOPS})\.(?!\w)", _always, re.IGNORECASE),
    rule(r"(?<![\w.])(?:vs|approx|e\.g|i\.e)(?=\s)", lambda found: ALWAYS[found[0]]),
    rule(r"(?<=\s)(?<!\w)(?P<roman>[IVX]{1,6})(?![\w'’]|\.\w)(?<=(?:\w)|.)", lambda found:
         _regnal(found) if re.search(rf"\b(?:{_KINGS})\s$", found.match.string[max(0,
             found.match.start() - 30) : found.match.start()])
         else _numbered(found) if re.search(rf"\b(?:{_PARTS})\s$", found.match.string[max(0,
             found.match.start() - 20) : found.match.start()])
         and (found[0] != "I" or not re.match(r"\s[a-z]", found.after())) else None),
    rule(r"(?<=\s)(?P<roman>[LXVI]{2,8})(?=[\s.,;:!?)]|$)", lambda found:
         _numbered(found) if re.search(r"\b(?:Bowl|Chapter|Part|Book|"
             r"Psalm) $", found.match.string[max(0, found.match.start() - 20) : found.match.start()])
         else None),
    rule(r"(?<![\w.])(?:[A-Za-z]\.){2,6}(?!\w)", _initials),
    rule(r"(?<![\w'’.&-])(?P<word>[A-Z]{2,6})(?P<plural>s?)(?![\w'’]|&|\.\w)", _spelled),
    rule(r"(?<![\w'’.&-])(?P<word>[A-Z]{2,6})(?P<plural>)(?=['’]s\b)", _spelled),
    rule(r"(?<![\w&])[A-Z]{1,3}&[A-Z]{1,3}(?![\w&])", lambda found:
         " and ".join(letters(each) for each in found[0].split("&"))),
    rule(r"(?<=\w)\s?&\s?(?=\w)", lambda found: " and "),
    rule(r"(?<=\s)&(?=\s)", lambda found: "and"),
    rule(r"(?<=[A-Za-z])\s?[+](?=\s?\w)", lambda found: " plus "),
    rule(r"[~≈](?=\s?\d)", lambda found: "about "),
    rule(r"(?<=[A-Za-z)]\s)[=](?=\s)", lambda found: "equals"),
    rule(r"\s?[→⇒➜]\s?", lambda found: ", "),
    rule(r"[©®™℠]", lambda found: ""),
    rule(r"\*{1,3}|`{1,3}|~~|(?<![\w])_{1,2}(?=\w)|(?<=\w)_{1,2}(?!\w)|"
        r"^\s{0,3}\#{1,6}\s|\|", lambda found: " " if found[0] == "|" else "",
         re.MULTILINE),
)  # fmt: skip
