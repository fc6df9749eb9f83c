"""What the eye is asked and answers: tags of photos, suggestions for products, and its training."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from bottega.catalogue.filter import Ids
from bottega.names import NUMBER_MAX
from bottega.shop.shape import DEVICE, Request, Shape, Upload

__all__ = [
    "DECISIONS_MAX",
    "CatalogueTags",
    "ColourInfo",
    "DecisionAnswer",
    "DecisionInfo",
    "DecisionRequest",
    "DecisionsAnswer",
    "DecisionsRequest",
    "Doubt",
    "EvaluateVisionAnswer",
    "EvaluateVisionRequest",
    "GuessInfo",
    "JudgedModel",
    "Left",
    "LeftOutModel",
    "PhotoAnswer",
    "SuggestedValue",
    "SuggestionInfo",
    "SuggestionPage",
    "SuggestionQuery",
    "TagAnswer",
    "TagCatalogueRequest",
    "TagInfo",
    "TagRequest",
    "TrainVisionRequest",
    "UnknownInfo",
]

DECISIONS_MAX = 10_000
"""Most suggestions decided on by number in one request."""


class TagRequest(Request):
    """What do these photos show?"""

    photos: list[Upload] = Field(min_length=1)


class GuessInfo(Shape):
    """A value and how probable it is."""

    value: str
    confidence: float = Field(description="Calibrated: of values at 0.8, eight in ten are right.")


class TagInfo(GuessInfo):
    """What one head of the eye says."""

    head: str = Field(description="As in category, subcategory, type, gender, color or usage.")
    others: list[GuessInfo] = Field(description="The next best values of some weight.")


class UnknownInfo(Shape):
    """What the photo does not tell."""

    head: str
    why: str
    guesses: list[GuessInfo]


class ColourInfo(Shape):
    """One of the product's colours, measured in its pixels."""

    name: str
    rgb: str = Field(description="As in `#1f2a44`.")
    lab: tuple[float, float, float] = Field(description="CIE Lab, light D65.")
    share: float = Field(description="Of the product's pixels.")


class PhotoAnswer(Shape):
    """What one photo shows."""

    photo: str = Field(description="Name of the photo, as it was sent.")
    refused: str | None = Field(default=None, description="Why it could not be read at all; everything else is empty.")
    photo_kind: GuessInfo | None = Field(default=None, description="Kind of photo: a product, worn, street, or none.")
    product_photo: bool = Field(default=False, description="false: no product is seen, so there are no tags.")
    why_not: str | None = None
    tags: list[TagInfo] = Field(default_factory=list)
    unknown: list[UnknownInfo] = Field(default_factory=list)
    colours: list[ColourInfo] = Field(default_factory=list, description="The largest share first.")
    words: list[GuessInfo] = Field(default_factory=list, description="Words a shopper would likely search it by.")
    same_picture_as: list[str] = Field(default_factory=list, description="Products of the catalogue that show it.")


class TagAnswer(Shape):
    """What the photos show, in the order they came."""

    photos: list[PhotoAnswer]
    eye: str = Field(description="Version of the eye that looked.")
    took_ms: float


class SuggestionInfo(Shape):
    """One value for one attribute of one product."""

    number: int
    kind: Literal["fill", "doubt", "text", "picture"] = Field(
        description="fill: the attribute is empty. doubt: its value looks wrong. text: written from facts. "
        "picture: a better main picture, a path in the shop's images folder."
    )
    product_id: str
    title: str = Field(description="The product's; empty when the product is gone.")
    attribute: str
    value: str = Field(description="What is suggested; a category is a path, as in `Apparel > Topwear > Shirts`.")
    present: str | None = Field(description="What the product says, for a doubt.")
    confidence: float
    state: Literal["open", "accepted", "rejected", "withdrawn"]
    facts: list[str] | None = Field(default=None, description="Names of the facts that a text claims.")
    diff: list[str] | None = Field(default=None, description="Words that a text takes out (-) and puts in (+).")
    batch: int | None = Field(default=None, description="The decision that it was part of.")
    version: str = Field(description="The eye that suggests it.")


