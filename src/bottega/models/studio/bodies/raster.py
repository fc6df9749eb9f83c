"""The rasteriser: which face of a scene each pixel shows, and how near it is.

Idea     A z-buffer. What is kept of a point is its nearness, which runs evenly over a face in the picture: one over the
         depth before a lens, the depth itself with its sign turned for light that comes straight.
Source   Catmull 1974; edge functions after Pineda 1988, https://doi.org/10.1145/54852.378457.
Costs    27,000 faces on 1536 x 2048 pixels take about 0.1 s on one core once compiled.
Shapes   V vertices, F faces, H, W height and width.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bottega.models.blocks.jit import kernel
from bottega.models.studio.bodies.textures import texel

__all__ = ["NOTHING", "rasterise", "rasterised"]

NOTHING = -1
"""The face of a pixel that shows none."""


@kernel
def rasterised(
    seen: NDArray[np.float32],
    nearness: NDArray[np.float32],
    faces: NDArray[np.int32],
    two_sided: NDArray[np.bool_],
    height: int,
    width: int,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The face [H, W] that each pixel's centre shows and its nearness; `NOTHING` and the least number for none.

    `seen` [V, 2] are pixels, `nearness` [V] grows towards the eye. A face that turns its back is left out unless
    `two_sided` [F] says otherwise; of two equally near ones the first stays.
    """
    face = np.full((height, width), -1, np.int32)
    near = np.full((height, width), np.float32(-3.0e38), np.float32)
    places, pieces = np.zeros((0, 2), np.float32), np.zeros(0, np.int16)
    texels, levels = np.zeros((0, 4), np.float32), np.zeros((0, 1, 3), np.int64)
    rasterise(face, near, seen, nearness, nearness, faces, two_sided, places, pieces, texels, levels)
    return face, near


@kernel
def rasterise(
    face: NDArray[np.int32],
    near: NDArray[np.float32],
    seen: NDArray[np.float32],
    nearness: NDArray[np.float32],
    inverse: NDArray[np.float32],
    faces: NDArray[np.int32],
    two_sided: NDArray[np.bool_],
    places: NDArray[np.float32],
    pieces: NDArray[np.int16],
    texels: NDArray[np.float32],
    levels: NDArray[np.int64],
) -> None:
    """The same into `face` and `near`, which may hold something before; where a picture is clear, nothing is drawn.

    `pieces` [F] says which picture lies on a face (-1: none), `places` [V, 2] where on it, in shares of its size;
    with no pieces at all, no picture is asked. `inverse` [V] is what a picture's places are weighed by: one over the
    depth before a lens, one for light that comes straight.
    """
    height, width = face.shape
    dot = np.zeros(4)
    for f in range(len(faces)):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        ax, ay = np.float64(seen[a, 0]), np.float64(seen[a, 1])
        bx, by = np.float64(seen[b, 0]), np.float64(seen[b, 1])
        cx, cy = np.float64(seen[c, 0]), np.float64(seen[c, 1])
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        # The picture's y runs downwards: what is counter-clockwise from outside has a negative area in it.
        if area == 0 or (area > 0 and not two_sided[f]):
            continue
        x0, x1 = max(0, int(np.floor(min(ax, bx, cx) - 0.5))), min(width - 1, int(np.ceil(max(ax, bx, cx) - 0.5)))
        y0, y1 = max(0, int(np.floor(min(ay, by, cy) - 0.5))), min(height - 1, int(np.ceil(max(ay, by, cy) - 0.5)))
        na, nb, nc = np.float64(nearness[a]), np.float64(nearness[b]), np.float64(nearness[c])
        cut = len(pieces) > 0 and pieces[f] >= 0
        for y in range(y0, y1 + 1):
            py = y + 0.5
            for x in range(x0, x1 + 1):
                px = x + 0.5
                wa = ((bx - px) * (cy - py) - (by - py) * (cx - px)) / area
                wb = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) / area
                wc = 1.0 - wa - wb
                if wa >= 0 and wb >= 0 and wc >= 0:
                    value = np.float32(wa * na + wb * nb + wc * nc)
                    if value > near[y, x]:
                        if cut:
                            ia, ib, ic = wa * inverse[a], wb * inverse[b], wc * inverse[c]
                            whole = ia + ib + ic
                            u = (ia * places[a, 0] + ib * places[b, 0] + ic * places[c, 0]) / whole
                            v = (ia * places[a, 1] + ib * places[b, 1] + ic * places[c, 1]) / whole
                            texel(texels, levels, pieces[f], 0.0, u, v, dot)
                            if dot[3] < 0.5:
                                continue
                        near[y, x] = value
                        face[y, x] = f
