"""A saved rule: under which condition a list is what the merchant says.

The words are the field's: a condition, a consequence (pin, boost, bury, hide, filter, replace, redirect), and the time
for which it is valid.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from bottega.catalogue.filter import Filter, Id, Ids
from bottega.errors import RequestInvalid
from bottega.languages.fold import tokens
from bottega.shop.segments.names import SEGMENT_HELP, SEGMENTS_MOST, SegmentName
from bottega.shop.shape import COUNT_MAX, Request

__all__ = [
    "BESIDE",
    "IN_ORDER",
    "MAY_STAND",
    "PLACES_OF",
    "Match",
    "Placement",
    "RuleKind",
    "SavedRule",
    "checked",
    "moment_ms",
]

Placement = Literal["home", "product", "cart", "category", "similar", "search"]
"""Where on the site a list appears."""
Match = Literal["is", "starts_with", "contains"]
"""How a query is compared with the words of a rule."""
VALUES_MOST = 200
"""Categories, queries or anchors of one rule."""


class RuleKind(StrEnum):
    """What a rule does."""

    PIN = "pin"
    BOOST = "boost"
    BURY = "bury"
    HIDE = "hide"
    FILTER = "filter"
    REPLACE = "replace"
    RELATED = "related"
    COMPLEMENTARY = "complementary"
    REDIRECT = "redirect"


IN_ORDER = (RuleKind.PIN, RuleKind.REPLACE, RuleKind.RELATED, RuleKind.COMPLEMENTARY)
"""Kinds that set products at places, in the order of `product_ids`."""
_EVERYWHERE: tuple[Placement, ...] = ("home", "product", "cart", "category", "similar", "search")
_LISTS: tuple[Placement, ...] = ("home", "product", "cart", "category")
BESIDE: tuple[Placement, ...] = ("product", "cart", "similar")
"""Lists that stand beside products."""
PLACES_OF: dict[RuleKind, tuple[Placement, ...]] = dict.fromkeys(RuleKind, _EVERYWHERE) | {
    RuleKind.PIN: _LISTS,
    RuleKind.REPLACE: _LISTS,
    RuleKind.RELATED: ("product", "similar"),
    RuleKind.COMPLEMENTARY: ("cart",),
    RuleKind.REDIRECT: ("search",),
}
"""Where each kind acts, unless the rule says where: no product is set into every search, nor beside all its like."""
MAY_STAND: dict[RuleKind, tuple[Placement, ...]] = PLACES_OF | {
    RuleKind.PIN: _EVERYWHERE,
    RuleKind.REPLACE: _EVERYWHERE,
    RuleKind.RELATED: ("product", "cart", "similar"),
    RuleKind.COMPLEMENTARY: ("product", "cart", "similar"),
}
_FACTORS = {RuleKind.BOOST: 2.0, RuleKind.BURY: 0.1}
"""What scores are multiplied by where the rule does not say."""


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Words = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=500)]],
    BeforeValidator(_listed),
    Field(max_length=VALUES_MOST),
]


class SavedRule(Request):
    """Condition and consequence. Of several conditions all must hold; within one, any value will do."""

    EXAMPLES: ClassVar = {
        "Pin a bunch of roses for Mother's Day": {
            "id": "mothers-day",
            "name": "Mother's Day",
            "kind": "pin",
            "product_ids": ["roses-12"],
            "placements": ["category"],
            "category": ["Flowers"],
            "valid_from": "2026-05-01",
            "valid_until": "2026-05-10",
        },
        "Bury what is dear where gifts are searched for": {
            "id": "cheap-gifts",
            "kind": "bury",
            "products": {"price_minor": {"min": 20000}},
            "query": ["gift", "present"],
        },
        "Send whoever asks for returns to the page about them": {
            "id": "returns",
            "kind": "redirect",
            "query": ["returns", "send back"],
            "match": "is",
            "url": "/pages/returns",
        },
    }

    id: Id = Field(description="Of the merchant's choosing; saving it again makes a new version.")
    name: str = Field(default="", max_length=200, description="What the shop's people call it.")
    kind: RuleKind = Field(
        description="pin: products at fixed places. boost, bury: scores multiplied. hide: never shown. filter: nothing "
        "else shown. replace: these products and no others. related, complementary: first beside `anchor_ids`. "
        "redirect: a search sent to `url`."
    )
    enabled: bool = Field(default=True, description="Whether it acts at all.")
    priority: int = Field(
        default=0, ge=-1000, le=1000, description="Of two rules that contradict each other the higher one wins."
    )
    product_ids: Ids = Field(
        default_factory=list,
        description="Products or groups: of a pin, a replacement and a manual list, in this order.",
    )
    products: Filter | None = Field(
        default=None, description="Of boost, bury, hide and filter: which products, by what they are."
    )
    rank: int = Field(
        default=1, ge=1, le=COUNT_MAX, description="Of a pin: place of the first product, from 1; others follow it."
    )
    multiply: float | None = Field(
        default=None,
        ge=0,
        le=100,
        description="Of boost (above 1; 2 where absent) and bury (below 1; 0.1 where absent).",
    )
    own_page: bool = Field(
        default=False,
        description="Of hide: whether the product's own page is closed, too; else who has the link sees it.",
    )
    url: str | None = Field(
        default=None, max_length=2000, description="Of redirect: an http(s) address, or a path that begins with /."
    )
    placements: list[Placement] = Field(
        default_factory=list, max_length=6, description="Where it acts; wherever its kind can where empty."
    )
    category: Words = Field(
        default_factory=list,
        description='The list is of this category, or beside a product of it: a level ("Shoes") or a path.',
    )
    query: Words = Field(default_factory=list, description="What is searched for: words, without regard to case.")
    match: Match = Field(default="contains", description="How `query` is compared with what is searched for.")
    segments: list[SegmentName] = Field(
        default_factory=list, max_length=SEGMENTS_MOST, description=f"Who asks: {SEGMENT_HELP}"
    )
    anchor_ids: Ids = Field(
        default_factory=list, description="Products the list stands beside: on their page, or in the cart."
    )
    valid_from: str | None = Field(
        default=None, max_length=40, description="ISO 8601, by the shop's clock (setting `timezone`)."
    )
    valid_until: str | None = Field(
        default=None, max_length=40, description="Likewise, the moment itself excluded; a day alone is included."
    )

    @property
    def called(self) -> str:
        """Its name in sentences."""
        return f"{self.name!r}" if self.name else f"{self.id!r}"

    @property
    def at(self) -> tuple[Placement, ...]:
        """Where it acts."""
        if self.placements:
            return tuple(self.placements)
        usual = PLACES_OF[self.kind]
        if self.query:
            return ("search",)
        return (tuple(one for one in usual if one in BESIDE) or BESIDE) if self.anchor_ids else usual

    @property
    def factor(self) -> float:
        """What it multiplies scores by."""
        return _FACTORS.get(self.kind, 1.0) if self.multiply is None else self.multiply

    @property
    def about(self) -> Filter:
        """The products that it is about."""
        wanted = self.products or Filter()
        return wanted if not self.product_ids else wanted.model_copy(update={"ids": self.product_ids})

    @property
    def narrowness(self) -> int:
        """How many conditions it has, where they are; a query that is the whole of what is asked counts twice."""
        given = (self.placements, self.category, self.query, self.segments, self.anchor_ids)
        dated = self.valid_from is not None or self.valid_until is not None
        return sum(bool(one) for one in given) + dated + (bool(self.query) and self.match == "is")

    def span_ms(self, zone: tzinfo) -> tuple[float, float]:
        """From which moment to before which it is valid: UTC ms, infinite where it does not say."""
        start = -float("inf") if self.valid_from is None else moment_ms(self.valid_from, zone)
        end = float("inf") if self.valid_until is None else moment_ms(self.valid_until, zone, whole_day=True)
        return start, end


def moment_ms(text: str, zone: tzinfo, *, whole_day: bool = False) -> int:
    """UTC ms of an ISO 8601 text, on the clock of `zone` where it names none. With `whole_day`, a day alone means its
    end. Raises `ValueError`.

    >>> moment_ms("2026-05-10", UTC, whole_day=True) - moment_ms("2026-05-10", UTC)
    86400000
    """
    text = text.strip()
    if len(text) <= 10:
        day = date.fromisoformat(text)
        moment = datetime.combine(day + timedelta(days=1) if whole_day else day, time(), zone)
    else:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
    return int(moment.astimezone(UTC).timestamp() * 1000)


def checked(rule: SavedRule, zone: tzinfo) -> SavedRule:
    """The rule, where it says something that can be done. Raises `RequestInvalid`."""
    for fault, allowed in _faults(rule, zone):
        raise RequestInvalid(
            f"Rule {rule.id!r} of kind {rule.kind.value} {fault}.",
            allowed=allowed,
            next_step="Correct it and save it again.",
        )
    return rule


def _faults(rule: SavedRule, zone: tzinfo) -> list[tuple[str, str]]:
    """What is wrong with it, each with what is allowed."""
    kind = rule.kind
    found: list[tuple[str, str]] = []
    if kind in IN_ORDER:
        if not rule.product_ids:
            found.append(("names no product", "`product_ids` names the products, in their order."))
        if len(rule.product_ids) > COUNT_MAX:
            found.append((f"names {len(rule.product_ids)} products", f"At most {COUNT_MAX} stand in one list."))
        if rule.products is not None:
            found.append(("has `products`", "Products at places are named one by one, in `product_ids`."))
    elif kind is not RuleKind.REDIRECT and not rule.product_ids and rule.products in (None, Filter()):
        found.append(("is about every product", "`products` is a filter that not everything meets, or `product_ids`."))
    if kind is RuleKind.REDIRECT:
        if rule.url is None or not _is_address(rule.url):
            found.append((f"leads to {rule.url!r}", "`url` is an http(s) address, or a path that begins with one /."))
        if not rule.query:
            found.append(("names no query", "`query` says what is searched for."))
        if rule.product_ids or rule.products is not None:
            found.append(("names products", "A redirect is of a query alone."))
    if rule.url is not None and kind is not RuleKind.REDIRECT:
        found.append(("has `url`", "An address is for rules of kind redirect."))
    if kind in (RuleKind.RELATED, RuleKind.COMPLEMENTARY) and not (rule.anchor_ids or rule.category):
        found.append(("says beside what in no field", "`anchor_ids` names the products, or `category` theirs."))
    if rule.multiply is not None and kind not in _FACTORS:
        found.append(("has `multiply`", "Scores are multiplied by rules of kind boost and bury."))
    elif (kind is RuleKind.BOOST and rule.factor <= 1) or (kind is RuleKind.BURY and rule.factor >= 1):
        found.append((f"multiplies by {rule.factor:g}", "A boost multiplies by more than 1, a bury by less."))
    if rule.rank != 1 and kind is not RuleKind.PIN:
        found.append(("has `rank`", "A place is for rules of kind pin."))
    if rule.own_page and kind is not RuleKind.HIDE:
        found.append(("has `own_page`", "A page is closed by rules of kind hide."))
    if astray := [one for one in rule.placements if one not in MAY_STAND[kind]]:
        found.append((f"acts at {', '.join(astray)}", f"It may act at {', '.join(MAY_STAND[kind])}."))
    found += _condition_faults(rule)
    try:
        start, end = rule.span_ms(zone)
    except (ValueError, OverflowError) as error:
        return [*found, (f"has a time that is none ({error})", "As in 2026-05-01 or 2026-05-01T09:00.")]
    if start >= end:
        found.append(("ends before it begins", "`valid_until` lies behind `valid_from`."))
    return found


def _condition_faults(rule: SavedRule) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if rule.query and "search" not in rule.at:
        found.append(("has `query` and does not act at search", "Only there anybody asks in words."))
    if rule.query and rule.placements and set(rule.placements) != {"search"}:
        found.append(("has `query` and acts elsewhere, too", "With `query`, `placements` is search alone, or absent."))
    if any(not tokens(one) for one in rule.query):
        found.append(("has a query without a word", "Each holds a letter or a digit."))
    if rule.anchor_ids and not any(one in BESIDE for one in rule.at):
        found.append(("has `anchor_ids` and stands beside nothing", f"Lists beside products are {', '.join(BESIDE)}."))
    return found


def _is_address(url: str) -> bool:
    """Whether a browser may be sent there: no script, and no other site by a path of two slashes."""
    if any(ord(letter) < 33 or letter == "\\" for letter in url):
        return False
    return url.startswith(("http://", "https://")) or (url.startswith("/") and not url.startswith("//"))
