"""A visitor searches in a real browser: results narrowed, sorted, read to the end, and gone back from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bottega.catalogue.product import Product
from bottega.shop.folder import ShopFolder

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not here; `make setup` installs it").expect

COLOURS = ("white", "blue", "red")


def _products() -> list[Product]:
    mugs = [
        Product(
            id=f"mug/{number}",
            title=f"Mug {number}",
            category=("Kitchen", "Mugs"),
            brand=("Ofen", "Lana")[number % 2],
            price_minor=1000 + 50 * number,
            currency="EUR",
            attributes={"color": (COLOURS[number % 3],)},
        )
        for number in range(80)
    ]
    return [*mugs, Product(id="jug", title="Jug", category=("Kitchen", "Jugs"), price_minor=3000, currency="EUR")]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """A served shop that nobody has trained."""
    folder = tmp_path_factory.mktemp("shops") / "mugs"
    folder.mkdir()
    (folder / "bottega.toml").write_text("storefront = true\n")
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(_products())
    return f"{serve(folder)}/"


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """The results for "mug". Anything the browser complains of fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{address}#/search?q=mug")
    page.wait_for_selector(".results .card[data-id]")
    yield page
    context.close()
    assert complaints == []


def _says(page: Any, total: int) -> None:
    """Waits until the page says how many were found; while it changes it says nothing, or what it said before."""
    expect(page.locator("#page .intro [role=status]")).to_have_text(re.compile(rf"^{total}\b"))


def test_results_are_narrowed_sorted_and_gone_back_from(page: Any) -> None:
    main = page.locator("#page")
    _says(page, 80)
    box, label = main.get_by_role("checkbox", name="white"), main.locator("label", has_text="white")
    assert label.locator(".chip-count").inner_text().split()[0] == "27"
    box.focus()
    page.keyboard.press("Space")
    main.get_by_role("button", name="Take back: Color white").wait_for()
    _says(page, 27)
    expect(box).to_be_checked()
    expect(box).to_be_focused()  # the keyboard stays there
    assert main.get_by_role("checkbox", name="blue").is_visible()  # another value can still be chosen
    page.locator("#sort").select_option("price_down")
    expect(page.locator(".results .card[data-id] .card-title").first).to_have_text("Mug 78")
    page.reload()  # all of it lives in the address
    main.get_by_role("button", name="Take back: Color white").wait_for()
    assert page.locator("#sort").input_value() == "price_down"
    page.go_back()
    page.go_back()
    page.wait_for_function("() => !location.hash.includes('is=')")
    _says(page, 80)
    expect(box).not_to_be_checked()


def test_two_prices_of_ones_own_narrow_too(page: Any) -> None:
    page.get_by_label("Least price").fill("12")
    page.get_by_label("Highest price").fill("15.50")
    go = page.get_by_role("button", name="Go", exact=True)
    assert go.evaluate("button => button.scrollWidth <= button.clientWidth && button.clientHeight < 60"), "on one line"
    go.click()
    page.get_by_role("button", name="Take back: Price").wait_for()
    _says(page, 8)


def test_two_prices_in_each_others_field_are_a_range_all_the_same(page: Any) -> None:
    page.get_by_label("Least price").fill("15.50")
    page.get_by_label("Highest price").fill("12")
    page.get_by_role("button", name="Go", exact=True).click()
    page.get_by_role("button", name="Take back: Price").wait_for()
    _says(page, 8)


def test_pages_of_results_follow_until_the_end(page: Any) -> None:
    more = page.get_by_role("button", name="Show more")
    while more.is_visible():
        before = page.locator(".results .card[data-id]").count()
        more.click()
        page.wait_for_selector(f":nth-match(.results .card[data-id], {before + 1})")
        page.wait_for_selector(".more:not([disabled])", state="attached")
    found = page.locator(".results > [aria-label='What was found'] .card")
    shown = found.evaluate_all("all => all.map(one => one.dataset.id)")
    assert len(shown) == len(set(shown)) == 80
    _says(page, 80)


