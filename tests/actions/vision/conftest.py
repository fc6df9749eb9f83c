"""An eye that sees two shapes in four colours, and a shop of such shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from PIL import Image

from bottega.catalogue.product import Product
from bottega.datasets.photos.reading import Photo
from bottega.models.vision.eye.looks import Looks
from bottega.names import FloatArray
from bottega.progress import Progress, silent
from bottega.shop.folder import ShopFolder

COLOURS = {"Red": (200, 30, 30), "Green": (30, 160, 40), "Blue": (30, 40, 190), "Yellow": (220, 200, 40)}
SHAPES = ("Belts", "Trousers")
MODELS = ("Alba", "Brio", "Como", "Duca", "Elba", "Foro", "Gita", "Hera", "Isola", "Luna")


def drawn(shape: str, colour: str, shift: int = 0) -> Photo:
    """A wide or a tall block of one colour on white, or grey all over."""
    photo = np.full((64, 64, 3), 255, dtype=np.uint8)
    if shape not in SHAPES:
        photo[:] = 128
        return photo
    down, right = (slice(26, 38), slice(6 + shift, 52 + shift))[:: 1 if shape == "Belts" else -1]
    photo[down, right] = COLOURS[colour]
    return photo


def png(photo: Photo) -> bytes:
    stream = BytesIO()
    Image.fromarray(photo).save(stream, "PNG")
    return stream.getvalue()


class BlockEye:
    """Knows blocks by measuring them; not sure of yellow."""

    heads: ClassVar = {
        "category": ("Apparel", "Accessories"),
        "subcategory": ("Belts", "Bottomwear"),
        "type": SHAPES,
        "color": tuple(COLOURS),
        "photo_kind": ("product", "none"),
    }
    words = ("wide", "tall")
    thresholds: ClassVar[dict[str, float]] = {}
    implies: ClassVar = {
        "type>subcategory": np.eye(2, dtype=np.float32),
        "subcategory>category": np.array([[0, 1], [1, 0]], dtype=np.float32),
    }
    version = "blocks-1"
    size = 128
    config = SimpleNamespace(image_px=64, outlined=False)

    def look(self, photos: Sequence[Photo], *, progress: Progress = silent) -> Looks:
        rows = [self._measured(photo) for photo in photos]
        shapes = np.array([row[0] for row in rows], dtype=np.float32).reshape(-1, 2)
        colours = np.array([row[1] for row in rows], dtype=np.float32).reshape(-1, 4)
        nothing = np.array([row[2] for row in rows], dtype=np.float32).reshape(-1, 1)
        beliefs: dict[str, FloatArray] = {
            "category": shapes[:, ::-1],
            "subcategory": shapes,
            "type": shapes,
            "color": colours,
            "photo_kind": np.concatenate([1 - nothing, nothing], axis=1),
        }
        vectors = np.zeros((len(photos), 128), dtype=np.float32)
        vectors[:, :2], vectors[:, 2:6] = shapes, colours
        for row, photo in enumerate(photos):
            vectors[row, 6:38] = np.asarray(Image.fromarray(photo).convert("L").resize((32, 1)))[0] / 255
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
        return Looks(vectors, beliefs, shapes)

    def _measured(self, photo: Photo) -> tuple[list[float], list[float], float]:
        block = (photo < 250).any(axis=2)
        if block.all():
            return [0.5, 0.5], [0.25] * 4, 0.9
        down, right = (np.ptp(found) for found in np.nonzero(block))
        colour = int(np.argmin([np.abs(photo[block].mean(0) - rgb).sum() for rgb in COLOURS.values()]))
        sure = 0.4 if colour == 3 else 0.91
        chances = [(1 - sure) / 3] * 4
        chances[colour] = sure
        return ([0.95, 0.05] if right > down else [0.05, 0.95]), chances, 0.02


@pytest.fixture(autouse=True)
def eye(ships: Callable[..., None]) -> BlockEye:
    """The eye of every shop here."""
    eye = BlockEye()
    ships(eye=eye)
    return eye


@pytest.fixture
def photo_of() -> Callable[[str, str], bytes]:
    """The file of a shape in a colour; grey all over where the shape is none."""
    return lambda shape, colour: png(drawn(shape, colour))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ShopFolder]:
    """Ten lines of each shape in three sure colours, labelled; then bare ones, broken ones and one without a photo."""
    with ShopFolder.open(tmp_path / "shop") as opened:
        opened.images.mkdir()
        products = []
        for shape in SHAPES:
            for number in range(10):
                for colour in ("Red", "Green", "Blue"):
                    name = f"{shape}-{number}-{colour}"
                    (opened.images / f"{name}.png").write_bytes(png(drawn(shape, colour, number % 5)))
                    products.append(
                        Product(
                            id=name,
                            title=f"{colour} {shape} {MODELS[number]}",
                            category=("Clothes", shape),
                            images=(f"{name}.png",),
                            attributes={"colour": (colour.lower(),)},
                        )
                    )
        unknown = {"bare": drawn("Belts", "Blue"), "yellow": drawn("Trousers", "Yellow"), "grey": drawn("", "")}
        for name, photo in unknown.items():
            (opened.images / f"{name}.png").write_bytes(png(photo))
            products.append(Product(id=name, title=name, images=(f"{name}.png",)))
        (opened.images / "broken.png").write_bytes(b"no picture at all")
        products.append(Product(id="bare/2", title="bare", images=("bare.png",)))
        products.append(Product(id="broken", title="broken", images=("broken.png",)))
        products.append(Product(id="photoless", title="photoless", images=("https://example.com/a.png",)))
        opened.store.products.upsert(products)
        yield opened
