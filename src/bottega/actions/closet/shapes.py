"""What a closet and an outfit are asked, and what they answer: the shapes of the API, shared by every door."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, computed_field

from bottega.actions.search.shapes import Box, Hit
from bottega.actions.vision.shapes import ColourInfo, GuessInfo
from bottega.catalogue.filter import Asker, Filter, Id, Ids, Somebody
from bottega.catalogue.product import Product
from bottega.names import NUMBER_MAX
from bottega.shop.shape import COUNT_MAX, DEVICE, Request, Shape, Upload

__all__ = [
    "ClosetAnswer",
    "ClosetEntry",
    "ClosetQuery",
    "ClosetRemoval",
    "ClosetRequest",
    "OutfitAnswer",
    "OutfitReason",
    "OutfitRequest",
    "OutfitSlot",
    "OutfitSuggestion",
    "PhotoOutfitRequest",
    "RemovedAnswer",
    "Slot",
    "TrainOutfitsRequest",
]

Slot = Literal["top", "bottom", "one-piece", "outer", "shoes", "bag", "accessory"]


class ClosetRequest(Request):
    """Photos that go into a shopper's closet."""

    OLD_NAMES: ClassVar = {"user_id": "shopper"}

    shopper: Somebody = Field(description="Whose closet; an anonymous id until log-in.")
    photos: list[Upload] = Field(min_length=1)
    keep_photo: bool = Field(
        default=False, description="Whether the photo itself is kept, without its metadata. Else only what was seen."
    )
    n: int | None = Field(default=None, ge=1, le=COUNT_MAX, description="Products like each item; 3 where absent.")


class ClosetQuery(Request):
    """What hangs in a shopper's closet."""

    OLD_NAMES: ClassVar = {"user_id": "shopper"}

    shopper: Somebody = Field(description="Shopper id, or the anonymous id.")
    n: int = Field(default=3, ge=1, le=COUNT_MAX, description="Products like each item.")


class ClosetEntry(Shape):
    """One thing that hangs in a closet."""

    closet_item: int = Field(description="Its number.")
    photo: str = Field(description="Name of the photo it was seen on.")
    kept: bool = Field(description="Whether the photo itself is kept.")
    box: Box
    part: str = Field(description="As in `upper`, `lower`, `shoes`; `product` on a plain background.")
    slot: Slot | None = Field(description="Its place in an outfit; null where that cannot be told.")
    tags: dict[str, GuessInfo] = Field(description="Attribute -> value and confidence.")
    colours: list[ColourInfo]
    time_ms: int
    like: list[Hit] = Field(default_factory=list, description="Products of the shop that are most like it.")

    @computed_field(  # type: ignore[prop-decorator]  # mypy knows no decorated property
        description="`closet_item` by its old name, for this version.", json_schema_extra={"deprecated": True}
    )
    @property
    def item_id(self) -> int:
        return self.closet_item


class ClosetAnswer(Shape):
    """Things in a closet, the newest first."""

    shopper: str
    items: list[ClosetEntry]
    refused: dict[str, str] = Field(default_factory=dict, description="Photos that could not be read, and why.")
    took_ms: float


class ClosetRemoval(Request):
    """Things to take out of a closet."""

    OLD_NAMES: ClassVar = {"user_id": "shopper", "item_ids": "closet_items"}
    EXAMPLES: ClassVar = {"One item": {"shopper": "ana", "closet_items": [7]}}

    shopper: Somebody = Field(description="Whose closet.")
    closet_items: list[Annotated[int, Field(ge=0, le=NUMBER_MAX)]] = Field(
        min_length=1, max_length=1000, description="Numbers of the things, as the closet lists them."
    )


class RemovedAnswer(Shape):
    """What was taken out."""

    shopper: str
    removed: list[int]
    photos_deleted: int = Field(description="Kept photos that no item needed any more.")


class _Outfit(Request):
    OLD_NAMES: ClassVar = {"user_id": "shopper"}

    slots: list[Slot] | None = Field(default=None, description="Slots to fill; all that complete it where absent.")
    n: int | None = Field(default=None, ge=1, le=50, description="Suggestions for each slot; 3 where absent.")
    filter: Filter | None = None
    exclude_ids: Ids = Field(default_factory=list, description="Products never to show.")
    shopper: Asker = Field(default=None, description="The shopper, for `closet_item`, `own_first`, and experiments.")
    own_first: bool = Field(default=False, description="Whether the shopper's own closet comes first in each slot.")
    return_product: bool = Field(default=False, description="Whether suggestions carry the whole product.")


class OutfitRequest(_Outfit):
    """What goes with a product, or with something in the shopper's closet."""

    OLD_NAMES: ClassVar = {"user_id": "shopper", "item_id": "product_id"}
    EXAMPLES: ClassVar = {
        "With this product": {"product_id": "shirt-3", "n": 3},
        "With something of mine": {"shopper": "ana", "closet_item": 7, "own_first": True},
    }

    product_id: Id | None = Field(default=None, description="A product.")
    closet_item: int | None = Field(
        default=None, ge=0, le=NUMBER_MAX, description="An item of the closet of `shopper`."
    )


class PhotoOutfitRequest(_Outfit):
    """What goes with what a photo shows."""

    photo: Upload


class OutfitReason(Shape):
    """Why: a code of docs/closet.md, a sentence, and the number behind it."""

    code: Literal["colour_harmony", "worn_together", "bought_together"]
    text: str
    value: float = Field(description="Log odds that colours add; probability worn together; shoppers who bought both.")


class OutfitSuggestion(Shape):
    """One thing that would go with it: a product, or an item of the shopper's closet."""

    product_id: str | None = None
    closet_item: int | None = None
    score: float = Field(description="Probability to be worn with it, against one of its slot picked at random.")
    reasons: list[OutfitReason]
    product: Product | None = None

    @computed_field(  # type: ignore[prop-decorator]  # mypy knows no decorated property
        description="`product_id` by its old name, for this version.", json_schema_extra={"deprecated": True}
    )
    @property
    def item_id(self) -> str | None:
        return self.product_id


class OutfitSlot(Shape):
    """One place of the outfit."""

    slot: Slot
    suggestions: list[OutfitSuggestion]


class OutfitAnswer(Shape):
    """An outfit around one or more things: those given, and what completes them."""

    given: list[Slot] = Field(description="Slots of what was given.")
    slots: list[OutfitSlot]
    photos_waiting: int = Field(description="Catalogue photos not looked at yet; later requests go on with them.")
    experiments: dict[str, str] = Field(
        default_factory=dict,
        description="Experiment -> variant that this shopper has in it (docs/experiments.md). Empty without any.",
    )
    took_ms: float


class TrainOutfitsRequest(Request):
    """Learn what goes with what from the shop's own orders."""

    seed: int | None = Field(
        default=None, ge=0, description="Seed of everything random; the setting `seed` where absent."
    )
    device: str = DEVICE
