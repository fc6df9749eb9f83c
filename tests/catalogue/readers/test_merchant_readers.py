"""Google Merchant and Meta feeds: TSV, CSV, RSS and Atom say the same thing."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from bottega.errors import SourceUnreadable
from bottega.names import Availability

S = "https://s.example/"
COLUMNS = {
    "id": "SKU/1 ☂",
    "item group id": "umbrella",
    "title": "Rain umbrella",
    "description": "Opens by itself and closes when asked to.",
    "link": "https://shop.example/u1",
    "image_link": "https://shop.example/u1.jpg",
    "additional_image_link": "https://shop.example/u1,b.jpg,https://shop.example/u1c.jpg",
    "availability": "in stock",
    "price": "15.00 EUR",
    "sale_price": "12.00 EUR",
    "sale_price_effective_date": "2026-05-01T00:00Z/2026-12-31T23:59Z",
    "brand": "Acme",
    "gtin": "4006381333931",
    "product_type": "Home > Umbrellas",
    "google_product_category": "Luggage & Bags > Umbrellas",
    "color": "Red/White",
    "size": "L",
    "gender": "unisex",
    "custom_label_0": "rain",
    "shipping": "US:CA:Ground:5.00 USD",
    "warehouse": "3",
}


def table(mark: str = "\t", **changes: str) -> str:
    row = COLUMNS | changes
    return mark.join(row) + "\n" + mark.join(f'"{value}"' for value in row.values()) + "\n"


def rss(*items: str) -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>'
        f"<link>https://shop.example</link><description>All</description>{''.join(items)}</channel></rss>"
    )


ITEM = """<item><title>An RSS title</title><link>https://shop.example/u1</link><g:title>Rain umbrella</g:title>
<description>Opens by itself and closes when asked to.</description><g:id>SKU/1 ☂</g:id>
<g:item_group_id>umbrella</g:item_group_id><g:image_link>https://shop.example/u1.jpg</g:image_link>
<g:additional_image_link>https://shop.example/u1,b.jpg</g:additional_image_link>
<g:additional_image_link>https://shop.example/u1c.jpg</g:additional_image_link>
<g:availability>in_stock</g:availability><g:price>15.00 EUR</g:price><g:sale_price>12.00 EUR</g:sale_price>
<g:sale_price_effective_date>2026-05-01T00:00Z/2026-12-31T23:59Z</g:sale_price_effective_date>
<g:brand>Acme</g:brand><g:gtin>4006381333931</g:gtin><g:product_type>Home &gt; Umbrellas</g:product_type>
<g:google_product_category>Luggage &amp; Bags &gt; Umbrellas</g:google_product_category><g:color>Red/White</g:color>
<g:size>L</g:size><g:gender>unisex</g:gender><g:custom_label_0>rain</g:custom_label_0><g:warehouse>3</g:warehouse>
<g:shipping><g:country>US</g:country><g:price>5.00 USD</g:price></g:shipping></item>"""
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>Shop</title>'
    + ITEM.replace("<item>", "<entry>")
    .replace("</item>", "</entry>")
    .replace("<link>https://shop.example/u1</link>", '<link rel="alternate" href="https://shop.example/u1"/>')
    .replace("<description>", "<summary>")
    .replace("</description>", "</summary>")
    + "</feed>"
)


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("feed.txt", table(), "merchant-tsv"),
        ("feed.csv", table(","), "merchant-tsv"),
        ("prefixed.tsv", table().replace("id\titem group id", "g:ID\tg:item_group_id"), "merchant-tsv"),
        ("feed.xml", rss(ITEM), "merchant-xml"),
        ("atom.xml", ATOM, "merchant-xml"),
    ],
)
def test_all_forms_say_the_same(read_feed: Callable[..., Any], name: str, content: str, format: str) -> None:
    feed = read_feed(name, content)
    assert feed.format == format
    (product,) = feed.products
    assert product.model_dump(exclude={"source_row", "attributes"}) == {
        "id": "SKU/1 ☂",
        "group_id": "umbrella",
        "title": "Rain umbrella",
        "description": "Opens by itself and closes when asked to.",
        "brand": "Acme",
        "category": ("Home", "Umbrellas"),
        "price_minor": 1200,
        "currency": "EUR",
        "availability": Availability.IN_STOCK,
        "hidden": False,
        "images": ("https://shop.example/u1.jpg", "https://shop.example/u1,b.jpg", "https://shop.example/u1c.jpg"),
        "url": "https://shop.example/u1",
        "updated_at_ms": None,
    }
    assert product.attributes == {
        "color": ("Red", "White"),
        "custom_label_0": ("rain",),
        "gender": ("unisex",),
        "google_product_category": ("Luggage & Bags > Umbrellas",),
        "gtin": ("4006381333931",),
        "list_price": ("15.00 EUR",),
        "size": ("L",),
    }
    assert feed.rules() == ["group_single"]
    assert feed.reading.unused_columns in (["shipping", "warehouse"], ["warehouse"])


@pytest.mark.parametrize(
    ("changes", "rule", "price_minor"),
    [
        ({"sale_price": "15.00 EUR"}, "sale_price_not_lower", 1500),
        ({"sale_price": "12.00 USD"}, "sale_price_unusable", 1500),
        ({"sale_price": "cheap"}, "sale_price_unusable", 1500),
        ({"sale_price_effective_date": "2026-06-01/2026-05-01"}, "sale_period_unusable", 1500),
        ({"sale_price_effective_date": "soon"}, "sale_period_unusable", 1500),
        ({"sale_price_effective_date": "2024-05-01/2024-06-01"}, None, 1500),
        ({"availability": "preorder"}, "availability_date_missing", 1200),
        ({"gender": "men"}, "value_unknown", 1200),
        ({"description": "<b>Opens by itself</b> and closes when asked to."}, "description_html", 1200),
        ({"title": "CafÃ© umbrella"}, "mojibake", 1200),
        ({"title": "Rain\x07 umbrella"}, "control_characters", 1200),
        ({"link": "/u1"}, "url_not_absolute", 1200),
        ({"image_link": "u1.psd"}, "image_type", 1200),
    ],
)
def test_rules_of_rows(
    read_feed: Callable[..., Any], changes: dict[str, str], rule: str | None, price_minor: int
) -> None:
    feed = read_feed("feed.tsv", table(**changes))
    assert [product.price_minor for product in feed.products] == [price_minor]
    assert feed.rules(row=":2") == ([rule] if rule else []) + ["group_single"]


def test_meta_hides_what_is_staged(read_feed: Callable[..., Any]) -> None:
    header = "id,title,availability,image_link,link,visibility,additional_variant_attribute\n"
    feed = read_feed("meta.csv", header + '1,Soap,out of stock,,,staging,"Scent:Fruity, Flavor:Mint"\n')
    (product,) = feed.products
    assert product.hidden
    assert product.availability is Availability.OUT_OF_STOCK
    assert product.attributes == {"scent": ("Fruity",), "flavor": ("Mint",)}


def test_product_detail_becomes_attributes(read_feed: Callable[..., Any]) -> None:
    detail = (
        "<g:product_detail><g:section_name>General</g:section_name><g:attribute_name>Power Source</g:attribute_name>"
        "<g:attribute_value>Solar</g:attribute_value></g:product_detail>"
    )
    feed = read_feed("feed.xml", rss(f"<item><g:id>1</g:id><title>Lamp</title>{detail}</item>"))
    assert feed.products[0].attributes == {"power_source": ("Solar",)}


def test_xml_that_breaks_costs_its_item(read_feed: Callable[..., Any]) -> None:
    good = "<item><g:id>1</g:id><title>Lamp</title></item>"
    feed = read_feed("feed.xml", rss(good, "<item><title>5 </tidle></item>", good.replace(">1<", ">3<")))
    assert [product.id for product in feed.products] == ["1", "3"]
    assert feed.rules(row="item 2") == ["xml_broken"]
    assert not feed.reading.cut_short
    assert (feed.reading.read, feed.reading.rejected) == (3, 1)


def test_control_characters_do_not_break_xml(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("feed.xml", rss("<item><g:id>1</g:id><title>La\x0bmp</title></item>"))
    assert feed.products[0].title == "Lamp"


def test_attacks_are_refused(read_feed: Callable[..., Any]) -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + rss("<item><title>&b;</title></item>")
    with pytest.raises(SourceUnreadable, match="declares XML entities"):
        read_feed("feed.xml", bomb)


def test_xml_in_other_encodings(read_feed: Callable[..., Any]) -> None:
    text = rss("<item><g:id>1</g:id><title>Größe</title></item>").replace('1.0"?>', '1.0" encoding="ENC"?>', 1)
    for encoding in ("iso-8859-1", "utf-16", "utf-8"):
        feed = read_feed("feed.xml", text.replace("ENC", encoding).encode(encoding))
        assert feed.products[0].title == "Größe"


def test_memory_does_not_grow_with_the_file(read_feed: Callable[..., Any], tmp_path: Any) -> None:
    from bottega.catalogue.readers.base import Reading
    from bottega.catalogue.readers.columns.mapping import Mapping
    from bottega.catalogue.readers.merchant.merchant_xml import MerchantXml
    from bottega.sources.source import Source

    def peak(items: int) -> int:
        path = tmp_path / f"{items}.xml"
        path.write_text(rss(*(ITEM.replace("SKU/1", f"SKU/{n}") for n in range(items))))
        reading = Reading(Source(path), lambda problem: None, Mapping(), "USD")
        tracemalloc.start()
        try:
            assert sum(1 for _ in MerchantXml().read(reading)) == items
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(20)  # fills the caches
    small, large = peak(600), peak(2400)
    assert large < small + 200_000  # the larger file is 3 MB of text, and a tree of it several times that


def test_metas_columns_of_lists(read_feed: Callable[..., Any]) -> None:
    feed = read_feed(
        "meta.csv",
        "id,title,availability,price,image[0].url,image[0].tag[0],image[1].url,item_group_id,product_tags[0],"
        "product_tags[1],visibility,status,additional_image_link,video[0].url\n"
        f"m-1,Blue mug,in stock,9.00 USD,{S}a.jpg,front,{S}b.jpg,mug,gift,tea,published,archived,"
        f'"{S}c.jpg,{S}d.jpg",{S}v.mp4\n',
    )
    (mug,) = feed.products
    assert mug.images == tuple(f"{S}{letter}.jpg" for letter in "abcd")
    assert mug.attributes == {"tags": ("gift", "tea"), "video": (f"{S}v.mp4",)}
    assert mug.hidden and mug.group_id == "mug"
    assert feed.reading.unused_columns == ["image[0].tag[0]"]


def test_metas_pictures_as_json_in_a_cell(read_feed: Callable[..., Any]) -> None:
    cell = f'[{{""url"": ""{S}a.jpg"", ""tag"": [""front""]}}, {{""url"": ""{S}b.jpg""}}]'
    feed = read_feed("meta.csv", f'id,title,availability,item_group_id,image\n1,Mug,in stock,,"{cell}"\n')
    assert (feed.format, feed.products[0].images) == ("merchant-tsv", (f"{S}a.jpg", f"{S}b.jpg"))


def test_texts_of_machines_are_marked(read_feed: Callable[..., Any]) -> None:
    marked = 'trained_algorithmic_media:""Oak lamp: warm light""'
    feed = read_feed("a.csv", f'id,title,structured_title,image_link,link,price\n1,,"{marked}",,,5 USD\n')
    (lamp,) = feed.products
    assert (lamp.title, lamp.attributes["generated"]) == ("Oak lamp: warm light", ("title",))
    nested = (
        "<g:structured_title><g:digital_source_type>trained_algorithmic_media</g:digital_source_type>"
        "<g:content>Oak lamp: warm light</g:content></g:structured_title>"
    )
    (lamp,) = read_feed("a.xml", rss(f"<item><g:id>1</g:id>{nested}</item>")).products
    assert (lamp.title, lamp.attributes["generated"]) == ("Oak lamp: warm light", ("title",))


@pytest.mark.parametrize(
    ("address", "picture"),
    [
        ("/media/my lamp.jpg", "https://shop.example/media/my%20lamp.jpg"),
        ("//cdn.example/größe.jpg", "https://cdn.example/gr%C3%B6%C3%9Fe.jpg"),
        ("https://cdn.example/a%20b 100%.jpg", "https://cdn.example/a%20b%20100%25.jpg"),
    ],
)
def test_pictures_of_the_products_own_site(read_feed: Callable[..., Any], address: str, picture: str) -> None:
    feed = read_feed("feed.tsv", table(image_link=address, additional_image_link=""))
    assert feed.products[0].images == (picture,)
