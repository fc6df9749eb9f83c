"""The merchant's assistant: a line is read, answered from the shop, and what it would change is suggested.

Idea     A line is matched with cues in five languages (`models/dialogue/merchant_lines.py`), never with what products,
         reviews or shoppers say: those are values of the answer. Nothing is changed here: what would change something
         is a suggestion, which `accept_suggestion` does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import polars as pl

from bottega.actions.assistant.hearing import key_of
from bottega.actions.merchant.shapes import MerchantAnswer, MerchantRequest, MerchantRow, SuggestedAct
from bottega.actions.merchant.suggesting import suggested
from bottega.catalogue.product import Product
from bottega.languages.fold import fold, tokens
from bottega.languages.stems import stem
from bottega.languages.talking import said_in
from bottega.languages.writing import writing
from bottega.models.dialogue.merchant_lines import MerchantLine, read_merchant_line
from bottega.names import DAY_MS, Owner
from bottega.shop.open_shop import OpenShop
from bottega.store.asked_questions import KeptQuestion

__all__ = ["merchant_assistant"]

BEST, DAYS, SOLD_DAYS_ALL = 10, 30, 3650
SEARCHED_BY = 3
"""Searches of fewer shoppers are told to nobody: they may name somebody."""
SEARCHES_LOOKED_AT = 300
OWN_FIELDS = ("description", "price", "picture", "brand", "category")


def merchant_assistant(shop: OpenShop, request: MerchantRequest) -> MerchantAnswer:
    """Answer a merchant's line. Nothing is changed by it."""
    line = read_merchant_line(request.text, request.language)
    work = _Work(shop, line, request)
    _ANSWERS[line.intent](work)
    if work.suggestions:
        work.say("accept")
    return MerchantAnswer(
        intent=line.intent,
        language=line.language,
        text=work.text,
        rows=work.rows[: request.n],
        total=len(work.rows),
        suggestions=work.suggestions,
        can_ask=list(said_in("merchant", line.language).ways["can"]) if line.intent == "unsure" else [],
    )


