"""Upsert products: add new ones, replace changed ones; the next answer knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bottega.actions.intake.posted_product import posted_product, product_refused, product_rule
from bottega.actions.intake.posted_rows import checked
from bottega.actions.intake.shapes import UpsertAnswer, UpsertRequest, Warned
from bottega.catalogue.product import Product
from bottega.shop.open_shop import OpenShop

__all__ = ["upsert_products"]


def upsert_products(shop: OpenShop, request: UpsertRequest) -> UpsertAnswer:
    """Check each row, store the good ones in one transaction, name the others. Safe to repeat.

    As in a feed, the second row of one id is refused: which of the two is meant, nobody can say.

    What an import would leave out of a product (a picture that is not there, an address that is none) is left out
    here, too, and told under `warnings`.
    """
    warnings: list[Warned] = []
    first: dict[str, int] = {}

    def make(index: int, row: Mapping[str, Any]) -> Product:
        product, problems = posted_product(row, currency=shop.settings.currency, images=shop.folder.images)
        if (earlier := first.setdefault(product.id, index)) != index:
            raise product_refused("duplicate_id", "id", f"{product.id} (first in row {earlier})")
        warnings.extend(
            Warned(index=index, field=one.field, seen=one.seen, fix=one.fix, rule=one.rule) for one in problems
        )
        return product

    good, bad = checked(request.products, make, list(Product.model_fields), rule_of=product_rule, mends=True)
    result = shop.upsert(good, from_merchant=[one.id for one in good])
    return UpsertAnswer(
        added=result.added, updated=result.updated, unchanged=result.unchanged, rejected=bad, warnings=warnings
    )
