"""Filling a picture from where it is known: each gap takes what lies nearest, smoothly, at any distance."""

from __future__ import annotations

import cv2
import numpy as np

from avatars.keying.picture import Floats

_EPS = np.float32(1e-4)


def spread(values: Floats, weight: Floats) -> Floats:
    """`values` (h, w, c) where `weight` (h, w) is 1, and a smooth continuation of them where it is 0.

    Pushed down a pyramid of halves and pulled up again (Gortler et al., The Lumigraph, 1996). All 0 if nothing is
    known.
    """
    return _filled(values * weight[..., None], weight)


def _filled(sums: Floats, weight: Floats) -> Floats:
    height, width = weight.shape
    known = np.minimum(weight, 1)[..., None]
    mean = sums / np.maximum(weight, _EPS)[..., None]
    if max(height, width) <= 1 or bool((weight >= 1).all()):
        return np.asarray(mean, np.float32)
    half = ((width + 1) // 2, (height + 1) // 2)
    below = _filled(_planes(cv2.resize(sums, half, interpolation=cv2.INTER_AREA)) * 2, _half(weight, half) * 2)
    wide = _planes(cv2.resize(below, (width, height), interpolation=cv2.INTER_LINEAR))
    return np.asarray(mean * known + wide * (1 - known), np.float32)


def _half(weight: Floats, size: tuple[int, int]) -> Floats:
    return np.asarray(cv2.resize(weight, size, interpolation=cv2.INTER_AREA), np.float32)


def _planes(values: object) -> Floats:
    """OpenCV drops the last axis where there is one channel."""
    found = np.asarray(values, np.float32)
    return found[..., None] if found.ndim == 2 else found
