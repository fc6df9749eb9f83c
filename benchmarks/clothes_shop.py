"""A small shop of drawn clothes, for jobs that do nothing among mugs: those that dress, recolour and learn of garments.

Every piece lies flat before white, drawn with the outline of a real one in a colour that its listing names.
"""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.names import EventKind
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.pictures import put_picture

__all__ = ["few", "film", "make_clothes_shop"]

COLOURS = {
    "red": (178, 40, 48),
    "navy": (38, 52, 96),
    "green": (52, 120, 70),
    "yellow": (226, 190, 60),
    "purple": (104, 52, 128),
    "orange": (224, 120, 40),
    "pink": (226, 130, 160),
    "brown": (110, 74, 50),
}
_TEE = ((35, 8), (42, 12), (50, 13), (58, 12), (65, 8), (76, 12), (92, 32), (80, 39), (73, 32), (73, 92), (27, 92),
        (27, 32), (20, 39), (8, 32), (24, 12))  # fmt: skip
_TROUSERS = ((32, 4), (68, 4), (74, 50), (72, 97), (57, 97), (51, 40), (49, 40), (43, 97), (28, 97), (26, 50))
KINDS = {"tee": (_TEE, "T-shirt", "T-Shirts"), "trousers": (_TROUSERS, "trousers", "Trousers")}
BOUGHT_MS = 1_780_000_000_000


def make_clothes_shop(root: Path) -> None:
    """T-shirts and trousers in eight colours, one T-shirt more without a photo, and orders of one of each."""
    with OpenShop.open(root) as shop:
        products, events = [], []
        for colour, ink in COLOURS.items():
            for name, (outline, called, category) in KINDS.items():
                products.append(
                    Product(
                        id=f"{name}-{colour}",
                        group_id=name,
                        title=f"Women's {colour} {called}",
                        category=("Apparel", category),
                        images=(put_picture(shop.folder.images, _lying(outline, ink), ".jpg"),),
                        attributes={"color": (colour,), "material": ("cotton",)},
                        price_minor=1990,
                        currency="EUR",
                    )
                )
                events += [
                    Event(
                        event_id=f"{name}-{colour}-{number}",
                        shopper_id=f"{colour}-{number}",
                        order_id=f"{colour}-{number}",
                        kind=EventKind.PURCHASE,
                        product_id=f"{name}-{colour}",
                        time_ms=BOUGHT_MS + number,
                    )
                    for number in range(4)
                ]
        bare = {
            "title": "Women's teal T-shirt",
            "category": ("Apparel", "T-Shirts"),
            "attributes": {"color": ("teal",)},
        }
        products.append(Product.model_validate({"id": "tee-teal", "group_id": "tee", **bare}))
        shop.upsert(products)
        shop.record(events)


def film(beside: Path) -> dict[str, Any]:
    """A video of a mug that moves before a plain ground, and what is asked of it."""
    from bottega.models.studio.video.files import as_mp4

    frames = []
    for step in range(6):
        frame = Image.new("RGB", (120, 90), (240, 240, 236))
        ImageDraw.Draw(frame).rectangle((10 + 4 * step, 25, 45 + 4 * step, 65), fill=(140, 40, 30))
        frames.append(np.asarray(frame))
    (beside / "mug.mp4").write_bytes(as_mp4(frames, 8).content)
    return {"source": str(beside / "mug.mp4"), "background": "white", "webp": True}


def few(module: str, **values: object) -> None:
    """Less to learn from, and fewer steps, than a job asks for: bounds of its module, in the process that tries it."""
    for name, value in values.items():
        assert hasattr(import_module(module), name), f"{module} has no {name}"
        setattr(import_module(module), name, value)


def _lying(outline: tuple[tuple[int, int], ...], ink: tuple[int, int, int], px: int = 240) -> bytes:
    picture = Image.new("RGB", (px, px), "white")
    ImageDraw.Draw(picture).polygon([(x * px / 100, y * px / 100) for x, y in outline], fill=ink)
    out = BytesIO()
    picture.save(out, "JPEG", quality=95)
    return out.getvalue()
