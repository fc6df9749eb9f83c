"""Texts as suggestions: accepted, marked, taken back; and withdrawn when a fact of them changes."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import pytest

from bottega.actions.catalogue.export_catalogue import ExportCatalogueRequest, export_catalogue
from bottega.actions.vision.shapes import DecisionAnswer, DecisionRequest, SuggestionInfo, SuggestionQuery
from bottega.actions.vision.suggestions import decide_suggestions, list_suggestions
from bottega.actions.wording.shapes import WriteTextsRequest
from bottega.actions.wording.write_texts import write_texts
from bottega.catalogue.product import Product
from bottega.models.wording.success import Success
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.models_in_use import WORDING
from bottega.shop.trained.runs import keep_run
from bottega.shop.trained.wording_learnt import SUCCESS_FILE

MUG = Product(
    id="mug",
    title="Oakstead Enamel Mug",
    brand="Casa Limon",
    category=("Kitchen", "Mugs"),
    attributes={"color": ("lilac",), "material": ("enamel",)},
    price_minor=1090,
    currency="USD",
)


@pytest.fixture
def shop(tmp_path: Path) -> OpenShop:
    opened = OpenShop.open(tmp_path)
    opened.upsert([MUG])
    return opened


def product(shop: OpenShop) -> Product:
    return shop.store.products.get(["mug"])["mug"]


def texts(shop: OpenShop, state: str = "open") -> dict[str, SuggestionInfo]:
    page = list_suggestions(shop, SuggestionQuery.model_validate({"kind": "text", "state": state}))
    return {one.attribute: one for one in page.suggestions}


def decide(shop: OpenShop, decision: str, *numbers: int) -> DecisionAnswer:
    return decide_suggestions(shop, DecisionRequest.model_validate({"decision": decision, "numbers": list(numbers)}))


def test_texts_wait_and_fill_only_what_is_empty(shop: OpenShop) -> None:
    asked = WriteTextsRequest(all=True, parts=["title", "description", "image_alt"])
    report = write_texts(shop, asked)
    assert (report.products, report.suggested, report.full) == (1, 2, 1)
    assert set(texts(shop)) == {"description", "image_alt"} and product(shop) == MUG
    one = texts(shop)["description"]
    assert one.facts and "colour=lilac" in one.facts and one.diff == [f"+ {one.value}"]
    write_texts(shop, asked)
    assert len(texts(shop)) == 2


def test_an_accepted_text_is_marked_exported_so_and_can_be_taken_back(shop: OpenShop, tmp_path: Path) -> None:
    write_texts(shop, WriteTextsRequest(all=True, parts=["description"]))
    one = texts(shop)["description"]
    assert decide(shop, "accept", one.number).written == 1
    assert product(shop).description == one.value and product(shop).attributes["generated"] == ("description",)
    export_catalogue(shop, ExportCatalogueRequest.model_validate({"format": "google", "out": tmp_path / "feed.tsv"}))
    assert f'trained_algorithmic_media:""{one.value}' in (tmp_path / "feed.tsv").read_text()
    assert decide(shop, "undo", one.number).written == 1
    assert product(shop) == MUG and set(texts(shop)) == {"description"}


def test_a_rejected_text_is_not_proposed_again(shop: OpenShop) -> None:
    write_texts(shop, WriteTextsRequest(all=True, parts=["description"]))
    decide(shop, "reject", texts(shop)["description"].number)
    assert write_texts(shop, WriteTextsRequest(all=True, parts=["description"])).suggested == 0


def test_a_text_goes_when_a_fact_changes_and_another_is_written(shop: OpenShop) -> None:
    write_texts(shop, WriteTextsRequest(all=True, parts=["description"]))
    first = texts(shop)["description"]
    decide(shop, "accept", first.number)
    blue = MUG.model_copy(update={"attributes": {"color": ("blue",), "material": ("enamel",)}})
    shop.upsert([blue], from_merchant=["mug"])
    assert product(shop).description == "" and "generated" not in product(shop).attributes
    assert texts(shop, "withdrawn")["description"].number == first.number
    anew = texts(shop)["description"]
    assert "blue" in anew.value and "lilac" not in anew.value
    decide(shop, "accept", anew.number)
    assert product(shop).description == anew.value


def _keep(found: Success, place: Path) -> None:
    found.save(place / "model" / SUCCESS_FILE)


def test_a_text_written_anew_is_written_with_what_the_shop_learnt(shop: OpenShop) -> None:
    """Titles that say the colour before the material did far better, or far worse."""
    cups = [MUG.model_copy(update={"id": f"mug-{place}"}) for place in range(12)]
    blue = [one.model_copy(update={"attributes": {"color": ("blue",), "material": ("enamel",)}}) for one in cups]
    shop.upsert(cups)
    anew = []
    for weight in (2.0, -2.0):
        found = Success(
            accuracy=0.9, low=0.8, high=1.0, pairs=900, clusters=40, weights={"colour before material": weight}
        )
        keep_run(
            shop.folder,
            partial(_keep, found),
            room="wording",
            ability=WORDING,
            name=WORDING,
            folder=shop.folder.models / "wording" / WORDING,
            started=time.monotonic(),
            seed=0,
            products=12,
        )
        shop.upsert(cups, from_merchant=[one.id for one in cups])
        write_texts(
            shop,
            WriteTextsRequest(product_ids=[one.id for one in cups], parts=["title"], only_empty=False, language="de"),
        )
        shop.upsert(blue, from_merchant=[one.id for one in cups])
        page = list_suggestions(shop, SuggestionQuery.model_validate({"kind": "text", "state": "open"}))
        assert len(page.suggestions) == 12 and all("lila" not in one.value for one in page.suggestions)
        anew.append(sum("in Blau aus" in one.value for one in page.suggestions))
    assert anew[0] > 8 and anew[1] < 4


def test_an_open_text_goes_with_its_fact_too(shop: OpenShop) -> None:
    write_texts(shop, WriteTextsRequest(all=True, parts=["image_alt"]))
    blue = MUG.model_copy(update={"attributes": {"color": ("blue",), "material": ("enamel",)}})
    shop.upsert([blue], from_merchant=["mug"])
    assert "lilac" not in texts(shop)["image_alt"].value


def test_an_import_of_the_same_listing_keeps_the_text_and_the_merchants_own_wins(shop: OpenShop) -> None:
    write_texts(shop, WriteTextsRequest(all=True, parts=["title"], only_empty=False, seed=3))
    one = texts(shop)["title"]
    assert one.present == MUG.title
    decide(shop, "accept", one.number)
    shop.upsert([MUG], from_merchant=["mug"])
    assert product(shop).title == one.value and "title" in product(shop).attributes["generated"]
    renamed = MUG.model_copy(update={"title": "Oakstead Enamel Mug, New Handle"})
    shop.upsert([renamed], from_merchant=["mug"])
    assert product(shop).title == renamed.title


def test_an_alternative_text_of_the_merchants_is_kept_whatever_is_asked(shop: OpenShop) -> None:
    own = MUG.model_copy(update={"attributes": {**MUG.attributes, "image_alt": ("The mug on a table",)}})
    shop.upsert([own], from_merchant=["mug"])
    asked = WriteTextsRequest(all=True, parts=["image_alt"], only_empty=False)
    assert write_texts(shop, asked).full == 1 and texts(shop) == {}
    german = WriteTextsRequest(all=True, parts=["image_alt"], only_empty=False, language="de")
    assert write_texts(shop, german).suggested == 1, "where the merchant said nothing"
    assert product(shop).attributes["image_alt"] == ("The mug on a table",)


def test_an_accepted_alternative_text_fills_what_is_empty_until_the_merchant_writes_one(shop: OpenShop) -> None:
    write_texts(shop, WriteTextsRequest(all=True, parts=["image_alt"]))
    decide(shop, "accept", texts(shop)["image_alt"].number)
    accepted = product(shop).attributes["image_alt"]
    shop.upsert([MUG], from_merchant=["mug"])
    assert product(shop).attributes["image_alt"] == accepted, "an import that says nothing of it keeps it"
    other = WriteTextsRequest(all=True, parts=["image_alt"], only_empty=False, seed=5)
    assert write_texts(shop, other).full == 0, "what was written here may be written anew"
    own = MUG.model_copy(update={"attributes": {**MUG.attributes, "image_alt": ("The mug on a table",)}})
    shop.upsert([own], from_merchant=["mug"])
    for waiting in texts(shop).values():
        decide(shop, "accept", waiting.number)
    assert product(shop).attributes["image_alt"] == ("The mug on a table",)


def test_texts_of_another_language_have_a_place_of_their_own(shop: OpenShop) -> None:
    write_texts(shop, WriteTextsRequest(all=True, parts=["description"], language="de"))
    one = texts(shop)["description_de"]
    decide(shop, "accept", one.number)
    assert product(shop).attributes["description_de"] == (one.value,) and product(shop).description == ""
    write_texts(shop, WriteTextsRequest(all=True, parts=["image_alt"]))
    assert "description" not in texts(shop)["image_alt"].value
