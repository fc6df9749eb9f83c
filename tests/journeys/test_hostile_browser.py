"""Hostile text in the panel and on the page of agents of a real browser: it is shown as text, nothing of it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant_injection import STRINGS
from bottega.catalogue.product import Product
from bottega.names import KeyKind
from bottega.shop.folder import ShopFolder

MARKUP = [one["text"] for one in STRINGS if one["kind"] in ("HTML and script", "markdown and addresses")]
NOT_OURS = (
    "one => [...one.querySelectorAll('script, iframe, style, h1, math, template, img, svg, a, table, strong, em, b')]"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "bottega.toml").write_text("storefront = true\nworker = false\n")
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(
            [
                Product(
                    id=f"lamp-{number}",
                    title=f"Lamp {number} {text}",
                    description=text,
                    category=("Home", "Lamps"),
                    price_minor=3000 + number,
                    currency="EUR",
                    attributes={"material": (text,)},
                    url=text if ":" in text and "\n" not in text else None,
                )
                for number, text in enumerate(MARKUP)
            ]
        )
    return folder


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(120_000)
    yield page
    context.close()


def test_markup_of_others_is_text_in_the_panel_and_for_agents(
    page: Any, serve: Callable[[Path], str], folder: Path
) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    address = serve(folder)
    page.goto(address, wait_until="domcontentloaded")
    page.get_by_role("button", name="Ask us").click()
    field, log = page.get_by_role("textbox", name="Your question"), page.get_by_role("log")
    lines = ["do you have lamps?", "what is the first one made of?", *(text.replace("\n", " ") for text in MARKUP[:4])]
    for number, line in enumerate(lines, start=1):
        field.fill(line)
        page.keyboard.press("Enter")
        page.wait_for_function(
            "([one, n]) => one.querySelectorAll('.mine').length === n && !one.hasAttribute('aria-busy')",
            arg=[log.element_handle(), number],
        )
    assert "<img src=x" in log.inner_text()
    ours = "ul > li > a, ul > li > a > b, ul > li > div > b"
    made = log.evaluate(
        f"one => ({NOT_OURS})(one).filter((each) => !each.matches({ours!r})).map((each) => each.outerHTML)"
    )
    assert made == []
    hrefs = [str(one.get_attribute("href")) for one in log.get_by_role("link").all()]
    assert hrefs and all(one.startswith("http") for one in hrefs)
    assert page.evaluate("window.harmed") is None

    with ShopFolder.open(folder) as shop:
        key = shop.store.keys.create("Mia", KeyKind.AGENT)
    page.goto(f"{address}/agent", wait_until="domcontentloaded")
    page.get_by_label("Your key").fill(key)
    page.get_by_role("button", name="Open the talks").click()
    page.locator("#inbox button").first.click()
    said = page.locator("#lines")
    page.wait_for_function("one => one.querySelectorAll('li.shopper').length === 6", arg=said.element_handle())
    assert "<img src=x" in said.inner_text() and "<script>" in said.inner_text()
    assert (
        page.locator("#talk").evaluate(f"one => ({NOT_OURS})(one).filter((each) => !each.matches('#about > b')).length")
        == 0
    )
    assert page.evaluate("window.harmed") is None
    assert faults == []
