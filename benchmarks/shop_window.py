"""What a visitor's browser has to bear: weight, requests, moving layout, time to the first cards, axe-core's findings.

python benchmarks/shop_window.py --shop FOLDER [--json FILE] [--pictures FOLDER]
python benchmarks/shop_window.py --address http://127.0.0.1:8000
python benchmarks/shop_window.py --shop demo-shop --readme docs/storefront.webp

A copy of the shop is served by the `bottega` of this environment, so that nothing is written into the shop itself, and
every page is opened in headless Chromium by somebody new, on a phone (390 px, 3 device pixels each) and on a desktop.

weight, requests   All that came over the wire until the page was still, with a cold cache; then again with a warm one.
CLS                Cumulative layout shift as browsers report it (largest window of shifts, those after input left
                   out), the worse of two visits: one at full speed, one on the slow line.
first cards        Seconds from the click on the link to the first card of a product that is more than a skeleton.
LCP                Largest contentful paint, on the slow line.
slow line          400 ms a round trip and 400 kbit/s, "slow 3G" of the usual tools; the processor is not slowed.
axe                Violations found by axe-core, the serious and critical ones by name. It comes with the Python package
                   `axe-playwright-python` (extra `dev`) and is not a part of Bottega.

`--readme` measures nothing: it takes the picture of README, the home page of somebody who has looked at three things.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from common import BOTTEGA, machine

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
SCREENS = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 3,
        "is_mobile": True,
        "has_touch": True,
    },
    "desktop": {"viewport": {"width": 1440, "height": 900}, "device_scale_factor": 1},
}
CARD = ".card:not(.ghost), .product h1, .operation, .seen-frame"
"""What counts as something to look at."""
WATCH = """
(() => {
  window.__shifts = []; window.__lcp = 0; window.__first = null;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput)
    window.__shifts.push([one.startTime, one.value, (one.sources || []).slice(0, 3).map(({ node }) =>
      node && node.nodeType === 1 ? `${node.tagName}.${node.className}#${node.id}` : String(node && node.nodeName))]);
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => { for (const one of list.getEntries()) window.__lcp = one.startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  const look = () => {
    if (window.__first === null && document.querySelector(CARD)) window.__first = performance.now();
    else if (window.__first === null) requestAnimationFrame(look);
  };
  look();
})();
""".replace("CARD", json.dumps(CARD))

SHOWN = """
() => [...document.images].map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.top < innerHeight && box.left < innerWidth)
  .every(([one]) => one.complete && one.naturalWidth > 0)
"""
"""Whether every picture in sight is there."""


@dataclass
class Visit:
    """One page on one screen."""

    page: str
    screen: str
    kb: float = 0.0
    requests: int = 0
    warm_kb: float = 0.0
    warm_requests: int = 0
    cls: float = 0.0
    shifts: list[Any] = field(default_factory=list)
    first_cards_s: float | None = None
    lcp_s: float = 0.0
    axe: dict[str, int] = field(default_factory=dict)
    serious: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    """Hosts asked other than the shop's own."""
    complaints: list[str] = field(default_factory=list)


