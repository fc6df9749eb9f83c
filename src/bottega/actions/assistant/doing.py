"""The calls of a plan, one function a verb of the house: each adds what it found and what there is to say of it.

Everything here reads. What is shown comes from the shelf of this moment: titles, prices and stock are looked up when
the answer is made, and a product that can no longer be shown is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bottega.actions.assistant.fact_answers import answer_question
from bottega.actions.assistant.finding import TurnFinding
from bottega.actions.assistant.hearing import key_of
from bottega.actions.assistant.saying_facts import label_of
from bottega.actions.assistant.shapes import SaidSource, TalkComparedRow, TalkComparison
from bottega.actions.assistant.speaking import called
from bottega.actions.assistant.turn_plan import Say, TurnPlan, VerbCall
from bottega.actions.assistant.turn_work import FoundProduct
from bottega.actions.catalogue.compare import ComparedRow, CompareRequest, compare
from bottega.actions.recommend.find_similar import find_similar
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest, SimilarRequest
from bottega.actions.search.shapes import PhotoSearchRequest, SearchRequest
from bottega.actions.search.words import search_text
from bottega.actions.talks.presence import There, presence_of, told_of_presence
from bottega.errors import BottegaError
from bottega.models.dialogue.asked_words import asked_words
from bottega.models.dialogue.state import OpenQuestion

__all__ = ["Doing"]

NAMED_MOST = 3
"""Products that words may fit to be said to name them."""
LETTERS = "ABCDEFGH"
"""What compared products are called, so that each title is said once."""
ROWS_TOLD = 5
"""Rows of a comparison that are said."""
OWN = frozenset(
    {
        "because_you_viewed",
        "because_you_bought",
        "because_you_saved",
        "because_you_tried_on",
        "because_in_your_cart",
        "you_said",
    }
    | {"goes_with_purchase", "time_to_restock", "new_in_taste"}
)
"""Reasons that rest on the shopper's own events."""


