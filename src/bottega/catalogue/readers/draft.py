"""A row of any feed, its fields known but still texts: the one place where texts become a product.

Every reader fills a `Draft`; `make_product` applies one set of rules to all of them.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from functools import lru_cache

from bottega.catalogue.attributes import IMAGE_ALT
from bottega.catalogue.bounds import too_long
from bottega.catalogue.check import check_product
from bottega.catalogue.problems import problem
from bottega.catalogue.product import Product
from bottega.catalogue.readers.fields.money import Stated, read_money
from bottega.catalogue.readers.fields.text import clean, has_html, looks_misdecoded, strip_html
from bottega.catalogue.readers.fields.values import (
    CLEAR,
    Report,
    read_availability,
    read_flag,
    read_images,
    read_time,
    read_url,
)
from bottega.dates import TimeForm
from bottega.names import ID_MAX, Availability
from bottega.placeholders import names_no_group, says_nothing, says_nothing_of
from bottega.prices import Price, plain_amount
from bottega.sources.problems import Problem, Severity
from bottega.texts import is_whole, whole

__all__ = ["Draft", "draft_of", "is_nothing", "make_product", "plain_values", "said_by"]

TITLE_MAX = 1000
SAID_MAX = 20_000
"""Longer texts of a refused row are not kept."""
_TEXTS = (
    "id", "group_id", "description", "brand", "price", "sale_price", "list_price", "sale_period", "sale_from",
    "sale_to", "currency", "availability", "availability_date", "hidden", "url", "updated_at",
)  # fmt: skip
_IDS = ("id", "group_id")
_AS_IT_IS = frozenset({"id", "description", "availability", "hidden"})
"""Where a word such as "unknown" or "not available" may be meant."""
_NO_STOCK = frozenset({"none", "NONE", "nil", "Nil"})
"""None are there; "None" is what Python writes for nothing."""
_WRONG_BYTE = re.compile("[\udc80-\udcff]")
_WEB = ("https://", "http://")
"""What begins so is an address, and no word."""
_DATED = (Availability.PREORDER, Availability.BACKORDER)


@dataclass(slots=True)
class Draft:
    """Texts as the source has them; "" and empty lists where it has none."""

    row: str
    id: str = ""
    group_id: str = ""
    title: str = ""
    description: str = ""
    html_expected: bool = False
    """Whether the format's description is HTML by design, so that tags deserve no warning."""
    brand: str = ""
    category: list[str] = field(default_factory=list)
    price: str = ""
    sale_price: str = ""
    list_price: str = ""
    """A former or recommended price: kept where it is higher than what is paid."""
    sale_period: str = ""
    """start/end; or each by itself in the next two."""
    sale_from: str = ""
    sale_to: str = ""
    currency: str = ""
    availability: str = ""
    availability_date: str = ""
    asks_date: bool = False
    """Whether the format wants a date with preorder and backorder."""
    identifier_exists: str = ""
    """Whether the maker gave it a bar code or a part number, as Google's feeds say."""
    hidden: str = ""
    images: list[str] = field(default_factory=list)
    alts: dict[str, str] = field(default_factory=dict)
    """Alternative texts, by picture; that of the first picture is the product's."""
    attributes: dict[str, list[str]] = field(default_factory=dict)
    url: str = ""
    updated_at: str = ""
    cells: AnyMapping[str, str] | None = None
    """The row's own cells, by column, for what `--map` says of them."""


def make_product(
    draft: Draft,
    *,
    currency: str,
    now_ms: int,
    emptied: Counter[tuple[str, str]] | None = None,
    form: TimeForm = CLEAR,
) -> tuple[Product | None, list[Problem]]:
    """The product and what is wrong with it; None when a rule rejects the row.

    Words for nothing are taken out of the draft first, and counted in `emptied` by field and word. `form`: how its
    times are written.
    """
    problems: list[Problem] = []
    first = next((image for image in draft.images if image.strip()), "")
    if alt := draft.alts.get(first, ""):
        draft.attributes = {IMAGE_ALT: [alt], **draft.attributes}
    _without_empty_words(draft, Counter() if emptied is None else emptied)

    def report(rule: str, field: str, seen: str) -> None:
        problems.append(problem(rule, draft.row, field, seen))

    _without_halves(draft, report)

    def text(name: str, value: str) -> str:
        cleaned = clean(value)
        if cleaned != value:
            report("control_characters", name, cleaned)
        if looks_misdecoded(cleaned):
            report("mojibake", name, cleaned)
        return cleaned

    product_id = text("id", draft.id).strip()
    if not product_id:
        report("id_empty", "id", draft.id)
    elif len(product_id) > ID_MAX:
        report("id_too_long", "id", product_id)
    title = strip_html(text("title", draft.title)).replace("\n", " ")
    if not title:
        report("title_empty", "title", draft.title)
    elif len(title) > TITLE_MAX:
        report("title_too_long", "title", title)
    group_id = clean(draft.group_id).strip()
    if len(group_id) > ID_MAX:
        report("id_too_long", "group_id", group_id)

    raw_description = text("description", draft.description)
    if not draft.html_expected and has_html(raw_description):
        report("description_html", "description", raw_description)
    attributes = {
        name: tuple(dict.fromkeys(kept)) for name, values in draft.attributes.items() if (kept := plain_values(values))
    }
    stated = Stated(
        draft.price,
        draft.sale_price,
        draft.list_price,
        draft.sale_period,
        draft.sale_from,
        draft.sale_to,
        draft.currency,
        form,
    )
    money = read_money(stated, currency, now_ms, report)
    if money.list_price:
        attributes["list_price"] = (money.list_price,)
    availability = read_availability(draft.availability, report)
    if draft.asks_date and availability in _DATED and not draft.availability_date.strip():
        report("availability_date_missing", "availability_date", draft.availability)
    url = read_url(draft.url, report)
    fields = {
        "id": product_id,
        "group_id": group_id or None,
        "title": title,
        "description": _description(raw_description),
        "brand": strip_html(text("brand", draft.brand)).replace("\n", " ") or None,
        "category": tuple(plain_values(draft.category)),
        "price_minor": money.minor,
        "currency": money.currency,
        "availability": availability,
        "hidden": read_flag(draft.hidden, report),
        "images": read_images(draft.images, report, page=url),
        "attributes": attributes,
        "url": url,
        "updated_at_ms": read_time(draft.updated_at, report, form=form),
        "source_row": draft.row,
    }
    if any(found.severity is Severity.REJECT for found in problems):
        return None, problems
    product = Product.model_validate(fields)
    if beyond := too_long(product):
        report("text_too_long", *beyond)
        return None, problems
    problems.extend(check_product(product))
    return product, problems


