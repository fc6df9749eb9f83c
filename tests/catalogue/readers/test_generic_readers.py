"""Tables and JSON of any shape."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.errors import ColumnMissing, FormatUnknown, MappingInvalid, SourceUnreadable
from bottega.names import Availability

FASHION = "id=id,title=productDisplayName,category=masterCategory+subCategory+articleType,attr.color=baseColour"


def test_well_known_names_need_no_map(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("feed.csv", "SKU;Product Name;Preis;Price;Stock;Colour\na/1;Lamp;x;1.299,00 €;0;Red\n")
    (product,) = feed.products
    assert (product.id, product.title, product.price_minor, product.currency) == ("a/1", "Lamp", 129900, "EUR")
    assert product.availability is Availability.OUT_OF_STOCK
    assert product.attributes == {"color": ("Red",)}
    assert product.source_row == "feed.csv:2"
    assert feed.reading.unused_columns == ["Preis"]


def test_the_map_wins_over_the_guess(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("feed.csv", "id,title,name\n1,Mr,Lamp\n", mapping="title=name,attr.salutation=title,brand:=Acme")
    (product,) = feed.products
    assert (product.title, product.brand, product.attributes) == ("Lamp", "Acme", {"salutation": ("Mr",)})


def test_category_levels(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("feed.csv", "id,title,a,b\n1,x,Home > Lamps,Lamps\n2,y,Home,\n", mapping="category=a+b")
    assert [product.category for product in feed.products] == [("Home", "Lamps"), ("Home",)]


def test_every_way_to_write_json(read_feed: Callable[..., Any]) -> None:
    rows = [
        {"id": 1, "title": "Lamp", "price": 9.5, "tags": ["a", "b"], "image": {"src": "https://s.example/1.jpg"}},
        {"id": 2, "title": "Desk", "price": None, "warehouse": True, "categories": ["Home", "Desks"]},
    ]
    lines = "\n\n".join(json.dumps(row) for row in rows)
    forms = {
        "a.jsonl": lines.encode(),
        "a.json": json.dumps(rows, indent=1).encode(),
        "a.jsonl.gz": gzip.compress(lines.encode()),
        "bom.json": b"\xef\xbb\xbf" + json.dumps(rows).encode(),
    }
    for name, content in forms.items():
        feed = read_feed(name, content, mapping="images=image.src")
        lamp, desk = feed.products
        assert (feed.format, lamp.id, lamp.price_minor, lamp.attributes) == ("jsonl", "1", 950, {"tags": ("a", "b")})
        assert lamp.images == ("https://s.example/1.jpg",)
        assert (desk.category, desk.price_minor) == (("Home", "Desks"), None)
        assert feed.reading.unused_columns == ["warehouse"]


def test_long_arrays_are_read_in_pieces(read_feed: Callable[..., Any]) -> None:
    rows = [{"id": str(n), "title": "T]}{[" + "x" * 500} for n in range(2000)]
    feed = read_feed("feed.json", json.dumps(rows))
    assert [product.id for product in feed.products] == [str(n) for n in range(2000)]
    assert not feed.reading.cut_short


def test_a_broken_line_costs_itself_a_broken_array_its_rest(read_feed: Callable[..., Any]) -> None:
    good = '{"id": "%d", "title": "T"}'
    feed = read_feed("feed.jsonl", "\n".join([good % 1, "{oops", "[1]", good % 2]))
    assert [product.id for product in feed.products] == ["1", "2"]
    assert [(p.rule, p.row, p.seen) for p in feed.problems][:2] == [
        ("json_broken", "feed.jsonl:2", "{oops"),
        ("json_broken", "feed.jsonl:3", "[1]"),
    ]
    feed = read_feed("feed.json", f"[{good % 1}, 7, {good % 2}, {{oops, {good % 3}]")
    assert [product.id for product in feed.products] == ["1", "2"]
    assert feed.rules(row="item 2") == feed.rules(row="item 4") == ["json_broken"]
    assert feed.reading.cut_short
    assert read_feed("cut.json", f"[{good % 1},").reading.cut_short


@pytest.mark.parametrize(
    ("content", "title", "warned"),
    [
        ("id,title\n1,Größe\n".encode(), "Größe", False),
        ("id,title\n1,Größe\n".encode("utf-8-sig"), "Größe", False),
        ("id,title\n1,Größe\n".encode("utf-16"), "Größe", False),
        ("id,title\n1,Größe\n".encode("cp1252"), "Größe", True),
        (b"id,title\n1," + b"x" * 3_000_000 + b"\n2,\xe9\n", "é", True),
    ],
)
def test_encodings(read_feed: Callable[..., Any], content: bytes, title: str, warned: bool) -> None:
    feed = read_feed("feed.csv", content)
    assert feed.products[-1].title == title
    assert feed.reading.source.guessed_encoding is warned


def test_what_no_reader_knows(read_feed: Callable[..., Any]) -> None:
    with pytest.raises(FormatUnknown, match=r"No reader recognises notes.txt; it begins with 'Dear all'.*shopify-csv"):
        read_feed("notes.txt", "Dear all")
    with pytest.raises(FormatUnknown, match="There is no format 'excel'"):
        read_feed("feed.csv", "id,title\n1,x\n", format="excel")
    with pytest.raises(MappingInvalid, match="takes id from the column 'SKU', which the file does not have"):
        read_feed("feed.csv", "id,title\n1,x\n", format="merchant-tsv", mapping="id=SKU")
    with pytest.raises(ColumnMissing, match=r"looks like the id or the title.*--map id=COLUMN,title=COLUMN"):
        read_feed("feed.csv", "a,b\n1,2\n")
    with pytest.raises(SourceUnreadable, match="holds no JSON object"):
        read_feed("feed.jsonl", "{oops\n", format="jsonl")


def test_real_fashion(read_feed: Callable[..., Any], real_data: Callable[[str], Path]) -> None:
    feed = read_feed(real_data("fashion/styles.csv"), mapping=FASHION + ",images=images/{id}.jpg")
    assert (len(feed.products), feed.reading.rejected) == (38725, 0)
    jeans = feed.by_id("39386")
    assert jeans.title == "Peter England Men Party Blue Jeans"
    assert jeans.category == ("Apparel", "Bottomwear", "Jeans")
    assert (jeans.images, jeans.attributes["color"]) == (("images/39386.jpg",), ("Blue",))
    assert feed.reading.unused_columns == ["season", "year", "usage"]


def test_real_office(read_feed: Callable[..., Any], real_data: Callable[[str], Path]) -> None:
    feed = read_feed(real_data("office/products.jsonl.gz"))
    assert (feed.format, len(feed.products), feed.reading.rejected) == ("jsonl", 3459, 0)
    assert not any("<p>" in product.description or ".headerM" in product.description for product in feed.products)


def test_entries_of_a_list_are_addresses_as_they_are(read_feed: Callable[..., Any]) -> None:
    web = "https://a.example/1.jpg"
    lists: dict[str, list[Any]] = {
        "1": [web, "own.jpg"],
        "2": ["own.jpg", web],
        "3": ["a|b.jpg", "c, d.jpg"],
        "4": [f" {web} ", "", None],
        "5": [{"src": web}, {"src": "own.jpg"}],
    }
    rows = [{"id": key, "title": "Lamp", "images": images} for key, images in lists.items()]
    feed = read_feed("feed.jsonl", "\n".join(map(json.dumps, rows)))
    assert {one.id: one.images for one in feed.products if one.id != "5"} == {
        "1": (web, "own.jpg"),
        "2": ("own.jpg", web),
        "3": ("a|b.jpg", "c, d.jpg"),
        "4": (web,),
    }
    feed = read_feed("feed.jsonl", json.dumps(rows[-1]), mapping="images=images.src")
    assert feed.products[0].images == (web, "own.jpg")
    cell = read_feed("feed.csv", f'id,title,images\n1,Lamp,"{web}|own.jpg"\n2,Lamp,front.jpg|back.jpg\n')
    assert cell.by_id("2").images == ("front.jpg", "back.jpg")


def test_values_of_a_list_keep_their_bars(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("feed.jsonl", json.dumps({"id": 1, "title": "Lamp", "tags": ["a|b", "c"]}))
    assert feed.products[0].attributes == {"tags": ("a|b", "c")}


def test_half_a_character_is_left_out_and_told(read_feed: Callable[..., Any]) -> None:
    half = "\ud83d"
    rows = [
        {"id": "1", "title": f"Lamp{half}", "brand": half, "color": [f"re{half}"], "category": f"Home{half}"},
        {"id": f"2{half}", "title": "Desk"},
        {"id": "3", "title": "Bed", "brand": "\U0001f600"},
    ]
    feed = read_feed("feed.jsonl", "\n".join(map(json.dumps, rows)))
    lamp, bed = feed.products
    assert (lamp.title, lamp.brand, lamp.category, lamp.attributes) == ("Lamp", None, ("Home",), {"color": ("re",)})
    assert bed.brand == "\U0001f600"
    told = [(one.field, one.rule) for one in feed.problems if one.rule in ("half_character", "id_broken")]
    assert sorted(told) == [
        ("brand", "half_character"),
        ("category", "half_character"),
        ("color", "half_character"),
        ("id", "id_broken"),
        ("title", "half_character"),
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("description", "d" * 100_001),
        ("brand", "b" * 1001),
        ("category", "c" * 1001),
        ("attr.note", "n" * 100_001),
        ("url", "https://a.example/" + "u" * 4000),
        ("images", "https://a.example/" + "u" * 4000),
    ],
)
def test_a_file_in_the_wrong_column_is_refused(read_feed: Callable[..., Any], field: str, value: str) -> None:
    feed = read_feed("feed.jsonl", json.dumps({"id": 1, "title": "Lamp", field: value}))
    assert feed.products == [] and "text_too_long" in feed.rules()
