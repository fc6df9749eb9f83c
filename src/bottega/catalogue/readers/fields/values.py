"""One field's text at a time: availability, flags, dates, links and pictures, by the rules of problems.py."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol
from urllib.parse import urlsplit

from bottega.catalogue.addresses import file_name, is_web, joined_address, web_address
from bottega.catalogue.readers.fields.flags import says_hidden
from bottega.catalogue.readers.fields.stock import stock_of
from bottega.catalogue.readers.fields.text import clean
from bottega.dates import TimeForm
from bottega.moments import counted_ms, written_ms
from bottega.names import Availability

__all__ = [
    "CLEAR",
    "Report",
    "parse_time_ms",
    "read_availability",
    "read_flag",
    "read_images",
    "read_time",
    "read_url",
]

_IMAGE_TYPES = frozenset({"jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "avif"})
_SUFFIX = re.compile(r"\.([a-zA-Z0-9]{2,5})$")


class Report(Protocol):
    """Called with the rule broken, the field and what was seen."""

    def __call__(self, rule: str, field: str, seen: str, /) -> None: ...


CLEAR = TimeForm(first={".": "day", "/": "each", "-": "each"}, serial=True)
"""How times of a catalogue are read where no column decides: with dots the day comes first, other dates speak for
themselves, and a small number is a worksheet's day."""
_EARLIEST_MS = 0
_COUNTED_MS = 315_532_800_000
"""1980: a number that counts fewer seconds is no Unix time."""


def parse_time_ms(text: str, form: TimeForm = CLEAR) -> int:
    """UTC milliseconds of a text as people and programs write times (`moments.py`). Raises `ValueError`.

    A time without zone is UTC.

    >>> parse_time_ms("2026-05-01T12:00:00Z"), parse_time_ms("1777636800"), parse_time_ms("1. 5. 2026 12:00")
    (1777636800000, 1777636800000, 1777636800000)
    >>> parse_time_ms("46143.5"), parse_time_ms("May 1, 2026, 12:00 PM"), parse_time_ms("31/12/2026")
    (1777636800000, 1777636800000, 1798675200000)
    """
    text = text.strip()
    counted = counted_ms(text)
    if counted is not None and counted >= _COUNTED_MS and len(text.split(".")[0]) >= 9:
        return counted
    written = written_ms(re.sub(r"(?<=\d\.) (?=\d)", "", text), form)
    if written is None or written < _EARLIEST_MS:
        raise ValueError(f"{text!r} is no time")
    return written


def read_availability(text: str, report: Report) -> Availability:
    """One of our five words: by the table of stock.py, or a count. Empty, or unknown with a warning, means in stock."""
    if not text.strip():
        return Availability.IN_STOCK
    known = stock_of(text)
    if known is None:
        report("availability_unknown", "availability", text.strip())
        return Availability.IN_STOCK
    return known


def read_flag(text: str, report: Report) -> bool:
    """Whether a product is hidden; nothing, and what says neither, means that it is not."""
    hidden = says_hidden(text) if text.strip() else False
    if hidden is None:
        report("flag_unknown", "hidden", text)
    return hidden is True


def read_time(text: str, report: Report, name: str = "updated_at", form: TimeForm = CLEAR) -> int | None:
    if not text.strip():
        return None
    try:
        return parse_time_ms(text, form)
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


def read_images(addresses: Iterable[str], report: Report, *, page: str | None = None) -> tuple[str, ...]:
    """http(s) addresses, and names of files below the source folder, in order, each once.

    A path from the root of a site is one of the site of `page`, the product's own.
    """
    kept: dict[str, None] = {}
    for given in addresses:
        address, fault = _read_image(given, page if given.lstrip().startswith("/") else None)
        if address is None:
            if fault:
                report(fault, "images", clean(given).strip())
        elif address in kept:
            report("image_repeated", "images", clean(given).strip())
        else:
            if fault:
                report(fault, "images", clean(given).strip())
            kept[address] = None
    return tuple(kept)


@lru_cache(maxsize=4_000)
def _read_image(text: str, page: str | None) -> tuple[str | None, str]:
    """The address that a text means, and the rule it breaks. Remembered, for variants share their pictures."""
    given = clean(text).strip()
    if not given:
        return None, ""
    address = web_address(given) or (joined_address(given, page) if page else None) or file_name(given)
    if address is None:
        return None, "image_url_unusable"
    return address, "" if _may_be_picture(address) else "image_type"


def _may_be_picture(address: str) -> bool:
    """Whether it does not end as something else does."""
    ending = _SUFFIX.search(urlsplit(address).path if is_web(address) else address)
    return ending is None or ending[1].lower() in _IMAGE_TYPES
