"""What a writer is: one file format, made from products family by family, and what it had to leave behind.

A family is a group of variants, or a product alone. A writer names what its format cannot hold at all (`limits`), and
counts what was lost of the products at hand (`Losses`): nothing is left behind in silence.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Protocol, TextIO

from bottega.catalogue.addresses import is_web
from bottega.catalogue.attributes import GENERATED, IMAGE_ALT
from bottega.catalogue.product import Product
from bottega.catalogue.readers.fields.lists import split_path
from bottega.catalogue.readers.fields.text import reads_as_html
from bottega.prices import Price, PriceRefused, parse_price, plain_amount

__all__ = [
    "GENERATED",
    "IMAGE_ALT",
    "LIST_PRICE",
    "Family",
    "HeaderNeeds",
    "Losses",
    "Writer",
    "alt_of",
    "amounts",
    "as_html",
    "as_list_entry",
    "as_text",
    "first_of",
    "holds_arrow",
    "money",
    "own_attributes",
    "pictures",
    "write",
]

LIST_PRICE = "list_price"
Family = Sequence[Product]


@dataclass(slots=True)
class HeaderNeeds:
    """What a header must have room for; learnt in a first look at every product."""

    attributes: dict[str, None] = field(default_factory=dict)
    """Names of attributes, in the order of their first product."""
    most_attributes: int = 0
    """Of one product."""
    most_tags: int = 0

    def look(self, product: Product) -> None:
        """Learn from one product."""
        named = own_attributes(product)
        self.attributes |= dict.fromkeys(named)
        self.most_attributes = max(self.most_attributes, len(named))
        self.most_tags = max(self.most_tags, len(product.attributes.get("tags", ())))


@dataclass(slots=True)
class Losses:
    """What could not be written: products left out, and fields that products lost, counted."""

    left_out: Counter[str] = field(default_factory=Counter)
    """Why products are not in the file."""
    fields: Counter[str] = field(default_factory=Counter)
    """Field (attributes as attr.NAME) to the number of products that lost something of it."""

    def differs(self, family: Family, names: Iterable[str]) -> None:
        """Count fields that a format says once for all variants, where they are not the same for all."""
        for name in names:
            first = getattr(family[0], name)
            if lost := sum(getattr(product, name) != first for product in family[1:]):
                self.fields[name] += lost

    def of_texts(self, names: Iterable[str]) -> None:
        """Count these fields of one product, each once."""
        self.fields.update(set(names))


class Writer(Protocol):
    """One format."""

    name: str
    """What `--as` calls it."""
    describe: str
    """One line for help and manual."""
    reads_as: str
    """The reader that reads it back."""
    suffix: str
    """Ending of the file."""
    delimiter: str

    @property
    def limits(self) -> tuple[str, ...]:
        """What the format has no place for."""
        ...

    def columns(self, needs: HeaderNeeds) -> list[str]:
        """The header."""
        ...

    def rows(self, family: Family, needs: HeaderNeeds, currency: str, losses: Losses) -> Iterator[dict[str, str]]:
        """The rows of one family; `currency` is the shop's, for formats that name none."""
        ...


def write(
    writer: Writer, families: Iterable[Family], out: TextIO, *, needs: HeaderNeeds, currency: str, losses: Losses
) -> Iterator[int]:
    """Write family after family, and give the number of products after each; memory is one family."""
    table = csv.DictWriter(out, writer.columns(needs), delimiter=writer.delimiter, lineterminator="\n", restval="")
    table.writeheader()
    done = 0
    for family in families:
        for row in writer.rows(family, needs, currency, losses):
            table.writerow({name: text.replace("\r\n", "\n").replace("\r", "\n") for name, text in row.items()})
        done += len(family)
        yield done


def money(product: Product) -> tuple[Price | None, Price | None]:
    """The regular price, and the one that is paid instead while it is lower."""
    if product.price_minor is None or product.currency is None:
        return None, None
    paid = Price(product.price_minor, product.currency)
    for text in product.attributes.get(LIST_PRICE, ())[:1]:
        try:
            former = parse_price(text, product.currency)
        except PriceRefused:
            continue
        if former.currency == paid.currency and former.minor > paid.minor:
            return former, paid
    return paid, None


def amounts(product: Product, currency: str, losses: Losses) -> tuple[str, str]:
    """The same as amounts without a currency; a price in another than the shop's is lost."""
    regular, sale = money(product)
    if regular is None:
        return "", ""
    if regular.currency != currency:
        losses.fields["price"] += 1
        return "", ""
    return plain_amount(regular), plain_amount(sale) if sale else ""


def own_attributes(product: Product) -> dict[str, tuple[str, ...]]:
    """Attributes that are no price and no mark."""
    return {
        name: values for name, values in product.attributes.items() if values and name not in (LIST_PRICE, GENERATED)
    }


def pictures(product: Product, losses: Losses) -> list[str]:
    """Pictures that others can fetch; those in the shop's own folder are counted as lost."""
    public = [address for address in product.images if is_web(address)]
    if len(public) < len(product.images):
        losses.fields["images"] += 1
    return public


def alt_of(product: Product) -> str:
    """The alternative text of the first picture, "" where there is none."""
    return next(iter(product.attributes.get(IMAGE_ALT, ())), "")


def as_text(text: str) -> str:
    """A text in a cell that shops show as it is, and readers read as HTML where it looks so: only then as HTML.

    >>> as_text("Salt & pepper"), as_text("a < b"), as_text("AT&amp;T")
    ('Salt & pepper', 'a < b', 'AT&amp;amp;T')
    """
    return escape(text, quote=False) if reads_as_html(text) else text


def as_list_entry(text: str) -> str:
    """The same of one entry of a list or path in a cell, where > and ; may separate, and a ; may follow.

    >>> as_list_entry("R&D"), as_list_entry("<b>"), as_list_entry("&copy")
    ('R&D', '&lt;b&#62;', '&amp;copy')
    """
    return text.translate(_AS_ENTITIES) if reads_as_html(text) or reads_as_html(f"{text};") else text


def first_of(attributes: Mapping[str, Sequence[str]], name: str) -> str:
    """The first value of an attribute as a cell says it, "" where it has none."""
    return next(map(as_list_entry, attributes.get(name, ())), "")


def holds_arrow(category: Iterable[str]) -> bool:
    """Whether a level of a path holds what stands between levels.

    >>> holds_arrow(("Home", "Lamps")), holds_arrow(("A > B",)), holds_arrow(("A&gt;B",))
    (False, True, False)
    """
    return any(split_path(as_list_entry(level)) != [as_list_entry(level)] for level in category)


_AS_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&#62;", ";": "&#59;"})


def as_html(text: str) -> str:
    """A plain text as a page shows it."""
    return escape(text, quote=False).replace("\n", "<br>")
