"""Dress the catalogue: a picture on a fashion model for every product that lies flat, each a suggestion.

Nothing is written over: an accepted picture goes behind the merchant's own, and `decide_suggestions` takes acceptances
back. Running it again goes on where it ended, and proposes nothing that was decided on. A job that is cancelled leaves
what it has suggested so far. What cannot be worn is named with the reason.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

from bottega.actions.studio.dressing.catalogue_shapes import DressCatalogueRequest, DressedCatalogue
from bottega.actions.studio.dressing.cloth_of_product import words_of_product
from bottega.actions.studio.dressing.dress import dress
from bottega.actions.studio.dressing.lying import lies_on_photo
from bottega.actions.studio.dressing.shapes import DressRequest
from bottega.actions.studio.dressing.who_wears import models_asked, suited
from bottega.actions.studio.suggested_pictures import (
    chosen_products,
    keep_picture,
    picture_suggestion,
    suggest_pictures,
)
from bottega.catalogue.attributes import MORE_IMAGES, value_of
from bottega.catalogue.product import Product
from bottega.datasets.photos.inside import path_inside
from bottega.datasets.photos.provenance import source_type_of
from bottega.datasets.photos.shop_photos import main_picture
from bottega.errors import PhotoRefused, RequestInvalid
from bottega.models.studio.bodies.fashion_models import FashionModel
from bottega.models.studio.bodies.poses import pose
from bottega.models.studio.garments.cuts import cut_of, is_underwear
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.fashion_model_file import own_models
from bottega.store.suggestions import Suggestion

__all__ = ["MAKER", "dress_catalogue"]

MAKER = "dress"
"""Who suggests."""
_AT_ONCE = 5
"""Pictures that are written together: a run that is ended loses no more."""
_SURE, _GUESSED = 0.7, 0.4
"""How sure a suggestion is; less where much of what one sees was filled in."""
_SEEN = 0.6
"""Share of what one sees of a piece that its photo shows, below which much was filled in."""


def dress_catalogue(shop: OpenShop, request: DressCatalogueRequest, *, progress: Progress = silent) -> DressedCatalogue:
    """Suggest a picture on a fashion model for each product whose main photo shows it lying.

    Raises `CatalogueEmpty`, `ProductUnknown`, and `RequestInvalid` for a model or a pose that is none.
    """
    started = time.monotonic()
    products = chosen_products(shop, request.product_ids)
    models = models_asked(request.models or shop.settings.dress_models, own_models(shop.folder))
    if request.pose is not None:
        pose(request.pose)
    report = DressedCatalogue(products=len(products))
    done = _done(shop, products) if request.only_new else frozenset()
    on: Counter[str] = Counter()
    told = suggest_pictures(
        shop,
        products,
        lambda product: _suggestion(shop, product, models, request, report, on),
        pass_over=lambda product: product.id in done,
        at_once=_AT_ONCE,
        task="dressing fashion models",
        progress=progress,
    )
    report.suggested, report.before = told.suggested, told.passed + told.known
    report.models = dict(sorted(on.items()))
    report.seconds = round(time.monotonic() - started, 2)
    return report


def _suggestion(
    shop: OpenShop,
    product: Product,
    models: Sequence[FashionModel],
    request: DressCatalogueRequest,
    report: DressedCatalogue,
    on: Counter[str],
) -> Suggestion | None:
    """One product's, or None with the reason noted."""
    words = words_of_product(product)
    try:
        cut = cut_of(words)
    except RequestInvalid as refusal:
        report.not_worn[product.id] = refusal.seen
        return None
    picture = main_picture(product)
    if picture is None:
        report.without_photo += 1
        return None
    try:
        model = suited(product, models)
        if is_underwear(words) and not model.build.grown:
            report.refused[product.id] = "Underwear and swimwear are never shown on a body under 18."
            return None
        if source_type_of(path_inside(shop.folder.images, picture).read_bytes()) is not None:
            report.made_here += 1
            return None
        if not lies_on_photo(shop, product, cut):
            report.worn += 1
            return None
        asked = DressRequest(model=model.name, products=[product.id], pose=request.pose, crop=request.crop)
        answer = dress(shop, asked)
    except (PhotoRefused, RequestInvalid) as refusal:
        report.refused[product.id] = refusal.seen
        return None
    on[model.name] += 1
    return picture_suggestion(
        product,
        keep_picture(shop, answer.content),
        attribute=MORE_IMAGES,
        confidence=_SURE if min(piece.seen for piece in answer.pieces) >= _SEEN else _GUESSED,
        maker=MAKER,
        version=answer.version,
        present=value_of(product, MORE_IMAGES) or None,
    )


def _done(shop: OpenShop, products: Sequence[Product]) -> frozenset[str]:
    """Products for which a picture of this kind was suggested, whatever became of it."""
    about = shop.store.suggestions.about(product.id for product in products)
    return frozenset(one.product_id for one in about if one.maker == MAKER)
