"""What headers add to a name: a currency ("Price (EUR)"), a language ("title_en"), that it is required ("Name *")."""

from __future__ import annotations

import re

from bottega.catalogue.readers.columns.column_names import FIELD_NAMES
from bottega.prices import PriceRefused, currency_of
from bottega.sources.columns import name_of

__all__ = ["bare_names", "header_currency"]

_BRACKETS = re.compile(r"\s*[(\[{]\s*([^()\[\]{}]*?)\s*[)\]}]\s*\*?\s*$")
_TAIL = re.compile(r"[\s_\-./]+(?:in\s+)?([A-Z]{3}|[a-z]{3}|[€$£¥₽₺₴₹₩₫]|zł|Kč|kr|Ft|lei)\s*\*?$")
_SIGN_AT_END = re.compile(r"(?<=\w)([€$£¥₽₺₴₹₩₫])\s*\*?$")
_LANGUAGE = re.compile(
    r"[\s_\-.:]+(?:en|de|fr|es|it|nl|pl|pt|ru|uk|cs|cz|sk|hu|ro|bg|hr|sl|sr|sv|se|da|dk|no|nb|fi|el|gr|tr|ja|jp|zh|cn|ko|kr|"
    r"ar|he|english|deutsch|français|español|italiano|default|main)(?:[_-][A-Za-z]{2})?$",
    re.IGNORECASE,
)
_TAX = re.compile(r"[\s_\-.]+(?:incl?|inkl|ttc|gross|brutto|with|mit|iva|vat|tax|mwst|dph|moms)\b.*$", re.IGNORECASE)
_PRICES = frozenset(name for field in ("price", "sale_price", "list_price") for name in FIELD_NAMES[field])


def bare_names(header: str) -> list[str]:
    """The names that a header may mean once it is without its additions, as `name_of` writes them.

    >>> bare_names("Price (EUR)"), bare_names("price_usd"), bare_names("Title [de]"), bare_names("name_en")
    (['price'], ['price'], ['title'], ['name'])
    >>> bare_names("Name (required)"), bare_names("colour")
    (['name'], [])
    """
    own = name_of(header)
    found = [name_of(shape.sub("", header)) for shape in (_BRACKETS, _LANGUAGE, _TAX)]
    if header_currency(header, ""):
        found += (name for shape in (_TAIL, _SIGN_AT_END) if (name := name_of(shape.sub("", header))) in _PRICES)
    return [name for name in dict.fromkeys(found) if name and name != own]


def header_currency(header: str, default: str) -> str:
    """The currency that the header of a column of prices names; `default` where it names none.

    >>> header_currency("Price (EUR)", "USD"), header_currency("price_usd", ""), header_currency("Prix €", "USD")
    ('EUR', 'USD', 'EUR')
    >>> header_currency("Price net", "USD"), header_currency("list price", "USD")
    ('USD', 'USD')
    """
    for shape in (_BRACKETS, _TAIL, _SIGN_AT_END):
        if (found := shape.search(header)) is not None and (code := _code(found[1], default)):
            return code
    return default


def _code(text: str, default: str) -> str:
    try:
        return currency_of(text, default) if text else ""
    except PriceRefused:
        return ""
