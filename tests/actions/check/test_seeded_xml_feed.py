"""A feed in Google's XML with forty faults of one product each: all are found, in their places, and the same feed
without them has nothing against it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from bottega.actions.check.check_feed import check_feed
from bottega.actions.check.shapes import CheckFeedRequest, CheckReport

Item = dict[str, str]
SITE = "https://www.garden.example"
_MATERIALS = ("oak", "steel", "zinc", "willow", "slate", "cedar", "brass", "iron", "bamboo", "teak")
_THINGS = ("watering can", "bench", "bird bath", "trellis", "lantern", "planter", "rake", "trowel")
_USES = (
    "stands outside the whole year and asks for no care", "folds flat, so that it fits behind a door in winter",
    "is made by two brothers in a village by the sea", "carries more than it looks, as our gardeners say",
    "comes with a spare part and a card on how to mend it", "weathers to a soft grey within three summers",
    "was drawn in 1931 and has hardly changed since then", "is the smaller of two sizes and easy to lift",
)  # fmt: skip


def gtin(number: int) -> str:
    digits = f"40{number:010d}"
    return digits + str(-sum(int(mark) * (3 if at % 2 else 1) for at, mark in enumerate(digits)) % 10)


def items() -> list[Item]:
    """Eighty products with nothing against them."""
    made = []
    for at, thing in enumerate(_THINGS):
        for n, material in enumerate(_MATERIALS):
            number = at * len(_MATERIALS) + n
            use = _USES[(at + n) % len(_USES)]
            made.append(
                {
                    "id": f"G{number:03d}",
                    "title": f"{material.capitalize()} {thing} No {number}",
                    "description": f"Of {material}, number {number}: this {thing} {use}. Weight {3 + number} pounds.",
                    "link": f"{SITE}/p/{number}",
                    "image_link": f"https://img.garden.example/{number}.jpg",
                    "price": f"{20 + (number * 7) % 30}.50 GBP",
                    "availability": "in_stock",
                    "brand": ("Hortus", "Vale & Son", "Northfield")[number % 3],
                    "gtin": gtin(number),
                    "mpn": f"M{number}",
                    "condition": "new",
                    "product_type": f"Garden > {thing.capitalize()}s",
                    "color": ("green", "grey", "brown")[n % 3],
                }
            )
    return made


FAULTS: dict[str, tuple[int, Callable[[Item], object]]] = {
    "id_empty": (1, lambda one: one.update(id="")),
    "duplicate_id": (2, lambda one: one.update(id="G000")),
    "id_long": (3, lambda one: one.update(id="G003-" + "x" * 50)),
    "id_scientific": (4, lambda one: one.update(id="4.00638E+12")),
    "title_empty": (5, lambda one: one.update(title="")),
    "title_long": (6, lambda one: one.update(title=one["title"] + " with a name that goes on" * 7)),
    "title_capitals": (7, lambda one: one.update(title="HEAVY CEDAR WATERING CAN")),
    "title_promo": (8, lambda one: one.update(title=one["title"] + " - free shipping!")),
    "title_is_brand": (9, lambda one: one.update(title=one["brand"])),
    "title_is_code": (11, lambda one: one.update(title="G011")),
    "description_html": (12, lambda one: one.update(description=f"<p><b>Bold</b> {one['description']}</p>")),
    "description_long": (13, lambda one: one.update(description=one["description"] + " And more of it." * 400)),
    "description_short": (14, lambda one: one.update(description="A fine bench.")),
    "description_is_title": (15, lambda one: one.update(description=one["title"])),
    "text_unfilled": (16, lambda one: one.update(description="{{ product.description }} for your garden and terrace")),
    "text_test": (17, lambda one: one.update(description="Lorem ipsum dolor sit amet, consectetur adipiscing elit")),
    "price_unparsable": (18, lambda one: one.update(price="ask in the shop")),
    "price_zero": (19, lambda one: one.update(price="0.00 GBP")),
    "price_negative": (21, lambda one: one.update(price="-12.00 GBP")),
    "currency_unknown": (22, lambda one: one.update(price="12.00 XBT")),
    "price_range": (23, lambda one: one.update(price="22.00 - 29.00 GBP")),
    "price_far": (24, lambda one: one.update(price="2950.00 GBP")),
    "sale_price_not_lower": (25, lambda one: one.update(sale_price="99.00 GBP")),
    "sale_price_unusable": (26, lambda one: one.update(sale_price="soon")),
    "sale_period_unusable": (
        27,
        lambda one: one.update(sale_price="9.00 GBP", sale_price_effective_date="2026-09-01/2026-08-01"),
    ),
    "availability_unknown": (28, lambda one: one.update(availability="ask Fred")),
    "availability_date_missing": (29, lambda one: one.update(availability="preorder")),
    "availability_date_past": (31, lambda one: one.update(availability="preorder", availability_date="2019-05-01")),
    "availability_date_far": (32, lambda one: one.update(availability="preorder", availability_date="2090-05-01")),
    "url_not_absolute": (33, lambda one: one.update(link="ftp://garden/33")),
    "url_not_https": (34, lambda one: one.update(link=one["link"].replace("https", "http"))),
    "url_home": (35, lambda one: one.update(link=f"{SITE}/")),
    "url_elsewhere": (36, lambda one: one.update(link="https://another-shop.example/p/36")),
    "address_private": (37, lambda one: one.update(link="http://192.168.0.7/p/37")),
    "image_url_unusable": (38, lambda one: one.update(image_link="javascript:alert(1)")),
    "image_type": (39, lambda one: one.update(image_link="https://img.garden.example/39.pdf")),
    "image_stand_in": (41, lambda one: one.update(image_link="https://img.garden.example/no-image.png")),
    "image_repeated": (42, lambda one: one.update(additional_image_link=one["image_link"])),
    "gtin_invalid": (43, lambda one: one.update(gtin="4006381333932")),
    "gtin_restricted": (44, lambda one: one.update(gtin="2000000000008")),
    "identifier_contradicted": (45, lambda one: one.update(identifier_exists="no")),
    "color_unusable": (46, lambda one: one.update(color="12")),
    "colors_many": (47, lambda one: one.update(color="red/green/blue/white")),
    "value_unknown": (48, lambda one: one.update(condition="shabby")),
    "size_several": (49, lambda one: one.update(size="S, M, L")),
    "group_single": (51, lambda one: one.update(item_group_id="G-51")),
    "required_missing": (52, lambda one: one.update(description="")),
    "mojibake": (53, lambda one: one.update(description=one["description"] + " CafÃ© chairs go with it.")),
    "text_entities": (54, lambda one: one.update(description=one["description"] + " Nuts &amp;amp; bolts included.")),
    "category_unsplit": (55, lambda one: one.update(product_type="Garden/Planters/Large")),
    "url_shared": (56, lambda one: one.update(link=f"{SITE}/p/57")),
    "control_characters": (58, lambda one: one.update(title=one["title"] + " &#7;")),
    "discount_huge": (59, lambda one: one.update(sale_price="0.90 GBP")),
    "byte_wrong": (61, lambda one: one.update(description=one["description"] + "\udce9")),
}
"""Rule to the product that breaks it, and how."""

CAUSED_TOO: dict[str, set[str]] = {
    "price_missing": {"price_unparsable", "price_negative", "currency_unknown"},
    "required_missing": {"url_not_absolute", "image_url_unusable"},
    "price_far": {"discount_huge"},
    "address_private": {"url_not_https"},
    "url_not_https": {"address_private"},
    "url_elsewhere": {"address_private"},
}
"""Rules that a fault breaks besides its own."""


def written(path: Path, products: list[Item]) -> Path:
    def told(name: str, value: str) -> str:
        text = value if "&#7;" in value else escape(value)
        return f"<g:{name}>{text}</g:{name}>" if value else ""

    rows = ("<item>" + "".join(told(*field) for field in one.items()) + "</item>" for one in products)
    text = '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">'
    text += "<channel><title>Garden</title>\n" + "\n".join(rows) + "\n</channel></rss>\n"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


def checked(path: Path) -> CheckReport:
    return check_feed(None, CheckFeedRequest(source=path, examples=10_000))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    products = items()
    for place, spoil in FAULTS.values():
        spoil(products[place])
    report = checked(written(tmp_path_factory.mktemp("feed") / "garden.xml", products))
    return {rule.rule: {one.place for one in rule.examples} for rule in report.rules}


@pytest.mark.parametrize("rule", FAULTS)
def test_each_fault_is_found_where_it_is(found: dict[str, set[str]], rule: str) -> None:
    assert f"garden.xml:item {FAULTS[rule][0] + 1}" in found.get(rule, set())


def test_nothing_else_is_said(found: dict[str, set[str]]) -> None:
    spoilt = {f"garden.xml:item {place + 1}" for place, _ in FAULTS.values()}
    aside = {
        rule: places
        - {f"garden.xml:item {FAULTS[cause][0] + 1}" for cause in {rule} & FAULTS.keys() | CAUSED_TOO.get(rule, set())}
        for rule, places in found.items()
    }
    assert len(FAULTS) >= 40
    assert {rule: places for rule, places in aside.items() if places} == {}, spoilt


def test_nothing_is_said_of_the_clean_twin(tmp_path: Path) -> None:
    report = checked(written(tmp_path / "garden.xml", items()))
    assert [(rule.rule, rule.count, rule.examples[:2]) for rule in report.rules] == []
    assert report.products == report.rows == 80
