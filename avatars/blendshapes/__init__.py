"""The face as curves for 3D heads: the 52 blendshapes of ARKit, and how the head is turned, for every slot."""

from avatars.blendshapes.curves import Curves, Expression, actions
from avatars.blendshapes.names import NAMES

__all__ = ["NAMES", "Curves", "Expression", "actions"]
