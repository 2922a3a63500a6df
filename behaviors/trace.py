"""Why a tree did what it did: its last decisions, each with the node, the reason and what was perceived then."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from py_trees.behaviour import Behaviour
from py_trees.composites import Parallel, Selector, Sequence
from py_trees.decorators import Decorator

from behaviors.ports import Body
from behaviors.record import Decision as Decision
from behaviors.record import Record
from behaviors.witness import Done, Witness
from visavis.words import Rank

KEPT = 300
"""Decisions of a session that are kept for who looks on."""

TURNS = ("answer", "greet", "recite", "obey")
"""How that begins which opens a turn."""
RANKS: Mapping[Rank, str] = {
    "asked": "the answer asks for it",
    "meant": "its words mean it",
    "beat": "it stresses a word",
}


class Trace:
    """Ticks a tree over `body`, which is the one given, and keeps what came of it.

    `facts` tells what the tree's leaves agree on; it is asked only when something is decided.
    """

    def __init__(self, body: Body, *, kept: int = KEPT) -> None:
        self.body = Witness(body)
        self.facts: Callable[[], Mapping[str, Any]] = dict
        self._since = body.now()
        self.record = Record(self._since)
        self._decisions: deque[Decision] = deque(maxlen=kept)
        self._count = 0
        self._tip: Behaviour | None = None
        self._before: dict[Any, list[str]] = {}
        """What nodes did in the last tick that began nothing: told in vain, it is told again on every tick."""
        self._speaker: Behaviour | None = None
        """The node that began the newest turn."""

    @property
    def at_s(self) -> float:
        """Seconds since the tree began."""
        return round(self.body.now() - self._since, 3)

    def tick(self, root: Behaviour) -> None:
        """Let the tree decide once. What a leaf raises goes through; what was done before it is kept."""
        witness, did = self.body, list[tuple[Behaviour, list[Done]]]()
        witness.begin()
        try:
            self.record.perceive(self.at_s, witness.perceived())
            for node in root.tick():
                if witness.anything:
                    did.append((node, witness.take()))
        finally:
            if witness.anything:
                did.append((root, witness.take()))
            self._settle(root.tip(), did)
            witness.end()

    def _settle(self, tip: Behaviour | None, did: list[tuple[Behaviour, list[Done]]]) -> None:
        """Note what the nodes did in this tick, and whom the tree turned to."""
        spoke, again, self._before = False, self._before, {}
        for node, what in did:
            stopped = [each for each in what if each.cancel and each.job is not None and each.job.owner is not node]
            own = [each for each in what if each not in stopped]
            for each in own:
                if each.job is not None:
                    each.job.owner = node
                    self._speaker = node if each.what.startswith(TURNS) else self._speaker
            for each in stopped:
                self._stopped(each, node, tip)
            acts = [each.what for each in own if not each.what.startswith("show ")]
            if not any(each.job for each in own):
                self._before[node.id] = acts
            if acts and again.get(node.id) != acts:
                self._decide(node, ", ".join(acts), node.feedback_message)
                spoke = spoke or node is tip
        if tip is not self._tip:
            self._tip = tip
            if tip is not None and not spoke:
                shown = [each.what for node, what in did if node is tip for each in what]
                self._decide(tip, ", ".join(shown), tip.feedback_message)

    def gestured(self, action: str, rank: Rank, sentence: int) -> None:
        """The hands go with the `sentence`th sentence of the turn that plays."""
        if self._speaker is not None:
            why = f"it goes with sentence {sentence} of what it says: {RANKS[rank]}"
            self._decide(self._speaker, f"gesture {action}", why)

    def _stopped(self, what: Done, by: Behaviour, tip: Behaviour | None) -> None:
        """Something that one node began was stopped by another."""
        assert what.job is not None
        owner, winner = what.job.owner, tip or by
        if isinstance(owner, Behaviour):
            self._decide(owner, what.what, f"{winner.name!r} goes before it")

    def _decide(self, node: Behaviour, did: str, why: str) -> None:
        self._count += 1
        decision = Decision(self._count, self.at_s, node.name, kind(node), path(node), did, why, self.facts())
        if self._decisions and _glance(decision) and _glance(self._decisions[-1]) == _glance(decision):
            self._decisions.pop()
        self._decisions.append(decision)
        self.record.decide(decision)

    def snapshot(self, root: Behaviour, *, tree: str, ticks: int, after: int = 0) -> dict[str, Any]:
        """The tree as it stands and the decisions after number `after`, as JSON can hold it."""
        tip = root.tip()
        return {
            "tree": tree,
            "tick": ticks,
            "doing": tip.name if tip is not None else None,
            "root": branch(root),
            "facts": dict(self.facts()),
            "decisions": [each.data() for each in self._decisions if each.n > after],
        }


def _glance(decision: Decision) -> tuple[str, ...]:
    """Which node merely looked elsewhere; of several such the newest tells enough. Empty for all else."""
    return decision.path if decision.did.startswith("look ") and "," not in decision.did else ()


def path(node: Behaviour) -> tuple[str, ...]:
    """The names from the root of its tree to a node."""
    names = [node.name]
    while node.parent is not None:
        node = node.parent
        names.append(node.name)
    return tuple(reversed(names))


def branch(node: Behaviour, ident: str = "0") -> dict[str, Any]:
    """A node and all below it: `id` is its place, such as `0.2.1`; `status` and `why` are of its last tick."""
    return {
        "id": ident,
        "name": node.name,
        "type": kind(node),
        "status": node.status.value,
        "why": node.feedback_message,
        "children": [branch(child, f"{ident}.{n}") for n, child in enumerate(node.children)],
    }


def outline(node: Behaviour) -> dict[str, Any]:
    """A node and all below it by name and type, whatever it does."""
    return {"name": node.name, "type": kind(node), "children": [outline(child) for child in node.children]}


_KINDS: tuple[tuple[type[Behaviour], str], ...] = (
    (Selector, "selector"),
    (Sequence, "sequence"),
    (Parallel, "parallel"),
)


def kind(node: Behaviour) -> str:
    """The type of a node as a tree's file writes it."""
    told = getattr(node, "kind", None)
    if isinstance(told, str):
        return told
    found = next((name for each, name in _KINDS if isinstance(node, each)), None)
    return found or ("decorator" if isinstance(node, Decorator) else type(node).__name__)
