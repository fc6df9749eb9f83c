"""Show product: one product with its variants, its facts and who says them, texts, suggestions, and rules about it."""

from __future__ import annotations

import numpy as np

from bottega.actions.products.product_shapes import (
    CatalogueCounts,
    CatalogueCountsRequest,
    ProductFact,
    ProductRule,
    ProductText,
    ProductWhole,
    ShowProductRequest,
    ValueCount,
)
from bottega.actions.products.why_checks import touches
from bottega.actions.rules.standing import state_of
from bottega.actions.vision.suggestions import suggestion_info
from bottega.catalogue.attributes import GENERATED, IMAGE_ALT, TEXTS
from bottega.catalogue.product import Product
from bottega.errors import ProductUnknown
from bottega.models.wording.facts import Fact, FactSource
from bottega.shop.listings.listing_facts import facts_of, title_words
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.rule import SavedRule
from bottega.store.suggestions import SuggestionKind, SuggestionState, SuggestionsWanted

__all__ = ["catalogue_counts", "show_product"]

_SAID_BY = {
    FactSource.TITLE: "title",
    FactSource.ACCEPTED: "accepted",
    FactSource.EYE: "eye",
    FactSource.REVIEWS: "shoppers",
}


def show_product(shop: OpenShop, request: ShowProductRequest) -> ProductWhole:
    """All that is known of one product. Raises `ProductUnknown`."""
    with shop.floor() as floor:
        shelf = floor.shelf
        row = shelf.row_of(request.product_id)
        if row < 0:
            raise ProductUnknown.named(request.product_id)
        product = shelf.product(row)
        others = [one for one in shelf.rows_of(int(shelf.item[row])) if one != row]
        variants = shelf.products_at(others)
        own = {product.id, product.group_id}
        rules = [
            ProductRule(rule=rule, state=state_of(shop, rule), how="about it" if about else "beside it")
            for rule in shop.rules.on(floor).rules
            if (about := touches(floor, rule, row)) or _beside(rule, own)
        ]
    sheet = facts_of(shop.store, [product], title_words(shop.folder))[product.id]
    decided = shop.store.suggestions.about([product.id])
    return ProductWhole(
        product=product,
        variants=variants,
        facts=[_fact(one) for one in (*sheet.claimed, *sheet.offered)],
        contradictions=[one.says for one in sheet.contradictions],
        texts=_texts(product),
        suggestions=[suggestion_info(one, product) for one in decided],
        rules=rules,
    )


def catalogue_counts(shop: OpenShop, request: CatalogueCountsRequest) -> CatalogueCounts:
    """The catalogue in figures, and where something is missing."""
    store = shop.store
    with shop.floor() as floor:
        shelf = floor.shelf
        rows = np.arange(len(shelf), dtype=np.int32)
        lacking = store.products.count_lacking(["images", "description", "price_minor"])
        suggested = store.suggestions.products_with
        return CatalogueCounts(
            products=len(shelf),
            items=len(floor.items),
            shown=int(shelf.usable.sum()),
            hidden=int(shelf.hidden.sum()),
            availability=dict(store.products.count_by("availability", 10)),
            without_picture=lacking["images"],
            without_description=lacking["description"],
            without_price=int((shelf.prices_of(rows) < 0).sum()),
            not_in_model=None if floor.untrained else int((shelf.item >= floor.trained).sum()),
            with_doubts=len(suggested(SuggestionState.OPEN, SuggestionsWanted(kind=SuggestionKind.DOUBT))),
            with_suggestions=len(suggested(SuggestionState.OPEN, SuggestionsWanted())),
            categories=[
                ValueCount(value=one, count=n) for one, n in store.products.count_by("category_path", request.n)
            ],
            brands=[ValueCount(value=one, count=n) for one, n in store.products.count_by("brand", request.n)],
        )


def _beside(rule: SavedRule, own: set[str | None]) -> bool:
    return not own.isdisjoint(rule.anchor_ids)


def _fact(fact: Fact) -> ProductFact:
    said_by = _SAID_BY.get(fact.source, "merchant")
    if not fact.claimed and fact.source is not FactSource.TITLE:
        said_by = "eye"
    return ProductFact.model_validate(
        {
            "key": fact.key,
            "value": fact.value,
            "unit": fact.unit,
            "said_by": said_by,
            "place": fact.place,
            "confidence": round(fact.confidence, 4),
        }
    )


def _texts(product: Product) -> list[ProductText]:
    written = set(product.attributes.get(GENERATED, ()))
    found = [(name, str(getattr(product, name))) for name in TEXTS]
    found += [
        (name, values[0])
        for name, values in product.attributes.items()
        if values and (name == IMAGE_ALT or name.startswith(f"{IMAGE_ALT}_"))
    ]
    return [ProductText(field=name, text=text, written=name in written) for name, text in found if text]
