"""The part of BML 1.0, the Behavior Markup Language, in which programs say how a text is to be performed.

`parse` reads a block, `plan` finds when everything happens, `write` says a block as XML.
"""

from behaviors.bml.model import Behavior, Block, BmlError, Composition, Ref
from behaviors.bml.parse import parse
from behaviors.bml.plan import Anchor, Deed, Plan, Said, Timing, plan
from behaviors.bml.write import write

__all__ = [
    "Anchor", "Behavior", "Block", "BmlError", "Composition", "Deed", "Plan", "Ref", "Said", "Timing",
    "parse", "plan", "write",
]  # fmt: skip
