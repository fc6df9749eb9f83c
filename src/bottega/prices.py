"""A price as people and exports write it, as minor units of an ISO 4217 currency.

"15.00 USD", "1.234,50 €", "$1,299", "JPY 5000", "1 234,50 zł" and "19.9900" are read; "1.234" in a currency with two
decimals is refused, because it is 1234 in one half of the world and 1.23 in the other.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

__all__ = ["CURRENCIES", "Price", "PriceRefused", "exponent", "parse_price"]


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


CURRENCIES = _codes(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD
    MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
    SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS
    VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZMW ZWG"""
    " ZAR"  # codespell:ignore
)
"""Active codes of ISO 4217, without metals, funds and test codes."""

_NO_DECIMALS = _codes("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF")
_THREE_DECIMALS = _codes("BHD IQD JOD KWD LYD OMR TND")
_FOUR_DECIMALS = frozenset({"CLF"})

# Signs that mean one currency. "$", "¥" and "kr" mean several: the shop's own currency decides among them.
_SIGNS = {
    "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "₽": "RUB", "₺": "TRY", "₫": "VND", "₴": "UAH", "₪": "ILS",
    "₱": "PHP", "฿": "THB", "zł": "PLN", "kč": "CZK", "ft": "HUF", "lei": "RON", "fr": "CHF", "rs": "INR",
    "r$": "BRL", "us$": "USD", "a$": "AUD", "c$": "CAD", "ca$": "CAD", "hk$": "HKD", "nz$": "NZD", "s$": "SGD",
    "nt$": "TWD", "mx$": "MXN",
}  # fmt: skip
_SHARED_SIGNS = {
    "$": ("USD", "AUD CAD NZD HKD SGD TWD MXN ARS CLP COP UYU"),
    "¥": ("JPY", "CNY"),
    "kr": ("", "SEK NOK DKK ISK"),
}
_PARTS = re.compile(r"^(?P<before>[^\d.,+-]*)(?P<number>[+-]?[\d.,'’ ]*\d[.,]?)(?P<after>\D*)$")
_SPACED = re.compile(r"[+-]? ?([\d.,]+|\d{1,3}([ '’]\d{3})+([.,]\d*)?)")
_DOTTED = re.compile(r"\b(fr|kr|rs)\.", re.IGNORECASE)
_BIGGEST = 10**15


class PriceRefused(ValueError):
    """A text that is no usable price; `rule` names the rule of the feed linter that it breaks."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(rule)


class Price(NamedTuple):
    """An amount in minor units (cents) and its currency."""

    minor: int
    currency: str


def exponent(currency: str) -> int:
    """Decimals of a currency: 2 for USD, 0 for JPY, 3 for KWD.

    >>> exponent("JPY"), exponent("USD"), exponent("KWD")
    (0, 2, 3)
    """
    if currency in _NO_DECIMALS:
        return 0
    if currency in _THREE_DECIMALS:
        return 3
    return 4 if currency in _FOUR_DECIMALS else 2


def parse_price(text: str, currency: str) -> Price:
    """Read a price; `currency` is used when the text names none. Raises `PriceRefused`.

    Amounts finer than the minor unit are rounded half up.

    >>> parse_price("1.234,50 €", "USD")
    Price(minor=123450, currency='EUR')
    >>> parse_price("15", "JPY")
    Price(minor=15, currency='JPY')
    """
    folded = unicodedata.normalize("NFKC", text).strip().replace("\u2212", "-")
    found = _PARTS.match(_DOTTED.sub(r"\1", folded))
    if not found:
        raise PriceRefused("price_unparsable")
    sign = (found["before"].strip(), found["after"].strip().removesuffix(".-").removesuffix("-").strip())
    code = _currency(" ".join(part for part in sign if part), currency)
    amount = _amount(found["number"], exponent(code))
    if amount < 0:
        raise PriceRefused("price_negative")
    minor = int((amount * 10 ** exponent(code)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return Price(minor, code)


def _currency(sign: str, default: str) -> str:
    """Code that a sign or code beside the number means."""
    if not sign:
        return default
    for word in sign.upper().split():
        if word in CURRENCIES:
            return word
    if sign.lower() in _SIGNS:
        return _SIGNS[sign.lower()]
    if sign.lower() in _SHARED_SIGNS:
        usual, others = _SHARED_SIGNS[sign.lower()]
        if default == usual or default in others.split():
            return default
        if usual:
            return usual
    raise PriceRefused("currency_unknown" if len(sign) <= 4 else "price_unparsable")


def _amount(number: str, decimals: int) -> Decimal:
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
        digits = _one_mark(digits, marks[0], decimals)
    if len(digits) > 40 or abs(amount := Decimal(digits)) >= _BIGGEST:
        raise PriceRefused("price_unparsable")
    return amount


def _one_mark(digits: str, mark: str, decimals: int) -> str:
    """A number with one point or comma: decimal mark, or thousands separator?"""
    whole, _, rest = digits.partition(mark)
    grouped = len(rest) == 3 and re.fullmatch(r"[+-]?[1-9]\d{0,2}", whole) is not None
    if grouped and decimals != 3:
        if mark == "." and decimals != 0:
            raise PriceRefused("price_ambiguous")
        return whole + rest
    return f"{whole or '0'}.{rest or '0'}"
