"""Prices as people write them."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bottega import currencies, prices
from bottega.prices import (
    CURRENCIES,
    Price,
    PriceRefused,
    exponent,
    lowest_price,
    parse_price,
    plain_amount,
)

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
GOOD += [
    ("159.00 RUR", "USD", 15900, "RUB"),
    ("Rp 150.000", "USD", 15_000_000, "IDR"),
    ("R 199.00", "USD", 19900, "ZAR"),  # codespell:ignore
    ("RM 20.00", "USD", 2000, "MYR"),
    ("10.000 COP", "USD", 1_000_000, "COP"),
    ("19.90 лв", "USD", 1990, "BGN"),
    ("25 Euro", "USD", 2500, "EUR"),
    ("199,- Kč", "USD", 19900, "CZK"),
    ("199,– Kč", "USD", 19900, "CZK"),
    ("1299:-", "SEK", 129900, "SEK"),
    ("US $19.00", "EUR", 1900, "USD"),
    ("1200 руб.", "USD", 120_000, "RUB"),
    ("1200 грн", "USD", 120_000, "UAH"),
    ("₦4500", "USD", 450_000, "NGN"),
    ("9.50 usd", "EUR", 950, "USD"),
    ("CLP$ 9.990", "USD", 9990, "CLP"),
    ("S/. 25.00", "USD", 2500, "PEN"),
    ("100 DEM", "USD", 5113, "EUR"),
    ("9,90 € inkl. MwSt.", "USD", 990, "EUR"),
    ("12.50 PLN/szt", "USD", 1250, "PLN"),
    ("د.إ 25", "USD", 2500, "AED"),
    ("25 ر.س", "USD", 2500, "SAR"),
    ("Rs. 499", "PKR", 49900, "PKR"),
    ("500円", "USD", 500, "JPY"),
    ("15,00 TL", "USD", 1500, "TRY"),
]
GOOD += [
    ("24,90 €*", "USD", 2490, "EUR"),
    ("24,90 €¹", "USD", 2490, "EUR"),
    ("8,40 €/m²", "USD", 840, "EUR"),
    ("8,40 € pro Paar", "USD", 840, "EUR"),
    ("£35.00 per metre", "USD", 3500, "GBP"),
    ("249:50 kr", "SEK", 24950, "SEK"),
    ("899 Kč bez DPH", "EUR", 89900, "CZK"),
    ("35,00 € inkl. 19 % MwSt.", "USD", 3500, "EUR"),
    ("35.00 + VAT", "GBP", 3500, "GBP"),
    ("2,480円(税込)", "USD", 2480, "JPY"),
    ("税抜 2,480 円", "USD", 2480, "JPY"),
    ("٢٤٩٫٥٠ ر.س", "USD", 24950, "SAR"),
    ("۲۴۹٬۰۰۰ تومان", "USD", 24_900_000, "IRR"),
    ("₹२४९", "USD", 24900, "INR"),
    ("Rs.2499/-", "USD", 249900, "INR"),
    ("KSh 2,499/=", "USD", 249900, "KES"),
    ("MRP: ₹2,499.00", "USD", 249900, "INR"),
    ("<span>24,90</span>&nbsp;&euro;", "USD", 2490, "EUR"),
    ("24€90", "USD", 2490, "EUR"),
    ("24⁹⁰ €", "USD", 2490, "EUR"),
    ("75¢", "USD", 75, "USD"),
    ("75 ct", "EUR", 75, "EUR"),
    ("75p", "USD", 75, "GBP"),
    ("2.499.- EUR", "USD", 249900, "EUR"),
    ("2.499 TL", "USD", 249900, "TRY"),
    ("24,90,-", "EUR", 2490, "EUR"),
    ("ca. 24,90 €", "USD", 2490, "EUR"),
    ("Free!", "USD", 0, "USD"),
    ("Gratuit", "EUR", 0, "EUR"),
    ("無料", "JPY", 0, "JPY"),
]
RANGES = [
    ("10+", "USD", 1000, "USD"),
    ("$10 - $20", "EUR", 1000, "USD"),
    ("10,50–20,00 EUR", "USD", 1050, "EUR"),
    ("от 1200 руб.", "USD", 120_000, "RUB"),
    ("ab 9,90 €", "USD", 990, "EUR"),
    ("15-20", "USD", 1500, "USD"),
    ("9 to 12 GBP", "USD", 900, "GBP"),
]
RANGES += [
    ("24.00 / 29.00", "USD", 2400, "USD"),
    ("24.00; 29.00", "EUR", 2400, "EUR"),
    ("22.00 EUR, 24.00 USD", "USD", 2400, "USD"),
    ("22.00 EUR|24.00 USD", "GBP", 2200, "EUR"),
    ("statt 29,00 € nur 24,00 €", "USD", 2400, "EUR"),
    ("was $29.00 now $24.00", "EUR", 2400, "USD"),
    ("¥24.00-¥29.00", "CNY", 2400, "CNY"),
    ("24~29元", "USD", 2400, "CNY"),
    ("od 240 Kč", "USD", 24000, "CZK"),
]
NO_RANGES = ["2 for 10", "12/24", "05/2026", "10%", "pack of 2", "3 x 12.90", "0,5 l", "1/2"]
NO_RANGES += ["15", "call us", "20-15", "1-2-3", "2026-05-01", "+49 30 1234", "$10 - €20", "-5"]
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


@pytest.mark.parametrize(("text", "default", "minor", "currency"), RANGES)
def test_the_lowest_of_a_range(text: str, default: str, minor: int, currency: str) -> None:
    assert lowest_price(text, default) == Price(minor, currency)
    with pytest.raises(PriceRefused):
        parse_price(text, default)


@pytest.mark.parametrize("text", NO_RANGES)
def test_what_is_no_range(text: str) -> None:
    assert lowest_price(text, "USD") is None


@given(st.integers(0, 10**9), st.sampled_from(sorted(CURRENCIES)))
def test_a_plain_amount_comes_back(minor: int, currency: str) -> None:
    assert parse_price(f"{plain_amount(Price(minor, currency))} {currency}", "USD") == Price(minor, currency)


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
    assert doctest.testmod(prices).failed == doctest.testmod(currencies).failed == 0
