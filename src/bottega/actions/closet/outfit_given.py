"""What an outfit is built around: a product, something from a closet, or what a photo shows, as garments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bottega.actions.closet.garments import Piece, catalogue_garments, look_at_pieces, slots_seen
from bottega.actions.closet.shapes import OutfitRequest
from bottega.catalogue.product import Product
from bottega.errors import NotFound, ProductUnknown, RequestInvalid
from bottega.models.blocks.colours import Colour, name_of
from bottega.models.vision.harmony import COLOURS, colour_row
from bottega.models.vision.outfits import Garments
from bottega.models.vision.slots import SLOTS
from bottega.names import FloatArray
from bottega.shop.open_shop import OpenShop
from bottega.shop.search.index import SearchIndex
from bottega.shop.shelf.product_slots import slot_of_product
from bottega.store.closet import ClosetItem, SeenColour

__all__ = ["Given", "colour_named", "gender_of", "given_closet_item", "given_pieces", "given_product", "hung_up"]

_UNISEX = frozenset({"unisex", "all", "any"})


@dataclass(frozen=True)
class Given:
    """What the outfit is built around, as garments, and who it is for."""

    garments: Garments
    names: list[str]
    """What a sentence calls each."""
    gender: str | None = None
    products: list[str] = field(default_factory=list)


def given_product(shop: OpenShop, index: SearchIndex, product_id: str) -> Given:
    with shop.floor() as floor:
        item = floor.items.code(product_id)
        product = floor.shelf.get(product_id) or next(iter(floor.variants(item) if item >= 0 else []), None)
    if product is None:
        raise ProductUnknown.named(product_id)
    slot = slot_of_product(product)
    if slot is None:
        raise RequestInvalid(
            f"Product {product_id!r} is no garment, as far as its category and title tell.",
            allowed=f"Outfits know {', '.join(SLOTS)}.",
            next_step="Name its kind in the category or in the attribute type.",
        )
    garments = catalogue_garments(shop, index, [product], [slot])
    return Given(garments, [colour_named(garments.colours[0])], gender_of(product), [product.id])


def given_closet_item(shop: OpenShop, index: SearchIndex, request: OutfitRequest) -> Given:
    if request.shopper is None:
        raise RequestInvalid(
            "Field shopper is missing.", allowed="It says whose closet is meant.", next_step="Send it."
        )
    shopper = shop.profile(request.shopper)
    found = [item for item in shop.folder.store.closet.of_shopper(shopper) if item.item_id == request.closet_item]
    if not found:
        raise NotFound(
            f"The closet of {shopper!r} has no item {request.closet_item}.",
            next_step="`bottega closet list` and GET /v1/closet list them.",
        )
    garments, kept = hung_up(index, found)
    if not kept:
        raise RequestInvalid(
            f"Item {request.closet_item} fills no slot of an outfit.", allowed=f"Slots are {', '.join(SLOTS)}."
        )
    seen = found[0].tags.get("attributes", {}).get("gender")
    gender = seen["value"] if seen else None
    return Given(garments, [colour_named(garments.colours[0])], gender.casefold() if gender else None)


def given_pieces(index: SearchIndex, pieces: Sequence[Piece]) -> Given:
    """The garments of a photo. Raises `RequestInvalid` where none of its pieces fills a slot."""
    looks = look_at_pieces(index.eye.load(), pieces)
    slots = slots_seen(pieces, looks, index.eye.heads)
    kept = [row for row, slot in enumerate(slots) if slot is not None]
    if not kept:
        raise RequestInvalid(
            "No garment is seen on the photo.",
            allowed="Outfits are built around clothes, shoes, bags and accessories.",
            next_step="Send another photo, or name the product with product_id.",
        )
    codes = np.array([SLOTS.index(slot) for slot in slots if slot is not None], dtype=np.int32)
    garments = Garments(looks.vectors[kept], _rows([pieces[row].colours for row in kept]), codes)
    return Given(garments, [colour_named(row) for row in garments.colours])


def hung_up(index: SearchIndex, items: Sequence[ClosetItem]) -> tuple[Garments, list[ClosetItem]]:
    """Closet items that fill a slot, as garments; a vector of another eye counts as unknown."""
    filling = [(item, slot) for item in items if (slot := item.tags.get("slot")) in SLOTS and slot is not None]
    kept = [item for item, _ in filling]
    unknown = np.full(index.eye.size, np.nan, dtype=np.float32)
    vectors = [item.vector if item.tags.get("eye") == index.eye.version else unknown for item in kept]
    colours = [[_colour(colour) for colour in item.tags.get("colours", [])] for item in kept]
    slots = np.array([SLOTS.index(slot) for _, slot in filling], dtype=np.int32)
    return Garments(np.stack([*vectors, unknown])[: len(kept)], _rows([*colours, []])[: len(kept)], slots), kept


def colour_named(row: FloatArray) -> str:
    """Name of the main colour of a colour row [C]; empty where nothing is known."""
    return name_of(row[:3]) if np.isfinite(row).all() and row[3] > 0 else ""


def gender_of(product: Product) -> str | None:
    """Whom a product is for, where it says so and it is not everyone."""
    said = next(iter(product.attributes.get("gender", ())), "").casefold()
    return said if said and said not in _UNISEX else None


def _rows(colours: Sequence[Sequence[Colour]]) -> FloatArray:
    unknown = np.full(4 * COLOURS, np.nan, dtype=np.float32)
    return np.stack([colour_row(each) if each else unknown for each in colours])


def _colour(kept: SeenColour) -> Colour:
    light, green_red, blue_yellow = kept["lab"]
    return Colour((light, green_red, blue_yellow), kept["rgb"], kept["share"], kept["name"])
