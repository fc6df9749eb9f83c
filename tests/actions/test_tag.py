"""Tags of photos, suggestions and what becomes of them, by an eye that sees two shapes in four colours."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from PIL import Image

from bottega.actions import tag, tag_catalogue
from bottega.actions.eye import look_at_catalogue
from bottega.actions.import_catalogue import import_catalogue
from bottega.actions.listing import Spelling, value_of, with_value
from bottega.actions.shop import Shop, open_shop
from bottega.actions.suggestions import (
    DecisionAnswer,
    DecisionRequest,
    all_suggestions,
    decide_suggestions,
    list_suggestions,
)
from bottega.catalogue.product import Product
from bottega.datasets.photos import Photo
from bottega.errors import CatalogueEmpty, PhotoRefused, RequestInvalid
from bottega.models.vision.eye import Looks
from bottega.names import FloatArray
from bottega.progress import Progress, silent
from bottega.store.suggestions import SuggestionKind, SuggestionState

COLOURS = {"Red": (200, 30, 30), "Green": (30, 160, 40), "Blue": (30, 40, 190), "Yellow": (220, 200, 40)}
SHAPES = ("Belts", "Trousers")
MODELS = ("Alba", "Brio", "Como", "Duca", "Elba", "Foro", "Gita", "Hera", "Isola", "Luna")


def drawn(shape: str, colour: str, shift: int = 0) -> Photo:
    """A wide or a tall block of one colour on white, or grey all over."""
    photo = np.full((64, 64, 3), 255, dtype=np.uint8)
    if shape not in SHAPES:
        photo[:] = 128
        return photo
    down, right = (slice(26, 38), slice(6 + shift, 52 + shift))[:: 1 if shape == "Belts" else -1]
    photo[down, right] = COLOURS[colour]
    return photo


def png(photo: Photo) -> bytes:
    stream = BytesIO()
    Image.fromarray(photo).save(stream, "PNG")
    return stream.getvalue()


class BlockEye:
    """Knows blocks by measuring them; not sure of yellow."""

    heads: ClassVar = {
        "category": ("Apparel", "Accessories"),
        "subcategory": ("Belts", "Bottomwear"),
        "type": SHAPES,
        "color": tuple(COLOURS),
        "photo_kind": ("product", "none"),
    }
    words = ("wide", "tall")
    floors: ClassVar[dict[str, float]] = {}
    implies: ClassVar = {
        "type>subcategory": np.eye(2, dtype=np.float32),
        "subcategory>category": np.array([[0, 1], [1, 0]], dtype=np.float32),
    }
    version = "blocks-1"
    config = SimpleNamespace(image_px=64)

    def look(self, photos: Sequence[Photo], *, progress: Progress = silent) -> Looks:
        rows = [self._measured(photo) for photo in photos]
        shapes = np.array([row[0] for row in rows], dtype=np.float32).reshape(-1, 2)
        colours = np.array([row[1] for row in rows], dtype=np.float32).reshape(-1, 4)
        nothing = np.array([row[2] for row in rows], dtype=np.float32).reshape(-1, 1)
        beliefs: dict[str, FloatArray] = {
            "category": shapes[:, ::-1],
            "subcategory": shapes,
            "type": shapes,
            "color": colours,
            "photo_kind": np.concatenate([1 - nothing, nothing], axis=1),
        }
        vectors = np.zeros((len(photos), 128), dtype=np.float32)
        vectors[:, :2], vectors[:, 2:6] = shapes, colours
        for row, photo in enumerate(photos):
            vectors[row, 6:38] = np.asarray(Image.fromarray(photo).convert("L").resize((32, 1)))[0] / 255
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
        return Looks(vectors, beliefs, shapes)

    def _measured(self, photo: Photo) -> tuple[list[float], list[float], float]:
        block = (photo < 250).any(axis=2)
        if block.all():
            return [0.5, 0.5], [0.25] * 4, 0.9
        down, right = (np.ptp(found) for found in np.nonzero(block))
        colour = int(np.argmin([np.abs(photo[block].mean(0) - rgb).sum() for rgb in COLOURS.values()]))
        sure = 0.4 if colour == 3 else 0.91
        chances = [(1 - sure) / 3] * 4
        chances[colour] = sure
        return ([0.95, 0.05] if right > down else [0.05, 0.95]), chances, 0.02


@pytest.fixture(autouse=True)
def _eye(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (tag, tag_catalogue):
        monkeypatch.setattr(module, "eye_of", lambda shop: BlockEye())


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Ten lines of each shape in three sure colours, labelled; then bare ones, broken ones and one without a photo."""
    with open_shop(tmp_path / "shop") as opened:
        opened.images.mkdir()
        products = []
        for shape in SHAPES:
            for number in range(10):
                for colour in ("Red", "Green", "Blue"):
                    name = f"{shape}-{number}-{colour}"
                    (opened.images / f"{name}.png").write_bytes(png(drawn(shape, colour, number % 5)))
                    products.append(
                        Product(
                            id=name,
                            title=f"{colour} {shape} {MODELS[number]}",
                            category=("Clothes", shape),
                            images=(f"{name}.png",),
                            attributes={"colour": (colour.lower(),)},
                        )
                    )
        unknown = {"bare": drawn("Belts", "Blue"), "yellow": drawn("Trousers", "Yellow"), "grey": drawn("", "")}
        for name, photo in unknown.items():
            (opened.images / f"{name}.png").write_bytes(png(photo))
            products.append(Product(id=name, title=name, images=(f"{name}.png",)))
        (opened.images / "broken.png").write_bytes(b"no picture at all")
        products.append(Product(id="bare/2", title="bare", images=("bare.png",)))
        products.append(Product(id="broken", title="broken", images=("broken.png",)))
        products.append(Product(id="photoless", title="photoless", images=("https://example.com/a.png",)))
        opened.store.products.upsert(products)
        yield opened


