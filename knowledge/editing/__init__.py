"""Editing the files of a knowledge base: by record, in place, with a log and a way back."""

from knowledge.editing.changes import created, merged, removed, replaced
from knowledge.editing.draft import Change, Done, Switch
from knowledge.editing.editor import Editor
from knowledge.editing.faults import EditError
from knowledge.editing.kinds import KINDS, Record, etag, key_of
from knowledge.editing.log import Edit
from knowledge.editing.shelf import Shelf

__all__ = [
    "KINDS",
    "Change",
    "Done",
    "Edit",
    "EditError",
    "Editor",
    "Record",
    "Shelf",
    "Switch",
    "created",
    "etag",
    "key_of",
    "merged",
    "removed",
    "replaced",
]
