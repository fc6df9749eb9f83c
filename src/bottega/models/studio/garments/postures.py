"""Postures: whether somebody stands so that what they wear can be taken off a photo.

Idea     Joints say what a piece cannot: a back is seen where the right shoulder lies right of the left one, a side
         where shoulders are near each other, and crossed arms where both wrists are before the middle of the chest.
Shapes   Key points are [16, 3] in the order of `KEY_POINTS`: x, y in pixels, and how sure each is, 0 to 1.
"""

from __future__ import annotations

import numpy as np

from bottega.errors import RequestInvalid
from bottega.models.studio.bodies.figure import KEY_POINTS
from bottega.names import FloatArray

__all__ = ["refuse_posture"]

_SURE = 0.75
_INNER = 0.2
"""Both wrists nearer to the middle than this share of the shoulders, no lower than the elbows, are crossed arms."""
_NARROW, _BEHIND = 0.2, 0.4
"""Shoulders nearer than this share of the way from shoulder to hip belong to somebody seen from the side, turned
round by more than the second share to somebody seen from behind."""


def refuse_posture(key_points: FloatArray, cut: str) -> None:
    """Raise `RequestInvalid` where a worn piece of a cut is seen from behind, from the side, or under crossed arms."""
    at = {name: key_points[place, :2] for place, name in enumerate(KEY_POINTS) if key_points[place, 2] >= _SURE}
    shoulders = at.keys() >= {"left_shoulder", "right_shoulder"}
    if shoulders:
        across = float(at["left_shoulder"][0] - at["right_shoulder"][0])
        if at.keys() >= {"left_hip", "right_hip"}:  # hips have to say the same: one joint may be misread
            hips = float(at["left_hip"][0] - at["right_hip"][0])
            long = (
                float(abs(at["left_hip"][1] + at["right_hip"][1] - at["left_shoulder"][1] - at["right_shoulder"][1]))
                / 2
            )
            if across < -_BEHIND * long and hips < 0:
                raise _refused("Whoever wears it is seen from behind.")
            if abs(across) < _NARROW * long and abs(hips) < _NARROW * long:
                raise _refused("Whoever wears it is seen from the side.")
    if cut in ("top", "shirt", "jacket", "dress") and shoulders and at.keys() >= {"left_wrist", "right_wrist"}:
        left, right = at["left_shoulder"], at["right_shoulder"]
        middle, reach = float(left[0] + right[0]) / 2, _INNER * float(left[0] - right[0])
        elbows = [float(at[name][1]) for name in ("left_elbow", "right_elbow") if name in at]
        lowest = max(elbows) + 0.3 * (max(elbows) - float(left[1])) if elbows else np.inf
        inner = at["left_wrist"][0] < middle + reach and at["right_wrist"][0] > middle - reach
        if inner and max(at["left_wrist"][1], at["right_wrist"][1]) < lowest:
            raise _refused("The arms are crossed before it.")


def _refused(seen: str) -> RequestInvalid:
    return RequestInvalid(
        seen,
        allowed="A photo from the front, the arms beside the piece.",
        next_step="Send another photo, or one of the piece alone.",
    )
