"""Rules in plain words: what each kind does, where it acts, when, and what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from bottega.prices import price_written
from bottega.shop.rules.rule import RuleKind, SavedRule
from bottega.shop.segments.names import SEGMENT_TITLES, segment_title

__all__ = [
    "FIELDS",
    "KINDS",
    "MATCHES",
    "PLACES",
    "SEGMENTS",
    "SHOWN_AS",
    "RuleSaid",
    "about",
    "listed",
    "when",
    "where",
]


class RuleSaid(NamedTuple):
    """What a kind of rule is called, and what it does."""

    title: str
    does: str
    example: str


KINDS: dict[str, RuleSaid] = {
    RuleKind.PIN: RuleSaid("Pin", "Products at fixed places of a list.", "The rose bouquet first, for Mother's Day."),
    RuleKind.BOOST: RuleSaid("Boost", "Products further up, where they suit the shopper at all.", "Our own brand."),
    RuleKind.BURY: RuleSaid("Bury", "Products further down.", "What has a small margin."),
    RuleKind.HIDE: RuleSaid("Hide", "Products that no list shows.", "What was recalled."),
    RuleKind.FILTER: RuleSaid("Filter", "Nothing else is shown.", "In the cart nothing above 20."),
    RuleKind.REPLACE: RuleSaid(
        "Replace", "A list that is made by hand, and nothing else.", "The home page of a launch."
    ),
    RuleKind.RELATED: RuleSaid("Related", "First of what is like a product.", "The new model beside the old one."),
    RuleKind.COMPLEMENTARY: RuleSaid("Goes with", "First of what goes with a product.", "The case with the phone."),
    RuleKind.REDIRECT: RuleSaid("Redirect", "A search that leads to a page.", "“Returns” to the page about them."),
}
PLACES = {
    "home": "home page",
    "product": "product pages",
    "cart": "cart",
    "category": "category pages",
    "similar": "similar products",
    "search": "search",
}
SEGMENTS = dict(SEGMENT_TITLES)
MATCHES = {
    "contains": "holds these words",
    "starts_with": "begins with these words",
    "is": "is just these words",
}
FIELDS = {
    "enabled": "whether it acts",
    "product_ids": "products",
    "products": "which products",
    "rank": "place",
    "multiply": "how much",
    "own_page": "own pages",
    "url": "where it leads",
    "placements": "where",
    "query": "searches",
    "match": "how searches are compared",
    "segments": "for whom",
    "anchor_ids": "beside which products",
    "valid_from": "first day",
    "valid_until": "last day",
}
"""Fields of a rule, where they are called otherwise."""
SHOWN_AS = {"in force": "good", "later": "plain", "off": "warn", "over": "plain"}
"""Kinds of badges, by how a rule stands."""
_NAMED = 3


def listed(names: Sequence[str], joint: str = "and") -> str:
    """Names in a sentence.

    >>> listed(["a", "b", "c", "d", "e"])
    'a, b, c and 2 more'
    """
    shown = list(names[:_NAMED])
    if len(names) > _NAMED:
        return f"{', '.join(shown)} and {len(names) - _NAMED} more"
    return f" {joint} ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def about(rule: SavedRule, titles: Mapping[str, str], currency: str) -> str:
    """The products that it is about, or where it leads."""
    if rule.kind is RuleKind.REDIRECT:
        return f"to {rule.url}"
    named = listed([titles.get(name, name) for name in rule.product_ids])
    if rule.kind is RuleKind.PIN:
        return f"{named}, from place {rule.rank} on" if len(rule.product_ids) > 1 else f"{named}, at place {rule.rank}"
    said = [named] if named else []
    wanted = rule.products
    if wanted is not None:
        said += [listed(each, "or") for each in (wanted.category, wanted.brand, wanted.ids) if each]
        said += [f"{name} {listed(values, 'or')}" for name, values in (wanted.attributes or {}).items()]
        if (price := wanted.price_minor) is not None:
            said += [f"from {price_written(price.min, currency, 'en')}"] if price.min is not None else []
            said += [f"up to {price_written(price.max, currency, 'en')}"] if price.max is not None else []
        said += [listed([one.value for one in wanted.availability], "or")] if wanted.availability else []
        said += ["but for some that a program left out"] if wanted.not_ is not None else []
    if rule.kind in (RuleKind.BOOST, RuleKind.BURY):
        return f"{', '.join(said)}: scores times {rule.factor:g}"
    return ", ".join(said)


def where(rule: SavedRule, titles: Mapping[str, str]) -> str:
    """On which lists, for whom."""
    said = [listed([PLACES[one] for one in rule.at]) if len(rule.at) < len(PLACES) else "everywhere"]
    if rule.category:
        said.append(f"in {listed(rule.category, 'or')}")
    if rule.query:
        said.append(f"where a search {MATCHES[rule.match]}: {listed(rule.query, 'or')}")
    if rule.anchor_ids:
        said.append(f"beside {listed([titles.get(name, name) for name in rule.anchor_ids], 'or')}")
    if rule.segments:
        said.append(f"for {listed([segment_title(one) for one in rule.segments], 'or')}")
    return ", ".join(said)


def when(rule: SavedRule) -> str:
    """From when until when, as it was said."""
    start, end = _day(rule.valid_from), _day(rule.valid_until)
    if start and end:
        return f"{start} to {end}"
    return f"from {start} on" if start else f"until {end}" if end else "always"


def _day(text: str | None) -> str:
    if text is None:
        return ""
    day = date.fromisoformat(text.strip()[:10])
    told = f"{day.day} {day:%b %Y}"
    return told if len(text.strip()) <= 10 else f"{told}, {datetime.fromisoformat(text.strip()):%H:%M}"
