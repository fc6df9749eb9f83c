"""Finding: the wish asked of the shop's search, counted over the whole shelf, and the one question back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from bottega.actions.assistant.hearing import all_said, key_of
from bottega.actions.assistant.narrowing import Narrowing, best_question
from bottega.actions.assistant.shapes import Button, SaidSource
from bottega.actions.assistant.speaking import called
from bottega.actions.assistant.turn_plan import VerbCall
from bottega.actions.assistant.turn_work import TurnWork
from bottega.actions.assistant.wish import KIND, ORDER, PRICE, search_text_of
from bottega.actions.search.shapes import FacetValue, SearchAnswer, SearchRequest
from bottega.actions.search.words import SaidInTalk, search_text
from bottega.catalogue.filter import Filter
from bottega.languages.writing import writing
from bottega.models.dialogue.state import OpenQuestion, TalkState, WishPart
from bottega.prices import exponent
from bottega.shop.open_shop import OpenShop

__all__ = ["TurnFinding", "searched"]

ASK_FROM = 8
"""So many products, and more than are shown, are worth a question."""
RECITED_MOST = 4
"""Parts of a wish that are said back where nothing is all of it; a longer one reads like no sentence."""
WORDS_RECITED_MOST = 8
"""Words by which something shall differ from a product that are said back."""
QUESTIONS_MOST = 3
"""Questions back in one talk, lest it be an interview."""


def searched(
    shop: OpenShop,
    state: TalkState,
    wish: Sequence[WishPart],
    *,
    after: int,
    n: int,
    shopper: str | None = None,
    facets: bool = False,
) -> SearchAnswer:
    """What the shop's search has for a wish, in the order of all that was said in the talk."""
    text = search_text_of(wish, state.language)
    order = next((part.words for part in wish if part.what == ORDER), "relevance")
    own = {"personal": True, "shopper": shopper} if shopper and order == "relevance" else {}
    request = {
        "text": text,
        "product_id": state.product_id or None,
        "filter": None if text or state.product_id else Filter(),
        "sort": order,
        "after": after,
        "n": n,
        "facets": facets and not after,
        **own,
    }
    heard = [one.words for one in state.said if not after or one.turn <= state.listed]
    said = SaidInTalk()
    if order == "relevance" and text:
        said = all_said(shop.search_index(look=False), heard, wish, state.language)
    return search_text(shop, SearchRequest.model_validate(request), said=said)


@dataclass
class TurnFinding(TurnWork):
    """The part of a turn that searches."""

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
            if not answer.close_from:
                self.text.append(self.speaker.say("more.close"))
            self.text.append(self.speaker.count("more.last" if last else "more", len(answer.items)))
        elif self.state.product_id:
            self.text.append(partial(self._like, answer))
        else:
            self.text.append(partial(self._count, answer))
        self.take_hits(answer.items, answer.close_from)
        self.total = answer.total
        listed = self.state.listed if call.after else self.state.turn
        self.state = replace(self.state, next=answer.next, listing="search", listed=listed)
        if not call.after and answer.total:
            self.text.append(partial(self._ask_back, answer))

    def _searched(self, wish: Sequence[WishPart], *, after: int = 0, n: int | None = None) -> SearchAnswer:
        order = next((part.words for part in wish if part.what == ORDER), "relevance")
        answer = searched(
            self.shop, self.state, wish, after=after, n=n or self.n, shopper=self.shopper, facets=n is None
        )
        if order == "relevance" or not answer.close_from or after + answer.close_from < answer.total:
            return answer
        # In the order of prices, what only comes near is whatever the shop has that is cheap, or dear.
        return answer.model_copy(update={"items": answer.items[: answer.close_from], "next": None})

    def _count(self, answer: SearchAnswer) -> None:
        """How many there are, over the whole shelf, and what the cheapest of them costs."""
        wish = self.speaker.wish(self.state.wish)
        order = next((part.words for part in self.state.wish if part.what == ORDER), "")
        self.sources.append(SaidSource(kind="shelf", text=self.speaker.say("source.catalogue")))
        if not answer.total:
            recited = len(self.state.wish) <= RECITED_MOST
            name = "none" if recited else "none.long"
            self.text.append(self.speaker.say(name if answer.items else "none.nothing", wish=wish))
            self._left_away(answer)
            return
        first = self.product(answer.items[0].product_id)
        if order and answer.total > 1 and first is not None and first.price_minor is not None:
            name = "found.cheapest" if order == "price_up" else "found.dearest"
            given = {"n": str(answer.total), "title": called(first.title), "price": self.speaker.price_of(first)}
            if wish:
                name, given = f"{name}.of", given | {"wish": wish}
            self.text.append(self.speaker.say(name, **given))
            return
        if answer.total == 1 and first is not None:
            price = self.speaker.price_of(first)
            name = "found" if price else "found.priceless"
            given = {"price": price} if price else {}
            self.text.append(self.speaker.count(name, 1, wish=wish, title=called(first.title), **given))
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
        product = self.product(items[0].product_id) if items else None
        return self.speaker.price_of(product) if product is not None else ""

    def _missing(self, call: VerbCall) -> None:
        """A kind of thing that the shop has not; what most choose of the nearest kind that it has."""
        answer = search_text(self.shop, SearchRequest(text=call.missing, n=self.n))
        near = answer.help.popular if answer.help is not None and answer.help.kinds else []
        self.sources.append(SaidSource(kind="shelf", text=self.speaker.say("source.catalogue")))
        self.text.append(self.speaker.say("none.kind", kind=call.missing))
        if answer.help is not None and near:
            kinds = self.speaker.listed([kind.label for kind in answer.help.kinds[:3]])
            self.text.append(self.speaker.say("none.kinds", kinds=kinds))
        self.take_hits(near, 0)
        self.state = replace(self.state, wish=call.fallback, next=None, listing="", product_id="")

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
        title, words = called(self.title(self.state.product_id)), self.speaker.wish(self.state.wish)
        if len(words.split()) > WORDS_RECITED_MOST:
            name = "like.long" if answer.total else "like.long.none"
            self.text.append(self.speaker.say(name, title=title, n=str(answer.total)))
            return
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
        if self.speaker.language != "de":  # where nouns have no capitals within a sentence
            label = label.lower()
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
