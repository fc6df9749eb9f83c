"""Questions and answers about synonyms: light to import, for the doors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from bottega.names import NUMBER_MAX
from bottega.shop.shape import Request, Shape

__all__ = [
    "DeleteSynonymsAnswer",
    "DeleteSynonymsRequest",
    "PutSynonymsAnswer",
    "PutSynonymsRequest",
    "SaidSynonym",
    "SearchedWith",
    "SynonymHistoryAnswer",
    "SynonymHistoryRequest",
    "SynonymPreviewAnswer",
    "SynonymPreviewRequest",
    "SynonymVersionInfo",
    "SynonymsAnswer",
    "SynonymsRequest",
    "UndoSynonymAnswer",
    "UndoSynonymRequest",
]

AT_ONCE_MOST = 1_000


class SynonymsRequest(Request):
    """A page of them."""

    after: int = Field(default=0, ge=0, le=NUMBER_MAX, description="The `next` of the page before.")
    n: int = Field(default=100, ge=1, le=1000, description="Entries of a page.")


class SaidSynonym(Shape):
    """One entry."""

    number: int
    words: list[str] = Field(description="Words or phrases, as shoppers type them.")
    means: list[str] = Field(description="What the words mean; empty: each of them means the others.")


class SynonymsAnswer(Shape):
    """Entries, the first said first."""

    synonyms: list[SaidSynonym]
    total: int
    next: int | None = Field(description="`after` of the next page; null on the last one.")


class PutSynonymsRequest(Request):
    """What words mean. An entry about the same words takes the place of the one before."""

    EXAMPLES: ClassVar[Mapping[str, Any]] = {
        "Each other": {"synonyms": [{"words": ["sofa", "couch", "settee"]}]},
        "One way": {"synonyms": [{"words": ["trainers"], "means": ["sneakers", "running shoes"]}]},
    }

    class Entry(Shape):
        """One entry."""

        words: list[str] = Field(max_length=50, description="Words or phrases, as shoppers type them.")
        means: list[str] = Field(
            default=[], max_length=50, description="What the words mean; absent: each of them means the others."
        )

    synonyms: list[Entry] = Field(min_length=1, max_length=AT_ONCE_MOST)


class PutSynonymsAnswer(Shape):
    """How many there are now."""

    added: int
    updated: int
    total: int


class SynonymPreviewRequest(Request):
    """A search as it would be, were something said of its words."""

    EXAMPLES: ClassVar[Mapping[str, Any]] = {
        "What couch would find": {"text": "couch", "synonym": {"words": ["couch"], "means": ["sofa"]}}
    }

    synonym: PutSynonymsRequest.Entry = Field(description="As POST /v1/synonyms takes it; nothing is kept of it.")
    text: str = Field(
        default="", max_length=500, description="What is searched for; the first of its words where absent."
    )
    n: int = Field(default=8, ge=1, le=100, description="Products of each side.")


class SearchedWith(Shape):
    """One side."""

    total: int = Field(description="Products that are all that was asked for.")
    close: int = Field(description="Products that come close.")
    product_ids: list[str]


class SynonymPreviewAnswer(Shape):
    """Both sides."""

    text: str
    before: SearchedWith = Field(description="As it is.")
    after: SearchedWith = Field(description="As it would be.")


class SynonymHistoryRequest(Request):
    """Changes of what words mean."""

    number: int | None = Field(
        default=None, ge=0, le=NUMBER_MAX, description="Of any change of one entry: those of that entry alone."
    )
    before: int | None = Field(default=None, ge=0, le=NUMBER_MAX, description="The `next` of the page before.")
    n: int = Field(default=100, ge=1, le=1000, description="Changes of a page.")


class SynonymVersionInfo(Shape):
    """What an entry said from one change to the next."""

    number: int = Field(description="By which it is put back.")
    about: str = Field(description="The words that the entry is about, folded.")
    words: list[str] = Field(description="Empty where it was taken back.")
    means: list[str] = Field(description="What the words mean; empty: each of them means the others.")
    removed: bool = Field(description="Whether the entry was taken back.")
    holds: bool = Field(description="Whether this is what searches heed now.")
    time_ms: int = Field(description="UTC; when it was changed.")
    who: str = Field(description="Label of the key, name of the user, or of who was logged in at the machine.")


class SynonymHistoryAnswer(Shape):
    """Changes, the newest first."""

    versions: list[SynonymVersionInfo]
    next: int | None = Field(description="`before` of the next page; null on the last one.")


class UndoSynonymRequest(Request):
    """A change to take back."""

    number: int = Field(ge=0, le=NUMBER_MAX, description="Of any change of the entry, as its history shows it.")
    version: int | None = Field(
        default=None,
        ge=0,
        le=NUMBER_MAX,
        description="The version to put back, by number; the one before the last change where absent.",
    )


class UndoSynonymAnswer(Shape):
    """How the entry stands now."""

    number: int = Field(description="Number of the new version, which an undo takes back in turn.")
    words: list[str] = Field(description="Empty where there is no such entry now.")
    means: list[str]
    removed: bool = Field(description="Whether there is no such entry now, as before.")
    total: int


class DeleteSynonymsRequest(Request):
    """Entries to take back."""

    numbers: list[Annotated[int, Field(ge=0, le=NUMBER_MAX)]] = Field(
        min_length=1, max_length=10_000, description="As the list shows them."
    )


class DeleteSynonymsAnswer(Shape):
    """What is gone."""

    deleted: list[int] = Field(description="Their numbers; those that were not there are left out.")
    total: int
