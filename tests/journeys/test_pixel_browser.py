"""The pixel in a real browser, on pages of another origin: nothing before consent, and every deed once."""

from __future__ import annotations

import hashlib
import hmac
import http.server
import json
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn

from bottega.catalogue.product import Product
from bottega.names import KeyKind, Purpose
from bottega.serving.http.app import create_app
from bottega.shop.open_shop import OpenShop

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
SECRET = "the shop's own secret"
PAGES = {
    "/product": '<h1 data-bottega-view="mug 1/🙂">Mug</h1><p data-bottega-list="r-7">'
    '<button data-bottega-cart="mug 1/🙂" data-bottega-quantity="2" data-bottega-value="21"><b>Add</b></button></p>'
    '<p data-bottega-list="r-7"><a href="/other" data-bottega-click="lamp">Lamp</a></p>',
    "/other": '<h1 data-bottega-view="lamp">Lamp</h1>',
    "/thanks": "<p data-bottega-purchase='"
    '{"order": "81", "items": [{"product_id": "mug 1/🙂", "quantity": 2, "value": 21.0}, {"product_id": "lamp"}]}'
    "'>Thank you.</p>",
    "/app": '<main id="app"></main>',
    "/plain": "<p>Nothing to sell.</p>",
}


class Shop:
    """A served shop, and pages of another origin that hold its pixel."""

    def __init__(self, shop: OpenShop, server: uvicorn.Server, address: str, pages: str, key: str) -> None:
        self.shop, self.server, self.address, self.pages, self.key = shop, server, address, pages, key
        self.head = ""
        """Attributes of the script in the next page."""

    def rows(self, newer: int = 0) -> list[Any]:
        return list(self.shop.store.events.since(newer, 10_000))

    def wait(self, count: int, newer: int) -> list[Any]:
        """The events behind `newer` as soon as there are so many."""
        until = time.monotonic() + 20
        while len(found := self.rows(newer)) < count and time.monotonic() < until:
            time.sleep(0.05)
        return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not here; install the system's package `chromium` to run the browser tests")
    folder = tmp_path_factory.mktemp("shop")
    box: list[Shop] = []

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            script = f'<script src="{box[0].address}/pixel.js" data-key="{box[0].key}" {box[0].head} defer></script>'
            stub = (
                "<script>window.bottega=window.bottega||function(){(bottega.q=bottega.q||[]).push(arguments)}</script>"
            )
            body = f"<!doctype html><meta charset=utf-8>{stub}{script}{PAGES.get(path, '')}".encode()
            self.send_response(200 if path in PAGES else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    origin = f"http://localhost:{pages.server_address[1]}"
    (folder / "bottega.toml").write_text(f'browser_origins = ["{origin}"]\nworker = false\n')
    with OpenShop.open(folder) as shop:
        key = shop.store.keys.create("pages", KeyKind.PUBLISHABLE)
        shop.secrets.keep("shopper-signature", SECRET)
        shop.upsert([Product(id="mug 1/🙂", title="Mug"), Product(id="lamp", title="Lamp")])
        listener = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(folder), log_level="warning", ws="none"))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        box.append(Shop(shop, server, address, origin, key))
        threads = [
            threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True),
            threading.Thread(target=pages.serve_forever, daemon=True),
        ]
        for thread in threads:
            thread.start()
        yield box[0]
        server.should_exit = True
        pages.shutdown()
        for thread in threads:
            thread.join(10)
        listener.close()
        pages.server_close()


@pytest.fixture(scope="module")
def browser(served: Shop) -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not here; `make setup` installs it")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


class Visit:
    """One visitor's browser."""

    def __init__(self, served: Shop, context: Any) -> None:
        self.served, self.context, self.page = served, context, context.new_page()
        self.sent: list[str] = []
        self.faults: list[str] = []
        self.first = max((row.seq for row in served.rows()), default=0)
        self.page.on("request", lambda request: self.sent.extend([request.url] if "/v1/" in request.url else []))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def open(self, path: str) -> None:
        self.page.goto(self.served.pages + path)
        self.page.wait_for_function("window.bottega && window.bottega.ready")

    def wait(self, count: int) -> list[tuple[Any, ...]]:
        """Kind, product, quantity of each event of this visit, once there are so many."""
        found = self.served.wait(count, self.first)
        assert len(found) == count, found
        return [(row.kind.name.lower(), row.product_id, row.quantity) for row in found]

    @property
    def kept(self) -> Any:
        return self.page.evaluate("JSON.parse(localStorage.getItem('bottega'))")

    def quiet(self) -> None:
        """Until nothing is left to send."""
        self.page.wait_for_function("(JSON.parse(localStorage.getItem('bottega')) || {queue: []}).queue.length === 0")


