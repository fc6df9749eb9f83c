"""Rescue the catalogue: a better main photo for every product, each a suggestion; the originals stay where they are.

Nothing is written over: `decide_suggestions` accepts, and takes acceptances back to the letter. Running it again
proposes nothing that was decided on. A job that is cancelled leaves what it has suggested so far.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence

from bottega.actions.studio.rescue.rescue import jpeg_of, repaired, wanted_of
from bottega.actions.studio.rescue.shapes import RescueCatalogueRequest, RescuedCatalogue
from bottega.catalogue.attributes import IMAGES
from bottega.catalogue.product import Product
from bottega.datasets.photos.inside import path_inside, read_inside
from bottega.datasets.photos.provenance import source_type_of
from bottega.datasets.photos.reading import Photo
from bottega.datasets.photos.shop_photos import main_picture
from bottega.errors import CatalogueEmpty, PhotoRefused, ProductUnknown
from bottega.models.blocks.colours import is_plain
from bottega.models.studio.rescue.repair import Wanted
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures import put_picture
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
    products = _chosen(shop, request.product_ids)
    report = RescuedCatalogue(products=len(products))
    waiting = _waiting(shop, products) if request.only_new else frozenset()
    wanted = wanted_of(request)
    steps: Counter[str] = Counter()
    batch: list[Suggestion] = []
    for count, product in enumerate(products, start=1):
        if (product.id, main_picture(product)) in waiting:
            report.unchanged += 1
        else:
            batch += _suggestion(shop, product, wanted, report, steps)
        if len(batch) >= _AT_ONCE or count == len(products):
            report.suggested += shop.store.suggestions.put(batch)
            batch.clear()
        progress("rescuing photos", count, len(products))
    report.steps = dict(sorted(steps.items()))
    report.seconds = round(time.monotonic() - started, 2)
    return report


def _suggestion(
    shop: OpenShop,
    product: Product,
    wanted: Wanted,
    report: RescuedCatalogue,
    steps: Counter[str],
) -> Iterator[Suggestion]:
    picture = main_picture(product)
    if picture is None or picture != product.images[0]:
        report.without_photo += 1
        return
    try:
        if source_type_of(path_inside(shop.folder.images, picture).read_bytes()) is not None:
            report.unchanged += 1  # it was made here, or says itself that it is no plain photo
            return
        photo: Photo = read_inside(shop.folder.images, picture)
    except PhotoRefused as refusal:
        report.unreadable[product.id] = refusal.seen
        return
    found = repaired(shop.models, photo, wanted)
    steps.update(step.step for step in found.steps if step.done)
    if any(step.step in ("ghost", "background") and not step.done for step in found.steps):
        report.no_product += 1
        return
    if found.source_type is None:
        report.unchanged += 1
        return
    yield Suggestion(
        kind=SuggestionKind.PICTURE,
        product_id=product.id,
        attribute=IMAGES,
        value=put_picture(shop.folder.images, jpeg_of(found.photo, found.source_type), ".jpg"),
        confidence=_SURE_PLAIN if is_plain(photo) else _SURE,
        maker=MAKER,
        version=shop.models.rescue().version,
        time_ms=time.time_ns() // 1_000_000,
        present=picture,
    )


def _waiting(shop: OpenShop, products: Sequence[Product]) -> frozenset[tuple[str, str | None]]:
    """Products and the photos for which a better one was suggested."""
    about = shop.store.suggestions.about(product.id for product in products)
    return frozenset((one.product_id, one.present) for one in about if one.kind is SuggestionKind.PICTURE)


def _chosen(shop: OpenShop, product_ids: Sequence[str]) -> list[Product]:
    if not product_ids:
        products = list(shop.store.products.all())
        if not products:
            raise CatalogueEmpty("The shop has no products.", next_step="Import some: `bottega import catalogue FILE`.")
        return products
    known = shop.store.products.get(product_ids)
    if missing := [name for name in product_ids if name not in known]:
        raise ProductUnknown.named(missing[0])
    return [known[name] for name in dict.fromkeys(product_ids)]
