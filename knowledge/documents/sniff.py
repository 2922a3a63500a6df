"""What a file is, by what it holds rather than by its name."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from knowledge.documents import archive
from knowledge.documents.blocks import Unreadable

_CALLED = {".pdf": "a PDF", ".docx": "a Word document", ".xlsx": "an Excel workbook"}
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
_DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PARTS = ((".docx", "word/document.xml"), (".xlsx", "xl/workbook.xml"))


def verify(name: str, raw: bytes) -> None:
    """Raises Unreadable where a document is not what its name says, or is dangerous to open."""
    suffix = PurePosixPath(name).suffix.lower()
    if not raw.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise Unreadable("it is empty", "write something into it, or take it out of the list")
    found = _found(raw)
    if found == suffix or (found is None and suffix not in _CALLED):
        if suffix not in _CALLED and b"\0" in raw[:8192] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Unreadable("it holds no text", "use a .md, .txt, .html, .pdf, .docx or .xlsx file")
        return
    if found is None:
        raise Unreadable(
            f"it is not {_CALLED[suffix]}", f"save it as {suffix} again; renaming a file does not convert it"
        )
    raise Unreadable(f"it is {_CALLED[found]}", f"give it a name that ends in {found}")


def _found(raw: bytes) -> str | None:
    if b"%PDF-" in raw[:1024]:
        return ".pdf"
    if raw.startswith(_OLD):
        problem = "it is protected by a password, or in a format of before 2007 (.doc, .xls)"
        raise Unreadable(problem, "take the password off, or save it as .docx or .xlsx")
    if raw.startswith(_PICTURES):
        raise Unreadable("it is a picture or a sound", "write what it says into a .md file")
    return _packed(raw) if raw.startswith((b"PK\x03\x04", b"PK\x05\x06")) else None


def _packed(raw: bytes) -> str | None:
    with archive.opened(raw) as opened:
        names = set(opened.namelist())
        for suffix, part in _PARTS:
            if part in names:
                for each in sorted(names):
                    if each.endswith((".xml", ".rels")) and _DECLARED.search(archive.member(opened, each)[:65536]):
                        raise Unreadable(f"its part {each[:80]} declares entities", "save it again in Word or Excel")
                return suffix
    problem = "it is an archive, not a document"
    raise Unreadable(problem, "unpack it and name the documents in it one by one")
