"""What of a photo is product."""

from __future__ import annotations

import numpy as np

from bottega.models.blocks.colours import foreground
from bottega.models.vision.parts.parser import Parts
from bottega.models.vision.parts.product_mask import product_mask


def test_a_plain_background_needs_no_parser() -> None:
    photo = np.full((40, 40, 3), 255, np.uint8)
    photo[10:30, 10:30] = (150, 30, 60)
    np.testing.assert_array_equal(product_mask(photo), foreground(photo))


def test_a_busy_background_asks_the_parser() -> None:
    photo = np.random.default_rng(0).integers(0, 255, (40, 40, 3)).astype(np.uint8)
    parser = Parts.fresh(rng=np.random.default_rng(0))
    said = parser.parse_labels([photo])[0] != 0
    np.testing.assert_array_equal(product_mask(photo, parser=parser), said if said.any() else ~said)
