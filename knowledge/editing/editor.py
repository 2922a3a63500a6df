"""Edits of the files that people write: checked before they are written, logged, and taken back on demand."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from knowledge.editing.draft import Change, Done, Draft, Switch
from knowledge.editing.faults import EditError, place
from knowledge.editing.files import Replacing, sole_writer
from knowledge.editing.log import Changed, Edit, Log
from knowledge.editing.plan import Plan, taken_back
from knowledge.editing.shelf import Shelf, take
from knowledge.editing.weave import canonical
from knowledge.library import assemble, names
from visavis.errors import ConfigError

T = TypeVar("T")
ATTEMPTS = 5
"""How often an edit is made anew when a file changes under it."""
LATE_REFUSALS = 20
"""Rows that are taken out one by one because the library as a whole refuses them; with more the batch is refused."""


class _Moved(Exception):
    """A file is no longer what was edited."""


class Editor:
    """Reads and edits the libraries of one folder; `logs` is where their edits are recorded. Blocks: call in a thread.

    Every edit reads the files anew, so that what somebody saves meanwhile is kept.
    """

    def __init__(self, folder: Path, logs: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._folder, self._logs, self._now = folder, logs, now

    def names(self) -> list[str]:
        """The libraries that there are."""
        return names(self._folder)

    def open(self, library: str) -> Shelf:
        """What a library says now. Raises EditError."""
        return take(library, self._folder)

    def edit(
        self, library: str, changes: Sequence[Change | Switch], who: str, *, atomic: bool = True
    ) -> list[Done | EditError]:
        """Make changes, in order; the answer has one entry for each. Raises EditError when nothing was changed.

        With `atomic` one bad change refuses all of them; without it the good ones are made and the bad ones answered
        with their error.
        """
        return self._writing(lambda: self._edit(library, changes, who, atomic))

    def undo(self, library: str, who: str, count: int = 1) -> list[Edit]:
        """Take back the last `count` edits that still stand, newest first; returns those that were.

        A file that nobody has touched since becomes, to the byte, what it was. Otherwise each record of the edit is put
        back as it was, unless it has been changed since: that edit and those before it stay. Raises EditError when
        nothing was taken back.
        """
        undone: list[Edit] = []
        for _ in range(count):
            try:
                undone.append(self._writing(lambda: self._undo(library, who)))
            except EditError:
                if undone:
                    break
                raise
        return undone

    def log(self, library: str) -> list[Edit]:
        """The edits of a library, oldest first. Raises EditError where there is no such library."""
        if library not in self.names():
            self.open(library)
        return self._log(library).edits()

    def _log(self, library: str) -> Log:
        return Log(self._logs / f"{library}.jsonl")

    # ── writing ──
    def _writing(self, attempt: Callable[[], T]) -> T:
        with sole_writer(self._folder):
            for _ in range(ATTEMPTS):
                try:
                    return attempt()
                except _Moved:
                    continue
        raise EditError("busy", "the files change faster than they can be edited", "try again in a moment")

    def _edit(self, library: str, changes: Sequence[Change | Switch], who: str, atomic: bool) -> list[Done | EditError]:
        shelf = take(library, self._folder)
        refused: dict[int, EditError] = {}
        late = 0
        while True:
            draft = Draft(shelf)
            done = _applied(draft, changes, refused, atomic)
            try:
                plan = Plan(shelf, draft.patches())
                plan.check()
                break
            except ConfigError as error:
                fault = _fault(shelf, error, draft.row_of(error))
                late += 1
                if atomic or fault.row is None or late > LATE_REFUSALS:
                    raise fault from error
                refused[fault.row] = fault
        self._commit(plan, self._entry(plan, who, draft.changes))
        return [refused[row] if row in refused else done[row] for row in range(len(changes))]

    def _undo(self, library: str, who: str) -> Edit:
        shelf = take(library, self._folder)
        edit = _standing(self._log(library).edits())
        try:
            plan = taken_back(shelf, edit) or Plan(shelf, _put_back(shelf, edit).patches())
            plan.check()
        except ConfigError as error:
            raise _fault(shelf, error, None) from error
        changes = [Changed(c.kind, c.id, c.file, c.place, c.after, c.before) for c in reversed(edit.changes)]
        self._commit(plan, self._entry(plan, who, changes, undoes=edit.id))
        return edit

    def _entry(self, plan: Plan, who: str, changes: list[Changed], undoes: str | None = None) -> Edit:
        at = self._now().isoformat(timespec="milliseconds")
        return Edit(secrets.token_hex(6), at, who, plan.shelf.name, changes, plan.files(), undoes)

    def _commit(self, plan: Plan, edit: Edit) -> None:
        if not plan.patches and edit.undoes is None:
            return
        log = self._log(plan.shelf.name)
        with Replacing(plan.contents) as replacing:
            if not plan.current():
                raise _Moved
            start = log.append(edit)
            try:
                replacing.commit()
            except BaseException:
                log.drop(start)
                raise


def _applied(
    draft: Draft, changes: Sequence[Change | Switch], refused: dict[int, EditError], atomic: bool
) -> dict[int, Done]:
    done: dict[int, Done] = {}
    for row, change in enumerate(changes):
        if row in refused:
            continue
        try:
            done[row] = draft.apply(change, row)
        except EditError as error:
            error.row = row
            if atomic:
                raise
            refused[row] = error
    return done


def _fault(shelf: Shelf, error: ConfigError, row: int | None) -> EditError:
    """A refusal as the edit's own, or as what was wrong before it."""
    try:
        assemble(list(shelf.parts))
    except ConfigError as before:
        problem = f"the knowledge base cannot be used as it stands: {before.problem}"
        return EditError("broken", problem, before.remedy, where=place(before))
    where = error.key if row is not None else place(error)
    return EditError("invalid", error.problem, error.remedy, where=where, row=row)


def _standing(edits: Sequence[Edit]) -> Edit:
    """The last edit that was not taken back."""
    undone = {each.undoes for each in edits}
    for each in reversed(edits):
        if each.undoes is None and each.id not in undone:
            return each
    raise EditError("not_found", "there is no edit to take back", "what was edited by hand is taken back by hand")


def _put_back(shelf: Shelf, edit: Edit) -> Draft:
    """Every record of an edit as it was before. Raises EditError where one was changed since."""
    draft = Draft(shelf)
    for row, changed in enumerate(reversed(edit.changes)):
        if changed.id is None:
            draft.unswitch(changed)
        else:
            draft.apply(_reverse(changed, changed.id), row)
    return draft


def _reverse(changed: Changed, name: str) -> Change:
    def make(current: dict[str, object] | None) -> dict[str, object] | None:
        if canonical(current) != canonical(changed.after):
            problem = f"{name!r} of {changed.kind} was changed since"
            raise EditError("changed_since", problem, "change it to what it shall be", where=f"{changed.kind}/{name}")
        before: dict[str, object] | None = changed.before
        return before

    return Change(changed.kind, name, make, file=changed.file, place=changed.place)
