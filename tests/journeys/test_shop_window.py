"""What a visitor's browser has to bear: little weight, a page that keeps still, nobody else asked, no barrier."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageDraw

from bottega.catalogue.product import Product
from bottega.shop.folder import ShopFolder
from shop_window import SCREENS, WATCH, Wire, largest_window, still

KINDS = {"Mugs": "blue", "Lamps": "white", "Scarves": "red", "Bowls": "green"}
SERIOUS = ("serious", "critical")
PAGES = {
    "home": "/",
    "category": "/#/category?in=Home",
    "leaf": "/#/category?in=Home&in=Mugs",
    "product": "/#/product?id=Lamps/3",
    "search": "/#/search?q=lamp",
    "nothing": "/#/search?q=qzqzqz",
    "like": "/#/like?id=Lamps/3&but=red",
    "photo": "/#/photo",
    "wishes": "/#/wishes",
    "closet": "/#/closet",
    "tastes": "/#/tastes",
    "docs": "/docs#recommend_v1_recommendations_post",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """A served shop with photos of its own, which nobody has trained."""
    folder = tmp_path_factory.mktemp("shops") / "corner-shop"
    (folder / "images").mkdir(parents=True)
    (folder / "bottega.toml").write_text("storefront = true\n")
    products = []
    for kind, colour in KINDS.items():
        for i in range(14):
            photo = Image.effect_noise((700, 700), 12).convert("RGB")
            ImageDraw.Draw(photo).ellipse((150, 150, 550, 550), fill=colour)
            photo.save(folder / "images" / f"{kind}{i}.jpg", quality=90)
            products.append(
                Product(
                    id=f"{kind}/{i}",
                    title=f"{kind[:-1]} number {i} with a title that may well take two lines on a card",
                    category=("Home", kind),
                    brand="Alma",
                    price_minor=1000 + 50 * i,
                    currency="EUR",
                    images=(f"{kind}{i}.jpg",),
                    attributes={"color": (colour,)},
                )
            )
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(products)
    return serve(folder)


ALSO_ON_A_DESKTOP = ("home", "category", "product", "closet")
"""Whose parts lie otherwise there; the others are looked at on a desktop by the slow proofs."""
LOOKS = [
    pytest.param(screen, name, marks=[pytest.mark.slow] * (screen == "desktop" and name not in ALSO_ON_A_DESKTOP))
    for screen in SCREENS
    for name in PAGES
]


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Any]:
    """An empty page on a screen. Anything the browser complains of fails the test."""
    context = browser.new_context(**SCREENS[request.param])
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.add_init_script(WATCH)
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize(("page", "name"), LOOKS, indirect=["page"])
def test_a_page_keeps_still_weighs_little_asks_nobody_else_and_has_no_barrier(
    page: Any, address: str, name: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not here: `make setup`")
    wire = Wire(page, urlsplit(address).netloc)
    page.goto(address + PAGES[name])
    still(page, quiet_ms=200)
    assert largest_window(page.evaluate("window.__shifts")) < 0.1
    assert wire.bytes < 600_000
    assert wire.strangers == set()
    levels = [int(tag[1]) for tag in page.locator("h1, h2, h3, h4").evaluate_all("all => all.map((h) => h.tagName)")]
    assert levels[:1] == [1] and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        violations = axe.Axe().run(page).response["violations"]
        found = [(one["id"], one["nodes"][0]["target"]) for one in violations if one["impact"] in SERIOUS]
        assert found == [], scheme


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_what_never_changes_is_not_fetched_again(page: Any, address: str) -> None:
    page.goto(address)
    still(page, quiet_ms=200)
    wire = Wire(page, urlsplit(address).netloc)
    page.goto("about:blank")
    page.goto(address)
    still(page, quiet_ms=200)
    assert 0 < wire.bytes < 40_000
