"""What is asked about letters, and what comes back."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from bottega.actions.wording.shapes import ChoiceInfo
from bottega.catalogue.filter import Somebody
from bottega.shop.segments.names import SEGMENT_HELP, SEGMENTS_MOST, SegmentName
from bottega.shop.shape import Request, Shape

__all__ = [
    "Letter",
    "LetterKind",
    "LetterProduct",
    "LetterReason",
    "LetterResult",
    "LettersAnswer",
    "LettersRequest",
    "LettersRun",
    "PreviewAnswer",
    "PreviewRequest",
    "SendAnswer",
    "SendRequest",
    "SentKind",
    "UnsubscribeAnswer",
    "UnsubscribeRequest",
]

LetterKind = Literal["welcome", "cart", "again", "back", "price", "next"]


class LetterReason(Shape):
    """Why a product stands in a letter: a sentence, and the event of the shopper that it rests on."""

    text: str
    product_id: str | None = Field(default=None, description="Of the event; null where it rests on none.")
    event: str | None = Field(default=None, description="Kind of the event, as in view.")
    time_ms: int | None = None


class LetterProduct(Shape):
    """One product of a letter."""

    product_id: str
    title: str = Field(description="As the merchant wrote it.")
    about: str = Field(description="One or two sentences that its facts bear out; empty where there are none.")
    choices: list[ChoiceInfo] = Field(
        default=[], description="What of that stands first or early because this shopper leans to it, and why."
    )
    price: str = Field(description="In the shopper's language, as in 10,90 €; empty without a price.")
    url: str | None = Field(description="With the name of the letter in it, so that what follows is counted.")
    image: str | None
    reasons: list[LetterReason]


class Letter(Shape):
    """One letter to one shopper."""

    letter_id: str
    kind: LetterKind
    shopper: str
    to: str | None = Field(description="The shopper's e-mail address; null where none is known.")
    language: str
    subject: str
    greeting: str
    lead: str
    products: list[LetterProduct]
    unsubscribe_url: str
    text: str = Field(description="The letter as plain text.")
    html: str = Field(description="The same as simple HTML.")


class PreviewRequest(Request):
    """The letter of one kind that a shopper would get."""

    EXAMPLES: ClassVar[dict[str, Any]] = {"what is left in the cart": {"shopper": "ana", "kind": "cart"}}

    shopper: Somebody = Field(description="Shopper id, anonymous id or session id.")
    kind: LetterKind = Field(default="cart", description="What it is about.")


class PreviewAnswer(Shape):
    """A letter as it would be sent; nothing is sent, and nothing written down."""

    shopper: str
    kind: LetterKind
    letter: Letter | None = Field(description="null where there is nothing to write about.")
    due: bool = Field(description="Whether it would go out now.")
    why_not: str = Field(
        description="nothing_to_say, no_consent, no_address, quiet_hours, enough_written, not_yet (its time has not "
        "come, it was sent before, or another kind goes first), or empty."
    )


class SendRequest(Request):
    """Write to everybody who is due a letter now."""

    dry_run: bool = Field(default=False, description="Say who would be written to; send nothing, write nothing down.")
    counts_only: bool = Field(default=False, description="Name nobody in the answer, as runs by schedule do.")
    segments: list[SegmentName] = Field(
        default_factory=list,
        max_length=SEGMENTS_MOST,
        description=f"Only to shoppers of any of these; all where empty. {SEGMENT_HELP}",
    )
    kind: LetterKind | None = Field(
        default=None,
        description="This kind alone, though its time has not come; of one cause nobody is written to twice even so.",
    )


class LetterResult(Shape):
    """What became of one letter."""

    letter_id: str
    shopper: str
    kind: LetterKind
    subject: str
    result: Literal["sent", "would_send", "sent_before", "failed"]
    error: str = Field(default="", description="What the mail server or the webhook answered.")


class SendAnswer(Shape):
    """What was sent. Run again at once, it sends nothing twice."""

    shoppers: int = Field(description="How many agreed to be written to.")
    sent: int = Field(description="Letters that were taken; in a dry run those that would be sent.")
    failed: int = Field(description="Letters that nobody took.")
    kinds: dict[str, int] = Field(description="Those sent, by kind.")
    held_back: dict[str, int] = Field(description="How many were not written to, by why not.")
    failures: list[str] = Field(description="What the mail server or the webhook answered, without addresses.")
    letters: list[LetterResult] = Field(description="Each letter; none with counts_only.")
    seconds: float


class LettersRequest(Request):
    """What letters led to."""

    days: int = Field(default=30, ge=1, le=3650, description="Of the last so many days.")


class SentKind(Shape):
    """Letters of one kind, and the events that name one of them as where they came from."""

    kind: LetterKind
    sent: int
    clicked: int = Field(description="Letters that any event of the shopper names.")
    purchased: int = Field(description="Letters that a purchase of the shopper names.")
    purchases: int = Field(description="Purchases that name one, those taken back not counted.")


class LettersRun(Shape):
    """The last job that sent letters, by schedule or asked for."""

    number: int = Field(description="Of the job.")
    state: str = Field(description="running, done, failed, cancelled, or waiting: handed back.")
    started_ms: int = Field(description="UTC")
    ended_ms: int | None = Field(description="UTC; null while it runs.")
    stage: str = Field(description="What it is at, or was last.")
    done: int
    total: int | None
    sent: int | None = Field(description="Letters; null until it is done.")
    failed: int | None
    held_back: dict[str, int] = Field(description="How many were not written to, by why not.")
    failures: list[str] = Field(description="What the mail server or the webhook answered, without addresses.")
    error: str = Field(description="Why the job failed; empty where it did not.")


class LettersAnswer(Shape):
    """When letters are sent, what became of the last run, and what letters led to, by kind."""

    schedule: str = Field(description="The setting letters_schedule; off: nobody sends them by themselves.")
    next_run_ms: int | None = Field(description="UTC; null where nothing is scheduled.")
    last_run: LettersRun | None = Field(description="null where no job sent letters yet.")
    days: int
    kinds: list[SentKind]


class UnsubscribeRequest(Request):
    """Out of all letters, by the link of one."""

    token: str = Field(max_length=2000, description="As it stands in the link.")
    confirm: bool = Field(default=False, description="false: only say whose link it is, and in which words to ask.")


class UnsubscribeAnswer(Shape):
    """What the page says."""

    known: bool = Field(description="Whether this shop made the link.")
    done: bool
    language: str
    words: str
    button: str = Field(description="What the button says; empty where there is nothing left to press.")
