"""A price as people and exports write it, as minor units of an ISO 4217 currency.

"15.00 USD", "1.234,50 €", "$1,299", "JPY 5000", "1 234,50 zł", "Rp 25.000", "199,- Kč" and "19.9900" are read; "1.234"
in a currency such as USD is refused, because it is 1234 in one half of the world and 1.23 in the other.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from bottega.currencies import CURRENCIES, OLD_CODES, SHARED_SIGNS, SIGNS, UNIT_IS_SMALL, exponent

__all__ = [
    "CURRENCIES",
    "Price",
    "PriceRefused",
    "currency_of",
    "exponent",
    "lowest_price",
    "parse_price",
    "plain_amount",
]

_PARTS = re.compile(r"^(?P<before>[^\d.,+-]*)(?P<number>[+-]?[\d.,'’ ]*\d[.,]?)(?P<after>\D*)$")
_DOTTED = re.compile(r"(?<=[^\W\d_])\.|(?<=/)\.")
"""A full stop after letters shortens a word: kr. 99, S/. 25."""
_SPACED = re.compile(r"[+-]? ?([\d.,]+|\d{1,3}([ '’]\d{3})+([.,]\d*)?)")
_DASHES = re.compile(r"^\s*[.,:]?\s*[-–—]+\s*(?=\D*$)")
"""What stands for "no cents": 15.-, 199,– Kč, 1299:-."""
_BIGGEST = 10**15
_NOISE = re.compile(
    r"(?:(?<=\s)|^)(?:only|nur|now|price|preis|prix|precio|preço|prezzo|цена|rrp|msrp|uvp|excl?|incl?|inkl|exkl|ex|plus|"
    r"vat|mwst|ust|ttc|ht|iva|gst|tax|btw|moms|mva|dph|ндс|с ндс|each|ea|pcs?|piece|stück|stk|st|szt|ks|шт|/)"
    r"[.:]*(?=\s|/|$)|/\s*(?:pcs?|piece|ea|each|stück|stk|st|szt|ks|шт|buc|un|ud|db|kom|kpl)\.?$",
    re.IGNORECASE,
)
"""Words beside a price that change nothing of it."""
_FROM = re.compile(
    r"^\s*(?:from|starting (?:at|from)|as low as|ab|von|à partir de|dès|a partir de|desde|da|a partire da|от|від|od|"
    r"vanaf|fra|från|alkaen|alk\.?|de la|από|mulai(?: dari)?|起|から)\s*:?\s*(?=\D{0,6}\d)",
    re.IGNORECASE,
)
_ONWARDS = re.compile(r"(?<=\d)\s*(?:\+|起|～|~|から|-tól|-től|and up|& up|onwards)\s*", re.IGNORECASE)
_TO = re.compile(r"\s*(?:[-–—~～]|\b(?:to|bis|do|au?|à|hasta|till?|tot|до)\b)\s*", re.IGNORECASE)


class PriceRefused(ValueError):
    """A text that is no usable price; `rule` names the rule of the feed linter that it breaks."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(rule)


class Price(NamedTuple):
    """An amount in minor units (cents) and its currency."""

    minor: int
    currency: str


def parse_price(text: str, currency: str) -> Price:
    """Read a price; `currency` is used when the text names none. Raises `PriceRefused`.

    Amounts finer than the minor unit are rounded half up. A currency of the past becomes today's.

    >>> parse_price("1.234,50 €", "USD")
    Price(minor=123450, currency='EUR')
    >>> parse_price("15", "JPY")
    Price(minor=15, currency='JPY')
    >>> parse_price("159.00 RUR", "USD"), parse_price("Rp 25.000", "USD")
    (Price(minor=15900, currency='RUB'), Price(minor=2500000, currency='IDR'))
    """
    return _parsed(text, currency)


def lowest_price(text: str, currency: str) -> Price | None:
    """The lowest of a text that names a range of prices, or a price and more; None where it names no such thing.

    >>> lowest_price("10.00 - 20.00 USD", "EUR"), lowest_price("ab 9,90 €", "USD"), lowest_price("10+", "USD")
    (Price(minor=1000, currency='USD'), Price(minor=990, currency='EUR'), Price(minor=1000, currency='USD'))
    >>> lowest_price("15", "USD"), lowest_price("2026-05-01", "USD")
    (None, None)
    """
    folded = _folded(text)
    bare = _ONWARDS.sub(" ", _FROM.sub("", folded, count=1), count=1)
    try:
        if bare.strip() != folded:
            return _parsed(bare, currency)
    except PriceRefused:
        pass
    ends = [end for end in _TO.split(folded) if any(mark.isdigit() for mark in end)]
    if len(ends) != 2:
        return None
    try:
        named = next((code for code in map(_named, reversed(ends)) if code), currency)
        low, high = (_parsed(end, named) for end in ends)
    except PriceRefused:
        return None
    return low if low.currency == high.currency and low.minor <= high.minor else None


