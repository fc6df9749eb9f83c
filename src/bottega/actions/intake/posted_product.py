"""A product as it is posted: the rules of the feeds, for values that have their types already.

An address is http(s). A picture may also be one that lies in the shop's images folder; nobody outside names a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bottega.catalogue.addresses import is_web
from bottega.catalogue.bounds import too_long
from bottega.catalogue.problems import RULES, problem
from bottega.catalogue.product import Product
from bottega.catalogue.readers.merchant import split_path
from bottega.catalogue.readers.values import read_images, read_url
from bottega.datasets.photos.inside import path_inside
from bottega.errors import PhotoRefused, ProductInvalid
from bottega.names import id_text
from bottega.placeholders import names_no_group, says_nothing
from bottega.prices import CURRENCIES
from bottega.sources.problems import Problem
from bottega.texts import broken_place, whole, whole_value

__all__ = ["posted_product"]

_IDS = ("id", "group_id")


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
        if isinstance(text, str) and (names_no_group(text) if name == "group_id" else says_nothing(text)):
            if text.strip():
                warn("empty_word", name, text.strip())
            return None
        return value

    given = {}
    for name, value in row.items():
        if broken_place({name: value}) is None:
            given[name] = value
        elif name in _IDS:
            raise _refused("id_broken", name, repr(value))
        else:
            warn("half_character", name, str(value))
            given[whole(name)] = whole_value(value)
    if "images" in given:
        given["images"] = _several(given["images"])
    if isinstance(path := given.get("category"), str):
        given["category"] = split_path(path)
    fields = {name: value for name, one in given.items() if (value := said(name, one)) is not None}
    if isinstance(attributes := fields.get("attributes"), Mapping):
        listed = {name: said(str(name), _several(value)) for name, value in attributes.items()}
        fields["attributes"] = {name: values for name, values in listed.items() if values != []}
    fields["currency"] = _currency(fields, currency)
    if isinstance(url := fields.get("url"), str):
        fields["url"] = read_url(url, warn)
    product = Product.model_validate(fields)
    if beyond := too_long(product):
        raise _refused("text_too_long", *beyond)
    kept: dict[str, None] = {}
    for address in read_images(product.images, warn):
        if is_web(address):
            kept[address] = None
            continue
        try:
            kept[path_inside(images, address).relative_to(images.resolve()).as_posix()] = None
        except PhotoRefused:
            warn("image_missing", "images", address)
    return product.model_copy(update={"images": tuple(kept)}), problems


def _refused(rule: str, field: str, seen: str) -> ProductInvalid:
    told = RULES[rule]
    return ProductInvalid(seen, field=field, allowed=f"This is {told.meaning}.", next_step=f"To mend it, {told.fix}.")


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _currency(row: Mapping[str, Any], default: str) -> Any:
    """The currency of the row in capitals; where it names none, `default` for a price and nothing without one."""
    given = row.get("currency")
    if given is None:
        return None if row.get("price_minor") is None else default
    if not isinstance(given, str):
        return given
    code = given.strip().upper()
    if code not in CURRENCIES:
        raise ProductInvalid(
            f"The currency is {given!r}.",
            field="currency",
            allowed="It is a code of ISO 4217, as in USD or EUR.",
            next_step="Correct it, or leave it out for the currency of the shop.",
        )
    return code
