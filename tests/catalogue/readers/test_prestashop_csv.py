"""PrestaShop: products, the back office's list, and combinations that need their products."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.mapping import Mapping
from bottega.catalogue.readers.platforms.prestashop_csv import PrestaShopCsv
from bottega.names import Availability
from bottega.sources.find import find_source
from bottega.sources.problems import Problem

I = "https://s.example/"  # noqa: E741
PRODUCTS = f"""\
Product ID;Active (0/1);Name*;Categories (x,y,z...);Price tax excluded;Tax rules ID;On sale (0/1);Discount amount;\
Discount percent;Discount from (yyyy-mm-dd);Discount to (yyyy-mm-dd);Reference #;Manufacturer;EAN13;Quantity;\
Visibility;Description;Tags (x,y,z...);Image URLs (x,y,z...);Feature(Name:Value:Position);Out of stock
1;1;Vase;Accueil,Accueil/Vases,Cadeaux;24,50;1;0;;20;2026-01-01;2030-01-01;V-1;Verrerie;4006381333931;12;both;\
<p>Soufflé</p>;verre,bleu;{I}1.jpg,{I}2.jpg;Couleur:Bleu:1,Taille:L:2;0
2;0;Retiré;Vases;24,50;1;0;5;;;;V-2;;;12;both;;;;;0
3;1;Épuisé;Vases;24,50;1;0;;50;2020-01-01;2021-01-01;V-3;;;0;both;;;;;0
4;1;Caché;Vases;24,50;1;0;;;;;V-4;;;0;none;;;;;1
"""
LIST = f"""\
"Product ID";Image;Name;Reference;Category;"Price (tax excl.)";"Price (tax incl.)";Quantity;Status;Position
1;{I}1.jpg;"Vase";V-1;Vases;"24,50 €";"29,40 €";12;1;1
2;{I}2.jpg;"Retiré";V-2;Vases;"24,50 €";"29,40 €";3;0;2
"""
COMBINATIONS = f"""\
Product ID*;Product Reference;Attribute (Name:Type:Position)*;Value (Value:Position)*;Reference;EAN13;Impact on price;\
Quantity;Image URL
1;;Couleur:color:0, Taille:select:1;Bleu:0, L:1;V-1-BL;;0;3;{I}b.jpg
;V-1;Couleur:color:0, Taille:select:1;Rouge:0, M:1;;;2.5;0;
9;;Couleur:color:0;Bleu:0;V-9;;0;3;
"""


def test_products(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("products.csv", PRODUCTS, currency="EUR")
    assert feed.format == "prestashop-csv"
    vase, withdrawn, gone, hidden = feed.products
    assert [product.id for product in feed.products] == ["1", "2", "3", "4"]
    assert (vase.title, vase.brand, vase.description) == ("Vase", "Verrerie", "Soufflé")
    assert (vase.price_minor, vase.attributes["list_price"]) == (1960, ("24.50",))  # its discount is on
    assert (withdrawn.price_minor, gone.price_minor) == (1950, 2450)  # 5 off for ever; a discount that is over
    assert vase.category == ("Vases",) and vase.attributes["categories"] == ("Cadeaux",)
    assert vase.images == (I + "1.jpg", I + "2.jpg")
    assert {name: vase.attributes[name] for name in ("couleur", "taille", "tags", "gtin", "sku")} == {
        "couleur": ("Bleu",), "taille": ("L",), "tags": ("verre", "bleu"), "gtin": ("4006381333931",), "sku": ("V-1",),
    }  # fmt: skip
    assert [product.hidden for product in feed.products] == [False, True, False, True]
    assert (gone.availability, hidden.availability) == (Availability.OUT_OF_STOCK, Availability.BACKORDER)
    assert feed.rules().count("price_without_tax") == 1


def test_the_back_offices_list_with_its_price_with_tax(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("product_2026.csv", LIST)
    assert feed.format == "prestashop-csv"
    assert [(product.price_minor, product.currency) for product in feed.products] == [(2940, "EUR")] * 2
    assert [product.hidden for product in feed.products] == [False, True]
    assert "price_without_tax" not in feed.rules()


def test_the_manuals_headers_in_another_language(read_feed: Callable[..., Any]) -> None:
    text = (
        "ID;Actif (0/1);Nom *;Catégories (x,y,z...);Prix TTC;En solde (0/1);Référence n°;Marque;EAN13;Quantité;Résumé;"
        "Description;Balises (x,y,z...);URL images (x,y,z...);Caractéristique (Nom:Valeur:Position)\n"
        f"1;1;Vase;Accueil,Accueil/Vases;29,40;0;V-1;Verrerie;4006381333931;0;Court;;a,b;{I}1.jpg,{I}2.jpg;Couleur:Bleu:1\n"
        "2;0;Retiré;Vases;24,50;0;V-2;;;3;;;;;\n"
    )
    feed = read_feed("produits.csv", text, currency="EUR")
    vase, withdrawn = feed.products
    assert feed.format == "prestashop-csv" and withdrawn.hidden and not vase.hidden
    assert (vase.title, vase.brand, vase.description, vase.price_minor) == ("Vase", "Verrerie", "Court", 2940)
    assert vase.category == ("Vases",) and vase.images == (I + "1.jpg", I + "2.jpg")
    assert vase.attributes["couleur"] == ("Bleu",) and vase.attributes["tags"] == ("a", "b")
    assert vase.availability is Availability.OUT_OF_STOCK and "price_without_tax" not in feed.rules()


def read_together(folder: Path, files: dict[str, str]) -> tuple[list[Any], list[Problem], Reading]:
    for name, text in files.items():
        (folder / name).write_text(text)
    first, *others = (find_source(folder / name) for name in files)
    problems: list[Problem] = []
    reading = Reading(first, problems.append, Mapping(), "EUR", beside=tuple(others), now_ms=1_780_000_000_000)
    return list(PrestaShopCsv().read(reading)), problems, reading


def test_combinations_and_their_products(tmp_path: Path) -> None:
    products, problems, reading = read_together(tmp_path, {"c.csv": COMBINATIONS, "p.csv": PRODUCTS})
    found = {product.id: product for product in products}
    assert list(found) == ["2", "3", "4", "V-1-BL", "1/Rouge/M"]
    blue, red = found["V-1-BL"], found["1/Rouge/M"]
    assert blue.group_id == red.group_id == "1" and blue.title == "Vase"
    assert (blue.price_minor, red.price_minor) == (1960, 2700)  # a combination with a price of its own has no discount
    assert blue.attributes["couleur"] == ("Bleu",) and red.attributes["taille"] == ("M",)
    assert blue.images == (I + "b.jpg", I + "1.jpg", I + "2.jpg")
    assert red.availability is Availability.OUT_OF_STOCK
    assert reading.joined == 1 and reading.rejected == 1  # the vase; a combination of what is not there
    assert [(problem.rule, problem.row) for problem in problems if problem.rule == "title_empty"] == [
        ("title_empty", "c.csv:4")
    ]


def test_combinations_alone_say_what_is_missing(read_feed: Callable[..., Any]) -> None:
    feed = read_feed("combinations.csv", COMBINATIONS)
    assert feed.format == "prestashop-csv" and feed.products == []
    assert feed.rules() == ["title_empty"] * 3
    assert "put both into one folder" in feed.problems[0].fix


@pytest.mark.real_data
def test_the_samples_of_the_manual(real_data: Callable[[str], Path]) -> None:
    names = ("prestashop_products_import.csv", "prestashop_combinations_import.csv", "prestashop_categories_import.csv")
    first, *others = (find_source(real_data(f"feeds/{name}")) for name in names)
    rows = [
        list(csv.DictReader(source.path.read_text("utf-8").splitlines(keepends=True))) for source in (first, *others)
    ]
    reading = Reading(first, lambda problem: None, Mapping(), "USD", beside=tuple(others), now_ms=1_780_000_000_000)
    products = list(PrestaShopCsv().read(reading))
    with_combinations = {row["Product ID*"] for row in rows[1]} & {row["Product ID"] for row in rows[0]}
    assert reading.joined == len(with_combinations)
    assert len(products) == len(rows[0]) - reading.joined + len(rows[1]) and reading.rejected == 0
    assert {product.group_id for product in products if product.group_id} == with_combinations
