"""What is asked of models, apart from what answers it: the help of commands needs no more."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bottega.shop.shape import Request

__all__ = ["ModelCardRequest"]


class ModelCardRequest(Request):
    """One model."""

    EXAMPLES: ClassVar = {"The recommender in use": {"ability": "recommend"}}

    ability: str = Field(
        default="recommend", max_length=64, description="What it can do, as the list of models has it."
    )
    version: str | None = Field(default=None, max_length=200, description="Of the model; that in use where absent.")
