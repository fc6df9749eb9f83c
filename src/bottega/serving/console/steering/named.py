"""A category or a brand that is typed: the one that is meant, or those that it could be."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from bottega.errors import RequestInvalid
from bottega.serving.console.steering.rule_form import NEXT

__all__ = ["MeantName", "named"]

OFFERED_MOST = 6


class MeantName(NamedTuple):
    """What came of a name that was typed."""

    name: str
    """As the shop writes it; empty where it has none such."""
    offers: list[str]
    """What was perhaps meant."""

    def refusal(self, typed: str, kind: str) -> RequestInvalid:
        """In words, for a `kind` (category, brand) that the shop does not have."""
        like = f"Like it: {'; '.join(self.offers)}." if self.offers else "None is like it."
        return RequestInvalid(f"The shop has no {kind} “{typed[:100]}”.", allowed=like, next_step=NEXT)


def named(typed: str, known: Collection[str]) -> MeantName:
    """Capital letters and blanks do not matter. Where nothing is known at all, it is taken as it is.

    >>> named("home", ["Home", "Home > Candles"]).name
    'Home'
    >>> named("candl", ["Home", "Home > Candles"])
    MeantName(name='', offers=['Home > Candles'])
    """
    if not known:
        return MeantName(typed, [])
    wanted = _plain(typed)
    found = next((one for one in known if _plain(one) == wanted), "")
    like = [one for one in known if wanted in _plain(one)]
    return MeantName(found, [] if found else sorted(like, key=lambda one: (len(one), one))[:OFFERED_MOST])


def _plain(name: str) -> str:
    return " ".join(name.replace(">", " > ").split()).casefold()
