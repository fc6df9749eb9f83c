"""Which places of a cut-out are of a sleeve, and how a body stands that wears trousers as they lie."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.models.studio.bodies.body import body
from bottega.models.studio.garments.fitting import fitted_legs, fitted_upper
from bottega.models.studio.garments.outlines import LegsOutline, Sleeve, UpperOutline


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


def test_a_leg_lies_as_in_its_photo_and_keeps_its_knee_ahead() -> None:
    # Legs whose knees lie apart, and whose ends do not: seen from the front they bend.
    trousers = LegsOutline(100, (10, 34), 60, 40, ((76, 190, 16), (124, 190, 16)), (-12.0, 12.0), 0.95)
    person = fitted_legs(trousers, body("woman_28")).person
    straight = fitted_legs(
        LegsOutline(100, (10, 34), 60, 40, ((76, 190, 16), (124, 190, 16)), (0.0, 0.0), 0.95), body("woman_28")
    ).person
    bones = person.body.bones
    for letter, sign in (("L", 1.0), ("R", -1.0)):
        knee, hip, ankle = (bones.index(f"{bone}.{letter}") for bone in ("lowerleg01", "upperleg01", "foot"))
        heads = person.stance.heads
        middle = (heads[hip, 0] + heads[ankle, 0]) / 2
        assert sign * (heads[knee, 0] - middle) > 0.015
        # The shin has not turned about itself: what was in front of it stays there.
        ahead = person.stance.turns[knee] @ np.array([0.0, -1, 0])
        before = straight.stance.turns[knee] @ np.array([0.0, -1, 0])
        assert ahead @ before > 0.95
