"""A visit in a real browser: the way back, a second tab, a page loaded anew, the wish list, tastes, titles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bottega.catalogue.product import Product
from bottega.shop.folder import ShopFolder

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not here; `make setup` installs it").expect

COLOURS = {"Mugs": "blue", "Lamps": "white", "Scarves": "red", "Bowls": "green", "Trays": "black"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """A served shop of 100 products that nobody has trained."""
    folder = tmp_path_factory.mktemp("shops") / "corner-shop"
    folder.mkdir()
    (folder / "bottega.toml").write_text("storefront = true\n")
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(
            [
                Product(
                    id=f"{kind}/{i}",
                    title=f"{kind[:-1]} {i}",
                    category=("Home", kind),
                    brand="Alma" if i % 2 else "Nord",
                    price_minor=1000 + 50 * i,
                    currency="EUR",
                    attributes={"color": (colour,)},
                )
                for kind, colour in COLOURS.items()
                for i in range(20)
            ]
        )
    return serve(folder)


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    """Somebody new; anything that the browser complains of in any tab fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield context
    context.close()
    assert complaints == []


def opened(context: Any, address: str, path: str = "/") -> Any:
    page = context.new_page()
    page.goto(address + path)
    page.wait_for_selector("h1")
    return page


def home(context: Any, address: str) -> Any:
    page = opened(context, address)
    page.wait_for_selector('[data-rail="for-you"][aria-busy="false"]')
    page.wait_for_selector(".grid .card:not(.ghost)")
    return page


def test_back_brings_the_page_as_it_was_left(context: Any, address: str) -> None:
    page = home(context, address)
    page.get_by_role("button", name="Show more").click()
    page.locator(".grid .card:not(.ghost)").nth(71).wait_for()
    link = page.locator(".grid .card-link").nth(60)
    title = link.inner_text()
    link.scroll_into_view_if_needed()
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=title, level=1).wait_for()
    expect(page).to_have_title(f"{title} · Corner shop")
    page.go_back()
    page.get_by_role("heading", name="Look around").wait_for()
    expect(page.locator(".grid .card")).to_have_count(72)
    back = page.locator(".grid .card-link").nth(60)
    expect(back).to_have_text(title)
    expect(back).to_be_focused()
    expect(back).to_be_in_viewport()  # where the visitor had been looking
    expect(page).to_have_title("Corner shop")
    # The page was kept, yet it follows what was done meanwhile.
    page.get_by_role("heading", name=f"Because you looked at {title}").wait_for(state="attached")


def test_a_page_loaded_anew_shows_as_much_and_from_where(context: Any, address: str) -> None:
    page = home(context, address)
    page.get_by_role("button", name="Show more").click()
    page.locator(".grid .card:not(.ghost)").nth(71).wait_for()
    page.evaluate("scrollTo(0, 2400)")
    page.wait_for_timeout(400)
    page.reload()
    page.locator(".grid .card:not(.ghost)").nth(71).wait_for()
    page.wait_for_function("Math.abs(scrollY - 2400) < 300")


def test_two_tabs_share_a_cart_and_lose_nothing(context: Any, address: str) -> None:
    first = opened(context, address, "/#/product?id=Mugs/1")
    second = opened(context, address, "/#/product?id=Lamps/2")
    first.get_by_role("button", name="Add to cart").click()
    second.get_by_role("button", name="Cart, 1 inside").wait_for()
    second.get_by_role("button", name="Add to cart").click()
    first.get_by_role("button", name="Cart, 2 inside").click()
    expect(first.locator("#cart .line")).to_have_count(2)
    first.get_by_role("button", name="One more of Mug 1").click()
    second.get_by_role("button", name="Cart, 3 inside").click()
    second.get_by_role("button", name="Buy").click()
    first.get_by_role("button", name="Cart, empty").wait_for(state="attached")


def test_a_key_press_leaves_the_focus_where_it_was(context: Any, address: str) -> None:
    page = opened(context, address, "/#/product?id=Mugs/1")
    page.get_by_role("button", name="Add to cart").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Mug 1 is in your cart.").wait_for()
    assert page.evaluate("document.activeElement.innerText") == "Add to cart"
    page.get_by_role("button", name="Cart, 1 inside").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Close the cart").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "cart-button"
    page.wait_for_selector('[data-rail="similar"][aria-busy="false"]')
    heart = page.locator('[data-rail="similar"] .heart').first
    label = heart.get_attribute("aria-label")
    heart.focus()
    page.keyboard.press("Enter")
    page.get_by_text("is on your wish list.").wait_for()
    page.wait_for_timeout(500)  # until the rows have followed
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == label


def test_hearts_and_the_wish_list_agree_in_every_tab(context: Any, address: str) -> None:
    page = home(context, address)
    page.get_by_role("button", name="Wish for Lamp 3", exact=True).last.click()
    page.get_by_text("Lamp 3 is on your wish list.").wait_for()
    wishes = opened(context, address, "/#/wishes")
    wishes.get_by_role("link", name="Lamp 3", exact=True).first.wait_for()
    expect(wishes).to_have_title("Your wish list · Corner shop")
    wishes.get_by_role("link", name="Wish list, 1 on it").wait_for()
    wishes.get_by_role("list", name="Your wish list").get_by_role("button", name="Wish for Lamp 3", exact=True).click()
    wishes.get_by_text("Nothing is on it yet.").wait_for()
    page.get_by_role("link", name="Wish list, empty").wait_for()
    page.reload()
    page.get_by_role("link", name="Wish list, empty").wait_for()


def test_what_is_liked_or_not_for_me_changes_the_row_at_once(context: Any, address: str) -> None:
    page = opened(context, address, "/#/tastes")
    page.wait_for_selector('[data-rail="for-you"][aria-busy="false"]')
    page.get_by_role("button", name="I like it: Bowls", exact=True).click()
    page.get_by_text("You said you like Bowls").first.wait_for()
    page.get_by_role("button", name="Not for me: Bowls", exact=True).click()
    page.get_by_role("button", name="Not for me: red", exact=True).click()
    titles = page.locator('[data-rail="for-you"] .card-title')
    for unwanted in ("Bowl", "Scarve"):
        titles.filter(has_text=unwanted).first.wait_for(state="detached")
    assert titles.filter(has_text="Bowl").count() == titles.filter(has_text="Scarve").count() == 0
    assert page.locator('[data-rail="for-you"] .card').count() > 3
    page.reload()
    expect(page.get_by_role("button", name="Not for me: Bowls", exact=True)).to_have_attribute("aria-pressed", "true")


def test_a_photo_search_survives_being_loaded_anew(context: Any, address: str) -> None:
    page = home(context, address)
    file = BytesIO()
    Image.new("RGB", (60, 60), "red").save(file, "PNG")
    page.set_input_files("#photo", {"name": "red.png", "mimeType": "image/png", "buffer": file.getvalue()})
    photo = page.get_by_role("img", name="The photo you search with")
    photo.wait_for(state="attached")
    page.reload()
    photo.wait_for(state="attached")
    expect(page).to_have_title("Search with a photo · Corner shop")
    other = opened(context, address, "/#/photo?photo=nowhere")
    other.get_by_text("Choose a photo, or drop or paste one here").wait_for()


def test_an_address_that_leads_nowhere_says_so(context: Any, address: str) -> None:
    page = opened(context, address, "/#/no/such/page")
    page.get_by_role("heading", name="Nothing here", level=1).wait_for()
    assert page.title() == "Nothing here · Corner shop"
    page.get_by_role("link", name="See everything").click()
    page.get_by_role("heading", name="Look around", level=1).wait_for()
