"""The shop's own eye: trained on its pictures, used from then on, and its vectors made at once for what is new."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bottega.actions.vision import train_vision as action
from bottega.actions.vision.shapes import TrainVisionRequest
from bottega.catalogue.product import Product
from bottega.errors import PhotosTooFew
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.training import Training
from bottega.models.vision.joint_space import JointSpace
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.search.looking import look_at_catalogue
from bottega.shop.shape import RunInfo
from bottega.shop.trained.models_in_use import ModelsInUse
from bottega.store.vectors import Stamp

COLOURS = {"red": (200, 30, 30), "blue": (30, 50, 200)}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, ships: Callable[..., None]) -> None:
    """A small eye in place of the shipped one, and a short training."""
    fresh = Eye.fresh({"type": ("Box", "Disc")}, ("box",), rng=np.random.default_rng(0))
    ships(eye=fresh)
    tiny = Training(learning_rate=5e-3, batch_size=16, sizes=((1.0, 32),), on_street=0.0)
    monkeypatch.setattr(action, "FINE_TUNING", tiny)
    monkeypatch.setattr(action, "MOST_VIEWS", 600)


def stock(shop: ShopFolder, count: int, *, first: int = 0) -> None:
    """Boxes and discs in two colours."""
    shop.images.mkdir(exist_ok=True)
    y, x = np.mgrid[0:48, 0:48]
    products = []
    for i in range(first, first + count):
        kind, colour = ("Box", "Disc")[i % 2], list(COLOURS)[i // 2 % 2]
        photo = np.full((48, 48, 3), 255, dtype=np.uint8)
        inside = np.hypot(x - 24, y - 24) < 15 if kind == "Disc" else (abs(x - 24) < 6 + i % 5) & (abs(y - 24) < 16)
        photo[inside] = COLOURS[colour]
        Image.fromarray(photo).save(shop.images / f"{i}.png")
        products.append(
            Product(
                id=f"p{i}",
                title=f"{colour} {kind.lower()} number {i // 4}",
                category=("Things", kind),
                images=(f"{i}.png",),
                attributes={"color": (colour,)},
            )
        )
    shop.store.products.upsert(products)


def test_too_few_photos_say_how_many_it_takes(tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path) as shop:
        stock(shop, 6)
        with pytest.raises(PhotosTooFew, match=r"6 of 6 products have a photo.*60 photos"):
            action.train_vision(OpenShop(shop), TrainVisionRequest())


def test_a_shop_gets_an_eye_of_its_own_and_new_products_get_vectors(tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path) as shop:
        stock(shop, 96)
        models = ModelsInUse(shop)
        assert look_at_catalogue(shop, models.eye()) == 96 and look_at_catalogue(shop, models.eye()) == 0
        run = action.train_vision(OpenShop(shop), TrainVisionRequest(seed=1))
        assert JointSpace.load(shop.root / run.folder / "words").version == run.version, "its words, for this eye"
        kept = shop.store.runs.latest("eye")
        assert kept is not None and RunInfo.model_validate(kept, from_attributes=True) == run
        assert (tmp_path / run.folder / "card.json").exists()
        eye = models.eye()
        assert eye.version == run.version and set(eye.heads["type"]) == {"Box", "Disc"}
        assert look_at_catalogue(shop, eye) == 96  # another version sees everything anew
        stock(shop, 4, first=96)
        (shop.images / "97.png").write_bytes(b"not a picture")
        assert look_at_catalogue(shop, eye) == 3
        found = shop.store.vectors.all(Stamp("eye", eye.version))
        assert len(found.ids) == 99 and "p97" not in found.ids and found.matrix.shape[1] == eye.size
