"""WooCommerce's export: types, drafts, variations near and far, lists with commas, headers of other languages."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.names import Availability

I = "https://s.example/"  # noqa: E741
ENGLISH = [
    "ID",
    "Type",
    "SKU",
    "Name",
    "Published",
    "Is featured?",
    "Visibility in catalog",
    "Short description",
    "Description",
    "Date sale price starts",
    "Date sale price ends",
    "Tax status",
    "Tax class",
    "In stock?",
    "Stock",
    "Low stock amount",
    "Backorders allowed?",
    "Sold individually?",
    "Weight (kg)",
    "Length (cm)",
    "Width (cm)",
    "Height (cm)",
    "Allow customer reviews?",
    "Purchase note",
    "Sale price",
    "Regular price",
    "Categories",
    "Tags",
    "Shipping class",
    "Images",
    "Download limit",
    "Download expiry days",
    "Parent",
    "Grouped products",
    "Upsells",
    "Cross-sells",
    "External URL",
    "Button text",
    "Position",
    "Attribute 1 name",
    "Attribute 1 value(s)",
    "Attribute 1 visible",
    "Attribute 1 global",
    "Attribute 2 name",
    "Attribute 2 value(s)",
    "Attribute 2 visible",
    "Attribute 2 global",
]
GERMAN = [
    "ID",
    "Typ",
    "Artikelnummer",
    "Name",
    "Veröffentlicht",
    "Ist hervorgehoben?",
    "Sichtbarkeit im Katalog",
    "Kurzbeschreibung",
    "Beschreibung",
    "Datum¸ an dem Angebotspreis beginnt",
    "Datum¸ an dem Angebotspreis endet",
    "Steuerstatus",
    "Steuerklasse",
    "Vorrätig?",
    "Bestand",
    "Geringe Lagermenge",
    "Lieferrückstände erlaubt?",
    "Nur einzeln verkaufen?",
    "Gewicht (kg)",
    "Länge (cm)",
    "Breite (cm)",
    "Höhe (cm)",
    "Kundenrezensionen erlauben?",
    "Hinweis zum Kauf",
    "Angebotspreis",
    "Regulärer Preis",
    "Kategorien",
    "Schlagwörter",
    "Versandklasse",
    "Bilder",
    "Downloadlimit",
    "Ablauftage des Downloads",
    "Übergeordnetes Produkt",
    "Gruppierte Produkte",
    "Zusatzverkäufe",
    "Cross-Sells (Querverkäufe)",
    "Externe URL",
    "Button-Text",
    "Position",
    "Attribut 1 Name",
    "Attribut 1 Wert(e)",
    "Attribut 1 Sichtbar",
    "Attribut 1 Global",
    "Attribut 2 Name",
    "Attribut 2 Wert(e)",
    "Attribut 2 Sichtbar",
    "Attribut 2 Global",
]
RUSSIAN = [
    "ID",
    "Тип",
    "Артикул",
    "Имя",
    "Опубликован",
    "рекомендуемый?",
    "Видимость в каталоге",
    "Короткое описание",
    "Описание",
    "Дата начала действия продажной цены",
    "Дата окончания действия продажной цены",
    "Статус налога",
    "Налоговый класс",
    "В наличии?",
    "Запасы",
    "Величина малых запасов",
    "Возможен ли предзаказ?",
    "Продано индивидуально?",
    "Вес (kg)",
    "Длина (cm)",
    "Ширина (cm)",
    "Высота (cm)",
    "Разрешить отзывы от клиентов?",
    "Примечание к покупке",
    "Цена распродажи",
    "Базовая цена",
    "Категории",
    "Метки",
    "Класс доставки",
    "Изображения",
    "Лимит загрузок",
    "Число дней до просроченной загрузки",
    "Родительский",
    "Сгруппированные товары",
    "Апсейл",
    "Кросселы",
    "Внешний URL",
    "Текст кнопки",
    "Позиция",
    "Имя атрибута 1",
    "Значение(-я) аттрибута(-ов) 1",
    "Видимость атрибута 1",
    "Глобальный атрибут 1",
    "Имя атрибута 2",
    "Значение(-я) аттрибута(-ов) 2",
    "Видимость атрибута 2",
    "Глобальный атрибут 2",
]
POLISH = [
    "ID",
    "Typ",
    "SKU",
    "Nazwa",
    "Opublikowano",
    "Wyróżniony produkt?",
    "Widoczność w katalogu",
    "Krótki opis",
    "Opis",
    "Data rozpoczęcia promocji",
    "Data zakończenia promocji",
    "Status podatku",
    "Klasa podatkowa",
    "W magazynie?",
    "Stan magazynowy",
    "Niski stan magazynowy",
    "Pozwalać na zamówienia oczekujące (na dostawę do magazynu)?",
    "Sprzedawany pojedynczo?",
    "Waga (kg)",
    "Długość (cm)",
    "Szerokość (cm)",
    "Wysokość (cm)",
    "Włącz opinie klientów?",
    "Notatka do zakupu",
    "Cena promocyjna",
    "Cena",
    "Kategorie",
    "Tagi",
    "Klasa wysyłkowa",
    "Obrazki",
    "Limit pobrań",
    "Ważność pobierania",
    "Element nadrzędny",
    "Produkty grupowe",
    "Produkty up-sell",
    "Produkty Cross-sell",
    "Zewnętrzny adres URL",
    "Tekst przycisku",
    "Pozycja",
    "Nazwa atrybutu 1",
    "Wartości atrybutu 1",
    "Atrybut 1 widoczny",
    "Atrybut 1: globalny",
    "Nazwa atrybutu 2",
    "Wartości atrybutu 2",
    "Atrybut 2 widoczny",
    "Atrybut 2: globalny",
]
DUTCH = [
    "ID",
    "Type",
    "Artikelnummer",
    "Naam",
    "Gepubliceerd",
    "Uitgelicht?",
    "Zichtbaarheid in catalogus",
    "Korte omschrijving",
    "Beschrijving",
    "Startdatum actieprijs",
    "Einddatum actieprijs",
    "Btw status",
    "Belastingklasse",
    "Op voorraad?",
    "Voorraad",
    "Lage voorraad",
    "Nabestellingen toestaan?",
    "Wordt individueel verkocht?",
    "Gewicht (kg)",
    "Lengte (cm)",
    "Breedte (cm)",
    "Hoogte (cm)",
    "Klantbeoordelingen toestaan?",
    "Aankoopnotitie",
    "Actieprijs",
    "Reguliere prijs",
    "Categorieën",
    "Tags",
    "Verzendklasse",
    "Afbeeldingen",
    "Downloadlimiet",
    "Dagen vervaltijd download",
    "Hoofd",
    "Gegroepeerde producten",
    "Upsells",
    "Cross-sells",
    "Externe URL",
    "Knop tekst",
    "Positie",
    "Naam eigenschap 1",
    "Waarde eigenschap 1",
    "Zichtbare eigenschap 1",
    "Globale eigenschap 1",
    "Naam eigenschap 2",
    "Waarde eigenschap 2",
    "Zichtbare eigenschap 2",
    "Globale eigenschap 2",
]
UNKNOWN = [f"Wort {place}" if place < 39 else header for place, header in enumerate(ENGLISH)]
HEADERS = {
    "English": ENGLISH, "German": [column.replace("¸", ",") for column in GERMAN], "Russian": RUSSIAN, "Polish": POLISH,
    "Dutch": DUTCH, "a language nobody knows": UNKNOWN,
}  # fmt: skip

PRODUCTS: list[dict[str, str]] = [
    {"ID": "11", "Type": "simple", "SKU": "KETTLE", "Name": "Kettle", "Description": "A kettle\\nof steel",
     "Date sale price starts": "2030-01-01", "Date sale price ends": "2030-02-01", "In stock?": "1", "Stock": "4",
     "Sale price": "19,50", "Regular price": "29,90", "Categories": "Kitchen, Kitchen > Kettles\\, pots, Gifts",
     "Tags": "tea, steel", "Images": f"{I}k1.jpg, {I}k2.jpg", "Attribute 1 name": "Colour",
     "Attribute 1 value(s)": "Blue\\, dark, Red"},
    {"ID": "12", "Type": "simple", "Name": "Draft", "Published": "-1", "Regular price": "5"},
    {"ID": "13", "Type": "simple", "Name": "Private", "Published": "0", "Regular price": "5"},
    {"ID": "14", "Type": "simple", "Name": "By link", "Visibility in catalog": "hidden", "Regular price": "5"},
    {"ID": "15", "Type": "variation", "SKU": "APRON-R", "Name": "Apron - Red", "Regular price": "35", "Parent": "APRON",
     "Images": f"{I}ar.jpg", "Attribute 1 name": "Colour", "Attribute 1 value(s)": "Red"},
    {"ID": "16", "Type": "variable", "SKU": "APRON", "Name": "Apron", "Description": "Of linen",
     "Categories": "Textiles > Aprons", "Images": f"{I}a.jpg", "Attribute 1 name": "Colour",
     "Attribute 1 value(s)": "Red, Green", "Attribute 2 name": "Fabric", "Attribute 2 value(s)": "linen"},
    {"ID": "17", "Type": "variation", "Name": "Apron - Green", "Regular price": "36", "Parent": "id:16",
     "In stock?": "0", "Attribute 1 name": "Colour", "Attribute 1 value(s)": "Green"},
    {"ID": "18", "Type": "simple, virtual", "Name": "Bowl", "In stock?": "backorder", "Stock": "0",
     "Regular price": "5", "Backorders allowed?": "1"},
    {"ID": "19", "Type": "grouped", "Name": "A set", "Grouped products": "KETTLE, APRON"},
    {"ID": "20", "Type": "external", "Name": "Elsewhere", "Regular price": "7", "External URL": "https://else.example/7"},
    {"ID": "21", "Type": "variable", "Name": "Alone", "Regular price": "8"},
    {"ID": "22", "Type": "variation", "Name": "Orphan", "Regular price": "8", "Parent": "id:99"},
    {"ID": "", "Type": "simple", "SKU": "CUP", "Name": "Cup", "In stock?": "1", "Stock": "0", "Regular price": "9"},
]  # fmt: skip


def export(header: list[str]) -> str:
    lines: list[str] = []

    class Out:
        def write(self, text: str) -> int:
            lines.append(text)
            return len(text)

    writer = csv.writer(Out())
    writer.writerow(header)
    for product in PRODUCTS:
        full = {
            "Published": "1",
            "Visibility in catalog": "visible",
            "In stock?": "1",
            "Tax status": "taxable",
        } | product
        writer.writerow([full.get(column, "") for column in ENGLISH])
    return "".join(lines)


@pytest.mark.parametrize("language", HEADERS)
def test_an_export_in_any_language(read_feed: Callable[..., Any], language: str) -> None:
    feed = read_feed("wc-product-export.csv", export(HEADERS[language]), currency="EUR")
    assert feed.format == "woocommerce-csv"
    found = {product.id: product for product in feed.products}
    assert list(found) == ["11", "12", "13", "14", "15", "17", "18", "19", "20", "21", "22", "CUP"]
    assert feed.reading.joined == 1  # the variable apron
    kettle = found["11"]
    assert (kettle.price_minor, kettle.currency) == (2990, "EUR")  # its sale is in 2030
    assert kettle.description == "A kettle\nof steel"
    assert kettle.category == ("Kitchen", "Kettles, pots")
    assert kettle.images == (f"{I}k1.jpg", f"{I}k2.jpg")
    assert kettle.attributes == {
        "colour": ("Blue, dark", "Red"), "tags": ("tea", "steel"), "categories": ("Gifts",), "sku": ("KETTLE",),
    }  # fmt: skip
    assert [found[key].hidden for key in ("12", "13", "14", "11", "15")] == [True, True, True, False, False]
    red, green = found["15"], found["17"]
    assert (red.group_id, green.group_id) == ("16", "16")
    assert (red.title, red.price_minor, green.price_minor) == ("Apron - Red", 3500, 3600)
    assert red.images == (f"{I}ar.jpg", f"{I}a.jpg") and green.images == (f"{I}a.jpg",)
    assert red.attributes["colour"] == ("Red",) and red.attributes["fabric"] == ("linen",)
    assert red.category == ("Textiles", "Aprons") and red.description == "Of linen"
    assert green.availability is Availability.OUT_OF_STOCK and red.availability is Availability.IN_STOCK
    assert found["18"].availability is Availability.BACKORDER
    assert found["CUP"].availability is Availability.OUT_OF_STOCK  # its stock has run out
    assert found["20"].url == "https://else.example/7"
    assert found["22"].group_id == "99" and "parent_missing" in feed.rules(row=":13")


def test_a_sale_that_is_on_and_a_sale_without_an_end(read_feed: Callable[..., Any]) -> None:
    header = "ID,Type,Name,Published,Date sale price starts,Date sale price ends,Sale price,Regular price\n"
    feed = read_feed(
        "a.csv", header + "1,simple,A,1,2026-01-01,,4,5\n2,simple,B,1,,2026-01-01,4,5\n3,simple,C,1,,,4,5\n"
    )
    assert [product.price_minor for product in feed.products] == [400, 500, 400]


def test_a_table_of_other_types_is_not_woocommerces(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("a.csv", "id,type,sku,name,status,regular_price,stock\n1,Shirt,a,A,1,5,1\n2,Mug,b,B,1,5,1\n")
    assert feed.format == "csv"


@pytest.mark.real_data
def test_the_sample_of_woocommerce(read_feed: Callable[..., Any], real_data: Callable[[str], Path]) -> None:
    path = real_data("feeds/woocommerce_sample.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(keepends=True)))
    feed = read_feed(path)
    families = {row["Parent"] for row in rows if row["Type"] == "variation"}
    assert len(rows) == 24
    assert feed.reading.joined == len(families) == 2
    assert len(feed.products) == len(rows) - 2 and feed.reading.rejected == 0
    assert {product.id for product in feed.products} == {row["ID"] for row in rows if row["SKU"] not in families}
    own = {row["ID"]: row["Images"] for row in rows}
    for product in feed.products:
        assert product.images[: own[product.id].count("http")] == tuple(own[product.id].replace(" ", "").split(","))
    assert [product.id for product in feed.products if product.hidden] == ["749"]


@pytest.mark.real_data
def test_a_serbian_shop(read_feed: Callable[..., Any], real_data: Callable[[str], Path]) -> None:
    path = real_data("feeds/woocommerce_serbian.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True)))
    feed = read_feed(path, currency="RSD")
    assert len(feed.products) == len(rows) == 96 and feed.reading.rejected == 0
    assert [product.price_minor for product in feed.products] == [
        int(row["regular_price"] or row["price"]) * 100 for row in rows
    ]
    assert [len(product.images) for product in feed.products] == [
        len(set(row["all_images"].split("; "))) for row in rows
    ]
    assert all(product.url and product.url.startswith("https://www.bambini.rs/") for product in feed.products)
