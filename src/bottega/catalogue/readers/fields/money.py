"""What the shopper pays today: the price, a sale that is on now, and the higher price it came down from.

A price that cannot be read costs the price, with a warning, and never the product. Zero is no sale price and no former
price. A sale counts while its period lasts; where the period cannot be read, there is no sale.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from bottega.catalogue.readers.fields.values import CLEAR, Report, parse_time_ms
from bottega.dates import TimeForm
from bottega.names import DAY_MS
from bottega.prices import Price, PriceRefused, currency_of, lowest_price, parse_price, plain_amount

__all__ = ["Money", "Stated", "read_money"]

_PLAIN = re.compile(r"\d+(\.\d+)?( [A-Z]{3})?")
_BETWEEN = re.compile(
    r"\s+(?:-|–|—|/|to|till?|until|bis|au|à|al|hasta|até|tot|do|po|по|до)\s+|\s*[;,～~]\s*(?=\d)", re.IGNORECASE
)
_SLASH = re.compile("/")
"""Between the ends of a period."""
_NO_DATE = re.compile(r"[0\s:TZ./-]*")
"""What databases write where there is no date: 0000-00-00 00:00:00."""
_CLOCK = re.compile(r":|\dT\d|\d{9}|^\d{5}\.\d")
"""What a time holds that says more than its day."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a row says of money, as texts."""

    price: str
    sale_price: str = ""
    list_price: str = ""
    """A former price, or one recommended: counts where it is higher than what is paid."""
    sale_period: str = ""
    """start/end."""
    sale_from: str = ""
    sale_to: str = ""
    currency: str = ""
    form: TimeForm = CLEAR
    """How its times are written."""


class Money(NamedTuple):
    """What is paid today, and what it came down from ("" where it did not)."""

    minor: int | None = None
    currency: str | None = None
    list_price: str = ""


def read_money(said: Stated, default: str, now_ms: int, report: Report) -> Money:
    """The money of a row; `default` is the currency of a price that names none."""
    if said.currency.strip():
        try:
            default = currency_of(said.currency, default)
        except PriceRefused:
            report("currency_unknown", "currency", f"{said.price} {said.currency}".strip())
            return Money()
    text = said.price.strip()
    regular, refused = _price(text, default, "price", report) if text else (None, "")
    sale = _sale(said, regular, text, default, now_ms, report)
    if regular is None:
        # What is paid today can be read, whatever the regular price is; but not its currency, if that is the riddle.
        return Money(sale.minor, sale.currency) if sale and refused != "currency_unknown" else Money()
    if sale:
        paid, former = sale, (text, regular) if regular.minor > sale.minor else None
    else:
        paid, former = regular, _former(said.list_price, regular, report)
    return Money(paid.minor, paid.currency, _plain(*former) if former else "")


def _sale(said: Stated, regular: Price | None, text: str, default: str, now_ms: int, report: Report) -> Price | None:
    """The sale price, when there is one, it is lower, and its time is now."""
    given = said.sale_price.strip()
    if not given:
        return None
    try:
        sale = parse_price(given, regular.currency if regular else default)
    except PriceRefused:
        low = lowest_price(given, regular.currency if regular else default)
        report("sale_price_unusable" if low is None else "price_range", "sale_price", given)
        if low is None:
            return None
        sale = low
    if not sale.minor:  # systems that must write a number write 0 where there is no sale
        return None
    if regular is not None and sale.currency != regular.currency:
        report("sale_price_unusable", "sale_price", given)
        return None
    if regular is not None and regular.minor and sale.minor >= regular.minor:
        if sale.minor > regular.minor or not (said.sale_from or said.sale_to):
            report("sale_price_not_lower", "sale_price", f"{given} (price {text})")
        return None
    start, end = _ends(said.sale_period.strip())
    if said.sale_period.strip() and not (start or end):
        report("sale_period_unusable", "sale_period", said.sale_period.strip())
        return None
    on = _is_on(start or said.sale_from, end or said.sale_to, now_ms, report, said.form)
    return sale if on else None


def _ends(period: str) -> tuple[str, str]:
    """Start and end of a period in one text: start/end, or with words or a dash between them; both "" where it is none.

    >>> _ends("2026-05-01/2026-05-31"), _ends("01/05/2026 - 31/05/2026"), _ends("1.5.2026 bis 31.5.2026"), _ends("May")
    (('2026-05-01', '2026-05-31'), ('01/05/2026', '31/05/2026'), ('1.5.2026', '31.5.2026'), ('', ''))
    """
    for between in (_BETWEEN, _SLASH):
        ends = between.split(period)
        if len(ends) == 2:
            return ends[0].strip(), ends[1].strip()
    return "", ""


def _is_on(start: str, end: str, now_ms: int, report: Report, form: TimeForm) -> bool:
    """Whether a period holds now; without a start it always did, and a day that ends it is its last."""
    start, end = (("" if _NO_DATE.fullmatch(one) else one.strip()) for one in (start, end))
    try:
        start_ms = parse_time_ms(start, form) if start else None
        end_ms = parse_time_ms(end, form) + (0 if _CLOCK.search(end) else DAY_MS - 1) if end else None
    except (ValueError, OverflowError):
        report("sale_period_unusable", "sale_period", f"{start}/{end}")
        return False
    if start_ms is not None and end_ms is not None and end_ms < start_ms:
        report("sale_period_unusable", "sale_period", f"{start}/{end}")
        return False
    return (start_ms is None or start_ms <= now_ms) and (end_ms is None or now_ms <= end_ms)


def _former(given: str, paid: Price, report: Report) -> tuple[str, Price] | None:
    """The former price, where it is higher."""
    if not given.strip():
        return None
    try:
        former = parse_price(given, paid.currency)
    except PriceRefused:
        report("list_price_unusable", "list_price", given.strip())
        return None
    if former.currency != paid.currency:
        report("list_price_unusable", "list_price", given.strip())
        return None
    return (given.strip(), former) if former.minor > paid.minor else None


def _price(text: str, default: str, field: str, report: Report) -> tuple[Price | None, str]:
    """The price, or the rule that its text breaks."""
    try:
        return parse_price(text, default), ""
    except PriceRefused as refusal:
        if (low := lowest_price(text, default)) is not None:
            report("price_range", field, text)
            return low, ""
        report(refusal.rule, field, text)
        return None, refusal.rule


def _plain(text: str, price: Price) -> str:
    """The text itself where it is plain ("15.00 USD"), else its amount."""
    return text if _PLAIN.fullmatch(text) else plain_amount(price)
