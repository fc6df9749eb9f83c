"""A description written for the visitor, in a real browser: asked for by keyboard, told why, the page keeping still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bottega.catalogue.product import Product
from bottega.shop.folder import ShopFolder
from shop_window import SCREENS, WATCH, largest_window, still

SERIOUS = ("serious", "critical")
ALT, GERMAN = "A red shirt on a hanger", "Ein rotes Hemd am Bügel"
MERCHANTS = "A shirt that the shop describes in its own words. <b>Not markup.</b>"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    folder = tmp_path_factory.mktemp("shops") / "corner-shop"
    (folder / "images").mkdir(parents=True)
    (folder / "bottega.toml").write_text("storefront = true\n")
    products = []
    for number in range(24):
        Image.new("RGB", (300, 300), (("red", "blue")[number % 2])).save(folder / "images" / f"{number}.jpg")
        alts = {"image_alt": (ALT,), "image_alt_de": (GERMAN,)} if number == 0 else {}
        products.append(
            Product(
                id=f"shirt-{number}",
                title=f"Shirt number {number}",
                description=MERCHANTS,
                category=("Clothing", "Shirts"),
                images=(f"{number}.jpg",),
                price_minor=2000,
                currency="EUR",
                attributes={
                    "material": (("cotton", "linen", "wool")[number % 3],),
                    "color": (("red", "blue")[number % 2],),
                    "fit": (("wide", "narrow", "loose", "short")[number % 4],),
                    **alts,
                },
            )
        )
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(products)
    return serve(folder)


@pytest.fixture
def open_page(request: pytest.FixtureRequest, browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens an empty page, on a phone where nothing else is said. Anything the browser complains of fails the test."""
    screen = getattr(request, "param", "phone")
    complaints: list[str] = []
    contexts = []

    def new(**more: Any) -> Any:
        context = browser.new_context(**SCREENS[screen], **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.add_init_script(WATCH)
        return page

    yield new
    for context in contexts:
        context.close()
    assert complaints == []


def _look_at(page: Any, address: str, *ids: str) -> None:
    for one in ids:
        page.goto("about:blank")
        with page.expect_response("**/shop/api/events") as told:  # its view is stored
            page.goto(f"{address}/#/product?id={one}")
        assert told.value.ok
    still(page, quiet_ms=100)


@pytest.mark.parametrize("open_page", list(SCREENS), indirect=True)
def test_by_keyboard_the_visitor_reads_what_is_theirs_and_why(open_page: Callable[..., Any], address: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not here: `make setup`")
    page = open_page()
    _look_at(page, address, "shirt-3", "shirt-9", "shirt-15", "shirt-0")
    switch, words = page.get_by_role("button", name="Written for you"), page.locator("#words")
    assert switch.get_attribute("aria-pressed") == "false" and words.inner_text() == MERCHANTS
    switch.focus()
    page.keyboard.press("Enter")
    words.locator(".why").wait_for()
    assert switch.get_attribute("aria-pressed") == "true"
    assert page.evaluate("document.activeElement.textContent") == "Written for you"
    told = words.inner_text()
    assert "otton" in words.locator(".description").inner_text() and MERCHANTS not in told
    assert "“cotton” first, because you viewed 3 products with it." in told
    links = {link.get_attribute("href") for link in words.locator(".why a").all()}
    assert links <= {f"#/product?id=shirt-{number}" for number in (3, 9, 15)} and len(links) >= 2
    still(page)
    assert largest_window(page.evaluate("window.__shifts")) < 0.1
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        violations = axe.Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["target"]) for one in violations if one["impact"] in SERIOUS] == [], scheme
    page.keyboard.press("Space")
    assert switch.get_attribute("aria-pressed") == "false" and words.inner_text() == MERCHANTS


def test_of_whom_nothing_is_known_the_merchants_words_stay(open_page: Callable[..., Any], address: str) -> None:
    page = open_page()
    _look_at(page, address, "shirt-0")
    page.get_by_role("button", name="Written for you").click()
    page.locator("#words .why").wait_for()
    told = page.locator("#words").inner_text()
    assert told.startswith(MERCHANTS) and "so this is the text for everybody" in told


def test_what_is_written_for_the_visitor_is_off_on_every_page_and_asked_for_by_nobody_else(
    open_page: Callable[..., Any], address: str
) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    _look_at(page, address, "shirt-3", "shirt-9", "shirt-0")
    assert not [url for url in asked if "own-text" in url or "own_text" in url]
    page.get_by_role("button", name="Written for you").click()
    page.locator("#words .why").wait_for()
    _look_at(page, address, "shirt-6")
    assert page.get_by_role("button", name="Written for you").get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize(("locale", "text", "language"), [("en-GB", ALT, None), ("de-DE", GERMAN, "de")])
def test_pictures_have_the_words_that_were_written_for_them(
    open_page: Callable[..., Any], address: str, locale: str, text: str, language: str | None
) -> None:
    page = open_page(locale=locale)
    _look_at(page, address, "shirt-0")
    picture = page.locator(".product-picture img")
    assert (picture.get_attribute("alt"), picture.get_attribute("lang")) == (text, language)
    _look_at(page, address, "shirt-1")
    assert page.locator(".product-picture img").get_attribute("alt") == "Shirt number 1"
    page.goto("about:blank")
    page.goto(f"{address}/#/category?in=Clothing")
    page.locator(".grid .card[data-id]").first.wait_for()
    still(page, quiet_ms=100)
    alts = page.locator(".grid .card img").evaluate_all("all => all.map((one) => [one.alt, one.lang])")
    assert [text, language or ""] in alts and all(alt in ("", text) for alt, _ in alts)
