"""What reviews say, in texts: only where it is asked for, with those who say it, and gone when the count is another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bottega.actions.intake.put_reviews import put_reviews
from bottega.actions.intake.shapes import PutReviewsRequest
from bottega.actions.shoppers.forget import forget
from bottega.actions.shoppers.shapes import ShopperRequest
from bottega.actions.vision.shapes import DecisionRequest, SuggestionInfo, SuggestionQuery
from bottega.actions.vision.suggestions import decide_suggestions, list_suggestions
from bottega.actions.wording.describe import describe
from bottega.actions.wording.shapes import DescribedListing, DescribeRequest, WriteTextsRequest
from bottega.actions.wording.write_texts import write_texts
from bottega.catalogue.product import Product
from bottega.shop.open_shop import OpenShop

SMALL = ["It runs small.", "Runs too small.", "Zu klein, zu eng.", "Too tight, runs small.", "Taille petit."]
COATS = [
    Product(id=f"coat-{size}", group_id="coat", title="Marlowe Red Coat", attributes={"color": ("Red",)})
    for size in "sm"
]


def put(shop: OpenShop, *texts: str, shopper: str = "", product: str = "coat-s") -> None:
    rows = [
        {"review_id": f"{shopper}{text}", "product_id": product, "text": text, "shopper": shopper or f"by {place}"}
        for place, text in enumerate(texts)
    ]
    answer = put_reviews(shop, PutReviewsRequest(reviews=rows))
    assert answer.added == len(texts) and not answer.rejected


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path) as opened:
        opened.upsert([*COATS, Product(id="cup", title="Red Cup")])
        put(opened, *SMALL)
        yield opened


def one(shop: OpenShop, **asked: object) -> DescribedListing:
    (found,) = describe(shop, DescribeRequest.model_validate({"product_ids": ["coat-m"], **asked})).listings
    return found


def texts(shop: OpenShop, state: str) -> list[SuggestionInfo]:
    query = SuggestionQuery.model_validate({"kind": "text", "state": state})
    return list_suggestions(shop, query).suggestions


def test_it_is_said_where_it_is_asked_for_with_those_who_say_it(shop: OpenShop) -> None:
    silent, said = one(shop), one(shop, reviews="praise")
    assert said.description.startswith(silent.description) and "5 reviews" in said.description
    assert said.bullets[:-1] == silent.bullets and "size" in said.bullets[-1]
    assert (said.title, said.short, said.alt, said.refused) == (silent.title, silent.short, silent.alt, [])
    (fact,) = [fact for fact in said.facts if fact.key == "review"]
    assert (fact.name, fact.source) == ("review=5/5 size small", "reviews")
    assert len(fact.quotes) == 3 and {quote.text for quote in fact.quotes} <= set(SMALL)
    assert not [fact for fact in silent.facts if fact.key == "review"]
    assert "Bewertungen" in one(shop, reviews="praise", language="de").description


def test_complaints_are_said_where_they_are_asked_for(shop: OpenShop) -> None:
    bad = ["Poor quality.", "Cheap, poor quality.", "The quality is awful.", "Terrible quality.", "Bad quality."]
    put(shop, *bad)
    assert "quality" not in one(shop, reviews="praise").description
    assert "quality" in one(shop, reviews="all").description


def test_a_product_without_reviews_says_nothing_of_them(shop: OpenShop) -> None:
    asked = {"product_ids": ["cup"]}
    (silent,) = describe(shop, DescribeRequest.model_validate(asked)).listings
    (said,) = describe(shop, DescribeRequest.model_validate({**asked, "reviews": "all"})).listings
    assert said.description == silent.description and said.bullets == silent.bullets


def test_a_text_goes_with_its_count_and_another_one_waits(shop: OpenShop) -> None:
    write_texts(shop, WriteTextsRequest.model_validate({"product_ids": ["coat-m"], "reviews": "praise"}))
    first = next(text for text in texts(shop, "open") if text.attribute == "description")
    assert "review=5/5 size small" in (first.facts or ())
    accept = DecisionRequest.model_validate({"decision": "accept", "numbers": [first.number]})
    decide_suggestions(shop, accept)
    assert shop.store.products.get(["coat-m"])["coat-m"].description == first.value

    put(shop, "A lovely colour.")
    assert [text.number for text in texts(shop, "accepted")] == [first.number], "nobody spoke of the size"
    put(shop, "Runs small!", shopper="ana")
    assert [text.number for text in texts(shop, "withdrawn")] == [first.number]
    assert shop.store.products.get(["coat-m"])["coat-m"].description == ""
    (second,) = [text for text in texts(shop, "open") if text.attribute == "description"]
    assert "review=6/6 size small" in (second.facts or ()) and "6 reviews" in second.value

    forget(shop, ShopperRequest(shopper="ana"))
    assert second.number in [text.number for text in texts(shop, "withdrawn")]
    (third,) = [text for text in texts(shop, "open") if text.attribute == "description"]
    assert "review=5/5 size small" in (third.facts or ())


def test_texts_that_say_nothing_of_reviews_stay(shop: OpenShop) -> None:
    write_texts(shop, WriteTextsRequest.model_validate({"product_ids": ["coat-m"]}))
    before = texts(shop, "open")
    put(shop, "Runs small!", shopper="ana")
    assert texts(shop, "open") == before and not texts(shop, "withdrawn")
