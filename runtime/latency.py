"""One latency record a turn: where the time from t0 to t1 went."""

from __future__ import annotations

from typing import Literal

Stage = Literal["endpoint", "transcript", "answer", "voice", "face", "outlet"]
STAGES: tuple[Stage, ...] = ("endpoint", "transcript", "answer", "voice", "face", "outlet")


class LatencyRecord:
    """Marks in the order of `STAGES`, each the moment its stage was over (seconds on the session's clock).

    A stage that is never marked, or out of order, takes no time: the stages always add up to `first_av_ms`.
    """

    def __init__(self, t0: float) -> None:
        self.t0 = t0
        self._marks: dict[Stage, float] = {}
        self.filler_ms: float | None = None
        """When a line that bridges the wait was first heard; it does not count as the answer."""

    def mark(self, stage: Stage, now: float) -> None:
        """Stage `stage` is over; only the first mark counts."""
        self._marks.setdefault(stage, now)

    def marked(self, stage: Stage) -> bool:
        return stage in self._marks

    @property
    def complete(self) -> bool:
        return "outlet" in self._marks

    @property
    def first_av_ms(self) -> float:
        return sum(self.stages.values())

    @property
    def stages(self) -> dict[str, float]:
        """Milliseconds by `<stage>_ms`, all six, in order."""
        at, spent = self.t0, {}
        for stage in STAGES:
            until = max(at, self._marks.get(stage, at))
            spent[f"{stage}_ms"] = round((until - at) * 1000, 3)
            at = until
        return spent
