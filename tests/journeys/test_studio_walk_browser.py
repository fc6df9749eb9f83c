"""A visitor walks through the studio in a real browser, on a desk and on a phone: a picture on a mug, a song on a phone
cover, a dress imagined and changed in turns until the shop's own ones are found. The models are those that ship."""

from __future__ import annotations

import re
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bottega.catalogue.product import Product
from bottega.shop.folder import ShopFolder

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not here; `make setup` installs it").expect

PAINTS = {"green": (34, 110, 60), "blue": (40, 70, 190), "red": (190, 35, 45)}


def drawn(kind: str, colour: str) -> Image.Image:
    picture = Image.new("RGB", (240, 240), "white")
    draw, fill = ImageDraw.Draw(picture), PAINTS[colour]
    if kind == "dress":
        draw.polygon([(95, 20), (145, 20), (140, 100), (185, 220), (55, 220), (100, 100)], fill=fill)
    else:
        draw.rectangle((80, 50, 160, 200), fill=fill)
        draw.rectangle((45, 50, 195, 95), fill=fill)
    return picture


@pytest.fixture(scope="module")
def address(serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("walk")
    (folder / "bottega.toml").write_text("storefront = true\n")
    with ShopFolder.open(folder) as shop:
        shop.images.mkdir(exist_ok=True)
        products = [
            Product(id=name, title=f"A {name}", price_minor=1490, currency="EUR", attributes={"customise": (name,)})
            for name in ("mug", "phone_cover")
        ]
        for kind in ("dress", "shirt"):
            for colour in PAINTS:
                drawn(kind, colour).save(shop.images / f"{kind}-{colour}.png")
                products.append(
                    Product(
                        id=f"{kind}-{colour}",
                        title=f"{colour} {kind}",
                        category=("Clothing", "Dresses" if kind == "dress" else "Shirts"),
                        images=(f"{kind}-{colour}.png",),
                        attributes={"color": (colour,)},
                    )
                )
        shop.store.products.upsert(products)
    return serve(folder)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("own")
    picture, song, broken = folder / "holiday.jpg", folder / "song.wav", folder / "broken.jpg"
    ramp = np.linspace(0, 255, 640).astype(np.uint8)
    grey = np.full((480, 640), 90, np.uint8)
    Image.fromarray(np.stack([np.tile(ramp, (480, 1)), grey, grey], axis=2)).save(picture)
    time = np.arange(4 * 22050) / 22050
    tones = np.sin(2 * np.pi * np.array([[220], [277], [330]]) * time)
    sound = (8000 * tones.sum(axis=0)).astype("<i2")
    with wave.open(str(song), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(22050)
        out.writeframes(sound.tobytes())
    broken.write_bytes(b"no picture at all")
    return {"picture": picture, "song": song, "broken": broken}


@pytest.mark.parametrize(("width", "scheme"), [pytest.param(1280, "light", marks=pytest.mark.slow), (390, "dark")])
def test_a_picture_a_song_and_an_imagined_dress(
    address: str, files: dict[str, Path], browser: Any, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not here: `make setup`")
    page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page.set_default_timeout(120_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    def stands() -> None:
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, "nothing sticks out"
        violations = axe.Axe().run(page).response["violations"]
        assert violations == [], [(one["id"], one["nodes"][0]["html"]) for one in violations]

    def give(button: str, file: Path) -> None:
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name=button).click()
        chooser.value.set_files(file)

    def pictures() -> list[str]:
        return list(page.locator(".imagined-face img").evaluate_all("all => all.map(one => one.src)"))

    def turn(words: str, *, otherwise: bool = True) -> None:
        was = pictures()
        page.get_by_label("Not quite?").fill(words)
        page.keyboard.press("Enter")
        expect(page.locator(".imagine-said")).to_have_text(re.compile(rf"· {re.escape(words)}$"))
        assert not otherwise or pictures()[0] != was[0]
        assert page.evaluate("document.activeElement.id") == "imagine-turn", "the next turn can be typed at once"

    def found() -> list[str]:
        return list(page.locator(".shelf .card-title").all_inner_texts())

    try:
        page.goto(f"{address}/#/product?id=mug")
        give("Use a picture", files["broken"])
        page.locator(".design .wrong").wait_for()
        assert "no picture of a known format" in page.locator(".design .wrong").inner_text()
        assert not page.locator(".design-controls").is_visible(), "controls of nothing are not shown"
        give("Use a picture", files["picture"])
        page.locator(".design-stage img").wait_for()
        assert page.locator(".design-angle").count() == 3 and page.locator(".design .wrong").count() == 0
        stands()
        page.get_by_role("button", name="Add to cart with this").click()
        page.get_by_role("button", name="Cart, 1 inside").click()
        assert page.locator(".line img").get_attribute("src").startswith("data:image/jpeg"), "the design itself"
        page.keyboard.press("Escape")

        page.goto(f"{address}/#/product?id=phone_cover")
        give("Use a song", files["song"])
        page.locator(".design-stage img").wait_for()
        page.get_by_role("button", name="Add to cart with this").click()
        page.get_by_role("button", name="Cart, 2 inside").wait_for()

        page.get_by_role("link", name="Imagine it").click()
        page.get_by_label("What do you look for?").fill("green dress")
        page.keyboard.press("Enter")
        page.locator(".imagined-face").nth(7).wait_for()
        assert set(page.locator(".imagined-badge").all_inner_texts()) == {"generated"}
        assert found()[0] == "green dress" and set(found()[:3]) == {f"{colour} dress" for colour in PAINTS}
        assert "First one of dresses in the colour asked for" in page.locator(".shelf .caption").first.inner_text()
        turn("darker")
        third = pictures()[2]
        page.get_by_label("Not quite?").fill("more like the third")
        page.keyboard.press("Enter")
        expect(page.locator(".imagined-face img").first).to_have_attribute("src", third)
        turn("for women", otherwise=False)  # they may be so already
        assert found()[0] == "green dress", "it is still asked for"
        turn("make it blue")
        assert found()[0] == "blue dress"
        stands()
        page.get_by_role("button", name="a step back").click()
        assert found()[0] == "green dress" and page.locator(".imagine-said").inner_text().endswith("for women")
        page.get_by_label("Not quite?").fill("xqzt")
        page.keyboard.press("Enter")
        page.locator("main .caption.wrong").wait_for()
        assert found()[0] == "green dress", "what was there stays"
        page.locator(".shelf .card-link").first.click()
        page.get_by_role("heading", name="green dress").wait_for()
        assert faults == []
    finally:
        page.close()
