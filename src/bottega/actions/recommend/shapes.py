"""What is asked and what is answered: the shapes of the API, shared by every door.

Unknown fields are refused, so that a misspelt rule never passes in silence. Money is in minor units (cents), as in
`Product`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from bottega.catalogue.filter import Asker, Filter, Id, Ids
from bottega.catalogue.product import Product
from bottega.shop.shape import COUNT_MAX, DEVICE, ModelInfo, OfProduct, Request, Shape

__all__ = [
    "AnsweredItem",
    "Boosting",
    "ChallengeRequest",
    "EvaluateAnswer",
    "EvaluateRequest",
    "ExploredPlace",
    "FindingInfo",
    "InterestInfo",
    "Pin",
    "ReasonGroup",
    "ReasonInfo",
    "RecommendAllAnswer",
    "RecommendAllRequest",
    "RecommendationAnswer",
    "RecommendationRequest",
    "SimilarAnswer",
    "SimilarBy",
    "SimilarRequest",
    "TableInfo",
    "TrainRequest",
]


class Boosting(Shape):
    """Scores of the products that match `filter` are multiplied by `multiply`, then `add` is added.

    Scores run from 0 (the worst allowed product) over 0.5 (the middle one) to 1 (the best).
    """

    filter: Filter
    multiply: float = Field(default=1.0, ge=0, le=100, description="From 0 to 100; 1 leaves scores as they are.")
    add: float = Field(default=0.0, ge=-10, le=10, description="From -10 to 10, after `multiply`.")


class Pin(Request):
    """A product that stands at this rank (1 is the top)."""

    OLD_NAMES: ClassVar = {"item_id": "product_id"}

    product_id: Id = Field(description="Any product that can be shown.")
    rank: int = Field(ge=1, le=COUNT_MAX, description="Its place, from 1.")


class RecommendationRequest(Request):
    """A list of products for one place on the site."""

    OLD_NAMES: ClassVar = {"user_id": "shopper", "item_ids": "product_ids"}
    EXAMPLES: ClassVar = {
        "For this shopper": {"placement": "home", "shopper": "ana", "n": 10},
        "Beside a product": {"placement": "product", "product_ids": ["lamp-7"], "n": 6},
        "Within a category, at most 50.00": {
            "placement": "category",
            "shopper": "ana",
            "filter": {"category": ["Lamps"], "price_minor": {"max": 5000}},
        },
    }

    placement: Literal["home", "product", "cart", "category"] = Field(
        default="home",
        description="home: from the shopper's history. product, cart: beside the products in product_ids. "
        "category: within the category that the filter names.",
    )
    shopper: Asker = Field(default=None, description="Shopper id, or the anonymous id the shopper has until log-in.")
    session_id: Asker = Field(default=None, description="The visit; what was done in it counts as the shopper's, too.")
    shopper_signature: str | None = Field(
        default=None,
        max_length=200,
        description="Of the shop's server, for a shopper id that is asked for with a publishable key (docs/keys.md).",
    )
    product_ids: Ids = Field(default_factory=list, description="Anchors: the product shown, or those in the cart.")
    strategy: str | None = Field(
        default=None,
        description="One recommender by name; the default blend where absent. Beside products also upsell (dearer "
        "ones of the same kind) and cross_sell (what goes with them).",
    )
    n: int | None = Field(
        default=None, ge=1, le=COUNT_MAX, description="Products wanted; the setting `count` where absent."
    )
    filter: Filter | None = None
    exclude_ids: Ids = Field(default_factory=list, description="Products never to show; their variants go with them.")
    pin: list[Pin | Id] = Field(
        default_factory=list, max_length=COUNT_MAX, description="Products at fixed ranks; plain ids fill the top."
    )
    boost: list[Boosting] = Field(default_factory=list, max_length=50)
    diversity: float | None = Field(
        default=None, ge=0, le=1, description="Spread of the list; the setting where absent."
    )
    diversity_method: Literal["mmr", "dpp"] | None = Field(
        default=None, description="How the list is spread; the setting where absent."
    )
    novelty: float | None = Field(
        default=None, ge=0, le=1, description="Shift towards less widely known products; the setting where absent."
    )
    price_fit: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Shift towards the price level of the shopper's own purchases; the setting where absent.",
    )
    praise: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Shift towards products that reviews praise; the setting where absent.",
    )
    reason_diversity: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="How seldom one reason is given twice, where others are as true; the setting where absent.",
    )
    exploration: float | None = Field(
        default=None,
        ge=0,
        le=0.5,
        description="Share of the places that is given by chance, to learn from; the setting where absent.",
    )
    max_per_brand: int | None = Field(default=None, ge=1, le=COUNT_MAX, description="At most so many of one brand.")
    max_per_category: int | None = Field(
        default=None, ge=1, le=COUNT_MAX, description="At most so many of one category, the deepest level."
    )
    cutoff: bool = Field(
        default=False,
        description="End the list where products become too unlikely beside the first, as learnt at training.",
    )
    group_by: Literal["item_group_id", "category", "brand", "none"] = Field(
        default="item_group_id",
        description="One product of each group, category or brand; none: variants may stand side by side.",
    )
    strict: bool = Field(
        default=True,
        description="true: every product satisfies the filter and comes from the named strategy, though the list be "
        "short. false: a short list is filled with popular products from outside.",
    )
    explain: bool = Field(default=True, description="Whether items carry reasons.")
    return_product: bool = Field(default=False, description="Whether items carry the whole product.")
    return_interests: bool = Field(default=False, description="Whether the answer says what it takes for interests.")
    validate_only: bool = Field(default=False, description="Check the request and its ids, recommend nothing.")


class ReasonInfo(Shape):
    """Why: a code of docs/api.md, a sentence, and what it rests on."""

    code: str
    text: str
    evidence: list[dict[str, Any]] = Field(
        default_factory=list,
        description="Products of this shopper's history or anchors ({product_id, title, kind, time_ms}), shared "
        "attributes ({attribute}), or a count ({shoppers}; of two products {shoppers, times_by_chance}, and the kinds "
        "where these were counted).",
    )


class ReasonGroup(Shape):
    """Places of a list with one reason, so that a page can say it once, as the title of a row or under the first."""

    reason_group: int = Field(description="The number that its items bear, from 1 in the order of the list.")
    code: str
    text: str = Field(description="What is true of all its products.")
    product_ids: list[str]


class AnsweredItem(OfProduct):
    """One product of a list."""

    rank: int
    score: float
    source: str = Field(
        description="The recommender that contributed most, `popular`, `new`, `pin`, `complement`, `due`, `declared`; "
        "of similar products also `looks` and `same_kind`."
    )
    reasons: list[ReasonInfo] = Field(default_factory=list)
    reason_group: int | None = Field(
        default=None, description="The same number, the same reason: see reason_groups. null without reasons."
    )
    rules: list[str] = Field(
        default_factory=list, description="Ids of the saved rules that set it at its place, or multiplied its score."
    )
    product: Product | None = None


class InterestInfo(Shape):
    """What the shopper is likely to look for next, in words: from what the model scores highest."""

    category: str | None = Field(description="Path of the category; null for products without one.")
    share: float = Field(description="How much of the model's best guesses lies there, 0 to 1.")
    words: list[str] = Field(description="What sets these products apart from the catalogue.")
    searches: list[str] = Field(description="Searches of several shoppers that led to these products.")


class ExploredPlace(Shape):
    """A place that was given by chance: what might have stood there, the best first, and how likely each was."""

    rank: int = Field(description="The place, from 1; the item there is the one that was drawn.")
    product_ids: list[str]
    scores: list[float] = Field(description="Of each, as of an item.")
    propensities: list[float] = Field(description="The chance that each had; 1 together.")


class RecommendationAnswer(Shape):
    """A list with its name, for events to refer to."""

    recommendation_id: str
    items: list[AnsweredItem]
    fallback: str | None = Field(
        description="null, or what stood in: popular (nothing known of this shopper), content (the anchors are newer "
        "than the model), untrained, padded:seen, padded:popular, no_consent (the shopper did not agree to personal "
        "answers: popular, or from the anchors alone), store_unavailable (the database could not be asked about the "
        "shopper: what a stranger gets)."
    )
    missing_ids: list[str] = Field(description="Ids in the request that name no product.")
    left_out: int = Field(default=0, description="Places that `cutoff` left empty.")
    reason_groups: list[ReasonGroup] = Field(
        default_factory=list, description="The reasons of the list, each once. Empty without reasons."
    )
    rules: list[str] = Field(
        default_factory=list, description="Ids of the saved rules that acted on the list: docs/rules.md."
    )
    experiments: dict[str, str] = Field(
        default_factory=dict,
        description="Experiment -> variant that this shopper has in it (docs/experiments.md). Empty without any.",
    )
    explored: list[ExploredPlace] = Field(
        default_factory=list, description="Places that were given by chance (docs/exploration.md). Empty without any."
    )
    interests: list[InterestInfo] | None = Field(
        default=None, description="The shopper's likely interests, strongest first; null where not asked for."
    )
    model: ModelInfo
    took_ms: float


class RecommendAllRequest(Request):
    """A list for every shopper of whom there is an event, as a file."""

    out: Path = Field(description="File to write, ending in .parquet or .csv.")
    n: int | None = Field(
        default=None, ge=1, le=COUNT_MAX, description="Products a list; the setting `count` where absent."
    )
    strategy: str | None = Field(default=None, description="One recommender by name; the default blend where absent.")


class RecommendAllAnswer(Shape):
    """What was written."""

    path: Path
    shoppers: int = Field(description="Shoppers with a list.")
    rows: int = Field(description="Products in all lists.")
    fallbacks: dict[str, int] = Field(description="What stood in, and for how many shoppers.")
    portions: int = Field(description="Parts that the work was cut into.")
    resumed: int = Field(description="How many of them an earlier run had made.")
    seconds: float


SimilarBy = Literal["attributes", "looks", "behaviour"]
"""By what products are like one another; the first is the default at every door."""


class SimilarRequest(Request):
    """Products like one product: by what they are, by how they look, or by who did what with them."""

    OLD_NAMES: ClassVar = {"item_id": "product_id"}
    EXAMPLES: ClassVar = {
        "Like this lamp": {"product_id": "lamp-7", "n": 6},
        "What looks like it": {"product_id": "lamp-7", "by": "looks", "n": 6},
    }

    product_id: Id = Field(description="The product that others are to be like.")
    by: SimilarBy = Field(
        default="attributes",
        description="`attributes`: what they are, by listing and photo; `looks`: their photos alone; `behaviour`: who "
        "looked at or bought one looked at or bought the other.",
    )
    n: int | None = Field(
        default=None, ge=1, le=COUNT_MAX, description="Products wanted; the setting `count` if absent."
    )
    filter: Filter | None = None
    exclude_ids: Ids = Field(default_factory=list, description="Products never to show; their variants go with them.")
    return_product: bool = Field(default=False, description="Whether items carry the whole product.")
    shopper: Asker = Field(
        default=None, description="Who asks, where experiments try rules there: shopper id, or the anonymous id."
    )
    shopper_signature: str | None = Field(
        default=None,
        max_length=200,
        description="Of the shop's server, for a shopper id that is asked for with a publishable key (docs/keys.md).",
    )


class SimilarAnswer(Shape):
    """Products like one product, the most alike first."""

    items: list[AnsweredItem]
    reason_groups: list[ReasonGroup] = Field(default_factory=list, description="The reasons of the list, each once.")
    rules: list[str] = Field(default_factory=list, description="Ids of the saved rules that acted on the list.")
    by: SimilarBy = Field(default="attributes", description="The way that was asked for.")
    fallback: str | None = Field(
        default=None,
        description="What answered where that way knows nothing of the product: `attributes`, or `same_kind` (what is "
        "of its category). Items beyond what the way found have these as their source, too.",
    )
    experiments: dict[str, str] = Field(
        default_factory=dict,
        description="Experiment -> variant that this shopper has in it (docs/experiments.md). Empty without any.",
    )
    took_ms: float


class TrainRequest(Request):
    """Learn a recommender from everything the shop has."""

    model: str = Field(default="blend", description="Which recommender; the default blends all of them.")
    seed: int | None = Field(
        default=None, ge=0, description="Seed of everything random; the setting `seed` where absent."
    )
    device: str = DEVICE


class ChallengeRequest(Request):
    """Train a challenger, judge it, and serve it if it is not worse."""

    model: str | None = Field(default=None, description="Which recommender; that of the model in use where absent.")
    seed: int | None = Field(
        default=None, ge=0, description="Seed of everything random; the setting `seed` where absent."
    )
    device: str = DEVICE


class EvaluateRequest(Request):
    """Train every model on a part of the shop's events and judge it on the rest."""

    split: str = Field(
        default="last", description="'last': each shopper's last product; 'time': everything after one moment."
    )
    models: list[str] | None = Field(
        default=None, description="Names; all there are where absent. The simple ones are always judged."
    )
    html: Path | None = Field(default=None, description="Write the report there, as one HTML file.")
    seed: int | None = Field(
        default=None, ge=0, description="Seed of everything random; the setting `seed` where absent."
    )
    seeds: int = Field(
        default=1, ge=1, le=100, description="Trainings of each model, with seeds from `seed` on; the first is judged."
    )
    device: str = DEVICE
    robustness: bool = Field(default=False, description="Train on corrupted data, too: seven more trainings a model.")
    scalability: bool = Field(
        default=False, description="Train on parts of the shop, too: as long as three more trainings."
    )
    shoppers: int | None = Field(
        default=None, description="Shoppers drawn for robustness and scalability; all where absent."
    )


