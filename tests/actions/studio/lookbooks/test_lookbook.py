"""Lookbooks: outfits that the shop's data supports, on varied models, as a page that is kept; and posts out of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.actions.studio.dressing.drawn_clothes import GREEN, NAVY, RED, photo
from typer.testing import CliRunner

from bottega.actions.studio.lookbooks.lookbook import lookbook, lookbook_named, lookbooks, take_out_lookbook
from bottega.actions.studio.lookbooks.shapes import (
    Lookbook,
    LookbookRemoval,
    LookbookRequest,
    LookbooksQuery,
    SocialPostRequest,
)
from bottega.actions.studio.lookbooks.social_post import hashtags_of, in_shape, social_post
from bottega.catalogue.product import Product
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.errors import LookbookUnknown, ProductUnknown, RequestInvalid
from bottega.events.event import Event
from bottega.models.studio.bodies.fashion_models import on_call
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.outfits import Garments, Outfits, OutfitsConfig
from bottega.models.vision.outfits_training import pairs_within
from bottega.models.vision.slots import SLOTS
from bottega.names import EventKind
from bottega.serving.cli.main import app
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.pictures import put_picture

COLOURS = {"red": RED, "navy": NAVY, "green": GREEN}


@pytest.fixture(scope="module")
def models() -> dict[str, Any]:
    """An untrained eye, and outfits that learnt chance pairs of its vectors."""
    rng = np.random.default_rng(0)
    eye = Eye.fresh({"type": ("T-Shirts", "Trousers")}, (), rng=rng)
    slots = np.tile(np.arange(len(SLOTS)), 8).astype(np.int32)
    groups = np.repeat(np.arange(8), len(SLOTS)).astype(np.int32)
    colours = np.concatenate([rng.uniform(-20, 90, (56, 11)), np.ones((56, 1))], axis=1).astype(np.float32)
    outfits = Outfits(OutfitsConfig(rank=2, epochs=1, eye=eye.version))
    vectors = rng.normal(0, 0.1, (56, eye.size)).astype(np.float32)
    outfits.fit(Garments(vectors, colours, slots), pairs_within(groups, slots), rng=rng, groups=groups)
    return {"eye": eye, "outfits": outfits}


@pytest.fixture
def shop(
    tmp_path: Path, models: dict[str, Any], ships: Callable[..., None], plain_parts: type[Any]
) -> Iterator[OpenShop]:
    parts = plain_parts()
    parts.version = "plain"
    ships(parts=parts, **models)
    with OpenShop.open(tmp_path / "shop") as opened:
        products, events = [], []
        for colour, ink in COLOURS.items():
            for name, outline, category in (("tee", "tee", "T-Shirts"), ("jeans", "trousers", "Trousers")):
                image = put_picture(opened.folder.images, photo(outline, ink, 200), ".jpg")
                title = f"Women's {colour} {'T-shirt' if name == 'tee' else 'trousers'}"
                attributes = {"color": (colour,), "material": ("cotton",)}
                more: dict[str, Any] = {"price_minor": 1990, "currency": "EUR", "attributes": attributes}
                one = Product(id=f"{name}-{colour}", title=title, category=(category,), images=(image,), **more)
                products.append(one)
            for shopper in range(4):
                for name in ("tee", "jeans"):
                    bought: dict[str, Any] = {
                        "kind": EventKind.PURCHASE,
                        "product_id": f"{name}-{colour}",
                        "time_ms": 1_760_000_000_000,
                    }
                    events.append(Event(shopper_id=f"{colour}{shopper}", order_id=f"{colour}{shopper}", **bought))
        opened.store.products.upsert(products)
        opened.store.events.add(events)
        opened.refresh()
        yield opened


def test_outfits_are_those_that_shoppers_bought_together_on_varied_models(shop: OpenShop) -> None:
    made = lookbook(shop, LookbookRequest(outfits=2))
    assert len(made.looks) == 2
    for look in made.looks:
        colours = {piece.product_id.rpartition("-")[2] for piece in look.pieces}
        assert len(look.pieces) == 2 and len(colours) == 1, "a T-shirt with what was bought with it"
        assert "bought_together" in look.pieces[1].codes and "4 shoppers" in look.pieces[1].reasons[0]
        assert on_call()[look.model].build.gender == "female" and on_call()[look.model].build.grown
    assert made.looks[0].model != made.looks[1].model
    used = [piece.product_id for look in made.looks for piece in look.pieces]
    assert len(used) == len(set(used))
    folder = Path(shop.folder.root) / made.folder
    assert sorted(path.name for path in folder.iterdir()) == ["01.jpg", "02.jpg", "index.html", "lookbook.json"]
    assert source_type_of((folder / "01.jpg").read_bytes()) is SourceType.COMPOSED
    page = (folder / "index.html").read_text()
    assert "made by a computer" in page and 'src="01.jpg"' in page and "€19.90" in page and "<script" not in page
    assert lookbook_named(shop, made.lookbook) == made
    assert [one.lookbook for one in lookbooks(shop, LookbooksQuery()).lookbooks] == [made.lookbook]
    assert take_out_lookbook(shop, LookbookRemoval(lookbook=made.lookbook)).lookbooks == [] and not folder.exists()


def test_what_no_outfit_is_built_around_is_named(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.store.products.upsert(
        [Product(id="mug", title="Coffee mug"), Product(id="bra", title="Lace bra", category=("Bras",))]
    )
    with pytest.raises(RequestInvalid, match="No outfit came of 2 products"):
        lookbook(shop, LookbookRequest(product_ids=["mug", "bra"]))
    with pytest.raises(ProductUnknown):
        lookbook(shop, LookbookRequest(product_ids=["none"]))
    with pytest.raises(RequestInvalid, match="none of the models is one"):
        lookbook(shop, LookbookRequest(product_ids=["tee-red"], models=["bela"]))
    assert not (Path(shop.folder.root) / "lookbooks").exists()


def test_a_name_that_is_none_opens_no_file(shop: OpenShop) -> None:
    for name in ("l-0123456789abcdef", "../shop.db", "l-0123456789abcdef/../.."):
        with pytest.raises(LookbookUnknown):
            lookbook_named(shop, name)


@pytest.fixture
def book(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> Lookbook:
    return lookbook(shop, LookbookRequest(outfits=1, product_ids=["tee-red"]))


def test_a_post_shows_the_whole_figure_and_says_facts_alone(shop: OpenShop, book: Lookbook) -> None:
    post = social_post(shop, SocialPostRequest(lookbook=book.lookbook, look=1, languages=["en", "de"]))
    sizes = {one.crop: Image.open(BytesIO(one.content)).size for one in post.pictures}
    assert sizes == {"1:1": (1080, 1080), "4:5": (1080, 1350), "9:16": (1080, 1920)}
    assert all(source_type_of(one.content) is SourceType.COMPOSED for one in post.pictures)
    english, german = post.captions
    assert english.text.splitlines()[-1] == "Picture made by a computer."
    assert german.text.splitlines()[-1] == "Bild von einem Computer gemacht."
    assert len(english.text.splitlines()) == 3 and "red T-shirt" in english.text
    assert english.proved >= 1 and "cotton" in english.text
    assert {"#TShirts", "#Trousers", "#Red", "#Cotton"} <= set(post.hashtags)
    with pytest.raises(LookbookUnknown, match="has no look 2"):
        social_post(shop, SocialPostRequest(lookbook=book.lookbook, look=2))


def test_the_command_writes_pictures_and_captions(shop: OpenShop, book: Lookbook, tmp_path: Path) -> None:
    words = ["social-post", book.lookbook, "1", "--crop", "4:5", "--out", str(tmp_path / "post"), "--json"]
    done = CliRunner().invoke(app, [*words, "--shop", str(shop.folder.root)])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["captions"][0]["language"] == "en"
    assert sorted(path.suffix for path in (tmp_path / "post").iterdir()) == [".jpg", ".txt"]


def test_another_shape_keeps_every_pixel_of_the_figure() -> None:
    picture = np.full((400, 300, 3), 200, np.uint8)
    picture[20:380, 100:200] = (160, 20, 30)
    for width, height in ((200, 200), (200, 250), (200, 356)):
        grown = in_shape(picture, width, height)
        assert grown.shape == (height, width, 3)
        red = (np.abs(grown.astype(int) - (160, 20, 30)).max(2) < 40).mean() * width * height
        scale = min(width / 300, height / 400)
        assert red == pytest.approx(360 * 100 * scale**2, rel=0.05)
        assert np.abs(grown[0].astype(int) - 200).max() < 8 and np.abs(grown[-1].astype(int) - 200).max() < 8


def test_hashtags_are_words_of_the_listing_once_and_few() -> None:
    shirt = Product(id="1", title="x", brand="Nord & Süd", category=("Shirts",), attributes={"color": ("light blue",)})
    assert hashtags_of([shirt, shirt], 9) == ["#Shirts", "#LightBlue", "#NordSüd"]
    assert hashtags_of([shirt], 1) == ["#Shirts"] and hashtags_of([shirt], 0) == []
    assert hashtags_of([Product(id="1", title="x", attributes={"color": ("42",)})], 9) == []
