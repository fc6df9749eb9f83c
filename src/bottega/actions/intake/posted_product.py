"""A product as it is posted: the rules of the feeds, for values that have their types already.

An address is http(s). A picture may also be one that lies in the shop's images folder; nobody outside names a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bottega.catalogue.addresses import is_web
from bottega.catalogue.problems import Problem, problem
from bottega.catalogue.product import Product
from bottega.catalogue.readers.merchant import split_path
from bottega.catalogue.readers.prices import CURRENCIES
from bottega.catalogue.readers.values import read_images, read_url
from bottega.datasets.photos.inside import path_inside
from bottega.errors import PhotoRefused, ProductInvalid
from bottega.names import id_text
from bottega.placeholders import names_no_group, says_nothing

__all__ = ["posted_product"]


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

    given = dict(row)
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
