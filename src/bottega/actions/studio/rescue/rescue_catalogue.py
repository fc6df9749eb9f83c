"""Rescue the catalogue: a better main photo for every product, each a suggestion; the originals stay where they are.

Nothing is written over: `decide_suggestions` accepts, and takes acceptances back to the letter. Running it again
proposes nothing that was decided on. A job that is cancelled leaves what it has suggested so far.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

from bottega.actions.studio.rescue.rescue import jpeg_of, repaired, wanted_of
from bottega.actions.studio.rescue.shapes import RescueCatalogueRequest, RescuedCatalogue
from bottega.actions.studio.suggested_pictures import (
    chosen_products,
    keep_picture,
    picture_suggestion,
    suggest_pictures,
)
from bottega.catalogue.attributes import IMAGES
from bottega.catalogue.product import Product
from bottega.datasets.photos.inside import path_inside, read_inside
from bottega.datasets.photos.provenance import source_type_of
from bottega.datasets.photos.reading import Photo
from bottega.datasets.photos.shop_photos import main_picture
from bottega.errors import PhotoRefused
from bottega.models.blocks.colours import is_plain
from bottega.models.studio.rescue.repair import Wanted
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.store.suggestions import Suggestion, SuggestionKind

__all__ = ["MAKER", "rescue_catalogue"]

MAKER = "rescue"
"""Who suggests."""
_AT_ONCE = 20
"""Products whose suggestions are written together."""
_SURE_PLAIN, _SURE = 0.9, 0.6
"""How sure a suggestion is: where the background is plain the outline is known, elsewhere it is a parser's."""


def rescue_catalogue(
    shop: OpenShop, request: RescueCatalogueRequest, *, progress: Progress = silent
) -> RescuedCatalogue:
    """Suggest a better main photo for each product. Raises `CatalogueEmpty`, `ProductUnknown`."""
    started = time.monotonic()
    products = chosen_products(shop, request.product_ids)
    report = RescuedCatalogue(products=len(products))
    waiting = _waiting(shop, products) if request.only_new else frozenset()
    wanted = wanted_of(request)
    steps: Counter[str] = Counter()
    told = suggest_pictures(
        shop,
        products,
        lambda product: _suggestion(shop, product, wanted, report, steps),
        pass_over=lambda product: (product.id, main_picture(product)) in waiting,
        at_once=_AT_ONCE,
        task="rescuing photos",
        progress=progress,
    )
    report.suggested = told.suggested
    report.unchanged += told.passed
    report.steps = dict(sorted(steps.items()))
    report.seconds = round(time.monotonic() - started, 2)
    return report


def _suggestion(
    shop: OpenShop,
    product: Product,
    wanted: Wanted,
    report: RescuedCatalogue,
    steps: Counter[str],
) -> Suggestion | None:
    """One product's, or None with the reason counted."""
    picture = main_picture(product)
    if picture is None or picture != product.images[0]:
        report.without_photo += 1
        return None
    try:
        if source_type_of(path_inside(shop.folder.images, picture).read_bytes()) is not None:
            report.unchanged += 1  # it was made here, or says itself that it is no plain photo
            return None
        photo: Photo = read_inside(shop.folder.images, picture)
    except PhotoRefused as refusal:
        report.unreadable[product.id] = refusal.seen
        return None
    found = repaired(shop.models, photo, wanted)
    steps.update(step.step for step in found.steps if step.done)
    if any(step.step in ("ghost", "background") and not step.done for step in found.steps):
        report.no_product += 1
        return None
    if found.source_type is None:
        report.unchanged += 1
        return None
    return picture_suggestion(
        product,
        keep_picture(shop, jpeg_of(found.photo, found.source_type)),
        attribute=IMAGES,
        confidence=_SURE_PLAIN if is_plain(photo) else _SURE,
        maker=MAKER,
        version=shop.models.rescue().version,
        present=picture,
    )


def _waiting(shop: OpenShop, products: Sequence[Product]) -> frozenset[tuple[str, str | None]]:
    """Products and the photos for which a better one was suggested."""
    about = shop.store.suggestions.about(product.id for product in products)
    return frozenset((one.product_id, one.present) for one in about if one.kind is SuggestionKind.PICTURE)
