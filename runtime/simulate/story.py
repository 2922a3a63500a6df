"""What came of a simulation, for people."""

from __future__ import annotations

from behaviors.replay import Act, Compared
from runtime.console import table
from runtime.simulate.play import Moment, Played


def told(played: Played) -> str:
    """The story of a scenario, a line for everything that happened."""
    head = f"{played.tree}: the scenario {played.scenario!r}, {played.ends_s:g} s, seed {played.seed}"
    rows = [["s", "mood", "who", "what"]]
    rows += [[f"{each.at_s:.2f}", each.mood, each.who, _what(each)] for each in played.moments]
    return f"{head}\n{table(rows, right=(0,))}"


def _what(moment: Moment) -> str:
    return moment.what + (f"  because: {moment.why}" if moment.why else "")


def compared(found: Compared) -> str:
    """Where a tree decides otherwise than the one whose session was recorded."""
    counts = f"{found.same} decisions are the same, {len(found.differences)} differ"
    idle = f"; idle actions: {found.idle[0]} then, {found.idle[1]} now" if any(found.idle) else ""
    lines = [f"{found.tree} against the record of {found.recorded}: {counts}{idle}"]
    for each in found.differences:
        lines += [f"{each.at_s:9.2f} s  was: {_act(each.was, each.at_s)}", f"{'':13}now: {_act(each.now, each.at_s)}"]
    return "\n".join(lines)


def _act(act: Act, at_s: float) -> str:
    moved = act.at_s - at_s
    when = f" {abs(moved):.2f} s {'later' if moved > 0 else 'earlier'}" if abs(moved) >= 0.01 else ""
    node = f" ({act.node})" if act.node else ""
    return f"{act.what or 'nothing'}{when}{node}" + (f", because: {act.why}" if act.why else "")
