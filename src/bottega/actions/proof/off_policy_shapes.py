"""Questions and answers about what another way to choose would have earned: light to import, for the doors."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from bottega.catalogue.filter import Filter
from bottega.shop.shape import COUNT_MAX, Request, Shape

__all__ = ["EstimateInfo", "OffPolicyAnswer", "OffPolicyRequest"]


class OffPolicyRequest(Request):
    """What another way to choose would have earned at the places that exploration gave by chance."""

    EXAMPLES: ClassVar = {
        "What exploration costs": {"placement": "home", "choose": "best"},
        "A boost, before anybody sees it": {"placement": "home", "products": {"brand": ["Nord"]}, "multiply": 1.5},
    }

    placement: Literal["home", "product", "cart", "category"] = Field(default="home", description="Of these lists.")
    choose: Literal["best", "popular", "random"] = Field(
        default="best",
        description="Of the candidates of a place: the one that scores best, as without exploration; the one that most "
        "shoppers met; any, all alike.",
    )
    products: Filter | None = Field(default=None, description="Of best: products whose scores are multiplied.")
    multiply: float = Field(default=2.0, ge=0, le=100, description="By how much.")
    rule: str | None = Field(
        default=None, max_length=200, description="Of best: a saved rule that boosts or buries, instead of `products`."
    )
    rank: int | None = Field(default=None, ge=1, le=COUNT_MAX, description="This place alone, from 1; all if absent.")
    measure: Literal["clicks", "carts", "purchases", "revenue"] = Field(
        default="clicks", description="What counts of the product that stood there."
    )
    days: int = Field(default=28, ge=1, le=366, description="Days up to now; of lists that the log still has.")
    window_days: int = Field(
        default=7, ge=1, le=90, description="Days after a click within which a cart or a purchase belongs to it."
    )


class EstimateInfo(Shape):
    """One way to estimate it; per explored place, revenue in major units of the shop's currency."""

    method: Literal["inverse_propensity", "self_normalised", "doubly_robust"]
    value: float
    low: float = Field(description="95%, for one look.")
    high: float


class OffPolicyAnswer(Shape):
    """Estimates, and what they rest on. Estimates are empty where there is too little to say."""

    placement: str
    measure: str
    ranks: list[int] = Field(description="Places that were explored.")
    places: int = Field(description="Explored places whose days are over.")
    shoppers: int = Field(description="Whose they were; a list for nobody in particular counts as one.")
    rewarded: int = Field(description="Of these places, those of which anything came.")
    effective: float = Field(description="How many places the estimate is worth.")
    differs: float = Field(description="Share of the places where the other way would have shown something else.")
    weights: float = Field(description="Mean of the weights: 1, but for chance.")
    as_it_was: EstimateInfo | None = Field(description="What came of what was shown there.")
    estimates: list[EstimateInfo]
    sentence: str
    note: str
    currency: str
