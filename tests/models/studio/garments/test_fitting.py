"""Which places of a cut-out are of a sleeve."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.models.studio.bodies.body import body
from bottega.models.studio.garments.fitting import fitted_upper
from bottega.models.studio.garments.outlines import Sleeve, UpperOutline


def outline(cuff_y: float) -> UpperOutline:
    """A T-shirt in 200 x 200 pixels, its armpits 70 pixels under the top, whose sleeves end about a row."""
    sides = [
        Sleeve(74.0, 32.0, (100 + sign * 60, 24.0), (100 + sign * 56, 70.0), (100 + sign * 90, cuff_y), 18.0, 0.05)
        for sign in (-1, 1)
    ]
    return UpperOutline(100, ((80, 10), (120, 10)), (sides[0], sides[1]), (130, 56), (190, 58), 0.97)


@pytest.mark.parametrize("cuff_y", [34.0, 44.0, 60.0])
def test_the_trunk_under_the_armpits_is_no_sleeve(cuff_y: float) -> None:
    region_of = fitted_upper(outline(cuff_y), body("woman_28"), "top", long_sleeved=False).region_of
    rows, columns = np.mgrid[72:190, 50:150]
    trunk = region_of(np.stack([columns.ravel(), rows.ravel()], 1).astype(float))
    assert not trunk.any()
    sleeves = region_of(np.array([(20.0, cuff_y), (180.0, cuff_y), (100.0, 40.0)]))
    assert sleeves.tolist() == [1, 2, 0]
