"""Rescued photos: what each step says, what the file says of itself, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from pydantic import ValidationError

from bottega.actions.studio.rescue.rescue import MOST_WORK_PX, rescue_here, rescue_photos
from bottega.actions.studio.rescue.shapes import RescueRequest
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.errors import PhotoRefused
from bottega.models.studio.rescue.rescue import Rescue
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload


def shirt(*, turned: float = 0, ground: str = "white", mode: str = "RGB", kind: str = "PNG") -> bytes:
    picture = Image.new("RGB", (160, 160), ground)
    outline = [(40, 40), (65, 32), (80, 40), (95, 32), (120, 40), (138, 68), (122, 76), (115, 62), (115, 134)]
    outline += [(45, 134), (45, 62), (38, 76), (22, 68)]
    ImageDraw.Draw(picture).polygon(outline, fill=(40, 60, 130))
    file = BytesIO()
    picture.rotate(-turned, Image.Resampling.BICUBIC, fillcolor=ground).convert(mode).save(file, kind)
    return file.getvalue()


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None], plain_parts: type) -> OpenShop:
    rescue = Rescue.fresh(rng=np.random.default_rng(0))
    ships(rescue=Rescue(rescue.config, rescue.mean, rescue.mean), parts=plain_parts())
    return OpenShop.open(tmp_path / "shop")


def rescued(shop: OpenShop, content: bytes, **asked: object) -> tuple[dict[str, bool], Image.Image, bytes]:
    request = RescueRequest.model_validate({"photos": [Upload(name="a", content=content)], **asked})
    (one,) = rescue_photos(shop, request).photos
    assert one.content is not None
    picture = Image.open(BytesIO(one.content))
    assert picture.size == (one.width, one.height)
    assert source_type_of(one.content) == (SourceType(one.source_type) if one.source_type else None)
    return {step.step: step.done for step in one.steps}, picture, one.content


def test_small_photos_become_larger_and_say_so(shop: OpenShop) -> None:
    steps, picture, content = rescued(shop, shirt())
    assert steps == {"light": False, "level": False, "enlarge": True} and picture.size == (640, 640)
    assert source_type_of(content) is SourceType.PARTLY_GENERATED
    _, picture, content = rescued(shop, shirt(), enlarge=2, way="mean")
    assert picture.size == (320, 320) and source_type_of(content) is SourceType.ENHANCED


def test_nothing_done_is_nothing_said(shop: OpenShop) -> None:
    steps, _, content = rescued(shop, shirt(), enlarge=1)
    assert not any(steps.values()) and source_type_of(content) is None


def test_a_tilted_grey_photo_comes_back_level_on_white(shop: OpenShop) -> None:
    content = shirt(turned=6, ground=(150, 148, 140))  # type: ignore[arg-type]
    steps, picture, _ = rescued(shop, content, enlarge=1, background=True)
    assert steps == {"light": True, "level": True, "background": True}
    found = np.array(picture)
    assert (np.concatenate([found[:8], found[-8:]]).min(axis=2) >= 250).all()
    assert abs(int(found[60:130, 30:80].mean()) - int(found[60:130, 80:130].mean())) < 6, "the same left and right"


@pytest.mark.parametrize(
    ("preset", "size"), [("square", (1600, 1600)), ("portrait", (1080, 1350)), ("story", (1080, 1920))]
)
def test_presets_have_the_size_they_promise(shop: OpenShop, preset: str, size: tuple[int, int]) -> None:
    _, picture, _ = rescued(shop, shirt(), preset=preset, enlarge=2)
    assert picture.size == size and np.array(picture)[:20].min() >= 253


@pytest.mark.parametrize(
    ("mode", "kind"), [("L", "JPEG"), ("CMYK", "JPEG"), ("RGBA", "PNG"), ("P", "GIF"), ("L", "PNG")]
)
def test_photos_of_every_kind_are_taken(shop: OpenShop, mode: str, kind: str) -> None:
    _, picture, _ = rescued(shop, shirt(mode=mode, kind=kind), enlarge=2)
    assert picture.size == (320, 320) and picture.mode == "RGB"


def test_of_an_animation_the_first_frame_is_rescued(shop: OpenShop) -> None:
    file = BytesIO()
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    _, picture, _ = rescued(shop, file.getvalue(), enlarge=2, light=False)
    assert np.array(picture)[40, 40, 0] > 200


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"no picture", "no picture of a known format"),
        (b"", "empty"),
        (shirt()[:300], "damaged or cut short"),
    ],
)
def test_what_is_no_photo_is_refused(shop: OpenShop, content: bytes, seen: str) -> None:
    request = RescueRequest(photos=[Upload(name="a.jpg", content=content)])
    with pytest.raises(PhotoRefused, match=seen):
        rescue_photos(shop, request)
    both = RescueRequest(photos=[Upload(name="a.jpg", content=content), Upload(name="b.png", content=shirt())])
    bad, good = rescue_photos(shop, both).photos
    assert bad.refused and seen in bad.refused and bad.content is None and good.refused is None and good.content


@pytest.mark.parametrize(("size", "seen"), [((1, 1), "1 x 1 pixels"), ((10_000, 10_000), "million pixels")])
def test_sizes_beyond_the_limits_are_refused(shop: OpenShop, size: tuple[int, int], seen: str) -> None:
    file = BytesIO()
    Image.new("1", size).save(file, "PNG")
    with pytest.raises(PhotoRefused, match=seen):
        rescue_photos(shop, RescueRequest(photos=[Upload(name="a", content=file.getvalue())]))


def test_too_much_work_for_one_answer_is_refused_and_says_what_to_do(shop: OpenShop) -> None:
    file = BytesIO()
    Image.new("RGB", (1100, 1100), "white").save(file, "PNG")
    asked = RescueRequest(photos=[Upload(name="a", content=file.getvalue())], enlarge=2)
    assert MOST_WORK_PX < 2 * 1100 * 1100
    with pytest.raises(PhotoRefused, match=r"2\.4 million.*rescue_catalogue"):
        rescue_photos(shop, asked)


def test_nobody_needs_a_shop_for_it(shop: OpenShop) -> None:
    asked = RescueRequest(photos=[Upload(name="a", content=shirt())], side_by_side=True, enlarge=2)
    (one,) = rescue_here(None, asked).photos
    assert one.side_by_side is not None
    assert Image.open(BytesIO(one.side_by_side)).size == (320 + 320 + 6, 320)


def test_where_no_product_is_seen_the_ground_stays(shop: OpenShop) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    file = BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    steps, picture, _ = rescued(shop, file.getvalue(), enlarge=1, background=True)
    assert steps["background"] is False and picture.size == (64, 64)


@pytest.mark.parametrize(("preset", "size"), [(None, (1200, 1200)), ("portrait", (1080, 1350))])
def test_a_product_is_laid_on_a_scene(shop: OpenShop, preset: str | None, size: tuple[int, int]) -> None:
    steps, picture, content = rescued(shop, shirt(), scene="table", preset=preset, enlarge=1)
    assert steps["background"] and picture.size == size
    assert source_type_of(content) is SourceType.COMPOSED
    wood = np.array(picture)[-40:].reshape(-1, 3).astype(int).mean(0)
    assert (
        wood[0] > wood[2] + 25
        and (np.array(picture).reshape(-1, 3).astype(int) - (40, 60, 130)).__abs__().max(1).min() < 20
    )


def test_a_scene_refuses_what_its_photo_cuts_off_and_names_those_there_are(shop: OpenShop) -> None:
    with Image.open(BytesIO(shirt())) as whole:
        file = BytesIO()
        whole.crop((0, 0, 160, 100)).save(file, "PNG")
    request = RescueRequest(photos=[Upload(name="a", content=file.getvalue())], scene="shelf", enlarge=1)
    (one,) = rescue_photos(shop, request).photos
    assert one.steps[-1].step == "background" and not one.steps[-1].done and "it would float" in one.steps[-1].what
    with pytest.raises(ValidationError, match="a scene is table, shelf, cloth"):
        RescueRequest(photos=[Upload(name="a", content=shirt())], scene="beach")


def test_a_garment_that_nobody_wears_makes_no_ghost(shop: OpenShop) -> None:
    request = RescueRequest(photos=[Upload(name="a", content=shirt())], ghost=True, enlarge=1)
    (one,) = rescue_photos(shop, request).photos
    assert one.steps[-1].step == "ghost" and not one.steps[-1].done and one.source_type is None
    with pytest.raises(ValidationError, match="upper"):
        RescueRequest.model_validate({"photos": [Upload(name="a", content=shirt())], "garment": "hat"})
