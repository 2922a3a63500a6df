"""The files of the lexicon: what `configs/lexicon/*.yaml` may say, read and checked together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from avatars.voices.lexicon import Entry, Lexicon
from avatars.voices.text.homophones import homophones
from visavis.config import Document, Strict, build, read

ENTRIES = 2_000
"""Entries of all files together."""
_MANY = f"there are more than {ENTRIES:,} entries in all files together"
BYTES = 1024 * 1024
_IPA_MARKS = "ˈˌːˑ̯̩̥̬̪̃̚ʰʲʷˠˤ‿.|‖ ˥˦˧˨˩↗↘̀́̂̌͡()-"


def _line(value: str) -> str:
    text = " ".join(value.split())
    if not text or any(not each.isprintable() for each in text):
        raise ValueError("the text is empty or holds control characters; write what is to be said")
    return text


def _sayable(value: str) -> str:
    if not any(each.isalnum() for each in value):
        raise ValueError(f"{value!r} holds no letter or digit; write a word")
    return value


def _phonemes(value: str) -> str:
    bare = value.strip("/[] ")
    if not bare or any(each.isdigit() or not (each.isalpha() or each in _IPA_MARKS) for each in bare):
        raise ValueError(f"{value!r} is not written in IPA; write for example məˈzeɪɪk")
    return bare


def _pinyin(value: str) -> str:
    if homophones(value) is None:
        raise ValueError(f"{value!r} is no pinyin with tones; write syllables such as chong2 qing4")
    return value


Text = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_line), AfterValidator(_sayable)]
Tag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class LexiconEntry(Strict):
    """`grapheme` is spoken as its alias, pinyin or IPA, where `language` and `voice` fit."""

    id: Annotated[str, Field(pattern=r"^[^\s.!-,/:-@\[-^`{-~][^\s!-,/:-@\[-^`{-~]{0,63}$")]
    grapheme: Text
    language: Tag | None = None
    voice: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    alias: (
        Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_line), AfterValidator(_sayable)] | None
    ) = None
    pinyin: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_pinyin)] | None = None
    ipa: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_phonemes)] | None = None
    case: Literal["any", "exact"] = "any"

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.alias or self.pinyin or self.ipa):
            raise ValueError("nothing says how it is pronounced; add alias, pinyin or ipa")
        return self

    def entry(self, language: str | None) -> Entry:
        """The entry, in its file's language unless it names one."""
        return Entry(
            self.id, self.grapheme, self.language or language or "", self.voice or "", self.alias or "",
            self.pinyin or "", self.ipa or "", self.case == "exact",
        )  # fmt: skip


class LexiconFile(Strict):
    """A file of the lexicon; `language` is that of entries that name none."""

    lexicon: Annotated[str, Field(min_length=1, max_length=64)]
    language: Tag | None = None
    entries: Annotated[tuple[LexiconEntry, ...], Field(json_schema_extra={"maxItems": ENTRIES})] = ()


def files(folder: Path) -> list[Path]:
    """The files of the folder, in the order in which they are read."""
    return sorted(each for each in folder.glob("*.y*ml") if each.is_file() and not each.name.startswith("."))


def read_lexicon(folder: Path) -> Lexicon:
    """All entries of a folder; none where it is missing. Raises ConfigError."""
    return combined([read(path, BYTES) for path in files(folder)])


def combined(documents: Sequence[Document]) -> Lexicon:
    """The entries of files that were read. Raises ConfigError."""
    entries: list[Entry] = []
    seen: dict[str, Path] = {}
    for document in documents:
        file = build(LexiconFile, document)
        for place, each in enumerate(file.entries):
            if each.id in seen:
                problem = f"the id {each.id!r} is taken by an entry of {seen[each.id].name}"
                raise document.error(f"entries[{place}].id", problem, "give it another one")
            seen[each.id] = document.path
            entries.append(each.entry(file.language))
            if len(entries) > ENTRIES:
                raise document.error(f"entries[{place}]", _MANY, "remove some")
    return Lexicon(tuple(entries))
