"""Pages of the server itself in a real browser.

The page of a check asks for the key, shows the report, and runs nothing that a feed holds. The page of a log-in is gone
through by keyboard, on a telephone, in the dark.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.catalogue.product import Product
from bottega.names import Role
from bottega.shop.open_shop import OpenShop

SCRIPT = "<img src=x onerror=\"top.document.body.dataset.hacked='yes'\"> FREE SHIPPING"
PASSWORD = "horse battery staple"
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> tuple[str, str]:
    """Address and key of a served shop, where Mia logs in."""
    folder = tmp_path_factory.mktemp("shop")
    with OpenShop.open(folder) as shop:
        shop.folder.store.products.upsert([Product(id="1", title=SCRIPT)])
        key = shop.folder.store.keys.create("test")
        shop.sessions.add("Mia", Role.MANAGE, PASSWORD)
    return serve(folder), key


def test_a_merchant_types_the_key_and_reads_the_report(browser: Any, served: tuple[str, str]) -> None:
    address, key = served
    page = browser.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/check")
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


def test_somebody_logs_in_and_out_by_keyboard_on_a_telephone_in_the_dark(browser: Any, served: tuple[str, str]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not here: `make setup`")
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{served[0]}/login")
    page.locator("#form").wait_for()

    def focused() -> str:
        return str(page.evaluate("document.activeElement.id || document.activeElement.textContent"))

    def sound() -> None:
        """Nothing serious for whoever reads otherwise, in either light; nothing beside the window; all can be hit."""
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = axe.Axe().run(page).response["violations"]
            assert [(one["id"], one["nodes"][0]["target"]) for one in found if one["impact"] in SERIOUS] == [], scheme
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        boxes = [one.bounding_box() for one in page.locator("input:visible, button:visible").all()]
        assert boxes and all(one["height"] >= 44 and one["x"] >= 16 and one["x"] + one["width"] <= 374 for one in boxes)

    def typed(name: str, password: str) -> None:
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        assert focused() == "password"
        page.keyboard.type(password)
        page.keyboard.press("Enter")

    shade = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
    assert max(shade) < 64
    page.keyboard.press("Tab")
    assert focused() == "name"
    typed("Mia", "a wrong password")
    page.locator("#said", has_text="password").wait_for()
    assert focused() == "password" and page.input_value("#password") == ""
    sound()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("You are Mia, with the role manage.").wait_for()
    assert focused() == "you"
    sound()
    page.reload()
    page.get_by_text("You are Mia").wait_for()
    page.keyboard.press("Tab")
    assert focused() == "out"
    page.keyboard.press("Enter")
    page.locator("#form").wait_for()
    assert focused() == "name" and not page.locator("#inside").is_visible()
    assert page.evaluate("fetch('./v1/session').then((answer) => answer.status)") == 401 and complaints == []
    context.close()
