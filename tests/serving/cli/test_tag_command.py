"""`bottega tag` and `bottega suggestions`, with a small untrained eye."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from bottega.catalogue.product import Product
from bottega.models.vision.eye.eye import Eye
from bottega.serving.cli.main import app
from bottega.shop.folder import ShopFolder


def run(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments], terminal_width=200)
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ships: Callable[..., None]) -> Path:
    """Three products with a photo, one without; the eye has an opinion on gender alone."""
    monkeypatch.setenv("COLUMNS", "200")
    eye = Eye.fresh(
        {"gender": ("Men", "Women"), "photo_kind": ("product", "worn")}, ("shirt",), rng=np.random.default_rng(0)
    )
    ships(eye=eye)
    folder = tmp_path / "shop"
    with ShopFolder.open(folder) as opened:
        opened.images.mkdir()
        products = [Product(id="none", title="No photo")]
        for number in range(3):
            pixels = np.random.default_rng(number).integers(0, 255, (40, 40, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(opened.images / f"{number}.png")
            products.append(Product(id=f"p{number}", title=f"Product {number}", images=(f"{number}.png",)))
        opened.store.products.upsert(products)
    return folder


def genders(shop: Path) -> list[tuple[str, ...]]:
    with ShopFolder.open(shop) as opened:
        return [product.attributes.get("gender", ()) for product in opened.store.products.all()]


def test_a_photo_on_screen_and_as_json(shop: Path) -> None:
    photo = shop / "images" / "0.png"
    text = run("tag", photo, "--shop", shop)
    assert str(photo) in text and "gender" in text and "measured" in text and "Eye fresh" in text
    (shop / "broken.png").write_bytes(b"no picture")
    text = run("tag", photo, shop / "broken.png", "--shop", shop, code=1)
    assert "broken.png" in text and "no picture of a known format" in text
    answer = json.loads(run("tag", photo, "--json", "--shop", shop))
    assert [one["head"] for one in answer["photos"][0]["tags"]] == ["gender"]


def test_refusals(shop: Path, tmp_path: Path) -> None:
    assert "No photo was named" in run("tag", "--shop", shop, code=2)
    assert "beside --catalogue" in run("tag", "--catalogue", shop / "images" / "0.png", "--shop", shop, code=2)
    assert "nowhere.jpg" in run("tag", tmp_path / "nowhere.jpg", "--shop", shop, code=2)
    (tmp_path / "empty").mkdir()
    assert "bottega import catalogue" in run("tag", "--catalogue", "--shop", tmp_path / "empty", code=2)
    assert "It may be fill, doubt, text or picture" in run(
        "suggestions", "list", "--kind", "colour", "--shop", shop, code=2
    )
    assert "No suggestion was named" in run("suggestions", "accept", "--shop", shop, code=2)
    assert "beside a confidence" in run("suggestions", "accept", 3, "--above", 0.5, "--shop", shop, code=2)


def test_from_the_catalogue_to_an_accepted_value(shop: Path) -> None:
    text = run("tag", "--catalogue", "--shop", shop)
    assert "Looked at the photos of 3 of 4 products" in text and "gender: 3 empty, a value known for 3" in text
    assert "3 suggestions are new" in text and "label-doubts.csv" in text
    report = json.loads(run("tag", "--catalogue", "--json", "--shop", shop))
    assert report["added"] == 0 and report["open"] == 3 and report["without_photo"] == 1
    page = json.loads(run("suggestions", "list", "--json", "--shop", shop))
    first: dict[str, Any] = page["suggestions"][0]
    assert first["product_id"] in run("suggestions", "list", "--shop", shop)
    assert genders(shop) == [()] * 4
    text = run("suggestions", "accept", first["number"], "--shop", shop)
    assert "1 suggestions accepted, 1 products changed" in text and "undo --batch 1" in text
    assert sorted(genders(shop)) == [(), (), (), (first["value"],)]
    assert "batch" in run("suggestions", "list", "--state", "accepted", "--shop", shop)
    assert "1 decisions undone, 1 products changed back" in run("suggestions", "undo", "--batch", 1, "--shop", shop)
    assert genders(shop) == [()] * 4
    assert "nothing to undo of decision 1" in run("suggestions", "undo", "--batch", 1, "--shop", shop, code=2)
    assert "has decided on it" in run("suggestions", "undo", first["number"], "--shop", shop, code=1)
    run("suggestions", "accept", first["number"], "--shop", shop)
    assert "It was accepted before." in run("suggestions", "reject", first["number"], "--shop", shop, code=1)
    assert "2 suggestions rejected" in run("suggestions", "reject", "--above", 0, "--kind", "fill", "--shop", shop)
    assert "1 fill accepted, 2 fill rejected" in run("suggestions", "list", "--state", "rejected", "--shop", shop)
    assert "0 suggestions are new" in run("tag", "--catalogue", "--shop", shop)
