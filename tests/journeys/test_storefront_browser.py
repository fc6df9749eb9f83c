"""A visitor in a real browser: what they click changes what they are shown, and what a title holds never runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bottega.catalogue.product import Product
from bottega.names import Availability
from bottega.shop.folder import ShopFolder

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not here; `make setup` installs it").expect

SCRIPT = "<img src=x onerror=\"document.body.dataset.hacked='yes'\">"


def _products() -> list[Product]:
    colours = {"Mugs": "blue", "Lamps": "white", "Scarves": "red"}
    plain = [
        Product(
            id=f"{kind}/{i} 🙂",
            title=f"{kind[:-1]} {i}",
            category=("Home", kind),
            price_minor=1000 + 50 * i,
            currency="EUR",
            availability=Availability.OUT_OF_STOCK if i == 9 else Availability.IN_STOCK,
            attributes={"color": (colour,)},
        )
        for kind, colour in colours.items()
        for i in range(10)
    ]
    return [*plain, Product(id='"><odd&id>#?', title=SCRIPT, description=SCRIPT, category=("Odd",))]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """A served shop that nobody has trained."""
    folder = tmp_path_factory.mktemp("shops") / "a shop with rather a long name"
    folder.mkdir()
    (folder / "bottega.toml").write_text("storefront = true\n")
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(_products())
    return f"{serve(folder)}/"


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """The shop's home page, opened by somebody new. Anything the browser complains of fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(address)
    page.wait_for_selector('[data-rail="for-you"][aria-busy="false"]')
    page.wait_for_selector(".grid .card")
    yield page
    context.close()
    assert complaints == []


def _rail(page: Any, name: str) -> list[str]:
    page.wait_for_selector(f'[data-rail="{name}"][aria-busy="false"]')
    titles: list[str] = page.locator(f'[data-rail="{name}"] .card-title').all_inner_texts()
    return titles


def _changed(page: Any, name: str, before: list[str]) -> None:
    """Waits until a rail shows something else: a page that comes back shows what it showed, and then what is new."""
    page.wait_for_function(
        """([name, before]) => {
          const shown = [...document.querySelectorAll(`[data-rail="${name}"][aria-busy="false"] .card-title`)];
          const titles = shown.map((one) => one.innerText);
          return titles.length > 0 && JSON.stringify(titles) !== JSON.stringify(before);
        }""",
        arg=[name, before],
    )


def _go_home(page: Any) -> None:
    page.locator("a.name").click()
    page.wait_for_selector('[data-rail="for-you"][aria-busy="false"]')


def test_a_click_changes_the_for_you_rail(page: Any) -> None:
    before = _rail(page, "for-you")
    page.get_by_role("link", name="Lamp 3", exact=True).last.click()
    page.get_by_role("heading", name="Lamp 3", level=1).wait_for()
    _go_home(page)
    titles = page.locator('[data-rail="for-you"] .card-title')
    for place in range(5):
        expect(titles.nth(place)).to_have_text(re.compile("^Lamp"))
    _changed(page, "for-you", before)
    expect(page.locator('[data-rail="for-you"] .reason').first).to_contain_text("Lamp 3")
    expect(page.get_by_role("heading", name="Because you looked at Lamp 3")).to_be_visible()
    expect(page.locator("#workshop .deeds")).to_contain_text("looked at Lamp 3")


def test_a_heart_changes_the_rail_without_leaving_the_page(page: Any) -> None:
    before = _rail(page, "for-you")
    with page.expect_response("**/shop/api/recommendations"):
        page.get_by_role("button", name="Wish for Scarve 2").last.click()
    _changed(page, "for-you", before)
    expect(page.locator('[data-rail="for-you"] .card-title').first).to_have_text(re.compile("^Scarve"))


def test_buying_empties_the_cart_and_a_new_visitor_starts_afresh(page: Any) -> None:
    fresh = _rail(page, "for-you")
    page.get_by_role("link", name="Mug 1", exact=True).last.click()
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("button", name="Cart, 1 inside").click()
    page.get_by_role("heading", name="Goes with your cart").wait_for()
    assert page.locator("#cart .total b").inner_text() == "€10.50"
    page.get_by_role("button", name="Buy").click()
    page.get_by_text("Thank you.").wait_for()
    assert page.get_by_role("button", name="Cart, empty").is_visible()
    page.locator("#workshop .deeds").get_by_text("bought Mug 1").wait_for()
    _go_home(page)
    _changed(page, "for-you", fresh)
    page.locator("#fresh").click()
    page.get_by_text("Nothing yet: click a product.").wait_for()
    page.wait_for_selector('[data-rail="for-you"][aria-busy="false"]')
    expect(page.locator("#page .reason", has_text="Mug 1")).to_have_count(0)


def test_odd_ids_open_and_markup_in_a_title_is_text(page: Any) -> None:
    page.locator("#query").fill("onerror")
    page.locator("#query").press("Enter")
    page.get_by_role("heading", name="“onerror”").wait_for()
    page.locator(".grid .card-link").first.click()
    page.locator(".product h1").wait_for()
    assert page.locator(".product h1").inner_text() == SCRIPT
    assert page.evaluate("document.body.dataset.hacked") is None
    page.reload()  # the id survives in the address
    page.locator(".product h1").wait_for()
    assert page.locator(".product h1").inner_text() == SCRIPT


def test_what_cannot_be_bought_says_so(page: Any) -> None:
    page.goto(page.url.split("#")[0] + "#/category?in=Home&in=Lamps")
    page.get_by_role("heading", name="Lamps", level=1).wait_for()
    assert page.locator(".grid .badge").first.inner_text() == "Out of stock"
    page.get_by_role("link", name="Lamp 9", exact=True).first.click()
    assert page.get_by_role("button", name="Out of stock").is_disabled()
    page.goto(page.url.split("#")[0] + "#/search?q=zeppelin")
    page.get_by_text("No product matches that.").wait_for()
    assert page.get_by_role("link", name="See everything").is_visible()


@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_sticks_out_sideways(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".grid .card-link").first.click()
    page.locator(".product h1").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
