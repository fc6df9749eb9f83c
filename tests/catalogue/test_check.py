"""The feed linter: each warning by a product that deserves it, and by one that does not."""

from __future__ import annotations

import pytest

from bottega.catalogue.check import FeedCheck, check_product, gtin_is_valid
from bottega.catalogue.problems import RULES, problem
from bottega.catalogue.product import Product
from bottega.sources.problems import Severity

GOOD = Product(
    id="1",
    title="Blue Jeans with five pockets",
    description="Straight cut, stone washed, made of organic cotton.",
    brand="Acme",
    category=("Apparel", "Jeans"),
    price_minor=4999,
    currency="USD",
    images=("https://shop.example/1.jpg",),
    attributes={"gtin": ("4006381333931",), "color": ("Blue",)},
    url="https://shop.example/1",
    source_row="feed.csv:2",
)


def test_a_good_product_has_nothing_against_it() -> None:
    assert check_product(GOOD) == []
    check = FeedCheck()
    assert check.add(GOOD) == []
    assert check.end() == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"id": "x" * 51}, "id_long"),
        ({"title": "A " + "very " * 40 + "long title"}, "title_long"),
        ({"title": "BLUE JEANS WITH POCKETS"}, "title_capitals"),
        ({"title": "Blue Jeans, free shipping"}, "title_promo"),
        ({"title": "Blue Jeans 50% off"}, "title_promo"),
        ({"title": "acme"}, "title_is_brand"),
        ({"description": "word " * 1001}, "description_long"),
        ({"description": "Nice."}, "description_short"),
        ({"description": "blue jeans with five pockets"}, "description_is_title"),
        ({"price_minor": 0}, "price_zero"),
        ({"images": tuple(f"https://shop.example/{n}.jpg" for n in range(12))}, "images_many"),
        ({"attributes": {"gtin": ("4006381333932",)}}, "gtin_invalid"),
        ({"attributes": {"color": ("a", "b", "c", "d")}}, "colors_many"),
    ],
)
def test_each_warning(change: dict[str, object], rule: str) -> None:
    (found,) = check_product(GOOD.model_copy(update=change))
    assert (found.rule, found.row, found.severity) == (rule, "feed.csv:2", Severity.WARN)


def test_short_names_in_capitals_are_fine() -> None:
    assert check_product(GOOD.model_copy(update={"title": "NIKE AIR"})) == []


def test_gtin_check_digits() -> None:
    assert gtin_is_valid("73513537")  # GS1's own GTIN-8 example
    assert gtin_is_valid("0614141007349")
    assert not gtin_is_valid("614141007340")
    assert not gtin_is_valid("123")
    assert not gtin_is_valid("²006381333931")


def test_doubles_groups_and_gaps_show_only_in_the_whole() -> None:
    check = FeedCheck()
    red = GOOD.model_copy(update={"id": "2", "group_id": "g", "source_row": "feed.csv:3", "attributes": {}})
    check.add(red)
    assert [p.rule for p in check.add(red.model_copy(update={"id": "3"}))] == ["variant_repeated"]
    assert [p.rule for p in check.add(red.model_copy(update={"id": "4", "brand": "Other", "title": "T"}))] == []
    (double,) = check.add(red.model_copy(update={"source_row": "feed.csv:9"}))
    assert (double.rule, double.severity, double.seen) == ("duplicate_id", Severity.REJECT, "2 (first in feed.csv:3)")
    check.add(GOOD)
    (shared,) = check.add(GOOD.model_copy(update={"id": "5", "currency": "EUR", "url": None}))
    assert (shared.rule, shared.seen) == ("gtin_shared", "4006381333931 (also on 1)")
    check.add(GOOD.model_copy(update={"id": "6", "group_id": "alone", "attributes": {}}))
    seen = {found.rule: found.seen for found in check.end()}
    assert seen == {
        "group_single": "alone",
        "group_mixed": "g: Acme, Other",
        "currency_mixed": "USD on 5, EUR on 1",
        "field_empty": "1 of 6 products have no url, as in feed.csv:2",
    }


def test_one_picture_everywhere_is_a_placeholder() -> None:
    check = FeedCheck(natural_groups=True)
    for number in range(21):
        check.add(GOOD.model_copy(update={"id": str(number), "attributes": {}, "group_id": str(number)}))
    assert [found.rule for found in check.end()] == ["image_placeholder"]


def test_a_problem_speaks_with_its_rule_and_is_short() -> None:
    found = problem("title_long", "feed.csv:2", "title", "x" * 500)
    assert found.fix == RULES["title_long"].fix
    assert len(found.seen) == 120
