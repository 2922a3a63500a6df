"""Write the JSON Schemas that editors complete from, or with --check compare them with the models."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from avatars.voices.lexicon_file import LexiconFile
from knowledge.schema import KnowledgeFile
from runtime.settings import write_schemas
from visavis.config import write_schema

ROOT = Path(__file__).resolve().parent.parent


def write(folder: Path) -> None:
    """Write every schema below a configuration folder."""
    for name in ("dialogs", "knowledge", "lexicon", "voices"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    write_schemas(folder)
    write_schema(KnowledgeFile, folder / "knowledge" / "knowledge.schema.json")
    write_schema(LexiconFile, folder / "lexicon" / "lexicon.schema.json")


def stale(folder: Path) -> list[str]:
    """The schemas below `folder` that are not what the models give."""
    with tempfile.TemporaryDirectory() as name:
        fresh = Path(name)
        write(fresh)
        paths = [path.relative_to(fresh) for path in sorted(fresh.rglob("*.json"))]
        return [
            str(path)
            for path in paths
            if not (folder / path).exists() or (folder / path).read_bytes() != (fresh / path).read_bytes()
        ]


def main(arguments: list[str]) -> int:
    configs = ROOT / "configs"
    if arguments != ["--check"]:
        write(configs)
        return 0
    old = stale(configs)
    if old:
        sys.stderr.write(f"not what the models give; run `make schemas`: {', '.join(old)}\n")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
