"""Which column is what, judged by its name and by what is in it; every guess says why, and how sure it is.

A name alone is not believed against the values: a column called "price" that holds no prices is none, one called
"type" that says "simple" or "variable" is no category, and an id that repeats gives way to one that does not. What has
a field's values under a name that nobody knows is proposed, and not taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from bottega.catalogue.addresses import file_name, web_address
from bottega.catalogue.check import gtin_is_valid
from bottega.catalogue.readers.columns.column_names import ATTRIBUTE_NAMES, FIELD_NAMES, KINDS_OF_ROWS, SHOWN_NAMES
from bottega.catalogue.readers.columns.header_units import bare_names, header_currency
from bottega.catalogue.readers.columns.mapping import Bound, Part
from bottega.catalogue.readers.fields.flags import says_hidden, says_shown
from bottega.catalogue.readers.fields.lists import listed
from bottega.catalogue.readers.fields.stock import stock_of
from bottega.catalogue.readers.fields.values import parse_time_ms
from bottega.placeholders import says_nothing
from bottega.prices import PriceRefused, currency_of, lowest_price, parse_price
from bottega.sources.columns import name_of

__all__ = ["SAMPLE", "FieldGuess", "Guesses", "guess_columns"]

SAMPLE = 200
"""Rows that guesses are judged by."""
_ENOUGH = 0.5
"""Least share of a column's values that must look like the field's."""
_REFUSED = -1.0
_UNIQUE = 0.9
_IMAGE = re.compile(r"\.(?:jpe?g|png|webp|gif|bmp|tiff?|avif)(?:\?.*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FieldGuess:
    """One field, the column it is taken from, why, and how sure that is (0 to 1)."""

    field: str
    """As `--map` calls it."""
    column: str
    sure: float
    why: str
    taken: bool = True
    """Whether the import takes it without being told."""

    def __str__(self) -> str:
        return f"{self.field} = {self.column} ({self.sure:.0%} sure: {self.why})"


@dataclass(frozen=True, slots=True)
class Guesses:
    """What was guessed of a file's columns."""

    fields: Mapping[str, str]
    attributes: Mapping[str, str]
    shown: tuple[str, ...]
    """Columns that say whether a product is shown."""
    listed: tuple[FieldGuess, ...]
    doubted: Mapping[str, str]
    """Columns whose name means a field and whose values do not, to the reason."""

    @property
    def plan(self) -> Bound:
        """What was guessed, as a mapping that has met its columns."""
        used = {*self.fields.values(), *self.attributes.values(), *self.shown}
        return Bound(
            {field: (Part.of(column),) for field, column in self.fields.items()},
            {name: (Part.of(column),) for name, column in self.attributes.items()},
            frozenset(used),
            self.shown,
        )


@dataclass(frozen=True, slots=True)
class _Column:
    """A column, as far as the sample shows it."""

    name: str
    key: str
    values: tuple[str, ...]
    """Those that say something, in order."""
    rows: int

    @property
    def unique(self) -> float:
        return len(set(self.values)) / len(self.values) if self.values else 1.0

    def share(self, looks: Callable[[str], bool]) -> float:
        """Share of the values that look so; 1 where there are none to say otherwise."""
        return sum(map(looks, self.values)) / len(self.values) if self.values else 1.0


