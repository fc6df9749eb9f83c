"""The page of a check in a real browser: it asks for the key, shows the report, and runs nothing that a feed holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.catalogue.product import Product
from bottega.shop.folder import ShopFolder

SCRIPT = "<img src=x onerror=\"top.document.body.dataset.hacked='yes'\"> FREE SHIPPING"


@pytest.fixture
def served(tmp_path: Path, serve: Callable[[Path], str]) -> tuple[str, str]:
    """Address and key of a served shop."""
    with ShopFolder.open(tmp_path) as shop:
        shop.store.products.upsert([Product(id="1", title=SCRIPT)])
        key = shop.store.keys.create("test")
    return f"{serve(tmp_path)}/check", key


def test_a_merchant_types_the_key_and_reads_the_report(browser: Any, served: tuple[str, str]) -> None:
    address, key = served
    page = browser.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.fill("#key", "btg_wrong")
    page.click("button")
    page.locator("#said", has_text="opens nothing").wait_for()
    page.fill("#key", key)
    page.click("button")
    report = page.frame_locator("#report")
    report.get_by_text("promotional words").wait_for()
    report.get_by_text("promotional words").click()
    report.get_by_text("onerror").first.wait_for()
    assert "From the catalogue alone" in report.locator("body").inner_text()
    colour = report.locator(".level").first.evaluate("node => getComputedStyle(node).display")
    assert colour == "inline-block", "the document's own styles are in force"
    assert page.evaluate("document.body.dataset.hacked || ''") == "" and complaints == []
    page.close()