class SuggestedValue(Shape):
    """One value, and for how many products it is suggested."""

    attribute: str
    value: str
    count: int


class SuggestionPage(Shape):
    """One page of suggestions."""

    suggestions: list[SuggestionInfo]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")
    total: int = Field(description="How many of this state the whole question finds, on all pages.")
    values: list[SuggestedValue] = Field(description="Of these, the values that come most often.")
    counts: dict[str, int] = Field(description="How many there are of each kind and state, as in `fill open`.")


SuggestedFor: Any = Field(default=None, max_length=1000, description="Only for these products.")
SuggestedAttribute: Any = Field(default=None, max_length=200, description="Only for this attribute, as in `color`.")
SuggestedAs: Any = Field(default=None, max_length=1000, description="Only this value, as it is suggested.")
LessSure: Any = Field(default=None, ge=0, le=1, description="Only what is less sure than this.")


class SuggestionQuery(Request):
    """Suggestions of one state, a page at a time."""

    OLD_NAMES: ClassVar = {"limit": "n"}
    EXAMPLES: ClassVar = {"What was accepted as red": {"state": "accepted", "attribute": "color", "value": "red"}}

    state: Literal["open", "accepted", "rejected", "withdrawn"] = Field(
        default="open", description="What became of them; a text is withdrawn when a fact of it has changed."
    )
    kind: Literal["fill", "doubt", "text", "picture"] | None = Field(
        default=None,
        description="Empty attributes, labels that look wrong, texts written from facts, or better main pictures.",
    )
    product_ids: Ids | None = SuggestedFor
    attribute: str | None = SuggestedAttribute
    value: str | None = SuggestedAs
    above: float | None = Field(default=None, ge=0, le=1, description="Only what is at least this sure.")
    below: float | None = LessSure
    batch: int | None = Field(default=None, ge=1, le=NUMBER_MAX, description="Only what this decision decided.")
    n: int = Field(default=50, ge=1, le=1000, description="At most so many.")
    after: str | None = Field(default=None, max_length=60, description="The `next` of the page before.")


class DecisionRequest(Request):
    """The same decision on many suggestions: those of these numbers, or all open ones that are meant: by how sure they
    are, by product, by attribute, by value.

    `undo` takes decisions back: by numbers, by the `batch` that the answer to them named, or all of a `state` that are
    meant.
    """

    EXAMPLES: ClassVar = {
        "Accept two": {"decision": "accept", "numbers": [3, 4]},
        "Take two decisions back": {"decision": "undo", "numbers": [3, 4]},
        "Take back all that was accepted as red": {
            "decision": "undo",
            "state": "accepted",
            "attribute": "color",
            "value": "red",
        },
    }

    decision: Literal["accept", "reject", "undo"] = Field(description="What is decided.")
    numbers: Annotated[
        list[Annotated[int, Field(ge=0, le=2**53)]],
        Field(default=[], max_length=DECISIONS_MAX, description="Of open suggestions."),
    ]
    above: float | None = Field(default=None, ge=0, le=1, description="Every open one at least this sure.")
    kind: Literal["fill", "doubt", "text", "picture"] | None = Field(
        default=None,
        description="Of these, only empty attributes (fill), labels that look wrong (doubt), texts, or pictures.",
    )
    product_ids: Ids | None = SuggestedFor
    attribute: str | None = SuggestedAttribute
    value: str | None = SuggestedAs
    below: float | None = LessSure
    batch: int | None = Field(
        default=None, ge=1, le=2**53, description="With undo: everything that this decision decided."
    )
    state: Literal["accepted", "rejected"] | None = Field(
        default=None, description="With undo and neither numbers nor a batch: what was decided, of all that are meant."
    )


class Left(Shape):
    """A suggestion that was left as it is."""

    number: int
    why: str


