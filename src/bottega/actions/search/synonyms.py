"""What the merchant says that words mean: listed, said, taken back. The next search in every process heeds it."""

from __future__ import annotations

from bottega.actions.search.synonym_shapes import (
    DeleteSynonymsAnswer,
    DeleteSynonymsRequest,
    PutSynonymsAnswer,
    PutSynonymsRequest,
    SaidSynonym,
    SynonymsAnswer,
    SynonymsRequest,
)
from bottega.errors import RequestInvalid
from bottega.languages.synonyms import LineUnreadable, Synonym
from bottega.shop.open_shop import OpenShop
from bottega.shop.synonyms import keep_synonyms, remove_synonyms

__all__ = ["delete_synonyms", "list_synonyms", "put_synonyms", "said"]


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
    entries = [said(entry, f"Entry {place} of `synonyms`") for place, entry in enumerate(request.synonyms)]
    added = keep_synonyms(shop, entries)
    return PutSynonymsAnswer(added=added, updated=len(entries) - added, total=len(shop.store.synonyms.all()))


def said(entry: PutSynonymsRequest.Entry, called: str) -> Synonym:
    """An entry as it is kept. Raises `RequestInvalid` where it says nothing."""
    try:
        return Synonym.of(entry.words, entry.means)
    except LineUnreadable as error:
        raise RequestInvalid(
            f"{called} says nothing: {error}.",
            allowed="Two phrases or more in `words`, or `words` and `means`.",
            next_step="Correct it and send the request again.",
        ) from error


def delete_synonyms(shop: OpenShop, request: DeleteSynonymsRequest) -> DeleteSynonymsAnswer:
    """Take entries back; their versions stay, so that they can be put back."""
    gone = remove_synonyms(shop, request.numbers)
    return DeleteSynonymsAnswer(deleted=gone, total=len(shop.store.synonyms.all()))
