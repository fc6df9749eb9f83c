"""A review: what one person wrote about one product, with or without stars."""

from __future__ import annotations

import hashlib
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from bottega.names import ID_MAX, id_text

__all__ = ["TEXT_MAX", "Review", "ReviewId", "derived_review_id"]

TEXT_MAX = 20_000
"""Letters of a text that are kept; what is longer is cut, and that is said."""


def _without_nul(text: str) -> str:
    return text.replace("\x00", "")


ReviewId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=ID_MAX, strip_whitespace=True),
    AfterValidator(_without_nul),
    BeforeValidator(id_text),
]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXT_MAX), AfterValidator(_without_nul)]


class Review(BaseModel):
    """What every reader turns its rows into and the store keeps. Names of reviewers are not kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    review_id: ReviewId
    product_id: ReviewId
    """May name a product, or the group id of its variants."""
    shopper: ReviewId | None = None
    """Who wrote it: the shop's own id, else the e-mail address that came with it, so that forgetting finds it."""
    stars: Annotated[float, Field(ge=1, le=5, allow_inf_nan=False)] | None = None
    """From 1 to 5, whatever the scale was."""
    title: _Text = ""
    text: _Text = ""
    language: Annotated[str, StringConstraints(pattern=r"^([a-z]{2,3})?$")] = ""
    """ISO 639, where the source says it."""
    time_ms: Annotated[int, Field(ge=0, lt=253_402_300_800_000)] | None = None
    """UTC milliseconds."""
    verified: bool | None = None
    """Whether the source says that who wrote it had bought it; None where it says nothing."""
    published: bool = True
    """Whether the shop shows it; what it hides is kept and not counted."""
    source: str = ""
    """Format and name of what it came from."""

    @property
    def words(self) -> str:
        """Title and text, a line each."""
        return "\n".join(part for part in (self.title, self.text) if part)


def derived_review_id(*content: object) -> str:
    """The id of a review that has none: the same content gives the same id."""
    text = "\x1f".join("" if part is None else str(part).strip() for part in content)
    return "r-" + hashlib.blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()