@pytest.fixture
def visit(browser: Any, served: Shop) -> Iterator[Callable[..., Visit]]:
    visits: list[Visit] = []

    def begin(head: str = "") -> Visit:
        served.head = head
        visits.append(Visit(served, browser.new_context()))
        return visits[-1]

    yield begin
    for one in visits:
        one.context.close()
        assert one.faults == []


def test_before_consent_nothing_is_stored_and_nothing_sent(visit: Callable[..., Visit]) -> None:
    one = visit()
    one.open("/product")
    one.page.locator("button").click()
    one.page.evaluate("bottega('view', 'lamp')")
    one.open("/thanks")
    one.page.wait_for_timeout(1500)
    assert one.sent == [] and one.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]
    assert one.context.cookies() == [] and one.wait(0) == []


def test_after_consent_every_deed_is_told_once(visit: Callable[..., Visit]) -> None:
    one = visit()
    one.open("/product")
    one.page.evaluate("bottega('consent', true)")
    one.page.locator("b").click()
    one.quiet()
    assert one.wait(2) == [("view", "mug 1/🙂", 1), ("add_to_cart", "mug 1/🙂", 2)]
    with one.page.expect_navigation():
        one.page.locator("a").click()
    one.page.wait_for_function("window.bottega && window.bottega.ready")
    one.quiet()
    one.open("/thanks")
    one.quiet()
    one.page.reload()
    one.quiet()
    assert one.wait(6)[2:] == [
        ("click", "lamp", 1),
        ("view", "lamp", 1),
        ("purchase", "mug 1/🙂", 2),
        ("purchase", "lamp", 1),
    ]
    rows = one.served.rows(one.first)
    assert len({row.anonymous_id for row in rows}) == 1 and rows[0].anonymous_id == one.kept["id"]
    assert [row.recommendation_id for row in rows] == [None, "r-7", "r-7", None, None, None]
    assert rows[1].value == rows[4].value == 21.0 and len({row.event_id for row in rows}) == 6
    assert [row.claimed_order_id for row in rows] == [None, None, None, None, "81", "81"]


def test_what_follows_a_letter_names_it_unless_a_list_led_there(visit: Callable[..., Visit]) -> None:
    one = visit()
    one.open("/product?bottega_letter=l-abc")
    assert one.sent == [] and one.page.evaluate("localStorage.length") == 0, "nothing before consent"
    one.page.evaluate("bottega('consent', true)")
    one.page.locator("b").click()
    one.quiet()
    one.open("/thanks")
    one.quiet()
    assert len(one.wait(4)) == 4
    rows = one.served.rows(one.first)
    assert [row.recommendation_id for row in rows] == ["l-abc", "r-7", "l-abc", "l-abc"]
    assert one.context.cookies() == []
    assert one.served.shop.store.traits.consents_since(0, Purpose.PERSONALISATION)[0][one.kept["id"]] is True


def test_what_a_page_did_not_send_before_it_went_comes_all_the_same(visit: Callable[..., Visit]) -> None:
    one = visit('data-consent="granted"')
    one.open("/plain")
    one.quiet()
    one.page.evaluate("bottega('view', 'lamp'); location.href = 'about:blank'")
    assert one.wait(1) == [("view", "lamp", 1)], "sent by a beacon as the page went away"
    one.page.wait_for_url("about:blank")
    one.open("/plain")  # it is told once more, and known
    one.quiet()
    one.page.evaluate("bottega('cart', 'lamp', {quantity: 3})")
    one.page.close()
    assert one.wait(2)[1] == ("add_to_cart", "lamp", 3)


