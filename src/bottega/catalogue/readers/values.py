"""One field's text at a time: availability, prices, flags, dates, links and pictures, by the rules of problems.py."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlsplit

from bottega.catalogue.addresses import file_name, web_address
from bottega.catalogue.readers.text import clean
from bottega.names import Availability
from bottega.prices import PriceRefused, parse_price

__all__ = [
    "Report",
    "parse_time_ms",
    "read_availability",
    "read_flag",
    "read_images",
    "read_prices",
    "read_time",
    "read_url",
]

_AVAILABILITIES: dict[str, Availability] = {
    "in_stock": Availability.IN_STOCK,
    "instock": Availability.IN_STOCK,
    "available": Availability.IN_STOCK,
    "limitedavailability": Availability.IN_STOCK,
    "limited_availability": Availability.IN_STOCK,
    "instoreonly": Availability.IN_STOCK,
    "onlineonly": Availability.IN_STOCK,
    "true": Availability.IN_STOCK,
    "yes": Availability.IN_STOCK,
    "1": Availability.IN_STOCK,
    "mark_as_sold": Availability.OUT_OF_STOCK,
    "out_of_stock": Availability.OUT_OF_STOCK,
    "outofstock": Availability.OUT_OF_STOCK,
    "soldout": Availability.OUT_OF_STOCK,
    "sold_out": Availability.OUT_OF_STOCK,
    "unavailable": Availability.OUT_OF_STOCK,
    "pending": Availability.OUT_OF_STOCK,
    "false": Availability.OUT_OF_STOCK,
    "no": Availability.OUT_OF_STOCK,
    "0": Availability.OUT_OF_STOCK,
    "preorder": Availability.PREORDER,
    "pre_order": Availability.PREORDER,
    "presale": Availability.PREORDER,
    "backorder": Availability.BACKORDER,
    "back_order": Availability.BACKORDER,
    "onbackorder": Availability.BACKORDER,
    "available_for_order": Availability.BACKORDER,
    "discontinued": Availability.DISCONTINUED,
}
_YES = frozenset({"true", "yes", "1", "t", "y", "hidden", "draft", "archived"})
_NO = frozenset({"false", "no", "0", "f", "n", "", "visible", "active", "published"})
_IMAGE_TYPES = frozenset({"jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "avif"})
_SUFFIX = re.compile(r"\.([a-zA-Z0-9]{2,5})$")


class Report(Protocol):
    """Called with the rule broken, the field and what was seen."""

    def __call__(self, rule: str, field: str, seen: str, /) -> None: ...


def parse_time_ms(text: str) -> int:
    """UTC milliseconds of an ISO 8601 text or a Unix time in s, ms or us. Raises `ValueError`.

    A time without zone is UTC.

    >>> parse_time_ms("2026-05-01T12:00:00Z"), parse_time_ms("1777636800")
    (1777636800000, 1777636800000)
    """
    text = text.strip()
    if re.fullmatch(r"\d{9,17}(\.\d+)?", text):
        number = float(text)
        return int(number * 1000 if number < 1e11 else number if number < 1e14 else number / 1000)
    moment = datetime.fromisoformat(text.replace(" UTC", "Z"))
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def read_prices(
    price: str, sale_price: str, sale_period: str, stated: str, default: str, now_ms: int, report: Report
) -> tuple[int | None, str | None, str]:
    """What the shopper pays today, its currency, and the higher price it came down from."""
    default = stated.strip().upper() or default
    text = price.strip()
    if not text:
        return None, None, ""
    try:
        if stated.strip():
            parse_price(f"1 {default}", default)  # a stated currency must exist, whatever the price says
        regular = parse_price(text, default)
    except PriceRefused as refusal:
        seen = f"{text} {stated}".strip()
        report(refusal.rule, "price", seen)
        return None, None, ""
    if not sale_price.strip():
        return regular.minor, regular.currency, ""
    try:
        sale = parse_price(sale_price, regular.currency)
    except PriceRefused:
        report("sale_price_unusable", "sale_price", sale_price)
        return regular.minor, regular.currency, ""
    if sale.currency != regular.currency:
        report("sale_price_unusable", "sale_price", sale_price)
    elif sale.minor >= regular.minor:
        report("sale_price_not_lower", "sale_price", f"{sale_price} (price {text})")
    elif _sale_is_on(sale_period.strip(), now_ms, report):
        return sale.minor, sale.currency, text
    return regular.minor, regular.currency, ""


def _sale_is_on(period: str, now_ms: int, report: Report) -> bool:
    if not period:
        return True
    start, _, end = period.partition("/")
    try:
        start_ms, end_ms = parse_time_ms(start), parse_time_ms(end)
    except ValueError:
        report("sale_period_unusable", "sale_period", period)
        return False
    if end_ms < start_ms:
        report("sale_period_unusable", "sale_period", period)
        return False
    return start_ms <= now_ms <= end_ms


def read_availability(text: str, report: Report) -> Availability:
    """One of our five words; a stock count works too. Empty means in stock."""
    text = text.strip()
    if not text:
        return Availability.IN_STOCK
    key = re.sub(r"[\s_-]+", "_", text.lower().removesuffix("/").rsplit("/", 1)[-1])
    known = _AVAILABILITIES.get(key)
    if known is None and re.fullmatch(r"-?[0-9]{1,9}(\.0+)?", text):  # a stock count
        known = Availability.IN_STOCK if float(text) > 0 else Availability.OUT_OF_STOCK
    if known is None:
        report("availability_unknown", "availability", text)
        return Availability.OUT_OF_STOCK
    return known


def read_flag(text: str, report: Report) -> bool:
    key = text.strip().lower()
    if key not in _YES and key not in _NO:
        report("flag_unknown", "hidden", text)
    return key in _YES


def read_time(text: str, report: Report, name: str = "updated_at") -> int | None:
    if not text.strip():
        return None
    try:
        return parse_time_ms(text)
    except (ValueError, OverflowError):
        report("date_unparsable", name, text)
        return None


def read_url(text: str, report: Report) -> str | None:
    """An absolute http(s) address, or None."""
    given = clean(text).strip()
    address = web_address(given)
    if given and address is None:
        report("url_not_absolute", "url", given)
    return address


def read_images(addresses: Iterable[str], report: Report) -> tuple[str, ...]:
    """http(s) addresses, and names of files below the source folder, in order, each once."""
    kept: dict[str, None] = {}
    for given in (clean(address).strip() for address in addresses):
        if not given:
            continue
        web = web_address(given)
        address = web or file_name(given)
        if address is None:
            report("image_url_unusable", "images", given)
        elif address in kept:
            report("image_repeated", "images", given)
        else:
            ending = _SUFFIX.search(urlsplit(address).path if web else address)
            if ending and ending[1].lower() not in _IMAGE_TYPES:
                report("image_type", "images", given)
            kept[address] = None
    return tuple(kept)
