"""The calls of a plan, one function a verb of the house: each adds what it found and what there is to say of it.

Everything here reads. What is shown comes from the shelf of this moment: titles, prices and stock are looked up when
the answer is made, and a product that can no longer be shown is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bottega.actions.assistant.hearing import key_of
from bottega.actions.assistant.narrowing import Narrowing, best_question
from bottega.actions.assistant.planning import Say, TurnPlan, VerbCall
from bottega.actions.assistant.reasons import leanings_of, reason_of
from bottega.actions.assistant.shapes import Button, SaidSource
from bottega.actions.assistant.speaking import Speaker
from bottega.actions.assistant.wish import KIND, ORDER, PRICE, search_text_of
from bottega.actions.catalogue.compare import CompareRequest, compare
from bottega.actions.recommend.find_similar import find_similar
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import AnsweredItem, RecommendationRequest, SimilarRequest
from bottega.actions.search.shapes import FacetValue, Hit, PhotoSearchRequest, SearchAnswer, SearchRequest
from bottega.actions.search.words import search_text
from bottega.actions.talks.presence import There, presence_of, told_of_presence
from bottega.catalogue.filter import Filter
from bottega.catalogue.product import Product
from bottega.errors import BottegaError
from bottega.languages.writing import writing
from bottega.models.dialogue.state import OpenQuestion, Shown, TalkState, WishPart
from bottega.prices import exponent
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload

__all__ = ["Doing", "FoundProduct"]

ROWS_TOLD = 5
"""Rows of a comparison that are said."""
OWN = frozenset(
    {"because_you_viewed", "because_you_bought", "because_you_saved", "because_in_your_cart", "you_said"}
    | {"goes_with_purchase", "time_to_restock", "new_in_taste"}
)
"""Reasons that rest on the shopper's own events."""
ASK_FROM = 8
"""So many products, and more than are shown, are worth a question."""
QUESTIONS_MOST = 3
"""Questions back in one talk, lest it be an interview."""


@dataclass(slots=True)
class FoundProduct:
    """One product to be shown."""

    product_id: str
    close: bool = False
    reasons: list[str] = field(default_factory=list)


