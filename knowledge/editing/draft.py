"""Changes of records, made on a copy of what the files say."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.editing.faults import EditError
from knowledge.editing.kinds import SWITCH, Record, checked, key_of, new_id
from knowledge.editing.log import Changed
from knowledge.editing.shelf import Shelf, items, missing
from knowledge.editing.weave import Patch, canonical, weave
from visavis.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one record: `make` gets a copy of it, or None where there is none, and returns the new one,
    or None to take it away; it may raise EditError. An empty `id` asks for a new one. `file` and `place` say where a
    record that comes is put; without them at the end of the first file that has the section."""

    kind: str
    id: str
    make: Callable[[Record | None], Record | None]
    file: str | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Switch:
    """Turn a section on or off."""

    kind: str
    on: bool


@dataclass(frozen=True, slots=True)
class Done:
    """A record as it is now, None where it is gone; whether it is new."""

    kind: str
    id: str
    record: Record | None
    created: bool = False


@dataclass(slots=True)
class Draft:
    """A shelf, and what is to become of it."""

    shelf: Shelf
    changes: list[Changed] = field(default_factory=list)
    _data: dict[Path, dict[str, Any]] = field(default_factory=dict)
    _rows: dict[tuple[str, str], int] = field(default_factory=dict)
    _where: dict[str, dict[str, Path]] = field(default_factory=dict)
    _intents: dict[str, str] | None = None

    def apply(self, change: Change | Switch, row: int) -> Done:
        """Make one change. Raises EditError; then nothing is changed by it."""
        if isinstance(change, Switch):
            return self._switch(change)
        path, place = self._find(change.kind, change.id)
        current = None if path is None else items(self._said(path), change.kind)[place]
        new = change.make(copy.deepcopy(current))
        if new is None and current is None:
            raise missing(change.kind, change.id)
        if new is None:
            assert path is not None
            self._note(change.kind, change.id, path, place, current, None)
            del self._index(change.kind)[change.id]
            self._intents = None
            del items(self._own(path), change.kind)[place]
            return Done(change.kind, change.id, None)
        return self._put(change, path, place, current, new, row)

    def _put(
        self, change: Change, path: Path | None, place: int, current: Record | None, new: Record, row: int
    ) -> Done:
        kind, key = change.kind, key_of(change.kind)
        if path is None or current is None:
            if key == "id" and not new.get("id"):
                new = {"id": new_id(kind, new, self._ids(kind)), **{k: v for k, v in new.items() if k != "id"}}
            checked(kind, new)
            if new[key] == SWITCH:
                problem = f"{SWITCH!r} is the address of the section's switch"
                raise EditError("invalid", problem, "give it another id", where=key)
            self._apart(kind, new)
            if self._find(kind, new[key])[0] is not None:
                raise EditError(
                    "exists", f"{new[key]!r} is there already", "give it another id, or change it", where=key
                )
            path = self._file(kind, change.file)
            section = self._section(path, kind)
            place = len(section) if change.place is None else min(change.place, len(section))
            section.insert(place, new)
        else:
            checked(kind, new)
            if new[key] != change.id:
                problem = f"{new[key]!r} is not the {key} of this record, {change.id!r}"
                raise EditError("invalid", problem, "take a new one in and remove this one", where=key)
            self._apart(kind, new)
            items(self._own(path), kind)[place] = new
        self._rows[kind, new[key]] = row
        self._intents = None
        self._index(kind)[new[key]] = path
        self._note(kind, new[key], path, place, current, new)
        return Done(kind, new[key], new, created=current is None)

    def _switch(self, switch: Switch) -> Done:
        if switch.kind == "documents":
            problem = "documents have no switch for all of them"
            raise EditError("unsupported", problem, "switch each with its own `enabled`")
        stated = [path for path, _ in self.shelf.switches(switch.kind)]
        for path in stated or [self._file(switch.kind, None)]:
            data = self._own(path)
            section = data.get(switch.kind, {})
            self._note(switch.kind, None, path, 0, section.get("enabled"), switch.on)
            data[switch.kind] = {"enabled": switch.on, **section, **({"enabled": switch.on})}
        return Done(switch.kind, "", {"enabled": switch.on})

    def unswitch(self, changed: Changed) -> None:
        """Make a section's switch in one file what it was before."""
        path = self._file(changed.kind, changed.file)
        section = dict(self._own(path).get(changed.kind, {}))
        if section.get("enabled") is not changed.after:
            raise EditError("changed_since", f"the switch of {changed.kind} was changed since", "set it as you want it")
        section.pop("enabled", None)
        rest = section if changed.before is None else {"enabled": changed.before, **section}
        if rest:
            self._own(path)[changed.kind] = rest
        else:
            self._own(path).pop(changed.kind, None)
        self._note(changed.kind, None, path, 0, changed.after, changed.before)

    # ── what comes of it ──
    def patches(self) -> dict[Path, list[Patch]]:
        """What to exchange in each file that changes. Raises ConfigError."""
        found: dict[Path, list[Patch]] = {}
        for document, _ in self.shelf.parts:
            if document.path in self._data:
                text = self.shelf.raw[document.path].decode("utf-8-sig")
                if patches := weave(document.path, text, document.data, self._data[document.path]):
                    found[document.path] = patches
        return found

    def row_of(self, error: ConfigError) -> int | None:
        """Which change wrote the record that an error of the edited library is about."""
        found = re.match(r"(\w+)(?:\.items)?\[(\d+)\]", error.key)
        if found is None or error.path not in {document.path for document, _ in self.shelf.parts}:
            return None
        records = items(self._said(error.path), found[1])
        if int(found[2]) >= len(records):
            return None
        return self._rows.get((found[1], str(records[int(found[2])].get(key_of(found[1])))))

    # ── the copy ──
    def _said(self, path: Path) -> dict[str, Any]:
        if path in self._data:
            return self._data[path]
        return next(document.data for document, _ in self.shelf.parts if document.path == path)

    def _own(self, path: Path) -> dict[str, Any]:
        if path not in self._data:
            self._data[path] = copy.deepcopy(self._said(path))
        return self._data[path]

    def _section(self, path: Path, kind: str) -> list[Record]:
        """The list of records to add to; made where there is none."""
        data = self._own(path)
        if kind == "documents":
            found: list[Record] = data.setdefault(kind, [])
            return found
        found = data.setdefault(kind, {}).setdefault("items", [])
        return found

    def _find(self, kind: str, name: str) -> tuple[Path | None, int]:
        path = self._index(kind).get(name)
        if path is None:
            return None, 0
        key = key_of(kind)
        return path, next(place for place, each in enumerate(items(self._said(path), kind)) if each[key] == name)

    def _index(self, kind: str) -> dict[str, Path]:
        """Which file each record of a kind is in."""
        if kind not in self._where:
            key, paths = key_of(kind), [document.path for document, _ in self.shelf.parts]
            self._where[kind] = {each[key]: path for path in paths for each in items(self._said(path), kind)}
        return self._where[kind]

    def _ids(self, kind: str) -> Container[str]:
        """Ids that a new record may not have."""
        if kind != "faq":
            return self._index(kind)
        return self._skill_of().keys() | self._index(kind).keys()

    def _skill_of(self) -> dict[str, str]:
        """The skill of each intent."""
        if self._intents is None:
            skills = [each for document, _ in self.shelf.parts for each in items(self._said(document.path), "skills")]
            self._intents = {intent["id"]: skill["id"] for skill in skills for intent in skill["intents"]}
        return self._intents

    def _apart(self, kind: str, new: Record) -> None:
        """Raises EditError where an FAQ entry and an intent, or two intents, would have one id."""
        named = {"id": new["id"]} if kind == "faq" else {}
        if kind == "skills":
            named = {f"intents[{place}].id": each["id"] for place, each in enumerate(new["intents"])}
        for where, name in named.items():
            skill = self._skill_of().get(name)
            if (skill is not None and (kind == "faq" or skill != new["id"])) or (
                kind == "skills" and name in self._index("faq")
            ):
                owner = "an FAQ entry" if skill is None else f"an intent of {skill!r}"
                raise EditError("exists", f"the id {name!r} is taken by {owner}", "give it another id", where=where)

    def _file(self, kind: str, named: str | None) -> Path:
        paths = [document.path for document, _ in self.shelf.parts]
        if named is not None:
            for path in paths:
                if path.name == named:
                    return path
            remedy = f"use one of: {', '.join(path.name for path in paths)}"
            raise EditError("invalid", f"{named[:80]!r} is no file of this knowledge base", remedy, where="file")
        return next((path for path in paths if kind in self._said(path)), paths[0])

    def _note(self, kind: str, name: str | None, path: Path, place: int, before: Any, after: Any) -> None:
        if canonical(before) != canonical(after):
            self.changes.append(Changed(kind, name, path.name, place, copy.deepcopy(before), copy.deepcopy(after)))
