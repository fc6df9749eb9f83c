"""A hand on a served page, counted: what `console_tasks.py` does its tasks with."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from bottega.serving.http.app import create_app
from bottega.shop.open_shop import OpenShop

__all__ = ["Hand", "NotSo", "served", "so"]


class NotSo(Exception):
    """What the task should have come to, and did not."""


def so(holds: object, what: str) -> None:
    """Raise `NotSo` unless it holds."""
    if not holds:
        raise NotSo(what)


class Hand:
    """What a person does to a page, counted: clicks (a choice from a list and a tick are one each), fields that were
    typed into, pages that came. Only what can be seen is clicked."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.clicks = self.typed = self.pages = 0
        page.on("domcontentloaded", self._came)

    def _came(self, _: Any) -> None:
        self.pages += 1

    def begin(self) -> None:
        """From now on it is another task."""
        self.click("link", "Home", within="nav#menu")
        self.clicks = self.typed = self.pages = 0

    def click(self, role: str, name: str | re.Pattern[str], *, within: str = "body", loads: bool = True) -> None:
        """Click on the first that is called so; `loads`: another page comes of it."""
        named = {"exact": True} if isinstance(name, str) else {}
        found = self.page.locator(within).get_by_role(role, name=name, **named).locator("visible=true").first
        self.press(found, loads=loads)

    def press(self, found: Any, *, loads: bool = True) -> None:
        """Click on this."""
        self.clicks += 1
        if not loads:
            found.click()
            return
        with self.page.expect_event("load"):
            found.click()

    def open(self, title: str) -> None:
        """A page of the navigation."""
        self.click("link", title, within="nav#menu")

    def fill(self, label: str | re.Pattern[str], text: str, *, within: str = "main") -> None:
        """Type into the first field that is called so."""
        named = {"exact": True} if isinstance(label, str) else {}
        self.page.locator(within).get_by_label(label, **named).locator("visible=true").first.fill(text)
        self.typed += 1

    def choose(self, label: str, option: str, *, within: str = "main") -> None:
        """Choose from a list."""
        found = self.page.locator(within).get_by_label(label, exact=True).locator("visible=true").first
        found.select_option(label=option)
        self.clicks += 1

    def tick(self, label: str) -> None:
        """Tick a box."""
        self.page.locator("main").get_by_label(label, exact=True).locator("visible=true").first.check()
        self.clicks += 1

    def read(self) -> str:
        """What the page says, blanks made one."""
        return " ".join(self.page.locator("main").inner_text().split())


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, OpenShop]]:
    """The address of a server over the shop in a folder, and the shop that it opened."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(folder)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", app.state.door.shop
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()