@dataclass
class _Work:
    """One line at work; a method for each intent."""

    shop: OpenShop
    line: MerchantLine
    request: MerchantRequest
    now_ms: int = field(default_factory=lambda: time.time_ns() // 1_000_000)
    text: list[str] = field(default_factory=list)
    rows: list[MerchantRow] = field(default_factory=list)
    suggestions: list[SuggestedAct] = field(default_factory=list)

    def say(self, name: str, **given: str) -> str:
        self.text.append(said_in("merchant", self.line.language).say(name, seed="", **given))
        return self.text[-1]

    def unsure(self) -> None:
        self.say("unsure")

    def lacking(self) -> None:
        """Products on sale that say nothing in a field."""
        fields = self._fields()
        word = self._field_meant(fields)
        if word is None:
            self.say("lacking.which", fields=", ".join(self._label(one) for one in list(fields)[:8]))
            return
        names = fields[word]
        products = self._products()
        without = [one for one in products if not any(_has(one, name) for name in names)]
        self.rows = [_row(one) for one in without]
        numbers = {"n": str(len(without)), "total": str(len(products))} if without else {}
        self.say("lacking" if without else "lacking.none", field=self._label(word), **numbers)
        if word == "description" and without:
            self._suggest_texts([one.id for one in without])

    def photos(self) -> None:
        """Products without a picture; better ones can be suggested for the others."""
        products = self._products()
        without = [one for one in products if not one.images]
        self.rows = [_row(one) for one in without]
        self.say("photos", n=str(len(without)), total=str(len(products)))
        if len(without) < len(products):
            self._suggest(self.say("photos.offer"), "rescue_catalogue", {})

    def asked(self) -> None:
        """Questions that no listing answers."""
        page, total = self.shop.store.asked_questions.page(answered=False, n=1000)
        self.rows += [MerchantRow(id=str(one.number), text=_question(one), count=one.times) for one in page]
        self.say("asked" if total else "asked.none", **({"n": str(total)} if total else {}))

    def unfound(self) -> None:
        """Searches that found nothing, and questions that no listing answers."""
        since = self.now_ms - (self.line.days or DAYS) * DAY_MS
        searches = self.shop.store.events.searches(self.shop.settings.personalisation_consent)
        query = pl.col("query").str.to_lowercase().str.strip_chars()
        counted = (
            searches.filter(pl.col("time_ms") >= since)
            .group_by(query.alias("words"))
            .agg(pl.col("shopper").n_unique().alias("by"))
            .filter(pl.col("by") >= SEARCHED_BY)
            .sort("by", "words", descending=[True, False])
            .head(SEARCHES_LOOKED_AT)
        )
        index = self.shop.search_index(look=False)
        with self.shop.floor() as floor:
            on_sale = floor.shelf.usable
            for words, by in counted.iter_rows():
                if not index.listings(words, on_sale, 1).close_from:
                    self.rows.append(MerchantRow(id="", text=words, count=by))
        n = len(self.rows)
        self.say("unfound" if n else "unfound.none", **({"n": str(n)} if n else {}))
        if not self.line.days and self.shop.store.asked_questions.page(answered=False, n=1)[1]:
            self.asked()

    def sold(self) -> None:
        """What sold best."""
        days = self.line.days or DAYS
        found = self._best_sellers(self.line.count or BEST, days)
        titles = self.shop.store.products.titles([id_ for id_, _ in found])
        self.rows = [MerchantRow(id=id_, text=titles.get(id_, ""), count=count) for id_, count in found]
        self.say("sold" if found else "sold.none", days=str(days))

    def describe(self) -> None:
        """Descriptions as suggestions: of best sellers, of what has none, of everything."""
        folded = fold(self.request.text)
        words = said_in("merchant", self.line.language).ways["cues.sold"][0].split("|")
        products = self._products()
        if any(fold(word) in folded for word in words):
            known = {one.id for one in products}
            best = self._best_sellers(self.line.count or BEST, self.line.days or SOLD_DAYS_ALL)
            ids = [id_ for id_, _ in best if id_ in known]
        elif self._without_said():
            ids = [one.id for one in products if not one.description]
        elif self.line.everything:
            ids = [one.id for one in products]
        else:
            self.say("describe.which")
            return
        titles = {one.id: one.title for one in products}
        self.rows = [MerchantRow(id=id_, text=titles[id_]) for id_ in ids]
        self._suggest_texts(ids)

    def answer(self) -> None:
        """An answer to an open question, as a suggestion."""
        topic, text = self.line.slots.get("topic", ""), self.line.slots.get("answer", "")
        if not topic or not text:
            self.say("answer.which")
            return
        page, _ = self.shop.store.asked_questions.page(answered=False, n=1000)
        stems = {stem(word, self.line.language) for word in tokens(topic)} - {""}
        stems = {one for one in stems if len(one) > 2} or stems
        found = [one for one in page if _shares(stems, " ".join([one.key, *one.wordings]), self.line.language)]
        if not found:
            self.say("answer.none", topic=topic)
            self.rows = [MerchantRow(id=str(one.number), text=_question(one), count=one.times) for one in page]
            return
        for one in found[:5]:
            said = self.say("answer", number=str(one.number), question=_question(one), answer=text)
            self._suggest(said, "reply_to_question", {"number": one.number, "answer": text})
            self.rows.append(MerchantRow(id=str(one.number), text=_question(one), count=one.times))

    def means(self) -> None:
        """A synonym, as a suggestion."""
        word, means = self.line.slots.get("word", ""), self.line.slots.get("means", "")
        if not tokens(word) or not tokens(means) or max(len(tokens(word)), len(tokens(means))) > 8:
            self.say("means.which")
            return
        said = self.say("means", word=word, means=means)
        self._suggest(said, "put_synonyms", {"synonyms": [{"words": [word], "means": [means]}]})

    def waiting(self) -> None:
        """Talks that wait for a person."""
        talks = self.shop.store.talks.inbox([Owner.WAITING], limit=200)
        self.rows = [MerchantRow(id=one.talk_id, text=one.why or "") for one in talks]
        self.say("waiting", n=str(self.shop.store.talks.waiting()))

    def learnt(self) -> None:
        """Words that gained a meaning from what shoppers went on to."""
        used, total = self.shop.store.meanings.page(state="used", n=200)
        self.rows = [
            MerchantRow(id=str(one.number), text=f"{one.phrase}: {one.value}", count=one.chosen) for one in used
        ]
        self.say("learnt", n=str(total))

    def _suggest(self, text: str, verb: str, asked: dict[str, Any]) -> None:
        self.suggestions.append(suggested(self.shop, text, verb, asked, now_ms=self.now_ms))

    def _suggest_texts(self, ids: list[str]) -> None:
        language = self.line.target or self.line.language
        name = said_in("merchant", self.line.language).ways["slot.language"]
        called = next(one.partition(" ")[2] for one in name if one.startswith(f"{language} "))
        said = self.say("describe", n=str(len(ids)), language=called.title())
        if ids:
            chosen = ids[:1000]
            self._suggest(said, "write_texts", {"product_ids": chosen, "language": language, "parts": ["description"]})

    def _products(self) -> list[Product]:
        return [one for one in self.shop.store.products.all() if not one.hidden]

    def _best_sellers(self, n: int, days: int) -> list[tuple[str, int]]:
        return self.shop.store.events.sold_most(self.now_ms - days * DAY_MS, n)

    def _without_said(self) -> bool:
        rule = said_in("merchant", self.line.language).ways["cues.lacking"][0].split(" & ")[0]
        return any(f" {fold(cue.rstrip('$'))}" in f" {fold(self.request.text)}" for cue in rule.split("|"))

    def _fields(self) -> dict[str, list[str]]:
        """What listings can say, each with the attributes that say it."""
        fields: dict[str, list[str]] = {name: [name] for name in OWN_FIELDS}
        for product in self.shop.store.products.all():
            for name in product.attributes:
                mine = fields.setdefault(key_of(name), [])
                if name not in mine:
                    mine.append(name)
        return fields

    def _field_meant(self, fields: dict[str, list[str]]) -> str | None:
        """The field that the line names, in any of its words."""
        folded = f" {' '.join(tokens(self.request.text))} "
        told = writing(self.line.language)
        found: list[tuple[int, str]] = []
        for word, names in fields.items():
            said = [*names, word, told.labels.get(word, ""), *told.attributes.get(word, ())]
            said += _called(self.line.language).get(word, ())
            for way in {" ".join(tokens(one.replace("_", " "))) for one in said if one}:
                if way and (f" {way} " in folded or f" {way}s " in folded or f" {way}n " in folded):
                    found.append((len(way), word))
        return max(found)[1] if found else None

    def _label(self, word: str) -> str:
        called = _called(self.line.language).get(word)
        return called[0] if called else writing(self.line.language).labels.get(word, word.replace("_", " ")).lower()


_ANSWERS: Mapping[str, Callable[[_Work], None]] = {
    "unsure": _Work.unsure,
    "lacking": _Work.lacking,
    "photos": _Work.photos,
    "asked": _Work.asked,
    "unfound": _Work.unfound,
    "sold": _Work.sold,
    "describe": _Work.describe,
    "answer": _Work.answer,
    "means": _Work.means,
    "waiting": _Work.waiting,
    "learnt": _Work.learnt,
}


@cache
def _called(code: str) -> dict[str, list[str]]:
    """What fields are called by people, each by the key that it is of."""
    rows = (line.partition(" ") for line in said_in("merchant", code).ways["slot.fields"])
    return {key: words.split("|") for key, _, words in rows}


def _has(product: Product, name: str) -> bool:
    own = {
        "description": product.description,
        "price": product.price_minor is not None,
        "picture": product.images,
        "brand": product.brand,
        "category": product.category,
    }
    return bool(own[name]) if name in own else any(value.strip() for value in product.attributes.get(name, ()))


def _row(product: Product) -> MerchantRow:
    return MerchantRow(id=product.id, text=product.title)


def _question(one: KeptQuestion) -> str:
    return one.wordings[0] if one.wordings else one.key


def _shares(stems: set[str], text: str, language: str) -> bool:
    words = {stem(word, language) for word in tokens(text)}
    return any(any(one.startswith(mine) or mine.startswith(one) for one in words if len(one) > 3) for mine in stems)
