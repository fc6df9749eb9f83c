"""What is asked and answered about one shopper."""

from __future__ import annotations

from pydantic import Field

from bottega.catalogue.filter import Id
from bottega.shop.shape import Shape

__all__ = ["ForgetAnswer", "ShopperRequest"]


class ShopperRequest(Shape):
    """One shopper, by shopper id, anonymous id or session id."""

    user_id: Id


class ForgetAnswer(Shape):
    """What was deleted of one shopper."""

    shopper: str
    rows: dict[str, int] = Field(description="Rows deleted from each table.")
    names: int = Field(description="Anonymous ids and sessions that belonged to the shopper.")
    rejected_rows: int = Field(description="Rows struck from the lists of rejected rows.")
    model: str | None = Field(description="Version of the model in use, which learnt from these events.")
