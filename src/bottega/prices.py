"""A price as people and exports write it, as minor units of an ISO 4217 currency.

"15.00 USD", "1.234,50 €", "$1,299", "JPY 5000", "1 234,50 zł", "Rp 25.000", "199,- Kč" and "19.9900" are read; "1.234"
in a currency such as USD is refused, because it is 1234 in one half of the world and 1.23 in the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from bottega.currencies import CURRENCIES, OLD_CODES, SHARED_SIGNS, SIGNS, UNIT_IS_SMALL, exponent
from bottega.price_words import (
    CENT_WORDS,
    FREE_WORDS,
    FROM_WORDS,
    NOISE_WORDS,
    ONWARDS,
    PER_WORDS,
    TAX_SIGNS,
    TO_WORDS,
)

__all__ = [
    "CURRENCIES",
    "Price",
    "PriceRefused",
    "currency_of",
    "exponent",
    "lowest_price",
    "parse_price",
    "plain_amount",
    "price_written",
]

_PLAIN = re.compile(r"([0-9]{1,12})(?:\.([0-9]{2}))?(?: ?([A-Z]{3}))?")
_SIMPLE = re.compile(r"\s*(?:[A-Z]{3} )?\d+(?:[.,]\d+)?(?: ?[A-Z]{3})?\s*")
"""What needs no closer look."""
_PARTS = re.compile(r"^(?P<before>[^\d.,+-]*)(?P<number>[+-]?[\d.,'’ ]*\d[.,]?)(?P<after>\D*)$")
_DOTTED = re.compile(r"(?<=[^\W\d_])\.|(?<=/)\.")
"""A full stop after letters shortens a word: kr. 99, S/. 25."""
_SPACED = re.compile(r"[+-]? ?([\d.,]+|\d{1,3}([ '’]\d{3})+([.,]\d*)?)")
_DASHES = re.compile(r"^\s*[.,:]?\s*(?:[-–—]+|/[-=])\s*(?=\D*$)")
"""What stands for "no cents": 15.-, 199,– Kč, 1299:-, 1299/-."""
_BIGGEST = 10**15


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_NOISE = re.compile(
    rf"(?:(?<=[\s(])|^)(?:\+ ?)?(?:{_any_of(NOISE_WORDS)}|/)[.:=]*(?=[\s/)]|$)|{_any_of(TAX_SIGNS)}",
    re.IGNORECASE,
)
_PER = re.compile(rf"\s*(?:/|\b(?:{_any_of(PER_WORDS)})\s+(?=\w))[^/]*$", re.IGNORECASE)
"""What it is a price of: 12,50 €/kg, 12 € per pair. (S/ and Bs/ are currencies.)"""
_FROM = re.compile(rf"^\s*(?:{_any_of(FROM_WORDS)})\.?\s*:?\s*(?=\D{{0,6}}\d)", re.IGNORECASE)
_ONWARDS = re.compile(rf"(?<=\d)\s*(?:{ONWARDS})\s*", re.IGNORECASE)
_TO = re.compile(rf"\s*(?:[-–—~～]|\b(?:{_any_of(TO_WORDS)})\b)\s*", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\s*[;|\n]\s*|,\s+|\s*/\s*(?=\D{0,5}\d)|[.,]?\s*\b(?:statt|instead of|was|now|nur|jetzt|au lieu de|en vez de|"
    r"antes|ahora|anstatt|anziché|in plaats van|zamiast|вместо|istället för|original price was|current price is)"
    r"\b:?\s*",
    re.IGNORECASE,
)
"""Between prices that stand in one text."""
_TELLING = re.compile(r"\d[.,]\d\d(?!\d)|[^\W\d]|[^\x00-\x7f]|\$")
"""A price and no bare number: it has cents or a currency."""
_MARKUP = re.compile(r"<[^<>]*>")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_PERCENT = re.compile(r"\(?\d+(?:[.,]\d+)?\s*%")
_FOOTNOTE = re.compile(r"[*†‡]|^\s*[~≈]")
_SIGN_INSIDE = re.compile(r"^(\D*\d{1,6})\s*([€$£₽]|EUR)\s*(\d{2})(?!\d)(\D*)$")
"""12€90: the sign stands where the decimal mark would."""
_COLON = re.compile(r"^(\D*\d[\d .]*):(\d{2})(\D*)$")


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
    start = _FROM.sub("", folded, count=1)
    bare = _ONWARDS.sub(" ", start, count=1)
    try:
        if bare.strip() != folded:
            return _parsed(bare, currency)
    except PriceRefused:
        pass
    ends = [end for end in _TO.split(start) if any(mark.isdigit() for mark in end)]
    if len(ends) == 2:
        try:
            named = next((code for end in reversed(ends) if (code := _named(end, currency))), currency)
            low, high = (_parsed(end, named) for end in ends)
        except PriceRefused:
            return _one_of(folded, currency)
        return low if low.currency == high.currency and low.minor <= high.minor else None
    return _one_of(folded, currency)


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


def _one_of(folded: str, currency: str) -> Price | None:
    """Of several prices in a text the one in this currency, or the lowest: "19.99 USD, 17.99 EUR", "was $9 now $7"."""
    parts = [part for part in _SEVERAL.split(folded) if any(mark.isdigit() for mark in part)]
    if not 2 <= len(parts) <= 10 or not all(_TELLING.search(part) for part in parts):
        return None
    try:
        named = next((code for part in reversed(parts) if (code := _named(part, currency))), currency)
        read = [_parsed(part.strip(",. "), named) for part in parts]
    except PriceRefused:
        return None
    own = [price for price in read if price.currency == currency]
    return min(own or [price for price in read if price.currency == read[0].currency])


@lru_cache(maxsize=50_000)
def _parsed(text: str, currency: str) -> Price:
    if (plain := _PLAIN.fullmatch(text)) is not None:  # most prices of most feeds
        code = plain[3] or currency
        if code in CURRENCIES and exponent(code) == 2:
            return Price(int(plain[1]) * 100 + int(plain[2] or 0), code)
    folded = _folded(text)
    found = _PARTS.match(folded)
    if not found:
        if folded.casefold().strip("!. ") in FREE_WORDS:
            return Price(0, currency)
        raise PriceRefused("price_unparsable")
    number, after = found["number"], found["after"]
    whole = _DASHES.match(after)
    if whole or (number[-1] in ".," and any(mark in ".," for mark in number[:-1])):
        number = number.rstrip("., ")
        after = after[whole.end() :] if whole else after
    before = found["before"].strip()
    sign = (before, after.strip() if after.strip().lower() in ("s/", "b/", "bs/") else _PER.sub("", after).strip())
    code, unit = _currency(" ".join(part for part in sign if part), currency)
    amount = _amount(number, code, whole=whole is not None) / unit
    if amount < 0:
        raise PriceRefused("price_negative")
    minor = int((amount * 10 ** exponent(code)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return Price(minor, code)


def _folded(text: str) -> str:
    """In ASCII's digits and one width, without markup, footnotes and shares of tax."""
    if _SIMPLE.fullmatch(text):
        return text.strip()
    if "<" in text or "&" in text:
        text = unescape(_MARKUP.sub(" ", text))
    # Cents may be raised, and so may be a footnote or the square of a metre.
    text = _RAISED.sub(lambda found: _raised(text, found), text)
    folded = unicodedata.normalize("NFKC", text).replace("\u2212", "-").translate({0x66B: ".", 0x66C: ","})
    # Arabic texts carry marks of direction that nobody sees, and digits of their own.
    folded = "".join(_mark(mark) for mark in folded if mark < "\x80" or unicodedata.category(mark) != "Cf")
    folded = _FOOTNOTE.sub(" ", _PERCENT.sub(" ", folded)) if "%" in folded or _FOOTNOTE.search(folded) else folded
    folded = _SIGN_INSIDE.sub(r"\1.\3 \2 \4", _COLON.sub(r"\1.\2\3", folded))
    return _DOTTED.sub("", folded).strip()


