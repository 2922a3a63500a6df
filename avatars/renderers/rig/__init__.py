"""The built-in vector presenter: a rig that is data, drawn with Skia.

`pose` names what moves, `data` reads a rig's folder, `motion`, `speech` and `acting` say how each part of the pose
depends on the moment, `figure` turns layers into pictures, `face`, `mouth` and `arms` draw what changes its shape.
"""

from avatars.renderers.rig.renderer import RigRenderer

__all__ = ["RigRenderer"]
