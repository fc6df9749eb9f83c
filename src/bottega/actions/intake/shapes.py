"""What is asked and answered where rows come in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from bottega.catalogue.filter import Filter, Id, Ids
from bottega.catalogue.product import Product
from bottega.shop.shape import Request, Shape

__all__ = [
    "ChangeAnswer",
    "ChangeRequest",
    "ColumnGuess",
    "DiscontinueAnswer",
    "DiscontinueProductsRequest",
    "ImportCatalogueRequest",
    "ImportEventsRequest",
    "ImportReviewsRequest",
    "ImportShoppersRequest",
    "IngestAnswer",
    "MappingProposal",
    "ProductQuery",
    "ProductQueryAnswer",
    "ProductState",
    "ProposeMappingRequest",
    "PutReviewsAnswer",
    "PutReviewsRequest",
    "RecordRequest",
    "Rejected",
    "UpsertAnswer",
    "UpsertRequest",
    "Warned",
]


ProductState = Literal[
    "shown",
    "not_shown",
    "hidden",
    "without_picture",
    "without_description",
    "without_price",
    "with_doubts",
    "with_suggestions",
    "not_in_model",
]
"""What may be said of a product in its catalogue."""


class ProductQuery(Request):
    """A search in the catalogue, hidden products included."""

    OLD_NAMES: ClassVar = {"limit": "n"}
    EXAMPLES: ClassVar = {"Search": {"text": "oak lamp", "filter": {"brand": "Nord"}, "n": 20}}

    text: str | None = Field(
        default=None, max_length=1000, description="Words that id, title, brand or category contain."
    )
    filter: Filter | None = None
    ids: Ids | None = Field(default=None, description="Only these products.")
    only: list[ProductState] = Field(
        default=[],
        max_length=9,
        description="Only products of which all of these hold: shown and not_shown (whether lists may hold them), "
        "hidden, without_picture, without_description, without_price, with_doubts (labels that the eye doubts), "
        "with_suggestions (any that is open), not_in_model (they came after the last training).",
    )
    n: int = Field(default=50, ge=1, le=1000, description="Products of a page.")
    after: Id | None = Field(default=None, description="The `next` of the page before.")


class ProductQueryAnswer(Shape):
    """One page of products in catalogue order."""

    products: list[Product]
    next: str | None = Field(description="`after` of the next page: the id of the last product; null on the last page.")


class Rejected(Shape):
    """One row that could not be used; the others were."""

    index: int
    field: str
    seen: str
    fix: str
    rule: str | None = Field(
        default=None,
        description="Name of the rule that it breaks (docs/events.md, docs/feeds.md); null where none does.",
    )


class Warned(Rejected):
    """One thing in a row that was left out or mended; the rest of the row came in."""

    rule: str = Field(description="Name of the rule, as in docs/feeds.md.")


class ImportShoppersRequest(Request):
    """Shoppers from a file."""

    source: Path | str = Field(description="A table (CSV, TSV, workbook) or JSON lines: a file, or an http(s) address.")
    encoding: str | None = Field(
        default=None, description="Encoding of the text, as in windows-1251; else the source decides."
    )
    columns: dict[str, str] | None = Field(
        default=None, description="Field to column, for columns of other names; see docs/shoppers.md."
    )


class RecordRequest(Request):
    """What shoppers did just now. Each event is checked alone."""

    ROWS: ClassVar = "events"
    """Over HTTP the list may come alone, or one event."""
    EXAMPLES: ClassVar = {
        "One event": {
            "shopper_id": "ana",
            "kind": "view",
            "product_id": "lamp-7",
            "time": "2026-05-01T12:00:00Z",
        },
        "An order of two products": {
            "events": [
                {"event_id": "o1-1", "shopper_id": "ana", "kind": "purchase", "product_id": "lamp-7", "value": 39.9},
                {"event_id": "o1-2", "shopper_id": "ana", "kind": "purchase", "product_id": "bulb-2", "quantity": 3},
            ]
        },
    }

    events: list[Any] = Field(description="An event each; docs/events.md has the fields.")


class UpsertRequest(Request):
    """Products to add, or to replace. Each is checked alone."""

    ROWS: ClassVar = "products"
    """Over HTTP the list may come alone, or one product."""
    EXAMPLES: ClassVar = {
        "One product": {
            "id": "lamp-7",
            "title": "Oak lamp",
            "category": ["Home", "Lamps"],
            "price_minor": 3990,
            "currency": "EUR",
            "attributes": {"material": ["oak"]},
        }
    }

    products: list[Any] = Field(description="A whole product each; docs/feeds.md has the fields.")


class ChangeRequest(Request):
    """Fields to change, of products that are there: each row names its product and what is new. null takes a field
    away."""

    ROWS: ClassVar = "products"
    EXAMPLES: ClassVar = {
        "Sold out": {"id": "lamp-7", "availability": "out_of_stock"},
        "A price and one attribute": {
            "id": "lamp-7",
            "price_minor": 2990,
            "attributes": {"material": ["ash"], "size": None},
        },
    }

    products: list[Any] = Field(description="For each product its id and the fields that change.")


class DiscontinueProductsRequest(Request):
    """Products to be shown no more."""

    EXAMPLES: ClassVar = {"No longer sold": {"product_ids": ["lamp-7"]}}

    product_ids: Ids = Field(min_length=1, description="Each by itself: of a product with variants, every variant.")
    erase: bool = Field(default=False, description="Whether the listing is emptied, too: only the id stays.")


class IngestAnswer(Shape):
    """What became of posted events."""

    accepted: int
    duplicates: int
    log_ins: int = Field(default=0, description="Log-ins without a product; they are no events.")
    rejected: list[Rejected]
    nobody: int = Field(
        default=0, description="Ids that name nobody (undefined, NULL, 0 ...); they were left out of their events."
    )
    unknown_products: list[str] = Field(description="Product ids not in the catalogue yet; their events are kept.")
    warnings: list[Warned] = Field(
        default_factory=list, description="Fields that could not be read and were left out of events that came in."
    )


class UpsertAnswer(Shape):
    """What became of posted products."""

    added: int
    updated: int
    unchanged: int
    rejected: list[Rejected]
    warnings: list[Warned] = Field(
        default_factory=list, description="What was left out of products that came in, as imports do."
    )


class ChangeAnswer(Shape):
    """What became of changes."""

    changed: int
    unchanged: int = Field(description="Products that were so already.")
    rejected: list[Rejected]
    warnings: list[Warned] = Field(default_factory=list, description="What could not be read, and was left as it was.")


class DiscontinueAnswer(Shape):
    """What became of products that are sold no more."""

    discontinued: int
    unchanged: int = Field(description="Products that were so already.")
    missing_ids: list[str] = Field(description="Ids that name no product.")


class ColumnGuess(Shape):
    """One column, the field of a product that it was taken for, and why."""

    field: str = Field(description="As `--map` calls it.")
    column: str
    sure: float = Field(description="From 0 to 1.")
    why: str
    taken: bool = Field(default=True, description="Whether an import takes it without being told.")


class ProposeMappingRequest(Request):
    """How a feed would be read."""

    source: Path | str = Field(
        description="The feed: a file, a folder or zip that holds one data file, or an http(s) address."
    )
    format: str | None = Field(default=None, description="Name of the format; else the file decides.")
    mapping: str | dict[str, str] | None = Field(default=None, description="What is known of the columns already.")
    encoding: str | None = Field(default=None, description="Encoding of the text; else the source decides.")


class MappingProposal(Shape):
    """Which column would be which field, and what to write after `--map` to say the same, or something else."""

    source: str
    format: str = Field(description="Name of the reader.")
    sure: float = Field(description="How sure it is that this is its format, from 0 to 1.")
    columns: list[ColumnGuess] = Field(description="What was guessed; columns of known formats are not.")
    unused_columns: list[str] = Field(description="Columns that would become no field.")
    doubts: dict[str, str] = Field(description="Columns whose names mean a field that their values are not, to why.")
    missing: str = Field(default="", description="What keeps the file from being imported without a mapping.")
    mapping: str = Field(description="The same as a `--map`.")


class ImportCatalogueRequest(Request):
    """Take in every usable product of a feed."""

    source: Path | str = Field(
        description="The feed: a file, a folder or zip that holds one data file, or an http(s) address."
    )
    format: str | None = Field(default=None, description="Name of the format; else the file decides.")
    mapping: str | dict[str, str] | None = Field(
        default=None, description="field=column,...: which columns are what; see docs/feeds.md."
    )
    encoding: str | None = Field(
        default=None, description="Encoding of the text, as in windows-1251; else the source decides."
    )
    currency: str | None = Field(
        default=None, pattern=r"^[A-Z]{3}$", description="Currency of prices that name none; else the shop's."
    )
    sync: bool = Field(default=False, description="Discontinue products that the feed no longer has.")
    force: bool = Field(default=False, description="Sync even when much of the catalogue has vanished.")


class ImportEventsRequest(Request):
    """Take in a file, or every event file of a folder in the order of their names."""

    source: Path | str = Field(description="A file, a folder or zip of files, or an http(s) address.")
    format: str | None = Field(default=None, description="Name of the format; else the file decides.")
    encoding: str | None = Field(
        default=None, description="Encoding of the text, as in windows-1251; else the source decides."
    )
    kind: str | None = Field(default=None, description="Kind of rows that name none, as in purchase.")
    kinds: dict[str, str] | None = Field(
        default=None, description="Name of an event in the file -> our kind, or ignore; see docs/events.md."
    )
    columns: dict[str, str] | None = Field(default=None, description="Field -> column; see docs/events.md.")
    product_ids: str | None = Field(
        default=None, description="How the file writes a product's id, as in gla_{id}; see docs/events.md."
    )
    timezone: str | None = Field(
        default=None, description="Zone of times that name none, as in Europe/Berlin; UTC where absent."
    )
    dates: Literal["day", "month"] | None = Field(
        default=None, description="What comes first in dates like 05/01/2026; else the whole column decides."
    )


class ImportReviewsRequest(Request):
    """Take in what shoppers wrote about products."""

    source: Path | str = Field(description="A file, a folder or zip that holds one, or an http(s) address.")
    format: str | None = Field(default=None, description="Name of the format; else the file decides.")
    encoding: str | None = Field(
        default=None, description="Encoding of the text, as in windows-1251; else the source decides."
    )
    columns: dict[str, str] | None = Field(default=None, description="Field -> column; see docs/reviews.md.")
    scale: float | None = Field(
        default=None,
        gt=1,
        le=1000,
        description="How far ratings go that do not say it, as in 10; else the column decides.",
    )
    timezone: str | None = Field(
        default=None, description="Zone of times that name none, as in Europe/Berlin; UTC where absent."
    )
    dates: Literal["day", "month"] | None = Field(
        default=None, description="What comes first in dates like 05/01/2026; else the whole column decides."
    )


class PutReviewsRequest(Request):
    """Reviews, one by one or many."""

    ROWS: ClassVar = "reviews"
    EXAMPLES: ClassVar = {
        "One review": {
            "reviews": [{"product_id": "lamp-7", "rating": 4, "text": "Lovely light, but the cord is short."}]
        }
    }

    reviews: list[Any] = Field(
        min_length=1,
        max_length=10_000,
        description="Objects with the fields of docs/reviews.md; each is checked alone.",
    )


class PutReviewsAnswer(Shape):
    """What became of posted reviews."""

    added: int
    updated: int
    unchanged: int
    rejected: list[Rejected]
    unknown_products: list[str] = Field(description="Product ids not in the catalogue yet; their reviews are kept.")
    warnings: list[Warned] = Field(
        default_factory=list, description="Fields that could not be read and were left out of reviews that came in."
    )
