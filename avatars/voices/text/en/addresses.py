"""English readings of what is typed rather than said: links, mail addresses, telephone numbers, codes."""

from __future__ import annotations

import re

from avatars.voices.text.en.numbers import DIGITS, digits, grouped, letters, whole
from avatars.voices.text.rules import Found, Rule, rule

_MARKS = {".": "dot", "/": "slash", "-": "dash", "_": "underscore", "@": "at", "?": "question mark", "=": "equals",
          "&": "and", "#": "hash", "%": "percent", "+": "plus", ":": "colon", "~": "tilde"}  # fmt: skip
_SAID = frozenset(["com", "org", "net", "info", "gov", "museum", "shop", "store", "online", "site", "dev", "app",
    "club",
                   "biz", "name", "html", "page", "blog", "news", "art", "me"])  # fmt: skip
_SPELLED = frozenset(["www", "http", "https", "ftp", "html", "php", "pdf", "faq", "id", "api", "url", "vip", "ios"])
_TLD = r"(?:com|org|net|edu|gov|info|io|ai|co|cn|uk|de|fr|eu|us|jp|kr|tw|hk|sg|au|ca|nl|it|es|ch|at|museum|shop|" \
    r"app|dev|" \
       r"tv|ly|me|cc|biz|xyz|site|online|store|tech|art)"  # fmt: skip
_PHONE_WORD = re.compile(
    r"\b(?:call(?: us)?(?: (?:on|at))?|phone(?: number)?(?: is)?|telephone|tel|tel\.|mobile|cell|fax|dial|hotline|"
    r"whatsapp|text|reach (?:us|me) (?:on|at)|number(?: is)?)[\s:.]*$"
)
_CODE_WORD = re.compile(
    r"\b(?:flight|train|room|suite|apartment|apt\.?|order|booking|reservation|code|pin|id|serial|ref|reference|invoice|"
    r"case|ticket|tracking|extension|ext\.?|account|card|password|member|licen[cs]e|passport|postcode|zip|channel)"
    r"(?: (?:no\.?|number|code|id))?(?: (?:is|to))?[\s:#]*$"
)

_STATE = r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|" \
         r"V[AT]|W[AIVY])"  # fmt: skip


def address(text: str) -> str:
    """A link or a mail address, part by part."""
    said: list[str] = []
    for part in re.findall(r"[A-Za-z]+|\d+|[^\W\d_]+|.", text):
        low = part.lower()
        if part.isdigit():
            said.append(digits(part) if part.isascii() else part)
        elif part in _MARKS:
            said.append(_MARKS[part])
        elif low in _SPELLED or (
            part.isascii()
            and part.isalpha()
            and len(part) <= 2
            and low not in ("my", "go", "me", "we", "to", "in", "on", "at", "of", "up")
        ):
            said.append(letters(part))
        elif part.isalnum():
            said.append(part)
    return " ".join(said)


def _url(found: Found) -> str | None:
    link = re.sub(r"^[a-z]+://", "", found[0], flags=re.IGNORECASE).rstrip("/")
    return address(link) if link else None


def telephone(text: str) -> str:
    """A telephone number: digits one by one, a pause between the groups."""
    plus = "plus " if text.lstrip().startswith(("+", "(+")) else ""
    groups = re.findall(r"\d+", text)
    if len(groups) == 1 and len(groups[0]) >= 7:
        number = groups[0]
        cuts = [number[:3], number[3:6], number[6:]] if len(number) == 10 else [
            number[i : i + 4] if len(number) - i > 5 else number[i:] for i in range(0, len(number), 4)
            if i == 0 or len(number) - i >= 2
        ]  # fmt: skip
        groups = _cut(number) if "".join(cuts) != number else cuts
    return plus + ", ".join(digits(each) for each in groups)


def _cut(number: str) -> list[str]:
    """Digits without a gap in groups of three, the last of up to five."""
    groups = []
    while len(number) > 5:
        groups.append(number[:3])
        number = number[3:]
    return [*groups, number]


def _phone(found: Found) -> str | None:
    count = sum(each.isdigit() for each in found[0])
    if not 7 <= count <= 15 or re.match(r"\s?[%°€$£]", found.after()):
        return None
    spaced = not re.search(r"[-().+]", found[0])
    if spaced and not (_PHONE_WORD.search(found.before(32)) or found[0].startswith("0")):
        return None
    return telephone(found[0])


def _called(found: Found) -> str | None:
    return telephone(found[0]) if _PHONE_WORD.search(found.before(32)) else None


def _code(found: Found) -> str | None:
    """Letters and digits that name a thing: flight CA1234, gate B12."""
    front, number, rest = found["front"], found["number"], found["rest"]
    if len(front) > 4 or not number:
        return None
    said = [letters(front)]
    said.append(digits(number) if len(number) > 2 or number.startswith("0") else whole(number))
    if rest:
        said.append(letters(rest))
    if len(front) == 1 and len(number) <= 2 and not rest:
        return f"{front.upper()}-{said[1]}"
    return " ".join(said)


def _mixed(found: Found) -> str | None:
    """A code of letters and digits in turn: spelled."""
    return None if re.fullmatch(r"\d+[A-Z]{1,4}|[A-Z]{4,}-\d+", found[0]) else letters(found[0])


def _formula(found: Found) -> str:
    """C6H12O6: its elements by letter, how many of each as a number."""
    return " ".join(whole(each) if each.isdigit() else each for each in re.findall(r"[A-Z]|\d+", found[0]))


