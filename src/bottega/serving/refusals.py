"""What the shape of a request did not take, in the words of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bottega.errors import RequestInvalid
from bottega.texts import plain_fault, sentence, shown

if TYPE_CHECKING:
    from pydantic import ValidationError

__all__ = ["refusal_of"]


def refusal_of(error: ValidationError, next_step: str) -> RequestInvalid:
    """The first fault of a request as an error of ours."""
    problem = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in problem["loc"]) or "The request"
    return RequestInvalid(
        f"{field} is {shown(problem['input'])}.", allowed=sentence(plain_fault(problem)), next_step=next_step
    )
