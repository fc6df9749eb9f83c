"""Upsert products: add new ones, replace changed ones; the next answer knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bottega.actions.answerer import Answerer
from bottega.actions.incoming import checked
from bottega.actions.requests import UpsertAnswer
from bottega.catalogue.product import Product

__all__ = ["upsert_products"]


def upsert_products(answerer: Answerer, rows: Sequence[object]) -> UpsertAnswer:
    """Check each row, store the good ones in one transaction, name the others. Safe to repeat."""
    good, bad = checked(rows, _product, list(Product.model_fields))
    result = answerer.upsert(good)
    return UpsertAnswer(added=result.added, updated=result.updated, unchanged=result.unchanged, rejected=bad)


def _product(row: Mapping[str, Any]) -> Product:
    return Product.model_validate(row)
