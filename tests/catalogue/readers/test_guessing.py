"""Which column is what: by names, by values, by what is said; a guess tells why and how sure it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bottega.errors import ColumnMissing
from bottega.names import Availability

I = "https://s.example/"  # noqa: E741


@pytest.mark.parametrize(
    "header",
    [
        "Artikelnummer;Bezeichnung;Marke;Warengruppe;Preis;Verfügbarkeit;Bild",
        "Référence;Nom du produit;Marque;Catégorie;Prix TTC;Disponibilité;Image URL",
        "Código;Nombre;Marca;Categoría;Precio;Disponibilidad;Imagen",
        "Артикул;Наименование;Бренд;Категория;Цена;Наличие;Фото",
        "商品コード;商品名;ブランド;カテゴリー;販売価格;在庫状況;商品画像",
        "상품코드;상품명;브랜드;카테고리;판매가;재고;이미지",
        "product_id;product_name;vendor;category_path;selling_price;stock_status;image_url",
    ],
)
def test_headers_in_many_languages(read_feed: Callable[..., Any], header: str) -> None:
    feed = read_feed("feed.csv", f"{header}\nL-1;Lampe;Nord;Home > Lamps;9,50 €;auf Lager;{I}1.jpg\n")
    (product,) = feed.products
    assert (product.id, product.title, product.brand, product.category) == ("L-1", "Lampe", "Nord", ("Home", "Lamps"))
    assert (product.price_minor, product.currency, product.images) == (950, "EUR", (f"{I}1.jpg",))
    assert feed.reading.unused_columns == []
    assert {guess.field for guess in feed.reading.guesses} == {
        "id", "title", "brand", "category", "price", "availability", "images",
    }  # fmt: skip
    assert all(0.5 < guess.sure <= 1 and guess.why for guess in feed.reading.guesses)


def test_a_name_is_not_believed_against_the_values(read_feed: Callable[..., Any]) -> None:
    rows = "".join(f"c{n % 2},S-{n},Lamp {n},simple,none to see,{n}.50,blue,9.00\n" for n in range(6))
    feed = read_feed("feed.csv", "code,sku,name,type,image,price,regular_price,unit_price\n" + rows)
    assert [product.id for product in feed.products] == [f"S-{n}" for n in range(6)]
    assert feed.products[2].category == () and feed.products[2].price_minor == 250
    assert "how a product is sold" in feed.reading.doubts["type"]
    assert "code" in feed.reading.unused_columns


def test_rows_that_an_sku_tells_apart_share_the_id_of_their_product(read_feed: Callable[..., Any]) -> None:
    rows = "".join(f"{n // 3},S-{n},Lamp {n // 3}\n" for n in range(9))
    feed = read_feed("feed.csv", "product_id,sku,title\n" + rows)
    assert [(product.id, product.group_id) for product in feed.products][:4] == [
        ("S-0", None), ("S-1", None), ("S-2", None), ("S-3", "1"),
    ]  # fmt: skip
    assert [guess.sure for guess in feed.reading.guesses if guess.field == "group_id"] == [0.7]


def test_columns_that_say_what_is_shown(read_feed: Callable[..., Any]) -> None:
    feed = read_feed(
        "feed.csv", "sku,name,is_active,status,visible\nA,Mug,1,enabled,yes\nB,Cup,1,draft,yes\nC,Pot,0,enabled,yes\n"
    )
    assert [product.hidden for product in feed.products] == [False, True, True]
    feed = read_feed("feed.csv", "sku,name,status\nA,Mug,draft\nB,Cup,glazed\n")
    assert not any(product.hidden for product in feed.products) and feed.reading.unused_columns == ["status"]
    feed = read_feed("feed.csv", "sku,name,published\nA,Mug,0\n", mapping="hidden:=")
    assert not feed.products[0].hidden


def test_dates_of_a_sale_in_columns_of_their_own(read_feed: Callable[..., Any]) -> None:
    head = "sku,name,price,special_price,special_from_date,special_to_date\n"
    feed = read_feed(
        "feed.csv",
        head
        + "A,Mug,12,5,2030-01-01,2030-02-01\nB,Cup,12,5,2019-01-01,2019-02-01\nC,Pot,12,5,2019-01-01,\nD,Jar,12,0,,\n",
    )
    assert [product.price_minor for product in feed.products] == [1200, 1200, 500, 1200]
    assert feed.products[2].attributes["list_price"] == ("12",)


def test_several_categories_in_one_cell(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("feed.csv", 'id,title,category\n1,Lamp,"Home > Lamps, Sale > Lamps"\n2,Rug,Home > Rugs | Gifts\n')
    assert [product.category for product in feed.products] == [("Home", "Lamps"), ("Home", "Rugs")]
    assert [product.attributes for product in feed.products] == [
        {"categories": ("Sale > Lamps",)},
        {"categories": ("Gifts",)},
    ]


def test_values_propose_what_names_do_not_say(read_feed: Callable[..., Any]) -> None:
    rows = "".join(f"N{n}x;{n}.99 €;{I}{n}.jpg;Lamp number {n}\n" for n in range(10))
    with pytest.raises(ColumnMissing, match=r"--map id=col a,title=col d"):
        read_feed("feed.csv", "col a;col b;col c;col d\n" + rows)
    feed = read_feed("feed.csv", "col a;col b;col c;col d\n" + rows, mapping="id=col a,title=col d")
    proposed = {guess.field: guess.column for guess in feed.reading.guesses if not guess.taken}
    assert proposed == {"price": "col b", "images": "col c"}
    assert feed.products[0].price_minor is None and feed.products[0].images == ()


def test_a_map_works_with_every_format(read_feed: Callable[..., Any]) -> None:
    shopify = (
        "Handle,Title,Body (HTML),Vendor,Variant Price,Image Src,Marke\nlamp,Lamp,A lamp,x,5,,Nord\nlamp,,,,,a.jpg,\n"
    )
    feed = read_feed("feed.csv", shopify, mapping="brand=Marke,attr.maker=Vendor,currency:=EUR")
    (lamp,) = feed.products
    assert (feed.format, lamp.brand, lamp.attributes["maker"], lamp.currency) == ("shopify-csv", "Nord", ("x",), "EUR")
    assert feed.reading.unused_columns == []
    google = "id\ttitle\timage_link\tlink\tprice\twas\n1\tLamp\t\thttps://s.example\t5\t9\n"
    (lamp,) = read_feed("feed.tsv", google, mapping="list_price=was").products
    assert (lamp.price_minor, lamp.attributes["list_price"]) == (500, ("9",))
    xml = "<rss><channel><item><id>1</id><title>Lamp</title><hersteller>Nord</hersteller></item></channel></rss>"
    (lamp,) = read_feed("feed.xml", xml, mapping="brand=hersteller,images=photos/{id}.jpg").products
    assert (lamp.brand, lamp.images) == ("Nord", ("photos/1.jpg",))


def test_a_plain_table_is_not_taken_for_merchants(read_feed: Callable[..., Any]) -> None:
    head = "id,title,description,price,currency,availability,link,image,category,stock\n"
    feed = read_feed("feed.csv", head + f"1,Blue mug,A mug,9.50,EUR,in_stock,{I}1,{I}1.jpg,Kitchen > Mugs,4\n")
    (mug,) = feed.products
    assert (feed.format, mug.currency, mug.category, mug.images) == ("csv", "EUR", ("Kitchen", "Mugs"), (f"{I}1.jpg",))


def test_merchants_columns_are_completed_by_the_names_of_any_table(read_feed: Callable[..., Any]) -> None:
    head = "id,title,price,currency,availability,link,image_link,category,quantity,brand_story\n"
    feed = read_feed("feed.csv", head + f"1,Blue mug,9.50,eur,in stock,{I}1,{I}1.jpg,Kitchen > Mugs,4,x\n")
    (mug,) = feed.products
    assert (feed.format, mug.price_minor, mug.currency, mug.category) == (
        "merchant-tsv",
        950,
        "EUR",
        ("Kitchen", "Mugs"),
    )
    assert feed.reading.unused_columns == ["quantity", "brand_story"]


def test_items_of_xml_that_is_nobodys_format(read_feed: Callable[..., Any]) -> None:
    item = "<product><id>{0}</id><title>Lampa {0}</title><price>249</price><image_url>{1}{0}.jpg</image_url>"
    item += "<category>Lampor</category><availability>slut i lager</availability></product>"
    feed = read_feed("feed.txt", f"<products>{item.format(1, I)}{item.format(2, I)}</products>", currency="SEK")
    first, second = feed.products
    assert (first.price_minor, first.currency, first.category, second.images) == (
        24900,
        "SEK",
        ("Lampor",),
        (f"{I}2.jpg",),
    )
    assert first.availability is Availability.OUT_OF_STOCK


def test_days_of_sales_are_read_as_their_columns_decide(read_feed: Callable[..., Any]) -> None:
    text = "sku,name,price,special_price,special_from_date,special_to_date\n"
    day_first = text + "A,Mug,12,9,05/06/2026,30/06/2026\nB,Cup,12,9,05/04/2026,30/06/2026\n"
    assert [one.price_minor for one in read_feed("a.csv", day_first).products] == [1200, 900]
    month_first = text + "A,Mug,12,9,05/06/2026,06/30/2026\nB,Cup,12,9,06/06/2026,06/30/2026\n"
    assert [one.price_minor for one in read_feed("b.csv", month_first).products] == [900, 1200]
    undecided = read_feed("c.csv", text + "A,Mug,12,9,05/06/2026,07/06/2026\n")
    assert undecided.products[0].price_minor == 1200 and "sale_period_unusable" in undecided.rules()


@pytest.mark.parametrize(
    ("header", "value", "price"),
    [
        ("Preis (EUR)", "9,50", (950, "EUR")),
        ("price_gbp", "9.50", (950, "GBP")),
        ("Price in CHF", "9.50", (950, "CHF")),
        ("Prix €", "9,50", (950, "EUR")),
        ("Price [$]", "9.50", (950, "USD")),
        ("Price (EUR)", "9.50 GBP", (950, "GBP")),
        ("Price incl. VAT", "9.50", (950, "USD")),
    ],
)
def test_a_header_names_the_currency(
    read_feed: Callable[..., Any], header: str, value: str, price: tuple[int, str]
) -> None:
    product = read_feed("a.csv", f'sku;name (required);{header};color_en\n7;Mug;"{value}";red\n').products[0]
    assert (product.price_minor, product.currency) == price
    assert product.title == "Mug" and product.attributes["color"] == ("red",)


def test_of_prices_in_several_currencies_the_shops_is_taken(read_feed: Callable[..., Any]) -> None:
    text = "sku,title_de,title_en,price_usd,price_eur\n7,Becher,Mug,10.00,9.00\n"
    feed = read_feed("a.csv", text, currency="EUR")
    assert (feed.products[0].price_minor, feed.products[0].currency) == (900, "EUR")
    assert {"title_en", "price_usd"} <= set(feed.reading.unused_columns)


def test_ids_of_worksheets(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("a.csv", "id,title,group_id\n17.0,Mug,3.0\n18.0,Cup,3.0\n1.23457E+11,Pot,\n")
    assert [(one.id, one.group_id) for one in feed.products] == [("17", "3"), ("18", "3"), ("1.23457E+11", None)]
    assert "id_fraction" in feed.rules()
