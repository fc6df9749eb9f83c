"""Outfits: what goes with a product, something from a closet, or what a photo shows; slot by slot, with reasons."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from bottega.actions.closet.garments import catalogue_garments, pieces_of
from bottega.actions.closet.outfit_given import (
    Given,
    colour_named,
    gender_of,
    given_closet_item,
    given_pieces,
    given_product,
    hung_up,
)
from bottega.actions.closet.shapes import (
    OutfitAnswer,
    OutfitReason,
    OutfitRequest,
    OutfitSlot,
    OutfitSuggestion,
    PhotoOutfitRequest,
    Slot,
)
from bottega.catalogue.filter import Filter
from bottega.catalogue.product import Product
from bottega.datasets.photos.reading import read_photo
from bottega.errors import RequestInvalid
from bottega.models.vision.harmony import RELATIONS
from bottega.models.vision.outfits import Garments, Outfits
from bottega.models.vision.slots import COMPLETED_BY, SLOTS
from bottega.names import BoolArray
from bottega.progress import Progress, silent
from bottega.shop.experiments import Tried
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.imposed import LeftRows
from bottega.shop.rules.occasion import Occasion
from bottega.shop.rules.rule import Placement
from bottega.shop.search.index import SearchIndex
from bottega.shop.shelf.shelf import items_with
from bottega.shop.taking_part import taken_part, taking_part
from bottega.store.closet import ClosetItem

__all__ = ["outfit", "outfit_for_photo", "popular_garments"]

SUGGESTED = 3
"""Suggestions for each slot where the request does not say."""
LOOKED_AT = 1500
"""Most products looked at for one slot, the most popular ones."""
READ_AT_ONCE = 500
"""Products read from the store in one query while these are looked for."""
BOUGHT_GAIN, BOUGHT_MOST = 0.5, 1.5
"""Log odds that each doubling of the shoppers who bought both adds, and the most of it."""
TELLING = 0.05
"""Least log odds of a colour relation that is worth naming."""


def outfit(
    shop: OpenShop, request: OutfitRequest, *, look_at_all: bool = False, progress: Progress = silent
) -> OutfitAnswer:
    """What goes with a product or a closet item. With `look_at_all`, every catalogue photo is looked at first.

    Raises `ProductUnknown`, `NotFound`, `RequestInvalid`.
    """
    if (request.product_id is None) == (request.closet_item is None):
        raise RequestInvalid(
            "Neither product_id nor closet_item is given, or both are.",
            allowed="An outfit is built around one product or one item of a closet.",
            next_step="Send one of them; for a photo: `bottega outfit --image`, or POST /v1/outfits/image.",
        )
    started = time.perf_counter()
    index = shop.search_index(look_at_all=look_at_all, progress=progress)
    given = (
        given_product(shop, index, request.product_id)
        if request.product_id is not None
        else given_closet_item(shop, index, request)
    )
    return _completed(shop, index, given, request, started)


def outfit_for_photo(
    shop: OpenShop, request: PhotoOutfitRequest, *, look_at_all: bool = False, progress: Progress = silent
) -> OutfitAnswer:
    """What goes with all that a photo shows. Raises `PhotoRefused`, and `RequestInvalid` where no garment is seen."""
    started = time.perf_counter()
    pieces = pieces_of(read_photo(request.photo.content, name=request.photo.name), shop.models.parse)
    index = shop.search_index(look_at_all=look_at_all, progress=progress)
    return _completed(shop, index, given_pieces(index, pieces), request, started)


def _completed(
    shop: OpenShop,
    index: SearchIndex,
    given: Given,
    request: OutfitRequest | PhotoOutfitRequest,
    started: float,
) -> OutfitAnswer:
    model, now_ms = shop.models.outfits(), time.time_ns() // 1_000_000
    filled = [SLOTS[slot] for slot in given.garments.slots]
    completing = [slot for slot in SLOTS if all(slot in COMPLETED_BY[one] for one in filled)]
    wanted = completing if request.slots is None else [slot for slot in SLOTS if slot in request.slots]
    worn = model.readable(given.garments, index.eye.version)
    mine = []
    if request.own_first and request.shopper is not None:
        mine = shop.folder.store.closet.of_shopper(shop.profile(request.shopper))
    own, own_items = hung_up(index, mine)
    own = model.readable(own, index.eye.version)
    with shop.floor() as floor:
        who, tried = taking_part(shop, floor, "product", request, request.shopper, now_ms)
        left = _left_by_rules(shop, floor, tried, "product", now_ms, given.products)
        products = _candidates(floor, index, given, request, wanted, left)
        together = shop.bought_with(floor, given.products)
    slots = []
    for slot in wanted:
        chosen = products[slot]
        garments = catalogue_garments(shop, index, chosen, [slot] * len(chosen))
        rows = np.flatnonzero(own.slots == SLOTS.index(slot)).astype(np.int32)
        hung = _from_closet(model, given, worn, own.take(rows), [own_items[row] for row in rows])
        sold = _from_shop(model, given, worn, model.readable(garments, index.eye.version), chosen, together, request)
        suggestions = [*hung, *sold]
        slots.append(OutfitSlot(slot=_slot(slot), suggestions=suggestions[: request.n or SUGGESTED]))
    suggested = [one.product_id for slot in slots for one in slot.suggestions if one.product_id is not None]
    return OutfitAnswer(
        given=[_slot(slot) for slot in filled],
        slots=slots,
        experiments=taken_part(shop, tried, who, suggested, now_ms),
        photos_waiting=index.waiting,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _candidates(
    floor: Floor,
    index: SearchIndex,
    given: Given,
    request: OutfitRequest | PhotoOutfitRequest,
    wanted: Sequence[str],
    left: LeftRows | None,
) -> dict[str, list[Product]]:
    """Products that may be shown, of each slot wanted: one of each item, the most popular first."""
    rows, items = _shown(floor, request.filter, left)
    codes = floor.items.codes([*request.exclude_ids, *given.products])
    out = set(codes[codes >= 0].tolist())
    slots = index.slots
    asked = {SLOTS.index(slot) for slot in wanted}
    shown = (next(row for row in floor.shelf.rows_of(item) if rows[row]) for item in _popular(floor, items, out))
    found: dict[str, list[Product]] = {slot: [] for slot in wanted}

    def room(slot: int) -> bool:
        return slot in asked and len(found[SLOTS[slot]]) < LOOKED_AT

    fitting = (row for row in shown if row < len(slots) and room(int(slots[row])))
    # Only as many are read as are looked at; gender, which the shelf does not know, is read with them.
    while (some := list(islice(fitting, READ_AT_ONCE))) and any(len(row) < LOOKED_AT for row in found.values()):
        for row, product in zip(some, floor.shelf.products_at(some), strict=True):
            of_slot = found[SLOTS[slots[row]]]
            if len(of_slot) < LOOKED_AT and _fits(given.gender, gender_of(product)):
                of_slot.append(product)
    return found


def _left_by_rules(
    shop: OpenShop, floor: Floor, tried: Tried, placement: Placement, now_ms: int, anchors: Sequence[str] = ()
) -> LeftRows | None:
    """What filters and hides of the shop leave there; None where they leave everything. `tried`: of experiments."""
    occasion = Occasion(placement, now_ms, anchors=tuple(anchors), switched_on=tried.on, switched_off=tried.off)
    return shop.rules.on(floor).left_on(occasion)


def _shown(floor: Floor, wanted: Filter | None, left: LeftRows | None) -> tuple[BoolArray, BoolArray]:
    """Rows [V] that may be shown and meet a filter, and the items [I] that have one."""
    rows, items = floor.shelf.allowed(wanted)
    if left is None:
        return rows, items
    rows = rows & left.rows
    return rows, items_with(rows, floor.shelf.item, len(floor.items))


def _popular(floor: Floor, items: BoolArray, out: set[int]) -> Iterator[int]:
    return (item for item in floor.by_popularity().tolist() if items[item] and item not in out)


def popular_garments(shop: OpenShop, slots: Sequence[Slot], n: int) -> list[Product]:
    """Up to `n` products that may be shown and fill one of these slots, one of each item, the most popular first."""
    index = shop.search_index()
    asked = {SLOTS.index(slot) for slot in slots}
    with shop.floor() as floor:
        nobody = shop.experiments.of_nobody("home")
        left = _left_by_rules(shop, floor, nobody, "home", time.time_ns() // 1_000_000)
        rows, items = _shown(floor, None, left)
        shown = (next(row for row in floor.shelf.rows_of(item) if rows[row]) for item in _popular(floor, items, set()))
        fitting = (row for row in shown if row < len(index.slots) and int(index.slots[row]) in asked)
        return list(floor.shelf.products_at(list(islice(fitting, n))))


def _from_shop(
    model: Outfits,
    given: Given,
    worn: Garments,
    garments: Garments,
    products: Sequence[Product],
    together: dict[str, int],
    request: OutfitRequest | PhotoOutfitRequest,
) -> list[OutfitSuggestion]:
    bought = np.array([together.get(product.id, 0) for product in products], dtype=np.float32)
    gains = np.minimum(BOUGHT_GAIN * np.log2(1 + bought), BOUGHT_MOST)
    chances = model.score(worn, garments) if len(garments) else bought
    odds = np.log(chances / (1 - chances)) + gains if len(garments) else bought
    best = np.argsort(-odds, kind="stable")[: request.n or SUGGESTED].tolist()
    return [
        OutfitSuggestion(
            product_id=products[row].id,
            score=round(float(1 / (1 + np.exp(-odds[row]))), 4),
            reasons=_reasons(model, given, worn, garments.row(row), float(chances[row]), int(bought[row])),
            product=products[row] if request.return_product else None,
        )
        for row in best
    ]


def _from_closet(
    model: Outfits, given: Given, worn: Garments, garments: Garments, items: list[ClosetItem]
) -> list[OutfitSuggestion]:
    chances = model.score(worn, garments)
    return [
        OutfitSuggestion(
            closet_item=items[place].item_id,
            score=round(float(chances[place]), 4),
            reasons=_reasons(model, given, worn, garments.row(place), float(chances[place]), 0),
        )
        for place in np.argsort(-chances, kind="stable").tolist()
    ]


def _reasons(
    model: Outfits, given: Given, worn: Garments, one: Garments, chance: float, bought: int
) -> list[OutfitReason]:
    """The strongest first: who bought both, the colours, how likely they are worn together."""
    found = []
    if bought:
        shoppers = "1 shopper" if bought == 1 else f"{bought} shoppers"
        found.append(OutfitReason(code="bought_together", text=f"Bought together by {shoppers}", value=bought))
    other = colour_named(one.colours[0])
    told = [(model.relation(worn.row(row), one), name) for row, name in enumerate(given.names) if name and other]
    clear = [(added, relation, name) for (relation, added), name in ((each, name) for each, name in told if each)]
    if clear and max(clear)[0] >= TELLING:
        added, relation, name = max(clear)
        text = f"{other.capitalize()} with {name}: {RELATIONS[relation]}"
        found.append(OutfitReason(code="colour_harmony", text=text, value=round(added, 4)))
    if chance > 0.5:
        found.append(OutfitReason(code="worn_together", text="Such things are worn together", value=round(chance, 4)))
    return found


def _fits(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _slot(name: str) -> Slot:
    assert name in SLOTS
    return name  # type: ignore[return-value]  # one of the words of Slot
