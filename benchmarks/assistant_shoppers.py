"""Simulated shoppers talk with the assistant until they have what they want; page: assistant_shoppers.md.

    python benchmarks/assistant_shoppers.py [--sets S,...] [--data FOLDER] [--shoppers N] [--seed N] [--exact] [--json]

Every shopper wants one hidden product: the last one of a history, of which the rest is the training part (`demo`:
events of the house's simulator; `office`: real sequences), or one drawn by chance (`fashion`, which has no events).
They say what they look for in one of five languages, answer questions by what is true of the product, name what is
wrong with the first one shown, ask for more, and give up after eight turns. `found`: the product, or one that fulfils
all of the need (kind, two attributes, price), was among those shown; in `office`, whose listings are titles, the
product alone, and with `--exact` everywhere. `anonymous`: nobody is named. `known`: the shopper is, with the events
of the training part. `search`: the first line in the shop's search, page by page, as many pages as a talk has turns.
Intervals: 95%, bootstrap over shoppers.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bottega.actions.assistant.assistant import assistant
from bottega.actions.assistant.shapes import AssistantRequest
from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest
from bottega.actions.search.shapes import SearchRequest
from bottega.actions.search.words import search_text
from bottega.catalogue.product import Product
from bottega.evaluation.intervals import Interval, difference, intervals
from bottega.models.dialogue.state import TalkState
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from common import machine
from shoppers_sets import Shopper, shoppers_of
from shoppers_words import line, word_in

SHOWN, TURNS = 6, 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a talk ended; of one that found nothing, `turns` are all there are."""

    found: bool
    turns: int
    asked: int


@dataclass(frozen=True, slots=True)
class Need:
    """What a shopper can say of the hidden product, the likeliest first; the first two of `says` are the need."""

    kind: str
    says: tuple[tuple[str, str], ...]
    limit: float | None
    exact: bool

    def met(self, product: Product, target: Product) -> bool:
        """Whether a product shown will do."""
        if product.id == target.id or (target.group_id is not None and product.group_id == target.group_id):
            return True
        if self.exact or product.category != target.category:
            return False
        dear = self.limit is not None and (product.price_minor or 0) > 100 * self.limit
        return not dear and all(value in _values(product).get(field, ()) for field, value in self.says[:2])


def _values(product: Product) -> dict[str, tuple[str, ...]]:
    own = {"brand": (product.brand,)} if product.brand else {}
    return {field: tuple(values) for field, values in product.attributes.items()} | own


def need_of(target: Product, common: set[str], rng: np.random.Generator, *, exact: bool = False) -> Need:
    """What a shopper who has seen the product somewhere knows of it; `exact`: nothing else will do."""
    if target.category:
        fields = [(field, values[0]) for field, values in _values(target).items() if values and field != "sku"]
        says = [fields[place] for place in rng.permutation(len(fields))]
        limit = None if target.price_minor is None else float(np.ceil(target.price_minor / 100 * 1.2))
        return Need(target.category[-1], tuple(says), limit, exact=exact)
    words = list(dict.fromkeys(word for word in _words(target.title) if word in common))
    drawn = [words[place] for place in sorted(rng.permutation(len(words))[:6])]
    return Need(" ".join(drawn[-2:]), tuple(("words", word) for word in drawn[:-2]), None, exact=True)


def _words(title: str) -> list[str]:
    return [
        word for word in "".join(sign if sign.isalnum() else " " for sign in title.lower()).split() if len(word) > 2
    ]


class Talk:
    """One shopper's talk."""

    def __init__(self, shop: OpenShop, shopper: Shopper, need: Need, products: dict[str, Product], *, known: bool):
        self.shop, self.shopper, self.need, self.products, self.known = shop, shopper, need, products, known
        self.left = list(need.says)
        if need.limit is not None:
            self.left.insert(2, ("price", f"{need.limit:.0f}"))
        self.talk_id = f"{shopper.name}-{'known' if known else 'anonymous'}"

    def held(self) -> Outcome:
        """The talk from beginning to end."""
        said: dict[str, Any] = {"text": self._first()}
        asked = 0
        for turn in range(1, TURNS + 1):
            given = said | ({"shopper": self.shopper.name} if self.known else {})
            given |= {"talk_id": self.talk_id, "n": SHOWN, "language": self.shopper.language}
            request = AssistantRequest.model_validate(given)
            answer = assistant(self.shop, request)
            shown = [self.products[one.product_id] for one in answer.products]
            if any(self.need.met(one, self.shopper.target) for one in shown):
                return Outcome(True, turn, asked)
            kept = self.shop.store.talks.get(self.talk_id)
            assert kept is not None
            state = TalkState.from_json(kept.state)
            asked += state.asked is not None and any(one.value.startswith("choose:") for one in answer.buttons)
            said = self._next(state, shown)
        return Outcome(False, TURNS, asked)

    def _first(self) -> str:
        return line("first", self.shopper.language, word_in(self.need.kind, self.shopper.language))

    def _next(self, state: TalkState, shown: Sequence[Product]) -> dict[str, Any]:
        if state.asked is not None and (place := self._true(state.asked.options)):
            return {"button": f"choose:{place}"}
        wrong = [one for one in self.left if shown and not _is_so(shown[0], *one)] or self.left
        if not wrong:
            return {"text": line("more", self.shopper.language, "")}
        field, value = wrong[0]
        self.left.remove(wrong[0])
        return {"text": line(field, self.shopper.language, word_in(value, self.shopper.language))}

    def _true(self, options: Sequence[str]) -> int:
        """The place of the answer that is true of the product, from 1; 0 where none is."""
        target = self.shopper.target
        own = {value.lower() for values in _values(target).values() for value in values}
        own |= {level.lower() for level in target.category}
        for place, option in enumerate(options, start=1):
            if option.lower() in own or _within(option, target.price_minor):
                return place
        return 0


