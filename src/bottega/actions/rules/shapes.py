"""Questions and answers about saved rules: light to import, for the doors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from bottega.actions.recommend.shapes import RecommendationRequest, SimilarRequest
from bottega.actions.search.shapes import SearchRequest
from bottega.catalogue.filter import Id
from bottega.names import NUMBER_MAX
from bottega.shop.rules.rule import SavedRule
from bottega.shop.shape import Request, Shape

__all__ = [
    "ConflictInfo",
    "ConflictsAnswer",
    "ConflictsRequest",
    "ListedRule",
    "PreviewedList",
    "PreviewedProduct",
    "RemoveRuleAnswer",
    "RemoveRuleRequest",
    "RuleAnswer",
    "RulePreviewAnswer",
    "RulePreviewRequest",
    "RuleRequest",
    "RuleState",
    "RuleVersionInfo",
    "RulesAnswer",
    "RulesRequest",
    "SaveRuleAnswer",
    "SaveRuleRequest",
    "UndoRuleAnswer",
    "UndoRuleRequest",
]

RuleState = Literal["in force", "off", "later", "over", "removed"]
"""Of a rule now: it acts, it is switched off, its time comes, its time is over, it is there no more."""


class RulesRequest(Request):
    """A page of the rules."""

    after: int = Field(default=0, ge=0, le=NUMBER_MAX, description="The `next` of the page before.")
    n: int = Field(default=100, ge=1, le=1000, description="Rules of a page.")
    removed: bool = Field(
        default=False, description="Those that were removed instead, as they stood, the last removed first."
    )


class ListedRule(Shape):
    """A rule, and how it stands."""

    rule: SavedRule
    state: RuleState = Field(description="in force, off (switched off), later (its time comes), over, removed.")


class RulesAnswer(Shape):
    """Rules in the order in which they win where they contradict each other."""

    rules: list[ListedRule]
    total: int
    next: int | None = Field(description="`after` of the next page; null on the last one.")


class RuleRequest(Request):
    """One rule."""

    id: Id = Field(description="Of a rule, also of one that was removed.")


class ConflictInfo(Shape):
    """Where rules contradict each other, or one comes to nothing."""

    kind: str = Field(
        description="same_place, shut_out, replaced, both_ways, nothing_left, same_query, no_effect: docs/rules.md."
    )
    rules: list[str]
    winner: str | None = Field(description="The rule that wins; null where both act, or none.")
    text: str = Field(description="All of it in a sentence.")


class RuleVersionInfo(Shape):
    """How a rule stood from one change to the next."""

    number: int = Field(description="By which it is put back.")
    time_ms: int = Field(description="UTC; when it was changed.")
    who: str = Field(description="Label of the key, name of the user, or of who was logged in at the machine.")
    rule: SavedRule | None = Field(description="null: it was removed.")
    changed: list[str] = Field(description="Fields that differ from the version before.")


class RuleAnswer(Shape):
    """A rule with its history."""

    rule: SavedRule | None = Field(description="null: it was removed.")
    state: RuleState | None = Field(description="As in the list; null where it was removed.")
    versions: list[RuleVersionInfo] = Field(description="The newest first.")
    conflicts: list[ConflictInfo] = Field(description="Those that it is part of.")


class SaveRuleRequest(SavedRule):
    """The whole rule. One of the same id gets a new version; its earlier ones can be put back."""


class SaveRuleAnswer(Shape):
    """What became of it."""

    id: str
    version: int = Field(description="Number of the version that holds now.")
    created: bool = Field(description="Whether no rule had this id before.")
    conflicts: list[ConflictInfo] = Field(description="Those that it is part of; it is saved all the same.")


class RemoveRuleRequest(Request):
    """A rule to take away; it can be put back."""

    id: Id = Field(description="Of the rule.")


class RemoveRuleAnswer(Shape):
    """What is gone."""

    id: str
    version: int = Field(description="Number of the change, which an undo takes back.")


class UndoRuleRequest(Request):
    """A change to take back."""

    id: Id = Field(description="Of the rule.")
    version: int | None = Field(
        default=None,
        ge=1,
        le=NUMBER_MAX,
        description="The version to put back, by number; the one before the last change where absent.",
    )


class UndoRuleAnswer(Shape):
    """How the rule stands now."""

    id: str
    version: int = Field(description="Number of the new version, which an undo takes back in turn.")
    rule: SavedRule | None = Field(description="null: there is none of this id, as before.")


class ConflictsRequest(Request):
    """Where saved rules contradict each other, or come to nothing."""

    id: Id | None = Field(default=None, description="Of one rule; all where absent.")


class ConflictsAnswer(Shape):
    """Conflicts, those between two rules first."""

    conflicts: list[ConflictInfo]
    total: int


class RulePreviewRequest(Request):
    """A list as a shopper gets it, with and without a rule that is not saved, or not yet as it shall be."""

    EXAMPLES: ClassVar[Mapping[str, Any]] = {
        "What a pin would do for ana": {
            "recommend": {"placement": "home", "shopper": "ana", "n": 8},
            "draft": {"id": "spring", "kind": "pin", "product_ids": ["lamp-7"]},
        },
        "What the saved rules do to a search": {"search": {"text": "red dress", "n": 8}},
    }

    recommend: RecommendationRequest | None = Field(
        default=None, description="A list as POST /v1/recommendations takes it: as this shopper."
    )
    search: SearchRequest | None = Field(default=None, description="Or a search as POST /v1/search takes it.")
    similar: SimilarRequest | None = Field(default=None, description="Or similar products as POST /v1/similar does.")
    draft: SavedRule | None = Field(
        default=None,
        description="A rule as it would be saved, in the place of the saved one of its id. Without one: the saved "
        "rules against none at all.",
    )
    at: str | None = Field(
        default=None,
        max_length=40,
        description="The moment that it is made for, ISO 8601, by the shop's clock: for rules whose time comes; now "
        "where absent.",
    )


class PreviewedProduct(Shape):
    """A product of one list or the other."""

    product_id: str
    before: int | None = Field(description="Its place without the rule, from 1; null: it is not there.")
    after: int | None = Field(description="Its place with it.")
    rules: list[str] = Field(description="Rules that set it at its place, or multiplied its score, or keep it out.")
    why: str = Field(
        description="What moved it, in a sentence; empty where it stands as before and no rule is about it."
    )


class PreviewedList(Shape):
    """One side."""

    product_ids: list[str]
    rules: list[str] = Field(description="Rules that acted on it.")
    url: str | None = Field(default=None, description="Of a search: where it is sent.")


class RulePreviewAnswer(Shape):
    """Both sides, and what became of every product."""

    before: PreviewedList
    after: PreviewedList
    products: list[PreviewedProduct] = Field(description="Those of the list with the rule, then those that left it.")
    acts: bool = Field(description="Whether the draft, or any saved rule where there is none, acts on this list.")
    conflicts: list[ConflictInfo] = Field(description="Those that the draft is part of.")
