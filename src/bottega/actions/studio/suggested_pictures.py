"""Going through products and suggesting a picture for each: what the jobs over a catalogue share.

Suggestions are written a few at a time, so that a job that is ended leaves what it has suggested so far.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bottega.catalogue.product import Product
from bottega.errors import CatalogueEmpty, ProductUnknown
from bottega.progress import Progress
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.pictures import put_picture
from bottega.store.suggestions import Suggestion, SuggestionKind

__all__ = ["PicturesSuggested", "chosen_products", "keep_picture", "picture_suggestion", "suggest_pictures"]


@dataclass(slots=True)
class PicturesSuggested:
    """What became of a run: suggestions written, and products for which there was one before."""

    suggested: int = 0
    passed: int = 0
    """Left out, for they were decided on or wait."""
    known: int = 0
    """Suggested once more just as they were before, which changes nothing."""


def chosen_products(shop: OpenShop, product_ids: Sequence[str]) -> list[Product]:
    """The products named, each once, or all where none is. Raises `CatalogueEmpty`, `ProductUnknown`."""
    if not product_ids:
        products = list(shop.store.products.all())
        if not products:
            raise CatalogueEmpty("The shop has no products.", next_step="Import some: `bottega import catalogue FILE`.")
        return products
    known = shop.store.products.get(product_ids)
    if missing := [name for name in product_ids if name not in known]:
        raise ProductUnknown.named(missing[0])
    return [known[name] for name in dict.fromkeys(product_ids)]


def suggest_pictures(
    shop: OpenShop,
    products: Sequence[Product],
    suggestion: Callable[[Product], Suggestion | None],
    *,
    pass_over: Callable[[Product], bool],
    at_once: int,
    task: str,
    progress: Progress,
) -> PicturesSuggested:
    """Write `suggestion` of every product that is not to be passed over, `at_once` of them together.

    Where it is None it has noted why.
    """
    told = PicturesSuggested()
    batch: list[Suggestion] = []
    for count, product in enumerate(products, start=1):
        if pass_over(product):
            told.passed += 1
        elif (one := suggestion(product)) is not None:
            batch.append(one)
        if len(batch) >= at_once or count == len(products):
            stand = shop.store.suggestions.put(batch)
            told.suggested += stand
            told.known += len(batch) - stand
            batch.clear()
        progress(task, count, len(products))
    return told


def keep_picture(shop: OpenShop, content: bytes) -> str:
    """A picture that was made, as JPEG, into the shop's folder; returns its name there."""
    return put_picture(shop.folder.images, content, ".jpg")


def picture_suggestion(
    product: Product,
    picture: str,
    *,
    attribute: str,
    confidence: float,
    maker: str,
    version: str,
    present: str | None,
) -> Suggestion:
    """A picture of the shop's folder for a product. `present`: what stands in its place now."""
    return Suggestion(
        kind=SuggestionKind.PICTURE,
        product_id=product.id,
        attribute=attribute,
        value=picture,
        confidence=confidence,
        maker=maker,
        version=version,
        time_ms=time.time_ns() // 1_000_000,
        present=present,
    )