def decide(shop: Shop, decision: str, **wanted: object) -> DecisionAnswer:
    """Decide on the open suggestions whose fields are as wanted."""
    numbers = [
        one.number
        for one in all_suggestions(shop.store)
        if all(getattr(one, name) == value for name, value in wanted.items())
    ]
    return decide_suggestions(shop, DecisionRequest.model_validate({"decision": decision, "numbers": numbers}))


def opens(shop: Shop, kind: SuggestionKind = SuggestionKind.FILL) -> dict[tuple[str, str], str]:
    return {(one.product_id, one.attribute): one.value for one in all_suggestions(shop.store, kind=kind)}


def test_a_photo_is_tagged(shop: Shop) -> None:
    answer = tag.tag_photos(
        shop, [("a.png", png(drawn("Trousers", "Green"))), ("b.png", png(drawn("Belts", "Yellow")))]
    )
    first, second = answer.photos
    assert answer.eye == "blocks-1" and [first.photo, second.photo] == ["a.png", "b.png"]
    assert {one.head: one.value for one in first.tags} == {
        "category": "Apparel",
        "subcategory": "Bottomwear",
        "type": "Trousers",
        "color": "Green",
    }
    assert first.product_photo and first.photo_kind and first.photo_kind.value == "product" and not first.unknown
    assert [(word.value, word.confidence) for word in first.words] == [("tall", 0.95)]
    colour = first.colours[0]
    assert colour.share > 0.9 and colour.lab[1] < -30 < 20 < colour.lab[2], "green by its pixels, not by its name"
    assert [one.head for one in second.unknown] == ["color"]
    assert "Yellow (40%) or" in second.unknown[0].why and "50% would be needed" in second.unknown[0].why


