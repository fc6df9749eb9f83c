"""What is paid today: prices, sales with their times, former prices, all by one parser."""

from __future__ import annotations

import pytest

from bottega.catalogue.readers.fields.money import Money, Stated, read_money

NOW_MS = 1_780_000_000_000
"""2026-05-28"""


def money(**said: str) -> tuple[Money, list[str]]:
    rules: list[str] = []
    read = read_money(Stated(**{"price": "", **said}), "USD", NOW_MS, lambda rule, field, seen: rules.append(rule))
    return read, rules


@pytest.mark.parametrize(
    ("said", "minor", "currency", "former", "rules"),
    [
        ({"price": "12.00"}, 1200, "USD", "", []),
        ({"price": "12.00", "currency": "eur"}, 1200, "EUR", "", []),
        ({"price": "12,00", "currency": "€"}, 1200, "EUR", "", []),
        ({"price": "12.00", "currency": "Taler"}, None, None, "", ["currency_unknown"]),
        ({"price": "ask us"}, None, None, "", ["price_unparsable"]),
        ({"price": "from $9"}, 900, "USD", "", ["price_range"]),
        ({"price": "10–20 EUR"}, 1000, "EUR", "", ["price_range"]),
        # a sale price of nothing, one that is not lower, one that cannot be read
        ({"price": "12", "sale_price": "0"}, 1200, "USD", "", []),
        ({"price": "12", "sale_price": "0.00 USD"}, 1200, "USD", "", []),
        ({"price": "12", "sale_price": "12"}, 1200, "USD", "", ["sale_price_not_lower"]),
        ({"price": "12", "sale_price": "cheap"}, 1200, "USD", "", ["sale_price_unusable"]),
        ({"price": "1.299,00 €", "sale_price": "999,00"}, 99900, "EUR", "1299.00", []),
        ({"price": "", "sale_price": "9"}, 900, "USD", "", []),
        # former prices are prices
        ({"price": "1,299.00", "list_price": "1,499.00"}, 129900, "USD", "1499.00", []),
        ({"price": "$19.99", "list_price": "$29.99"}, 1999, "USD", "29.99", []),
        ({"price": "19,99", "list_price": "29,99"}, 1999, "USD", "29.99", []),
        ({"price": "19.99", "list_price": "19.99"}, 1999, "USD", "", []),
        ({"price": "19.99", "list_price": "0"}, 1999, "USD", "", []),
        ({"price": "19.99", "list_price": "high"}, 1999, "USD", "", ["list_price_unusable"]),
        # times of a sale in columns of their own
        ({"sale_from": "2030-01-01", "sale_to": "2030-02-01"}, 1200, "USD", "", []),
        ({"sale_from": "2019-01-01", "sale_to": "2019-02-01"}, 1200, "USD", "", []),
        ({"sale_from": "2026-05-01", "sale_to": "2026-05-28"}, 500, "USD", "12.00", []),
        ({"sale_from": "2026-05-01"}, 500, "USD", "12.00", []),
        ({"sale_to": "2026-05-27"}, 1200, "USD", "", []),
        ({"sale_from": "0000-00-00 00:00:00", "sale_to": "0000-00-00"}, 500, "USD", "12.00", []),
        ({"sale_from": "spring"}, 1200, "USD", "", ["sale_period_unusable"]),
        ({"sale_from": "2026-06-01", "sale_to": "2026-05-01"}, 1200, "USD", "", ["sale_period_unusable"]),
        ({"sale_period": "2026-05-01/"}, 500, "USD", "12.00", []),
        ({"sale_period": "1970-01-29T00:00+00:00/2038-01-17T23:59+00:00"}, 500, "USD", "12.00", []),
    ],
)
def test_what_is_paid(
    said: dict[str, str], minor: int | None, currency: str | None, former: str, rules: list[str]
) -> None:
    if not said.keys() & {"price", "currency"}:
        said = {"price": "12.00", "sale_price": "5.00", **said}
    assert money(**said) == (Money(minor, currency, former), rules)
