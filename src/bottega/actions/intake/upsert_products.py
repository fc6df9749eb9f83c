"""Upsert products: add new ones, replace changed ones; the next answer knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bottega.actions.intake.posted_rows import checked
from bottega.actions.intake.shapes import UpsertAnswer
from bottega.catalogue.product import Product
from bottega.shop.open_shop import OpenShop

__all__ = ["upsert_products"]


def upsert_products(shop: OpenShop, rows: Sequence[object]) -> UpsertAnswer:
    """Check each row, store the good ones in one transaction, name the others. Safe to repeat."""
    good, bad = checked(rows, _product, list(Product.model_fields))
    result = shop.upsert(good)
    return UpsertAnswer(added=result.added, updated=result.updated, unchanged=result.unchanged, rejected=bad)


def _product(row: Mapping[str, Any]) -> Product:
    return Product.model_validate(row)
