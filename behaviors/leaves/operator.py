"""Stepping back: while an operator speaks as the avatar, and while the safety stop is set."""

from __future__ import annotations

from py_trees.common import Status

from behaviors.leaves.leaf import Doing, Leaf


class Mirror(Doing):
    """Start nothing of its own while an operator has taken over: whatever is ordered is said or done, in its order.

    The safety stop goes before it. When the operator leaves, what was ordered last is said to its end.
    """

    kind = "mirror"

    def update(self) -> Status:
        self.tend()
        if self.body.frozen:
            self.terminate(Status.INVALID)
            return self.fail("the safety stop is set")
        if not self.body.taken_over:
            return (
                self.poll("what the operator said last ends") if self.busy else self.fail("no operator has taken over")
            )
        if self.status is not Status.RUNNING:
            if self.body.playing is not None:
                self.body.cut()
            self.attention.show("idle")
        self._mirror()
        if self.started:
            self.poll("")
        return self.go_on("an operator speaks as the avatar")

    def _mirror(self) -> None:
        order = self.body.ordered
        if order is None or (order.urgency != "now" and not self._free):
            return
        if not order.text:
            self.accompany(self.body.obey())
            return
        if self.body.playing is not None:
            self.body.cut()
        self.start(self.body.obey())

    @property
    def _free(self) -> bool:
        return self.body.playing is None and not self.busy


class Freeze(Leaf):
    """Say nothing while the safety stop is set, and look idle."""

    kind = "freeze"
    limit_s = None

    def update(self) -> Status:
        if not self.body.frozen:
            return self.fail("the safety stop is not set")
        if self.body.playing is not None:
            self.body.cut()
        if self.status is not Status.RUNNING:
            self.attention.show("idle")
        return self.go_on("the safety stop is set")
