"""Names of columns and keys that mean a field of a review, in the exports of shops and of collectors of reviews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bottega.errors import MappingInvalid
from bottega.sources.columns import name_of

__all__ = ["ALIASES", "FIELDS", "PRODUCT_FIELDS", "columns_of", "field_of"]

PRODUCT_FIELDS = ("product_id", "product_external_id", "sku", "product_handle", "gtin", "mpn", "product_url")
"""Names of the product, the surest first: the first one that the catalogue knows is taken."""

ALIASES: dict[str, tuple[str, ...]] = {
    "review_id": ("review_id", "id", "comment_id", "review_uuid", "reviewid"),
    "product_id": (
        "product_id", "item_id", "productid", "asin", "parent_asin", "comment_post_id", "product", "item", "style_id",
        "product_number", "artikelnummer", "id_product",
    ),
    "product_external_id": ("product_external_id", "external_product_id", "shopify_product_id"),
    "sku": ("sku", "product_sku", "variant_sku"),
    "product_handle": ("product_handle", "handle", "product_slug"),
    "gtin": ("gtin", "ean", "upc", "barcode"),
    "mpn": ("mpn",),
    "product_url": ("product_url", "product_link", "url"),
    "shopper": (
        "shopper_id", "shopper", "customer_id", "user_id", "reviewer_id", "reviewer_external_id", "reviewerid",
        "author_id", "external_id",
    ),
    "email": (
        "reviewer_email", "email", "customer_email", "comment_author_email", "user_email", "author_email",
        "reviewer_e_mail", "e_mail",
    ),
    "rating": (
        "rating", "stars", "score", "review_score", "star_rating", "overall", "review_rating", "customer_rating",
        "overall_rating", "note", "bewertung", "puntuacion", "grade",
    ),
    "title": ("review_title", "title", "summary", "headline", "review_headline", "subject"),
    "text": (
        "text", "body", "review_content", "content", "review_text", "reviewtext", "review", "review_body", "comment",
        "comment_content", "verified_reviews", "customer_review", "detail", "message", "reviewbody",
    ),
    "time": (
        "time", "review_date", "date", "created_at", "review_creation_date", "review_timestamp", "timestamp",
        "submitted_at", "comment_date_gmt", "comment_date", "unixreviewtime", "date_created", "published_at",
    ),
    "language": ("language", "locale", "lang", "review_language"),
    "verified": ("verified", "verified_buyer", "verified_purchase", "is_verified_purchase", "reviewer_type", "buyer"),
    "published": (
        "published", "review_status", "status", "curated", "approved", "comment_approved", "hidden", "deleted",
    ),
    "spam": ("is_spam", "spam"),
}  # fmt: skip
"""Field -> names, the likeliest first."""

FIELDS = tuple(ALIASES)
_BY_NAME = {alias: field for field, aliases in ALIASES.items() for alias in aliases}


def field_of(name: str) -> str | None:
    """The field that a column or a key is called for."""
    return _BY_NAME.get(name_of(name))


def columns_of(header: Iterable[str], said: Mapping[str, str], source: str) -> dict[str, str]:
    """Column -> field: what the merchant `said` (field -> column), and of each other field the likeliest name.

    Raises `MappingInvalid`.
    """
    header = list(header)
    found: dict[str, str] = {}
    for field, column in said.items():
        if field not in ALIASES or column not in header:
            raise MappingInvalid(
                f"--map says {field}={column}.",
                allowed=f"Fields are: {', '.join(FIELDS)}. Columns of {source} are: {', '.join(header)}.",
                next_step="Write field=column.",
            )
        found[column] = field
    taken = set(found.values())
    for field, aliases in ALIASES.items():
        if field in taken:
            continue
        named = {name_of(column): column for column in reversed(header) if column not in found}
        if (alias := next((alias for alias in aliases if alias in named), None)) is not None:
            found[named[alias]] = field
    return found
