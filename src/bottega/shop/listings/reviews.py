"""What the reviews of a shop say: read once by the reader of now, kept in the store, counted when asked for."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

from bottega.models.blocks.text_encoder import TextEncoder
from bottega.models.wording.clauses import language_of
from bottega.models.wording.facts import ReviewVoice
from bottega.models.wording.own_aspects import OwnAspects, find_own_aspects
from bottega.models.wording.review_counts import CountedSaying, counted
from bottega.models.wording.review_facts import ReviewCount
from bottega.models.wording.sentiment import UNSURE, Opinion, SentimentReader
from bottega.progress import Progress, silent
from bottega.reviews.quality import JudgedReview
from bottega.reviews.review import Review
from bottega.store.reviews import KeptReview, StoredClaim
from bottega.store.store import Store

__all__ = ["ProductReviews", "ReviewReader", "opinions_of"]

CHUNK = 500
VOICES = 3
"""Quotes that a fact of a product carries."""
OWN_FROM = 20_000
"""Reviews, the newest first, that a shop's own aspects are looked for in."""


class ProductReviews(NamedTuple):
    """The published reviews of a product with its variants, the newest first, and what they say."""

    reviews: list[Review]
    opinions: list[list[Opinion]]
    sayings: list[CountedSaying]


class ReviewReader:
    """Reads the reviews of one shop. Safe to call from several threads."""

    def __init__(self, store: Store, encoder: TextEncoder) -> None:
        self._store = store
        self._reader = SentimentReader(encoder)
        self._lock = threading.Lock()
        self._own: tuple[int, OwnAspects] = (-1, OwnAspects())

    @property
    def name(self) -> str:
        """What reads: reviews that another one read are read anew."""
        return self._reader.name

    def read_all(self, progress: Progress = silent) -> int:
        """Read what this reader has not read; returns how many. What a progress call counted is kept."""
        done, total = 0, self._store.reviews.count()
        while unread := self._store.reviews.unread(self.name, n=CHUNK):
            self._read(unread)
            done += len(unread)
            progress("reading reviews", min(done, total), total)
        return done

    def of_product(self, product_id: str) -> ProductReviews:
        """What the reviews of a product say; its variants and its group count with it."""
        kept, opinions = self._opinions(product_id)
        own = self.own_aspects()
        told = {
            place: own.of_review(one.review.words, language_of(one.review.words, one.review.language), opinions[place])
            for place, one in enumerate(kept)
            if own.names
        }
        return ProductReviews([one.review for one in kept], opinions, counted(opinions, told))

    def counts(self, product_id: str) -> list[ReviewCount]:
        """The same as facts have it: of the usual aspects, what so many say, with some of their words."""
        kept, opinions = self._opinions(product_id)
        return [
            ReviewCount(
                one.aspect,
                one.says,
                one.count,
                one.of,
                tuple(
                    ReviewVoice(kept[at].review.review_id, kept[at].review.words[start:stop])
                    for at, start, stop, _ in one.quotes[:VOICES]
                ),
            )
            for one in counted(opinions, {})
        ]

    def _opinions(self, product_id: str) -> tuple[list[KeptReview], list[list[Opinion]]]:
        """The published reviews of a product's family, with what each says."""
        kept = self._store.reviews.of_products(self._store.reviews.family(product_id))
        unread = [one for one in kept if one.read_by != self.name]
        fresh = self._read(unread) if unread else {}
        return kept, [fresh.get(one.number) or opinions_of(one.claims) for one in kept]

    def own_aspects(self) -> OwnAspects:
        """The aspects that this shop's reviews show; looked for again when reviews have come."""
        mark = self._store.marks().get("reviews", 0)
        with self._lock:
            if self._own[0] == mark:
                return self._own[1]
        rows = []
        titles: dict[str, str] = {}
        for chunk in self._store.reviews.iterate():
            read = [one for one in chunk if one.read_by == self.name]
            titles |= self._store.products.titles(sorted({one.review.product_id for one in read}))
            rows += [
                (one.review.words, language_of(one.review.words, one.review.language), opinions_of(one.claims))
                for one in read
            ]
        found = find_own_aspects(rows[-OWN_FROM:], titles.values())
        with self._lock:
            self._own = mark, found
        return found

    def judged(self, progress: Progress = silent) -> list[JudgedReview]:
        """Every review as `reviews/quality.py` judges it; what was not read yet is read first."""
        self.read_all(progress)
        return [_judged(one) for chunk in self._store.reviews.iterate() for one in chunk]

    def _read(self, unread: Sequence[KeptReview]) -> dict[int, list[Opinion]]:
        words = [one.review.words for one in unread]
        read = self._reader.read(words, [one.review.language for one in unread])
        found = {one.number: opinions for one, opinions in zip(unread, read, strict=True)}
        self._store.reviews.keep_claims(
            self.name, {number: [_stored(one) for one in opinions] for number, opinions in found.items()}
        )
        return found


def opinions_of(claims: Sequence[StoredClaim]) -> list[Opinion]:
    """Opinions as the store kept them."""
    return [
        Opinion(one["aspect"], one["polarity"], one["chance"], one["way"], one["start"], one["stop"], one["value"])
        for one in claims
    ]


def _judged(one: KeptReview) -> JudgedReview:
    review, sure = one.review, [opinion for opinion in opinions_of(one.claims) if opinion.polarity != UNSURE]
    feeling = sum(opinion.value for opinion in sure) / len(sure) if sure else None
    return JudgedReview(
        review.review_id, review.product_id, review.shopper, review.stars, review.words, review.time_ms, feeling
    )


def _stored(one: Opinion) -> StoredClaim:
    return StoredClaim(
        aspect=one.aspect,
        polarity=one.polarity,
        chance=one.chance,
        way=one.way,
        start=one.start,
        stop=one.stop,
        value=one.value,
    )
