"""Yandex's YML, Heureka's XML, and what saved pages tell search engines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.catalogue.samples import SAMPLES, I

from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.mapping import Mapping
from bottega.catalogue.readers.platforms.json_ld import JsonLd
from bottega.errors import SourceUnreadable
from bottega.names import Availability
from bottega.sources.find import find_source
from bottega.sources.problems import Problem

IN, OUT = Availability.IN_STOCK, Availability.OUT_OF_STOCK


def test_yml(read_feed: Callable[..., Any]) -> None:
    feed = read_feed(*SAMPLES["yml"])
    table, lamp = feed.products
    assert feed.format == "yml" and (table.id, table.group_id, lamp.id) == ("7", "1", "8")
    assert table.category == ("Дом", "Столы") and table.attributes["размер"] == ("80 см",)
    assert (table.price_minor, table.currency, table.attributes["list_price"]) == (900, "RUB", ("12",))
    assert lamp.title == "Лампа Nord L1" and lamp.brand == "Nord"
    assert (table.availability, lamp.availability) == (IN, OUT)


def test_heureka(read_feed: Callable[..., Any]) -> None:
    feed = read_feed(*SAMPLES["heureka-xml"], currency="CZK")
    table, lamp = feed.products
    assert feed.format == "heureka-xml" and (table.id, table.group_id) == ("7", "1")
    assert (table.price_minor, table.currency, lamp.price_minor) == (129_050, "CZK", 50_000)
    assert table.category == ("Dům", "Stoly") and table.attributes["velikost"] == ("S",)
    assert table.images == (I + "1.jpg", I + "2.jpg") and table.attributes["gtin"] == ("4006381333931",)


def page(*data: Any, head: str = '<link rel="canonical" href="https://s.example/p/1">') -> str:
    scripts = "".join(
        f'<script type="application/ld+json">{text if isinstance(text, str) else json.dumps(text)}</script>'
        for text in data
    )
    return f"<!doctype html><html><head>{head}{scripts}</head><body><h1>Shop</h1></body></html>"


def test_a_group_of_variants_on_a_page(read_feed: Callable[..., Any]) -> None:
    feed = read_feed(*SAMPLES["json-ld"])
    small, medium = feed.products
    assert feed.format == "json-ld" and [product.id for product in feed.products] == ["D-S", "D/M"]
    assert small.group_id == medium.group_id == "D" and small.title == "Desk" and small.brand == "Nord"
    assert (small.price_minor, medium.price_minor, small.currency) == (950, 913, "EUR")
    assert (small.availability, medium.availability) == (IN, OUT)
    assert small.images == ("https://s.example/1.jpg",) and small.url == "https://s.example/desk"


def test_a_graph_with_breadcrumbs_and_a_range_of_offers(read_feed: Callable[..., Any]) -> None:
    crumbs = [{"@type": "ListItem", "position": place, "item": {"@id": "/", "name": name}}
              for place, name in enumerate(("Shop", "Home", "Lamps", "Lamp"), start=1)]  # fmt: skip
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Shop"},
            {"@type": "BreadcrumbList", "itemListElement": crumbs[::-1]},
            {
                "@type": ["Product", "Thing"], "name": "Lamp", "gtin13": "4006381333931", "color": ["red", "blue"],
                "image": [{"@type": "ImageObject", "url": I + "1.jpg"}, I + "2.jpg"], "material": "steel",
                "itemCondition": "https://schema.org/UsedCondition",
                "additionalProperty": [{"@type": "PropertyValue", "name": "Watt", "value": 40}],
                "offers": {"@type": "AggregateOffer", "lowPrice": "1234.5", "priceCurrency": "EUR", "offers": [
                    {"price": 20, "priceCurrency": "EUR", "availability": "http://schema.org/SoldOut"},
                    {"price": 19.9, "priceCurrency": "EUR", "availability": "LimitedAvailability", "priceSpecification":
                     [{"priceType": "https://schema.org/StrikethroughPrice", "price": 25}]},
                ]},
            },
        ],
    }  # fmt: skip
    [lamp] = read_feed("lamp.html", page(graph)).products
    assert (lamp.id, lamp.url, lamp.category) == ("4006381333931", "https://s.example/p/1", ("Home", "Lamps"))
    assert (lamp.price_minor, lamp.currency, lamp.attributes["list_price"]) == (1990, "EUR", ("25",))
    assert lamp.availability is IN and lamp.images == (I + "1.jpg", I + "2.jpg")
    assert lamp.attributes["color"] == ("red", "blue") and lamp.attributes["watt"] == ("40",)
    assert lamp.attributes["condition"] == ("used",)


def test_what_people_do_to_json_in_pages(read_feed: Callable[..., Any]) -> None:
    commented = "<!-- \n" + '{"@type":"Product","sku":"a","name":"Lamp\nblue","offers":{"price":"5",},}' + "\n-->"
    cdata = '//<![CDATA[\n{"@type":"http://schema.org/Product","sku":"b","name":"Desk &amp; chair"}\n//]]>'
    feed = read_feed("a.html", page(commented, cdata, '{"@type": "Product", "name": '))
    assert [product.id for product in feed.products] == ["a", "b"]
    assert feed.products[1].title == "Desk & chair" and feed.reading.rejected == 1
    assert "json_broken" in feed.rules(row="script 1")


def test_two_plugins_that_tell_of_one_product(read_feed: Callable[..., Any]) -> None:
    rated = {"@type": "Product", "name": "Lamp", "aggregateRating": {"ratingValue": 4}}
    sold = {"@type": "Product", "name": "Lamp", "sku": "L", "offers": {"price": "5", "priceCurrency": "EUR"}}
    feed = read_feed("a.html", page(rated, sold))
    assert [(product.id, product.price_minor) for product in feed.products] == [("L", 500)]
    assert feed.reading.joined == 1


def test_many_pages(tmp_path: Path) -> None:
    texts = {
        "1.html": page({"@type": "Product", "name": "Lamp S", "sku": "s", "inProductGroupWithID": "G"}),
        "2.html": page({"@type": "Product", "name": "Lamp M", "sku": "m", "isVariantOf": {"productGroupID": "G"}}),
        "3.html": page({"@type": "Organization", "name": "Shop"}),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    first, *others = (find_source(tmp_path / name) for name in texts)
    problems: list[Problem] = []
    reading = Reading(first, problems.append, Mapping(), "EUR", beside=tuple(others))
    products = list(JsonLd().read(reading))
    assert [(product.id, product.group_id) for product in products] == [("s", "G"), ("m", "G")]
    assert [product.source_row for product in products] == ["1.html:product 1", "2.html:product 1"]
    assert ("page_without_product", "3.html:page") in [(problem.rule, problem.row) for problem in problems]


def test_a_page_without_products_says_so(read_feed: Callable[..., Any]) -> None:
    with pytest.raises(SourceUnreadable, match="holds no product in JSON-LD"):
        read_feed("a.html", page({"@type": "Organization"}))


@pytest.mark.real_data
def test_a_real_yml(read_feed: Callable[..., Any], real_data: Callable[[str], Path]) -> None:
    path = real_data("feeds/yml_russian.xml")
    text = path.read_text(encoding="utf-8")
    ids = re.findall(r"<offer [^>]*\bid=\"(\d+)\"", text)
    feed = read_feed(path)
    assert feed.reading.read == len(ids) == 5
    assert [product.id for product in feed.products] == ids
    prices = re.findall(r"<price>(\d+)", text)
    assert [product.price_minor for product in feed.products] == [int(price) * 100 for price in prices]
    assert {product.currency for product in feed.products} == {"RUB"}
    assert feed.products[0].category == ("ТОВАРЫ ДЛЯ ЗДОРОВЬЯ", "Наружные лечебно-профилактические средства")


@pytest.mark.parametrize(("format", "column"), [("yml", "price"), ("heureka-xml", "item_id"), ("json-ld", "size")])
def test_a_mapping_wins_over_the_format(read_feed: Callable[..., Any], format: str, column: str) -> None:
    feed = read_feed(*SAMPLES[format], format=format, mapping=f"brand:=Acme,attr.kept={column}")
    assert {product.brand for product in feed.products} == {"Acme"}
    assert all(product.attributes["kept"] for product in feed.products)
