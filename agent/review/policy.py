"""What a dialog wants reviewed, and how."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Treatment = Literal["mask", "block", "off"]
OnFailure = Literal["auto", "block", "pass"]


@dataclass(frozen=True, slots=True)
class Policy:
    """`lexicons` are names of word lists, the operator's in `folder` before those shipped; `allow` are terms never
    held against anyone. `live`: others listen, so that `on_failure: auto` blocks what could not be judged.
    """

    lexicons: tuple[str, ...] = ("en", "zh")
    allow: tuple[str, ...] = ()
    personal_data: Treatment = "mask"
    links: Treatment = "mask"
    injection: bool = True
    live: bool = False
    on_failure: OnFailure = "auto"
    folder: Path | None = None

    @property
    def blocks_unjudged(self) -> bool:
        return self.on_failure == "block" or (self.on_failure == "auto" and self.live)
