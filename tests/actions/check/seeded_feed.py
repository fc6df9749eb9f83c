"""A feed that is in order, and the same with faults put into it: one row or group a fault, each known by its rule.

Two assortments with words, prices and forms of faults of their own; the second was written before any result was seen.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["BIKES_AND_BOOKS", "FAULTS", "LAMPS_AND_SHIRTS", "Assortment", "SeededFeed"]

Row = dict[str, str]
COLUMNS = (
    "id", "item_group_id", "title", "description", "brand", "product_type", "google_product_category", "price",
    "sale_price", "sale_price_effective_date", "availability", "availability_date", "link", "image_link",
    "additional_image_link", "color", "size", "gender", "age_group", "material", "condition", "gtin",
    "identifier_exists",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """Products of one category."""

    path: str
    google: str
    nouns: tuple[str, ...]
    price: tuple[float, float]
    worn: bool = False
    """Whether each has a size, a gender and an age group."""


@dataclass(frozen=True)
class Assortment:
    """What a feed is made of. `form`: which form of each fault it gets."""

    form: int
    currency: str
    shop: str
    brands: tuple[str, ...]
    kinds: tuple[Kind, ...]
    colors: tuple[str, ...]
    materials: tuple[str, ...]
    words: str


LAMPS_AND_SHIRTS = Assortment(
    form=0,
    currency="USD",
    shop="https://www.lumen.example",
    brands=("Nordlys", "Haven", "Marlowe", "Tessel"),
    kinds=(
        Kind("Home > Lighting > Table lamps", "Home & Garden > Lighting > Lamps",
             ("table lamp", "reading light", "desk lamp", "bedside lamp"), (40, 190)),
        Kind("Home > Textiles > Cushions", "Home & Garden > Decor > Throw Pillows",
             ("cushion", "bolster", "floor pillow", "seat pad"), (15, 70)),
        Kind("Apparel > Tops > Shirts", "Apparel & Accessories > Clothing > Shirts & Tops",
             ("shirt", "blouse", "overshirt", "polo"), (25, 110), worn=True),
    ),
    colors=("black", "white", "navy", "olive", "rust", "sand"),
    materials=("oak", "linen", "cotton", "brass", "wool"),
    words="""
        calm evening window harbour slow woven hand shade corner switch cable dimmed base turned
        steady warm glow soft edge seam collar cuff pocket button drape winter travel folded garden
        terrace quiet reader desk paper shelf light weight balance curve frame simple plain ribbed
        brushed washed raw natural even deep narrow wide tall low made lasts years repaired spare
        parts workshop family small batch northern coast inland market studio drawn first sample
        tested twice packed flat carton returned gladly cared damp cloth cool iron line dried
    """,
)  # fmt: skip
BIKES_AND_BOOKS = Assortment(
    form=1,
    currency="EUR",
    shop="https://velo-buch.example",
    brands=("Kurbel", "Pedalwerk", "Sattel & Sohn", "Lesezeit"),
    kinds=(
        Kind("Fahrrad > Teile > Sättel", "Sporting Goods > Outdoor Recreation > Cycling",
             ("Sattel", "Rennsattel", "Tourensattel", "Gelsattel"), (30, 160)),
        Kind("Bücher > Reise > Karten", "Media > Books",
             ("Radkarte", "Wanderführer", "Tourenbuch", "Atlas"), (9, 45)),
        Kind("Bekleidung > Rad > Trikots", "Apparel & Accessories > Clothing > Activewear",
             ("Trikot", "Windweste", "Radhose", "Regenjacke"), (39, 180), worn=True),
    ),
    colors=("schwarz", "weiß", "rot", "petrol", "gelb", "anthrazit"),
    materials=("Leder", "Papier", "Merino", "Nylon", "Kork"),
    words="""
        leicht fest Naht Strecke Berg Tal Kurve Kante Griff Schraube Feder Polster lange Tage Regen
        Sonne Wind Wald Ufer Brücke Rast Gepäck Tasche Rahmen Gabel Kette Licht Karte Maßstab Route
        Etappe Herberge Bahnhof Höhe Profil Abfahrt Anstieg Pause Werkstatt geprüft genäht gefaltet
        gedruckt robust weich atmet trocknet schnell hält gut sitzt fein gearbeitet Jahre Pflege
        Ersatz Teile Hof Garten Sommer Herbst früh spät weit nah still klar hell dunkel gerade rund
        schmal breit kurz hoch neu bewährt einfach sicher ruhig eigen Hand Werk
    """,
)  # fmt: skip
SIZES = ("S", "M", "L", "XL")
SINGLES, GROUPS = 70, 14
"""Of each kind: products without a group, and groups of three."""


@dataclass
class SeededFeed:
    """A feed in order; `with_faults` puts them in, each into rows of its own."""

    assortment: Assortment
    seed: int
    rows: list[Row] = field(default_factory=list)
    raw: list[list[str]] = field(default_factory=list)
    """Cells of lines that are no row of the table."""
    expected: dict[str, list[Row]] = field(default_factory=dict)
    """Rule to the rows that break it; an empty list for what only the whole shows."""
    touched: dict[str, list[Row]] = field(default_factory=dict)
    """Rule to all rows that were changed for it."""
    _free: list[Row] = field(default_factory=list)
    _free_groups: list[list[Row]] = field(default_factory=list)
    _now: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        for letter, kind in zip("abc", self.assortment.kinds, strict=True):
            singles = [self._row(kind, f"{letter}{number}") for number in range(SINGLES)]
            groups = [self._group(kind, f"{letter}g{number}") for number in range(GROUPS)]
            self.rows += [*singles, *(row for group in groups for row in group)]
            self._free += singles
            self._free_groups += groups
        self.draw.shuffle(self.rows)
        self.draw.shuffle(self._free)

    def single(self, *, worn: bool = False) -> Row:
        """A product without a group that no fault has yet."""
        kind = next(kind for kind in self.assortment.kinds if kind.worn)
        fits = [row for row in self._free if not worn or row["product_type"] == kind.path]
        self._free.remove(fits[-1])
        self._now.append(fits[-1])
        return fits[-1]

    def group(self) -> list[Row]:
        """The variants of one group that no fault has yet."""
        self._now += self._free_groups[-1]
        return self._free_groups.pop()

    def text(self, count: int) -> str:
        """So many words, as a sentence."""
        return " ".join(self.draw.choices(self.assortment.words.split(), k=count)).capitalize() + "."

    def with_faults(self) -> SeededFeed:
        """The same feed with every fault of `FAULTS`."""
        for rule, put in FAULTS:
            self.touched[rule] = self._now = []
            self.expected[rule] = put(self, self.assortment.form)
        return self

    def write(self, path: Path) -> Path:
        """As a table with tabs, or commas where the name says .csv."""
        with path.open("w", newline="", encoding="utf-8") as stream:
            mark = "," if path.suffix == ".csv" else "\t"
            writer = csv.DictWriter(stream, COLUMNS, delimiter=mark)
            writer.writeheader()
            writer.writerows(self.rows)
            stream.writelines(f"{mark.join(cells)}\n" for cells in self.raw)
        return path

    def places(self, rows: list[Row], name: str) -> set[str]:
        """Where rows are, as a report of a file of that name says."""
        line = {id(row): number for number, row in enumerate(self.rows, start=2)}
        return {f"{name}:{line[id(row)]}" for row in rows if id(row) in line}

    def _row(self, kind: Kind, name: str) -> Row:
        made, number = self.assortment, len(self.rows) + len(self._free) * 7 + self.draw.randrange(10**6)
        brand, color = self.draw.choice(made.brands), self.draw.choice(made.colors)
        noun = self.draw.choice(kind.nouns)
        title = f"{brand} {' '.join(self.draw.sample(made.words.split(), 3))} {noun}"
        slug = f"{name}-{number}".replace(" ", "-").lower()
        row = dict.fromkeys(COLUMNS, "")
        row |= {
            "id": f"{made.form}{name}-{number}",
            "title": title[0].upper() + title[1:],
            "description": f"{self.text(24)} {self.text(18)}",
            "brand": brand,
            "product_type": kind.path,
            "google_product_category": kind.google,
            "price": f"{self.draw.uniform(*kind.price):.2f} {made.currency}",
            "availability": self.draw.choice(("in stock", "in_stock", "out of stock", "in stock")),
            "link": f"{made.shop}/p/{slug}",
            "image_link": f"{made.shop}/img/{slug}.jpg",
            "additional_image_link": f"{made.shop}/img/{slug}-b.jpg",
            "color": color,
            "material": self.draw.choice(made.materials),
            "condition": "new",
            "gtin": gtin(self.draw),
        }
        if kind.worn:
            row |= {
                "size": self.draw.choice(SIZES),
                "gender": self.draw.choice(("male", "female")),
                "age_group": "adult",
            }
        return row

    def _group(self, kind: Kind, name: str) -> list[Row]:
        first = self._row(kind, name)
        rows = []
        for place, color in enumerate(self.draw.sample(self.assortment.colors, 3)):
            other = self._row(kind, f"{name}{place}")
            rows.append(first | {name: other[name] for name in ("id", "gtin", "link", "image_link")} | {
                "item_group_id": f"group-{name}", "color": color, "additional_image_link": "",
            })  # fmt: skip
        return rows


def gtin(draw: random.Random, prefix: str = "4") -> str:
    """Thirteen digits with their check digit."""
    digits = prefix + str(draw.randrange(1, 10)) + "".join(str(draw.randrange(10)) for _ in range(11 - len(prefix)))
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


Put = Callable[[SeededFeed, int], list[Row]]


def _set(**forms: tuple[str, str]) -> Put:
    """A fault that is other texts in some fields of one row: for each field, its first and second form."""

    def put(feed: SeededFeed, form: int) -> list[Row]:
        row = feed.single(worn=any(name in ("size", "gender") for name in forms))
        for name, texts in forms.items():
            row[name] = texts[form].replace("SHOP", feed.assortment.shop).replace("CUR", feed.assortment.currency)
        return [row]

    return put


def _duplicate_id(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.single()
    again = feed.single()
    feed.rows.remove(again)
    feed.rows.append(again | {"id": row["id"]} if form else dict(row))
    return feed.rows[-1:]


def _title_is_brand(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.single()
    row["title"] = row["brand"].upper() if form else row["brand"]
    return [row]


def _description_is_title(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.single()
    row["title"] += " that lasts for many years"
    row["description"] = row["title"].upper() if form else row["title"]
    return [row]


def _title_capitals(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.single()
    row["title"] = row["title"].upper()
    return [row]


def _title_long(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.single()
    row["title"] += " " + feed.text(30)
    return [row]


def _description_long(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.single()
    row["description"] = feed.text(1200)
    return [row]


def _image_repeated(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.single()
    row["additional_image_link"] = row["image_link"]
    return [row]


def _gtin_shared(feed: SeededFeed, form: int) -> list[Row]:
    rows = sorted((feed.single(), feed.single()), key=feed.rows.index)
    rows[1]["gtin"] = rows[0]["gtin"]
    return rows[1:]


def _gtin_invalid(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.single()
    row["gtin"] = row["gtin"][:-2] if form else row["gtin"][:-1] + str((int(row["gtin"][-1]) + 1) % 10)
    return [row]


def _gtin_restricted(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.single()
    row["gtin"] = "00000000000000" if form else gtin(feed.draw, "2")
    return [row]


def _group_mixed(feed: SeededFeed, form: int) -> list[Row]:
    rows = sorted(feed.group(), key=feed.rows.index)
    rows[1]["brand"] = next(brand for brand in feed.assortment.brands if brand != rows[0]["brand"])
    return rows[:1]


def _group_categories(feed: SeededFeed, form: int) -> list[Row]:
    rows = sorted(feed.group(), key=feed.rows.index)
    other = next(kind for kind in feed.assortment.kinds if kind.path != rows[0]["product_type"] and not kind.worn)
    rows[2]["product_type"] = other.path
    return rows[:1]


def _group_unlike(feed: SeededFeed, form: int) -> list[Row]:
    rows = sorted(feed.group(), key=feed.rows.index)
    rows[1]["title"] = "Zulu yonder quartz" if form else "Completely different thing"
    return rows[:1]


def _group_price_far(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.group()[1]
    price = float(row["price"].split()[0])
    row["price"] = f"{price / 15 if form else price * 15:.2f} {feed.assortment.currency}"
    return [row]


def _group_single(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.single()
    row["item_group_id"] = f"alone-{form}"
    return [row]


def _variant_repeated(feed: SeededFeed, form: int) -> list[Row]:
    rows = sorted(feed.group(), key=feed.rows.index)
    rows[2]["color"], rows[2]["gtin"] = rows[0]["color"], rows[0]["gtin"]
    rows[0]["gtin"] = rows[2]["gtin"] = ""
    rows[0]["identifier_exists"] = rows[2]["identifier_exists"] = "no"
    return rows[2:]


def _variant_gap(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.group()[form]
    row["color"] = ""
    return [row]


def _group_undescribed(feed: SeededFeed, form: int) -> list[Row]:
    rows = sorted(feed.group(), key=feed.rows.index)
    for place, row in enumerate(rows):
        row["title"] += (" one", " two", " three")[place]
        row["color"] = row["size"] = row["material"] = ""
    return rows[:1]


def _variants_ungrouped(feed: SeededFeed, form: int) -> list[Row]:
    rows = sorted(feed.group(), key=feed.rows.index)
    for row in rows:
        row["item_group_id"] = ""
        row["title"] += f" {row['color']}" if form else f" in {row['color']}"
    return rows[:1]


def _price_far(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.single()
    price = float(row["price"].split()[0])
    row["price"] = f"{price / 100 if form else price * 100:.2f} {feed.assortment.currency}"
    return [row]


def _product_repeated(feed: SeededFeed, form: int) -> list[Row]:
    row, again = feed.single(), feed.single()
    kept = {name: again[name] for name in ("id", "gtin", "link")}
    again |= {name: value for name, value in row.items() if name not in kept}
    return sorted((row, again), key=feed.rows.index)[:1]


def _text_near(feed: SeededFeed, form: int) -> list[Row]:
    row, again = feed.single(), feed.single()
    row["description"] = feed.text(70)
    words = row["description"].split()
    words[30 + form] = "otherwise"
    again["description"] = " ".join(words)
    again["title"] = row["title"] + " again"
    again["brand"] = row["brand"]
    return sorted((row, again), key=feed.rows.index)[:1]


def _title_shared(feed: SeededFeed, form: int) -> list[Row]:
    row, again = feed.single(), feed.single()
    again["title"] = row["title"].upper().title() if form else row["title"]
    return sorted((row, again), key=feed.rows.index)[:1]


def _url_shared(feed: SeededFeed, form: int) -> list[Row]:
    row, again = feed.single(), feed.single()
    again["link"] = row["link"]
    return sorted((row, again), key=feed.rows.index)[:1]


def _picture_shared(feed: SeededFeed, form: int) -> list[Row]:
    row, again = feed.single(), feed.single()
    again["image_link"] = row["image_link"]
    return sorted((row, again), key=feed.rows.index)[:1]


def _description_shared(feed: SeededFeed, form: int) -> list[Row]:
    rows = [feed.single() for _ in range(6)]
    text = feed.text(12)
    for row in rows:
        row["description"] = text
    return sorted(rows, key=feed.rows.index)[:1]


def _image_placeholder(feed: SeededFeed, form: int) -> list[Row]:
    for _ in range(22):
        feed.single()["image_link"] = f"{feed.assortment.shop}/img/x{form}.png"
    return []


def _values_spelt(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.single()
    row["material"] = feed.assortment.materials[1].upper() if form else f"{feed.assortment.materials[0]} ".title()
    return []


def _currency_mixed(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.single()
    row["price"] = row["price"].replace(feed.assortment.currency, "CHF" if form else "CAD")
    return []


def _empty_word(feed: SeededFeed, form: int) -> list[Row]:
    feed.single()["material"] = "undefined" if form else "NULL"
    return []


def _columns_extra(feed: SeededFeed, form: int) -> list[Row]:
    row = feed.single()
    feed.rows.remove(row)
    feed.raw.append(["x"] * (len(COLUMNS) + 1 + form))
    return []


FAULTS: tuple[tuple[str, Put], ...] = (
    ("id_empty", _set(id=("", "   "))),
    ("duplicate_id", _duplicate_id),
    ("title_empty", _set(title=("", " "))),
    ("columns_extra", _columns_extra),
    ("price_unparsable", _set(price=("on request", "Preis auf Anfrage"))),
    ("price_negative", _set(price=("-12.00 CUR", "-1,50 CUR"))),
    ("price_zero", _set(price=("0.00 CUR", "0 CUR"))),
    ("price_missing", _set(price=("", ""))),
    ("price_far", _price_far),
    ("currency_unknown", _set(price=("12.00 XQZ", "19.90 QQQ"))),
    ("currency_mixed", _currency_mixed),
    ("sale_price_not_lower", _set(price=("20.00 CUR", "49.90 CUR"), sale_price=("25.00 CUR", "49.90 CUR"))),
    (
        "sale_period_unusable",
        _set(
            price=("50.00 CUR", "60.00 CUR"),
            sale_price=("40.00 CUR", "55.00 CUR"),
            sale_price_effective_date=("2026-06-01T00:00Z/2026-05-01T00:00Z", "next week"),
        ),
    ),
    ("availability_unknown", _set(availability=("maybe tomorrow", "je nach Laune"))),
    ("availability_date_missing", _set(availability=("preorder", "backorder"))),
    (
        "availability_date_far",
        _set(availability=("preorder", "backorder"), availability_date=("2099-05-01", "2072-01-31T10:00:00Z")),
    ),
    (
        "availability_date_past",
        _set(availability=("backorder", "preorder"), availability_date=("2020-05-01", "2019-11-30T10:00:00Z")),
    ),
    ("title_long", _title_long),
    ("title_capitals", _title_capitals),
    ("title_promo", _set(title=("Reading light with free shipping", "Gelsattel, 30% off und mehr"))),
    ("title_is_brand", _title_is_brand),
    ("title_is_code", _set(title=("004411-22", "9783"))),
    (
        "description_html",
        _set(
            description=(
                "<p>A lamp with a turned <b>base</b>, made by hand in a workshop by the harbour.</p>",
                "Ein Trikot<br>aus Merino,<br>das schnell trocknet und lange hält.",
            )
        ),
    ),
    ("description_is_title", _description_is_title),
    ("description_short", _set(description=("A nice lamp.", "Guter Sattel."))),
    ("description_long", _description_long),
    ("description_shared", _description_shared),
    ("required_missing", _set(image_link=("", ""), additional_image_link=("", ""))),
    ("url_not_absolute", _set(link=("/p/lamp-12", "p/sattel.html"))),
    ("url_not_https", _set(link=("http://www.lumen.example/p/old-lamp", "http://velo-buch.example/p/alt"))),
    ("url_home", _set(link=("SHOP/", "SHOP"))),
    ("url_elsewhere", _set(link=("https://other.example/p/1", "https://b2b.haendler.example/artikel/7"))),
    ("url_shared", _url_shared),
    ("address_private", _set(image_link=("https://192.168.1.20/a.jpg", "https://shop.local/b.png"))),
    ("image_type", _set(image_link=("SHOP/img/a.heic", "SHOP/img/b.svg"))),
    ("image_repeated", _image_repeated),
    ("image_stand_in", _set(image_link=("SHOP/img/no-image.png", "SHOP/media/placeholder.jpg"))),
    ("image_placeholder", _image_placeholder),
    ("picture_shared", _picture_shared),
    ("gtin_invalid", _gtin_invalid),
    ("gtin_restricted", _gtin_restricted),
    ("gtin_shared", _gtin_shared),
    ("identifiers_missing", _set(gtin=("", ""))),
    ("identifier_contradicted", _set(identifier_exists=("no", "FALSE"))),
    ("attribute_gap", _set(size=("", ""))),
    ("value_unknown", _set(gender=("ladies", "Damen"))),
    ("color_unusable", _set(color=("as in the photo", "4711"))),
    ("colors_many", _set(color=("black/white/navy/olive", "rot/gelb/petrol/schwarz"))),
    ("size_several", _set(size=("S, M, L", "M | L | XL"))),
    ("category_unsplit", _set(product_type=("Home | Lighting | Floor", "Fahrrad | Teile | Klingeln"))),
    ("category_unknown", _set(google_product_category=("Lamps of all kinds", "Bike stuff > Saddles"))),
    ("text_unfilled", _set(title=("{{ product.title }} lamp for evenings", "Sattel ${variant.name} robust"))),
    ("text_test", _set(title=("Test product", "dummy artikel 3"))),
    ("text_entities", _set(title=("Shade &amp;amp; cable set", "Karte &amp;lt;Nord&amp;gt; robust"))),
    ("mojibake", _set(title=("CafÃ© lamp for evenings", "Windweste fÃ¼r Regen"))),
    ("control_characters", _set(title=("Lamp\x07 with a bell", "Atlas\x0b der Berge"))),
    ("id_scientific", _set(id=("8.71E+12", "4,0E+11"))),
    ("id_long", _set(id=("lamp-" * 14, "sattel/" * 10))),
    ("empty_word", _empty_word),
    ("values_spelt", _values_spelt),
    ("product_repeated", _product_repeated),
    ("text_near", _text_near),
    ("title_shared", _title_shared),
    ("group_single", _group_single),
    ("group_mixed", _group_mixed),
    ("group_categories", _group_categories),
    ("group_unlike", _group_unlike),
    ("group_price_far", _group_price_far),
    ("group_undescribed", _group_undescribed),
    ("variant_repeated", _variant_repeated),
    ("variant_gap", _variant_gap),
    ("variants_ungrouped", _variants_ungrouped),
)
"""Rule to what puts it into a feed."""
