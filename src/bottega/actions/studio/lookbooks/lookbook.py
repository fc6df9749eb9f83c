"""Lookbooks: outfits on fashion models of varied body and skin, as a page with pictures that the shop keeps."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

from bottega.actions.closet.outfits import popular_garments
from bottega.actions.studio.dressing.cloth_of_product import cloth_of_product
from bottega.actions.studio.dressing.dress import dress
from bottega.actions.studio.dressing.shapes import DressAnswer, DressRequest
from bottega.actions.studio.dressing.who_wears import ForWhom, for_whom, models_asked
from bottega.actions.studio.lookbooks.outfits import OutfitPiece, outfit_around
from bottega.actions.studio.lookbooks.page import lookbook_html
from bottega.actions.studio.lookbooks.shapes import (
    Lookbook,
    LookbookInfo,
    LookbookRemoval,
    LookbookRequest,
    LookbooksAnswer,
    LookbooksQuery,
    LookPiece,
    ShownLook,
)
from bottega.catalogue.product import Product
from bottega.errors import CatalogueEmpty, PhotoRefused, ProductUnknown, RequestInvalid
from bottega.languages.talking import Talking, said_in
from bottega.models.studio.bodies.fashion_models import FashionModel
from bottega.models.studio.bodies.poses import pose
from bottega.prices import price_written
from bottega.progress import Progress, silent
from bottega.shop.listings.listing_facts import title_words
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.fashion_model_file import own_models
from bottega.shop.pictures.lookbook_files import (
    LOOKBOOK,
    PAGE,
    lookbook_file,
    lookbook_names,
    new_name,
    put_lookbook,
    remove_lookbook,
)
from bottega.shop.shop_name import shop_name

__all__ = ["lookbook", "lookbook_named", "lookbooks", "take_out_lookbook"]

_TRIED_EACH = 12
"""Products that an outfit may be built around, for each that is wanted: many photos cannot carry it."""


def lookbook(shop: OpenShop, request: LookbookRequest, *, progress: Progress = silent) -> Lookbook:
    """Make a lookbook and keep it.

    Raises `CatalogueEmpty`, `ProductUnknown`, and `RequestInvalid` for a model or a pose that is none and where no
    outfit came of any product.
    """
    started = time.monotonic()
    firsts = _firsts(shop, request)
    models = models_asked(request.models or shop.settings.dress_models, own_models(shop.folder))
    if request.pose is not None:
        pose(request.pose)
    language = title_words(shop.folder).language
    words = said_in("sharing", language)
    used: set[str] = set()
    shown: Counter[str] = Counter()
    looks: list[ShownLook] = []
    files: dict[str, bytes] = {}
    not_used: dict[str, str] = {}
    said = ""
    for first in firsts:
        if len(looks) == request.outfits:
            break
        if first.id in used:
            continue
        try:
            pieces = outfit_around(shop, first, used)
            model = _model_for(pieces, models, shown)
            pieces, answer = _dressed(shop, pieces, model, request)
        except (PhotoRefused, RequestInvalid) as refusal:
            not_used[first.id] = refusal.seen
            continue
        number = len(looks) + 1
        used |= {piece.product.id for piece in pieces}
        shown[model.name] += 1
        said = answer.source_type
        files[f"{number:02}.jpg"] = answer.content
        looks.append(_look(number, pieces, model, answer, words))
        progress("dressing outfits", number, request.outfits)
    if not looks:
        why = next(iter(not_used.values()), "There are no clothes to begin with.")
        raise RequestInvalid(
            f"No outfit came of {len(not_used)} products: {why}",
            allowed="An outfit is of clothes with photos, which the shop's data brings together.",
            next_step="Name products with product_ids, or give their photos: lying, before a plain background.",
        )
    name = new_name(shop.folder)
    made = Lookbook(
        lookbook=name,
        language=language,
        looks=looks,
        not_used=not_used,
        source_type=said,
        folder=f"lookbooks/{name}",
        time_ms=time.time_ns() // 1_000_000,
        seconds=round(time.monotonic() - started, 2),
    )
    files[PAGE] = lookbook_html(made, shop_name(shop.folder)).encode()
    files[LOOKBOOK] = made.model_dump_json(indent=1).encode()
    put_lookbook(shop.folder, name, files)
    return made


def lookbooks(shop: OpenShop, request: LookbooksQuery) -> LookbooksAnswer:
    """The lookbooks that there are, the newest first."""
    found = [lookbook_named(shop, name) for name in lookbook_names(shop.folder)]
    found.sort(key=lambda one: (-one.time_ms, one.lookbook))
    return LookbooksAnswer(
        lookbooks=[LookbookInfo(lookbook=one.lookbook, looks=len(one.looks), time_ms=one.time_ms) for one in found]
    )


def take_out_lookbook(shop: OpenShop, request: LookbookRemoval) -> LookbooksAnswer:
    """Delete a lookbook with its pictures; returns those that are left. Raises `LookbookUnknown`."""
    remove_lookbook(shop.folder, request.lookbook)
    return lookbooks(shop, LookbooksQuery())


def lookbook_named(shop: OpenShop, name: str) -> Lookbook:
    """A lookbook as it was made. Raises `LookbookUnknown`."""
    return Lookbook.model_validate_json(lookbook_file(shop.folder, name))


def _firsts(shop: OpenShop, request: LookbookRequest) -> Sequence[Product]:
    """What outfits may be built around, in this order."""
    if not request.product_ids:
        found = popular_garments(shop, ("one-piece", "top", "outer", "bottom"), _TRIED_EACH * request.outfits)
        if not found:
            raise CatalogueEmpty(
                "The shop has no clothes to dress anybody in.",
                next_step="Import some: `bottega import catalogue FILE`.",
            )
        return found
    known = shop.store.products.get(request.product_ids)
    if missing := [name for name in request.product_ids if name not in known]:
        raise ProductUnknown.named(missing[0])
    return [known[name] for name in dict.fromkeys(request.product_ids)]


def _model_for(pieces: Sequence[OutfitPiece], models: Sequence[FashionModel], shown: Counter[str]) -> FashionModel:
    """Of the models that an outfit is for, one that wore least so far. Raises `RequestInvalid` where there is none."""
    wearers = [for_whom(piece.product) for piece in pieces]
    gender = next((one.gender for one in wearers if one.gender), "")
    wearer = ForWhom(gender, wearers[0].child)
    fit = [model for model in models if wearer.is_one(model)]
    if not fit or any(one.baby for one in wearers):
        raise RequestInvalid(f"It is for {wearer.words}, and none of the models is one.")
    return min(fit, key=lambda model: shown[model.name])


def _dressed(
    shop: OpenShop, pieces: list[OutfitPiece], model: FashionModel, request: LookbookRequest
) -> tuple[list[OutfitPiece], DressAnswer]:
    """The outfit on the model, without pieces whose photos cannot carry it. Raises where that leaves no outfit."""
    try:
        return pieces, _asked(shop, pieces, model, request)
    except (PhotoRefused, RequestInvalid):
        kept = [piece for piece in pieces if _carries(shop, piece, model)]
        if len(kept) == len(pieces) or len(kept) < 2 or kept[0] is not pieces[0]:
            raise
        return kept, _asked(shop, kept, model, request)


def _carries(shop: OpenShop, piece: OutfitPiece, model: FashionModel) -> bool:
    try:
        cloth_of_product(shop, piece.product.id, model.body, cut=piece.cut)
    except (PhotoRefused, RequestInvalid):
        return False
    return True


def _asked(shop: OpenShop, pieces: Sequence[OutfitPiece], model: FashionModel, request: LookbookRequest) -> DressAnswer:
    ids = [piece.product.id for piece in pieces]
    return dress(shop, DressRequest(model=model.name, products=ids, pose=request.pose, crop=request.crop))


def _look(
    number: int, pieces: Sequence[OutfitPiece], model: FashionModel, answer: DressAnswer, words: Talking
) -> ShownLook:
    return ShownLook(
        number=number,
        picture=f"{number:02}.jpg",
        model=model.name,
        pose=answer.pose,
        score=round(sum(piece.score for piece in pieces[1:]) / max(len(pieces) - 1, 1), 4),
        pieces=[
            LookPiece(
                product_id=piece.product.id,
                title=piece.product.title,
                slot=piece.slot,
                price=price_written(piece.product.price_minor, piece.product.currency, words.code),
                reasons=[_reason(words, one.code, one.text, one.value) for one in piece.reasons],
                codes=[one.code for one in piece.reasons],
            )
            for piece in pieces
        ],
        notes=answer.notes,
    )


def _reason(words: Talking, code: str, text: str, value: float) -> str:
    if code == "bought_together":
        return words.count("reason.bought_together", int(value), seed="")
    if code == "colour_harmony" and words.code == "en":
        return f"{text}."
    return words.say(f"reason.{code}", seed="")
