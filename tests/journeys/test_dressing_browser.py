"""A visitor sees a piece on themselves, on a model and from its side, in a real browser, wide and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from bottega.names import FloatArray, KindCode
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures import put_picture


class DrawnParts:
    """A parser that knows the drawn person."""

    version = "drawn"

    def parse_labels(self, photos: list[Photo]) -> list[LabelMap]:
        return [parse(one) for one in photos]

    def parse(self, photos: list[Photo]) -> list[FloatArray]:
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