@dataclass
class Doing:
    """One turn at work: `state` becomes the next one, the lists what is answered."""

    shop: OpenShop
    speaker: Speaker
    state: TalkState
    n: int
    shopper: str | None = None
    """The profile of who asks, where they agreed to personal answers."""
    photo: Upload | None = None
    text: list[str] = field(default_factory=list)
    found: list[FoundProduct] = field(default_factory=list)
    total: int = 0
    buttons: list[Button] = field(default_factory=list)
    sources: list[SaidSource] = field(default_factory=list)
    wants_person: bool = False
    lists: bool = False
    """Whether a list came of it, which the talk now points at."""

    def do(self, plan: TurnPlan) -> None:
        """All steps of a plan, in their order."""
        for step in plan.steps:
            if isinstance(step, Say):
                self.text.append(self.speaker.say(step.name, **step.given))
            else:
                _VERBS[step.verb](self, step)

    # what the shop sells

    def search(self, call: VerbCall) -> None:
        """The wish, or the page after; with a step, below or above the prices shown before."""
        if call.missing:
            self._missing(call)
            return
        answer = self._searched(self.state.wish, after=call.after)
        if call.step and not answer.total:
            order = "price_up" if call.step == "cheaper" else "price_down"
            edge = self._edge()
            wish = tuple(part for part in call.fallback if part.what != ORDER)
            self.state = replace(self.state, wish=(*wish, WishPart(ORDER, order, turn=self.state.turn)))
            answer = self._searched(self.state.wish)
            self.text.append(self.speaker.say(f"{call.step}.none", price=edge))
        elif call.step:
            self.text.append(self.speaker.count(call.step, answer.total, price=self._edge()))
        elif call.after:
            last = answer.next is None
            self.text.append(self.speaker.count("more.last" if last else "more", len(answer.items)))
        elif self.state.product_id:
            self._like(answer)
        else:
            self._count(answer)
        self._take_hits(answer.items, answer.close_from)
        self.total = answer.total
        self.state = replace(self.state, next=answer.next, listing="search")
        if not call.after and answer.total:
            self._ask_back(answer)

    def similar(self, call: VerbCall) -> None:
        """What is like a product."""
        [id_] = call.product_ids
        answer = find_similar(self.shop, SimilarRequest(product_id=id_, n=self.n))
        title = self._title(id_)
        self.text.append(self.speaker.say("similar" if answer.items else "similar.none", title=title))
        self._take_items(answer.items)
        self.state = replace(self.state, next=None, listing="")

    def recommend(self, call: VerbCall) -> None:
        """What may be for the shopper, or beside what is pointed at."""
        beside = list(call.product_ids)
        request = RecommendationRequest(
            placement="product" if beside else "home",
            product_ids=beside,
            shopper=self.shopper,
            n=call.after + self.n,
        )
        answer = recommend(self.shop, request)
        items = answer.items[call.after :]
        own = any(reason.code in OWN for item in items for reason in item.reasons[:1])
        if call.after:
            self.text.append(self.speaker.count("more", len(items)) if items else self.speaker.say("more.none"))
        elif beside:
            self.text.append(self.speaker.say("suggest.beside", title=self._title(beside[0])))
        else:
            self.text.append(self.speaker.say("suggest" if own else "suggest.anybody"))
        if own and not beside:
            self.sources.append(SaidSource(kind="events", text=self.speaker.say("source.events")))
        self._take_items(items)
        more = len(items) == self.n and not beside
        self.state = replace(self.state, next=call.after + self.n if more else None, listing="suggest" if more else "")

    def outfit(self, call: VerbCall) -> None:
        """What is worn with a product; where that is no garment, what is bought or looked at beside it."""
        from bottega.actions.closet.outfits import outfit
        from bottega.actions.closet.shapes import OutfitRequest

        [id_] = call.product_ids
        title = self._title(id_)
        try:
            request = OutfitRequest(product_id=id_, n=2, shopper=self.shopper, own_first=False)
            slots = outfit(self.shop, request).slots
        except BottegaError:  # no garment, or nothing here that sees
            slots = []
        for slot in slots:
            for one in slot.suggestions:
                if one.product_id is not None:
                    why = [reason for each in one.reasons[:1] if (reason := self._worn(each.code))]
                    self.found.append(FoundProduct(one.product_id, reasons=why))
        if not self.found:
            request_ = RecommendationRequest(placement="cart", product_ids=[id_], shopper=self.shopper, n=self.n)
            self._take_items(recommend(self.shop, request_).items)
        self.found = self.found[: self.n]
        self.text.append(self.speaker.say("look" if self.found else "look.none", title=title))
        self.lists = True
        self.state = replace(self.state, next=None, listing="")

    def closet(self, call: VerbCall) -> None:
        """What hangs in the shopper's closet, and what is like it."""
        from bottega.actions.closet.closet import closet_of
        from bottega.actions.closet.shapes import ClosetQuery

        if self.shopper is None:
            self.text.append(self.speaker.say("closet.nobody"))
            return
        entries = closet_of(self.shop, ClosetQuery(shopper=self.shopper, n=3)).items
        if not entries:
            self.text.append(self.speaker.say("closet.empty"))
            return
        things = [entry.tags["type"].value if "type" in entry.tags else entry.part for entry in entries[:ROWS_TOLD]]
        self.text.append(self.speaker.say("closet", things=self.speaker.listed(things)))
        self.sources.append(SaidSource(kind="closet", text=self.speaker.say("source.closet")))
        ids = dict.fromkeys(hit.product_id for entry in entries for hit in entry.like)
        self.found += [FoundProduct(id_) for id_ in list(ids)[: self.n]]
        self.lists = True
        self.state = replace(self.state, next=None, listing="")

    def compare(self, call: VerbCall) -> None:
        """Products side by side: what differs, then value by value."""
        ids = list(dict.fromkeys(call.product_ids))
        rows = [row for row in compare(self.shop, CompareRequest(product_ids=ids)).rows if row.differs]
        rows = [row for row in rows if row.attribute != "title"][:ROWS_TOLD]
        titles = [self._title(id_) for id_ in ids]
        if not rows:
            self.text.append(self.speaker.say("compare.same"))
        else:
            fields = self.speaker.listed([row.attribute.replace("_", " ") for row in rows])
            self.text.append(self.speaker.say("compare", fields=fields))
        for row in rows:
            said = []
            for id_, title in zip(ids, titles, strict=True):
                value = row.values[id_] or self.speaker.say("compare.unsaid")
                if row.attribute == "price" and (product := self._product(id_)) is not None:
                    value = self.speaker.price_of(product) or value
                said.append(self.speaker.say("compare.value", value=value, title=title))
            name = row.attribute.replace("_", " ")
            self.text.append(self.speaker.say("compare.row", field=name, values="; ".join(said)))
        self.sources += [
            SaidSource(kind="listing", text=title, product_id=id_) for id_, title in zip(ids, titles, strict=True)
        ]

    def look_at_photo(self, text: str) -> None:
        """What is on the shopper's photo, or like it but for the words."""
        from bottega.actions.search.photo import search_photo

        assert self.photo is not None
        answer = search_photo(self.shop, PhotoSearchRequest(photo=self.photo, but=text or None, n=self.n))
        regions = [region for region in answer.regions if region.items]
        if not regions:
            remark = next((region.remark for region in answer.regions if region.remark), "")
            english = [remark] if remark and self.speaker.language == "en" else []
            self.text += [self.speaker.say("photo.none"), *english]
        elif len(regions) == 1:
            self.text.append(self.speaker.say("photo"))
        else:
            self.text.append(self.speaker.say("photo.several", n=str(len(regions))))
        share = max(self.n // max(len(regions), 1), 1)
        for region in regions:
            self.found += [FoundProduct(hit.product_id) for hit in region.items[:share]]
        self.found = self.found[: self.n]
        self.lists = True
        self.sources.append(SaidSource(kind="photo", text=self.speaker.say("source.photo")))
        self.state = replace(self.state, next=None, listing="", focus="", product_id="")

    # what others answer

    def person(self, call: VerbCall) -> None:
        """Somebody shall take the talk over; it waits for them from the end of this turn on. Where nobody is there, the
        shopper is told until when, and may leave a message."""
        now_ms = time.time_ns() // 1_000_000
        presence = presence_of(self.shop, now_ms)
        away = presence.there is There.AWAY
        told = told_of_presence(presence, self.speaker.language, now_ms) if away else self.speaker.say("person")
        if not self.wants_person:
            self.text.append(told)
        self.wants_person = True

    # parts of these

    def _searched(self, wish: Sequence[WishPart], *, after: int = 0, n: int | None = None) -> SearchAnswer:
        text = search_text_of(wish, self.state.language)
        order = next((part.words for part in wish if part.what == ORDER), "relevance")
        own = {"personal": True, "shopper": self.shopper} if self.shopper and order == "relevance" else {}
        request = {
            "text": text,
            "product_id": self.state.product_id or None,
            "filter": None if text or self.state.product_id else Filter(),
            "sort": order,
            "after": after,
            "n": n or self.n,
            "facets": not after and n is None,
            **own,
        }
        return search_text(self.shop, SearchRequest.model_validate(request))

    def _count(self, answer: SearchAnswer) -> None:
        """How many there are, over the whole shelf, and what the cheapest of them costs."""
        wish = self.speaker.wish(self.state.wish)
        order = next((part.words for part in self.state.wish if part.what == ORDER), "")
        self.sources.append(SaidSource(kind="catalogue", text=self.speaker.say("source.catalogue")))
        if not answer.total:
            self.text.append(self.speaker.say("none" if answer.items else "none.nothing", wish=wish))
            self._left_away(answer)
            return
        first = self._product(answer.items[0].product_id)
        if order and first is not None and first.price_minor is not None:
            name = "found.cheapest" if order == "price_up" else "found.dearest"
            price = self.speaker.price_of(first)
            self.text.append(self.speaker.say(name, n=str(answer.total), title=first.title, price=price))
            return
        if answer.total == 1 and first is not None:
            price = self.speaker.price_of(first)
            name = "found" if price else "found.priceless"
            given = {"price": price} if price else {}
            self.text.append(self.speaker.count(name, 1, wish=wish, title=first.title, **given))
            return
        cheapest = self._cheapest()
        if not wish and cheapest:
            self.text.append(self.speaker.say("found.all", n=str(answer.total), price=cheapest))
        elif cheapest:
            self.text.append(self.speaker.count("found", answer.total, wish=wish, price=cheapest, title=""))
        else:
            self.text.append(self.speaker.count("found.priceless", answer.total, wish=wish, title=""))

    def _cheapest(self) -> str:
        wish = (*(part for part in self.state.wish if part.what != ORDER), WishPart(ORDER, "price_up"))
        items = self._searched(wish, n=1).items
        product = self._product(items[0].product_id) if items else None
        return self.speaker.price_of(product) if product is not None else ""

    def _missing(self, call: VerbCall) -> None:
        """A kind of thing that the shop has not; what most choose of the nearest kind that it has."""
        answer = search_text(self.shop, SearchRequest(text=call.missing, n=self.n))
        near = answer.help.popular if answer.help is not None and answer.help.kinds else []
        self.sources.append(SaidSource(kind="catalogue", text=self.speaker.say("source.catalogue")))
        self.text.append(self.speaker.say("none.kind", kind=call.missing))
        if answer.help is not None and near:
            kinds = self.speaker.listed([kind.label for kind in answer.help.kinds[:3]])
            self.text.append(self.speaker.say("none.kinds", kinds=kinds))
        self._take_hits(near, 0)
        self.state = replace(self.state, wish=(), next=None, listing="", product_id="")

    def _left_away(self, answer: SearchAnswer) -> None:
        """Which part of the wish stands in the way, where leaving one away finds something."""
        helped = max(answer.help.left_away, key=lambda one: one.total, default=None) if answer.help else None
        if helped is None or not helped.changed:
            return
        changed = helped.changed
        part = next((one for one in self.state.wish if changed in one.words or one.words in changed), None)
        if part is None:
            return
        words = self.speaker.part(part)
        self.text.append(self.speaker.say("none.without", words=words, n=str(helped.total)))
        place = self.state.wish.index(part) + 1
        self.buttons.append(Button(value=f"drop:{place}", label=self.speaker.say("button.drop", words=words)))

    def _like(self, answer: SearchAnswer) -> None:
        title, words = self._title(self.state.product_id), self.speaker.wish(self.state.wish)
        if answer.total:
            self.text.append(self.speaker.say("like.found", title=title, words=words, n=str(answer.total)))
            return
        nearest = [value for moved in (answer.like.changed if answer.like else []) for value in moved.nearest]
        given = {"title": title, "words": words}
        if nearest:
            self.text.append(self.speaker.say("like.nearest", nearest=self.speaker.listed(nearest[:3]), **given))
        else:
            self.text.append(self.speaker.say("like.none", **given))

    def _edge(self) -> str:
        """The price that the newest part about prices is measured by."""
        words = next((part.words for part in reversed(self.state.wish) if part.what == PRICE), "")
        amount = float(words.split()[-1]) if words else 0.0
        step = 0.01 if words.startswith("under") else -0.01
        return self.speaker.whole(amount + step)

    def _ask_back(self, answer: SearchAnswer) -> None:
        """The one question that narrows best, where any is worth a turn."""
        state = self.state
        few = answer.total < ASK_FROM or answer.total <= self.n
        if few or state.asked is not None or len(state.asked_before) >= QUESTIONS_MOST:
            return
        known = [*state.asked_before, *(part.what for part in state.wish)]
        question = best_question(answer.facets, answer.total, known=self._as_facets(known, answer))
        if question is None:
            return
        self._put(question)

    def _as_facets(self, known: Sequence[str], answer: SearchAnswer) -> list[str]:
        taken = {*known, *({"category"} if KIND in known else ())}
        return [facet.name for facet in answer.facets if facet.name in taken or key_of(facet.name) in taken]

    def _put(self, question: Narrowing) -> None:
        """Ask; what each option stands for is kept in the state, so that a button is no more than its number."""
        key = key_of(question.field)
        name = f"ask.{key}"
        label = writing(self.speaker.language).labels.get(key, question.field.replace("_", " "))
        asked = self.speaker.say(name) if self.speaker.can(name) else self.speaker.say("ask.field", label=label)
        self.text.append(asked)
        self.buttons += [
            Button(value=f"choose:{place}", label=f"{self._label_of(value)} ({value.count})")
            for place, value in enumerate(question.values, start=1)
        ]
        before = (*self.state.asked_before, question.field)
        options = tuple(self._words_of(value) for value in question.values)
        self.state = replace(self.state, asked=OpenQuestion(key_of(question.field), options), asked_before=before)

    def _label_of(self, value: FacetValue) -> str:
        return self.speaker.price_words(self._words_of(value)) if value.price_minor is not None else value.label

    def _words_of(self, value: FacetValue) -> str:
        """What somebody would say for a value."""
        if (price := value.price_minor) is not None:
            digits = 10 ** exponent(self.speaker.currency)
            if price.min is None or price.max is None:
                end = "under" if price.min is None else "over"
                return f"{end} {(price.max or price.min or 0) / digits:.2f}"
            return f"between {price.min / digits:.2f} and {price.max / digits:.2f}"
        return value.value.rpartition(" > ")[2]

    def _take_hits(self, hits: Sequence[Hit], close_from: int) -> None:
        self.lists = True
        why = leanings_of(self.shop, self.shopper, [hit.product_id for hit in hits], self.speaker)
        for place, hit in enumerate(hits):
            self.found.append(
                FoundProduct(hit.product_id, close=place >= close_from, reasons=why.get(hit.product_id, []))
            )

    def _take_items(self, items: Sequence[AnsweredItem]) -> None:
        self.lists = True
        for item in items:
            said = [words for reason in item.reasons[:1] if (words := reason_of(reason, self.speaker))]
            self.found.append(FoundProduct(item.product_id, reasons=said))

    def _worn(self, code: str) -> str:
        name = {"colour_harmony": "why.colours", "worn_together": "why.worn"}.get(code, f"why.{code}")
        return self.speaker.say(name) if self.speaker.can(name) else ""

    def _product(self, id_: str) -> Product | None:
        with self.shop.floor() as floor:
            return floor.shelf.get(id_)

    def _title(self, id_: str) -> str:
        product = self._product(id_)
        return product.title if product is not None else id_

    def shown(self, ids: Sequence[str]) -> tuple[Shown, ...]:
        """What is shown, as the state keeps it."""
        return tuple(Shown(id_, self._title(id_)) for id_ in ids)


_VERBS: dict[str, Callable[[Doing, VerbCall], None]] = {
    "search": Doing.search,
    "similar": Doing.similar,
    "recommend": Doing.recommend,
    "outfit": Doing.outfit,
    "closet": Doing.closet,
    "compare": Doing.compare,
    "person": Doing.person,
}
