"""Tags of photos, and what is said where there are none."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from bottega.actions.vision import tag
from bottega.actions.vision.shapes import TagAnswer, TagRequest
from bottega.catalogue.attributes import Spelling
from bottega.catalogue.product import Product
from bottega.errors import PhotoRefused
from bottega.models.vision.eye.eye import Eye
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.search.looking import look_at_catalogue
from bottega.shop.shape import Upload


def tagged(shop: OpenShop, *photos: tuple[str, bytes]) -> TagAnswer:
    request = TagRequest(photos=[Upload(name=name, content=content) for name, content in photos])
    return tag.tag_photos(shop, request)


def test_a_photo_is_tagged(shop: ShopFolder, photo_of: Callable[[str, str], bytes]) -> None:
    answer = tagged(OpenShop(shop), ("a.png", photo_of("Trousers", "Green")), ("b.png", photo_of("Belts", "Yellow")))
    first, second = answer.photos
    assert answer.eye == "blocks-1" and [first.photo, second.photo] == ["a.png", "b.png"]
    assert {one.head: one.value for one in first.tags} == {
        "category": "Apparel",
        "subcategory": "Bottomwear",
        "type": "Trousers",
        "color": "Green",
    }
    assert first.product_photo and first.photo_kind and first.photo_kind.value == "product" and not first.unknown
    assert [(word.value, word.confidence) for word in first.words] == [("tall", 0.95)]
    colour = first.colours[0]
    assert colour.share > 0.9 and colour.lab[1] < -30 < 20 < colour.lab[2], "green by its pixels, not by its name"
    assert [one.head for one in second.unknown] == ["color"]
    assert "Yellow (40%) or" in second.unknown[0].why and "50% would be needed" in second.unknown[0].why


def test_no_product_and_no_photo(shop: ShopFolder, photo_of: Callable[[str, str], bytes]) -> None:
    answer = tagged(OpenShop(shop), ("grey", photo_of("", "")), ("text", b"hello there"))
    grey, text = answer.photos
    assert not grey.product_photo and grey.why_not and "not a product photo" in grey.why_not and not grey.tags
    assert not grey.colours and grey.photo_kind and grey.photo_kind.value == "none"
    assert text.refused and "text" in text.refused and "JPEG" in text.refused
    with pytest.raises(PhotoRefused, match="text"):
        tagged(OpenShop(shop), ("text", b"hello there"))


def woven(seed: int) -> Image.Image:
    """Cloth that fills the picture: blocks have too few waves for a hash to tell them apart."""
    cloth = np.random.default_rng(seed).integers(0, 240, (12, 12, 3), dtype=np.uint8)
    return Image.fromarray(cloth).resize((64, 64), Image.Resampling.BICUBIC)


def encoded(picture: Image.Image, format_: str, **how: int) -> bytes:
    stream = BytesIO()
    picture.save(stream, format_, **how)
    return stream.getvalue()


def test_the_same_picture_is_recognised(shop: ShopFolder, eye: Eye) -> None:
    for seed in (1, 2):
        woven(seed).save(shop.images / f"woven-{seed}.png")
    images = {"one": 1, "again": 1, "other": 2}
    shop.store.products.upsert(
        [Product(id=name, title=name, images=(f"woven-{seed}.png",)) for name, seed in images.items()]
    )
    larger = woven(1).resize((128, 128), Image.Resampling.LANCZOS)
    opened = OpenShop(shop)
    sent = [("copy.jpg", encoded(larger, "JPEG", quality=85)), ("new.png", encoded(woven(3), "PNG"))]
    assert [one.same_picture_as for one in tagged(opened, *sent).photos] == [[], []], "nobody has looked yet"
    look_at_catalogue(shop, eye)
    found = tagged(opened, *sent).photos
    assert set(found[0].same_picture_as) == {"one", "again"} and found[1].same_picture_as == []
    shop.store.products.upsert([Product(id="one", title="one")])
    assert tagged(opened, *sent).photos[0].same_picture_as == ["again"], "it shows that picture no more"


def test_the_shop_s_own_words() -> None:
    spelling = Spelling([Product(id="1", title="a", category=("Home", "T-Shirts"), attributes={"sex": ("female",)})])
    assert spelling.of("gender", "Women") == "female" and spelling.of("gender", "Men") == "Men"
    assert spelling.of("category", "Apparel > Topwear > Tshirts") == "Home > T-Shirts"
    assert spelling.of("category", "Accessories > Watches > Watches") == "Accessories > Watches"
    assert spelling.of("category", "Home > Home > Beds > Beds") == "Home > Beds", (
        "levels of a shop's own eye hold paths"
    )
