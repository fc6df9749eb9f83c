"""A reason in plain words, and the one sentence that a page says for several places with the same reason.

Idea     A title is named once in a sentence, however many products bear it, and what bears the title of the product
         shown is "another" one. A count is said with what was counted: never a claim without its number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bottega.models.recommend.last_mile.reasons import Reason

__all__ = ["head_noun", "sentence", "shared_sentence", "titles_named"]

_WORDS = {
    "because_you_viewed": "Because you looked at {}",
    "because_you_bought": "Because you bought {}",
    "because_you_saved": "Because you liked {}",
    "because_you_tried_on": "Because you tried on {}",
    "because_in_your_cart": "Because you put {} in your cart",
    "goes_with_purchase": "Goes with {}, which you bought",
    "time_to_restock": "Time to restock {}",
    "you_said": "You said you like {}",
    "goes_with": "Goes with {}",
    "instead_of": "Instead of {}",
    "similar_to": "Similar to {}",
    "new_in_taste": "New, and like {}",
}
_BESIDE = {
    "because_you_viewed": "Because you are looking at {}",
    "because_in_your_cart": "Because {} is in your cart",
}
"""What is said of the product on the page or in the cart."""
_DEEDS = {"cart": "had {} in the cart", "bought": "bought {}", "looked": "looked at {}"}
_NAMED = 2
"""So many products are named in a sentence."""
_BEFORE_DETAILS = re.compile(
    r"[,;:|(\[/–—]| - |\b(?:in|with|for|of|from|by|mit|aus|für|von|en|avec|pour|de|du|des|con|para|per|di|da|del)\b",
    re.IGNORECASE,
)
_SOME_NUMBER = 10


@lru_cache(1 << 16)
def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


@lru_cache(1 << 16)
def head_noun(title: str) -> str:
    """The word of a title that says what the thing is, as far as word order tells; titles that share it may be of one
    kind, whatever their categories.

    >>> head_noun("Ulby striped teapot in white, glossy"), head_noun("Teapots"), head_noun("Théière en grès")
    ('teapot', 'teapot', 'théière')
    """
    words = re.findall(r"[^\W\d_]+", _BEFORE_DETAILS.split(title.strip(), maxsplit=1)[0].casefold())
    found = words[-1] if words else _folded(title)
    return found.removesuffix("s") if len(found) > 3 else found


def titles_named(code: str, titles: Sequence[str], own_title: str = "") -> tuple[str, ...]:
    """What a sentence calls the products of a reason, strongest first: no title twice, and "another" before that of
    the product which it is the reason for."""
    own = _folded(own_title) if own_title and code != "time_to_restock" else None
    if len(titles) == 1:
        title = titles[0]
        return (f"another {title}" if _folded(title) == own else title,)
    named: dict[str, str] = {}
    for title in titles:
        folded = _folded(title)
        if folded not in named:
            named[folded] = f"another {title}" if folded == own else title
    return tuple(named.values())[:_NAMED]


def sentence(reason: Reason, named: Sequence[str], attributes: Sequence[str] = (), *, kinds: Sequence[str] = ()) -> str:
    """The reason in plain words; `named` are the `titles_named` of its products, `kinds` the names of kinds that were
    counted.

    >>> sentence(Reason("because_you_bought", positions=(0,)), ["Oak lamp"], ["colour: oak"])
    'Because you bought Oak lamp (colour: oak)'
    >>> sentence(Reason("popular", shoppers=41), [])
    'Chosen by 41 shoppers'
    """
    return _sentence([reason], named, attributes, kinds)


def shared_sentence(told: Sequence[Reason], named: Sequence[str], *, kinds: Sequence[str] = ()) -> str:
    """What several reasons of one group say together: what is true of all of them."""
    return _sentence(told, named, (), kinds)


def _sentence(told: Sequence[Reason], named: Sequence[str], attributes: Sequence[str], kinds: Sequence[str]) -> str:
    reason = told[0]
    if reason.code == "popular":
        return _popular([one.shoppers for one in told])
    if reason.code == "new":
        return "New in the shop"
    if reason.code == "pinned":
        return "Chosen by the shop"
    assert named, f"a reason {reason.code} names a product"
    words = _BESIDE.get(reason.code) if reason.anchor else None
    text = (words or _WORDS[reason.code]).format(" and ".join(named))
    if reason.pair is not None:
        text = f"{text}: {_counted(told, kinds, named)}"
    if not attributes:
        return text
    titles = {_folded(title.removeprefix("another ")) for title in named}
    details = {value: one for one in reversed(attributes) if (value := _folded(one.rpartition(": ")[2])) not in titles}
    different = list(details.values())[::-1][:3]
    return f"{text} ({', '.join(different)})" if different else text


def _popular(shoppers: Sequence[int]) -> str:
    least = min(shoppers)
    if least == 0:
        return "From the catalogue; no shopper has chosen it yet"
    more = " or more" if max(shoppers) > least else ""
    return f"Chosen by {_shoppers(least)}{more}"


def _shoppers(count: int) -> str:
    return f"{count} shopper{'s' if count != 1 else ''}"


def _counted(told: Sequence[Reason], kinds: Sequence[str], named: Sequence[str]) -> str:
    """The smallest of the counts, and of the times. A kind that is called as a product is not named beside it."""
    counts = [one.pair for one in told if one.pair is not None]
    least, times = min(one.shoppers for one in counts), min(one.times for one in counts)
    more = " or more" if max(one.shoppers for one in counts) > least else ""
    what = "both"
    if counts[0].of_kinds:
        titles = {_folded(title.removeprefix("another ")) for title in named}
        clear = len(kinds) == _NAMED and not any(_folded(kind) in titles for kind in kinds)
        what = " and ".join(kinds) if clear else "both kinds"
    return f"{_shoppers(least)}{more} {_DEEDS[counts[0].deed].format(what)}, {_times(times)} as often as by chance"


def _times(times: float) -> str:
    """Never more than it is.

    >>> _times(1.94), _times(2.04), _times(22.7)
    ('1.9 times', 'twice', '22 times')
    """
    whole = int(times) if times >= _SOME_NUMBER else int(times * 10 + 1e-6) / 10
    return "twice" if whole == 2 else f"{whole:g} times"
