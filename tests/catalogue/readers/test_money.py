"""What is paid today: prices, sales with their times, former prices, all by one parser."""

from __future__ import annotations

import pytest

from bottega.catalogue.readers.fields.money import Money, Stated, read_money

NOW_MS = 1_780_000_000_000
"""2026-05-28"""


def money(**said: str) -> tuple[Money, list[str]]:
    rules: list[str] = []
    stated = Stated(price=said.pop("price", ""), **said)  # type: ignore[arg-type]
    read = read_money(stated, "USD", NOW_MS, lambda rule, field, seen: rules.append(rule))
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
        # as people, programs and worksheets write them
        ({"sale_from": "01.05.2026", "sale_to": "28.05.2026"}, 500, "USD", "12.00", []),
        ({"sale_from": "1. 5. 2026", "sale_to": "27. 5. 2026"}, 1200, "USD", "", []),
        ({"sale_from": "13/05/2026", "sale_to": "05/28/2026"}, 500, "USD", "12.00", []),
        ({"sale_from": "05/06/2026"}, 1200, "USD", "", ["sale_period_unusable"]),
        ({"sale_from": "46143", "sale_to": "46170"}, 500, "USD", "12.00", []),
        ({"sale_to": "46169"}, 1200, "USD", "", []),
        ({"sale_from": "May 1, 2026", "sale_to": "28 May 2026"}, 500, "USD", "12.00", []),
        ({"sale_from": "2026/05/01 10:00", "sale_to": "20260601"}, 500, "USD", "12.00", []),
        ({"sale_period": "01.05.2026 - 31.05.2026"}, 500, "USD", "12.00", []),
        ({"sale_period": "2026-05-01 to 2026-05-27"}, 1200, "USD", "", []),
        ({"sale_period": "13/05/2026 bis 28/05/2026"}, 500, "USD", "12.00", []),
        ({"sale_period": "2026-05-01T10:00+0200,2026-06-01T10:00+0200"}, 500, "USD", "12.00", []),
        # a regular price that is a riddle leaves that of the sale
        ({"price": "1.299", "sale_price": "899.00"}, 89900, "USD", "", ["price_ambiguous"]),
        ({"price": "12 XYZ", "sale_price": "9"}, None, None, "", ["currency_unknown"]),
        ({"price": "12", "sale_price": "9 - 10"}, 900, "USD", "12", ["price_range"]),
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
