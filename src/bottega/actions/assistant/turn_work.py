"""The table that a turn is worked on: what was found so far, what is to be said, and the state that it leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bottega.actions.assistant.reasons import leanings_of, reason_of
from bottega.actions.assistant.shapes import Button, SaidSource, TalkComparison
from bottega.actions.assistant.speaking import Speaker
from bottega.actions.recommend.shapes import AnsweredItem
from bottega.actions.search.shapes import Hit
from bottega.catalogue.product import Product
from bottega.models.dialogue.state import Shown, TalkState
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload

__all__ = ["FoundProduct", "TurnWork"]


@dataclass(slots=True)
class FoundProduct:
    """One product to be shown."""

    product_id: str
    close: bool = False
    reasons: list[str] = field(default_factory=list)


@dataclass
class TurnWork:
    """One turn at work: `state` becomes the next one, the lists what is answered."""

    shop: OpenShop
    speaker: Speaker
    state: TalkState
    n: int
    shopper: str | None = None
    """The profile of who asks, where they agreed to personal answers."""
    photo: Upload | None = None
    draft: bool = False
    """Whether it leaves no trace: a person may say it, or not."""
    text: list[str | Callable[[], None]] = field(default_factory=list)
    """What is said, in its order; what is called adds its own sentences there, once the products are out (`tell`)."""
    found: list[FoundProduct] = field(default_factory=list)
    compared: TalkComparison | None = None
    total: int = 0
    buttons: list[Button] = field(default_factory=list)
    sources: list[SaidSource] = field(default_factory=list)
    wants_person: bool = False
    unsaid: bool = False
    """Whether something was asked that nothing here says."""
    standing: set[str] = field(default_factory=set)
    """Sentences that are said as they stand, whoever else may put the others (own_words.py)."""
    kept: list[str] = field(default_factory=list)
    """What sources say: it stands in sentences letter by letter."""
    lists: bool = False
    """Whether a list came of it, which the talk now points at."""

    def tell(self) -> list[str]:
        """All that is said, sentence by sentence and none twice; what waited for it is worked out now."""
        waiting, told = self.text, list[str]()
        for one in waiting:
            if isinstance(one, str):
                told.append(one)
                continue
            self.text = []
            one()
            told += [said for said in self.text if isinstance(said, str)]
        self.text = list(told)
        return [one for one in dict.fromkeys(told) if one]

    def take_hits(self, hits: Sequence[Hit], close_from: int) -> None:
        """Show what a search found; behind the first `close_from` they only come near."""
        self.lists = True
        why = leanings_of(self.shop, self.shopper, [hit.product_id for hit in hits], self.speaker)
        for place, hit in enumerate(hits):
            self.found.append(
                FoundProduct(hit.product_id, close=place >= close_from, reasons=why.get(hit.product_id, []))
            )

    def take_items(self, items: Sequence[AnsweredItem]) -> None:
        """Show what a recommender found, each with its reason."""
        self.lists = True
        for item in items:
            said = [words for reason in item.reasons[:1] if (words := reason_of(reason, self.speaker))]
            self.found.append(FoundProduct(item.product_id, reasons=said))

    def product(self, id_: str) -> Product | None:
        """A product as it is at this moment."""
        with self.shop.floor() as floor:
            return floor.shelf.get(id_)

    def title(self, id_: str) -> str:
        """What a product is called."""
        product = self.product(id_)
        return product.title if product is not None else id_

    def shown(self, ids: Sequence[str]) -> tuple[Shown, ...]:
        """What is shown, as the state keeps it."""
        close = {one.product_id for one in self.found if one.close}
        return tuple(Shown(id_, self.title(id_), id_ in close) for id_ in ids)
