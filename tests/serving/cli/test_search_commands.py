"""`bottega search` and `bottega similar` on the terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.models.vision.eye.eye import Eye
from bottega.names import EventKind
from bottega.serving.cli.main import app
from bottega.shop.folder import ShopFolder


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None], plain_parts: Callable[[], object]) -> Path:
    eye = Eye.fresh({"color": ("red", "blue")}, (), rng=np.random.default_rng(0))
    ships(eye=eye, words=None, parts=plain_parts())
    with ShopFolder.open(tmp_path / "shop") as opened:
        opened.images.mkdir()
        for name, colour in {"red": (200, 20, 20), "blue": (20, 20, 200)}.items():
            photo = np.full((48, 48, 3), 255, dtype=np.uint8)
            photo[8:40, 8:40] = colour
            Image.fromarray(photo).save(opened.images / f"{name}.png")
            product = Product(id=name, title=f"{name.title()} shirt", images=(f"{name}.png",))
            opened.store.products.upsert([product])
    return tmp_path / "shop"


def run(shop: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*words, "--shop", str(shop)])
    return result.exit_code, result.output


def test_search_by_words(shop: Path) -> None:
    code, output = run(shop, "search", "blue", "shrit")
    assert code == 0 and "Blue shirt" in output and "'shrit' is in no listing; read as shirt." in output
    code, output = run(shop, "search", "qzqzqz")
    assert code == 1 and "Nothing was found." in output and "qzqzqz" in output
    code, output = run(shop, "search", "red", "--json", "--n", "1")
    assert [item["product_id"] for item in json.loads(output)["items"]] == ["red"]


def test_search_in_the_order_of_a_shopper(shop: Path) -> None:
    with ShopFolder.open(shop) as opened:
        said = {"shopper_id": "ana", "kind": EventKind.VIEW, "product_id": "red", "time_ms": 1_700_000_000_000}
        opened.store.events.add([Event.model_validate({**said, "event_id": "1", "source": "test"})])
    code, output = run(shop, "search", "shirt", "--shopper", "ana")
    assert code == 0 and "In the order of ana, by 1 event; " in output
    code, output = run(shop, "search", "shirt", "--shopper", "zoe")
    assert code == 0 and "The order is that of anybody: nothing is known of them." in output
    assert "order" not in run(shop, "search", "shirt")[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--price", "20-10"], "ends below its start. The lower price stands first. Write it as in --price 10-20."),
        (["--n", "0"], "Invalid value for '--n': It must be at least 1."),
        (["--n", "many"], "Invalid value for '--n': A whole number is needed, as in 10."),
        (["--sort", "cheap"], "sort is 'cheap'. It may be relevance, price_up, price_down or newest."),
    ],
)
def test_a_mistyped_option_is_told_in_our_words(shop: Path, words: list[str], message: str) -> None:
    code, output = run(shop, "search", "shirt", *words)
    assert code == 2 and message in " ".join(output.replace("│", " ").split())


def test_a_condition_that_no_product_meets_is_named(shop: Path) -> None:
    with ShopFolder.open(shop) as opened:
        opened.store.products.upsert([Product(id="tea", title="Tea shirt", attributes={"color": ("green",)})])
    code, output = run(shop, "search", "shirt", "--where", "colur=green")
    assert code == 1 and "No product here says anything of “colur”; they say color." in output
    code, output = run(shop, "search", "shirt", "--where", "color=mauve", "--where", "brand=Nord")
    assert "No product here has color “mauve”." in output and "No product here has brand “Nord”." in output
    assert "0 products" not in output


def test_similar_by_photo_and_by_product(shop: Path) -> None:
    code, output = run(shop, "similar", "--image", str(shop / "images" / "red.png"), "--n", "1")
    assert code == 0 and "Red shirt" in output and "Blue" not in output
    code, output = run(shop, "similar", "--product", "red", "--but", "blue", "--json")
    assert [item["product_id"] for item in json.loads(output)["items"]] == ["blue"]
    assert run(shop, "similar", "--image", str(shop / "images" / "red.png"), "--but", "qzqz")[1].count("qzqz")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["similar"], "Neither a photo nor a product"),
        (["similar", "--image", "a.png", "--product", "red"], "or both are"),
        (["similar", "--image", "nowhere.png"], "nowhere.png cannot be read"),
        (["similar", "--product", "lost"], "No product has the id 'lost'"),
    ],
)
def test_what_cannot_be_done_is_said(shop: Path, words: list[str], message: str) -> None:
    code, output = run(shop, *words)
    assert code == 2 and message in " ".join(output.split())
