"""Hair and faces as verbs, with what they refuse and that they keep nothing."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.models.studio.people.drawn_faces import PX, write_faces

from bottega.actions.studio.people.face import change_face
from bottega.actions.studio.people.face_shapes import FaceRequest, TrainFaceRequest
from bottega.actions.studio.people.hair import MOST_PX, colour_hair
from bottega.actions.studio.people.hair_shapes import HairRequest
from bottega.actions.studio.people.train_face import train_face
from bottega.datasets.photos.masks import PARTS
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.errors import EditRefused, ModelMissing, PhotoRefused, RequestInvalid
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload


class _Parts:
    version = "drawn"

    def parse(self, photos: Any) -> list[Any]:
        found = []
        for photo in photos:
            chances = np.full((*photo.shape[:2], len(PARTS)), 0.01, np.float32)
            dark = photo.mean(2) < 80
            chances[..., PARTS.index("hair")] = np.where(dark, 0.95, 0.01)
            found.append(chances)
        return found


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None]) -> OpenShop:
    ships(parts=_Parts())
    return OpenShop.open(tmp_path / "shop")


def photo(side: int = 120, *, hair: bool = True) -> bytes:
    pixels = np.full((side, side, 3), 220, np.uint8)
    if hair:
        pixels[side // 8 : side // 2, side // 4 : -side // 4] = (60, 40, 30)
    out = BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def asked(content: bytes, to: str = "Kupfer") -> HairRequest:
    return HairRequest(photo=Upload(name="me.png", content=content), to=to)


def test_hair_is_coloured_and_nothing_kept(shop: OpenShop) -> None:
    before = sorted(path for path in Path(shop.folder.root).rglob("*") if path.is_file())
    answer = colour_hair(shop, asked(photo()))
    assert (answer.to.name, answer.width, answer.version) == ("copper", 120, "drawn")
    assert source_type_of(answer.content) is SourceType.PARTLY_GENERATED
    red, _, blue = np.asarray(Image.open(BytesIO(answer.content)))[40, 60].astype(int)
    assert red > blue + 60
    assert before == sorted(path for path in Path(shop.folder.root).rglob("*") if path.is_file())
    large = colour_hair(shop, asked(photo(2400)))
    assert large.width == large.height == MOST_PX


@pytest.mark.parametrize("content", [b"", b"no picture", photo()[:300]], ids=["empty", "text", "cut short"])
def test_what_is_no_photo_is_refused(shop: OpenShop, content: bytes) -> None:
    with pytest.raises(PhotoRefused):
        colour_hair(shop, asked(content))


def test_no_hair_no_colour_and_race_are_refused(shop: OpenShop) -> None:
    with pytest.raises(PhotoRefused, match="No hair is sure"):
        colour_hair(shop, asked(photo(hair=False)))
    with pytest.raises(RequestInvalid, match="no colour that is known"):
        colour_hair(shop, asked(photo(), "plaid"))
    with pytest.raises(EditRefused):
        colour_hair(shop, asked(photo(), "asian woman"))


def test_a_face_needs_a_model_and_a_model_consent(shop: OpenShop, tmp_path: Path) -> None:
    wish = FaceRequest(photo=Upload(name="me.png", content=photo()), change={"smile": 0.5})
    with pytest.raises(ModelMissing, match="none ships"):
        change_face(shop, wish)
    with pytest.raises(EditRefused):
        change_face(shop, wish.model_copy(update={"change": {"ethnicity": 1.0}}))
    write_faces(tmp_path / "faces", 60, 0)
    request = TrainFaceRequest(folder=tmp_path / "faces", px=PX, seconds=0.5, device="cpu")
    with pytest.raises(RequestInvalid, match="agreed"):
        train_face(shop, request)
    run = train_face(shop, request.model_copy(update={"consent": True}))
    assert run.products == 60 and {"smile_rises", "age_rises", "moved"} == run.measures.keys()
    answer = change_face(shop, wish)
    assert (answer.version, answer.width) == (run.version, 120)
    assert source_type_of(answer.content) is SourceType.PARTLY_GENERATED
    assert [one.ability for one in shop.models.in_use() if one.ability == "face"] == ["face"]
