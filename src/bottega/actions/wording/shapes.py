"""What is asked for when texts are written, and what comes back."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from bottega.catalogue.filter import Asker, Ids
from bottega.catalogue.product import ProductId
from bottega.names import EventKind
from bottega.shop.shape import Request, Shape

__all__ = [
    "ChoiceEvent",
    "ChoiceInfo",
    "ClaimInfo",
    "DescribeAnswer",
    "DescribeRequest",
    "DescribedListing",
    "FactInfo",
    "FactQuote",
    "KeywordInfo",
    "LearntFrame",
    "LearntFrames",
    "LearntFramesQuery",
    "PersonalText",
    "RewordRequest",
    "SentenceInfo",
    "SwitchFramesRequest",
    "ToldReviews",
    "WriteTextsRequest",
]

TextTone = Literal["plain", "friendly", "formal", "terse"]
TONE: Any = Field(
    default="plain",
    description="plain speaks to nobody. friendly: du, tu, tú. formal: Sie, vous, usted, Lei. terse: labels, values.",
)
REVIEWS: Any = Field(
    default="none",
    description="What reviews say, as at most two sentences of the description and as bullets: praise, and whether it "
    "runs small or large; all: complaints, too; none. Only what two thirds of at least five who speak of it say.",
)
ToldReviews = Literal["none", "praise", "all"]
Part = Literal["title", "description", "image_alt"]
Channel = Literal["search", "google", "amazon", "ebay", "etsy", "meta"]


class DescribeRequest(Request):
    """Texts for products, from what their listings say."""

    EXAMPLES: ClassVar[dict[str, Any]] = {
        "one product in German": {"product_ids": ["mug-1"], "language": "de"},
        "with keywords": {"product_ids": ["mug-1"], "keywords": ["enamel mug", "dishwasher safe"], "channel": "etsy"},
        "with what reviews say": {"product_ids": ["mug-1"], "reviews": "praise"},
        "for one shopper": {"product_ids": ["mug-1"], "shopper": "ana"},
    }

    product_ids: Ids = Field(default=[], description="Products; none with `all`.")
    all: bool = Field(default=False, description="Every product of the shop.")
    language: str | None = Field(default=None, description="Code of a language, as in de; else the shop's own.")
    channel: Channel = Field(default="google", description="Where the listing is shown: its limits of length hold.")
    keywords: list[str] = Field(
        default=[], max_length=20, description="Words that shall stand in the text, where facts bear them out."
    )
    facts: list[str] = Field(
        default=[], max_length=50, description="Names or keys of facts that the description must say, as in colour."
    )
    tone: TextTone = TONE
    reviews: ToldReviews = REVIEWS
    seed: int = Field(default=0, ge=0, le=2**31, description="Another one, another choice of sentences.")
    rephrase: bool = Field(
        default=False, description="Let the shop's own language model word the description anew, if that is proved."
    )
    explain: bool = Field(default=False, description="Say of each sentence which facts it renders, and where.")
    shopper: Asker = Field(
        default=None,
        description="Whose text: the facts that they lean to stand first, the same facts are said. Shopper id, or the "
        "anonymous id until log-in; of whom nothing is known, the text is everybody's.",
    )
    shopper_signature: str | None = Field(
        default=None,
        max_length=200,
        description="Of the shop's server, for a shopper id that is asked for with a publishable key (docs/keys.md).",
    )
    public: bool = Field(
        default=False,
        description="Whether everybody may see the answer: hidden products are unknown, and what is guessed, "
        "contradicted or refused is left out. Always so with a publishable key.",
    )


class FactQuote(Shape):
    """Words of a review that a count counts."""

    review_id: str
    text: str


class FactInfo(Shape):
    """What is known of a product, and where from."""

    name: str = Field(description="As in colour=Navy Blue.")
    key: str
    value: str
    unit: str = ""
    source: str = Field(description="attribute, accepted, brand, category, title, price, reviews or eye.")
    place: str = Field(default="", description="The attribute that says it.")
    concept: str = Field(default="", description="What the lists of words know it as.")
    quotes: list[FactQuote] = Field(default=[], description="Of a count of reviews: some of those who say it.")


class ClaimInfo(Shape):
    """Characters of a sentence that render facts."""

    start: int
    end: int
    key: str
    facts: list[str]


class SentenceInfo(Shape):
    """One sentence of a text: its frame, and which of its characters render which facts."""

    text: str
    frame: str
    claims: list[ClaimInfo]


class KeywordInfo(Shape):
    """A keyword that was asked for: placed, or why not."""

    keyword: str
    placed: bool
    why: str = Field(description="The facts that bear it out, or the reason why none does.")


class ChoiceEvent(Shape):
    """What the shopper did with another product that has the fact."""

    product_id: str
    kind: EventKind
    time_ms: int


class ChoiceInfo(Shape):
    """A fact that stands first because this shopper leans to it."""

    fact: str = Field(description="Its name, as in material=cotton.")
    key: str
    value: str
    first: bool = Field(
        description="Whether the description says it before every other; else as early as a sentence can."
    )
    why: str = Field(description="In words, in the language of the text.")
    lift: float = Field(description="So many times as likely as for anybody that they turn to it next.")
    declared: bool = Field(description="Whether the shopper said so.")
    products: int = Field(description="Other products with it that they did something with.")
    events: list[ChoiceEvent] = Field(description="The newest of those, one a product.")


class PersonalText(Shape):
    """Whose text it is, and why it is as it is."""

    shopper: str | None = Field(description="The profile; null for an id that names nobody.")
    basis: Literal["events", "declared", "nothing known", "no consent"] = Field(
        description="What is known; with the last two the text is everybody's."
    )
    events_known: int = 0
    choices: list[ChoiceInfo] = Field(
        default=[], description="What the text says first, then the others by how much they are leant to."
    )


class DescribedListing(Shape):
    """All texts of one product in one language."""

    product_id: str
    language: str
    title: str
    bullets: list[str]
    short: str = Field(description="Two sentences.")
    description: str
    alt: str
    advert: str = Field(description="One line of an advertisement.")
    email: str = Field(description="A greeting and one line of a letter.")
    facts: list[FactInfo] = Field(description="Those that the texts claim.")
    offered: list[FactInfo] = Field(default=[], description="What is guessed and not accepted yet; no text claims it.")
    contradictions: list[str] = Field(default=[], description="What cannot all be true, and is not written.")
    keywords: list[KeywordInfo] = Field(default=[], description="What became of each keyword asked for.")
    refused: list[str] = Field(default=[], description="What the proof refused, with the reason; no text holds it.")
    sentences: dict[str, list[SentenceInfo]] | None = Field(default=None, description="With `explain`: by text.")
    personal: PersonalText | None = Field(default=None, description="With `shopper`: what stands first, and why.")


class DescribeAnswer(Shape):
    """The texts, in the order of the products."""

    listings: list[DescribedListing]
    unknown: list[str] = Field(default=[], description="Ids that no product has.")


class RewordRequest(Request):
    """A text of a product, to be said anew."""

    EXAMPLES: ClassVar[dict[str, Any]] = {
        "shorter": {"product_id": "mug-1", "length": "short"},
        "in German": {"product_id": "mug-1", "language": "de"},
    }

    product_id: ProductId = Field(description="Whose text.")
    text: str | None = Field(default=None, max_length=20_000, description="Else the product's description.")
    language: str | None = Field(default=None, description="To write in; else the shop's own.")
    length: Literal["short", "same", "long"] = Field(
        default="same", description="short: two sentences of facts. long: every fact of the product."
    )
    tone: TextTone = TONE
    audience: str | None = Field(default=None, max_length=60, description="Whom it speaks to first, as in children.")
    keywords: list[str] = Field(
        default=[], max_length=20, description="Words that shall stand in it, where facts allow."
    )
    seed: int = Field(default=0, ge=0, le=2**31, description="Another one, another choice of sentences.")


class WriteTextsRequest(Request):
    """Texts of products as suggestions."""

    product_ids: Ids = Field(default=[], description="Products; none with `all`.")
    all: bool = Field(default=False, description="Every product of the shop.")
    language: str | None = Field(default=None, description="Code of a language, as in de; else the shop's own.")
    parts: list[Part] = Field(default=["description", "image_alt"], description="Which texts.")
    only_empty: bool = Field(default=True, description="Only where the product says nothing yet.")
    tone: TextTone = TONE
    reviews: ToldReviews = REVIEWS
    seed: int = Field(default=0, ge=0, le=2**31, description="Another one, another choice of sentences.")


class LearntFramesQuery(Request):
    """Which of the shop's own frames."""

    off: bool | None = Field(default=None, description="Those switched off alone, or those in use alone; else all.")


