"""A visitor sees a piece on themselves, on a model and from its side, in a real browser, wide and on a phone.

On the storefront, and on a page of a merchant's own that holds the script.
"""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.actions.studio.dressing.drawn_clothes import RED, photo
from tests.actions.studio.try_on.stocked import PERSON, parse, png, stock
from tests.models.studio.try_on.drawn_person import photo_of

from bottega.catalogue.product import Product
from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.names import FloatArray, KeyKind, KindCode
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.pictures import put_picture


class DrawnParts:
    """A parser that knows the drawn person."""

    version = "drawn"

    def parse_labels(self, photos: list[Photo]) -> list[LabelMap]:
        return [parse(one) for one in photos]

    def parse(self, photos: list[Photo], *, sides: Sequence[float] = (1.0,)) -> list[FloatArray]:
        return [np.eye(len(PARTS), dtype=np.float32)[labels] for labels in self.parse_labels(photos)]


@pytest.fixture
def folder(tmp_path: Path, ships: Callable[..., None]) -> Path:
    ships(parts=DrawnParts())
    made = tmp_path / "shirts"
    made.mkdir()
    (made / "bottega.toml").write_text("storefront = true\n")
    with OpenShop.open(made) as shop:
        stock(shop)
        image = put_picture(shop.folder.images, photo("tee", RED), ".jpg")
        shop.store.products.upsert(
            [
                Product(id="tee", title="Women's red T-shirt", category=("T-Shirts",), images=(image,)),
                Product(id="lamp", title="Lamp"),
            ]
        )
    return made


@pytest.fixture
def page(folder: Path, serve: Callable[[Path], str], browser: Any) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": 1280, "height": 1000})
    opened.set_default_timeout(240_000)
    opened.address = serve(folder)
    yield opened
    opened.close()


def events(folder: Path) -> list[tuple[str | None, int]]:
    with ShopFolder.open(folder) as shop:
        return [(row.product_id, row.kind) for row in shop.store.events.since(0, 99) if row.kind == KindCode.TRY_ON]


def files(folder: Path, name: str) -> int:
    return len(list((folder / name).glob("*")))