def _is_so(product: Product, field: str, value: str) -> bool:
    if field == "price":
        return (product.price_minor or 0) <= 100 * float(value)
    return value in _words(product.title) if field == "words" else value in _values(product).get(field, ())


def _within(option: str, price_minor: int | None) -> bool:
    """Whether a price lies in a range that is offered: "under 20.00", "between 20.00 and 40.00", "over 40.00"."""
    first, *rest = option.split()
    if price_minor is None or first not in ("under", "over", "between"):
        return False
    ends = [float(one) for one in rest if one != "and"]
    price = price_minor / 100
    return ends[0] <= price <= ends[1] if first == "between" else (price <= ends[0]) == (first == "under")


def by_search(shop: OpenShop, shopper: Shopper, need: Need, products: dict[str, Product]) -> Outcome:
    """The first line in the search, a page a turn."""
    text = line("first", shopper.language, word_in(need.kind, shopper.language))
    after = 0
    for turn in range(1, TURNS + 1):
        answer = search_text(shop, SearchRequest(text=text, n=SHOWN, after=after))
        if any(need.met(products[one.product_id], shopper.target) for one in answer.items):
            return Outcome(True, turn, 0)
        if answer.next is None:
            break
        after = answer.next
    return Outcome(False, TURNS, 0)


def measured(name: str, data: Path, count: int, seed: int, *, exact: bool = False) -> dict[str, Any]:
    """All arms of a set over the same shoppers with the same needs."""
    rng = np.random.default_rng(seed)
    products, shoppers = shoppers_of(name, data, count, rng)
    counted = Counter(word for one in products.values() for word in set(_words(one.title)))
    common = {word for word, titles in counted.items() if titles > 1}
    needs = [need_of(one.target, common, rng, exact=exact) for one in shoppers]
    outcomes: dict[str, list[Outcome]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        made = ShopFolder.open(Path(folder))
        made.store.products.upsert(list(products.values()))
        with OpenShop(made) as shop:
            for shopper in (one for one in shoppers if one.history):
                rows = [
                    {"kind": kind, "shopper_id": shopper.name, "product_id": id_, "time": at}
                    for kind, id_, at in shopper.history
                ]
                record_events(shop, RecordRequest.model_validate({"events": rows}))
            for shopper, need in zip(shoppers, needs, strict=True):
                outcomes["search"].append(by_search(shop, shopper, need, products))
                outcomes["anonymous"].append(Talk(shop, shopper, need, products, known=False).held())
                if shopper.history:
                    outcomes["known"].append(Talk(shop, shopper, need, products, known=True).held())
    return {"shoppers": len(shoppers), "products": len(products), **_told(outcomes, seed)}


def _told(outcomes: dict[str, list[Outcome]], seed: int) -> dict[str, Any]:
    arrays = {
        f"{arm} {field}": np.array([float(getattr(one, field)) for one in every])
        for arm, every in outcomes.items()
        for field in ("found", "turns", "asked")
    }
    rng = np.random.default_rng(seed)
    told = {name: _as_list(one) for name, one in intervals(arrays, rng).items()}
    for one, other in (("anonymous", "search"), ("known", "anonymous")):
        for field in ("found", "turns"):
            if f"{one} {field}" in arrays:
                gap = difference(arrays[f"{one} {field}"], arrays[f"{other} {field}"], rng)
                told[f"{one} - {other} {field}"] = _as_list(gap)
    return told


def _as_list(one: Interval) -> list[float]:
    return [round(float(value), 3) for value in (one.mean, one.low, one.high)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", default="demo,office,fashion")
    parser.add_argument("--data", type=Path, default=Path("shared/data"))
    parser.add_argument("--shoppers", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--exact", action="store_true", help="only the hidden product itself will do")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found: dict[str, Any] = {"machine": machine()}
    found |= {
        name: measured(name, asked.data, asked.shoppers, asked.seed, exact=asked.exact)
        for name in asked.sets.split(",")
    }
    if asked.json:
        print(json.dumps(found, indent=2))
        return
    for name, figures in found.items():
        print(name, figures if isinstance(figures, str) else "")
        for figure, value in figures.items() if isinstance(figures, dict) else ():
            print(f"  {figure:28} {value}")


if __name__ == "__main__":
    main()
