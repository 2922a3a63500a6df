"""Write what is derived from models and configuration, or with --check tell what is not as it should be.

Derived are the JSON Schemas that editors complete from, and the copies of the shipped behaviour trees
(`configs/behaviors/*.yaml`) that travel inside the package, for an installation without that folder.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from avatars.voices.lexicon_file import LexiconFile
from behaviors.trees.schema import shipped_file
from knowledge.schema import KnowledgeFile
from runtime.settings import write_schemas
from visavis.config import write_schema

ROOT = Path(__file__).resolve().parent.parent
TREES = ROOT / "configs" / "behaviors", ROOT / "behaviors" / "data" / "trees"


def write(folder: Path) -> None:
    """Write every schema below a configuration folder."""
    for name in ("behaviors", "dialogs", "knowledge", "lexicon", "voices"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    write_schemas(folder)
    write_schema(KnowledgeFile, folder / "knowledge" / "knowledge.schema.json")
    write_schema(shipped_file(), folder / "behaviors" / "tree.schema.json")
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


def unlike() -> list[str]:
    """The shipped trees whose copy in the package is not what stands in `configs`."""
    names = sorted({path.name for folder in TREES for path in folder.glob("*.yaml")})
    return [str((TREES[1] / name).relative_to(ROOT)) for name in names if len(set(map(_held, _both(name)))) > 1]


def _both(name: str) -> list[Path]:
    return [folder / name for folder in TREES]


def _held(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def pack() -> None:
    """Copy the shipped trees into the package."""
    ours, packed = TREES
    for path in packed.glob("*.yaml"):
        path.unlink()
    for path in ours.glob("*.yaml"):
        (packed / path.name).write_bytes(path.read_bytes())


def main(arguments: list[str]) -> int:
    configs = ROOT / "configs"
    if arguments != ["--check"]:
        write(configs)
        pack()
        return 0
    old = [*stale(configs), *unlike()]
    if old:
        sys.stderr.write(f"not what it is derived from; run `make schemas`: {', '.join(old)}\n")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
