"""The console in a real browser: every page sound for whoever reads otherwise, on a telephone in the dark as on a desk;
log-in leads back, a setting is changed and taken back, and a key is made and revoked, all by keyboard.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.names import EventKind, Role
from bottega.serving.console.routes import PAGES
from bottega.shop.open_shop import OpenShop
from bottega.store.users import User

PASSWORD = "horse battery staple"
SERIOUS = ("serious", "critical")
SESSION = "a session for those who only look"
LOOKS = (("light", 1280), ("dark", 390))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """A served shop with products and events, where Mia logs in and somebody is logged in already."""
    folder = tmp_path_factory.mktemp("console")
    with OpenShop.open(folder) as shop:
        now_ms = time.time_ns() // 1_000_000
        lamps = [
            Product(id=f"lamp-{n}", title=f"Lamp {n}", category=("Home", "Lamps"), price_minor=900) for n in range(9)
        ]
        shop.store.products.upsert(lamps)
        shop.store.events.add(
            [Event(shopper_id="s", kind=EventKind.VIEW, product_id=one.id, time_ms=now_ms - 1000) for one in lamps]
        )
        shop.sessions.add("Mia", Role.ADMIN, PASSWORD)
        shop.store.users.add(User("Ben", Role.ADMIN, "no password", now_ms))
        shop.store.users.open_session(SESSION.replace(" ", "-"), "Ben", now_ms, ended_before_ms=0)
    return serve(folder)


@pytest.mark.slow
def test_every_page_is_sound_in_either_light_and_width(browser: Any, address: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not here: `make setup`")
    for scheme, width in LOOKS:
        context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
        context.add_cookies([{"name": "bottega_session", "value": SESSION.replace(" ", "-"), "url": address}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message, into=complaints: into.append(message.text) if message.type == "error" else 0)
        for path in [one.path for one in PAGES if not one.under]:
            page.goto(f"{address}{path}")
            found = axe.Axe().run(page).response["violations"]
            serious = [(one["id"], one["nodes"][0]["target"]) for one in found if one["impact"] in SERIOUS]
            assert serious == [], (path, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, "nothing beside the window")
        assert complaints == []
        context.close()


@pytest.mark.slow
def test_the_console_is_gone_through_by_keyboard_on_a_telephone(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()

    def focused() -> str:
        return str(page.evaluate("document.activeElement.textContent.trim()"))

    page.goto(f"{address}/console/audit?who=nobody")
    page.fill("#name", "Mia")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/audit?who=nobody")
    for elsewhere in ("//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"):
        page.goto(f"{address}/login?next={elsewhere}")
        page.locator("#inside").wait_for()
        assert page.url.startswith(f"{address}/login"), "log-in leads to pages of this shop alone"
    page.goto(f"{address}/console")
    page.keyboard.press("Tab")
    assert focused() == "Skip to the page"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('#menu').matches(':popover-open')")
    page.keyboard.press("Escape")
    assert not page.evaluate("document.querySelector('#menu').matches(':popover-open')")
    page.goto(f"{address}/console/settings")
    page.fill("#set-novelty", "0.2")
    page.keyboard.press("Enter")
    page.get_by_text("Novelty is 0.2 now; it was 0.0.").wait_for()
    page.locator(".said button").press("Enter")
    page.get_by_text("Novelty is 0.0 now; it was 0.2.").wait_for()
    page.goto(f"{address}/console/keys")
    page.fill("#field-label", "till 2")
    page.keyboard.press("Enter")
    assert page.locator(".once code").inner_text().startswith("btg_")
    page.get_by_text("Back to keys").press("Enter")
    page.locator("summary", has_text="Revoke").first.press("Enter")
    page.locator("details[open] button").press("Enter")
    page.get_by_text("The key till 2 opens nothing any more").wait_for()
    page.get_by_text("Log out").press("Enter")
    page.wait_for_url("**/login")
    context.close()
