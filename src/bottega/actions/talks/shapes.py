"""What is asked and answered about talks, for persons who answer shoppers."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bottega.catalogue.filter import Id
from bottega.names import TALK_ID_MAX, LineBy, Owner
from bottega.shop.shape import Request, Shape

__all__ = [
    "AgentRequest",
    "AssignRequest",
    "ForgetTalkAnswer",
    "ForgetTalkRequest",
    "LineInfo",
    "NoteRequest",
    "ReplyRequest",
    "TalkAnswer",
    "TalkInfo",
    "TalkQuery",
    "TalkRequest",
    "TalkTopic",
    "TalksAnswer",
    "TalksReport",
    "TalksReportRequest",
    "TalksRequest",
    "UnreadLine",
]

TEXT_MOST = 8_000
_TALK_ID = Field(min_length=1, max_length=TALK_ID_MAX, description="As the talk's first answer gave it.")
_AGENT = Field(
    default=None,
    min_length=1,
    max_length=100,
    description="Who does it. With an agent's key it is whose key that is, whatever stands here.",
)


class AgentRequest(Request):
    """Something that a person does."""

    agent: str | None = _AGENT


class TalksRequest(AgentRequest):
    """Talks, the one that waits longest first."""

    owner: Owner | None = Field(default=None, description="Those of one owner alone; else all that are not closed.")
    shopper: Id | None = Field(default=None, description="Those of one shopper alone; shopper id, or the anonymous id.")
    n: int = Field(default=50, ge=1, le=500, description="At most so many.")


class TalksReportRequest(Request):
    """What talks of the last days led to."""

    days: int = Field(default=30, ge=1, le=3650, description="Talks begun in so many days.")


class TalkTopic(Shape):
    """Something that shoppers wanted."""

    intent: str = Field(description="As in find, ask, compare.")
    about: str = Field(description="Of what; empty where it was about nothing in particular.")
    lines: int
    talks: int


class UnreadLine(Shape):
    """A line that was not understood."""

    talk_id: str
    text: str
    at: str = Field(description="ISO 8601, UTC.")


class TalksReport(Shape):
    """Talks, and the events that name one of them as where they came from (`recommendation_id`)."""

    days: int
    talks: int
    viewed: int = Field(description="Talks after which a product was opened.")
    added: int = Field(description="Talks after which one went into the cart, or on the wish list.")
    bought: int = Field(description="Talks after which one was bought.")
    purchases: int = Field(description="Purchases that name a talk, those taken back not counted.")
    lines: int = Field(description="Lines of shoppers in so many days that were looked at; the newest 20,000 at most.")
    topics: list[TalkTopic] = Field(
        description="What they wanted, as they were read, what came most first; 30 at most."
    )
    not_understood: int = Field(description="How many of these lines were not understood.")
    unread: list[UnreadLine] = Field(description="The newest of those whose words are kept; 20 at most.")
    to_persons: dict[str, int] = Field(
        description="Why talks went to a person: asked, complaint, words, misunderstood."
    )


class TalkRequest(AgentRequest):
    """One talk."""

    EXAMPLES: ClassVar = {"One talk": {"talk_id": "t-1", "agent": "Mia"}}

    talk_id: str = _TALK_ID


class TalkQuery(TalkRequest):
    """One talk, or what is new in it."""

    after: int = Field(default=0, ge=0, description="Lines with a number above this one.")


class ReplyRequest(TalkRequest):
    """Words of a person. The first of them takes the talk over."""

    EXAMPLES: ClassVar = {"A reply": {"talk_id": "t-1", "agent": "Mia", "text": "I look it up."}}

    text: str = Field(min_length=1, max_length=TEXT_MOST, description="As the shopper reads it.")


class NoteRequest(TalkRequest):
    """Words for other persons of the shop."""

    EXAMPLES: ClassVar = {"A note": {"talk_id": "t-1", "agent": "Mia", "text": "Waits for the carrier."}}

    text: str = Field(min_length=1, max_length=TEXT_MOST, description="No shopper sees it.")


class AssignRequest(TalkRequest):
    """Give a talk to another person."""

    EXAMPLES: ClassVar = {"To Ben": {"talk_id": "t-1", "agent": "Mia", "to": "Ben"}}

    to: str = Field(min_length=1, max_length=100, description="Name of the person who has it from here on.")


class ForgetTalkRequest(Request):
    """One talk, with every line of it."""

    EXAMPLES: ClassVar = {"A talk of nobody": {"talk_id": "t-1"}}

    talk_id: str = _TALK_ID


class ForgetTalkAnswer(Shape):
    """What is no longer there."""

    talk_id: str
    lines: int = Field(description="How many lines it had.")


class TalkInfo(Shape):
    """A talk, in a line."""

    talk_id: str
    owner: Owner
    why: str | None = Field(description="For what it waits, or waited last: asked, complaint, words, misunderstood.")
    agent: str | None = Field(description="The person who has it, or had it last.")
    shopper: str | None = Field(description="The profile it belongs to; null where nobody said.")
    language: str
    turns: int = Field(description="Lines of the shopper so far.")
    lines: int = Field(description="Number of the last line.")
    waits_s: int | None = Field(description="Seconds that it has waited for a person; null where it does not.")
    changed_at: str = Field(description="When its last line came; ISO 8601, UTC.")


class TalksAnswer(Shape):
    """Talks: who waits comes first, and of those who waits longest."""

    talks: list[TalkInfo]
    waiting: int = Field(description="How many wait for a person.")
    agents: list[str] = Field(description="Who looked within the last two minutes.")


class LineInfo(Shape):
    """One line of a talk."""

    number: int
    by: LineBy
    name: str | None = Field(description="Of the person, where one speaks or acts.")
    text: str = Field(description="Empty where nothing was written, and once it is older than `talks_kept_days`.")
    sent: str | None = Field(description="What a shopper sent instead of words: the button pressed, or the photo.")
    kept: bool = Field(description="Whether its words are still kept.")
    products: list[str] = Field(description="Ids of products that it shows.")
    at: str = Field(description="ISO 8601, UTC.")


class TalkAnswer(Shape):
    """A talk as a person needs it to go on with it."""

    talk: TalkInfo
    transcript: list[LineInfo]
    summary: list[str] = Field(description="What was asked for, by what the lines were read as.")
    taste: list[str] = Field(description="What sets the shopper apart, in a few words; empty where none is known.")
    history: list[str] = Field(description="What they did last, newest first.")
