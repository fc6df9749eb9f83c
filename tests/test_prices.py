"""Prices as people write them."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bottega import prices
from bottega.prices import CURRENCIES, Price, PriceRefused, exponent, parse_price

GOOD = [
    ("15.00 USD", "EUR", 1500, "USD"),
    ("15.00USD", "EUR", 1500, "USD"),
    ("USD 15", "EUR", 1500, "USD"),
    ("$ 15.5 USD", "EUR", 1550, "USD"),
    ("1.234,50 €", "USD", 123450, "EUR"),
    ("€1.234.567", "USD", 123456700, "EUR"),
    ("$1,299", "USD", 129900, "USD"),
    ("$1,299", "CAD", 129900, "CAD"),
    ("$1,299", "EUR", 129900, "USD"),
    ("1 234,50 zł", "USD", 123450, "PLN"),
    ("1\u202f234,50 €", "USD", 123450, "EUR"),
    ("1'234.50 CHF", "USD", 123450, "CHF"),
    ("Fr. 15.-", "USD", 1500, "CHF"),
    ("kr. 99,95", "SEK", 9995, "SEK"),
    ("12,34,567.00 INR", "USD", 123456700, "INR"),
    ("5000 JPY", "USD", 5000, "JPY"),
    ("1.234", "JPY", 1234, "JPY"),
    ("¥500", "CNY", 50000, "CNY"),
    ("1.234", "KWD", 1234, "KWD"),
    ("19.9900", "USD", 1999, "USD"),
    ("19.9950", "USD", 2000, "USD"),
    ("0.500", "USD", 50, "USD"),
    (".5", "USD", 50, "USD"),
    ("0", "USD", 0, "USD"),
]
BAD = [
    ("", "price_unparsable"),
    ("call us", "price_unparsable"),
    ("15-20", "price_unparsable"),
    ("1e5", "price_unparsable"),
    ("nan", "price_unparsable"),
    ("1.2.3", "price_unparsable"),
    ("1 2 USD", "price_unparsable"),
    ("1,23,4", "price_unparsable"),
    ("9" * 30, "price_unparsable"),
    ("1.234", "price_ambiguous"),
    ("-5.00", "price_negative"),
    ("−5.00 USD", "price_negative"),
    ("15 XYZ", "currency_unknown"),
    ("kr 99", "currency_unknown"),
]


@pytest.mark.parametrize(("text", "default", "minor", "currency"), GOOD)
def test_reads(text: str, default: str, minor: int, currency: str) -> None:
    assert parse_price(text, default) == Price(minor, currency)


@pytest.mark.parametrize(("text", "rule"), BAD)
def test_refuses(text: str, rule: str) -> None:
    with pytest.raises(PriceRefused) as refusal:
        parse_price(text, "USD")
    assert refusal.value.rule == rule


@given(st.integers(0, 10**9), st.sampled_from(sorted(CURRENCIES)), st.sampled_from(["google", "english", "european"]))
def test_what_was_written_comes_back(minor: int, currency: str, style: str) -> None:
    decimals = exponent(currency)
    digits = str(minor).rjust(decimals + 1, "0")
    whole, fraction = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    if style == "google":
        text = f"{whole}.{fraction} {currency}" if fraction else f"{whole} {currency}"
    else:
        thousands, point = (",", ".") if style == "english" else (".", ",")
        grouped = f"{int(whole):,}".replace(",", thousands)
        if decimals == 3 and len(grouped) == len(whole):
            grouped = whole  # "1.234" KWD has one mark, which is the decimal one
        text = f"{currency} {grouped}{point}{fraction}" if fraction else f"{currency} {grouped}"
    assert parse_price(text, "USD") == Price(minor, currency)


@given(st.text(max_size=30))
def test_any_text_is_a_price_or_refused_by_a_known_rule(text: str) -> None:
    try:
        price = parse_price(text, "USD")
    except PriceRefused as refusal:
        assert refusal.rule in {"price_unparsable", "price_ambiguous", "price_negative", "currency_unknown"}
    else:
        assert price.minor >= 0
        assert price.currency in CURRENCIES


def test_examples_in_the_docs_are_true() -> None:
    assert doctest.testmod(prices).failed == 0
