"""Every format of reviews, and which one a source is."""

from __future__ import annotations

from bottega.errors import FormatUnknown
from bottega.reviews.readers.base import Reader
from bottega.reviews.readers.google_reviews import GoogleReviews
from bottega.reviews.readers.json_reviews import JsonReviews
from bottega.reviews.readers.tables import ReviewTable
from bottega.sources.registry import formats, reader_called, surest
from bottega.sources.source import Source

__all__ = ["READERS", "choose_reader"]

READERS: tuple[Reader, ...] = (
    ReviewTable("csv", "a table with a header: product_id, rating, title, text, time and more"),
    JsonReviews(),
    GoogleReviews(),
    ReviewTable(
        "judgeme",
        "Judge.me, exported as CSV",
        (frozenset({"reviewer_email", "body", "product_handle"}), frozenset({"reviewer_name", "body", "curated"})),
    ),
    ReviewTable(
        "yotpo",
        "Yotpo, exported as CSV",
        (frozenset({"review_content", "review_score", "product_id"}), frozenset({"review_score", "review_status"})),
    ),
    ReviewTable(
        "woocommerce",
        "WooCommerce, comments of products exported as CSV",
        (frozenset({"comment_content", "rating"}),),
    ),
)
"""In the order the manual lists them."""
_SURE_ENOUGH = 0.25


def choose_reader(source: Source, name: str | None = None) -> tuple[Reader, float | None]:
    """The reader called `name`, or without a name the one that is surest, and how sure. Raises `FormatUnknown`."""
    if name is not None:
        return reader_called(READERS, name, what="format of reviews"), None
    best, sure = surest(READERS, source)
    if sure < _SURE_ENOUGH:
        first = source.head.strip().split("\n", 1)[0][:80]
        raise FormatUnknown(
            f"{source.name} is of no format of reviews we know; it begins with {first!r}.",
            allowed=f"Formats are: {formats(READERS)}.",
            next_step="If it is one of these all the same, say so with --as and --map.",
        )
    return best, sure
