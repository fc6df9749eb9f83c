"""A photo of what the shop has nothing of finds nothing, and a sentence says what comes closest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bottega.actions.search.photo import search_photo
from bottega.actions.search.shapes import PhotoSearchRequest, RegionHits
from bottega.catalogue.product import Product
from bottega.models.vision.eye.config import EyeConfig, TrunkConfig
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.looks import Looks
from bottega.models.vision.eye.network import EyeNetwork
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload
from bottega.store.vectors import PhotoKey, Stamp

KINDS = ("Shirts", "Mugs", "Boots")
TYPES = ("Shirts", "Boots", "Jackets")


class Simple(Eye):
    """Sees eight by eight patches; calls every photo with a red corner a jacket."""

    def __init__(self) -> None:
        trunk = TrunkConfig(widths=(8, 8, 8, 8), blocks=(1, 1, 1, 1), colours=0)
        config = EyeConfig({"type": TYPES, "words": ("zorbel",)}, version="simple", trunk=trunk)
        super().__init__(config, EyeNetwork(trunk, {"type": len(TYPES), "words": 1}))
        self.mix = np.random.default_rng(5).standard_normal((192, 128)).astype(np.float32)

    def look(self, photos: object, *, progress: object = None) -> Looks:
        vectors, types = [], []
        for photo in photos:  # type: ignore[attr-defined]  # a sequence of photos
            small = np.asarray(Image.fromarray(photo).resize((8, 8), Image.Resampling.BOX), dtype=np.float32)
            vectors.append((1 - small / 255).ravel() @ self.mix)
            jacket = photo[0, 0, 0] > 200 and photo[0, 0, 1] < 60
            types.append([0.02, 0.02, 0.96] if jacket else [0.4, 0.3, 0.3])
        found = np.array(vectors, dtype=np.float32).reshape(-1, 128)
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return Looks(found, {"type": np.array(types, np.float32)}, np.zeros((len(found), 1), np.float32))


def drawn(kind: str, at: int) -> Image.Image:
    picture, shift = Image.new("RGB", (64, 64), "white"), at % 7
    draw, fill = ImageDraw.Draw(picture), (20 + 7 * at, 40, 160 - 5 * at)
    boxes = {
        "Shirts": [(20, 12, 44, 56), (8, 12, 56, 24)],
        "Mugs": [(28, 28, 40, 40)],
        "Boots": [(6, 44, 58, 56)],
        "Lamps": [(30, 4, 34, 60), (14, 2, 50, 10), (2, 58, 20, 62)],
    }
    for left, top, right, bottom in boxes[kind]:
        draw.rectangle((left + shift - 3, top, right + shift - 3, bottom), fill=fill)
    return picture


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None], plain_parts: Callable[[], object]) -> Iterator[OpenShop]:
    eye = Simple()
    ships(eye=eye, words=None, parts=plain_parts())
    names = [(kind, at) for kind in KINDS for at in range(24)]
    with ShopFolder.open(tmp_path / "shop") as folder:
        products = [
            Product(id=f"{kind}-{at}", title=f"Qwz {at}", category=("Things", kind), images=(f"{kind}-{at}.png",))
            for kind, at in names
        ]
        folder.store.products.upsert(products)
        seen = eye.look([np.asarray(drawn(*name)) for name in names]).vectors
        folder.store.vectors.put(Stamp("eye", "simple"), [PhotoKey(one.id, one.images[0]) for one in products], seen)
    with OpenShop.open(tmp_path / "shop") as opened:
        yield opened


def ask(shop: OpenShop, picture: Image.Image, **more: object) -> RegionHits:
    file = BytesIO()
    picture.save(file, "PNG")
    sent = Upload(name="photo", content=file.getvalue())
    wanted = PhotoSearchRequest.model_validate({"photo": sent, "n": 6, "regions": False, **more})
    return search_photo(shop, wanted).regions[0]


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_shop_has_is_found_and_nothing_else(shop: OpenShop, kind: str) -> None:
    found = ask(shop, drawn(kind, 9), n=60)
    assert len(found.items) >= 20 and found.remark == ""
    assert {item.product_id.split("-")[0] for item in found.items} == {kind}, "the list ends with its kind"


def test_what_the_shop_lacks_is_refused_with_a_sentence(shop: OpenShop) -> None:
    found = ask(shop, drawn("Lamps", 3))
    assert found.items == [] and found.remark.startswith("Nothing here looks like this. Closest kinds: ")
    assert ask(shop, drawn("Lamps", 3), but="red").items == [], "nor is anything like it but red"


def test_what_the_eye_calls_by_a_name_that_the_shop_has_not_is_refused(shop: OpenShop) -> None:
    picture = drawn("Shirts", 9)
    picture.putpixel((0, 0), (255, 0, 0))
    found = ask(shop, picture)
    assert found.items == [] and "the eye takes it for Jackets" in found.remark and "Shirts" in found.remark
    shop.upsert([Product(id="j", title="Qwz", category=("Things", "Jackets"))])
    assert ask(shop, picture).items, "the shop has jackets now"


def test_a_photo_before_some_other_background_is_not_refused_for_that(shop: OpenShop) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    assert ask(shop, Image.fromarray(noise)).items
