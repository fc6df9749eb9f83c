"""What a synonym would find, before it is said: a search twice, by the code that answers shoppers."""

from __future__ import annotations

from bottega.actions.search.shapes import SearchRequest
from bottega.actions.search.synonym_shapes import SearchedWith, SynonymPreviewAnswer, SynonymPreviewRequest
from bottega.actions.search.synonyms import said
from bottega.actions.search.words import search_text
from bottega.languages.synonyms import Synonym, Synonyms
from bottega.shop.open_shop import OpenShop

__all__ = ["preview_synonym"]


def preview_synonym(shop: OpenShop, request: SynonymPreviewRequest) -> SynonymPreviewAnswer:
    """A search as it is, and as it would be. Raises `RequestInvalid` for an entry that says nothing."""
    draft = said(request.synonym, "The synonym")
    known = {one.about: Synonym(one.words, one.means) for one in shop.store.synonyms.all()}
    asked = SearchRequest(text=request.text or draft.words[0], n=request.n)
    return SynonymPreviewAnswer(
        text=asked.text,
        before=_searched(shop, asked, Synonyms.of(known.values())),
        after=_searched(shop, asked, Synonyms.of({**known, draft.key: draft}.values())),
    )


def _searched(shop: OpenShop, asked: SearchRequest, synonyms: Synonyms) -> SearchedWith:
    found = search_text(shop, asked, synonyms=synonyms, helping=False)
    return SearchedWith(total=found.total, close=found.close, product_ids=[one.product_id for one in found.items])
