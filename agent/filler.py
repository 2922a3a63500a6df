"""What bridges a long thought: a short line, not in two turns on end and never the same twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agent.persona import StageDirections, deadpan
from agent.wording import Wording
from visavis.words import Sentence


class Filler:
    """The lines of one session, said `after_s` after a question; without lines the face shows that it thinks."""

    def __init__(
        self,
        lines: Sequence[str],
        language: str,
        *,
        after_s: float = 0.7,
        seed: int = 0,
        directions: StageDirections = deadpan,
    ) -> None:
        self.after_s = after_s
        self._lines, self._wording = tuple(lines), Wording(language, seed, directions)
        self._last = -1

    def line(self, turn: int) -> Sentence | None:
        """What to say in turn `turn`; None where it is better to think in silence."""
        if not self._lines or turn == self._last + 1:
            return None
        self._last = turn
        said = self._wording.played(self._wording.pick("filler", self._lines))
        return replace(said[0], filler=True) if said else None
