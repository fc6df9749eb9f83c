"""Every page of the console of a shop that has rows of everything, in a real browser on a telephone.

Pages are found by their links, from the home page on, and none is listed here: a new page is gone over by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from PIL import Image
from tests.filled import filled, put

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.names import EventKind, Role
from bottega.serving.console.routes import PAGES
from bottega.shop.open_shop import OpenShop
from bottega.store.users import User

SERIOUS = ("serious", "critical")
ABORTED = "net::ERR_ABORTED"
"""A request that its page did not wait for."""
SESSION = "a-session-that-looks"
WORD = "Size 38"
"""In every free text; a name of an experiment, too, may hold it."""
WIDTH = 390
FEED = b"id,title,price\nnew-1,,9.90\nnew-2,Vase,5.00\n"
"""A row that is refused, and one that is not."""
DECIDING = ("kind", "view", "by", "of", "ability")
"""Parts of an address whose value decides what a page is made of; of all others one value stands for every other."""
FEW = ("/console", "/console/catalogue", "/console/rules/edit?kind=pin", "/console/jobs/new")
"""Pages that look most unlike one another: cards, a table with filters, a long form, many short ones."""
STOPS = """() => {
  const drawn = (one) => one.checkVisibility({ checkVisibilityCSS: true }) && one.getClientRects().length > 0;
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(
    (one) => !one.disabled && one.type !== "hidden" && one.type !== "radio" && one.tabIndex >= 0 && drawn(one));
  stops.forEach((one, number) => { one.dataset.stop = number; });
  return stops.map((one) => one.outerHTML.slice(0, 120));
}"""
"""What the keyboard has to reach; of a group of radio buttons it reaches one, so that they are left out."""
FOCUSED = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const shown = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  return [one === document.body, one.dataset.stop ?? "", shown, one.outerHTML.slice(0, 120)];
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """A served shop with rows in every table, products and events, where Ben is logged in."""
    folder = tmp_path_factory.mktemp("pages")
    with OpenShop.open(folder) as shop:
        now_ms = time.time_ns() // 1_000_000
        lamps = [
            Product(id=f"lamps-{n}", title=f"Lamp {n}", category=("Home", "Lamps"), price_minor=900 + n, currency="EUR")
            for n in range(60)
        ]
        shop.store.products.upsert(lamps)
        rows = filled(WORD)
        next(one for one in rows["suggestions"] if one["kind"] == "picture")["value"] = f"{WORD}.jpg"
        with shop.store.database.write() as connection:
            put(connection, rows)
        (shop.folder.root / "images").mkdir(exist_ok=True)
        Image.new("RGB", (64, 64), (90, 120, 90)).save(shop.folder.root / "images" / f"{WORD}.jpg")
        done = [
            Event(shopper_id=f"s{n}", kind=kind, product_id=one.id, time_ms=now_ms - 60_000 * n)
            for n, one in enumerate(lamps)
            for kind in (EventKind.VIEW, EventKind.CLICK, EventKind.PURCHASE)
        ]
        asked = [Event(shopper_id=f"s{n}", kind=EventKind.SEARCH, query="lamp", time_ms=now_ms - n) for n in range(9)]
        shop.store.events.add([*done, *asked])
        bad = tmp_path_factory.mktemp("feeds") / "bad.csv"
        bad.write_bytes(FEED)
        import_catalogue(shop, ImportCatalogueRequest(source=bad))
        shop.store.users.add(User("Ben", Role.ADMIN, "no password", now_ms))
        shop.store.users.open_session(SESSION, "Ben", now_ms, ended_before_ms=0)
    return serve(folder)


class Looker:
    """Somebody who is logged in and looks at pages on a telephone; what the browser complains of is kept."""

    def __init__(self, page: Any, address: str) -> None:
        self._page, self._address = page, address
        self._heard: list[str] = []
        page.on("pageerror", lambda one: self._hear(str(one)))
        page.on("response", lambda one: self._hear(f"{one.url} answered {one.status}", one.status >= 400))
        page.on("console", lambda one: self._hear(one.text, one.type == "error"))
        page.on("requestfailed", lambda one: self._hear(f"{one.url}: {one.failure}", one.failure != ABORTED))

    def _hear(self, what: str, bad: bool = True) -> None:
        if bad:
            self._heard.append(what)

    def look(self, path: str) -> tuple[list[str], list[str]]:
        """Opens a page: what is wrong with it, and which pages of the console it leads to. A file has neither."""
        axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not here: `make setup`")
        page, self._heard[:] = self._page, []
        try:
            page.goto(f"{self._address}{path}")
        except Exception as error:
            if "Download is starting" not in str(error):
                raise
            return list(self._heard), []
        found = axe.Axe().run(page).response["violations"]
        wrong = [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in SERIOUS]
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > WIDTH:
            wrong.append(f"it is {wide} px wide")
        wrong += self._by_keyboard()
        links = page.evaluate("[...document.querySelectorAll('a[href]')].map((one) => one.href.split('#')[0])")
        own = [one.removeprefix(self._address) for one in links if one.startswith(f"{self._address}/console")]
        return [*self._heard, *wrong], own

    def send(self, feed: bytes) -> str:
        """Sends a file of products by its form; the path of the page that comes then."""
        page = self._page
        page.goto(f"{self._address}/console/setup/products")
        page.set_input_files("input[name=file]", {"name": "feed.csv", "mimeType": "text/csv", "buffer": feed})
        page.locator("form:has(input[name=file]) button").click()
        page.wait_for_url("**/console/setup/columns?**")
        return str(page.url).removeprefix(self._address)

    def _by_keyboard(self) -> list[str]:
        """What the key Tab does not come to, or comes to unseen."""
        page = self._page
        stops: list[str] = page.evaluate(STOPS)
        reached, unseen, last = set(), [], ""
        while True:
            page.keyboard.press("Tab")
            nowhere, number, shown, what = page.evaluate(FOCUSED)
            if nowhere or (number and number != last and number in reached):
                break
            reached.add(number)
            last = number
            if not shown:
                unseen.append(f"focus is not seen on {what}")
        return unseen + [f"Tab does not reach {one}" for n, one in enumerate(stops) if str(n) not in reached]


@pytest.fixture
def looker(browser: Any, address: str) -> Iterator[Looker]:
    """Somebody who looks, with a browser of their own."""
    context = browser.new_context(viewport={"width": WIDTH, "height": 844})
    context.add_cookies([{"name": "bottega_session", "value": SESSION, "url": address}])
    yield Looker(context.new_page(), address)
    context.close()


def _shape(path: str) -> tuple[str, ...]:
    """What pages have in common that are made of the same parts."""
    split = urlsplit(path)
    asked = sorted(parse_qsl(split.query, keep_blank_values=True))
    return (split.path, *(f"{name}={value}" if name in DECIDING else name for name, value in asked))


def test_a_few_pages_are_sound_on_a_telephone(looker: Looker) -> None:
    wrong = {path: faults for path in FEW if (faults := looker.look(path)[0])}
    assert wrong == {}


@pytest.mark.slow
def test_every_page_that_a_link_leads_to_is_sound_on_a_telephone(looker: Looker) -> None:
    todo = ["/console", looker.send(FEED)]
    known, wrong = {_shape(path) for path in todo}, {}
    for path in todo:
        faults, links = looker.look(path)
        if faults:
            wrong[path] = faults
        for link in links:
            if _shape(link) not in known:
                known.add(_shape(link))
                todo.append(link)
    assert wrong == {}
    unseen = {page.path for page in PAGES} - {urlsplit(path).path for path in todo}
    assert unseen == set(), "pages that no link leads to"
