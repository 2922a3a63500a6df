"""A library: the files of one folder that carry the same `knowledge:` name, checked and put together."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from knowledge.documents import Block, Unreadable, blocks_of
from knowledge.documents.reading import FILE_LIMIT
from knowledge.schema import DocumentRef, Faq, Greeting, Intent, Keyword, KnowledgeFile, Rule, Show, Thresholds
from visavis.config import Document, build, contents, parsed, read, suggest
from visavis.errors import ConfigError

SECTIONS = ("greetings", "keywords", "faq", "skills", "rules")
"""The sections that have a switch and items."""
_NAMESPACES = (("greetings",), ("keywords",), ("faq", "intents"), ("skills",), ("rules",))
"""Sections whose ids may not meet: what is asked and answered has one name, wherever it is written."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document: its path as written in the file, its title, and what it holds."""

    ref: DocumentRef
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that the files of one name say; a section that is switched off is empty."""

    name: str
    language: str
    greetings: tuple[Greeting, ...]
    keywords: tuple[Keyword, ...]
    faq: tuple[Faq, ...]
    intents: tuple[Intent, ...]
    rules: tuple[Rule, ...]
    documents: tuple[Text, ...]
    fallback: tuple[str, ...]
    thresholds: Thresholds
    folder: Path
    files: tuple[Path, ...]

    def items(self) -> tuple[Greeting | Keyword | Faq | Rule, ...]:
        """Every item that says, does or shows something."""
        return (*self.greetings, *self.keywords, *self.faq, *self.intents, *self.rules)


Part = tuple[Document, KnowledgeFile]


def load_file(path: Path, cache: Path | None = None) -> Library:
    """One file as a library of its own. Raises ConfigError."""
    document = read(path)
    return assemble([(document, build(KnowledgeFile, document))], cache)


def load_library(name: str, folder: Path, cache: Path | None = None) -> Library:
    """The library of that name in a folder. Raises ConfigError."""
    return assemble(parts(name, folder), cache)


def parts(name: str, folder: Path, edited: Mapping[Path, bytes] = MappingProxyType({})) -> list[Part]:
    """The files of the library of that name, where `edited` stands for what files hold. Raises ConfigError."""
    if not folder.is_dir():
        raise ConfigError(folder, 1, "", "there is no such folder", "check the path")
    found: list[Part] = []
    others: set[str] = set()
    for path in files(folder):
        try:
            raw = edited[path] if path in edited else contents(path)
            document = _seen(path, raw).document
        except ConfigError:
            if _named(path) not in (name, None):
                continue
            raise
        called = document.data.get("knowledge") if isinstance(document.data, dict) else None
        if called == name:
            found.append((document, _seen(path, raw).file))
        elif isinstance(called, str):
            others.add(called)
    if not found:
        remedy = suggest(name, sorted(others)) if others else f"write a file that begins with `knowledge: {name}`"
        raise ConfigError(folder, 1, "", f"no file here is of the knowledge base {name!r}", remedy)
    return found


def names(folder: Path) -> list[str]:
    """The libraries whose files lie in a folder, those too that cannot be read as they stand."""
    found: set[str] = set()
    for path in files(folder) if folder.is_dir() else ():
        try:
            data = _seen(path, contents(path)).document.data
            called = data.get("knowledge") if isinstance(data, dict) else None
        except ConfigError:
            called = _named(path)
        if isinstance(called, str):
            found.add(called)
    return sorted(found)


class _Seen:
    """A file as it was read last: one that has not changed is not parsed and checked again."""

    def __init__(self, path: Path, raw: bytes) -> None:
        self.raw, self.document = raw, parsed(path, raw)

    @cached_property
    def file(self) -> KnowledgeFile:
        return build(KnowledgeFile, self.document)


_SEEN: dict[Path, _Seen] = {}
_SEEN_LIMIT = 256


def _seen(path: Path, raw: bytes) -> _Seen:
    seen = _SEEN.get(path)
    if seen is None or seen.raw != raw:
        if len(_SEEN) >= _SEEN_LIMIT:
            _SEEN.clear()
        seen = _SEEN[path] = _Seen(path, raw)
    return seen


def files(folder: Path) -> list[Path]:
    """The YAML files of a folder, in order of name."""
    return sorted(each for each in folder.iterdir() if each.suffix in (".yaml", ".yml") and each.is_file())


def _named(path: Path) -> str | None:
    """The library that a file which cannot be read says it belongs to, or None."""
    try:
        head = path.read_bytes()[:65536].decode("utf-8", "replace")
    except OSError:
        return None
    found = re.search(r"^knowledge:\s*[\"']?([\w.-]+)", head, re.MULTILINE)
    return found[1] if found else None


def assemble(parts: list[Part], cache: Path | None = None) -> Library:
    """Put the files of one library together; the text of its documents is kept in the folder `cache`.

    Raises ConfigError where the files contradict one another, or a document cannot be read.
    """
    _agree(parts)
    for namespace in _NAMESPACES:
        _unique(parts, namespace)
    for document, file in parts:
        _contained(document, file)
    first = parts[0][1]
    fallback = next((file.fallback.say for _, file in parts if file.fallback), ())
    thresholds = next((file.thresholds for _, file in parts if "thresholds" in file.model_fields_set), Thresholds())
    return Library(
        name=first.knowledge,
        language=first.language,
        greetings=tuple(item for _, file in parts if file.greetings.enabled for item in file.greetings.items),
        keywords=tuple(item for _, file in parts if file.keywords.enabled for item in file.keywords.items),
        faq=tuple(item for _, file in parts if file.faq.enabled for item in file.faq.items),
        intents=tuple(
            intent
            for _, file in parts
            if file.skills.enabled
            for skill in file.skills.items
            for intent in skill.answers()
        ),
        rules=tuple(item for _, file in parts if file.rules.enabled for item in file.rules.items),
        documents=tuple(_texts(parts, cache)),
        fallback=fallback,
        thresholds=thresholds,
        folder=parts[0][0].path.parent,
        files=tuple(document.path for document, _ in parts),
    )


def _agree(parts: list[Part]) -> None:
    """What is said of the whole library must be the same wherever it is said."""
    stated: dict[str, tuple[object, Path]] = {}
    for document, file in parts:
        for key, value in _whole(file):
            before, path = stated.setdefault(key, (value, document.path))
            if before != value:
                problem = f"{path.name} says otherwise of the same knowledge base"
                raise document.error(key, problem, "say it once, or the same in both")


def _whole(file: KnowledgeFile) -> Iterable[tuple[str, object]]:
    yield "language", file.language
    for key in SECTIONS:
        section = getattr(file, key)
        if "enabled" in section.model_fields_set:
            yield f"{key}.enabled", section.enabled
    for key in ("fallback", "thresholds"):
        if key in file.model_fields_set:
            yield key, getattr(file, key)


def _unique(parts: list[Part], kinds: tuple[str, ...]) -> None:
    seen: dict[str, tuple[Path, int]] = {}
    for document, file in parts:
        for kind in kinds:
            for key, name in _ids(file, kind):
                if name in seen:
                    path, line = seen[name]
                    problem = f"the id {name!r} is taken by {path.name}:{line}"
                    raise document.error(key, problem, "give it another id")
                seen[name] = document.path, document.line_of(key)


def _ids(file: KnowledgeFile, kind: str) -> Iterable[tuple[str, str]]:
    """The ids of a section and where they stand; `intents` are those of all skills."""
    if kind != "intents":
        for place, item in enumerate(getattr(file, kind).items):
            yield f"{kind}.items[{place}].id", item.id
        return
    for place, skill in enumerate(file.skills.items):
        for number, intent in enumerate(skill.intents):
            yield f"skills.items[{place}].intents[{number}].id", intent.id


def _contained(document: Document, file: KnowledgeFile) -> None:
    """No card may show a file that lies elsewhere, whatever links lead there."""
    folder = document.path.parent.resolve()
    for place, show in _shows(file):
        for key, name in show.files().items():
            if not _real(folder / name).is_relative_to(folder):
                problem = f"{name} leads out of the folder of this file"
                raise document.error(f"{place}.show.{key}", problem, "put the file itself there")


def _real(path: Path) -> Path:
    """Where links lead; one that leads to itself is left as it is, and cannot be opened."""
    return Path(os.path.realpath(path))


def _shows(file: KnowledgeFile) -> Iterable[tuple[str, Show]]:
    for kind in ("greetings", "keywords", "faq", "rules"):
        for place, item in enumerate(getattr(file, kind).items):
            if item.show:
                yield f"{kind}.items[{place}]", item.show
    for place, skill in enumerate(file.skills.items):
        for number, intent in enumerate(skill.intents):
            if intent.show:
                yield f"skills.items[{place}].intents[{number}]", intent.show


def _texts(parts: list[Part], cache: Path | None) -> Iterable[Text]:
    for document, file in parts:
        for place, ref in enumerate(file.documents):
            yield _text(document, f"documents[{place}].path", ref, cache)


def _text(document: Document, key: str, ref: DocumentRef, cache: Path | None) -> Text:
    folder = document.path.parent.resolve()
    path = _real(folder / ref.path)
    if not path.is_relative_to(folder):
        raise document.error(key, f"{ref.path} leads out of the folder of this file", "put the document itself there")
    if path.exists() and not path.is_file():
        raise document.error(key, f"{ref.path} is a folder, a pipe or a device", "name a file")
    try:
        with path.open("rb") as file:
            raw = file.read(FILE_LIMIT + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise document.error(key, f"{ref.path}: {reason}", "check the name; it is relative to this file") from error
    try:
        blocks = blocks_of(path.name, raw, cache)
    except Unreadable as error:
        raise document.error(key, f"{ref.path}: {error.problem}", error.remedy) from error
    return Text(ref, ref.title or path.stem.replace("-", " ").replace("_", " "), blocks)
