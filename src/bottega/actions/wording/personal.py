"""Whose text it is: the facts that a shopper leans to stand first, each with the events of theirs that say so.

The same facts are said to everybody. Without a shopper, and with one of whom nothing is known or who did not agree to
personal answers, the text is everybody's. Nothing of it is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bottega.actions.wording.shapes import ChoiceEvent, ChoiceInfo, PersonalText
from bottega.models.wording.facts import FactSheet
from bottega.models.wording.leading import CALLED
from bottega.models.wording.text import Text
from bottega.models.wording.why_words import why_of
from bottega.names import KindCode
from bottega.shop.open_shop import OpenShop

if TYPE_CHECKING:  # who asks for nobody's text loads no model of taste
    from bottega.shop.leanings import Leaning, Leanings

__all__ = ["Whose", "choices_of"]

EVENTS_TOLD = 5
"""Events that a choice names."""
_DEED_OF = {
    KindCode.PURCHASE: "purchase",
    KindCode.ADD_TO_CART: "cart",
    KindCode.WISHLIST: "wishlist",
    KindCode.RATE: "rate",
    KindCode.TRY_ON: "view",
    KindCode.VIEW: "view",
    KindCode.CLICK: "view",
}
"""What a kind of event is called as a reason."""


class Whose:
    """One shopper, as texts ask about them."""

    def __init__(self, shop: OpenShop, shopper: str | None, language: str) -> None:
        """`language`: that of the shop's listings; `shopper`: None for an id that names nobody."""
        self._leanings: Leanings | None = None
        self.told = PersonalText(shopper=shopper, basis="nothing known")
        if shopper is None:
            return
        name = shop.profile(shopper)
        if not shop.consents.personal(name):
            self.told = PersonalText(shopper=name, basis="no consent")
            return
        from bottega.shop.leanings import Leanings

        with shop.floor() as floor:
            found = Leanings(floor, name, language)
        self._leanings = found
        self.told = PersonalText(
            shopper=name,
            basis="events" if found.events_known else "declared" if found.declared else "nothing known",
            events_known=found.events_known,
        )

    def leans_to(self, sheet: FactSheet) -> list[Leaning]:
        """The facts of a product that stand first for them."""
        return self._leanings.of(sheet) if self._leanings is not None else []

    def why(self, leanings: Sequence[Leaning], text: Text, sheet: FactSheet) -> PersonalText:
        """What the answer says of one product: each choice, where it stands in the text, and why, in its language."""
        return self.told.model_copy(update={"choices": choices_of(leanings, text, sheet)})


def choices_of(leanings: Sequence[Leaning], text: Text, sheet: FactSheet) -> list[ChoiceInfo]:
    """What a text says first for somebody, then the others by how much they are leant to."""
    choices = [_choice(one, text, sheet) for one in leanings if one.fact in text.facts]
    return sorted(choices, key=lambda choice: not choice.first)


def _choice(one: Leaning, text: Text, sheet: FactSheet) -> ChoiceInfo:
    slots = [slot for sentence in text.sentences for slot in sentence.slots if slot.facts and slot.key not in CALLED]
    first = bool(slots) and one.fact.name in slots[0].facts
    done = Counter(_DEED_OF[event.kind] for event in one.events if event.kind in _DEED_OF)
    return ChoiceInfo(
        fact=one.fact.name,
        key=one.fact.key,
        value=one.fact.whole,
        lift=round(one.lift, 2),
        declared=one.declared,
        products=len(one.events),
        events=[
            ChoiceEvent(product_id=event.product_id, kind=event.kind.kind, time_ms=event.time_ms)
            for event in one.events[:EVENTS_TOLD]
        ],
        first=first,
        why=why_of(sheet, one.fact, text.language, first=first, declared=one.declared, done=done),
    )
