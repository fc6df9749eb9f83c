"""Answers from reviews: how many say it, of how many who speak of it; named as reviews, never as facts."""

from __future__ import annotations

from bottega.actions.assistant.fact_shapes import AnswerSource, Statement
from bottega.actions.assistant.listing_said import ListingSaid
from bottega.models.dialogue.asked_words import AskedWords
from bottega.models.wording.review_counts import SIZE
from bottega.models.wording.review_facts import sizes_fit
from bottega.models.wording.review_words import told
from bottega.shop.open_shop import OpenShop

__all__ = ["OF_REVIEWS", "of_reviews"]

OF_REVIEWS = {"rating": "", "fit_reviews": SIZE, "quality": "quality", "comfort": "comfort"}
"""What is asked of shoppers rather than of a listing, and the aspect of reviews that answers."""
SPOKE_LEAST = 3
"""Reviews that speak of an aspect before any count of it is told."""


def of_reviews(shop: OpenShop, listing: ListingSaid, key: str, asked: AskedWords) -> list[Statement]:
    """What reviews of a product say of what is asked; nothing where too few speak of it.

    Raises `EncoderUnavailable`.
    """
    reader = shop.review_reader()
    product_id = listing.product.id
    if not shop.store.reviews.of_products(shop.store.reviews.family(product_id)):
        return []
    aspect = OF_REVIEWS[key]
    if not aspect:
        return _stars(shop, product_id, asked)
    if aspect == SIZE and not sizes_fit(listing.sheet):
        return []
    said = []
    for one in reader.counts(product_id):
        if one.aspect == aspect and one.of >= SPOKE_LEAST:
            words = told(one.aspect, one.side, one.count, one.of, asked.language)
            number = str(one.of)
            source = AnswerSource("reviews", product_id, one.aspect, f"{one.count}/{one.of} {one.aspect} {one.side}")
            text = asked.said("reviews", told=words)
            said.append(Statement(text, key, (str(one.count), number), (source,)))
    return said[:2]


def _stars(shop: OpenShop, product_id: str, asked: AskedWords) -> list[Statement]:
    found = shop.review_reader().of_product(product_id).reviews
    stars = [one.stars for one in found if one.stars is not None]
    if not stars:
        return []
    mean, count = f"{sum(stars) / len(stars):.1f}", str(len(stars))
    source = AnswerSource("reviews", product_id, "stars", f"{mean} of 5, {count} reviews")
    return [Statement(asked.said("rating", stars=mean, count=count), "rating", (mean, count), (source,))]
