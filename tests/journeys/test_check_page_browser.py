"""The page of a check in a real browser: it asks for the key, shows the report, and runs nothing that a feed holds."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from bottega.catalogue.product import Product
from bottega.serving.http.app import create_app
from bottega.shop.folder import ShopFolder

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
SCRIPT = "<img src=x onerror=\"top.document.body.dataset.hacked='yes'\"> FREE SHIPPING"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Address and key of a served shop."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not here; install the system's package `chromium` to run the browser tests")
    folder = tmp_path_factory.mktemp("shop")
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert([Product(id="1", title=SCRIPT)])
        key = shop.store.keys.create("test")
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(folder), log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/check", key
    server.should_exit = True
    thread.join(10)
    listener.close()


def test_a_merchant_types_the_key_and_reads_the_report(served: tuple[str, str]) -> None:
    sync_api: Any = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not here; `make setup` installs it"
    )
    address, key = served
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
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
        browser.close()
