"""What put a product into a list, where it was not the model's own choice; else the answer names the model's member."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ListSource"]


class ListSource(StrEnum):
    """The values are those of the field `source` in answers, but for the first two, which answers never hold.

    `PADDING` is written as the recommender is called that orders it, so that a reader of an answer learns what stands
    there, not in which step it came.
    """

    MODEL = ""
    """The model that was asked; the answer names the member of it that spoke most."""
    SEEN = "seen"
    """The same model, of products the shopper has seen: for a list that nothing else filled."""
    PADDING = "popular"
    """What most shoppers chose, behind a list that was short."""
    NEW = "new"
    """A product newer than the model."""
    PIN = "pin"
    """The merchant's own rule."""
    DUE = "due"
    """Bought before, and by now probably needed again."""
    COMPLEMENT = "complement"
    """Goes with something bought."""
    DECLARED = "declared"
    """Has what the shopper said to like."""

    LOOKS = "looks"
    """Its photo is like that of the product asked for."""
    SAME_KIND = "same_kind"
    """Of the category of the product asked for, of which nothing else is known."""

    @property
    def of_model(self) -> bool:
        """Whether the model chose, so that its members share the credit."""
        return self in (ListSource.MODEL, ListSource.SEEN)
