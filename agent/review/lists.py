"""Word lists: a text file, one term a line.

# a remark
[insult]            the class of what follows, as the log names it; [allow] lists what is never held against anyone
numpty              the whole word, its plural too
numpt*              words that begin so
*numpt*             wherever it occurs
=numpty             as it is written, without variants or homophones
~二货               by its sound too, although it is short (Chinese terms of three characters always are)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from agent.review.fold import HAN_CHARACTER, fold, words
from visavis.config import LIMIT, suggest
from visavis.errors import ConfigError

SHIPPED = Path(__file__).parent / "lists"
LONGEST = 80
"""Characters that a term may have."""
_HEADING = re.compile(r"\[([a-z][a-z0-9_-]{0,31})\]$")


@dataclass(frozen=True, slots=True)
class Term:
    """A term in folded words; `rule` names its class, file and line, and so never itself."""

    words: str
    rule: str
    prefix: bool = False
    suffix: bool = False
    exact: bool = False
    sounds: bool = False

    @property
    def allowed(self) -> bool:
        return self.rule.startswith("allow:")


def find(name: str, folder: Path | None) -> Path:
    """The list `name`: the operator's `FOLDER/NAME.txt`, else the shipped one. Raises ConfigError."""
    own = folder / f"{name}.txt" if folder is not None else None
    if own is not None and own.is_file():
        return own
    path = SHIPPED / f"{name}.txt"
    if path.is_file():
        return path
    folders = [each for each in (folder, SHIPPED) if each is not None and each.is_dir()]
    known = sorted({each.stem for place in folders for each in place.glob("*.txt")})
    raise ConfigError(own or path, 1, "", "there is no such word list", suggest(name, known))


def load(path: Path) -> list[Term]:
    """The terms of a file. Raises ConfigError with the first line that cannot be used."""
    group, terms = "term", []
    for number, line in enumerate(_text(path).splitlines(), 1):
        text = line.partition("#")[0].strip() if not line.strip().startswith("*") else line.strip()
        if not text:
            continue
        if text.startswith("["):
            heading = _HEADING.match(text)
            if heading is None:
                raise ConfigError(path, number, "", f"{text[:40]!r} is no heading", "write one such as [insult]")
            group = heading.group(1)
        else:
            terms.append(_term(path, number, text, group))
    return terms


def term(text: str, rule: str) -> Term:
    """A term as a list writes it. Raises ValueError with a remedy."""
    exact, sounds = text.startswith("="), text.startswith("~")
    bare = text[1:] if exact or sounds else text
    prefix, suffix = bare.endswith("*"), bare.startswith("*")
    folded = words(fold(bare))
    size = len(folded.replace(" ", ""))
    if size < 2 and not HAN_CHARACTER.match(folded):
        raise ValueError("a term needs two letters, or one Chinese character; write it out")
    if len(folded) > LONGEST:
        raise ValueError(f"a term has at most {LONGEST} characters; shorten it")
    return Term(folded, rule, prefix, suffix, exact, sounds)


def _term(path: Path, number: int, text: str, group: str) -> Term:
    try:
        return term(text, f"{group}:{path.stem}:{number}")
    except ValueError as error:
        problem, _, remedy = str(error).partition("; ")
        raise ConfigError(path, number, "", problem, remedy) from error


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LIMIT + 1)
        if len(raw) > LIMIT:
            raise ConfigError(path, 1, "", f"the file is larger than {LIMIT:,} bytes", "split it")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ConfigError(path, line, "", "the file is not UTF-8", "save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(path, 1, "", f"the file cannot be read: {error.strerror}", "check its rights") from error
