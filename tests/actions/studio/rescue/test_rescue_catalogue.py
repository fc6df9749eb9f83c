"""A whole catalogue: better photos wait as suggestions, are accepted and taken back, and originals stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.actions.jobs.ask import start_job
from bottega.actions.jobs.perform import perform
from bottega.actions.jobs.shapes import StartJobRequest
from bottega.actions.studio.rescue.rescue_catalogue import rescue_catalogue
from bottega.actions.studio.rescue.shapes import RescueCatalogueRequest
from bottega.actions.vision.shapes import DecisionRequest, SuggestionQuery
from bottega.actions.vision.suggestions import decide_suggestions, list_suggestions
from bottega.catalogue.product import Product
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.errors import CatalogueEmpty, ProductUnknown
from bottega.models.studio.rescue.rescue import Rescue
from bottega.shop.listings.accepted import with_accepted
from bottega.shop.open_shop import OpenShop


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None], plain_parts: type) -> OpenShop:
    """A mug on white, noise, a broken file, and a product without a photo."""
    ships(rescue=Rescue.fresh(rng=np.random.default_rng(0)), parts=plain_parts())
    shop = OpenShop.open(tmp_path / "shop")
    shop.folder.images.mkdir(parents=True)
    mug = np.full((120, 120, 3), 250, np.uint8)
    mug[40:100, 35:80] = (30, 90, 60)
    Image.fromarray(mug).save(shop.folder.images / "mug.png")
    noise = np.random.default_rng(0).integers(0, 255, (90, 90, 3)).astype(np.uint8)
    Image.fromarray(noise).save(shop.folder.images / "noise.png")
    (shop.folder.images / "broken.png").write_bytes(b"no picture")
    shop.upsert(
        [
            Product(id="mug", title="Mug", images=("mug.png", "noise.png")),
            Product(id="noise", title="Noise", images=("noise.png",)),
            Product(id="broken", title="Broken", images=("broken.png",)),
            Product(id="web", title="Elsewhere", images=("https://shop.example/a.jpg", "mug.png")),
            Product(id="none", title="None"),
        ]
    )
    return shop


def images(shop: OpenShop, product_id: str = "mug") -> tuple[str, ...]:
    return shop.store.products.get([product_id])[product_id].images


def test_every_product_is_counted_once_and_nothing_is_written_over(shop: OpenShop) -> None:
    told: list[tuple[str, int, int | None]] = []
    report = rescue_catalogue(
        shop,
        RescueCatalogueRequest(preset="small"),
        progress=lambda task, done, total=None, note="": told.append((task, done, total)),
    )
    assert (report.products, report.suggested, report.without_photo, report.no_product) == (5, 1, 2, 1)
    assert list(report.unreadable) == ["broken"] and told[-1] == ("rescuing photos", 5, 5)
    assert images(shop) == ("mug.png", "noise.png")


def test_accepting_shows_the_new_photo_and_undoing_the_old_one(shop: OpenShop) -> None:
    rescue_catalogue(shop, RescueCatalogueRequest(preset="small", product_ids=["mug"]))
    (one,) = list_suggestions(shop, SuggestionQuery(kind="picture")).suggestions
    assert (one.attribute, one.present, one.product_id) == ("images", "mug.png", "mug")
    made = shop.folder.images / one.value
    with Image.open(made) as picture:
        assert picture.size == (800, 800)
    assert (shop.folder.images / "mug.png").exists()
    assert source_type_of(made.read_bytes()) in (SourceType.ENHANCED, SourceType.PARTLY_GENERATED)
    decided = decide_suggestions(shop, DecisionRequest(decision="accept", numbers=[one.number]))
    assert decided.written == 1 and images(shop) == (one.value, "noise.png")
    decide_suggestions(shop, DecisionRequest(decision="undo", numbers=[], batch=decided.batch))
    assert images(shop) == ("mug.png", "noise.png")


def test_an_accepted_photo_lasts_until_the_merchant_sends_another(shop: OpenShop) -> None:
    rescue_catalogue(shop, RescueCatalogueRequest(preset="small", product_ids=["mug"]))
    decide_suggestions(shop, DecisionRequest(decision="accept", numbers=[], above=0.5, kind="picture"))
    new = images(shop)[0]
    sent = Product(id="mug", title="Mug", images=("mug.png", "noise.png"))
    (same,) = with_accepted(shop.folder, [sent], from_merchant=["mug"])
    assert same.images == (new, "noise.png")
    other = sent.model_copy(update={"images": ("other.png",)})
    (own,) = with_accepted(shop.folder, [other], from_merchant=["mug"])
    assert own.images == ("other.png",)


def test_running_it_again_doubles_nothing(shop: OpenShop) -> None:
    for _ in range(2):
        rescue_catalogue(shop, RescueCatalogueRequest(preset="small"))
    page = list_suggestions(shop, SuggestionQuery(kind="picture"))
    assert len(page.suggestions) == 1
    decide_suggestions(shop, DecisionRequest(decision="reject", numbers=[page.suggestions[0].number]))
    assert rescue_catalogue(shop, RescueCatalogueRequest(preset="small")).suggested == 0


def test_what_was_made_here_is_not_made_again(shop: OpenShop) -> None:
    asked = RescueCatalogueRequest(preset="small", product_ids=["mug"], only_new=True)
    assert rescue_catalogue(shop, asked).suggested == 1
    assert (again := rescue_catalogue(shop, asked)).suggested == 0 and again.unchanged == 1
    decide_suggestions(shop, DecisionRequest(decision="accept", numbers=[], above=0.5, kind="picture"))
    whole = rescue_catalogue(shop, RescueCatalogueRequest(preset="square", product_ids=["mug"]))
    assert whole.suggested == 0 and whole.unchanged == 1


@pytest.mark.parametrize(("wish", "jobs"), [("off", []), ("square", [{"only_new": True, "preset": "square"}])])
def test_an_import_asks_for_it_where_the_merchant_wants_that(
    shop: OpenShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wish: str, jobs: list[dict[str, object]]
) -> None:
    monkeypatch.setenv("BOTTEGA_RESCUE_ON_IMPORT", wish)
    feed = tmp_path / "feed"
    feed.mkdir()
    Image.new("RGB", (50, 50), "white").save(feed / "pot.png")
    (feed / "feed.csv").write_text("id,title,image\npot,Pot,pot.png\n")
    with OpenShop.open(tmp_path / "other") as other:
        report = import_catalogue(other, ImportCatalogueRequest(source=str(feed)))
        waiting = [job.request for job in other.store.jobs.unfinished() if job.verb == "rescue_catalogue"]
    assert report.images == 1 and waiting == jobs and ("rescue_on_import" in " ".join(report.notes)) == bool(jobs)


def test_it_is_a_job(shop: OpenShop) -> None:
    start_job(shop, StartJobRequest(verb="rescue_catalogue", request={"preset": "small"}))
    job = shop.store.jobs.claim("here", now_ms=1, lease_ms=1000)
    assert job is not None and perform(shop, job)["suggested"] == 1


def test_what_is_not_there_is_refused(shop: OpenShop, tmp_path: Path) -> None:
    with pytest.raises(ProductUnknown):
        rescue_catalogue(shop, RescueCatalogueRequest(product_ids=["mug", "nobody"]))
    with pytest.raises(CatalogueEmpty):
        rescue_catalogue(OpenShop.open(tmp_path / "empty"), RescueCatalogueRequest())
