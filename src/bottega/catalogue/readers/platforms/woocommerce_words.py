"""What WooCommerce calls the columns of its product export, which it translates into the language of the site.

Known languages are a table. For any other the columns are found by their place: the order of the export is fixed, and
the words for visibility and tax in the rows are never translated, so they tell where in that order a column stands.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from itertools import islice

from bottega.catalogue.readers.columns.known_columns import KnownColumns, Words
from bottega.sources.columns import name_of
from bottega.sources.table_head import header_of, sniff_delimiter

__all__ = ["TYPES", "VISIBILITIES", "columns_of", "is_sure"]

TYPES = frozenset({"simple", "variable", "variation", "grouped", "external"})
"""Types of products that WooCommerce itself has; extensions add others, whose names often hold these."""
VISIBILITIES = frozenset({"visible", "catalog", "search", "hidden"})
_TAXES = frozenset({"taxable", "shipping", "none"})

# English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Serbian; then the names of the REST
# API, which tables made from it use.
_HEADERS: dict[str, str] = {
    "id": "ID | Identifiant | Ид",
    "type": "Type | Typ | Tipo | Тип | Tip | Vrsta | Тип производа",
    "sku": (
        "SKU | Artikelnummer | Art.-Nr. | UGS | Référence | COD | REF | Artykuł | Артикул | Šifra proizvoda | "
        "Шифра производа"
    ),
    "gtin": (
        "GTIN, UPC, EAN, or ISBN | GTIN, UPC, EAN oder ISBN | GTIN, UPC, EAN ou ISBN | GTIN, UPC, EAN o ISBN | "
        "GTIN, UPC, EAN of ISBN | GTIN, UPC, EAN lub ISBN | GTIN, UPC, EAN или ISBN | GTIN, UPC, EAN ili ISBN | "
        "global_unique_id | gtin"
    ),
    "name": "Name | Nom | Nombre | Nome | Naam | Nazwa | Имя | Название | Naziv | Ime | Назив",
    "published": (
        "Published | Veröffentlicht | Publié | Publicado | Pubblicato | Gepubliceerd | Opublikowano | "
        "Opublikowane | Опубликован | Опубликовано | Objavljeno | Објављено"
    ),
    "visibility": (
        "Visibility in catalog | Sichtbarkeit im Katalog | Katalogsichtbarkeit | Visibilité dans le catalogue | "
        "Visibilidad en el catálogo | Visibilità nel catalogo | Visibilidade no catálogo | Zichtbaarheid in "
        "catalogus | Widoczność w katalogu | Видимость в каталоге | Vidljivost u katalogu | Видљивост у каталогу "
        "| catalog_visibility"
    ),
    "short_description": (
        "Short description | Kurzbeschreibung | Description courte | Brève description | Descripción corta | "
        "Breve descrizione | Descrizione breve | Descrição curta | Breve descrição | Korte beschrijving | Korte "
        "omschrijving | Krótki opis | Короткое описание | Краткое описание | Kratak opis | Кратак опис"
    ),
    "description": (
        "Description | Beschreibung | Descripción | Descrizione | Descrição | Beschrijving | Opis | Описание | Опис"
    ),
    "sale_starts": (
        "Date sale price starts | Datum, an dem Angebotspreis beginnt | Datum, an dem der Angebotspreis beginnt | "
        "Angebotspreis gültig ab | Date de début de promo | Día en que empieza el precio rebajado | Data di "
        "partenza del prezzo in saldo | Data de preço promocional começa em | Startdatum actieprijs | Data "
        "rozpoczęcia promocji | Дата начала действия продажной цены | Дата начала действия цены распродажи | "
        "Datum početka sniženja | Датум почетка снижења | date_on_sale_from"
    ),
    "sale_ends": (
        "Date sale price ends | Datum, an dem Angebotspreis endet | Datum, an dem der Angebotspreis endet | "
        "Angebotspreis gültig bis | Date de fin de promo | Día en que termina el precio rebajado | Termine data "
        "del prezzo di vendita | Data de preço promocional termina em | Einddatum actieprijs | Data zakończenia "
        "promocji | Дата окончания действия продажной цены | Дата окончания действия цены распродажи | Datum "
        "kraja sniženja | Датум краја снижења | date_on_sale_to"
    ),
    "in_stock": (
        "In stock? | Vorrätig? | Auf Lager? | Lagerstatus | En stock ? | En inventaire? | ¿En inventario? | "
        "¿Existencias? | En inventario | In stock? | In magazzino? | Em estoque? | Em stock? | Op voorraad? | W "
        "magazynie? | В наличии? | Na zalihama? | Na stanju? | На залихама? | stock_status"
    ),
    "stock": (
        "Stock | Lager | Bestand | Lagerbestand | Inventaire | Inventario | Magazzino | Estoque | Inventário | "
        "Voorraad | Stan magazynowy | Magazyn | Запасы | Остаток | Zalihe | Zaliha | Залихе | stock_quantity"
    ),
    "backorders": (
        "Backorders allowed? | Lieferrückstände erlaubt? | Lieferrückstande erlaubt? | Rückstände erlaubt? | "
        "Autoriser les commandes de produits en rupture ? | ¿Permitir reservas de productos agotados? | Abilita "
        "gli ordini arretrati? | São permitidas encomendas? | Nabestellingen toestaan? | Pozwalać na zamówienia "
        "oczekujące (na dostawę do magazynu)? | Задержанный заказ возможен? | Возможен ли предзаказ? | Narudžbine "
        "na čekanju su dozvoljene? | Narudžbe na upit dozvoljene? | backorders"
    ),
    "sale_price": (
        "Sale price | Angebotspreis | Tarif promo | Precio rebajado | Prezzo in offerta | Preço promocional | "
        "Actieprijs | Cena promocyjna | Цена распродажи | Акционная цена | Cena na sniženju | Snižena cena | Цена "
        "на снижењу"
    ),
    "regular_price": (
        "Regular price | Regulärer Preis | Tarif régulier | Precio normal | Prezzo di listino | Preço | Preço "
        "normal | Reguliere prijs | Cena | Cena regularna | Базовая цена | Обычная цена | Redovna cena | Редовна "
        "цена"
    ),
    "price": "price",
    "categories": (
        "Categories | Kategorien | Catégories | Categorías | Categorie | Categorias | Categorieën | Kategorie | "
        "Категории | Kategorije | Категорије"
    ),
    "tags": "Tags | Schlagwörter | Étiquettes | Etiquetas | Etichette | Tag | Tagi | Метки | Oznake | Ознаке",
    "images": (
        "Images | Bilder | Imágenes | Immagine | Immagini | Imagens | Afbeeldingen | Obrazki | Zdjęcia | "
        "Изображения | Slike | Слике | all_images | image"
    ),
    "main_image": "main_image",
    "parent": (
        "Parent | Übergeordnetes Produkt | Übergeordnet | Superior | Genitore | Ascendente | Pai | Principal | "
        "Hoofd | Element nadrzędny | Rodzic | Родительский | Roditelj | Glavni | Родитељ | parent_id"
    ),
    "parent_sku": "parent_sku",
    "parent_name": "parent_name",
    "grouped": (
        "Grouped products | Gruppierte Produkte | Produits groupés | Productos agrupados | Prodotti raggruppati | "
        "Produtos agrupados | Gegroepeerde producten | Produkty grupowe | Сгруппированные товары | Grupisani "
        "proizvodi"
    ),
    "external_url": (
        "External URL | Externe URL | URL externe | URL externa | URL esterna | URL esterno | Zewnętrzny adres "
        "URL | Внешний URL | Eksterni URL | Спољни URL"
    ),
    "brands": (
        "Brands | Brand | Marken | Marke | Marques | Marque | Marcas | Marca | Marche | Merken | Merk | Marki | "
        "Marka | Бренды | Бренд | Brendovi | Brend"
    ),
    "status": "status",
    "permalink": "permalink",
    "attributes": "attributes",
    "updated_at": "date_modified_gmt | date_modified",
}
WORDS = Words({word: tuple(dict.fromkeys(map(name_of, names.split(" | ")))) for word, names in _HEADERS.items()})

# "Attribute 3 value(s)", "Wartości atrybutu 3": a column of an attribute, by the word and the number in it. The first
# of each number is the name, the second the values, unless their words say otherwise.
_ATTRIBUTE = re.compile(
    r"attri|atrib|atryb|eigenschap|standaardeigenschap|атриб|аттриб|özelli|egenskap|ominaisuu|tulajdons|属性|特性|속성"
)
_OTHER = re.compile(
    r"visib|sichtbar|zichtbaar|widoczn|видим|vidljiv|global|глобал|default|standa|défaut|defecto|predefin|padrão|domyśln"
    r"|умолч|podrazum|meta|мета|pola"
)
_VALUES = re.compile(r"value|wert|valeur|valor|valuta|waarde|wartoś|значен|vrednost|vrijednost|вредност")
_NUMBER = re.compile(r"\d{1,3}")

# Where each column stands beside the one for visibility; between sku and name newer versions have one more.
_PLACES: Mapping[str, int] = {
    "name": -3, "published": -2, "visibility": 0, "short_description": 1, "description": 2, "sale_starts": 3,
    "sale_ends": 4, "in_stock": 7, "stock": 8, "backorders": 10, "sale_price": 18, "regular_price": 19,
    "categories": 20, "tags": 21, "images": 23, "parent": 26, "grouped": 27, "external_url": 30,
}  # fmt: skip
_FIRST = ("id", "type", "sku")
_TAX = 5
_SAMPLE = 50


def columns_of(head: str) -> KnownColumns:
    """What the columns of a product export mean, by its first lines."""
    header, rows = _table(head)
    columns = WORDS.of(header)
    known = set(columns.words.values())
    for place, word in _by_place(header, rows).items():
        if word not in known and header[place] in columns.unused:
            columns.words[header[place]] = word
    _add_attributes(columns)
    columns.unused = [column for column in columns.unused if column not in columns.words]
    return columns


def is_sure(columns: KnownColumns, head: str) -> float:
    """How sure it is that a table with these columns is WooCommerce's, from 0 to 1."""
    words = set(columns.words.values())
    named = {word: column for column, word in columns.words.items()}
    header, rows = _table(head)
    told = len(words & _TELLING)
    if "name" not in words or not words & {"id", "sku"}:
        return 0.8 if {"parent", "parent_sku", "parent_name"} <= words else 0.0
    if "type" not in words:
        return 0.85 if told >= 4 and "published" in words else 0.0
    place = header.index(named["type"])
    types = {part.strip().lower() for row in rows if place < len(row) for part in row[place].split(",")[:1]} - {""}
    if types and not any(known in word for word in types for known in TYPES):
        return 0.0
    return 0.97 if told >= 3 and types else 0.85 if told >= 3 or (types and told >= 2) else 0.0


