"""What a question of fact is answered with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["AnswerSource", "FactAnswer", "SourceKind", "Statement"]

SourceKind = Literal["listing", "reviews", "policy", "shelf", "shop"]
"""The product's listing, counts of its reviews, the merchant's rules, counts over the whole shelf, and what the
merchant answered to a question."""


@dataclass(frozen=True, slots=True)
class AnswerSource:
    """Where a statement comes from, so that it can be looked up."""

    kind: SourceKind
    product_id: str = ""
    place: str = ""
    """Of a listing: `title`, `description`, `price`, `availability`, `brand`, `category` or the name of an attribute;
    of a rule: its heading; of reviews: the aspect; of a shelf: the words that were counted."""
    said: str = ""
    """What stands there: the value as it is written, or the passage that is quoted."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that an answer says."""

    text: str
    key: str
    values: tuple[str, ...]
    """Each stands in the text, and in what a source says."""
    sources: tuple[AnswerSource, ...]
    verdict: Literal["yes", "no", ""] = ""


@dataclass(frozen=True, slots=True)
class FactAnswer:
    """The answer to a question of fact."""

    text: str
    statements: tuple[Statement, ...]
    known: bool
    """Whether anything answers it; else the text says that nothing does."""
    language: str
    offers_person: bool = False
    """Whether it ends with the offer to ask somebody."""
    key: str = ""
    """What was asked for; empty where nothing of it was understood."""

    @property
    def sources(self) -> tuple[AnswerSource, ...]:
        """Of all that it says, each once."""
        return tuple(dict.fromkeys(source for one in self.statements for source in one.sources))

    @property
    def is_plain(self) -> bool:
        """Whether it only tells what listings and the shelf say: no yes or no, no rule, no opinion, nothing unsaid."""
        told = all(not one.verdict for one in self.statements)
        return self.known and not self.offers_person and told and all(one.kind in _PLAIN for one in self.sources)


_PLAIN: tuple[SourceKind, ...] = ("listing", "shelf")
