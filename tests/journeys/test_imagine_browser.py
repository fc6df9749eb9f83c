"""A visitor imagines a product in a real browser: words, eight pictures that say generated, a turn, real ones below."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.models.studio.products.drawing import generator

from bottega.catalogue.product import Product
from bottega.models.studio.rescue.rescue import Rescue
from bottega.shop.folder import ShopFolder

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not here; `make setup` installs it").expect


@pytest.fixture
def address(serve: Callable[[Path], str], tmp_path: Path, ships: Callable[..., None]) -> str:
    ships(rescue=Rescue.fresh(rng=np.random.default_rng(0)))
    made, folder = tmp_path / "generator", tmp_path / "shirts"
    made.mkdir()
    generator().save(made)
    folder.mkdir()
    (folder / "bottega.toml").write_text(f'storefront = true\nproduct_model = "{made}"\n')
    with ShopFolder.open(folder) as shop:
        shop.images.mkdir(exist_ok=True)
        products = []
        for number, colour in enumerate(((150, 20, 30), (30, 40, 120), (240, 240, 240))):
            pixels = np.full((120, 120, 3), 255, np.uint8)
            pixels[30:100, 35:85] = colour
            Image.fromarray(pixels).save(shop.images / f"{number}.png")
            products.append(Product(id=f"shirt-{number}", title=f"Shirt {number}", images=(f"{number}.png",)))
        shop.store.products.upsert(products)
    return serve(folder)


def test_words_pictures_turns_and_real_products(address: str, browser: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not here: `make setup`")
    page = browser.new_page(viewport={"width": 1280, "height": 1100})
    page.set_default_timeout(120_000)
    try:
        page.goto(address)
        page.get_by_role("link", name="Imagine it").click()
        page.get_by_label("What do you look for?").fill("red striped shirt, flat")
        page.keyboard.press("Enter")
        faces = page.locator(".imagined-face")
        faces.nth(7).wait_for()
        assert faces.count() == 8 and set(page.locator(".imagined-badge").all_inner_texts()) == {"generated"}
        assert "“striped” cannot be asked for." in page.locator("main [role=status]").inner_text()
        assert faces.first.get_attribute("aria-pressed") == "true"
        assert page.locator(".shelf .card").count() == 3, "what the shop really has"
        faces.nth(2).focus()
        page.keyboard.press("Enter")
        assert faces.nth(2).get_attribute("aria-pressed") == "true"
        page.get_by_text("picture 3").wait_for()
        third = faces.nth(2).locator("img").get_attribute("src")
        page.get_by_role("button", name="more like the chosen one").click()
        expect(page.locator(".imagined-face img").first).to_have_attribute("src", third)
        violations = axe.Axe().run(page).response["violations"]
        assert violations == [], [(one["id"], one["nodes"][0]["html"]) for one in violations]
        page.get_by_label("Not quite?").fill("xqzt")
        page.keyboard.press("Enter")
        page.get_by_text("says what shall be otherwise").wait_for()
    finally:
        page.close()
