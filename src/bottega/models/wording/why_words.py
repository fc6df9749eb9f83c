"""Why a fact stands first for one shopper, in the words of a language: what they said, and what they did.

The words are data (`[why]` in `languages/writing/<code>.txt`); they speak to the shopper as letters do, and of deeds by
their number alone, so that nothing has to agree with a product.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from babel import Locale
from babel.lists import format_list

from bottega.languages.writing import writing
from bottega.models.wording.facts import Fact, FactSheet
from bottega.models.wording.saying import Saying

__all__ = ["DEEDS", "why_of"]

DEEDS = ("purchase", "cart", "wishlist", "rate", "view")
"""What somebody may have done with products, what says most first."""


def why_of(sheet: FactSheet, fact: Fact, language: str, *, first: bool, declared: bool, done: Mapping[str, int]) -> str:
    """As in "Material “cotton” first, because you bought 1 and viewed 2 products with it."

    `done`: deed -> how many other products that have the fact; `declared`: whether they said that they like it. One of
    the two must be there.
    """
    words = writing(language).why
    label, value = Saying(sheet, language).labelled(fact)
    deeds = [(deed, done[deed]) for deed in DEEDS if done.get(deed)]
    did = ""
    if deeds:
        listed = [_by_number(f"deed.{deed}", n, language).replace("{n}", str(n)) for deed, n in deeds]
        did = words["did"].replace("{deeds}", _listed(listed, language))
        if "{products}" in did:
            did = did.replace("{products}", _by_number("products", deeds[-1][1], language))
    said = words["said"] if declared else ""
    because = words["both"].replace("{said}", said).replace("{did}", did) if said and did else said or did
    pattern = words["first" if first else "early"].replace("{because}", because)
    # The merchant's own words last: whatever stands in them is never read as a pattern.
    before, _, behind = pattern.partition("{value}")
    return before.replace("{label}", label) + value + behind


def _by_number(name: str, n: int, language: str) -> str:
    words = writing(language).why
    return words.get(f"{name}.{_locale(language).plural_form(n)}") or words[f"{name}.other"]


def _listed(some: list[str], language: str) -> str:
    """As in "bought 1 and viewed 2"; of three without the comma before the last that only English could have."""
    if len(some) < 3:
        return str(format_list(some, locale=language))
    return f"{', '.join(some[:-2])}, {format_list(some[-2:], locale=language)}"


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)
