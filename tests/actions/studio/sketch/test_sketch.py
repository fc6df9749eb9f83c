"""Sketch: a drawing in, a marked picture in the asked colour out; refusals that say why; whose network draws."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.actions.search.test_photo import PlainEye, drawn, listing
from tests.models.studio.sketch.drawn import page, png, sheet, taught, untrained

from bottega.actions.studio.asked_type import asked_type
from bottega.actions.studio.sketch.shapes import SketchAnswer, SketchRequest
from bottega.actions.studio.sketch.sketch import sketch, sketch_here
from bottega.datasets.photos.provenance import SourceType, marked, source_type_of
from bottega.errors import EditRefused, ModelFileBroken, ModelMissing, PhotoRefused, RequestInvalid
from bottega.models.studio.rescue.rescue import Rescue
from bottega.settings import ShopSettings, load_settings
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None]) -> OpenShop:
    ships(rescue=Rescue.fresh(rng=np.random.default_rng(0)), sketch=taught())
    return OpenShop.open(tmp_path / "shop")


def ask(shop: OpenShop, content: bytes | None = None, **more: Any) -> SketchAnswer:
    photo = Upload(name="bag.png", content=content or sheet())
    return sketch(shop, SketchRequest.model_validate({"photo": photo, **more}))


def middle(answer: SketchAnswer) -> list[float]:
    photo = np.asarray(Image.open(BytesIO(answer.content)), np.float64)
    height, width = photo.shape[:2]
    found: list[float] = (
        photo[height * 3 // 8 : -height * 3 // 8, width * 3 // 8 : -width * 3 // 8].mean((0, 1)).tolist()
    )
    return found


def test_the_drawn_thing_has_the_colour_that_was_asked(shop: OpenShop) -> None:
    for said, content in (("red", sheet()), ("rot", sheet(ink="white", ground="black", box=(0.7, 0.72, 0.9, 0.88)))):
        red, _, blue = middle(ask(shop, content, type="handbag", colour=said))
        assert red > blue + 50
    red, _, blue = middle(ask(shop, type="Handtasche", colour="#283cb4"))
    assert blue > red + 50
    answer = ask(shop, colour="#283cb4")
    ground = np.asarray(Image.open(BytesIO(answer.content)))[:12]
    assert ground.min() > 190 and answer.type is None and answer.rgb == "#283cb4"


def test_the_answer_says_what_it_is(shop: OpenShop) -> None:
    answer = ask(shop, type="watches")
    assert source_type_of(answer.content) is SourceType.GENERATED and answer.source_type == "trainedAlgorithmicMedia"
    assert Image.open(BytesIO(answer.content)).size == (answer.width, answer.height) == (128, 128)
    assert (answer.photo, answer.type, answer.rgb, answer.version) == ("bag.png", "Watches", None, "taught")
    assert answer.products == [] and answer.photos_waiting == 0
    lines = np.asarray(Image.open(BytesIO(answer.lines)).convert("L"))
    assert lines.shape == (256, 256) and 0.02 < (lines < 128).mean() < 0.1
    assert source_type_of(answer.lines) is SourceType.ENHANCED
    generated = ask(shop, marked(sheet(), SourceType.GENERATED))
    assert source_type_of(generated.lines) is SourceType.GENERATED


@pytest.mark.parametrize(
    ("said", "name"),
    [("handbag", "Handbags"), ("eine Handtasche", "Handbags"), ("montre", "Watches"), ("bolso", "Handbags")],
)
def test_types_in_several_languages(said: str, name: str) -> None:
    assert asked_type(said, ("Handbags", "Watches")) == name


def test_refusals_say_what_there_is(shop: OpenShop) -> None:
    with pytest.raises(RequestInvalid, match="'submarine' is no type") as refused:
        ask(shop, type="submarine")
    assert "Handbags, Watches" in refused.value.allowed
    with pytest.raises(RequestInvalid, match="'plaid' is no colour"):
        ask(shop, colour="plaid")
    with pytest.raises(PhotoRefused, match=r"bag\.png has no lines"):
        ask(shop, png(page(ink="white")))
    asked: tuple[dict[str, Any], ...] = (
        {"type": "asian woman"},
        {"colour": "black", "type": "woman"},
        {"colour": "pale skin"},
    )
    for words in asked:
        with pytest.raises(EditRefused):
            ask(shop, **words)


def named(folder: Path) -> ShopSettings:
    return load_settings(folder.parent).model_copy(update={"sketch_model": str(folder)})


def test_without_a_network_it_says_that_none_ships(tmp_path: Path, ships: Callable[..., None]) -> None:
    ships(rescue=Rescue.fresh(rng=np.random.default_rng(0)), sketch=None)
    request = SketchRequest(photo=Upload(name="bag.png", content=sheet()))
    with pytest.raises(ModelMissing, match="none ships") as refused:
        sketch_here(load_settings(tmp_path), request)
    assert "sketch_model" in refused.value.next_step
    own = tmp_path / "own"
    own.mkdir()
    untrained("mine").save(own)
    assert sketch_here(named(own), request).version == "mine"
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "bottega.toml").write_text(f'sketch_model = "{own}"\n')
    with OpenShop.open(tmp_path / "shop") as shop:
        assert sketch(shop, request).version == "mine"
    with pytest.raises(ModelMissing, match="nowhere, where no sketch network lies"):
        sketch_here(named(tmp_path / "nowhere"), request)
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "model.json").write_text("{}")
    with pytest.raises(ModelFileBroken):
        sketch_here(named(broken), request)


def test_the_picture_finds_real_products(tmp_path: Path, ships: Callable[..., None], plain_parts: type) -> None:
    sketcher = taught()
    ships(
        rescue=Rescue.fresh(rng=np.random.default_rng(0)),
        sketch=sketcher,
        eye=PlainEye(),
        parts=plain_parts(),
        words=None,
    )
    with ShopFolder.open(tmp_path / "shop") as folder:
        folder.images.mkdir()
        for colour in ("red", "blue"):
            drawn("Bags", colour).save(folder.images / f"bags-{colour}.png")
        folder.store.products.upsert([listing("Bags", colour) for colour in ("red", "blue")])
    with OpenShop.open(tmp_path / "shop") as shop:
        for colour in ("red", "blue"):
            answer = ask(shop, colour=colour, products=2)
            assert answer.products[0].product_id == f"bags-{colour}" and len(answer.products) == 2
            assert answer.photos_waiting == 0 and answer.products[0].product is not None
        assert len(ask(shop, products=1).products) == 1
