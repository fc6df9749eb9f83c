"""Reviews: what those of a product say, counted and quoted."""

from __future__ import annotations

from collections import Counter

from bottega.actions.reviews.shapes import ReviewQuote, ReviewsAnswer, ReviewSaying, ReviewsRequest
from bottega.actions.wording.describe import spoken
from bottega.errors import ProductUnknown
from bottega.models.wording.clauses import language_of
from bottega.models.wording.review_counts import SIZE, CountedSaying, size_warning
from bottega.models.wording.review_facts import sizes_fit
from bottega.models.wording.review_words import advice, said_of, told
from bottega.reviews.review import Review
from bottega.shop.listings.listing_facts import facts_of, title_words
from bottega.shop.open_shop import OpenShop

__all__ = ["reviews"]


def reviews(shop: OpenShop, request: ReviewsRequest) -> ReviewsAnswer:
    """What shoppers wrote about a product and its variants: stars, and of each aspect how many say what.

    Only published reviews count, and the size is told of what is worn alone (`models/wording/review_facts.py`).
    Raises `ProductUnknown` where there is neither a product nor a review of that name, `RequestInvalid` for a language
    that nobody writes here, and `EncoderUnavailable`.
    """
    language = spoken(shop, request.language)
    reader = shop.review_reader()
    found = reader.of_product(request.product_id)
    if not found.reviews and request.product_id in shop.store.products.missing([request.product_id]):
        raise ProductUnknown.named(request.product_id)
    stars = [one.stars for one in found.reviews if one.stars is not None]
    counts = Counter(str(min(5, int(one + 0.5))) for one in stars)
    sayings = found.sayings if _worn(shop, request.product_id) else [one for one in found.sayings if one.aspect != SIZE]
    warning = size_warning(sayings)
    return ReviewsAnswer(
        product_id=request.product_id,
        reviews=len(found.reviews),
        stars=round(sum(stars) / len(stars), 2) if stars else None,
        by_stars={str(one): counts[str(one)] for one in range(1, 6)},
        sayings=[_said(one, found.reviews, request.n, language) for one in sayings],
        size_warning=None if warning is None else "small" if warning.says == "small" else "large",
        warning="" if warning is None else advice(warning.says, warning.count, warning.of, language),
        language=language,
        read_by=reader.name,
    )


def _worn(shop: OpenShop, product_id: str) -> bool:
    """Whether sizes are told of a product: of a bottle or a lamp "small" is no fit."""
    there = list(shop.store.products.get(shop.store.reviews.family(product_id)).values())[:1]
    sheets = facts_of(shop.store, there, title_words(shop.folder))
    return all(sizes_fit(sheet) for sheet in sheets.values())


def _said(saying: CountedSaying, written: list[Review], n: int, language: str) -> ReviewSaying:
    return ReviewSaying(
        aspect=saying.aspect,
        says=saying.says,
        words=said_of(saying.aspect, saying.says, language),
        told=told(saying.aspect, saying.says, saying.count, saying.of, language),
        count=saying.count,
        of=saying.of,
        quotes=[_quoted(written[one.review], one.start, one.stop) for one in saying.quotes[:n]],
    )


def _quoted(review: Review, start: int, stop: int) -> ReviewQuote:
    return ReviewQuote(
        review_id=review.review_id,
        text=review.words[start:stop],
        stars=review.stars,
        language=language_of(review.words, review.language),
        time_ms=review.time_ms,
        verified=review.verified,
    )
