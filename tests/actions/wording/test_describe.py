"""`describe` at its doors: what is asked, what comes back, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bottega.actions.wording.describe import describe
from bottega.actions.wording.shapes import DescribeRequest
from bottega.catalogue.product import Product
from bottega.errors import CatalogueEmpty, RequestInvalid
from bottega.serving.cli.main import app
from bottega.shop.open_shop import OpenShop

MUG = Product(
    id="mug/1",
    title="Oakstead Enamel Mug",
    brand="Casa Limon",
    category=("Kitchen", "Mugs"),
    attributes={"color": ("Lilac",), "material": ("enamel",), "sku": ("X-991",)},
    price_minor=1090,
    currency="EUR",
)
BELT = Product(
    id="belt-1", title="Marlowe Black Belt", category=("Belts",), attributes={"color": ("Red",), "gender": ("Men",)}
)


@pytest.fixture
def shop(tmp_path: Path) -> OpenShop:
    opened = OpenShop.open(tmp_path)
    opened.upsert([MUG, BELT])
    return opened


def test_texts_claim_what_the_listing_says_and_no_more(shop: OpenShop) -> None:
    (mug,) = describe(shop, DescribeRequest(product_ids=["mug/1"])).listings
    assert mug.language == "en" and "lilac" in mug.description.casefold() and "enamel" in mug.description.casefold()
    assert {fact.key for fact in mug.facts} >= {"kind", "brand", "colour", "material"}
    everything = mug.model_dump_json()
    assert "X-991" not in everything and "10.90" not in mug.description


def test_a_price_is_said_where_it_is_asked_for(shop: OpenShop) -> None:
    (mug,) = describe(shop, DescribeRequest(product_ids=["mug/1"], facts=["price"])).listings
    assert "€10.90" in mug.description


def test_contradictions_are_listed_and_not_written(shop: OpenShop) -> None:
    (belt,) = describe(shop, DescribeRequest(product_ids=["belt-1"])).listings
    assert belt.contradictions == ["colour: the attribute color says 'Red', the title says 'Black'"]
    assert "red" not in f"{belt.description} {belt.alt} {' '.join(belt.bullets)}".casefold().replace("marlowe", "")
    assert not [fact for fact in belt.facts if fact.key == "colour"]


def test_keywords_are_placed_where_facts_bear_them_out_and_refused_with_the_reason(shop: OpenShop) -> None:
    asked = ["lilac mug", "coffee mug", "waterproof mug", "best quality", "red mug"]
    (mug,) = describe(shop, DescribeRequest(product_ids=["mug/1"], keywords=asked)).listings
    said = {one.keyword: one for one in mug.keywords}
    assert [said[word].placed for word in asked] == [True, True, False, False, False]
    text = " ".join((mug.title, mug.description, *mug.bullets)).casefold()
    assert "lilac mug" in text and "coffee mug" in text and "waterproof" not in text
    assert said["red mug"].why == "no fact says 'red'; of colour the listing says 'Lilac'"
    (belt,) = describe(shop, DescribeRequest(product_ids=["belt-1"], keywords=["black belt"])).listings
    assert "contradicts itself" in belt.keywords[0].why


def test_unknown_ids_are_named_and_bad_requests_refused(shop: OpenShop, tmp_path: Path) -> None:
    assert describe(shop, DescribeRequest(product_ids=["nobody"])).unknown == ["nobody"]
    with pytest.raises(RequestInvalid, match="No product was named"):
        describe(shop, DescribeRequest())
    with pytest.raises(RequestInvalid, match="Nobody writes 'tlh' here"):
        describe(shop, DescribeRequest(product_ids=["mug/1"], language="tlh"))
    with pytest.raises(CatalogueEmpty):
        describe(OpenShop.open(tmp_path / "empty"), DescribeRequest(all=True))


def test_the_command_prints_one_object_a_line(shop: OpenShop) -> None:
    result = CliRunner().invoke(app, ["describe", "--all", "--json", "--explain", "--shop", str(shop.folder.root)])
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.output.splitlines()]
    assert [line["product_id"] for line in lines] == ["belt-1", "mug/1"] or len(lines) == 2
    for line in lines:
        assert set(line) >= {"product_id", "language", "title", "bullets", "description", "alt", "facts"}
        for sentence in line["sentences"]["description"]:
            assert sentence["text"] in line["description"]