_TELLING = frozenset(
    {"published", "visibility", "in_stock", "regular_price", "sale_starts", "sale_ends", "backorders", "parent",
     "external_url", "grouped", "short_description", "stock"}
)  # fmt: skip


def _table(head: str) -> tuple[list[str], list[list[str]]]:
    """Header and first rows of a text; the last, perhaps cut, row is left out."""
    delimiter = sniff_delimiter(head)
    if delimiter is None:
        return [], []
    try:
        rows = list(islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), _SAMPLE + 2))
    except csv.Error:
        rows = []
    header = header_of(head)
    return header, rows[1:-1] or rows[1:]


def _by_place(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """Place to word of the fixed order, where the rows show that the table has it."""
    for place in range(4, len(header)):
        if _holds(rows, place, VISIBILITIES) and _holds(rows, place + _TAX, _TAXES):
            beside = {place + offset: word for word, offset in _PLACES.items() if place + offset < len(header)}
            return beside | dict(enumerate(_FIRST))
    return {}


def _holds(rows: Sequence[Sequence[str]], place: int, allowed: frozenset[str]) -> bool:
    found = {text for row in rows if place < len(row) and (text := row[place].strip().lower())}
    return bool(found) and found <= allowed


def _add_attributes(columns: KnownColumns) -> None:
    """Give the columns of numbered attributes their words: "attribute_name 1", "attribute_value 1"."""
    groups: dict[int, list[str]] = {}
    for column in columns.unused:
        name = name_of(column)
        number = _NUMBER.search(name)
        if number and _ATTRIBUTE.search(name) and not name.startswith(("meta", "мета", "pola")):
            groups.setdefault(int(number[0]), []).append(column)
    for number_, members in groups.items():
        plain = [column for column in members if not _OTHER.search(name_of(column))] or members
        values = next((column for column in plain if _VALUES.search(name_of(column))), None)
        names = [column for column in plain if column != values]
        if values is None and len(names) > 1:
            values = names[1]
        if names and values is not None:
            columns.words[names[0]] = f"attribute_name {number_}"
            columns.words[values] = f"attribute_value {number_}"
            columns.numbers.setdefault("attribute", []).append(number_)
        for column in members:  # whether it is shown or global is no matter here
            columns.words.setdefault(column, "")
