"""What an import says when it is done: every row of the source is in exactly one of its counts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pydantic import Field

from bottega.actions.intake.shapes import ColumnGuess
from bottega.shop.shape import Shape

__all__ = ["ImportReport"]


class ImportReport(Shape, frozen=False):
    """Counts of one import. `read == added + updated + unchanged + duplicates + rejected`, always.

    Catalogue and events fill the same report; fields that make no sense for one of them stay at zero.
    """

    source: str = Field(default="", description="Name of the file that was read.")
    source_unchanged: bool = Field(
        default=False, description="Whether an address gave what came in from it before, so that nothing was read."
    )
    format: str = Field(default="", description="Name of the reader that read it.")
    format_sure: float | None = Field(
        default=None, description="How sure that format is, from 0 to 1; null where the request named it."
    )
    read: int = Field(default=0, description="Rows that should become a product or an event.")
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = Field(
        default=0,
        description="Events that the store had already; a product that comes twice in one feed is rejected instead.",
    )
    rejected: int = Field(
        default=0, description="Rows that could not be used; each is in `rejects_file` with the reason."
    )
    by_rule: Counter[str] = Field(
        default=Counter(), description="Rule name to number of problems that made a row unusable."
    )
    warnings: Counter[str] = Field(
        default=Counter(), description="Rule name to number of problems in rows that were imported all the same."
    )
    notes: list[str] = Field(
        default=[],
        description="What is true of the source as a whole: fields that are empty, currencies that are mixed.",
    )
    rejects_file: Path | None = None
    warnings_file: Path | None = None
    part_rows: int = Field(
        default=0,
        description="Rows that are a part of a product, as a further picture is; not part of `read`.",
    )
    guessed: list[ColumnGuess] = Field(
        default=[], description="Columns that were taken for a field by their names and values, with how sure it is."
    )
    doubts: dict[str, str] = Field(
        default={}, description="Columns whose names mean a field that their values are not, to why."
    )
    unused_columns: list[str] = Field(default=[], description="Columns of the source that became no field.")
    hint: str = Field(default="", description="What the merchant may do about the unused columns, in a sentence.")
    groups: int = Field(default=0, description="Groups with two variants or more in this source.")
    images: int = Field(default=0, description="Picture files taken into the shop's folder or found there already.")
    discontinued: int = Field(
        default=0, description="Products that vanished from the feed and were marked so (only with sync)."
    )
    held: str = Field(default="", description="Why the sync was held back; empty when it was not.")
    repeated: int = Field(
        default=0,
        description="Of `duplicates`, events that came twice in this source and were not in the store before it.",
    )
    known_by: list[str] = Field(
        default=[], description="By what events were known to be there already, where any was: one a file."
    )
    unknown_kinds: Counter[str] = Field(
        default=Counter(), description="Names of events that mean no kind we know, and how many rows had them."
    )
    kind_proposals: dict[str, str] = Field(
        default={}, description="Name -> the kind that it probably means, as `--kinds` takes it."
    )
    product_ids_proposal: str = Field(
        default="", description="The pattern under which most unknown products would be known; empty without one."
    )
    unknown_products: int = Field(default=0, description="Events whose product is not in the catalogue; they are kept.")
    ignored: Counter[str] = Field(
        default=Counter(),
        description="Name to number of events that show no interest in a product (page_view); not part of `read`.",
    )
    nobody: Counter[str] = Field(
        default=Counter(),
        description="Ids that name nobody (undefined, NULL, 0) and how often each was left out of an event.",
    )
    log_ins: int = Field(
        default=0, description="Log-ins, and events that said something of their shopper; not part of `read`."
    )
    joined: int = Field(default=0, description="Anonymous ids and sessions whose history now belongs to a shopper.")
    seconds: float = 0.0
