"""A product as it turns on its page: by its photo or its own 3D model, drawn once for as long as these are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bottega.actions.studio.dressing.fittings import fittings
from bottega.actions.studio.dressing.fittings_shapes import FittingsRequest
from bottega.actions.studio.turning import product_turn as turning
from bottega.actions.studio.turning.product_turn import product_turn
from bottega.actions.studio.turning.shapes import TurnRequest
from bottega.actions.studio.turning.turn import turn
from bottega.catalogue.product import Product
from bottega.errors import ProductUnknown, RequestInvalid
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.pictures import put_picture
from bottega.shop.shape import Upload


def mug(colour: tuple[int, int, int]) -> bytes:
    picture, out = Image.new("RGB", (240, 240), "white"), BytesIO()
    ImageDraw.Draw(picture).rectangle((70, 40, 170, 200), fill=colour)
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None], plain_parts: type[Any]) -> Iterator[OpenShop]:
    parts = plain_parts()
    parts.version = "plain"
    ships(parts=parts)
    with OpenShop.open(tmp_path / "shop") as opened:
        image = put_picture(opened.folder.images, mug((160, 30, 40)), ".png")
        opened.store.products.upsert(
            [Product(id="mug", title="Mug", category=("Mugs",), images=(image,)), Product(id="bare", title="Mug")]
        )
        yield opened


def test_it_is_drawn_once_and_anew_for_another_photo(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    first = product_turn(shop, "mug", size=64)
    assert first.name == "mug" and len(first.angles) == len(first.trusted) > 1
    asked: list[TurnRequest] = []

    def count(opened: OpenShop, request: TurnRequest) -> Any:
        asked.append(request)
        return turn(opened, request)

    monkeypatch.setattr(turning, "turn", count)
    assert product_turn(shop, "mug", size=64) == first and not asked
    image = put_picture(shop.folder.images, mug((20, 90, 60)), ".png")
    shop.store.products.upsert([Product(id="mug", title="Mug", category=("Mugs",), images=(image,))])
    other = product_turn(shop, "mug", size=64)
    assert len(asked) == 1 and other.frames != first.frames
    for name, error in (("none", ProductUnknown), ("bare", RequestInvalid)):
        with pytest.raises(error):
            product_turn(shop, name, size=64)


def test_the_merchants_own_model_is_turned_all_round(shop: OpenShop) -> None:
    pytest.importorskip("trimesh")
    solid = turn(shop, TurnRequest(product_id="mug", size=64, step=45, solid=True)).solid
    assert solid is not None
    (shop.folder.images / "mug.glb").write_bytes(solid)
    with_model: dict[str, tuple[str, ...]] = {"model_3d": ("mug.glb",)}
    shop.store.products.upsert([Product(id="solid", title="Mug", attributes=with_model)])
    answer = product_turn(shop, "solid", size=64)
    assert answer.shape == "own_model" and answer.full and all(answer.trusted) and answer.name == "solid"
    assert fittings(shop, FittingsRequest(product_id="solid")).own_model
    assert not fittings(shop, FittingsRequest(product_id="mug")).own_model
    for name in ("../shop.db", "../bottega.toml.glb", "none.glb", "mug.obj"):
        shop.store.products.upsert([Product(id="odd", title="Mug", attributes={"model_3d": (name,)})])
        found = fittings(shop, FittingsRequest(product_id="odd"))
        assert not found.own_model and not found.turn, name


def test_a_page_turns_products_of_the_shop_alone(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    from bottega.actions.visitors.own_dressing import own_turn

    photo = Upload(name="a.png", content=mug((0, 0, 0)))
    assert own_turn(shop, TurnRequest(product_id="mug")).product_id == "mug"
    for request in (TurnRequest(photo=photo), TurnRequest(product_id="mug", back=photo)):
        with pytest.raises(RequestInvalid, match="no product of the shop"):
            own_turn(shop, request)
    assert np.asarray(Image.open(BytesIO(product_turn(shop, "mug", size=64).frames))).std() > 1