class SwitchFramesRequest(Request):
    """Frames to use no longer, or again."""

    EXAMPLES: ClassVar[dict[str, Any]] = {"one that is not wanted": {"off": ["mined-1c8f00a2"]}}

    off: list[str] = Field(default=[], max_length=200, description="Ids of frames that no text is written with.")
    on: list[str] = Field(default=[], max_length=200, description="Ids of frames to write with again.")


class LearntFrame(Shape):
    """A sentence that listings share, with slots where their facts stood."""

    id: str
    roles: list[str] = Field(description="Where in a text it may stand: open, more or bullet.")
    pattern: str = Field(description="As in {colour:adj} {kind} for {people:for}.")
    noun_classes: list[str] = Field(description="Classes of nouns that it goes with, as the language's file has them.")
    example: str = Field(description="A sentence that it was drawn from.")
    listings: list[str] = Field(description="Products whose listings say it, the first of them.")
    support: int = Field(description="How many listings say it.")
    groups: int = Field(description="How many things they are, variants of a title counted once.")
    proved_for: int = Field(description="Other products that it was filled for and proved.")
    off: bool


class LearntFrames(Shape):
    """The shop's own frames, those with most support first."""

    language: str = Field(description="Of the listings that they are from; empty where nothing was learnt.")
    version: str = Field(description="Of what was learnt; empty where nothing was.")
    frames: list[LearntFrame]