def test_on_you_kept_shared_taken_back_and_thrown_away(page: Any, folder: Path, tmp_path: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not here: `make setup`")
    me = tmp_path / "me.png"
    me.write_bytes(png(photo_of(PERSON)))
    page.goto(f"{page.address}/#/product?id=top")
    page.get_by_role("heading", name="See it worn").wait_for()
    assert page.get_by_role("link", name="Before your camera").count() == 0, "glasses and lipstick alone"
    page.get_by_label("Keep my photo in my closet").check()
    page.get_by_label("A photo of you").set_input_files(me)
    picture = page.locator(".dressed-result img")
    picture.wait_for()
    assert "made by a computer" in (picture.get_attribute("alt") or "")
    assert page.get_by_text("This picture was made by a computer").is_visible()
    assert events(folder) == [("top", KindCode.TRY_ON)]
    assert files(folder, "closet_pictures") == 1 and files(folder, "shares") == 0, "the photo alone, as it was asked"
    page.get_by_role("button", name="Keep it in my closet").click()
    page.get_by_role("button", name="It is in your closet").wait_for()
    assert files(folder, "closet_pictures") == 2
    page.get_by_role("button", name="Share it by a link").click()
    field = page.get_by_label("Link for friends")
    field.wait_for()
    assert field.evaluate("field => field === document.activeElement"), "where a keyboard goes on"
    violations = axe.Axe().run(page).response["violations"]
    assert violations == [], [(one["id"], one["nodes"][0]["html"]) for one in violations]
    friend = page.context.browser.new_page(viewport={"width": 390, "height": 800})
    friend.goto(field.input_value())
    friend.get_by_role("img", name="A picture made by a computer").wait_for()
    assert friend.evaluate("document.querySelector('img').naturalWidth") == PERSON.shape[1]
    assert friend.evaluate("document.documentElement.scrollWidth <= innerWidth")
    violations = axe.Axe().run(friend).response["violations"]
    assert violations == [], [(one["id"], one["nodes"][0]["html"]) for one in violations]
    page.get_by_role("button", name="Take it back").click()
    page.get_by_role("button", name="Share it by a link").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Share it by a link"
    friend.reload()
    friend.get_by_role("heading", name="This link opens nothing").wait_for()
    friend.close()
    page.get_by_role("button", name="Throw it away").click()
    assert picture.count() == 0
    assert page.evaluate("document.activeElement.className") == "dressing", "not at the top of the page"
    page.get_by_role("button", name="Your photo 1").click()
    picture.wait_for()
    page.get_by_role("button", name="Take out").click()
    page.get_by_role("button", name="Your photo 1").wait_for(state="detached")
    assert files(folder, "closet_pictures") == 1


def test_a_photo_that_will_not_do_is_refused_in_words_and_nothing_is_kept(
    page: Any, folder: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.png"
    empty.write_bytes(png(np.full((300, 300, 3), 200, np.uint8)))
    me = tmp_path / "me.png"
    me.write_bytes(png(photo_of(PERSON)))
    page.goto(f"{page.address}/#/product?id=top")
    page.get_by_label("A photo of you").set_input_files(empty)
    page.locator(".dressing .wrong").wait_for()
    assert len(page.locator(".dressing .wrong").inner_text()) > 10
    assert events(folder) == [] and files(folder, "closet_pictures") == 0
    page.get_by_label("A photo of you").set_input_files(me)
    page.locator(".dressed-result img").wait_for()
    assert page.locator(".dressing .wrong").count() == 0
    page.get_by_label("A photo of you").set_input_files(empty)
    page.locator(".dressing .wrong").wait_for()
    assert page.locator(".dressed-result").count() == 0, "the picture before is no answer to this photo"


def test_on_a_model_and_from_its_side_at_a_phones_width(page: Any, folder: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not here: `make setup`")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{page.address}/#/product?id=tee")
    select = page.get_by_label("Model")
    select.wait_for()
    assert all("woman" in text for text in select.locator("option").all_inner_texts())
    select.select_option("ada")
    page.get_by_role("button", name="See it on a model").click()
    page.locator(".dressed-result img").wait_for()
    assert events(folder) == [("tee", KindCode.TRY_ON)]
    page.get_by_role("button", name="Turn it").click()
    slider = page.get_by_role("slider", name="Turn Women's red T-shirt")
    told = page.locator(".turner .wrong")
    slider.or_(told).wait_for()
    if slider.count():
        angle = page.locator(".turning canvas").get_attribute("data-angle")
        slider.press("ArrowRight")
        assert page.locator(".turning canvas").get_attribute("data-angle") != angle
        assert "degrees" in (slider.get_attribute("aria-valuetext") or "")
        slider.press("ArrowLeft")
        assert slider.get_attribute("aria-valuetext") == "from the front"
    else:
        assert "not told surely enough" in told.inner_text(), "what may not be trusted is not shown"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    violations = axe.Axe().run(page).response["violations"]
    assert violations == [], [(one["id"], one["nodes"][0]["html"]) for one in violations]


def test_what_is_not_worn_has_no_dressing_room(page: Any) -> None:
    page.goto(f"{page.address}/#/product?id=lamp")
    page.get_by_role("heading", name="Lamp", exact=True).wait_for()
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("heading", name="See it worn").count() == 0
    assert page.get_by_role("button", name="Turn it").count() == 0


class OwnPages:
    """Pages of a shop of another origin, in German, each of one product, that hold the dressing room's script."""

    def __init__(self) -> None:
        pages = self

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = pages.html(self.path.strip("/")).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.origin = f"http://localhost:{self.server.server_address[1]}"
        self.shop = self.key = ""

    def html(self, product: str) -> str:
        script = f'src="{self.shop}/dressing-room.js" data-key="{self.key}" data-product="{product}"'
        head = (
            "<meta charset=utf-8><meta name=viewport content='width=device-width'><title>Ein Stück</title>"
            "<link rel=icon href='data:,'>"
        )
        body = f"<main><h1>Ein Stück</h1><script {script} defer></script></main>"
        return f"<!doctype html><html lang=de><head>{head}</head><body>{body}"


@pytest.fixture
def own_pages(folder: Path, serve: Callable[[Path], str]) -> Iterator[OwnPages]:
    pages = OwnPages()
    thread = threading.Thread(target=pages.server.serve_forever, daemon=True)
    thread.start()
    with (folder / "bottega.toml").open("a") as settings:
        settings.write(f'browser_origins = ["{pages.origin}"]\nworker = false\n')
    with ShopFolder.open(folder) as shop:
        pages.key = shop.store.keys.create("pages", KeyKind.PUBLISHABLE)
    pages.shop = serve(folder)
    yield pages
    pages.server.shutdown()
    thread.join(10)
    pages.server.server_close()


def test_on_a_page_of_the_merchants_own_in_german_on_a_phone_in_the_dark(
    browser: Any, own_pages: OwnPages, folder: Path, tmp_path: Path
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not here: `make setup`")
    me, empty = tmp_path / "me.png", tmp_path / "empty.png"
    me.write_bytes(png(photo_of(PERSON)))
    empty.write_bytes(png(np.full((300, 300, 3), 200, np.uint8)))
    context = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark", locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(240_000)
    faults: list[str] = []
    asked: list[Any] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: asked.append(request))

    page.goto(f"{own_pages.origin}/top")
    page.get_by_role("heading", name="Angezogen sehen").wait_for()
    photo_of_you = page.get_by_label("von Ihnen")
    photo_of_you.set_input_files(me)
    picture = page.get_by_role("img", name="angezogen; ein Bild, das ein Computer gemacht hat")
    picture.wait_for()
    assert picture.evaluate("one => one.naturalWidth") == PERSON.shape[1]
    assert page.get_by_text("Dieses Bild hat ein Computer gemacht").is_visible()
    violations = axe.Axe().run(page).response["violations"]
    assert violations == [], [(one["id"], one["nodes"][0]["html"]) for one in violations]
    photo_of_you.set_input_files(empty)
    page.get_by_text("Das ging nicht.").wait_for()
    assert picture.count() == 0, "the picture before is no answer to this photo"
    sent = [one.url for one in asked if "multipart" in one.headers.get("content-type", "")]
    assert sent == [f"{own_pages.shop}/v1/studio/try-on"] * 2, "a photo goes there and nowhere else"

    page.goto(f"{own_pages.origin}/tee")
    select = page.get_by_label("Model")
    select.wait_for()
    select.select_option("ada")
    page.get_by_role("button", name="An einem Model zeigen").press("Enter")
    picture.wait_for()
    page.get_by_role("button", name="Verwerfen").press("Enter")
    assert picture.count() == 0
    focus = page.evaluate("document.activeElement.shadowRoot.activeElement.textContent")
    assert focus == "An einem Model zeigen", "where a keyboard goes on"
    page.get_by_role("button", name="Drehen").press("Enter")
    slider = page.get_by_role("slider", name="Drehen")
    unsure = page.get_by_text("nicht sicher genug zu erkennen")
    slider.or_(unsure).wait_for()
    if slider.count():
        before = slider.get_attribute("aria-valuetext")
        slider.press("ArrowRight")
        assert slider.get_attribute("aria-valuetext") != before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.evaluate("bottegaDressingRoom.show('lamp')")
    page.get_by_role("heading", name="Angezogen sehen").wait_for(state="hidden")
    assert {one.url.partition("://")[2].partition("/")[0] for one in asked if one.url.startswith("http")} == {
        own_pages.origin.partition("://")[2],
        own_pages.shop.partition("://")[2],
    }
    assert faults == [] and events(folder) == [], "nobody said who they are"
    context.close()