class DecisionAnswer(Shape):
    """What became of a decision."""

    decided: int
    written: int = Field(description="Products that have a new value now, or their old one again.")
    left: list[Left]
    batch: int | None = Field(default=None, description="Number of this decision, by which it can be undone whole.")
    kept: list[Left] = Field(default=[], description="Undone, but the product keeps a value that is its own by now.")


class DecisionsRequest(Request):
    """Decisions on suggestions that nobody took back, the newest first."""

    n: int = Field(default=20, ge=1, le=200, description="At most so many decisions.")
    before: int | None = Field(default=None, ge=1, le=NUMBER_MAX, description="The `next` of the page before.")


class DecisionInfo(Shape):
    """What is left of one decision."""

    batch: int = Field(description="By which all of it can be undone.")
    at: str = Field(description="ISO 8601, UTC.")
    state: Literal["accepted", "rejected", "withdrawn"] = Field(description="What became of most of it.")
    count: int = Field(description="Suggestions that stand as it left them.")
    parts: dict[str, int] = Field(description="Of each attribute so many; of texts and pictures of each kind.")


class DecisionsAnswer(Shape):
    """One page of decisions."""

    decisions: list[DecisionInfo]
    next: int | None = Field(description="`before` of the next page; null at the end.")


class TrainVisionRequest(Request):
    """Go on from the shipped eye with the shop's pictures, categories and attributes."""

    seed: int | None = Field(
        default=None, ge=0, description="Seed of everything random; the setting `seed` where absent."
    )
    device: str = DEVICE


class EvaluateVisionRequest(Request):
    """Judge the models that see, on a folder of photos of which the truth is known."""

    data: Path = Field(description="Folder with fashion/ (styles.csv, images/), parsing/ (photos/, masks/), or both.")
    sample: int | None = Field(default=None, ge=1, description="Photos of each kind at most; all where absent.")
    whole: bool = Field(
        default=False, description="Every photo, for a folder that no model learnt from; else those kept from training."
    )


class JudgedModel(Shape):
    """What one model in use can do."""

    ability: str
    version: str
    origin: Literal["own", "shipped"]
    measures: dict[str, Any] = Field(description="Figures by name; null where one is not defined.")
    seconds: float = Field(description="How long judging took, reading and looking included.")


class LeftOutModel(Shape):
    """A model that could not be judged here."""

    ability: str
    why: str


class EvaluateVisionAnswer(Shape):
    """How well the models in use see."""

    data: Path
    models: list[JudgedModel]
    left_out: list[LeftOutModel]


class TagCatalogueRequest(Request):
    """Look at every product's main picture."""


class Doubt(Shape):
    """A label that the picture speaks against."""

    product_id: str
    title: str
    attribute: str
    present: str
    proposed: str
    confidence: float = Field(
        description="Probability of the proposed value, by models that never saw this product's line."
    )
    log_odds: float = Field(description="Of the present value against the proposed one; the lower the worse.")


class CatalogueTags(Shape, frozen=False):
    """What came of it. Every product is in exactly one of `looked`, `without_photo` and `unreadable`."""

    version: str
    products: int = 0
    looked: int = 0
    without_photo: int = 0
    unreadable: dict[str, str] = Field(default={}, description="Product id -> what is wrong with its picture.")
    no_product: int = Field(default=0, description="Of those looked at, photos on which the eye sees no product.")
    empty: dict[str, int] = Field(default={}, description="Attribute -> products with a photo that say nothing of it.")
    filled: dict[str, int] = Field(
        default={}, description="Attribute -> values suggested for those, open or decided on."
    )
    added: int = Field(default=0, description="Suggestions that were not there before.")
    withdrawn: int = Field(default=0, description="Open ones that hold no longer.")
    open: int = 0
    doubts: list[Doubt] = Field(default=[], description="The worst first; those that somebody rejected are left out.")
    doubts_file: Path | None = None
    seconds: float = 0.0
