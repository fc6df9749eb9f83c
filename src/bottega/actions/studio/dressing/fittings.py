"""What can be done with a product in the dressing room, by its words and its photo; nothing is drawn for it."""

from __future__ import annotations

from bottega.actions.studio.dressing.cloth_of_product import words_of_product
from bottega.actions.studio.dressing.fittings_shapes import FittingModel, Fittings, FittingsRequest
from bottega.actions.studio.dressing.who_wears import for_whom, models_asked, suited
from bottega.actions.studio.try_on.face_cut import LIVE_CUTS, face_cut_of
from bottega.actions.studio.try_on.try_on import tried_cut
from bottega.actions.studio.turning.own_solid import own_solid
from bottega.catalogue.product import Product
from bottega.datasets.photos.shop_photos import main_picture
from bottega.errors import BottegaError, ProductUnknown, RequestInvalid
from bottega.models.studio.garments.cuts import cut_of, is_underwear
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.fashion_model_file import own_models

__all__ = ["fittings"]


def fittings(shop: OpenShop, request: FittingsRequest) -> Fittings:
    """What can be done with a product. Raises `ProductUnknown`."""
    product = shop.store.products.get([request.product_id]).get(request.product_id)
    if product is None:
        raise ProductUnknown.named(request.product_id)
    solid = own_solid(shop, product) is not None
    seen = main_picture(product) is not None
    cut = _cut(product) if seen else ""
    return Fittings(
        product_id=product.id,
        try_on=seen and _tried_on(product),
        live=seen and face_cut_of(product) in LIVE_CUTS,
        turn=solid or seen,
        own_model=solid,
        models=_models(shop, product) if cut else [],
    )


def _cut(product: Product) -> str:
    try:
        return cut_of(words_of_product(product))
    except RequestInvalid:
        return ""


def _tried_on(product: Product) -> bool:
    """Whether it is one of the things that are shown on a photo of somebody; underwear and swimwear never are."""
    try:
        return face_cut_of(product) is not None or bool(tried_cut(words_of_product(product)))
    except RequestInvalid:
        return False


def _models(shop: OpenShop, product: Product) -> list[FittingModel]:
    """Those whom it is for; of underwear and swimwear, grown-ups alone."""
    wearer = for_whom(product)
    if wearer.baby or (wearer.child and is_underwear(words_of_product(product))):
        return []
    fit = [model for model in models_asked((), own_models(shop.folder)) if wearer.is_one(model)]
    try:
        first = suited(product, models_asked(shop.settings.dress_models, own_models(shop.folder)))
    except BottegaError:
        first = None
    fit.sort(key=lambda model: first is None or model.name != first.name)
    return [FittingModel(name=model.name, says=model.says) for model in fit]