def _raised(text: str, found: re.Match[str]) -> str:
    """Raised digits: cents where two of them follow a number, else nothing."""
    cents = len(found[0]) == 2 and text[: found.start()][-1:].isdigit() and text[found.start() - 1] not in found[0]
    return f".{unicodedata.normalize('NFKC', found[0])}" if cents else ""


def _mark(mark: str) -> str:
    return mark if mark < "\x80" or not mark.isdecimal() else str(unicodedata.decimal(mark))


def _named(text: str, default: str) -> str:
    """The currency that one part of a text names, or ""."""
    found = _PARTS.match(text.strip())
    try:
        said = f"{found['before']} {found['after']}".strip() if found else ""
        return _currency(said, default)[0] if said.strip(".,:- ") else ""
    except PriceRefused:
        return ""


def _currency(sign: str, default: str) -> tuple[str, Decimal]:
    """Code that a sign or code beside the number means, and how many of its units make one of that code."""
    sign = " ".join(_NOISE.sub(" ", sign).split()).strip("():;=,' ")
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
    if key in CENT_WORDS:
        return CENT_WORDS[key] or default, Decimal(100)
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


def _amount(number: str, code: str, *, whole: bool = False) -> Decimal:
    """The number, its separators understood; `whole`: it says that it has no cents, so 1.299 is in thousands."""
    if not _SPACED.fullmatch(number.strip()):
        raise PriceRefused("price_unparsable")
    digits = re.sub(r"[ '’]", "", number)
    marks = [mark for mark in digits if mark in ".,"]
    if len(set(marks)) == 2:
        # The later of the two is the decimal mark, the other separates thousands, once every three digits.
        decimal = marks[-1]
        if marks.count(decimal) > 1:
            raise PriceRefused("price_unparsable")
        before, _, rest = digits.partition(decimal)
        if not re.fullmatch(r"[+-]?\d{1,3}([.,]\d{2,3})*[.,]\d{3}", before):
            raise PriceRefused("price_unparsable")
        digits = re.sub(r"[.,]", "", before) + "." + rest
    elif len(marks) > 1:
        if not re.fullmatch(r"[+-]?\d{1,3}([.,]\d{2,3})*[.,]\d{3}", digits):
            raise PriceRefused("price_unparsable")
        digits = re.sub(r"[.,]", "", digits)
    elif marks and whole and re.fullmatch(r"[+-]?\d{1,3}[.,]\d{3}", digits):
        digits = digits.replace(marks[0], "")
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


def price_written(minor: int | None, currency: str | None, language: str) -> str:
    """A price as people of a language write it; empty where there is none.

    >>> price_written(1090, "EUR", "de")
    '10,90\\xa0€'
    """
    if minor is None or not currency:
        return ""
    from babel.numbers import format_currency  # who only reads prices needs none of it

    return str(format_currency(Decimal(minor).scaleb(-exponent(currency)), currency, locale=language))