def test_what_cannot_be_sent_is_sent_later(visit: Callable[..., Visit]) -> None:
    one = visit('data-consent="granted"')
    one.open("/plain")
    one.quiet()
    one.context.set_offline(True)
    one.page.evaluate("bottega('view', 'lamp')")
    one.page.wait_for_timeout(1500)
    assert len(one.kept["queue"]) == 1 and one.wait(0) == []
    one.context.set_offline(False)
    one.quiet()
    assert one.wait(1) == [("view", "lamp", 1)]


def test_an_answer_of_a_broken_server_is_tried_again(visit: Callable[..., Visit]) -> None:
    one = visit('data-consent="granted"')
    one.open("/plain")
    one.quiet()
    times: list[int] = []

    def fails(route: Any) -> None:
        times.append(1)
        if len(times) == 1:
            route.fulfill(status=503, headers={"Access-Control-Allow-Origin": "*"})
        else:
            route.continue_()

    one.page.route("**/v1/events*", fails)
    one.page.evaluate("bottega('view', 'lamp')")
    one.quiet()
    assert len(times) == 2 and one.wait(1) == [("view", "lamp", 1)]


def test_pages_that_never_reload_are_told_one_by_one(visit: Callable[..., Visit]) -> None:
    one = visit('data-consent="granted"')
    one.open("/app")
    for number, product in enumerate(("lamp", "mug 1/🙂", "lamp")):
        one.page.evaluate(
            """([address, product]) => {
              history.pushState({}, "", address);
              document.getElementById("app").innerHTML = "<h1>" + product + "</h1>";
              document.querySelector("h1").setAttribute("data-bottega-view", product);
              document.querySelector("h1").dataset.more = 1;  // drawn again, and still one view
              document.getElementById("app").appendChild(document.createElement("p"));
            }""",
            [f"/app?step={number}", product],
        )
        one.wait(number + 1)  # a page that is gone before it was seen is no view
    one.quiet()
    assert one.wait(3) == [("view", "lamp", 1), ("view", "mug 1/🙂", 1), ("view", "lamp", 1)]


def test_consent_taken_back_takes_everything_back(visit: Callable[..., Visit]) -> None:
    one = visit('data-consent="granted"')
    one.open("/product")
    one.quiet()
    before = one.kept["id"]
    one.page.evaluate("bottega('consent', false); bottega('view', 'lamp')")
    assert one.page.evaluate("localStorage.length") == 0
    one.page.evaluate("bottega('consent', {personalisation: true, analytics: false})")
    one.quiet()
    assert one.kept["id"] != before
    assert one.wait(1) == [("view", "mug 1/🙂", 1)], "the page's product was told under the first id alone"


def _signed(shopper: str, seconds: float) -> str:
    until = int(time.time() + seconds)
    return f"{until}.{hmac.new(SECRET.encode(), f'{until}.{shopper}'.encode(), hashlib.sha256).hexdigest()}"


def test_a_shopper_who_logged_in_is_joined_and_one_who_logged_out_is_somebody_else(visit: Callable[..., Visit]) -> None:
    one = visit('data-consent="granted"')
    one.open("/other")
    one.quiet()
    visitor = one.kept["id"]
    one.served.head = f'data-consent="granted" data-shopper="ana" data-signature="{_signed("ana", 600)}"'
    one.open("/product")
    one.quiet()
    told = one.page.evaluate("bottega('ask', 'recommendations', {n: 2}, answer => answer.fallback)")
    assert told == "untrained"
    one.served.head = 'data-consent="granted" data-shopper=""'
    one.open("/other")
    one.quiet()
    rows = one.served.rows(one.first)
    assert [row.shopper for row in rows] == ["ana", "ana", one.kept["id"]] and one.kept["id"] != visitor


def test_an_expired_signature_costs_no_event(visit: Callable[..., Visit]) -> None:
    one = visit(f'data-consent="granted" data-shopper="ben" data-signature="{_signed("somebody else", 600)}"')
    one.open("/other")
    one.quiet()
    [row] = one.served.wait(1, one.first)
    assert row.shopper == one.kept["id"] and row.shopper_id is None
    assert json.dumps(one.kept).count("ben") == 0
