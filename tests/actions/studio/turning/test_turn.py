"""Turns: a photo as far as may be trusted, photos of all sides all round, a shop's product, a 3D model; refusals."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.models.studio.turntable.made import ball_mask, striped

from bottega.actions.studio.turning.shapes import TurnRequest
from bottega.actions.studio.turning.turn import turn, turn_here
from bottega.catalogue.product import Product
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.errors import PhotoRefused, ProductUnknown, RequestInvalid
from bottega.models.studio.turntable.trusted import MOST_ERROR
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.pictures import put_picture
from bottega.shop.shape import Upload


def _png(photo: np.ndarray[Any, Any]) -> bytes:
    out = BytesIO()
    Image.fromarray(photo).save(out, "PNG")
    return out.getvalue()


def _ball(flipped: bool = False) -> Upload:
    """A ball, red on its left and blue on its right, on white."""
    photo = np.full((160, 160, 3), 255, np.uint8)
    mask = ball_mask()
    photo[mask] = (striped()[:, ::-1] if flipped else striped())[mask]
    return Upload(name="ball.png", content=_png(photo))


@pytest.fixture(autouse=True)
def _parser(ships: Callable[..., None], plain_parts: type) -> None:
    ships(parts=plain_parts(), turntable=None)


def _cells(answer: Any) -> list[np.ndarray[Any, Any]]:
    sheet = np.asarray(Image.open(BytesIO(answer.frames)).convert("RGB"))
    px = answer.width
    assert sheet.shape == (answer.rows * px, answer.columns * px, 3)
    found = []
    for place in range(len(answer.angles)):
        row, column = divmod(place, answer.columns)
        found.append(sheet[row * px : (row + 1) * px, column * px : (column + 1) * px])
    return found


def test_one_photo_turns_as_far_as_may_be_trusted() -> None:
    answer = turn_here(None, TurnRequest(photo=_ball(), shape="turned", size=96, clip=True))
    assert not answer.full and answer.shape == "turned" and answer.trusted_to > 0
    assert answer.angles[0] == -answer.trusted_to and answer.angles[-1] == answer.trusted_to
    assert all(answer.trusted) and max(answer.expected_errors) <= MOST_ERROR
    cells = _cells(answer)
    middle = len(cells) // 2
    blue = [int((cell[48, :, 2].astype(int) - cell[48, :, 0] > 60).sum()) for cell in cells]
    assert blue == sorted(blue) and blue[0] < blue[middle] < blue[-1], "from the right one sees more of the right"
    assert source_type_of(answer.frames) is SourceType.COMPOSED
    with Image.open(BytesIO(answer.clip or b"")) as clip:
        assert getattr(clip, "n_frames", 1) == 2 * len(cells) - 2, "there and back"


def test_who_asks_for_more_is_told_which_frames_are_not_trusted() -> None:
    answer = turn_here(None, TurnRequest(photo=_ball(), shape="turned", size=64, step=15, reach=60))
    assert answer.angles == [-60, -45, -30, -15, 0, 15, 30, 45, 60]
    assert answer.trusted == [abs(angle) <= answer.trusted_to for angle in answer.angles]
    assert not answer.trusted[0] and answer.trusted[4]


def test_front_and_back_make_a_full_turn() -> None:
    answer = turn_here(None, TurnRequest(photo=_ball(), back=_ball(flipped=True), shape="turned", size=64, step=45))
    assert answer.full and answer.angles == [0, 45, 90, 135, 180, 225, 270, 315]
    assert answer.trusted[0] and answer.trusted[4] and not answer.trusted[2]
    assert any("No photo shows its sides" in note for note in answer.notes)
    cells = _cells(answer)
    reds = [int((cell[32, :, 0].astype(int) - cell[32, :, 2] > 60).sum()) for cell in cells]
    assert reds[2] < 8 < reds[6], "its red side is seen from the left, its blue one from the right"
    with pytest.raises(RequestInvalid, match="none from behind"):
        turn_here(None, TurnRequest(photo=_ball(), left=_ball()))


def test_a_product_of_the_shop_by_its_type(tmp_path: Path) -> None:
    with OpenShop.open(tmp_path / "shop") as shop:
        name = put_picture(shop.folder.images, _ball().content, ".png")
        shop.store.products.upsert(
            [
                Product(id="b", title="Ball", category=("Home", "Vases"), images=(name,)),
                Product(id="bare", title="Bare"),
            ]
        )
        answer = turn(shop, TurnRequest(product_id="b", size=64, step=20))
        assert answer.shape == "turned" and answer.name == "b" and answer.version == ""
        with pytest.raises(ProductUnknown):
            turn(shop, TurnRequest(product_id="nobody"))
        with pytest.raises(RequestInvalid, match="has no photo"):
            turn(shop, TurnRequest(product_id="bare"))


def test_a_solid_comes_back_as_a_model_and_turns() -> None:
    pytest.importorskip("trimesh", reason="the extra dressing is not here")
    made = turn_here(None, TurnRequest(photo=_ball(), shape="turned", size=64, solid=True))
    assert made.solid is not None
    answer = turn_here(None, TurnRequest(glb=Upload(name="a.glb", content=made.solid), size=64, step=45))
    assert answer.shape == "own_model" and answer.full and answer.trusted_to == 180 and all(answer.trusted)
    cells = _cells(answer)
    assert (cells[2][32, 28, 2] > cells[2][32, 28, 0]) and (cells[6][32, 36, 0] > cells[6][32, 36, 2])


def test_refusals() -> None:
    with pytest.raises(RequestInvalid, match="nothing to turn"):
        turn_here(None, TurnRequest())
    with pytest.raises(RequestInvalid, match="photo and glb"):
        turn_here(None, TurnRequest(photo=_ball(), glb=_ball()))
    with pytest.raises(RequestInvalid, match="no shop here"):
        turn_here(None, TurnRequest(product_id="b"))
    with pytest.raises(RequestInvalid, match="begins with"):
        turn_here(None, TurnRequest(glb=_ball()))
    small = np.full((60, 60, 3), 255, np.uint8)
    small[25:40, 25:40] = 0
    with pytest.raises(PhotoRefused, match="15 pixels"):
        turn_here(None, TurnRequest(photo=Upload(name="dot.png", content=_png(small))))