class FindingInfo(Shape):
    """What the figures mean, in a sentence or two."""

    tone: Literal["good", "caution", "plain"] = Field(description="As hoped, act or beware, worth knowing.")
    text: str


class TableInfo(Shape):
    """Figures as text, ready to print; the first column is the model."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    best: frozenset[tuple[int, int]] = Field(description="Row and column of the best figures.")
    note: str


class EvaluateAnswer(Shape):
    """What came out of an evaluation, and on what it was made; a figure that is not defined is null."""

    split: str
    seed: int
    shop: str
    asked: int = Field(description="Shoppers with a question.")
    items: int = Field(description="Products ranked.")
    events: int = Field(description="Events learnt from.")
    shoppers: int = Field(description="Shoppers learnt from.")
    unseen_targets: float | None = Field(description="Share of right answers that nobody had in training.")
    cuts_ms: list[int] | None = Field(description="The moments of a time split.")
    findings: list[FindingInfo]
    models: list[dict[str, Any]] = Field(description="Figures of each model, the best first.")
    robustness: list[dict[str, Any]]
    scalability: list[dict[str, Any]]
    sampled: int | None = Field(
        description="Shoppers that robustness and scalability were measured on, where those were not all."
    )
    by_seed: list[dict[str, Any]] = Field(
        default_factory=list, description="Accuracy of each model with each seed, where there were several."
    )
    facts: list[tuple[str, str]] = Field(description="On what it was made: label and value.")
    tables: list[TableInfo]
