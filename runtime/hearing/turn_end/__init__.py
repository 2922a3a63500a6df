"""Turn-taking: when a visitor's turn passes, as a list of small strategies that a dialog's file names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from runtime.hearing.turn_end.complete import CompleteEnd
from runtime.hearing.turn_end.match import MatchEnd
from runtime.hearing.turn_end.opinion import Opinion, Silence, TurnEnd, passes
from runtime.hearing.turn_end.pace import Pace, PaceEnd
from runtime.hearing.turn_end.smart_turn import VerdictEnd
from runtime.hearing.turn_end.timing import TURN, Endpointing, Strategy
from runtime.hearing.turn_end.vad import SilenceEnd

__all__ = ["TURN", "Endpointing", "Opinion", "Pace", "Silence", "Strategy", "TurnEnd", "passes", "strategies"]


def strategies(
    settings: Endpointing, names: Sequence[str], *, language: str = "en", pace: Pace | None = None
) -> list[TurnEnd]:
    """The strategies of these names, in this order. Raises KeyError for a name that there is not."""
    s = settings
    known: Mapping[str, Callable[[], TurnEnd]] = {
        "vad": lambda: SilenceEnd(s.silence_s),
        "match": lambda: MatchEnd(s.match_score, s.matched_silence_s, s.meant_silence_s, s.open_silence_s, s.held_s),
        "complete": lambda: CompleteEnd(s.complete_silence_s, s.held_s, language),
        "smart-turn": lambda: VerdictEnd(s.finished, s.finished_silence_s, s.held_s),
        "pace": lambda: PaceEnd(pace or Pace(), s.matched_silence_s, s.match_score),
    }
    return [known[name]() for name in names]
