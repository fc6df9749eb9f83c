"""A shopper talks in the panel of a real browser: products, a fact, a person; by keyboard, on a phone, in the dark."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bottega.catalogue.product import Product
from bottega.names import LineBy
from bottega.shop.folder import ShopFolder
from bottega.store.talks import TalkLine

HOSTILE = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script> lamp'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "bottega.toml").write_text("storefront = true\nworker = false\n")
    with ShopFolder.open(folder) as shop:
        common: dict[str, Any] = {"category": ("Home", "Lamps"), "currency": "EUR"}
        titles = ("Oak lamp", "Brass lamp", HOSTILE)
        shop.store.products.upsert(
            [
                Product(
                    id=f"lamp/{number} 😀",
                    title=title,
                    price_minor=3900 + 1000 * number,
                    attributes={"material": (("oak", "brass", "paper")[number],)},
                    url="javascript:window.harmed=1" if number == 2 else None,
                    **common,
                )
                for number, title in enumerate(titles)
            ]
        )
    return folder


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["desk", "phone in the dark"])
def page(request: Any, browser: Any, serve: Callable[[Path], str], folder: Path) -> Iterator[Any]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(serve(folder), wait_until="domcontentloaded")
    yield page
    context.close()


def test_a_talk_by_keyboard_with_products_a_fact_and_a_person(page: Any, folder: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not here: `make setup`")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    opener = page.get_by_role("button", name="Ask us")
    opener.focus()
    page.keyboard.press("Enter")
    field, log = page.get_by_role("textbox", name="Your question"), page.get_by_role("log")
    assert field.evaluate("one => one.getRootNode().activeElement === one")
    page.keyboard.type("do you have lamps?")
    page.keyboard.press("Enter")
    items = log.get_by_role("listitem")
    items.nth(2).wait_for()
    log.locator(".assistant").first.wait_for()
    order = log.evaluate("one => [...one.children].map((child) => child.tagName + '.' + child.className)")
    assert order.index("UL.") == order.index("P.assistant") + 1, "the sentence stands above what it leads to"
    texts = " ".join(items.all_inner_texts())
    assert "Oak lamp" in texts and "€39.00" in texts and "<script>" in texts
    assert log.locator("img[src=x]").count() == 0 and page.evaluate("window.harmed") is None
    hrefs = [one.get_attribute("href") for one in log.get_by_role("link").all()]
    assert len(hrefs) == 2 and all("#/product?id=lamp%2F" in str(href) for href in hrefs)

    page.keyboard.type("what is the oak lamp made of?")
    page.keyboard.press("Enter")
    log.locator(".src", has_text="From the listing: material").wait_for()
    log.locator(".assistant", has_text="oak").first.wait_for()

    result = axe.Axe().run(page)
    assert result.violations_count == 0, result.generate_report()

    page.keyboard.type("I want to talk to a human")
    page.keyboard.press("Enter")
    log.locator(".assistant").nth(2).wait_for()
    page.locator("[role=log]:not([aria-busy])").wait_for()
    page.keyboard.type("are you there?")
    page.keyboard.press("Enter")
    log.locator(".note", has_text="Kept for a person to answer.").wait_for()
    with ShopFolder.open(folder) as shop:
        talk = page.evaluate("sessionStorage.getItem('bottega.talk')")
        said = TalkLine(LineBy.PERSON, "Hello, how can I help?", name="Mia")
        shop.store.talks.speak(talk, said, now_ms=time.time_ns() // 1_000_000)
    log.locator(".person", has_text="Hello, how can I help?").wait_for()
    log.locator(".note", has_text="Mia now writes with you.").wait_for()

    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.hasAttribute('data-bottega-assistant')"), "the focus stays inside"
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog", name="Ask the shop").count() == 0
    assert opener.evaluate("one => one.getRootNode().activeElement === one")

    page.reload(wait_until="domcontentloaded")
    page.get_by_role("button", name="Ask us").or_(page.get_by_role("button", name="New message")).click()
    log.locator(".person", has_text="Hello, how can I help?").wait_for()
    assert log.locator(".mine").count() == 4, "the whole talk is there again"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults == []
