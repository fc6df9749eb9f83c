"""What PrestaShop calls the columns of its tables of products, combinations and categories.

Three kinds of tables are about: the import files of its manual (English, "Active (0/1)", "Categories (x,y,z...)"), the
list of the back office, exported in the language of its user, and exports of modules, which use the import's names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bottega.catalogue.readers.columns.known_columns import KnownColumns, Words
from bottega.sources.columns import name_of

__all__ = ["COMBINATIONS", "kind_of", "list_mark", "price_columns", "product_columns"]

_LISTED = r"(?:_x_y_z)?"
PRODUCTS = Words(
    {
        "id": ("product_id", "id", "id_product"),
        "active": ("active_0_1", "active", "status", "état", "estado", "stato", "enabled", "activé"),
        "name": ("name", "nom", "nombre", "nome", "product_name", "nazwa", "naam"),
        "categories": ("categories_x_y_z", "categories", "category", "catégorie", "categoría", "categoria", "kategorie",
                       "kategoria", "categorie"),
        "on_sale": ("on_sale_0_1",),
        "discount_amount": ("discount_amount",),
        "discount_percent": ("discount_percent",),
        "discount_from": ("discount_from_yyyy_mm_dd",),
        "discount_to": ("discount_to_yyyy_mm_dd",),
        "reference": ("reference", "référence", "referencia", "riferimento", "referentie", "artikelnummer", "indeks"),
        "brand": ("manufacturer", "brand", "fabricant", "marque"),
        "ean": ("ean13", "ean_13"),
        "upc": ("upc",),
        "isbn": ("isbn",),
        "mpn": ("mpn",),
        "quantity": ("quantity", "quantité", "cantidad", "quantità", "menge", "ilość", "aantal", "quantidade"),
        "visibility": ("visibility",),
        "summary": ("short_description", "summary"),
        "description": ("description",),
        "tags": ("tags_x_y_z", "tags"),
        "orderable": ("available_for_order_0_no_1_yes",),
        "images": ("image_urls_x_y_z", "image_urls", "image_url", "image", "imagen", "immagine", "photo"),
        "alts": ("image_alt_texts_x_y_z", "image_alt_texts"),
        "features": ("feature_name_value_position", "feature_name_value_position_customized", "features"),
        "condition": ("condition",),
        "sold_on": ("out_of_stock", "action_when_out_of_stock"),
        "updated": ("product_creation_date",),
    }
)  # fmt: skip
COMBINATIONS = Words(
    {
        "parent": ("product_id", "id", "id_product"),
        "parent_reference": ("product_reference",),
        "attributes": ("attribute_name_type_position",),
        "values": ("value_value_position",),
        "reference": ("reference",),
        "ean": ("ean13",),
        "upc": ("upc",),
        "mpn": ("mpn",),
        "impact": ("impact_on_price",),
        "quantity": ("quantity",),
        "images": ("image_url", "image_urls_x_y_z", "image_urls"),
    }
)
_TAX = re.compile(r"tax|ttc|\bht\b|_ht\b|iva|mwst|btw|vat|impuest|imposto|netto|brutto|tasse")
_WITH_TAX = re.compile(r"incl|ttc|brutto|\bcon_iva|inkl")
_PRICE = re.compile(r"(?:price|prix|precio|prezzo|preis|cena|prijs|preço)(?:_|\b)")
_NO_PRICE = re.compile(r"wholesale|unit|achat|gros|show|impact|cost|mayor|acquisto")
_TELLING = frozenset(
    {"active_0_1", "categories_x_y_z", "image_urls_x_y_z", "feature_name_value_position", "tax_rules_id",
     "available_for_order_0_no_1_yes", "wholesale_price", "on_sale_0_1", "url_rewritten", "meta_title"}
)  # fmt: skip


# The manual's headers in other languages keep their signs: "Actif (0/1)", "Catégories (x,y,z...)".
_SIGNED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("active", re.compile(r"(?:act|att|akt)i[vf]\w*_0_1")),
    ("categories", re.compile(r"[ck]at[eé]g\w*_x_y_z")),
    ("images", re.compile(r"(?=.*(?:image|imagen|immagin|bild|obraz|afbeeld)).*_x_y_z")),
    ("tags", re.compile(r"(?:tags|balises|étiquettes|etiquetas|mots_cl\w+|tagi|schlag\w+|trefwoord\w+)_x_y_z")),
    ("features", re.compile(r"(?:feature|fonction|caract|eigenschaft|funzion|cech|kenmerk)\w*_\w+_\w+_\w+")),
    ("name", re.compile(r"(?:nom|nombre|nome|name|nazwa|naam)")),
    ("reference", re.compile(r"(?:référence|reference|referencia|riferimento|referenz|indeks|referentie)\w*")),
    ("quantity", re.compile(r"(?:quantit|cantidad|menge|ilość|aantal|quantidade)\w*")),
    ("brand", re.compile(r"(?:marque|fabricant|marca|marke|hersteller|producent|fabricante|produttore|merk)")),
    ("summary", re.compile(r"(?:résumé|resumen|riepilogo|zusammenfassung|podsumowanie|samenvatting)")),
    (
        "discount_percent",
        re.compile(r"(?:pourcentage|porcentaje|percentuale|prozent)\w*(?:réduction|remise|descuento|sconto|rabatt)\w*"),
    ),
    (
        "discount_amount",
        re.compile(r"(?:montant|valor|valore|betrag|importe)\w*(?:réduction|remise|descuento|sconto|rabatt)\w*"),
    ),
)


def product_columns(header: Sequence[str]) -> KnownColumns:
    """What the columns of a table of products mean."""
    columns = PRODUCTS.of(header)
    known = set(columns.words.values())
    for column in list(columns.unused):
        name = name_of(column)
        word = next((word for word, pattern in _SIGNED if word not in known and pattern.fullmatch(name)), None)
        if word is not None:
            columns.words[column] = word
            columns.unused.remove(column)
            known.add(word)
    return columns


def price_columns(header: Sequence[str]) -> tuple[list[str], bool]:
    """Columns of the price, with tax before without; and whether the first is without tax."""
    found = [
        (not _WITH_TAX.search(name), column)
        for column in header
        if _PRICE.match(name := name_of(column)) and not _NO_PRICE.search(name)
    ]
    found.sort(key=lambda pair: pair[0])
    without = bool(found) and found[0][0] and bool(_TAX.search(name_of(found[0][1])))
    return [column for _, column in found], without


def list_mark(header: Sequence[str]) -> str:
    """What separates entries in a cell, as the header says: "Categories (x,y,z...)"."""
    return ";" if any("x;y" in column.replace(" ", "") for column in header) else ","


def kind_of(header: Sequence[str]) -> tuple[str, float]:
    """Whether a table is of "products", "combinations" or "categories", or none of PrestaShop's; and how sure."""
    names = {name_of(column) for column in header}
    if "attribute_name_type_position" in names and "value_value_position" in names:
        return "combinations", 0.97
    if {"category_id", "parent_category"} <= names:
        return "categories", 0.9
    words = set(product_columns(header).words.values())
    prices, _ = price_columns(header)
    if not {"id", "name"} <= words or not prices:
        return "", 0.0
    told = len(names & _TELLING) + sum(name.endswith(("_0_1", "_x_y_z")) for name in names - _TELLING)
    if told >= 3:
        return "products", 0.97
    taxed = any(_TAX.search(name_of(column)) for column in prices)
    listed = len(words & {"reference", "quantity", "active", "categories", "images"})
    return ("products", 0.85) if taxed and listed >= 4 else ("", 0.0)
