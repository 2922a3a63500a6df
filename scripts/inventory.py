"""What an environment holds, with the standard library alone.

inventory.py list                   name==version of every distribution
inventory.py broken FILE            those of FILE that are gone, changed or lost a top-level file
inventory.py group NAME PYPROJECT   the requirements of a dependency group
"""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path


def installed() -> list[str]:
    """`name==version` of every distribution but the product itself, sorted."""
    found = {f"{dist.name}=={dist.version}" for dist in distributions()}
    return sorted((line for line in found if not line.startswith("visavis==")), key=str.lower)


def is_whole(dist: Distribution) -> bool:
    """Whether each top-level file or folder that the distribution recorded is still there."""
    record = dist.read_text("RECORD") or ""
    tops = {line.split(",", 1)[0].split("/", 1)[0] for line in record.splitlines() if not line.startswith((".", '"'))}
    base = Path(str(dist.locate_file("")))
    return all((base / top).exists() for top in tops if top and top != "__pycache__")


def broken(expected: list[str]) -> list[str]:
    """The lines of `expected` (`name==version`) that no longer hold."""
    wrong = []
    for line in expected:
        name, _, version = line.partition("==")
        try:
            dist = distribution(name)
        except PackageNotFoundError:
            wrong.append(line)
            continue
        if dist.version != version or not is_whole(dist):
            wrong.append(line)
    return wrong


def group(name: str, pyproject: Path) -> list[str]:
    """The plain requirements of a PEP 735 dependency group."""
    table = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    return [item for item in table["dependency-groups"][name] if isinstance(item, str)]


def main(arguments: list[str]) -> int:
    match arguments:
        case ["list"]:
            lines = installed()
        case ["broken", listing]:
            lines = broken(Path(listing).read_text(encoding="utf-8").split())
        case ["group", name, pyproject]:
            lines = group(name, Path(pyproject))
        case _:
            sys.stderr.write(__doc__ or "")
            return 2
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
