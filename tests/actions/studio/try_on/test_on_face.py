"""By the words of a product it is known as what it is worn on a head, and of which colour a lipstick is."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.models.studio.face_things.faces import finder, glasses, person

from bottega.actions.studio.try_on.face_cut import face_cut_of
from bottega.actions.studio.try_on.on_face import lip_colour_of, wear_on_face
from bottega.actions.studio.try_on.shapes import TryOnRequest
from bottega.actions.studio.try_on.try_on import try_on
from bottega.catalogue.product import Product
from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.vision.parts.parser import Parts
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.pictures import put_picture
from bottega.shop.shape import Upload


@pytest.mark.parametrize(
    ("title", "category", "cut"),
    [
        ("Aviator", ("Accessories", "Sunglasses"), "glasses"),
        ("Sonnenbrille mit grünen Gläsern", (), "glasses"),
        ("Casquette noire", (), "hat"),
        ("Wool beanie", ("Accessories",), "hat"),
        ("Silver studs", ("Jewellery", "Earrings"), "earrings"),
        ("Velvet lipstick", (), "lipstick"),
        ("Lip gloss, rosé", (), "lipstick"),
        ("Blue shirt", ("Apparel", "Shirts"), None),
        ("Shirt with sunglasses", ("Shirts",), None),
        ("Wine glass", ("Kitchen",), None),
        ("Shoes", (), None),
    ],
)
def test_cut_by_words(title: str, category: tuple[str, ...], cut: str | None) -> None:
    assert face_cut_of(Product(id="1", title=title, category=category)) == cut


def test_the_colour_of_a_lipstick_is_that_of_its_tip_and_not_of_its_case() -> None:
    photo = np.full((200, 200, 3), 255, np.uint8)
    photo[110:190, 80:120] = (30, 30, 34)
    photo[50:110, 88:112] = (170, 20, 50)
    light, red, _ = lip_colour_of(photo)
    assert 25 < light < 50 and red > 40
    photo[50:110, 88:112] = (30, 60, 34)
    with pytest.raises(PhotoRefused, match="No colour of lips"):
        lip_colour_of(photo)


def test_lipstick_of_a_product_needs_no_parser() -> None:
    photo = np.full((200, 200, 3), 255, np.uint8)
    photo[50:150, 80:120] = (170, 20, 50)

    def none() -> None:
        raise AssertionError("no parser is asked for")

    worn = wear_on_face(person("bela").photo, photo, "lipstick", finder=finder(), parser=none)  # type: ignore[arg-type]
    assert 0 < worn.covers < 0.02 and worn.notes


def test_a_product_on_no_plain_ground_is_refused() -> None:
    rng = np.random.default_rng(0)
    messy = rng.integers(0, 255, (200, 240, 3), np.uint8)
    with pytest.raises(PhotoRefused, match="no plain background"):
        wear_on_face(person("bela").photo, messy, "glasses", finder=finder(), parser=lambda: None)  # type: ignore[arg-type,return-value]
    assert glasses(aside=True).shape == (200, 240, 3)


def test_the_verb_lays_glasses_on_the_face_and_says_so(tmp_path: Path) -> None:
    shop = OpenShop.open(tmp_path / "shop")
    name = put_picture(shop.folder.images, _png(glasses(aside=True)), ".png")
    shop.store.products.upsert([Product(id="shades", title="Shades", category=("Sunglasses",), images=(name,))])
    photo = person("bela").photo
    shop.models.parts = lambda: Parts.fresh(rng=np.random.default_rng(0))  # type: ignore[method-assign]
    answer = try_on(shop, TryOnRequest(photo=Upload(name="me.png", content=_png(photo)), product_id="shades"))
    assert (answer.cut, answer.width, answer.height) == ("glasses", 288, 384)
    assert answer.source_type == "compositeWithTrainedAlgorithmicMedia"
    assert 0.002 < answer.covers < 0.05 and answer.version == finder().version
    with pytest.raises(PhotoRefused, match="No face is found"):
        nobody = _png(np.full((300, 200, 3), 180, np.uint8))
        try_on(shop, TryOnRequest(photo=Upload(name="wall.png", content=nobody), product_id="shades"))


def _png(pixels: Photo) -> bytes:
    out = BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()
