"""What is asked and answered about replies that a person may send."""

from __future__ import annotations

from pydantic import Field

from bottega.actions.assistant.shapes import SaidSource
from bottega.shop.shape import Shape

__all__ = ["SuggestedReplies", "SuggestedReply"]


class SuggestedReply(Shape):
    """One reply, for a person to send, to change or to leave."""

    text: str = Field(description="In the language of the talk.")
    products: list[str] = Field(default_factory=list, description="Ids of products that it names.")
    sources: list[SaidSource] = Field(default_factory=list, description="Where what it says comes from.")


class SuggestedReplies(Shape):
    """Replies to what the shopper said last, what answers it first."""

    replies: list[SuggestedReply]