def largest_window(shifts: list[list[Any]]) -> float:
    """CLS: shifts less than 1 s apart make a window of at most 5 s; the largest sum counts.

    >>> round(largest_window([[0, 0.1, []], [500, 0.1, []], [9000, 0.15, []]]), 2)
    0.2
    """
    best = sum_ = 0.0
    began = last = -1e9
    for when, value, _ in shifts:
        if when - last > 1000 or when - began > 5000:
            began, sum_ = when, 0.0
        sum_, last = sum_ + value, when
        best = max(best, sum_)
    return best


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A copy of the shop behind a server of its own; its address."""
    with tempfile.TemporaryDirectory() as work:
        copy = Path(work) / folder.name
        shutil.copytree(folder, copy)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        server = subprocess.Popen(
            [BOTTEGA, "serve", "--shop", str(copy), "--port", str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(120):
                try:
                    urllib.request.urlopen(f"{address}/v1/health", timeout=5).read()
                    break
                except (urllib.error.URLError, ConnectionError):
                    time.sleep(0.5)
            yield address
        finally:
            server.terminate()
            server.wait(20)


def pages(address: str) -> dict[str, str]:
    """Every page by its name. A product and a category are those that the shop shows first."""
    with urllib.request.urlopen(f"{address}/shop/api/products", timeout=60) as answer:
        first = json.load(answer)["products"][0]
    inside = urlencode([("in", name) for name in first["category"][:1]])
    return {
        "home": "/",
        "category": f"/#/category?{inside}",
        "product": "/#/product?" + urlencode({"id": first["id"]}),
        "search": "/#/search?q=" + first["category"][-1].lower(),
        "photo": "/#/photo",
        "wishes": "/#/wishes",
        "closet": "/#/closet",
        "tastes": "/#/tastes",
        "nowhere": "/#/nowhere",
        "docs": "/docs",
        "check": "/check",
        "unknown": "/no/such/address",
    }


class Wire:
    """What went over the wire of one page, from the browser's own protocol."""

    def __init__(self, page: Any, own: str) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.own, self.bytes, self.requests = own, 0, 0
        self.strangers: set[str] = set()
        self._cached: set[str] = set()
        self.session.on("Network.requestWillBeSent", self._sent)
        self.session.on("Network.requestServedFromCache", lambda e: self._cached.add(e["requestId"]))
        self.session.on("Network.responseReceived", self._received)
        self.session.on("Network.loadingFinished", self._finished)

    def slow(self) -> None:
        self.session.send("Network.emulateNetworkConditions", SLOW)

    def forget(self) -> None:
        self.bytes = self.requests = 0

    def _sent(self, event: Any) -> None:
        where = urlsplit(event["request"]["url"])
        if where.scheme in ("http", "https") and where.netloc != self.own:
            self.strangers.add(where.netloc)

    def _received(self, event: Any) -> None:
        if event["response"].get("fromDiskCache"):
            self._cached.add(event["requestId"])

    def _finished(self, event: Any) -> None:
        if event["requestId"] in self._cached:
            return
        self.bytes += event["encodedDataLength"]
        self.requests += event["encodedDataLength"] > 0


def still(page: Any, quiet_ms: int = 700, most_s: float = 60) -> None:
    """Wait until nothing has been loaded for a while."""
    page.wait_for_load_state("load", timeout=most_s * 1000)
    page.wait_for_load_state("networkidle", timeout=most_s * 1000)
    page.wait_for_timeout(quiet_ms)


def visit(browser: Any, address: str, name: str, path: str, screen: str, pictures: Path | None) -> Visit:
    """One page on one screen: a cold visit, a warm one, and one on the slow line."""
    made = Visit(name, screen)
    own = urlsplit(address).netloc

    def opened(look: Callable[[Any, Wire], None], **options: Any) -> None:
        context = browser.new_context(**SCREENS[screen], **options)
        page = context.new_page()
        page.add_init_script(WATCH)
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        page.on("console", lambda said: made.complaints.append(said.text) if said.type == "error" else None)
        wire = Wire(page, own)
        try:
            look(page, wire)
        finally:
            made.strangers = sorted({*made.strangers, *wire.strangers})
            context.close()

    def at_full_speed(page: Any, wire: Wire) -> None:
        page.goto(address + path)
        still(page)
        made.kb, made.requests = wire.bytes / 1000, wire.requests
        made.shifts = page.evaluate("window.__shifts")
        made.cls = largest_window(made.shifts)
        if pictures:
            page.screenshot(path=str(pictures / f"{name}-{screen}.png"))
        violations = axe(page)
        for one in violations:
            made.axe[one["impact"]] = made.axe.get(one["impact"], 0) + 1
            if one["impact"] in ("serious", "critical"):
                made.serious.append(f"{one['id']}: {one['nodes'][0]['target'][0]} ({len(one['nodes'])})")
        wire.forget()
        page.goto("about:blank")
        page.goto(address + path)
        still(page)
        made.warm_kb, made.warm_requests = wire.bytes / 1000, wire.requests

    def on_the_slow_line(page: Any, wire: Wire) -> None:
        wire.slow()
        page.goto(address + path, timeout=120_000)
        still(page, most_s=120)
        shifts = page.evaluate("window.__shifts")
        if (worse := largest_window(shifts)) > made.cls:
            made.cls, made.shifts = worse, shifts
        first = page.evaluate("window.__first")
        made.first_cards_s = None if first is None else first / 1000
        made.lcp_s = page.evaluate("window.__lcp") / 1000

    opened(at_full_speed, bypass_csp=True)
    opened(on_the_slow_line)
    return made


