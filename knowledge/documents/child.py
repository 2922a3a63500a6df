"""The process that reads one document: bytes on standard input, blocks as JSON on standard output.

`python -m knowledge.documents.child .pdf < guide.pdf`
"""

from __future__ import annotations

import importlib
import json
import sys

from knowledge.documents.blocks import Unreadable, packed
from knowledge.documents.reading import PATIENCE_S, checked
from visavis.confined import confine

MEMORY = 2 * 1024**3
"""Bytes of address space."""
READERS = {".html": "page", ".pdf": "pdf", ".docx": "word", ".xlsx": "sheets"}


def main(suffix: str) -> None:
    """Read what comes in and write what is in it, or why it cannot be read."""
    confine(MEMORY, int(PATIENCE_S))
    raw = sys.stdin.buffer.read()
    try:
        reader = importlib.import_module(f"knowledge.documents.{READERS[suffix]}")
        answer: dict[str, object] = {"blocks": packed(checked(reader.read(raw)))}
    except Unreadable as error:
        answer = {"problem": error.problem, "remedy": error.remedy}
    except (MemoryError, RecursionError):
        answer = {"problem": "reading it takes too much memory", "remedy": "split it into several documents"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])
