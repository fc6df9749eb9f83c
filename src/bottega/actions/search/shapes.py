"""What a search asks and what it answers: by photo, by words, and by both."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from bottega.catalogue.filter import Asker, Filter, Id, Ids, PriceRange
from bottega.catalogue.product import Product
from bottega.shop.shape import COUNT_MAX, FoundBy, OfProduct, Request, SearchOrder, Shape, Upload

__all__ = [
    "AskedFor",
    "AskedUnit",
    "Box",
    "CompleteAnswer",
    "CompleteRequest",
    "Completion",
    "Facet",
    "FacetValue",
    "Hit",
    "LikeBut",
    "Moved",
    "NearKind",
    "OtherWords",
    "PersonalOrder",
    "PhotoSearchAnswer",
    "PhotoSearchRequest",
    "RegionHits",
    "SearchAnswer",
    "SearchHelp",
    "SearchRequest",
]

TEXT_MAX = 500
"""Longest search text, in characters."""


class _Search(Request):
    n: int | None = Field(
        default=None, ge=1, le=COUNT_MAX, description="Products wanted; the setting `count` if absent."
    )
    filter: Filter | None = None
    exclude_ids: Ids = Field(default_factory=list, description="Products never to show; their variants go with them.")
    return_product: bool = Field(default=False, description="Whether items carry the whole product.")


class PhotoSearchRequest(_Search):
    """Products like those on a photo."""

    photo: Upload
    but: str | None = Field(default=None, max_length=TEXT_MAX, description='What should be different, as in "blue".')
    regions: bool = Field(default=True, description="Whether products are looked for one by one; false: as one.")
    shopper: Asker = Field(
        default=None, description="Who asks, where experiments try rules there: shopper id, or the anonymous id."
    )
    shopper_signature: str | None = Field(
        default=None,
        max_length=200,
        description="Of the shop's server, for a shopper id that is asked for with a publishable key (docs/keys.md).",
    )


class SearchRequest(_Search):
    """Products by words, or like a product but for these words."""

    OLD_NAMES: ClassVar = {"item_id": "product_id"}
    EXAMPLES: ClassVar = {
        "By words": {"text": "red striped shirt", "n": 6},
        "Like this, but blue": {"product_id": "lamp-7", "text": "blue", "n": 6},
        "The second page of red ones, the cheapest first": {
            "text": "shirt",
            "filter": {"attributes": {"color": ["red"]}},
            "sort": "price_up",
            "after": 6,
            "n": 6,
            "facets": True,
        },
        "What this shopper likes first among equals": {"text": "summer dress", "shopper": "ana", "personal": True},
    }

    text: str = Field(default="", max_length=TEXT_MAX, description='As a shopper types it: "red striped shirt".')
    product_id: Id | None = Field(default=None, description="A product: find what is like it, but as `text` says.")
    exact: bool = Field(default=False, description="Whether words are taken as typed: none is read as another.")
    sort: SearchOrder = Field(
        default="relevance",
        description="Order of what is all that was asked for, and of what is close behind it. Without a price: last.",
    )
    after: int = Field(default=0, ge=0, description="The `next` of the page before.")
    facets: bool = Field(default=False, description="Whether the answer counts what the result may be narrowed by.")
    personal: bool = Field(
        default=False,
        description="Whether hits about as good as one another stand as `shopper` is drawn to them; the answer tells.",
    )
    shopper: Asker = Field(default=None, description="With `personal`: shopper id, or the anonymous id until log-in.")
    shopper_signature: str | None = Field(
        default=None,
        max_length=200,
        description="Of the shop's server, for a shopper id that is asked for with a publishable key (docs/keys.md).",
    )


class CompleteRequest(Request):
    """What somebody has typed so far."""

    text: str = Field(max_length=TEXT_MAX, description='The words so far, as in "red sho".')
    n: int = Field(default=8, ge=1, le=50, description="Completions wanted.")


class Completion(Shape):
    """One thing that may be meant."""

    kind: Literal["search", "category", "brand", "product"]
    text: str = Field(description="What to show: words to search for, a name, a title.")
    value: str | None = Field(default=None, description="Category or brand as a filter takes it.")
    count: int | None = Field(default=None, description="Of a category or brand: products that can be shown.")
    product_id: str | None = Field(default=None, description="Of a product.")


class CompleteAnswer(Shape):
    """Completions: searches of the past, categories, brands, then products, each kind the likeliest first."""

    items: list[Completion]
    took_ms: float


class Hit(OfProduct):
    """One product found."""

    rank: int
    score: float = Field(
        description="By photo: cosine. By words: from 0.5 for what is all that was asked for, below for what is close."
    )
    found_by: list[FoundBy] = Field(
        description="Its photo, or the words of its listing; neither where a saved rule alone brought it in."
    )
    rules: list[str] = Field(
        default_factory=list, description="Ids of the saved rules that set it at its place, or multiplied its score."
    )
    product: Product | None = None


class Box(Shape):
    """A rectangle in pixels of the upright photo."""

    left: int
    top: int
    right: int
    bottom: int


class Moved(Shape):
    """One thing that was asked to be otherwise, and what became of it."""

    words: str
    of: Literal["colour", "size", "price", "kind", "attribute"]
    found: int = Field(description="Products of the kind that are so.")
    nearest: list[str] = Field(default_factory=list, description="Where none is: the values nearest to it.")


class LikeBut(Shape):
    """How "like this, but ..." was answered."""

    kind: list[str] = Field(description="What stays: the category from the top, or a word for what the thing is.")
    beyond: list[str] = Field(
        default_factory=list, description="A broader category that was looked in, too, where that one has too little."
    )
    changed: list[Moved] = Field(default_factory=list, description="What moves, each with how many are so.")
    remark: str = Field(default="", description="What is not here, in a sentence; empty where all was found.")


class RegionHits(Shape):
    """One product seen in the photo, and those of the shop that are like it."""

    name: str = Field(
        description="`product`, `photo` (the whole), or a part: `upper`, `outer`, `lower`, `one_piece` ..."
    )
    box: Box
    share: float = Field(description="How much of the photo it covers.")
    frame: int = Field(default=0, description="Of a moving picture: which frame it was seen in, from 0 on.")
    items: list[Hit]
    like: LikeBut | None = Field(default=None, description="With `but`: what stays and what moves.")
    remark: str = Field(
        default="", description="Where the shop has nothing of the kind: that it has not, and what comes closest."
    )


class PhotoSearchAnswer(Shape):
    """Products by region, the largest region first."""

    regions: list[RegionHits]
    unknown_words: list[str] = Field(description="Words of `but` that mean nothing here; they counted for nothing.")
    photos_waiting: int = Field(
        description="Catalogue photos not seen yet; requests that need the eye go on with them."
    )
    experiments: dict[str, str] = Field(
        default_factory=dict,
        description="Experiment -> variant that this shopper has in it (docs/experiments.md). Empty without any.",
    )
    took_ms: float


class AskedUnit(Shape):
    """Words of a search that mean one thing."""

    words: str
    kind: bool = Field(description="Whether it is the thing asked for, rather than what it shall be like.")
    learnt: bool = Field(default=False, description="Whether shoppers' clicks say what it means.")


class AskedFor(Shape):
    """What a search was understood to ask for."""

    units: list[AskedUnit] = Field(default_factory=list, description="What it shall be, word by word or by phrase.")
    without: list[str] = Field(default_factory=list, description='What it shall not be: "without leather".')
    price_from: float | None = Field(default=None, description="Least price, in whole units of the shop's currency.")
    price_to: float | None = Field(default=None, description="Highest price.")
    cheap: bool = Field(default=False, description="Whether the cheaper ones come first.")
    languages: list[str] = Field(default_factory=list, description="Languages that know its words, by code.")


class FacetValue(Shape):
    """One value that products found have."""

    value: str = Field(description="As the filter takes it.")
    label: str
    count: int = Field(description="Products; variants count as one.")
    chosen: bool = Field(description="Whether the filter names it.")
    price_minor: PriceRange | None = Field(default=None, description="Of a range of prices, as the filter takes it.")


class Facet(Shape):
    """A field that the result may be narrowed by: several values of one field are either-or, fields go together.

    Counts are over all that is all that was asked for, under the filter's other conditions.
    """

    name: str = Field(description="`category`, `brand`, `price`, `availability`, or the name of an attribute.")
    attribute: bool = Field(description="Whether it stands in the filter's `attributes`.")
    values: list[FacetValue]


class OtherWords(Shape):
    """Words that find something, where those asked find nothing that is all of it."""

    text: str = Field(description="What to search for.")
    total: int = Field(description="Products that are all that it asks for.")
    changed: str = Field(description="The word that it spells otherwise, or leaves away.")


class NearKind(Shape):
    """A category that comes near what was asked for."""

    value: str = Field(description="As a filter takes it.")
    label: str
    count: int = Field(description="Products in it that can be shown.")


class SearchHelp(Shape):
    """What may help where nothing is all that was asked for."""

    said: list[str] = Field(description="All of it in sentences.")
    spelt: list[OtherWords] = Field(description="The words in the nearest spelling of the shop.")
    left_away: list[OtherWords] = Field(description="What remains when a word, or the price, is left away.")
    kinds: list[NearKind] = Field(description="The nearest categories that the shop has.")
    popular: list[Hit] = Field(description="What most shoppers chose of the nearest category; of all where none is.")


class PersonalOrder(Shape):
    """By what a shopper is drawn to, hits about as good as one another were ordered."""

    shopper: str | None = Field(description="Whose order it is; null where nobody was named.")
    basis: Literal["events", "declared", "nothing known", "no consent"] = Field(
        description="What it rests on; in the last two the order is that of anybody."
    )
    events_known: int
    moved: int = Field(description="Products on this page that stand elsewhere than for anybody.")


class SearchAnswer(Shape):
    """Products, the best first."""

    items: list[Hit]
    total: int = Field(default=0, description="Products, on all pages, that are all that was asked for.")
    close: int = Field(default=0, description="Products on the pages behind them that are close to it.")
    next: int | None = Field(default=None, description="`after` of the next page; null on the last one.")
    facets: list[Facet] = Field(default_factory=list, description="With `facets`: values with their counts.")
    experiments: dict[str, str] = Field(
        default_factory=dict,
        description="Experiment -> variant that this shopper has in it (docs/experiments.md). Empty without any.",
    )
    rules: list[str] = Field(
        default_factory=list, description="Ids of the saved rules that acted on it: docs/rules.md."
    )
    url: str | None = Field(default=None, description="Where a saved rule sends whoever searches for this.")
    close_from: int = Field(
        default=0, description="So many items, the first, are all that was asked for; those behind are close to it."
    )
    help: SearchHelp | None = Field(
        default=None, description="On the first page, where nothing is all that was asked for."
    )
    asked_for: AskedFor = Field(default_factory=AskedFor, description="What the words were understood to ask for.")
    personal: PersonalOrder | None = Field(default=None, description="With `personal`: whose order it is, and why.")
    like: LikeBut | None = Field(default=None, description="With `product_id` and words: what stays and what moves.")
    read_as: dict[str, list[str]] = Field(description="Words that no listing holds, and those taken for them.")
    unknown_words: list[str] = Field(description="Words that mean nothing here; they counted for nothing.")
    photos_waiting: int = Field(
        description="Catalogue photos not seen yet; requests that need the eye go on with them."
    )
    took_ms: float
