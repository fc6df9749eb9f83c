"""Put reviews: add new ones, replace changed ones, over the API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bottega.actions.intake.review_files import with_known_products
from bottega.actions.intake.shapes import PutReviewsAnswer, PutReviewsRequest, Rejected, Warned
from bottega.events.times import now_ms
from bottega.reviews.checking import Reading, checked_review
from bottega.reviews.readers.json_reviews import raw_review
from bottega.shop.open_shop import OpenShop
from bottega.shop.recounted import withdraw_recounted
from bottega.sources.problems import Problem, Severity
from bottega.sources.source import Source

__all__ = ["put_reviews"]


def put_reviews(shop: OpenShop, request: PutReviewsRequest) -> PutReviewsAnswer:
    """Check each row, store the good ones in one transaction, name the others. Safe to repeat.

    Texts that claimed a count of these reviews are withdrawn where it is another now.
    """
    rejected: list[Rejected] = []
    warnings: list[Warned] = []

    def on_problem(found: Problem) -> None:
        said = {"index": place, "field": found.field, "seen": found.seen, "fix": found.fix, "rule": found.rule}
        if found.severity is Severity.REJECT:
            rejected.append(Rejected.model_validate(said))
        else:
            warnings.append(Warned.model_validate(said))

    reading = Reading(Source.page("posted", b"[]"), on_problem, now=now_ms())
    good = []
    for place, row in enumerate(request.reviews):
        if not isinstance(row, Mapping):
            rejected.append(
                Rejected(index=place, field="", seen=str(row)[:80], fix="Send an object with named fields.")
            )
        elif (found := checked_review(raw_review(place, row), reading, "api")) is not None:
            good.append(found)
    unknown: Counter[str] = Counter()
    reviews = with_known_products(good, shop.store.products.missing, unknown)
    written = shop.store.reviews.put(reviews)
    # One that was here before may have been of another product.
    withdraw_recounted(shop, None if written.updated else [one.product_id for one in reviews])
    return PutReviewsAnswer(**written._asdict(), rejected=rejected, warnings=warnings, unknown_products=sorted(unknown))
