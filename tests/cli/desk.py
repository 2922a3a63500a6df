"""A small configuration, and the command run on it as a person runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

APP = "workers: {renderers: 1}\ncache: {dir: CACHE}\nembedder: {default: ngrams}\n"
DIALOG = """\
dialog: museum
language: en
knowledge: [museum]
tts: {engine: espeak, voice: en-us}
"""
KNOWLEDGE = """\
knowledge: museum
language: en
faq:
  items:
    - id: opening-hours
      ask: ["What are your opening hours?", "When do you open?"]
      say: "We are open from nine to five, every day but Monday."
      action: nod
      show: {title: Opening hours}
    - id: shop
      ask: ["Is there a shop?"]
      say: ["The shop is next to the exit.", "There is a shop at the exit.", "Yes, a shop.", "You pass it going out."]
fallback: {say: ["I am not sure about that."]}
"""
TEAHOUSE = """\
knowledge: teahouse
language: zh-CN
faq:
  items:
    - {id: opening-hours, ask: ["几点开门？"], say: "我们上午十点开门。周末开到十一点。"}
"""
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
COMMAND = [sys.executable, "-m", "runtime.cli"]


def write_desk(folder: Path) -> Path:
    """Write a dialog `museum` and its knowledge below `folder`."""
    for name in ("dialogs", "knowledge"):
        (folder / name).mkdir(parents=True)
    (folder / "app.yaml").write_text(APP.replace("CACHE", str(folder / "cache")), "utf-8")
    (folder / "dialogs" / "museum.yaml").write_text(DIALOG, "utf-8")
    (folder / "knowledge" / "museum.yaml").write_text(KNOWLEDGE, "utf-8")
    return folder


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    status: int
    out: str
    told: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def visavis(*arguments: str | bytes | Path, stdin: bytes = b"", cwd: Path | None = None) -> Done:
    """Run the command in a process of its own and wait for it."""
    line: Sequence[str | bytes | Path] = [*COMMAND, *arguments]
    done = subprocess.run(line, input=stdin, capture_output=True, timeout=60, env=ENVIRONMENT, cwd=cwd, check=False)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())
