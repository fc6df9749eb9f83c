"""What a shopper sends in a talk, and what comes back: the shapes of the API, shared by every door."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from bottega.catalogue.filter import Asker
from bottega.names import TALK_ID_MAX, id_text
from bottega.shop.shape import OfProduct, Request, Shape, Upload
from bottega.texts import without_controls

__all__ = [
    "LINE_MAX",
    "AssistantAnswer",
    "AssistantRequest",
    "Button",
    "Language",
    "SaidSource",
    "TalkComparedRow",
    "TalkComparison",
    "TalkId",
    "TalkProduct",
    "Understood",
]

LINE_MAX = 1000
"""Longest line of a shopper, in characters."""
SHOWN_MOST = 24
"""Most products of one turn."""
TalkId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=TALK_ID_MAX, strip_whitespace=True),
    AfterValidator(without_controls),
    BeforeValidator(id_text),
]
Language = Literal["de", "en", "es", "fr", "it"]


class AssistantRequest(Request):
    """One turn of a shopper: a line, a button or a photo, which may have a line with it."""

    EXAMPLES: ClassVar = {
        "A talk begins": {"text": "do you have red dresses under 80?"},
        "It goes on": {"talk_id": "t-Zk3r", "text": "the second one in blue, please", "shopper": "ana"},
        "A button of the answer before": {"talk_id": "t-Zk3r", "button": "more"},
    }

    talk_id: TalkId | None = Field(default=None, description="The talk that it is of; a new one where absent.")
    text: Annotated[str, AfterValidator(without_controls)] = Field(
        default="", max_length=LINE_MAX, description="What the shopper says."
    )
    button: str | None = Field(default=None, max_length=300, description="The `value` of a button of this talk.")
    photo: Upload | None = Field(default=None, description="A photo: find what is on it; `text` may say but what.")
    shopper: Asker = Field(default=None, description="Shopper id, or the anonymous id until log-in.")
    shopper_signature: str | None = Field(
        default=None,
        max_length=200,
        description="Of the shop's server, for a shopper id that is asked for with a publishable key (docs/keys.md).",
    )
    language: Language | None = Field(
        default=None, description="Of the answers; where absent, that of the shopper's lines."
    )
    n: int = Field(default=6, ge=1, le=SHOWN_MOST, description="Most products of a turn.")

    @model_validator(mode="after")
    def _says_something(self) -> AssistantRequest:
        if self.button is not None and (self.text.strip() or self.photo is not None):
            raise ValueError("button comes alone, without text and photo")
        if self.button is None and self.photo is None and not self.text.strip():
            raise ValueError("send text, button or photo")
        return self


class Understood(Shape):
    """One thing that a line was taken to ask for."""

    intent: str = Field(description="As in search, refine, compare, ask, suggest, more, look, closet, order, person.")
    text: str = Field(description="What it is about, in words: what is looked for, what was asked.")
    chance: float = Field(description="How probable it is that this is meant.")


class Button(Shape):
    """A quick reply: shown as its label, sent back as its value."""

    value: str = Field(description="To be sent back as `button`.")
    label: str


class SaidSource(Shape):
    """Where something that was said comes from."""

    kind: Literal["shelf", "listing", "reviews", "policy", "shop", "events", "closet", "photo"]
    text: str = Field(description="As people are told it.")
    product_id: str | None = None


class TalkProduct(OfProduct):
    """One product of the list shown."""

    place: int = Field(description="Its place in the list, from 1.")
    title: str
    price_minor: int | None
    currency: str | None
    price: str = Field(description="As people write it in the language of the talk; empty where there is none.")
    availability: str
    close: bool = Field(default=False, description="Whether it only comes near what was asked for.")
    reasons: list[str] = Field(default_factory=list, description="Why it is there, each a few words.")
    image: str | None = None
    url: str | None = Field(default=None, description="Its page in the shop, for the shopper to open.")


class TalkComparedRow(Shape):
    """One thing in which compared products differ."""

    attribute: str = Field(description="As in the comparison: price, brand, or the name of an attribute.")
    label: str = Field(description="As people call it in the language of the talk.")
    values: list[str] = Field(description="In the order of `product_ids`; empty where nothing says it.")


class TalkComparison(Shape):
    """Products side by side, for a table beside the words."""

    product_ids: list[str]
    titles: list[str]
    rows: list[TalkComparedRow]


class AssistantAnswer(Shape):
    """What the assistant understood, found and says."""

    talk_id: str
    turn: int = Field(description="Lines of the shopper so far.")
    owner: Literal["assistant", "waiting", "person", "closed"] = Field(
        description="Who has the word. Where it is not the assistant, the line was kept and nothing was answered."
    )
    language: str
    understood: list[Understood]
    mood: str = Field(default="plain", description="How the line sounds: plain, annoyed, hurried or joking.")
    text: list[str] = Field(description="What is said, sentence by sentence.")
    products: list[TalkProduct] = Field(default_factory=list, description="The list that the talk now points at.")
    compared: TalkComparison | None = Field(default=None, description="What was compared, where anything was.")
    total: int = Field(default=0, description="Products that are all that was asked for, on all pages.")
    buttons: list[Button] = Field(default_factory=list)
    sources: list[SaidSource] = Field(default_factory=list)
    took_ms: float

    def said(self) -> dict[str, Any]:
        """What is kept of it in the talk."""
        return {
            "understood": [one.model_dump() for one in self.understood],
            "products": [one.product_id for one in self.products],
            "buttons": [one.model_dump() for one in self.buttons],
            "sources": [one.model_dump() for one in self.sources],
        }
