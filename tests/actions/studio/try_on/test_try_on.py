"""Trying on as a verb, over HTTP and on the command line; what it refuses, and that it keeps nothing."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.actions.studio.try_on.stocked import PERSON, UPPER, parse, png, stock
from tests.models.studio.try_on.drawn_person import photo_of
from typer.testing import CliRunner

from bottega.actions.studio.try_on.shapes import TryOnRequest
from bottega.actions.studio.try_on.try_on import MOST_PX, tried_cut, try_on
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused, ProductUnknown, RequestInvalid
from bottega.serving.cli.main import app
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None], plain_parts: Any) -> OpenShop:
    drawn = plain_parts(parse)
    drawn.version = "drawn"
    ships(parts=drawn)
    opened = OpenShop.open(tmp_path / "shop")
    stock(opened)
    return opened


def asked(product: str, photo: Photo | None = None) -> TryOnRequest:
    content = png(photo_of(PERSON) if photo is None else photo)
    return TryOnRequest(photo=Upload(name="me.png", content=content), product_id=product)


def kept_files(shop: OpenShop) -> list[Path]:
    """Every picture in the shop's folder."""
    files = (path for path in Path(shop.folder.root).rglob("*") if path.is_file())
    return sorted(path for path in files if path.suffix in {".jpg", ".jpeg", ".png", ".webp", ""})


def test_a_piece_is_tried_on_and_nothing_kept(shop: OpenShop) -> None:
    before = kept_files(shop)
    answer = try_on(shop, asked("top"))
    assert (answer.cut, answer.length, answer.version) == ("top", "as worn", "drawn")
    assert source_type_of(answer.content) is SourceType.PARTLY_GENERATED
    pixels = np.asarray(Image.open(BytesIO(answer.content))).astype(int)
    assert pixels.shape[:2] == (answer.height, answer.width) == PERSON.shape
    worn = pixels[UPPER].mean(0)
    assert worn[0] > worn[2] + 60
    assert answer.covers == pytest.approx(UPPER.mean(), rel=0.1)
    assert before == kept_files(shop)
    large = np.asarray(Image.fromarray(photo_of(PERSON)).resize((1400, 2240)))
    assert try_on(shop, asked("top", large)).height == MOST_PX


@pytest.mark.parametrize(
    ("product", "error", "why"),
    [
        ("crop", PhotoRefused, "belly"),
        ("shorts", PhotoRefused, "thighs"),
        ("bikini", RequestInvalid, "Underwear and swimwear"),
        ("mug", RequestInvalid, "is nothing that"),
        ("bare", RequestInvalid, "no photo"),
        ("none", ProductUnknown, "none"),
    ],
)
def test_what_is_refused(shop: OpenShop, product: str, error: type[Exception], why: str) -> None:
    with pytest.raises(error, match=why):
        try_on(shop, asked(product))


def test_a_photo_of_nobody_is_refused(shop: OpenShop) -> None:
    with pytest.raises(PhotoRefused, match="No person"):
        try_on(shop, asked("top", np.full((300, 300, 3), 120, np.uint8)))
    with pytest.raises(PhotoRefused):
        try_on(shop, TryOnRequest(photo=Upload(name="a", content=b"no picture"), product_id="top"))


@pytest.mark.parametrize(
    ("title", "category", "cut"),
    [
        ("Basics navy t-shirt", ("Apparel", "Topwear", "Tshirts"), "top"),
        ("Denim shirt dress", (), "dress"),
        ("Hose blau", ("Damen", "Hosen"), "trousers"),
        ("Jupe longue", (), "skirt"),
        ("Air", ("Footwear", "Shoes", "Casual Shoes"), "shoes"),
        ("Cazadora de cuero", (), "jacket"),
        ("Damen Badeanzug", (), None),
        ("Boxer shorts", ("Apparel", "Innerwear", "Trunk"), None),
        ("Reggiseno", (), None),
        ("Watch", ("Accessories", "Watches"), None),
    ],
)
def test_the_cut_of_a_product(title: str, category: tuple[str, ...], cut: str | None) -> None:
    words = [*reversed(category), title]
    if cut is None:
        with pytest.raises(RequestInvalid):
            tried_cut(words)
    else:
        assert tried_cut(words) == cut


def test_on_the_command_line(tmp_path: Path, ships: Callable[..., None], plain_parts: Any) -> None:
    drawn = plain_parts(parse)
    drawn.version = "drawn"
    ships(parts=drawn)
    with ShopFolder.open(tmp_path / "shop") as folder:
        stock(OpenShop(folder))
    (tmp_path / "me.png").write_bytes(png(photo_of(PERSON)))
    done = CliRunner().invoke(app, ["try-on", str(tmp_path / "me.png"), "top", "--shop", str(tmp_path / "shop")])
    assert done.exit_code == 0 and "as worn" in done.output
    assert source_type_of((tmp_path / "me.tried.jpg").read_bytes()) is SourceType.PARTLY_GENERATED
    refused = CliRunner().invoke(app, ["try-on", str(tmp_path / "me.png"), "shorts", "--shop", str(tmp_path / "shop")])
    assert refused.exit_code != 0