def test_conditions_that_nothing_meets_can_be_taken_back(page: Any) -> None:
    page.goto(page.url.split("#")[0] + "#/search?q=mug&is=color%3Dmauve")
    page.get_by_text("No product meets these conditions.").wait_for()
    page.get_by_role("button", name="Take the conditions back").click()
    _says(page, 80)
    expect(page.locator(".helped")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 760, 1440])
def test_nothing_sticks_out_sideways(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_completions_are_walked_by_keyboard_and_told_to_screen_readers(page: Any) -> None:
    field = page.get_by_role("combobox", name="Search products")
    field.fill("")
    field.fill("mug")
    page.get_by_role("listbox", name="What you may mean").wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    assert page.locator("#completions-said").inner_text().endswith("arrow keys walk through them.")
    field.press("ArrowDown")
    option = page.locator("#completions [aria-selected=true]")
    assert option.get_attribute("id") == field.get_attribute("aria-activedescendant")
    assert option.inner_text().split("\n") == ["Mugs", "80"]  # the category, before products
    field.press("ArrowUp")  # back to what was typed
    assert page.locator("#completions [aria-selected=true]").count() == 0 and field.input_value() == "mug"
    field.press("Escape")
    assert page.get_by_role("listbox").count() == 0 and field.input_value() == "mug"
    assert field.get_attribute("aria-expanded") == "false"
    field.press("ArrowDown")  # opens it again
    page.get_by_role("listbox").wait_for()
    field.press("ArrowDown")
    field.press("Enter")
    page.get_by_role("heading", name="Mugs", level=1).wait_for()
    assert page.get_by_role("listbox").count() == 0


def test_a_product_among_the_completions_opens_with_a_click(page: Any) -> None:
    field = page.get_by_role("combobox", name="Search products")
    field.fill("jgu")
    field.fill("jug")
    page.get_by_role("option", name="Jug", exact=True).last.click()
    page.get_by_role("heading", name="Jug", level=1).wait_for()
    assert page.get_by_role("listbox").count() == 0


def test_what_is_typed_on_is_searched_for_as_it_stands(page: Any) -> None:
    field = page.get_by_role("combobox", name="Search products")
    field.fill("jug")
    field.press("Enter")  # nothing was walked to
    page.get_by_role("heading", name="Results for “jug”").wait_for()
    assert page.get_by_role("listbox").count() == 0


def test_who_finds_nothing_is_told_what_would_and_goes_there(page: Any) -> None:
    page.goto(page.url.split("#")[0] + "#/search?q=blue+jug")
    help = page.get_by_role("region", name="Nothing here is all of blue jug")
    help.wait_for()
    assert help.get_by_role("listitem").first.inner_text() == "Without “jug”: 27 products"
    help.get_by_role("link", name="1 product", exact=True).click()
    page.get_by_role("heading", name="Results for “jug”").wait_for()
    page.wait_for_selector(".results .card[data-id]")
    _says(page, 1)


def test_what_the_shop_lacks_of_a_wish_is_said_beside_what_is_near(page: Any) -> None:
    page.goto(page.url.split("#")[0] + "#/like?id=mug%2F0&but=green")
    said = page.locator(".like-head [role=status]")
    expect(said).to_contain_text("is green")  # and not the page before, whose cards stand until this one's come
    expect(said).not_to_contain_text("0 products")
    page.wait_for_selector("#page .card[data-id]")


def test_a_guess_is_said_and_can_be_undone(page: Any) -> None:
    page.goto(page.url.split("#")[0] + "#/search?q=jgu+muug")
    page.get_by_text("“muug” was read as “mug”.").wait_for()
    page.get_by_role("link", name="Search for it as typed").click()
    page.get_by_text("means nothing in this shop").wait_for()
    assert page.get_by_text("was read as").count() == 0
