"""Cartoons of photos that came in: the file says what was done, bad photos cost the good ones nothing."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bottega.actions.studio.cartoon.cartoon import cartoon_here, cartoon_photos
from bottega.actions.studio.cartoon.shapes import CartoonRequest
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.errors import PhotoRefused
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload


def png(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def shirt(size: int = 160) -> bytes:
    picture = Image.new("RGB", (size, size), "white")
    ImageDraw.Draw(picture).rectangle((size // 4, size // 4, size // 2, size // 2), fill=(40, 60, 130))
    return png(picture)


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None], plain_parts: type) -> OpenShop:
    ships(parts=plain_parts())
    return OpenShop.open(tmp_path / "shop")


def test_good_and_bad_photos_side_by_side(shop: OpenShop) -> None:
    uploads = [Upload(name="a.png", content=shirt()), Upload(name="b.jpg", content=b"no picture")]
    good, bad = cartoon_photos(shop, CartoonRequest(photos=uploads, product_only=True)).photos
    assert good.content is not None and source_type_of(good.content) is SourceType.ENHANCED
    with Image.open(BytesIO(good.content)) as picture:
        assert picture.size == (good.width, good.height) == (160, 160)
    assert bad.refused and "no picture of a known format" in bad.refused and bad.content is None


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"no picture", "no picture of a known format"),
        (b"", "empty"),
        (shirt()[:200], "damaged or cut short"),
        (png(Image.new("1", (1, 1))), "1 x 1 pixels"),
        (png(Image.new("1", (10_000, 10_000))), "100.0 million pixels"),
    ],
)
def test_what_is_no_photo_is_refused(shop: OpenShop, content: bytes, seen: str) -> None:
    with pytest.raises(PhotoRefused, match=seen):
        cartoon_photos(shop, CartoonRequest(photos=[Upload(name="a", content=content)]))


def test_where_no_product_is_told_from_its_background_that_is_said(shop: OpenShop) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    asked = {"photos": [Upload(name="noise.png", content=png(Image.fromarray(noise)))]}
    with pytest.raises(PhotoRefused, match="no product"):
        cartoon_photos(shop, CartoonRequest.model_validate({**asked, "product_only": True}))
    assert cartoon_photos(shop, CartoonRequest.model_validate(asked)).photos[0].content


def test_too_much_for_one_answer_is_refused_and_the_command_takes_it(shop: OpenShop) -> None:
    uploads = [Upload(name=f"{k}.png", content=png(Image.new("RGB", (1200, 1200), "white"))) for k in range(2)]
    with pytest.raises(PhotoRefused, match=r"2\.9 million pixels.*bottega cartoon"):
        cartoon_photos(shop, CartoonRequest(photos=uploads))
    assert len(cartoon_here(None, CartoonRequest(photos=uploads, smooth=0, lines=0)).photos) == 2
