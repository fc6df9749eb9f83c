"""Missing colours: a variant whose colour no photo shows gets one made from a sibling's, as a suggestion.

Nothing is written over: only products without any picture get one, `decide_suggestions` accepts, and takes acceptances
back. Running it again proposes nothing that waits or was decided on. A job that is cancelled leaves what it has
suggested so far.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bottega.actions.studio.asked_colour import colour_of_word
from bottega.actions.studio.product_seen import product_seen
from bottega.actions.studio.recolour.recolour import LITTLE
from bottega.actions.studio.recolour.shapes import MissingColoursRequest, RecolouredMissing
from bottega.actions.studio.rescue.rescue import jpeg_of
from bottega.actions.studio.suggested_pictures import (
    chosen_products,
    keep_picture,
    picture_suggestion,
    suggest_pictures,
)
from bottega.catalogue.attributes import IMAGES, value_of
from bottega.catalogue.product import Product
from bottega.datasets.photos.inside import path_inside, read_inside
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.datasets.photos.shop_photos import main_picture
from bottega.errors import PhotoRefused
from bottega.models.blocks.colour_words import colour_gap
from bottega.models.studio.recolour.recolour import GOOD, Lab, recolour
from bottega.models.vision.parts.regions import PRODUCT
from bottega.models.vision.slots import PART_SLOT, slot_of
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.store.suggestions import Suggestion, SuggestionKind, SuggestionState

__all__ = ["MAKER", "recolour_missing"]

MAKER = "recolour"
"""Who suggests."""
_VERSION = "1"
_COLOUR = "color"
_AT_ONCE = 20
"""Products whose suggestions are written together."""
_SURE_LYING, _SURE_WORN = 0.8, 0.5
"""How sure a suggestion is: before a plain background the outline is known, on somebody it is a parser's."""
_TRIED = 3
"""Siblings whose photos are tried."""
_MADE_HERE = frozenset({SourceType.COMPOSED, SourceType.GENERATED, SourceType.PARTLY_GENERATED})
"""A photo that says so is none to start from."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A picture in the shop's folder, and whether its product lies before a plain background."""

    picture: str
    lying: bool


def recolour_missing(
    shop: OpenShop, request: MissingColoursRequest, *, progress: Progress = silent
) -> RecolouredMissing:
    """Suggest a photo for each product without a picture whose colour no sibling's photo shows.

    Raises `CatalogueEmpty`, `ProductUnknown`.
    """
    started = time.monotonic()
    products = chosen_products(shop, request.product_ids)
    groups: dict[str, list[Product]] = defaultdict(list)
    for product in shop.store.products.all():
        if product.group_id:
            groups[product.group_id].append(product)
    bare = [product for product in products if not product.images]
    report = RecolouredMissing(products=len(products), without_photo=len(bare))
    waiting = _waiting(shop, bare)
    made: dict[tuple[str, str], _Made | PhotoRefused] = {}
    told = suggest_pictures(
        shop,
        bare,
        lambda product: _suggestion(shop, product, groups, report, made),
        pass_over=lambda product: product.id in waiting,
        at_once=_AT_ONCE,
        task="recolouring photos",
        progress=progress,
    )
    report.suggested, report.decided = told.suggested, told.passed + told.known
    report.seconds = round(time.monotonic() - started, 2)
    return report


def _suggestion(
    shop: OpenShop,
    product: Product,
    groups: Mapping[str, Sequence[Product]],
    report: RecolouredMissing,
    made: dict[tuple[str, str], _Made | PhotoRefused],
) -> Suggestion | None:
    """One product's, or None with the reason counted. `made`: by group and colour; sizes share a picture."""
    colour = value_of(product, _COLOUR)
    siblings = [one for one in groups.get(product.group_id or "", ()) if one.id != product.id]
    siblings = [one for one in siblings if main_picture(one) is not None and value_of(one, _COLOUR)]
    if not colour or not siblings:
        report.alone += 1
        return None
    if any(value_of(one, _COLOUR).casefold() == colour.casefold() for one in siblings):
        report.colour_shown += 1
        return None
    to = colour_of_word(colour)
    if to is None:
        report.colour_unknown[product.id] = colour
        return None
    key = product.group_id or "", colour.casefold()
    if key not in made:
        try:
            made[key] = _made(shop, product, siblings, to)
        except PhotoRefused as refusal:
            made[key] = refusal
    found = made[key]
    if isinstance(found, PhotoRefused):
        report.not_made[product.id] = found.seen
        return None
    return picture_suggestion(
        product,
        found.picture,
        attribute=IMAGES,
        confidence=_SURE_LYING if found.lying else _SURE_WORN,
        maker=MAKER,
        version=_VERSION,
        present="",
    )


def _made(shop: OpenShop, product: Product, siblings: Sequence[Product], to: Lab) -> _Made:
    """A picture of the product from the sibling whose colour is nearest. Raises `PhotoRefused` where none will do."""
    why = PhotoRefused("No sibling's photo will do.", next_step="Photograph one of them before a plain background.")
    for sibling in sorted(siblings, key=lambda one: _gap(one, to))[:_TRIED]:
        picture = main_picture(sibling)
        assert picture is not None
        try:
            if source_type_of(path_inside(shop.folder.images, picture).read_bytes()) in _MADE_HERE:
                continue
            photo = read_inside(shop.folder.images, picture)
            name, mask = product_seen(photo, shop.models.parse, _part_of(product))
        except PhotoRefused as refusal:
            why = refusal
            continue
        found = recolour(photo, mask, to)
        if found.share < LITTLE:
            why = PhotoRefused(f"The photo of {sibling.id!r} shows a product of many colours.", next_step=why.next_step)
            continue
        if found.off > GOOD:
            seen = f"The photo of {sibling.id!r} comes no nearer than {found.off:.0f} to the colour (CIEDE2000)."
            why = PhotoRefused(seen, next_step=why.next_step)
            continue
        content = jpeg_of(found.photo, found.source_type)
        return _Made(keep_picture(shop, content), name == PRODUCT)
    raise why


def _gap(sibling: Product, to: Lab) -> float:
    """How far a sibling's colour is from the one that is missing; strange words are last."""
    own = colour_of_word(value_of(sibling, _COLOUR))
    if own is None:
        return float("inf")
    return float(colour_gap(np.array(own, np.float32), np.array(to, np.float32)))


def _part_of(product: Product) -> str | None:
    """The part of somebody's clothes that the product is, where its categories say it."""
    slot = slot_of([*reversed(product.category), product.title])
    return next((part for part, own in PART_SLOT.items() if own == slot), None)


def _waiting(shop: OpenShop, products: Sequence[Product]) -> frozenset[str]:
    """Products for which a picture waits."""
    about = shop.store.suggestions.about(product.id for product in products)
    open_ones = (one for one in about if one.state is SuggestionState.OPEN)
    return frozenset(one.product_id for one in open_ones if one.kind is SuggestionKind.PICTURE)
