"""The demo shop's rules, as a merchant writes them down: what the assistant quotes."""

from __future__ import annotations

__all__ = ["RULES_NAME", "RULES_TEXT"]

RULES_NAME = "policies.md"
RULES_TEXT = """\
# How we do things

## Delivery

We deliver within Europe in 2 to 4 working days. What is ordered before 14:00 on a working day leaves us the same day.

- Germany and Austria: 3.90 EUR, free from 50 EUR.
- The rest of Europe: 8.90 EUR, free from 120 EUR.
- We do not deliver outside Europe, and there is no express delivery.

## Tracking an order

The mail that says that an order has left us has a link that shows where it is.

## Returns

You may send anything back within 30 days, unused and in its packaging; plants and opened food are excepted. Sending
back is free within Germany. The money is with you within 14 days of our having the parcel.

## Payment

We take cards (Visa, Mastercard), PayPal, bank transfer and invoice by Klarna. There are no instalments.

## Warranty

The law's two years hold for everything. Phones and headphones have a two-year guarantee of their makers beside it.

## Opening hours

The shop in Marktgasse 12 is open Tuesday to Friday from 10:00 to 18:30, and Saturday from 10:00 to 16:00.

## Contact

Write to hello@demo-shop.example or call +49 30 555 0100 on working days from 9:00 to 17:00.
"""
