"""Outfits for a lookbook: around a piece, what the shop's shoppers buy with it and what is worn with it.

An outfit is used where the shop's data speaks for it: somebody bought two of its pieces together, or they are more
probably worn together than with another of their slot. No product is in two outfits of one lookbook.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bottega.actions.closet.outfits import outfit
from bottega.actions.closet.shapes import OutfitReason, OutfitRequest, OutfitSuggestion
from bottega.actions.studio.dressing.cloth_of_product import words_of_product
from bottega.actions.studio.dressing.lying import lies_on_photo
from bottega.actions.studio.dressing.outfit import MOST_PIECES, check_outfit
from bottega.actions.studio.dressing.who_wears import for_whom
from bottega.catalogue.product import Product
from bottega.datasets.photos.shop_photos import main_picture
from bottega.errors import PhotoRefused, RequestInvalid
from bottega.models.studio.garments.cuts import cut_of, is_underwear
from bottega.shop.open_shop import OpenShop

__all__ = ["OutfitPiece", "outfit_around", "worn_cut"]

_SUGGESTED = 8
"""Suggestions of a slot that are tried."""
_PROBABLE = 0.5
_COVERED = ({"top", "shirt", "jacket"}, {"trousers", "skirt"})
"""An outfit without a dress has one of each."""


@dataclass(frozen=True, slots=True)
class OutfitPiece:
    """One piece, and why it is there."""

    product: Product
    cut: str
    slot: str
    score: float
    reasons: tuple[OutfitReason, ...]


def outfit_around(shop: OpenShop, first: Product, used: Collection[str]) -> list[OutfitPiece]:
    """A whole outfit around a product, which comes first. Raises `RequestInvalid` where there is none."""
    cut = worn_cut(first)
    if not lies_on_photo(shop, first, cut):
        raise RequestInvalid("Somebody wears it on its photo: cut out of it, it would fall less well than what lies.")
    answer = outfit(
        shop,
        OutfitRequest(product_id=first.id, n=_SUGGESTED, exclude_ids=sorted(used), return_product=True),
    )
    pieces = [OutfitPiece(first, cut, answer.given[0] if answer.given else "", 1.0, ())]
    for place in answer.slots:
        if len(pieces) == MOST_PIECES:
            break
        for one in place.suggestions:
            if (piece := _joined(shop, pieces, one, place.slot)) is not None:
                pieces.append(piece)
                break
    cuts = {piece.cut for piece in pieces}
    if "dress" not in cuts and not all(cuts & part for part in _COVERED):
        raise RequestInvalid("Nothing that covers the rest of the body goes with it.")
    if len(pieces) < 2:
        raise RequestInvalid("Nothing goes with it that can be put on a fashion model.")
    return pieces


def worn_cut(product: Product) -> str:
    """As what a product is worn. Raises `RequestInvalid` where it is not, has no photo, or is underwear."""
    words = words_of_product(product)
    cut = cut_of(words)
    if main_picture(product) is None:
        raise RequestInvalid("It has no photo in the shop's folder.")
    if is_underwear(words):
        raise RequestInvalid("Underwear and swimwear stand in no lookbook.")
    return cut


def _joined(shop: OpenShop, pieces: list[OutfitPiece], one: OutfitSuggestion, slot: str) -> OutfitPiece | None:
    """A suggestion as one more piece; None where the data does not speak for it, or it is not worn with the others."""
    bought = any(reason.code == "bought_together" for reason in one.reasons)
    if one.product is None or not one.reasons or not (bought or one.score > _PROBABLE):
        return None
    wearer, first = for_whom(one.product), for_whom(pieces[0].product)
    if (wearer.gender not in ("", first.gender) and first.gender) or wearer.child is not first.child:
        return None
    try:
        cut = worn_cut(one.product)
        ids, cuts = [piece.product.id for piece in pieces], [piece.cut for piece in pieces]
        check_outfit([*ids, one.product.id], [*cuts, cut])
        if not lies_on_photo(shop, one.product, cut):
            return None
    except (PhotoRefused, RequestInvalid):
        return None
    return OutfitPiece(one.product, cut, slot, one.score, tuple(one.reasons))