@dataclass
class Doing(TurnFinding):
    """One turn at work: `state` becomes the next one, the lists what is answered."""

    def do(self, plan: TurnPlan) -> None:
        """All steps of a plan, in their order."""
        for step in plan.steps:
            if isinstance(step, Say):
                self.text.append(self.speaker.say(step.name, **step.given))
            else:
                _VERBS[step.verb](self, step)

    def similar(self, call: VerbCall) -> None:
        """What is like a product."""
        [id_] = call.product_ids
        answer = find_similar(self.shop, SimilarRequest(product_id=id_, n=self.n))
        title = self.title(id_)
        self.text.append(self.speaker.say("similar" if answer.items else "similar.none", title=called(title)))
        self.take_items(answer.items)
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
            self.text.append(self.speaker.say("suggest.beside", title=called(self.title(beside[0]))))
        else:
            self.text.append(self.speaker.say("suggest" if own else "suggest.anybody"))
        if own and not beside:
            self.sources.append(SaidSource(kind="events", text=self.speaker.say("source.events")))
        self.take_items(items)
        more = len(items) == self.n and not beside
        self.state = replace(self.state, next=call.after + self.n if more else None, listing="suggest" if more else "")

    def outfit(self, call: VerbCall) -> None:
        """What is worn with a product; where that is no garment, what is bought or looked at beside it."""
        from bottega.actions.closet.outfits import outfit
        from bottega.actions.closet.shapes import OutfitRequest

        [id_] = call.product_ids
        title = self.title(id_)
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
            self.take_items(recommend(self.shop, request_).items)
            for found in self.found:  # "goes with ..." is said once, above them
                found.reasons = [reason for reason in found.reasons if title not in reason]
        self.found = self.found[: self.n]
        self.text.append(self.speaker.say("look" if self.found else "look.none", title=called(title)))
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
        titles = [self.title(id_) for id_ in ids]
        asked = asked_words(self.speaker.language)
        if not rows:
            self.text.append(self.speaker.say("compare.same"))
        else:
            named = [
                self.speaker.say("compare.value", value=title, letter=one)
                for title, one in zip(titles, LETTERS, strict=False)
            ]
            self.text.append(self.speaker.say("compare", titles=self.speaker.listed(named)))
        table = [self._compared_row(row, ids, label_of(key_of(row.attribute), asked)) for row in rows]
        for one in table:
            said = [
                self.speaker.say("compare.value", value=value or self.speaker.say("compare.unsaid"), letter=letter)
                for value, letter in zip(one.values, LETTERS, strict=False)
            ]
            self.text.append(self.speaker.say("compare.row", field=one.label, values="; ".join(said)))
            self.standing.add(str(self.text[-1]))
        self.compared = TalkComparison(product_ids=ids, titles=titles, rows=table)
        self.sources += [
            SaidSource(kind="listing", text=title, product_id=id_) for id_, title in zip(ids, titles, strict=True)
        ]

    def _compared_row(self, row: ComparedRow, ids: Sequence[str], label: str) -> TalkComparedRow:
        values = [row.values[id_] or "" for id_ in ids]
        if row.attribute == "price":
            products = [self.product(id_) for id_ in ids]
            values = [
                (self.speaker.price_of(product) if product is not None else "") or value
                for product, value in zip(products, values, strict=True)
            ]
        return TalkComparedRow(attribute=row.attribute, label=f"{label[:1].upper()}{label[1:]}", values=values)

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

    def facts(self, call: VerbCall) -> None:
        """A fact of products, with where it stands; of one that is named and was never shown, after looking for it."""
        rules = call.verb == "policy"  # the shop's rules are about no product: what is shown stays so
        ids = call.product_ids or (() if rules else self._named(call.command.words))
        if ids and not call.product_ids:
            self.found += [FoundProduct(id_) for id_ in ids]
            self.lists = True
            focus = ids[0] if len(ids) == 1 else ""
            self.state = replace(self.state, focus=focus, next=None, listing="")
        answer = answer_question(self.shop, ids, call.command, self.speaker.language, noted=not self.draft)
        self.text.append(answer.text)
        if not answer.is_plain:
            self.standing.add(answer.text)
        self.kept += [one for statement in answer.statements for one in statement.values]
        self.kept += [source.said for source in answer.sources]
        self.unsaid = self.unsaid or not answer.known
        for source in answer.sources:
            quoted = bool(source.place) and source.said in answer.text  # is not said twice
            text = source.place if quoted else ": ".join(filter(None, (source.place, source.said)))
            self.sources.append(SaidSource(kind=source.kind, text=text, product_id=source.product_id or None))
        if answer.offers_person and "person" not in self.state.asked_before:
            before = (*self.state.asked_before, "person")
            self.state = replace(self.state, asked=OpenQuestion("person", ("yes", "no")), asked_before=before)

    def _named(self, words: str) -> tuple[str, ...]:
        """The few products that words name; none where they fit many."""
        answer = search_text(self.shop, SearchRequest(text=words[:500], n=NAMED_MOST + 1))
        found = [hit.product_id for hit in answer.items[: answer.close_from]]
        return tuple(found) if len(found) <= NAMED_MOST else ()

    def person(self, call: VerbCall) -> None:
        """Somebody shall take the talk over; it waits for them from the end of this turn on. Where nobody is there, the
        shopper is told until when, and may leave a message."""
        now_ms = time.time_ns() // 1_000_000
        presence = presence_of(self.shop, now_ms)
        away = presence.there is There.AWAY
        told = told_of_presence(presence, self.speaker.language, now_ms) if away else self.speaker.say("person")
        if not self.wants_person:
            self.text.append(told)
            self.standing.add(told)
        self.wants_person = True

    def _worn(self, code: str) -> str:
        name = {"colour_harmony": "why.colours", "worn_together": "why.worn"}.get(code, f"why.{code}")
        return self.speaker.say(name) if self.speaker.can(name) else ""


_VERBS: dict[str, Callable[[Doing, VerbCall], None]] = {
    "search": Doing.search,
    "similar": Doing.similar,
    "recommend": Doing.recommend,
    "outfit": Doing.outfit,
    "closet": Doing.closet,
    "compare": Doing.compare,
    "facts": Doing.facts,
    "policy": Doing.facts,
    "person": Doing.person,
}
