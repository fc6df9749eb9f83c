"""What a composer brings back: photos kept from it, made as geometry would leave them, and how near it comes to them.

Idea     SSIM to the photo where a composer may change anything, before it and after. How its pictures look beside
         photos of people is another question: benchmarks/composer.md.
Shapes   H, W height and width of a frame.
"""

from __future__ import annotations

import numpy as np
from skimage.metrics import structural_similarity

from bottega.models.studio.composer.as_geometry import as_geometry_leaves_it
from bottega.models.studio.composer.composer import Composer
from bottega.models.studio.composer.lessons import FramedPeople
from bottega.models.studio.composer.unsure import unsure

__all__ = ["BARS", "restored"]

BARS = {"cloth_gain": 0.0}
"""What is added on cloth, at least."""


def restored(composer: Composer, people: FramedPeople, most: int, *, seed: int = 1) -> dict[str, float]:
    """SSIM on cloth and at edges of `most` people at random, `left` by geometry and `composed`; what is added."""
    rng = np.random.default_rng(seed)
    marks: dict[str, list[float]] = {"left": [], "composed": [], "edge_left": [], "edge_composed": []}
    for row in rng.permutation(len(people))[:most].tolist():
        photo, parts = people.photos[row], people.parts[row]
        where = unsure(parts)
        left = np.rint(255 * as_geometry_leaves_it(photo, parts, where.edge, rng)).astype(np.uint8)
        ours = composer.compose(left, parts)
        for name, picture in (("left", left), ("composed", ours)):
            grey = [one.mean(2) for one in (picture, photo)]
            full = structural_similarity(*grey, data_range=255, full=True)[1]  # type: ignore[no-untyped-call]
            marks[name].append(float(full[where.cloth].mean()))
            if (where.edge > 0).any():
                marks[f"edge_{name}"].append(float(full[where.edge > 0].mean()))
    found = {name: float(np.mean(values)) for name, values in marks.items()}
    gains = {"cloth_gain": found["composed"] - found["left"], "edge_gain": found["edge_composed"] - found["edge_left"]}
    return found | gains