def currency_of(text: str, default: str) -> str:
    """Code of a currency that is named alone: a code of today or the past in any case, a sign, a word.

    Raises `PriceRefused`. `default` decides what a sign such as $ means.

    >>> currency_of("usd", "EUR"), currency_of("€", "USD"), currency_of("$", "CAD"), currency_of("RUR", "USD")
    ('USD', 'EUR', 'CAD', 'RUB')
    """
    return _currency(_folded(text), default)[0]


def plain_amount(price: Price) -> str:
    """The amount as feeds want it: a decimal point, no separators.

    >>> plain_amount(Price(123450, "EUR")), plain_amount(Price(5000, "JPY"))
    ('1234.50', '5000')
    """
    decimals = exponent(price.currency)
    return f"{Decimal(price.minor).scaleb(-decimals):.{decimals}f}"


@lru_cache(maxsize=50_000)
def _parsed(text: str, currency: str) -> Price:
    folded = _folded(text)
    found = _PARTS.match(folded)
    if not found:
        raise PriceRefused("price_unparsable")
    sign = (found["before"].strip(), _DASHES.sub("", found["after"]).strip())
    code, unit = _currency(" ".join(part for part in sign if part), currency)
    amount = _amount(found["number"], code) / unit
    if amount < 0:
        raise PriceRefused("price_negative")
    minor = int((amount * 10 ** exponent(code)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return Price(minor, code)


def _folded(text: str) -> str:
    # Arabic texts carry marks of direction that nobody sees.
    folded = unicodedata.normalize("NFKC", text).replace("\u2212", "-")
    folded = "".join(mark for mark in folded if unicodedata.category(mark) != "Cf")
    return _DOTTED.sub("", folded).strip()


def _named(text: str) -> str:
    """The currency that one end of a range names, or ""."""
    found = _PARTS.match(text)
    try:
        said = f"{found['before']} {found['after']}".strip() if found else ""
        return _currency(said, "")[0] if said else ""
    except PriceRefused:
        return ""


def _currency(sign: str, default: str) -> tuple[str, Decimal]:
    """Code that a sign or code beside the number means, and how many of its units make one of that code."""
    sign = " ".join(_NOISE.sub(" ", sign).split()).strip("():; ")
    if not sign:
        return default, _ONE
    whole = sign.upper()
    # A code inside other words counts in capitals only: "cup" is no Cuban peso.
    for word in (whole, *re.split(r"[^A-Z]+", sign), *([] if " " in sign else re.split(r"[^A-Z]+", whole))):
        if word in CURRENCIES:
            return word, _ONE
        if word in OLD_CODES:
            return OLD_CODES[word]
    key = re.sub(r"[\s.]", "", sign.lower())
    if key in SHARED_SIGNS:
        usual, others = SHARED_SIGNS[key]
        if default and (default == usual or default in others.split()):
            return default, _ONE
        if usual:
            return usual, _ONE
    if key in SIGNS:
        return SIGNS[key], _ONE
    if len(key) > 1 and (doubled := {SIGNS.get(part, "") for part in re.split(r"\s+", sign.lower().replace(".", ""))}):
        known = doubled - {""}  # as in "€ Euro"
        if len(known) == 1 and "" not in doubled:
            return known.pop(), _ONE
    raise PriceRefused("currency_unknown" if len(sign) <= 4 else "price_unparsable")


_ONE = Decimal(1)


def _amount(number: str, code: str) -> Decimal:
    """The number, its separators understood."""
    if not _SPACED.fullmatch(number.strip()):
        raise PriceRefused("price_unparsable")
    digits = re.sub(r"[ '’]", "", number)
    marks = [mark for mark in digits if mark in ".,"]
    if len(set(marks)) == 2:
        # The later of the two is the decimal mark, the other separates thousands, once every three digits.
        decimal = marks[-1]
        if marks.count(decimal) > 1:
            raise PriceRefused("price_unparsable")
        whole, _, rest = digits.partition(decimal)
        if not re.fullmatch(r"[+-]?\d{1,3}([.,]\d{2,3})*[.,]\d{3}", whole):
            raise PriceRefused("price_unparsable")
        digits = re.sub(r"[.,]", "", whole) + "." + rest
    elif len(marks) > 1:
        if not re.fullmatch(r"[+-]?\d{1,3}([.,]\d{2,3})*[.,]\d{3}", digits):
            raise PriceRefused("price_unparsable")
        digits = re.sub(r"[.,]", "", digits)
    elif marks:
        digits = _one_mark(digits, marks[0], code)
    if len(digits) > 40 or abs(amount := Decimal(digits)) >= _BIGGEST:
        raise PriceRefused("price_unparsable")
    return amount


def _one_mark(digits: str, mark: str, code: str) -> str:
    """A number with one point or comma: decimal mark, or thousands separator?"""
    whole, _, rest = digits.partition(mark)
    grouped = len(rest) == 3 and re.fullmatch(r"[+-]?[1-9]\d{0,2}", whole) is not None
    decimals = exponent(code)
    if grouped and decimals != 3:
        if mark == "." and decimals != 0 and code not in UNIT_IS_SMALL:
            raise PriceRefused("price_ambiguous")
        return whole + rest
    return f"{whole or '0'}.{rest or '0'}"