def test_no_product_and_no_photo(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "grey.png"
    path.write_bytes(png(drawn("", "")))
    answer = tag.tag_photos(shop, [("grey", path), ("text", b"hello there")])
    grey, text = answer.photos
    assert not grey.product_photo and grey.why_not and "not a product photo" in grey.why_not and not grey.tags
    assert not grey.colours and grey.photo_kind and grey.photo_kind.value == "none"
    assert text.refused and "text" in text.refused and "JPEG" in text.refused
    with pytest.raises(PhotoRefused, match="text"):
        tag.tag_photos(shop, [("text", b"hello there")])


def woven(seed: int) -> Photo:
    """Cloth that fills the picture: blocks have too few waves for a hash to tell them apart."""
    cloth = np.random.default_rng(seed).integers(0, 240, (12, 12, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(cloth).resize((64, 64), Image.Resampling.BICUBIC))


def test_the_same_picture_is_recognised(shop: Shop) -> None:
    for seed in (1, 2):
        (shop.images / f"woven-{seed}.png").write_bytes(png(woven(seed)))
    images = {"one": 1, "again": 1, "other": 2}
    shop.store.products.upsert(
        [Product(id=name, title=name, images=(f"woven-{seed}.png",)) for name, seed in images.items()]
    )
    photo = Image.fromarray(woven(1)).resize((128, 128), Image.Resampling.LANCZOS)
    copy = BytesIO()
    photo.save(copy, "JPEG", quality=85)
    sent = [("copy.jpg", copy.getvalue()), ("new.png", png(woven(3)))]
    assert [one.same_picture_as for one in tag.tag_photos(shop, sent).photos] == [[], []], "nobody has looked yet"
    look_at_catalogue(shop, BlockEye())  # type: ignore[arg-type]
    found = tag.tag_photos(shop, sent).photos
    assert set(found[0].same_picture_as) == {"one", "again"} and found[1].same_picture_as == []
    shop.store.products.upsert([Product(id="one", title="one")])
    assert tag.tag_photos(shop, sent).photos[0].same_picture_as == ["again"], "it shows that picture no more"


def test_empty_attributes_become_suggestions_once(shop: Shop) -> None:
    before = shop.store.products.all()
    report = tag_catalogue.tag_catalogue(shop)
    assert report.products == 66 == report.looked + report.without_photo + len(report.unreadable)
    assert report.without_photo == 1 and set(report.unreadable) == {"broken"} and report.no_product == 1
    assert opens(shop) == {
        ("bare", "category"): "Clothes > Belts",
        ("bare", "color"): "blue",
        ("bare/2", "category"): "Clothes > Belts",
        ("bare/2", "color"): "blue",
        ("yellow", "category"): "Clothes > Trousers",
    }, "spelt as this shop spells; yellow is not sure enough, grey is no product"
    assert report.added == report.open == 5 and report.withdrawn == 0 and not report.doubts
    assert report.empty == {"category": 4, "color": 4}, "of what this eye has a head for"
    assert report.filled == {"category": 3, "color": 2}
    assert shop.store.products.all() == before, "nothing is written"
    numbers = {one.number for one in all_suggestions(shop.store)}
    again = tag_catalogue.tag_catalogue(shop)
    assert again.added == 0 and again.open == 5 and {one.number for one in all_suggestions(shop.store)} == numbers
    shop.store.products.upsert([with_value(shop.store.products.get(["bare"])["bare"], "color", "navy")])
    assert tag_catalogue.tag_catalogue(shop).withdrawn == 1 and ("bare", "color") not in opens(shop)


def test_accepting_writes_and_rejecting_is_remembered(shop: Shop) -> None:
    tag_catalogue.tag_catalogue(shop)
    _, newest = shop.store.products.changed_since(0)
    accepted = decide(shop, "accept", product_id="bare")
    assert accepted.decided == 2 and accepted.written == 1 and not accepted.left
    changed, _ = shop.store.products.changed_since(newest)
    assert [product.id for product in changed] == ["bare"], "a revision of its own, for whoever follows"
    assert changed[0].category == ("Clothes", "Belts") and changed[0].attributes == {"color": ("blue",)}
    assert decide(shop, "reject", product_id="bare/2", attribute="color").decided == 1
    assert tag_catalogue.tag_catalogue(shop).added == 0
    assert opens(shop) == {("bare/2", "category"): "Clothes > Belts", ("yellow", "category"): "Clothes > Trousers"}
    page = list_suggestions(shop, state="accepted")
    assert {(one.product_id, one.title, one.state) for one in page.suggestions} == {("bare", "bare", "accepted")}
    assert page.counts == {"fill accepted": 2, "fill open": 2, "fill rejected": 1}


def test_what_cannot_be_decided_is_left_and_said(shop: Shop) -> None:
    tag_catalogue.tag_catalogue(shop)
    shop.store.products.upsert([with_value(shop.store.products.get(["yellow"])["yellow"], "category", "Sale")])
    (late,) = [one for one in all_suggestions(shop.store) if one.product_id == "yellow"]
    answer = decide_suggestions(shop, DecisionRequest(decision="accept", numbers=[late.number, 99_999]))
    assert answer.decided == answer.written == 0
    assert [one.why for one in answer.left] == [
        "The product says 'Sale' for category by now.",
        "There is no suggestion of this number.",
    ]
    assert shop.store.products.get(["yellow"])["yellow"].category == ("Sale",), "never written over"
    assert decide_suggestions(shop, DecisionRequest(decision="reject", numbers=[late.number])).decided == 1
    (again,) = decide_suggestions(shop, DecisionRequest(decision="accept", numbers=[late.number])).left
    assert again.why == "It was rejected before."


def test_an_import_keeps_what_was_accepted_and_wins_with_its_own(shop: Shop, tmp_path: Path) -> None:
    tag_catalogue.tag_catalogue(shop)
    decide(shop, "accept", attribute="color")
    feed = tmp_path / "feed.csv"
    feed.write_text("id,title,color\nbare,Bare belt,\nbare/2,Bare belt,violet\n")
    report = import_catalogue(shop, feed)
    assert report.updated == 2 and report.rejected == 0
    products = shop.store.products.get(["bare", "bare/2"])
    assert value_of(products["bare"], "color") == "blue" and products["bare"].title == "Bare belt"
    assert value_of(products["bare/2"], "color") == "violet"
    assert import_catalogue(shop, feed).unchanged == 2


def test_doubts_come_worst_first_and_can_be_settled(shop: Shop) -> None:
    wrong = {"Belts-3-Red": "Trousers", "Trousers-7-Blue": "Belts"}
    known = shop.store.products.get(wrong)
    shop.store.products.upsert([with_value(known[name], "category", f"Clothes > {to}") for name, to in wrong.items()])
    report = tag_catalogue.tag_catalogue(shop)
    assert {doubt.product_id for doubt in report.doubts if doubt.attribute == "category"} == set(wrong)
    assert [doubt.log_odds for doubt in report.doubts] == sorted(doubt.log_odds for doubt in report.doubts)
    first = report.doubts[0]
    assert first.present == f"Clothes > {wrong[first.product_id]}" != first.proposed and first.confidence > 0.5
    assert report.doubts_file and report.doubts_file == shop.root / tag_catalogue.DOUBTS_FILE
    with report.doubts_file.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["product_id"] for row in rows] == [doubt.product_id for doubt in report.doubts]
    assert opens(shop, SuggestionKind.DOUBT)["Belts-3-Red", "category"] == "Clothes > Belts"
    assert decide(shop, "accept", product_id="Belts-3-Red", attribute="category").written == 1
    assert value_of(shop.store.products.get(["Belts-3-Red"])["Belts-3-Red"], "category") == "Clothes > Belts"
    decide(shop, "reject", product_id="Trousers-7-Blue", attribute="category")
    assert not [one for one in tag_catalogue.tag_catalogue(shop).doubts if one.attribute == "category"]


def test_pages_and_refusals(shop: Shop, tmp_path: Path) -> None:
    tag_catalogue.tag_catalogue(shop)
    page = list_suggestions(shop, kind="fill", limit=2)
    rest = list_suggestions(shop, limit=10, after=page.next)
    assert len(page.suggestions) == 2 and len(rest.suggestions) == 3 and rest.next is None
    assert len({one.number for one in page.suggestions + rest.suggestions}) == 5
    with pytest.raises(RequestInvalid, match="cursor"):
        list_suggestions(shop, after="x")
    assert not list(all_suggestions(shop.store, SuggestionState.OPEN, SuggestionKind.DOUBT))
    with open_shop(tmp_path / "none") as empty, pytest.raises(CatalogueEmpty, match="bottega import catalogue"):
        tag_catalogue.tag_catalogue(empty)


def test_the_shop_s_own_words() -> None:
    spelling = Spelling([Product(id="1", title="a", category=("Home", "T-Shirts"), attributes={"sex": ("female",)})])
    assert spelling.of("gender", "Women") == "female" and spelling.of("gender", "Men") == "Men"
    assert spelling.of("category", "Apparel > Topwear > Tshirts") == "Home > T-Shirts"
    assert spelling.of("category", "Accessories > Watches > Watches") == "Accessories > Watches"
    assert spelling.of("category", "Home > Home > Beds > Beds") == "Home > Beds", (
        "levels of a shop's own eye hold paths"
    )
