"""MediaPipe's face mesh (Kartynnik et al., 2019): 468 points of the face in a square, and whether there is one."""

from __future__ import annotations

import numpy as np

from avatars.faces.face import Picture, Points
from avatars.faces.nets import Net, sigmoid
from avatars.faces.region import Region

SIZE = 192
COUNT = 468


class Mesh:
    """The network, used on a part of a picture."""

    def __init__(self, net: Net) -> None:
        self._net = net

    def look(self, rgb: Picture, region: Region) -> tuple[Points, float]:
        """(468, 3), pixels of the picture and depth in the same measure; and how sure, 0 to 1, a face is there."""
        outputs = self._net(region.cut(rgb, SIZE).astype(np.float32) / np.float32(255))
        score = float(sigmoid(outputs["conv2d_31"]).reshape(-1)[0])
        return region.back(outputs["conv2d_21"].reshape(COUNT, 3), SIZE), score
