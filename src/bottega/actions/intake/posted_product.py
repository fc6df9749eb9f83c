"""A product as it is posted: the rules of the feeds, for values that have their types already.

Whatever the feeds mend or leave out of a row is mended or left out here, with the same warning. An address is http(s).
A picture may also be one that lies in the shop's images folder; nobody outside names a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails

from bottega.catalogue.addresses import is_web
from bottega.catalogue.bounds import too_long
from bottega.catalogue.problems import RULES, problem
from bottega.catalogue.product import Product
from bottega.catalogue.readers.draft import is_nothing, plain_values
from bottega.catalogue.readers.fields.amounts import text_of
from bottega.catalogue.readers.fields.lists import split_path
from bottega.catalogue.readers.fields.text import clean, has_html, looks_misdecoded, strip_html
from bottega.catalogue.readers.fields.values import Report, read_availability, read_flag, read_images, read_url
from bottega.datasets.photos.inside import path_inside
from bottega.errors import PhotoRefused, ProductInvalid
from bottega.names import id_text
from bottega.prices import PriceRefused, currency_of
from bottega.sources.columns import name_of
from bottega.sources.problems import Problem
from bottega.texts import broken_place, whole, whole_value

__all__ = ["pictures_there", "posted_product", "product_refused", "product_rule"]

_IDS = ("id", "group_id")
_LINES = ("title", "description", "brand")
"""Fields of text that may come as a number: the title of a book is 1984."""


def posted_product(row: Mapping[str, Any], *, currency: str, images: Path) -> tuple[Product, list[Problem]]:
    """The product of a row, and what was left out of it. `currency` is that of prices which name none.

    Raises `ProductInvalid`, and pydantic's `ValidationError`, for a row that cannot be used.
    """
    problems: list[Problem] = []

    def warn(rule: str, field: str, seen: str) -> None:
        problems.append(problem(rule, "", field, seen))

    def said(name: str, value: Any) -> Any:
        """The value without words for nothing; None where nothing is left of it."""
        if isinstance(value, list | tuple):
            return [one for one in value if not (isinstance(one, str) and said(name, one) is None)]
        if name in ("availability", "title"):  # "none" may mean it
            return value
        text = id_text(value) if name == "group_id" else value
        if isinstance(text, str) and is_nothing(name, text):
            if text.strip():
                warn("empty_word", name, text.strip())
            return None
        return value

    given = {}
    for name, value in row.items():
        if broken_place({name: value}) is None:
            given[name] = value
        elif name in _IDS:
            raise product_refused("id_broken", name, repr(value))
        else:
            warn("half_character", name, str(value))
            given[whole(name)] = whole_value(value)
    if "images" in given:
        given["images"] = _several(given["images"])
    if isinstance(path := given.get("category"), str):
        given["category"] = split_path(path)
    for name in _LINES:
        if isinstance(given.get(name), int | float) and not isinstance(given[name], bool):
            given[name] = text_of(given[name])
    fields = {name: value for name, one in given.items() if (value := said(name, one)) is not None}
    if isinstance(category := fields.get("category"), list | tuple) and _all_texts(category):
        fields["category"] = plain_values(category)
    if isinstance(attributes := fields.get("attributes"), Mapping):
        fields["attributes"] = _read_attributes({n: said(str(n), _texts(value)) for n, value in attributes.items()})
    _read_texts(fields, warn)
    _read_money(fields, currency, warn)
    if (stock := fields.get("availability")) is not None and isinstance(stock, str | int):
        fields["availability"] = read_availability(str(stock), warn)
    if isinstance(flag := fields.get("hidden"), str):
        fields["hidden"] = read_flag(flag, warn)
    if isinstance(url := fields.get("url"), str):
        fields["url"] = read_url(url, warn)
    product = Product.model_validate(fields)
    if beyond := too_long(product):
        raise product_refused("text_too_long", *beyond)
    kept = pictures_there(read_images(product.images, warn), images, warn)
    return product.model_copy(update={"images": kept}), problems


def pictures_there(addresses: Iterable[str], images: Path, warn: Report) -> tuple[str, ...]:
    """Addresses, and files that lie in the shop's images folder, each once; what else is named is warned of."""
    kept: dict[str, None] = {}
    for address in addresses:
        if is_web(address):
            kept[address] = None
            continue
        try:
            kept[path_inside(images, address).relative_to(images.resolve()).as_posix()] = None
        except PhotoRefused:
            warn("image_missing", "images", address)
    return tuple(kept)


def product_refused(rule: str, field: str, seen: str) -> ProductInvalid:
    """The error of a row that breaks a rule of the feeds."""
    told = RULES[rule]
    fix = f"To mend it, {told.fix}."
    return ProductInvalid(seen, field=field, allowed=f"This is {told.meaning}.", next_step=fix, rule=rule)


def product_rule(fault: ErrorDetails) -> str | None:
    """The rule of the feeds that one of pydantic's problems with a `Product` breaks; None where they have none."""
    kind, field = fault["type"], str(fault["loc"][0]) if fault["loc"] else ""
    if kind == "extra_forbidden":
        return "field_unknown"
    if kind in ("missing", "string_too_short") and field in ("id", "title"):
        return f"{field}_empty"
    if kind == "string_too_long" and field in ("id", "group_id", "title"):
        return "title_too_long" if field == "title" else "id_too_long"
    return None


def _texts(value: Any) -> Any:
    """Values of an attribute as texts: shops send numbers, and true or false. What is no value of one stays."""
    listed = value if isinstance(value, list | tuple) else [value]
    if any(not isinstance(one, str | int | float) for one in listed):
        return value
    return [one if isinstance(one, str) else text_of(one) for one in listed]


def _read_attributes(attributes: Mapping[Any, Any]) -> dict[Any, Any]:
    """Names and values as the feeds have them: our spelling, plain texts. What is no text stays, to be refused."""
    kept: dict[Any, Any] = {}
    for given, values in attributes.items():
        name = name_of(given) or given if isinstance(given, str) else given
        if not isinstance(values, list) or not _all_texts(values):
            kept[name] = values
        elif texts := plain_values(values):
            before = kept.get(name, [])
            kept[name] = list(dict.fromkeys([*before, *texts])) if isinstance(before, list) else before
    return kept


def _all_texts(values: Iterable[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _read_texts(fields: dict[str, Any], warn: Report) -> None:
    """Title, description and brand as plain text, as the feeds have them."""
    for name in _LINES:
        given = fields.get(name)
        if not isinstance(given, str):
            continue
        text = clean(given)
        if text != given:
            warn("control_characters", name, text)
        if looks_misdecoded(text):
            warn("mojibake", name, text)
        if name == "description" and has_html(text):
            warn("description_html", name, text)
        text = strip_html(text)
        fields[name] = text if name == "description" else text.replace("\n", " ")


def _read_money(fields: dict[str, Any], default: str, warn: Report) -> None:
    """The currency as a code of today; where none is named, `default` for a price and nothing without one.

    One that nobody knows costs the price, as in the feeds.
    """
    given = fields.get("currency")
    if given is None:
        fields["currency"] = None if fields.get("price_minor") is None else default
    elif isinstance(given, str):
        try:
            fields["currency"] = currency_of(given, default)
        except PriceRefused:
            warn("currency_unknown", "currency", given)
            fields["currency"] = fields["price_minor"] = None
