"""What stays: of a thing that is round about its upright, the outline and the light stay where they are in a turn.

Idea     The first network names the kind; of a round one, the outline of the photo is the outline from any side. The
         light stands with the camera, so a smooth round thing looks as it did, highlight and all, while what is painted
         on it moves. Neither is known apart from the other: what is drawn is a mean of the photo as it is and of the
         turned one, in shares that were nearest to the truth on made-up fruit and other made-up things. The more
         texture, the less stays.
Shapes   P pixels a side of the networks' frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_erosion, distance_transform_edt, gaussian_filter

from bottega.models.studio.turntable.relief import Relief
from bottega.models.studio.turntable.shapes_by_kind import shape_by_rule
from bottega.names import BoolArray, FloatArray

__all__ = ["Stays", "between_outlines", "roundness", "share_fitted", "texture"]

_SURE = (0.4, 0.6)
"""How sure of a round kind the network is where nothing stays, and where all does."""
_THICK = (0.25, 0.4)
"""How far the relief's thickness is from a turned thing's, as a share of it, where all stays and where nothing."""
_EDGE_PX, _WIDE_PX = 3, 3.0


@dataclass(frozen=True, slots=True)
class Stays:
    """How much of a thing stays where it is, 0 to 1."""

    outline: float = 0.0
    picture: float = 0.0

    @classmethod
    def of(cls, round_: float, textured: float, numbers: tuple[float, float]) -> Stays:
        """Of a thing so round, so textured; `numbers` from `share_fitted`."""
        return cls(round_, round_ * float(np.clip(numbers[0] - numbers[1] * textured, 0, 1)))


def roundness(kinds: Mapping[str, float], relief: Relief) -> float:
    """How surely a thing is round about its upright, 0 to 1, by how sure the first network is of each kind.

    What is turned on a lathe is; what grew as a blob is where its relief is as thick as that of a turned thing.
    """
    inside = relief.inside
    if not inside.any():
        return 0.0
    rule = shape_by_rule("turned", inside)
    round_thick = (rule.back - rule.front)[inside]
    off = float(
        np.abs((relief.back - relief.front)[inside] - round_thick).mean() / max(1e-6, float(round_thick.mean()))
    )
    (low, high), (near, far) = _SURE, _THICK
    thick = float(np.clip((far - off) / (far - near), 0, 1))
    sure = kinds.get("lathe", 0.0) + kinds.get("blob", 0.0) * thick
    return float(np.clip((sure - low) / (high - low), 0, 1))


def texture(picture: FloatArray, alpha: FloatArray) -> float:
    """How textured a frame [P, P, 3] is inside its mask: logarithm of how far pixels are from the mean around them."""
    inside = alpha > 0.5
    core = binary_erosion(inside, iterations=_EDGE_PX)
    if not core.any():
        core = inside
    share = gaussian_filter(inside.astype(np.float32), _WIDE_PX) + 1e-6
    around = gaussian_filter(picture * inside[..., None], (_WIDE_PX, _WIDE_PX, 0)) / share[..., None]
    return float(np.log(np.abs(picture - around)[core].mean() + 0.003) + 4) if core.any() else 0.0


def between_outlines(one: FloatArray, other: FloatArray, share: float) -> FloatArray:
    """A mask [S, S] whose outline lies `share` of the way from that of `one` to that of `other`."""
    if share >= 1:
        return other
    if share <= 0:
        return one
    far = (1 - share) * _far(one > 0.5) + share * _far(other > 0.5)
    return np.asarray(np.clip(far / 2 + 0.5, 0, 1), np.float32)


def share_fitted(rows: Iterable[tuple[float, FloatArray, FloatArray]]) -> tuple[float, float]:
    """The numbers for `Stays.of` by least squares, each view counting alike.

    `rows`: of each view its texture, what the photo differs from the turned one by [M], and what the truth does [M].
    """
    whole, found = np.zeros((2, 2)), np.zeros(2)
    for textured, photo, truth in rows:
        weight = 1 / (len(truth) * (float(np.square(truth).mean()) + 1e-3))
        given = np.stack([photo, -textured * photo], 1).astype(np.float64)
        whole += weight * given.T @ given
        found += weight * given.T @ truth
    first, second = np.linalg.solve(whole + 1e-4 * np.diag(np.diag(whole)) + 1e-9 * np.eye(2), found).tolist()
    return round(first, 4), round(second, 4)


def _far(inside: BoolArray) -> FloatArray:
    """How far inside each pixel lies; below 0 outside."""
    if inside.all() or not inside.any():
        return np.full(inside.shape, 1.0 if inside.any() else -1.0, np.float32)
    return np.asarray(distance_transform_edt(inside) - distance_transform_edt(~inside), np.float32)