def _named(found: Found) -> str | None:
    """Digits that a word before makes a code."""
    if not _CODE_WORD.search(found.before(40)) or len(found[0]) < 3:
        return None
    return ", ".join(digits(each) for each in re.findall(r"\d+", found[0]))


def _port(found: Found) -> str:
    """A machine's address, and the port on it."""
    port = f" port {digits(found['port'])}" if found["port"] else ""
    return " dot ".join(digits(each) for each in found["ip"].split(".")) + port


def _zip(found: Found) -> str:
    """The state by its letters, its zip code digit by digit."""
    return f"{letters(found['state'])} {', '.join(digits(each) for each in found['code'].split('-'))}"


def _hash(found: Found) -> str | None:
    return f"number {whole(found['number'])}"


RULES: tuple[Rule, ...] = (
    rule(r"(?<![\w@.+-])(?:mailto:)?(?P<mail>[\w.+%-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)", lambda found:
         address(found["mail"])),
    rule(r"(?<![\w@])(?:(?:https?|ftp)://|www\.)[^\s<>\"'，。、；！？）】》]*"
         r"[^\s<>\"'，。、；！？）】》.,;:!?)\]]", _url,
         re.IGNORECASE),
    rule(rf"(?<![\w@./-])(?:[a-z0-9-]+\.)+{_TLD}(?:/[\w./?=&%#~-]*[\w/])?(?![\w@-]|\.\w)", _url),
    rule(r"(?<![\w.,/+-])(?:\+|\(\+)\d{1,3}[\d\s().-]{5,18}\d(?!\w)", _phone),
    rule(r"(?<![\w.,/-])\(\d{2,5}\)\s?\d{2,4}[\s.-]?\d{3,4}(?:[\s.-]?\d{3,4})?(?![\w-])", _phone),
    rule(r"(?<![\w.,/-])(?:1[-. ])?\d{3}[-.]\d{3}[-.]\d{4}(?![\w-])", _phone),
    rule(r"(?<![\w.,/-])0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}(?![\w-])", _phone),
    rule(r"(?<![\w.,/-])\d{3}-\d{4}(?![\w/-]|\.\d)", _phone),
    rule(r"(?<![\w.,/-])\d{3,5}(?:[ -]\d{3,5}){1,3}(?![\w-]|[.,]\d)", _called),
    rule(r"(?<![\w.,/-])\d{3,15}(?![\w-]|[.,]\d)", _called),
    rule(r"(?<![\w.])(?P<ip>\d{1,3}(?:\.\d{1,3}){3})(?::(?P<port>\d{1,5}))?(?![\w:]|\.\d)", _port),
    rule(rf"(?<=,\s)(?P<state>{_STATE})\s(?P<code>\d{{5}}(?:-\d{{4}})?)(?![\w-]|[.,]\d)", _zip),
    rule(r"(?<![\w.,/-])\d{4}(?:[ -]\d{4}){2,4}(?![\w-])", lambda found: grouped(found[0])),
    rule(r"(?<![\w.,/-])\d{2,}(?:-\d{2,})*(?![\w/:]|[.,]\d|[-–]\d)", _named),
    rule(r"(?<![\w.-])C\d{0,2}H\d{1,3}(?:[CHNOPS]\d{0,3})*(?![\w-])", _formula),
    rule(r"(?<=[A-Za-z]\.)\d{3,}(?![\w]|\.\d)", lambda found: digits(found[0])),
    rule(r"(?<![\w.])(?P<front>[A-Z]{1,4})[ -]?(?P<number>\d{1,6})(?P<rest>[A-Z]{0,2})(?![\w-])(?<=\w)", lambda found:
         _code(found) if " " not in found[0] or re.search(r"\b(?:flight|train|bus|route)s? $", found.before())
         else None),
    rule(r"(?<![\w.-])(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d)[A-Z0-9]{2,}(?:-[A-Z0-9]+)*(?![\w])", lambda found:
         _mixed(found) if len(found[0]) >= 4 else None),
    rule(r"(?<!\w)[A-Za-z][A-Za-z0-9]*_\w*[A-Za-z0-9]", lambda found: address(found[0])),
    rule(r"(?<=[A-Za-z])\d{3,}(?!\w)", lambda found: digits(found[0])),
    rule(r"(?<!\w)\#\s?(?P<number>\d{1,6})(?!\w)", _hash),
    rule(r"(?<!\w)[Nn]os?\.(?=\s?\d)", lambda found:
         "number" if _CODE_WORD.search(found.before(40)) else None),
    rule(r"(?<!\w)(?:No|Nr|Nos|no)\.\s?(?P<number>\d{1,6})(?!\w)", _hash),
    rule(r"№\s?(?P<number>\d{1,6})", _hash),
    rule(r"(?<!\w)\#(?P<word>[^\W\d]\w{1,48})", lambda found: f"hashtag {found['word'].replace('_', ' ')}"),
    rule(r"(?<![\w.])@(?P<word>[^\W\d]\w{1,48})", lambda found: f"at {found['word'].replace('_', ' ')}"),
    rule(r"(?<![\w,.])\d{1,3}(?:[ \u00a0\u202f]\d{3}){2,}(?![\w])", lambda found:
         whole("".join(re.findall(r"\d", found[0])))),
    rule(r"(?<![\w.,])(?P<n>0\d+)(?![\w]|[.,]\d)", lambda found: " ".join(DIGITS[int(d)] for d in found["n"])),
)  # fmt: skip
