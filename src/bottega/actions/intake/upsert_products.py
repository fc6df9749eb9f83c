"""Upsert products: add new ones, replace changed ones; the next answer knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bottega.actions.intake.posted_product import posted_product
from bottega.actions.intake.posted_rows import checked
from bottega.actions.intake.shapes import UpsertAnswer, UpsertRequest, Warned
from bottega.catalogue.product import Product
from bottega.shop.open_shop import OpenShop

__all__ = ["upsert_products"]


def upsert_products(shop: OpenShop, request: UpsertRequest) -> UpsertAnswer:
    """Check each row, store the good ones in one transaction, name the others. Safe to repeat.

    What an import would leave out of a product (a picture that is not there, an address that is none) is left out
    here, too, and told under `warnings`.
    """
    warnings: list[Warned] = []

    def make(index: int, row: Mapping[str, Any]) -> Product:
        product, problems = posted_product(row, currency=shop.settings.currency, images=shop.folder.images)
        warnings.extend(
            Warned(index=index, field=one.field, seen=one.seen, fix=one.fix, rule=one.rule) for one in problems
        )
        return product

    good, bad = checked(request.products, make, list(Product.model_fields), mends=True)
    result = shop.upsert(good)
    return UpsertAnswer(
        added=result.added, updated=result.updated, unchanged=result.unchanged, rejected=bad, warnings=warnings
    )