def guess_columns(
    columns: Sequence[str],
    sample: Sequence[Mapping[str, str]],
    *,
    fields: Set[str] = frozenset(),
    taken: Set[str] = frozenset(),
    currency: str = "",
) -> Guesses:
    """The columns of the fields and attributes that are not in `fields`; columns in `taken` are left out.
    `currency`: of prices in several, the one to take."""
    seen = {column: _seen(column, sample) for column in columns if column not in taken}
    by_key: dict[str, _Column] = {}
    for column in seen.values():
        by_key.setdefault(column.key, column)
    # What a header adds to its name counts where no column has the name alone.
    for column in sorted(seen.values(), key=lambda one: header_currency(one.name, "") != currency):
        for key in bare_names(column.name):
            by_key.setdefault(key, column)
    found: dict[str, str] = {}
    told: list[FieldGuess] = []
    doubted: dict[str, str] = {}

    def take(field: str, names: Sequence[str], into: dict[str, str]) -> None:
        candidates = [column for name in names if (column := by_key.get(name)) and column.name in seen]
        for column in _in_order(field, candidates):
            share, what = _looks(field, column)
            if share < _ENOUGH:
                doubted.setdefault(column.name, f"called {column.key}, but {what}")
                if share == _REFUSED or column.key != names[0] or len(candidates) > 1:
                    continue
            doubted.pop(column.name, None)
            into[field.removeprefix("attr.")] = column.name
            del seen[column.name]
            sure = (0.95 if column.key in names[:3] else 0.8) * (0.5 + share / 2)
            told.append(FieldGuess(field, column.name, round(max(sure, 0.1), 2), f"its name; {what}"))
            return

    for field, names in FIELD_NAMES.items():
        if field not in fields:
            take(field, names, found)
    attributes: dict[str, str] = {}
    for attribute, names in ATTRIBUTE_NAMES.items():
        if f"attr.{attribute}" not in fields:
            take(f"attr.{attribute}", names, attributes)
    shown: tuple[str, ...] = ()
    if "hidden" not in fields:
        shown = tuple(column.name for column in seen.values() if column.key in SHOWN_NAMES and _is_flag(column))
        told += (FieldGuess("hidden", name, 0.9, "its name; every value says shown or not") for name in shown)
        for name in shown:
            del seen[name]
    if "group_id" not in fields | found.keys():
        _repeated_id(found, seen, told)
    told += _proposed(seen.values(), fields | found.keys())
    return Guesses(found, attributes, shown, tuple(told), doubted)


def _seen(column: str, sample: Sequence[Mapping[str, str]]) -> _Column:
    cells = (row.get(column, "").strip() for row in sample)
    return _Column(column, name_of(column), tuple(cell for cell in cells if not says_nothing(cell)), len(sample))


def _in_order(field: str, candidates: list[_Column]) -> list[_Column]:
    """An id that repeats comes after those that do not, a title or picture that is empty after one that is not."""
    if field == "id" and len(candidates) > 1:
        return sorted(candidates, key=lambda column: not (column.values and _tells_apart(column)))
    return sorted(candidates, key=lambda column: not column.values)


def _tells_apart(column: _Column) -> bool:
    return column.unique >= _UNIQUE and len(column.values) >= _UNIQUE * column.rows


def _repeated_id(found: dict[str, str], seen: dict[str, _Column], told: list[FieldGuess]) -> None:
    """Where rows are told apart by an SKU, a product's id that several of them share is their group."""
    if "id" not in found:
        return
    for name in ("product_id", "id", "item_id", "productid", "itemid", "handle", "parent"):
        column = next((one for one in seen.values() if one.key == name), None)
        if column is not None and column.values and len(set(column.values)) < len(column.values):
            found["group_id"] = column.name
            del seen[column.name]
            told.append(FieldGuess("group_id", column.name, 0.7, "rows share it that another id tells apart"))
            return


def _looks(field: str, column: _Column) -> tuple[float, str]:
    """Share of a column's values that can be the field's, and that in words."""
    if not column.values:
        return 1.0, "it is empty"
    looks, what = _LOOKS.get(field, (None, ""))
    if field == "category" and KINDS_OF_ROWS.issuperset(value.lower() for value in column.values):
        return _REFUSED, "it says how a product is sold, not what it is"
    if field == "id":
        return column.share(_is_id), f"{column.unique:.0%} of its values differ from each other"
    if looks is None:
        return 1.0, f"{len(column.values)} of {column.rows} rows have one"
    share = column.share(looks)
    return share, f"{share:.0%} of its values are {what}"


