"""How the assistant puts things: sentences of its language, prices, the wish in words. Nothing is chosen here."""

from __future__ import annotations

from collections.abc import Sequence

from babel.lists import format_list

from bottega.actions.assistant.wish import KIND, ORDER, PRICE
from bottega.catalogue.product import Product
from bottega.languages.fold import fold
from bottega.languages.talking import talking
from bottega.models.dialogue.state import WishPart
from bottega.models.search.prices import bounds_in
from bottega.prices import exponent, price_written

__all__ = ["Speaker", "called"]

CALLED_MOST = 60
"""Letters of a title within a sentence; the whole one stands beside the picture."""
_ENDS = (" - ", " | ", ", ", " (", "; ")
"""Where what a title calls a product ends, and what is said of it begins."""
THING_FIRST = frozenset({"es", "fr", "it"})
"""Languages in which the thing stands before what it is like."""


def called(title: str) -> str:
    """What a product is called within a sentence: a long title up to what it says of the product, or some words of it.

    >>> called("Oak lamp")
    'Oak lamp'
    >>> called("Urban Step Thru Electric Bike Up to 25MPH Fat Tire with 500W Motor, Lockable")
    'Urban Step Thru Electric Bike Up to 25MPH Fat Tire with …'
    """
    if len(title) <= CALLED_MOST:
        return title
    ends = [place for end in _ENDS if (place := title.find(end, CALLED_MOST // 4)) >= 0]
    if ends and min(ends) <= CALLED_MOST:
        return title[: min(ends)]
    return f"{title[:CALLED_MOST].rpartition(' ')[0] or title[:CALLED_MOST]} …"


class Speaker:
    """Speaks one language. `seed`: of the talk and the turn; the same seed, the same words."""

    def __init__(self, language: str, seed: str, currency: str) -> None:
        self.language, self.seed, self.currency = language, seed, currency
        self.given: list[str] = []
        """What sentences were filled with so far."""
        self._talking = talking(language)

    def say(self, name: str, /, **given: str) -> str:
        """A sentence by its name."""
        self.given += given.values()
        return self._talking.say(name, seed=self.seed, **given)

    def count(self, name: str, n: int, /, **given: str) -> str:
        """A sentence of a count."""
        self.given += given.values()
        return self._talking.count(name, n, seed=self.seed, **given)

    def can(self, name: str) -> bool:
        """Whether there is such a sentence."""
        return self._talking.has(name)

    def money(self, minor: int | None, currency: str | None = None) -> str:
        """A price as people write it; empty for none."""
        return price_written(minor, currency or self.currency, self.language)

    def price_of(self, product: Product) -> str:
        """What a product costs, as people write it."""
        return self.money(product.price_minor, product.currency)

    def listed(self, words: Sequence[str]) -> str:
        """Words as a list with an "and"."""
        return str(format_list(list(words), locale=self.language))

    def wish(self, wish: Sequence[WishPart], like: str = "") -> str:
        """What is looked for, in words; `like`: the title of a product that it is like."""
        plain = [part for part in wish if not part.denied and part.what not in (KIND, PRICE, ORDER)]
        kinds = [part.words for part in wish if part.what == KIND and not part.denied]
        first = kinds if self.language in THING_FIRST else []
        said = [*first, *(part.words for part in plain), *([] if first else kinds)]
        said += [self.say("wish.like", title=like)] if like else []
        said += [self.say("wish.without", words=part.words) for part in wish if part.denied]
        said += [self.price_words(part.words) for part in wish if part.what == PRICE]
        return " ".join(said)

    def part(self, part: WishPart) -> str:
        """One part of it."""
        return self.wish((part,))

    def price_words(self, words: str) -> str:
        """Prices that a part of a wish says, as people say them in this language."""
        bounds, _ = bounds_in(fold(words))
        if bounds.least is not None and bounds.most is not None:
            return self.say("wish.between", least=self.whole(bounds.least), most=self.whole(bounds.most))
        if bounds.most is not None:
            return self.say("wish.under", price=self.whole(bounds.most))
        return self.say("wish.over", price=self.whole(bounds.least or 0.0))

    def whole(self, amount: float) -> str:
        """An amount in whole units of the shop's currency, as people write it."""
        digits = exponent(self.currency)
        return self.money(round(amount * 10**digits))
