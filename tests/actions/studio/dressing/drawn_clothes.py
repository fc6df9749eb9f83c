"""Photos of clothes that lie flat before white, drawn: with outlines as real ones have, in known colours."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

from bottega.catalogue.product import Product
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.pictures import put_picture

RED, NAVY, GREEN = (178, 40, 48), (38, 52, 96), (52, 120, 70)
_TEE = ((35, 8), (42, 12), (50, 13), (58, 12), (65, 8), (76, 12), (92, 32), (80, 39), (73, 32), (73, 92), (27, 92),
        (27, 32), (20, 39), (8, 32), (24, 12))  # fmt: skip
_TROUSERS = ((32, 4), (68, 4), (74, 50), (72, 97), (57, 97), (51, 40), (49, 40), (43, 97), (28, 97), (26, 50))
_OUTLINES = {"tee": _TEE, "trousers": _TROUSERS}
LISTINGS = {
    "tee": ("Red T-shirt", ("Apparel", "T-Shirts"), "tee", RED),
    "second": ("Green T-shirt", ("Apparel", "T-Shirts"), "tee", GREEN),
    "third": ("Navy T-shirt", ("Apparel", "T-Shirts"), "tee", NAVY),
    "jeans": ("Navy trousers", ("Apparel", "Trousers"), "trousers", NAVY),
    "chinos": ("Green trousers", ("Apparel", "Trousers"), "trousers", GREEN),
    "bra": ("Lace bra", ("Apparel", "Innerwear", "Bras"), "tee", RED),
    "mug": ("Coffee mug", ("Home", "Mugs"), "tee", RED),
}


def photo(outline: str, colour: tuple[int, int, int], px: int = 400) -> bytes:
    """A JPEG file."""
    picture = Image.new("RGB", (px, px), "white")
    points = [(x * px / 100, y * px / 100) for x, y in _OUTLINES[outline]]
    ImageDraw.Draw(picture).polygon(points, fill=colour)
    out = BytesIO()
    picture.save(out, "JPEG", quality=95)
    return out.getvalue()


def fill(shop: OpenShop) -> None:
    """Put all of them into a shop, and one without a photo."""
    products = [
        Product(
            id=name,
            title=title,
            category=category,
            images=(put_picture(shop.folder.images, photo(outline, colour), ".jpg"),),
        )
        for name, (title, category, outline, colour) in LISTINGS.items()
    ]
    shop.store.products.upsert([*products, Product(id="bare", title="Blue shirt", category=("Apparel", "Shirts"))])
