"""A served shop and a real browser, for the tests that look at pages."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from bottega.serving import shop_pictures
from bottega.serving.http.app import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PATIENCE_MS = 120_000


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server over the shop in a folder."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(folder), log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serves shops until the module's tests are over."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not here; install the system's package `chromium` to run the browser tests")
    with ExitStack() as servers, pytest.MonkeyPatch.context() as patched:
        patched.setattr(shop_pictures, "PATIENCE_S", PATIENCE_MS / 1000)  # thumbnails, however busy the machine
        yield lambda folder: servers.enter_context(served(folder))


class _Patient:
    """A browser whose pages are waited for as long as a busy machine needs: nothing here asserts how fast they are."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser

    def new_context(self, **options: Any) -> Any:
        context = self._browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        return context

    def new_page(self, **options: Any) -> Any:
        page = self._browser.new_page(**options)
        page.set_default_timeout(PATIENCE_MS)
        return page


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium, of which contexts and pages are opened."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not here; `make setup` installs it")
    if CHROMIUM is None:
        pytest.skip("Chromium is not here; install the system's package `chromium` to run the browser tests")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        sync_api.expect.set_options(timeout=PATIENCE_MS)
        yield _Patient(browser)
        browser.close()
