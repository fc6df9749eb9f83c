"""What a list shall be like: the request's and the merchant's rules, with the shop's settings where they say nothing.

Selection and filling see these alone, so that a verb which wants a plain list says what it wants and no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from bottega.actions.recommend.shapes import Boosting, Pin, RecommendationRequest
from bottega.catalogue.filter import Filter
from bottega.models.recommend.answering.pool import Within
from bottega.models.recommend.last_mile.dials import Dials
from bottega.names import BoolArray
from bottega.settings import ShopSettings
from bottega.shop.floor import CROSS_SELL, DEFAULT_STRATEGY, SELLING, Floor
from bottega.shop.rules.imposed import Imposed
from bottega.shop.shelf.shelf import items_with

__all__ = ["ListRules"]


@dataclass(frozen=True)
class ListRules:
    """Rules of one list. As they stand, every product of the catalogue may be shown and the best `count` are."""

    count: int
    filter: Filter | None = None
    exclude_ids: list[str] = field(default_factory=list)
    pins: list[tuple[str, int]] = field(default_factory=list)
    """Product ids with their places, from 0."""
    boosts: list[Boosting] = field(default_factory=list)
    dials: Dials = field(default_factory=Dials)
    limits: dict[str, int] = field(default_factory=dict)
    """Brand, category -> how many of one the list may hold."""
    variants_apart: bool = False
    """Whether variants of one item may stand side by side."""
    for_cart: bool = False
    """Whether the anchors lie in a cart, where complements are wanted."""
    cutoff: bool = False
    """Whether the list ends where products become too unlikely."""
    strict: bool = True
    """Whether nothing comes in from outside the filter and the model, though the list be short."""
    named: bool = False
    """Whether one recommender was asked for instead of the default: its list is neither cut nor mixed."""
    saved: Imposed | None = None
    """What the merchant's saved rules impose on it."""
    sold: BoolArray | None = None
    """Products [V] that an upsell or a cross-sell may hold; None: it is neither."""
    exploration: float = 0.0
    """The share of its places that is given by chance."""

    @classmethod
    def of(
        cls,
        request: RecommendationRequest,
        settings: ShopSettings,
        saved: Imposed | None = None,
        *,
        explores: bool = False,
        sold: BoolArray | None = None,
    ) -> Self:
        """The rules of a request to a shop with these settings. `explores`: whether places may be given by chance, as
        they are nowhere but in lists of the default strategy without limits. `sold`: see there."""
        asked = {"brand": request.max_per_brand, "category": request.max_per_category}
        if request.group_by in asked:
            asked[request.group_by] = 1
        limits = {kind: most for kind, most in asked.items() if most is not None}
        sells = request.strategy in SELLING
        named = request.strategy not in (None, DEFAULT_STRATEGY) and not sells
        apart = request.group_by == "none"
        plain = explores and not (limits or named or sells or apart or request.cutoff)
        return cls(
            count=request.n or settings.count,
            filter=request.filter,
            exclude_ids=request.exclude_ids,
            pins=[
                (wish.product_id, wish.rank - 1) if isinstance(wish, Pin) else (wish, place)
                for place, wish in enumerate(request.pin)
            ],
            boosts=request.boost,
            dials=Dials(
                diversity=_or(request.diversity, settings.diversity),
                novelty=_or(request.novelty, settings.novelty),
                price_fit=_or(request.price_fit, settings.price_fit),
                praise=_or(request.praise, settings.praise),
                method=request.diversity_method or settings.diversity_method,
            ),
            limits=limits,
            variants_apart=apart,
            for_cart=request.placement == "cart" or request.strategy == CROSS_SELL,
            cutoff=request.cutoff,
            strict=request.strict,
            named=named,
            saved=saved,
            sold=sold,
            exploration=_or(request.exploration, settings.exploration) if plain else 0.0,
        )

    @property
    def all_pins(self) -> list[tuple[str, int, str]]:
        """Products with their places, and the saved rule that sets them there; those of the request first."""
        own = [(name, place, "") for name, place in self.pins]
        return own if self.saved is None else own + self.saved.pins

    def within(self, floor: Floor, wanted: Filter | None) -> tuple[BoolArray, Within]:
        """Products [V] that may be shown, meet a filter and are left by saved rules, and the items that have one."""
        rows, within = floor.within(wanted)
        if self.saved is not None:
            rows, within = self.saved.within(rows, within)
        if self.sold is not None:
            rows = rows & self.sold
            within = Within(items_with(rows, floor.shelf.item, len(floor.items)))
        return rows, within


def _or(asked: float | None, usual: float) -> float:
    return usual if asked is None else asked