def draft_of(product: Product) -> Draft:
    """A product as a row would say it."""
    price = ""
    if product.price_minor is not None and product.currency is not None:
        price = plain_amount(Price(product.price_minor, product.currency))
    return Draft(
        product.source_row or "",
        id=product.id,
        group_id=product.group_id or "",
        title=product.title,
        description=product.description,
        brand=product.brand or "",
        category=list(product.category),
        price=price,
        currency=product.currency or "",
        availability=product.availability.value,
        hidden="true" if product.hidden else "",
        images=list(product.images),
        attributes={name: list(values) for name, values in product.attributes.items()},
        url=product.url or "",
    )


def said_by(draft: Draft) -> str:
    """Fields of a draft that say anything, as JSON; texts of more than `SAID_MAX` letters are left out."""
    found: dict[str, object] = {}
    for name in ("title", *_TEXTS):
        value: str = getattr(draft, name)
        if value.strip() and len(value) <= SAID_MAX:
            found[name] = whole(value)
    for name in ("category", "images"):
        values: list[str] = getattr(draft, name)
        if kept := [whole(value) for value in values if value.strip() and len(value) <= SAID_MAX]:
            found[name] = kept
    attributes = {
        whole(name): [whole(value) for value in values if len(value) <= SAID_MAX]
        for name, values in draft.attributes.items()
    }
    if attributes:
        found["attributes"] = attributes
    return json.dumps(found, ensure_ascii=False)


def _without_halves(draft: Draft, report: Report) -> None:
    """Take halves of characters out of every text of a draft (`bottega/texts.py`); an id with one is refused."""
    for name in ("title", *_TEXTS):
        value: str = getattr(draft, name)
        if not is_whole(value):
            report("id_broken" if name in _IDS else _half(value), name, value)
            setattr(draft, name, whole(value))
    for name, values in (("category", draft.category), ("images", draft.images), *draft.attributes.items()):
        for place, value in enumerate(values):
            if not is_whole(value):
                report(_half(value), name, value)
                values[place] = whole(value)


def _half(text: str) -> str:
    """The rule for a text that is not whole: it was cut, or holds a byte that its encoding has no character for."""
    return "byte_wrong" if _WRONG_BYTE.search(text) else "half_character"


def _without_empty_words(draft: Draft, emptied: Counter[tuple[str, str]]) -> None:
    """Take what says nothing out of a draft. An availability may say "none" and mean it; a title always says something:
    without one the row would be lost."""
    for name in _TEXTS:
        value: str = getattr(draft, name)
        word = value.strip()
        if not word or (name == "availability" and word in _NO_STOCK):
            continue
        if is_nothing(name, word):
            emptied[name, word] += 1
            setattr(draft, name, "")
    for name, values in (("category", draft.category), ("images", draft.images), *draft.attributes.items()):
        said = [value for value in values if value.startswith(_WEB) or not is_nothing(name, value)]
        if len(said) < len(values):
            emptied.update((name, word) for value in values if is_nothing(name, value) and (word := value.strip()))
            values[:] = said


def is_nothing(name: str, word: str) -> bool:
    """Whether a text says nothing of this field of a product, at whatever door it comes in."""
    if name == "group_id":
        return names_no_group(word)
    return says_nothing(word) if name in _AS_IT_IS else says_nothing_of(name, word)


def plain_values(values: Iterable[str]) -> list[str]:
    """Values of an attribute, or levels of a category, as plain text; what nothing is left of goes."""
    return [kept for value in values if (kept := _value(value))]


@lru_cache(maxsize=8)
def _description(text: str) -> str:
    """A description made plain; remembered, because the variants of a product share it."""
    return strip_html(text)


@lru_cache(maxsize=100_000)
def _value(text: str) -> str:
    """A short value made plain; remembered, because a feed says "Black" ten thousand times."""
    return strip_html(clean(text))
