"""What photos are in the words that can be asked for."""

from __future__ import annotations

import numpy as np

from bottega.datasets.photos.asked import asked_of, product_lab
from bottega.datasets.photos.small_photos import SmallPhotos

RED = (200, 30, 40)


def photos(count: int = 90) -> SmallPhotos:
    """Red shirts, green shoes, and one thing of which there is a single photo; some lines are kept aside."""
    pictures = np.full((count, 64, 64, 3), 252, np.uint8)
    shirts = np.arange(count) % 2 == 0
    pictures[shirts, 20:50, 20:44] = RED
    pictures[~shirts, 30:46, 10:54] = (30, 140, 60)
    kind = ["Tshirts" if shirt else "Heels" for shirt in shirts]
    kind[-1] = "Umbrellas"
    labels = {
        "type": tuple(kind),
        "category": tuple("Apparel" if shirt else "Footwear" for shirt in shirts),
        "subcategory": tuple("Topwear" if shirt else "Shoes" for shirt in shirts),
        "gender": tuple(("Men", "", "Women")[row % 3] for row in range(count)),
        "usage": tuple("Casual" for _ in range(count)),
        "color": tuple("Red" if shirt else "Green" for shirt in shirts),
    }
    held = np.arange(count) % 10 == 0
    row = np.arange(count, dtype=np.int32)
    return SmallPhotos(tuple(map(str, row)), pictures, labels, row, held, np.zeros(count, np.int32))


def test_types_of_one_photo_cannot_be_asked_for() -> None:
    chosen, asked, names = asked_of(photos())
    assert names.types == ("Heels",) or names.types == ("Heels", "Tshirts")
    assert "Umbrellas" not in names.types and len(chosen) == len(asked)
    assert names.genders == ("", "Men", "Women") and names.usages == ("", "Casual")
    unknown = [label == "" for label in chosen.labels["gender"]]
    assert (asked.gender[unknown] == 0).all() and (asked.gender[~np.array(unknown)] > 0).all()
    assert (asked.worn == 0).all()


def test_the_colour_is_that_of_the_product_and_of_neither_wall_nor_skin() -> None:
    photo = np.full((1, 64, 64, 3), 252, np.uint8)
    photo[0, 20:50, 20:44] = RED
    red = product_lab(photo, np.array([False]))[0]
    assert red[1] > 50 and 30 < red[0] < 55
    photo[0, 20:50, 10:20] = photo[0, 20:50, 44:54] = (205, 150, 120)
    worn, flat = (product_lab(photo, np.array([found]))[0] for found in (True, False))
    assert np.linalg.norm(worn - red) < 3 < np.linalg.norm(flat - red)


def test_a_blank_photo_has_the_colour_of_its_wall() -> None:
    blank = np.full((1, 64, 64, 3), 252, np.uint8)
    assert product_lab(blank, np.array([False]))[0, 0] > 97
