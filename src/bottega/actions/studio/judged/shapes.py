"""What is asked of the judge of pictures, and what it answers."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from bottega.shop.shape import Request, Shape

__all__ = ["LEAST_ASIDE", "EvaluateStudioAnswer", "EvaluateStudioRequest", "JudgedPictures"]

LEAST_ASIDE = 20
"""Photos kept aside that a folder needs: of fewer no distance can be told."""


class EvaluateStudioRequest(Request):
    """Judge generated product pictures against photos that no model learnt from."""

    data: Path = Field(description="Folder with fashion/ (styles.csv, images/, and packed photos beside it).")
    sample: int = Field(default=1500, ge=LEAST_ASIDE // 2, description="Photos to set the pictures against, at most.")
    seed: int = Field(default=0, ge=0, description="Of the photos drawn and of what the generators make.")
    sheets: Path | None = Field(
        default=None, description="Folder for one sheet of each set of pictures, the first of them as they come."
    )


class JudgedPictures(Shape):
    """One set of pictures."""

    name: str
    generated: bool = Field(description="Whether a generator made them; else they are a fence.")
    measures: dict[str, float] = Field(description="PictureFigures by name.")
    around: dict[str, tuple[float, float]] = Field(description="The 95% interval of the distances among them.")
    seconds: float = Field(description="How long making and judging took.")


class EvaluateStudioAnswer(Shape):
    """The generators between their fences."""

    findings: list[str] = Field(description="What the figures say, in words.")
    data: Path
    judge: str = Field(description="Version of the judge: figures of two versions cannot be compared.")
    photos: int = Field(description="How many the pictures were set against.")
    learnt: int = Field(description="How many generators learn from.")
    on_real: dict[str, float] = Field(description="What the judge tells of the photos themselves, by head.")
    sets: list[JudgedPictures]
