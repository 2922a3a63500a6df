"""The changes that a client asks for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from knowledge.editing.draft import Change
from knowledge.editing.faults import EditError
from knowledge.editing.kinds import Record, etag, key_of
from knowledge.editing.shelf import missing

Tags = Collection[str] | None
"""Entity tags of which a record must have one; `*` stands for any; None asks for none."""


def matches(current: Any, tags: Tags) -> None:
    """Raises EditError when what is there has none of the tags."""
    if tags is None or (current is not None and ("*" in tags or etag(current) in tags)):
        return
    problem = "it is gone" if current is None else "it was changed since it was read"
    raise EditError("stale", problem, "read it again, and decide anew")


def created(kind: str, record: Record, file: str | None = None) -> Change:
    """A record that is not there yet; without an id it gets one."""
    name = record.get(key_of(kind)) or ""

    def make(current: Record | None) -> Record:
        if current is not None:
            problem = f"{name!r} is there already"
            raise EditError("exists", problem, "give it another id, or change the one there is", where=key_of(kind))
        return record

    return Change(kind, name if isinstance(name, str) else "", make, file)


def replaced(kind: str, name: str, record: Record, tags: Tags = None, *, new_only: bool = False) -> Change:
    """All of a record; one that is not there is made, unless tags are asked for."""

    def make(current: Record | None) -> Record:
        if tags is not None:
            matches(current, tags)
        if new_only and current is not None:
            raise EditError("stale", f"{name!r} is there already", "read it, and decide anew")
        return {key_of(kind): name, **record}

    return Change(kind, name, make)


def merged(kind: str, name: str, patch: Record, tags: Tags = None) -> Change:
    """Some keys of a record, in the way of RFC 7396: a key that is null goes, mappings are merged."""

    def make(current: Record | None) -> Record:
        if current is None:
            raise missing(kind, name)
        matches(current, tags)
        return merge(current, patch)

    return Change(kind, name, make)


def removed(kind: str, name: str, tags: Tags = None) -> Change:
    """A record that goes."""

    def make(current: Record | None) -> None:
        if current is None:
            raise missing(kind, name)
        matches(current, tags)

    return Change(kind, name, make)


def merge(target: Any, patch: Record) -> Record:
    """JSON Merge Patch of a mapping."""
    result: Record = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value) if isinstance(value, dict) else value
    return result