def _is_price(text: str) -> bool:
    try:
        parse_price(text, "EUR")
    except PriceRefused as refusal:
        return refusal.rule == "price_ambiguous" or lowest_price(text, "EUR") is not None
    return True


def _is_currency(text: str) -> bool:
    try:
        currency_of(text, "EUR")
    except PriceRefused:
        return False
    return True


def _is_time(text: str) -> bool:
    if re.fullmatch(r"[0\s:TZ./-]*", text):
        return True
    try:
        parse_time_ms(text)
    except (ValueError, OverflowError):
        return re.fullmatch(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}.*", text) is not None
    return True


def _is_picture(text: str) -> bool:
    if listed(text) is not None:
        return True
    if any(web_address(part) for part in re.split(r"[\s,;|]+", text)):
        return True
    return any(file_name(part) is not None and _IMAGE.search(part) for part in re.split(r"[,;|]", text)) or (
        text.startswith("/") and _IMAGE.search(text) is not None
    )


def _is_page(text: str) -> bool:
    return web_address(text) is not None or text.startswith("/")


def _is_id(text: str) -> bool:
    return len(text) <= 64 and "\n" not in text and web_address(text) is None


_LOOKS: dict[str, tuple[Callable[[str], bool], str]] = {
    "price": (_is_price, "prices"),
    "sale_price": (_is_price, "prices"),
    "list_price": (_is_price, "prices"),
    "currency": (_is_currency, "currencies"),
    "availability": (lambda text: stock_of(text) is not None, "words or counts of stock"),
    "images": (_is_picture, "addresses or files of pictures"),
    "url": (_is_page, "addresses"),
    "updated_at": (_is_time, "times"),
    "sale_from": (_is_time, "times"),
    "sale_to": (_is_time, "times"),
    "hidden": (lambda text: says_hidden(text) is not None, "yes or no"),
    "title": (lambda text: web_address(text) is None, "texts"),
}
"""Field to what its values look like; the other fields take any text."""


def _is_flag(column: _Column) -> bool:
    return bool(column.values) and all(says_shown(value) is not None for value in column.values)


def _proposed(columns: Iterable[_Column], known: Set[str]) -> list[FieldGuess]:
    """For what has no column yet, the one whose values look most like it, whatever its name."""
    left = [column for column in columns if column.values]
    tests: list[tuple[str, Callable[[_Column], float], str]] = [
        (
            "images",
            lambda column: column.share(lambda text: _is_picture(text) and bool(_IMAGE.search(text))),
            "pictures",
        ),
        ("url", lambda column: column.share(lambda text: web_address(text) is not None), "addresses"),
        ("attr.gtin", lambda column: column.share(gtin_is_valid), "GTINs"),
        ("price", lambda column: column.share(_is_money), "prices with a currency or cents"),
        ("availability", lambda column: column.share(_is_stock_word), "words of stock"),
        ("id", _like_an_id, "unlike"),
        ("description", lambda column: column.share(lambda text: len(text) > 80), "long texts"),
        (
            "title",
            lambda column: column.unique * column.share(lambda text: " " in text and len(text) < 200),
            "short texts",
        ),
    ]
    proposed = []
    for field, measure, what in tests:
        if field in known or not left:
            continue
        best = max(left, key=measure)
        if (share := measure(best)) >= 0.8:
            left.remove(best)
            why = f"{share:.0%} of its values are {what}; its name is not known"
            proposed.append(FieldGuess(field, best.name, round(share * 0.5, 2), why, taken=False))
    return proposed


def _like_an_id(column: _Column) -> float:
    whole = len(column.values) == column.rows > 2
    return column.unique * column.share(_is_short) if whole else 0.0


def _is_money(text: str) -> bool:
    return _is_price(text) and re.search(r"[.,]\d{2}\b|[^\d.,\s-]", text) is not None


def _is_stock_word(text: str) -> bool:
    return not re.search(r"\d", text) and len(text) > 2 and stock_of(text) is not None


def _is_short(text: str) -> bool:
    return len(text) <= 40 and text.count(" ") <= 1
