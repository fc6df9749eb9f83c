"""What the merchant says that words mean: listed, said, taken back. The next search in every process heeds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from bottega.errors import RequestInvalid
from bottega.languages.synonyms import LineUnreadable, Synonym
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Request, Shape
from bottega.shop.synonyms import keep_synonyms

__all__ = [
    "DeleteSynonymsAnswer",
    "DeleteSynonymsRequest",
    "PutSynonymsAnswer",
    "PutSynonymsRequest",
    "SaidSynonym",
    "SynonymsAnswer",
    "SynonymsRequest",
    "delete_synonyms",
    "list_synonyms",
    "put_synonyms",
]

AT_ONCE_MOST = 1_000


class SynonymsRequest(Request):
    """A page of them."""

    after: int = Field(default=0, ge=0, description="The `next` of the page before.")
    n: int = Field(default=100, ge=1, le=1000, description="Entries of a page.")


class SaidSynonym(Shape):
    """One entry."""

    number: int
    words: list[str]
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

        words: list[str] = Field(max_length=50)
        means: list[str] = Field(
            default=[], max_length=50, description="What the words mean; absent: each of them means the others."
        )

    synonyms: list[Entry] = Field(min_length=1, max_length=AT_ONCE_MOST)


class PutSynonymsAnswer(Shape):
    """How many there are now."""

    added: int
    updated: int
    total: int


class DeleteSynonymsRequest(Request):
    """Entries to take back."""

    numbers: list[int] = Field(min_length=1, max_length=10_000, description="As the list shows them.")


class DeleteSynonymsAnswer(Shape):
    """What is gone."""

    deleted: list[int] = Field(description="Their numbers; those that were not there are left out.")
    total: int


def list_synonyms(shop: OpenShop, request: SynonymsRequest) -> SynonymsAnswer:
    """What the merchant says that words mean."""
    every = shop.store.synonyms.all()
    end = request.after + request.n
    page = every[request.after : end]
    return SynonymsAnswer(
        synonyms=[SaidSynonym(number=one.number, words=list(one.words), means=list(one.means)) for one in page],
        total=len(every),
        next=end if end < len(every) else None,
    )


def put_synonyms(shop: OpenShop, request: PutSynonymsRequest) -> PutSynonymsAnswer:
    """Say what words mean. Raises `RequestInvalid` for an entry that says nothing; then none is kept."""
    entries = []
    for place, entry in enumerate(request.synonyms):
        try:
            entries.append(Synonym.of(entry.words, entry.means))
        except LineUnreadable as error:
            raise RequestInvalid(
                f"Entry {place} of `synonyms` says nothing: {error}.",
                allowed="Two phrases or more in `words`, or `words` and `means`.",
                next_step="Correct it and send the request again.",
            ) from error
    added = keep_synonyms(shop, entries)
    return PutSynonymsAnswer(added=added, updated=len(entries) - added, total=len(shop.store.synonyms.all()))


def delete_synonyms(shop: OpenShop, request: DeleteSynonymsRequest) -> DeleteSynonymsAnswer:
    """Take entries back."""
    gone = shop.store.synonyms.remove(request.numbers)
    shop.said_synonyms()
    return DeleteSynonymsAnswer(deleted=gone, total=len(shop.store.synonyms.all()))
