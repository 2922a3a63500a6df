"""The sound of a recording, for the rules that hear."""

from __future__ import annotations

from pathlib import Path

from avatars.voices.enrol.decode import decoded_as
from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.inspect.take import Take, take_of

LONGEST_S = 45 * 60.0 + 60


def heard(path: Path, kind: str) -> tuple[Take | None, str]:
    """What is heard, or why it cannot be. `kind` is the demuxer's name."""
    try:
        return take_of([decoded_as(kind, path, path.name, longest_s=LONGEST_S)]), ""
    except EnrolError as error:
        return None, str(error)
