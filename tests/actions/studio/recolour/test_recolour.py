"""Photos in another colour: colours as people say them, products lying and worn, refusals, and missing variants."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bottega.actions.jobs.ask import start_job
from bottega.actions.jobs.perform import perform
from bottega.actions.jobs.shapes import StartJobRequest
from bottega.actions.studio.asked_colour import asked_colour
from bottega.actions.studio.recolour.recolour import recolour_here, recolour_photos
from bottega.actions.studio.recolour.recolour_missing import recolour_missing
from bottega.actions.studio.recolour.shapes import MissingColoursRequest, RecolourRequest
from bottega.actions.vision.shapes import DecisionRequest, SuggestionQuery
from bottega.actions.vision.suggestions import decide_suggestions, list_suggestions
from bottega.catalogue.product import Product
from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import CatalogueEmpty, EditRefused, PhotoRefused, ProductUnknown, RequestInvalid
from bottega.shop.listings.accepted import with_accepted
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload


def shirt(colour: tuple[int, int, int] = (40, 70, 150)) -> Photo:
    pixels = np.full((120, 120, 3), 255, np.uint8)
    shade = 1 + 0.1 * np.sin(np.arange(70) / 5)
    pixels[30:100, 25:95] = np.clip(np.array(colour)[None, None] * shade[None, :, None], 0, 255)
    return pixels


def test_a_colour_of_somebody_is_refused() -> None:
    with pytest.raises(EditRefused, match="skin"):
        asked_colour("darker skin")


def png(photo: Photo) -> bytes:
    file = BytesIO()
    Image.fromarray(photo).save(file, "PNG")
    return file.getvalue()


def asked(*photos: bytes, **said: object) -> RecolourRequest:
    uploads = [Upload(name=f"{place}.png", content=content) for place, content in enumerate(photos)]
    return RecolourRequest.model_validate({"photos": uploads} | said)


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None], plain_parts: type) -> OpenShop:
    """A shirt in three colours and two sizes, of which only blue has a photo; and what else a shop has."""
    ships(parts=plain_parts())
    shop = OpenShop.open(tmp_path / "shop")
    shop.folder.images.mkdir(parents=True)
    Image.fromarray(shirt()).save(shop.folder.images / "blue.png")
    Image.new("RGB", (60, 60), "white").save(shop.folder.images / "blank.png")

    def one(name: str, group: str, colour: str, *images: str) -> Product:
        return Product(id=name, group_id=group, title="Shirt", attributes={"color": (colour,)}, images=images)

    shop.upsert(
        [
            one("blue-s", "shirt", "blue", "blue.png"),
            one("blue-m", "shirt", "Blue"),
            one("red-s", "shirt", "red"),
            one("red-m", "shirt", "red"),
            one("plaid", "shirt", "plaid"),
            one("alone", "cup", "red"),
            one("pot-a", "pot", "white", "blank.png"),
            one("pot-b", "pot", "green"),
            Product(id="none", title="None"),
        ]
    )
    return shop


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("weinrot", "maroon"),
        ("#800", "#880000"),
        ("rojo", "red"),
        ("bleu", "blue"),
        ("verde", "green"),
        ("#FFFFFF", "ffffff"),
    ],
)
def test_one_colour_has_many_names(one: str, other: str) -> None:
    assert asked_colour(one) == asked_colour(other)


def test_a_point_in_lab_and_what_is_none() -> None:
    assert asked_colour("lab(30, 5, -20)") == asked_colour("30 5 -20") == (30.0, 5.0, -20.0)
    for wrong, said in (("", "No colour"), ("soon", "'soon' is no colour"), ("lab(130, 0, 0)", "no colour of CIE Lab")):
        with pytest.raises(RequestInvalid, match=said):
            asked_colour(wrong)


def test_a_lying_product_takes_the_colour(shop: OpenShop) -> None:
    answer = recolour_photos(shop, asked(png(shirt()), b"no picture", to="rot", side_by_side=True))
    good, bad = answer.photos
    assert good.part == "product" and good.after and good.off is not None and good.off < 3
    assert good.light_kept is not None and good.light_kept > 0.97 and good.notes == []
    assert good.content and source_type_of(good.content) is SourceType.COMPOSED
    assert read_photo(good.content)[5, 5].min() >= 254
    assert good.side_by_side and read_photo(good.side_by_side).shape[1] > 240
    assert bad.refused and bad.content is None and answer.asked.hex == "#d01c1f"


def test_one_garment_of_somebody_changes_and_skin_does_not(ships: Callable[..., None], plain_parts: type) -> None:
    def labels(photo: Photo) -> LabelMap:
        found = np.zeros(photo.shape[:2], np.uint8)
        for part, rows in (("skin", slice(5, 30)), ("upper", slice(30, 75)), ("lower", slice(75, 115))):
            found[rows, 30:90] = PARTS.index(part)
        return found

    ships(parts=plain_parts(labels))
    photo = np.full((120, 120, 3), 255, np.uint8)
    photo[5:30, 30:90], photo[30:75, 30:90], photo[75:115, 30:90] = (200, 150, 120), (40, 70, 150), (60, 60, 60)
    for part, rows, others in (("upper", (40, 70), (80, 110)), ("lower", (80, 110), (40, 70))):
        (one,) = recolour_here(None, asked(png(photo), to="green", part=part)).photos
        assert one.part == part and one.content
        made = read_photo(one.content).astype(int)
        assert np.abs(made[slice(*rows), 40:80] - photo[slice(*rows), 40:80]).mean() > 20
        assert np.abs(made[slice(*others), 40:80] - photo[slice(*others), 40:80]).mean() < 3
        assert np.abs(made[8:26, 40:80] - photo[8:26, 40:80]).mean() < 3
    photo[30:40, 30:90] = (205, 155, 125)  # the neck, which the parser takes for the garment
    (one,) = recolour_here(None, asked(png(photo), to="green", part="upper")).photos
    assert one.content and np.abs(read_photo(one.content).astype(int)[31:38, 40:80] - photo[31:38, 40:80]).mean() < 4
    photo[30:75, 30:90] = (
        180,
        95,
        100,
    )  # a red that lists have among the colours of skin, and that is not the wearer's
    (one,) = recolour_here(None, asked(png(photo), to="green", part="upper")).photos
    assert one.content
    change = np.abs(read_photo(one.content).astype(int) - photo).mean(axis=2)
    assert change[40:70, 40:80].mean() > 20 and change[8:26, 40:80].mean() < 3
    photo[30:75, 30:90] = (205, 155, 125)
    with pytest.raises(PhotoRefused, match="cannot be told from skin"):
        recolour_here(None, asked(png(photo), to="green", part="upper"))
    with pytest.raises(PhotoRefused, match="none of the part shoes"):
        recolour_here(None, asked(png(photo), to="green", part="shoes"))


def test_where_no_skin_is_seen_any_colour_of_skin_is_refused(ships: Callable[..., None], plain_parts: type) -> None:
    def labels(photo: Photo) -> LabelMap:
        found = np.zeros(photo.shape[:2], np.uint8)
        found[5:30, 30:90], found[30:110, 30:90] = PARTS.index("hair"), PARTS.index("upper")
        return found

    ships(parts=plain_parts(labels))
    photo = np.full((120, 120, 3), 255, np.uint8)
    photo[5:30, 30:90], photo[30:60, 30:90], photo[60:110, 30:90] = (40, 30, 20), (200, 150, 120), (40, 70, 150)
    with pytest.raises(PhotoRefused, match="cannot be told from skin"):
        recolour_here(None, asked(png(photo), to="green", part="upper"))


def test_the_colour_of_another_product(shop: OpenShop) -> None:
    (one,) = recolour_photos(shop, asked(png(shirt((200, 40, 40))), like="blue-s")).photos
    assert one.after and one.after.lab[2] < -30
    for wrong, error in (("nobody", ProductUnknown), ("none", RequestInvalid)):
        with pytest.raises(error):
            recolour_photos(shop, asked(png(shirt()), like=wrong))
    with pytest.raises(RequestInvalid):
        recolour_photos(shop, asked(png(shirt()), like="blue-s", to="red"))
    with pytest.raises(RequestInvalid, match="no shop here"):
        recolour_here(None, asked(png(shirt()), like="blue-s"))


def test_what_shows_no_product_is_refused(shop: OpenShop) -> None:
    blank = png(np.full((60, 60, 3), 255, np.uint8))
    noise = png(np.random.default_rng(0).integers(0, 255, (90, 90, 3)).astype(np.uint8))
    for content, said in (
        (blank, "No product"),
        (noise, "no garment"),
        (b"text", "no picture"),
        (png(shirt()[:1, :1]), "1"),
    ):
        with pytest.raises(PhotoRefused, match=said):
            recolour_photos(shop, asked(content, to="red"))
    large = png(np.tile(shirt(), (20, 20, 1)))
    with pytest.raises(PhotoRefused, match="million pixels"):
        recolour_photos(shop, asked(large, to="red"))


def test_a_missing_colour_waits_as_a_suggestion(shop: OpenShop) -> None:
    report = recolour_missing(shop, MissingColoursRequest())
    assert (report.products, report.without_photo, report.suggested) == (9, 7, 2)
    assert (report.colour_shown, report.alone, report.colour_unknown) == (1, 2, {"plaid": "plaid"})
    assert list(report.not_made) == ["pot-b"]
    found = list_suggestions(shop, SuggestionQuery(kind="picture")).suggestions
    assert {one.product_id for one in found} == {"red-s", "red-m"} and len({one.value for one in found}) == 1
    made = (shop.folder.images / found[0].value).read_bytes()
    assert source_type_of(made) is SourceType.COMPOSED and read_photo(made)[60, 60, 0] > 180
    assert all(not shop.store.products.get([name])[name].images for name in ("red-s", "red-m"))


def test_accepting_shows_it_and_undoing_takes_it_away(shop: OpenShop) -> None:
    recolour_missing(shop, MissingColoursRequest(product_ids=["red-s"]))
    decided = decide_suggestions(shop, DecisionRequest(decision="accept", numbers=[], above=0.5, kind="picture"))
    product = shop.store.products.get(["red-s"])["red-s"]
    assert decided.written == 1 and len(product.images) == 1
    bare = product.model_copy(update={"images": ()})
    assert with_accepted(shop.folder, [bare], from_merchant=["red-s"])[0].images == product.images
    own = product.model_copy(update={"images": ("own.png",)})
    assert with_accepted(shop.folder, [own], from_merchant=["red-s"])[0].images == ("own.png",)
    decide_suggestions(shop, DecisionRequest(decision="undo", numbers=[], batch=decided.batch))
    assert shop.store.products.get(["red-s"])["red-s"].images == ()


def test_what_waits_or_was_rejected_is_not_proposed_again(shop: OpenShop) -> None:
    wish = MissingColoursRequest(product_ids=["red-s"])
    assert recolour_missing(shop, wish).suggested == 1
    assert (again := recolour_missing(shop, wish)).suggested == 0 and again.decided == 1
    decide_suggestions(shop, DecisionRequest(decision="reject", numbers=[], above=0.5, kind="picture"))
    assert (again := recolour_missing(shop, wish)).suggested == 0 and again.decided == 1


def test_a_made_photo_is_none_to_start_from(shop: OpenShop) -> None:
    recolour_missing(shop, MissingColoursRequest(product_ids=["red-s"]))
    decide_suggestions(shop, DecisionRequest(decision="accept", numbers=[], above=0.5, kind="picture"))
    blue = shop.store.products.get(["blue-s"])["blue-s"]
    shop.upsert([blue.model_copy(update={"images": ()})])
    report = recolour_missing(shop, MissingColoursRequest(product_ids=["blue-s"]))
    assert report.suggested == 0 and list(report.not_made) == ["blue-s"]


def test_it_is_a_job(shop: OpenShop) -> None:
    start_job(shop, StartJobRequest(verb="recolour_missing", request={}))
    job = shop.store.jobs.claim("here", now_ms=1, lease_ms=1000)
    assert job is not None and perform(shop, job)["suggested"] == 2


def test_what_is_not_there_is_refused(shop: OpenShop, tmp_path: Path) -> None:
    with pytest.raises(ProductUnknown):
        recolour_missing(shop, MissingColoursRequest(product_ids=["red-s", "nobody"]))
    with pytest.raises(CatalogueEmpty):
        recolour_missing(OpenShop.open(tmp_path / "empty"), MissingColoursRequest())