def axe(page: Any) -> list[dict[str, Any]]:
    """Violations that axe-core finds on the page as it stands."""
    from axe_playwright_python.sync_playwright import Axe

    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return found


def measured(address: str, wanted: list[str] | None, screens: list[str], pictures: Path | None) -> list[Visit]:
    """Every page on every screen."""
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        raise SystemExit("Chromium is not here; install the system's package `chromium`.")
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            chosen = {name: path for name, path in pages(address).items() if wanted is None or name in wanted}
            return [
                visit(browser, address, name, path, screen, pictures)
                for screen in screens
                for name, path in chosen.items()
            ]
        finally:
            browser.close()


def picture(address: str, path: Path) -> None:
    """The home page after a look at the first product of three categories, as a WebP of some 60 kB."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    with urllib.request.urlopen(f"{address}/shop/api/products", timeout=60) as answer:
        products = json.load(answer)["products"]
    firsts = {one["category"][0]: one["id"] for one in reversed(products) if one["category"]}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1360, "height": 900}, reduced_motion="reduce")
        for product_id in list(firsts.values())[-3:]:
            with page.expect_response("**/shop/api/events"):  # that it was looked at is known before the next page
                page.goto(f"{address}/#/product?" + urlencode({"id": product_id}))
        page.goto(f"{address}/#/")
        page.wait_for_selector('[data-rail="because"][aria-busy="false"] .card:not(.ghost)')
        page.wait_for_function(SHOWN)
        shot = io.BytesIO(page.screenshot())
        browser.close()
    Image.open(shot).convert("RGB").save(path, quality=82, method=6)


def table(visits: list[Visit]) -> str:
    """The figures in Markdown."""
    lines = [
        "| page | screen | kB | requests | again: kB | requests | CLS | first cards s | LCP s | axe serious | other |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for one in visits:
        serious = one.axe.get("serious", 0) + one.axe.get("critical", 0)
        other = sum(one.axe.values()) - serious
        first = "" if one.first_cards_s is None else f"{one.first_cards_s:.1f}"
        lines.append(
            f"| {one.page} | {one.screen} | {one.kb:.0f} | {one.requests} | {one.warm_kb:.0f} | {one.warm_requests} "
            f"| {one.cls:.3f} | {first} | {one.lcp_s:.1f} | {serious} | {other} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--shop", type=Path, help="folder of a shop with a storefront")
    where.add_argument("--address", help="of a server that runs already")
    parser.add_argument("--pages", nargs="*", help="only these")
    parser.add_argument("--screens", nargs="*", default=list(SCREENS), choices=list(SCREENS))
    parser.add_argument("--json", type=Path, help="write every figure there")
    parser.add_argument("--pictures", type=Path, help="write a screenshot of each page there")
    parser.add_argument("--readme", type=Path, help="write the picture of README there, and measure nothing")
    given = parser.parse_args()
    if given.readme:
        with served(given.shop) if given.shop else nullcontext(given.address.rstrip("/")) as address:
            picture(address, given.readme)
        return
    if given.shop:
        with served(given.shop) as address:
            visits = measured(address, given.pages, given.screens, given.pictures)
    else:
        visits = measured(given.address.rstrip("/"), given.pages, given.screens, given.pictures)
    print(machine())
    print(table(visits))
    for one in visits:
        for fault in [*one.serious, *(f"asked {host}" for host in one.strangers), *one.complaints]:
            print(f"{one.page} on {one.screen}: {fault}")
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in visits], indent=1))


if __name__ == "__main__":
    main()
