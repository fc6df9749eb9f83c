"""What saved rules cost an answer: none, 200 in force of which none acts on the list, and 200 that all act on it.

    python benchmarks/rules.py [--products 4000] [--epochs 2] [--asked 120] [--rules 200] [--json]

CPU of the thread in milliseconds, the least of a few tries of each question; the shops, copies of one trained demo
shop, are asked in turn, question by question. Searches likewise. Then what the first answer costs after a rule was
saved, and after a product changed.
"""

from __future__ import annotations

import argparse
import gc
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from answer_cost import made
from answer_questions import mixed_questions, opened
from bottega.actions.recommend.recommend import recommend_json
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.actions.rules.save_rule import save_rule
from bottega.actions.rules.shapes import SaveRuleRequest
from bottega.actions.search.shapes import SearchRequest
from bottega.actions.search.words import search_text
from bottega.catalogue.product import Product
from bottega.shop.open_shop import OpenShop
from common import machine

TRIES = 5
SHOPS = ("none", "elsewhere", "here")


def rules_here(products: list[Product], count: int) -> list[dict[str, Any]]:
    """Rules that act on every list: half boosts, three tenths buries, hides and pins."""
    brands = sorted({product.brand for product in products if product.brand})
    levels = sorted({product.category[-1] for product in products if product.category})
    everywhere = ["home", "product", "cart", "category", "search"]
    found: list[dict[str, Any]] = []
    for place in range(count):
        part: dict[str, Any] = {"id": f"here-{place}", "placements": everywhere}
        about = {"brand": [brands[place % len(brands)]], "category": [levels[place % len(levels)]]}
        if place % 10 < 5:
            part |= {"kind": "boost", "products": about, "multiply": 1.1}
        elif place % 10 < 8:
            price = (products[place].price_minor or 1000) + place
            part |= {"kind": "bury", "products": {"price_minor": {"min": price}}, "multiply": 0.98}
        elif place % 10 == 8:
            part |= {"kind": "hide", "product_ids": [product.id for product in products[place::count]][:5]}
        else:
            part |= {"kind": "pin", "product_ids": [products[place].id], "rank": place % 7 + 1}
        found.append(part)
    return found


def rules_elsewhere(products: list[Product], count: int) -> list[dict[str, Any]]:
    """Rules in force whose conditions no question of this benchmark meets."""
    found: list[dict[str, Any]] = []
    for place in range(count):
        part: dict[str, Any] = {"id": f"else-{place}", "kind": "pin", "product_ids": [products[place].id]}
        if place % 4 == 0:
            part |= {"placements": ["home", "category", "cart"], "category": [f"no such category {place}"]}
        elif place % 4 == 1:
            part |= {"query": [f"nobody asks {place}"]}
        elif place % 4 == 2:
            part |= {"kind": "related", "anchor_ids": [f"nothing-{place}"]}
        else:
            part |= {"placements": ["similar"]}
        found.append(part)
    return found


def listed(request: RecommendationRequest, shop: OpenShop) -> bytes:
    found = recommend_json(shop, [request])[0]
    assert isinstance(found, bytes)
    return found


def searched(word: str, shop: OpenShop) -> Any:
    return search_text(shop, SearchRequest(text=word, n=10))


def spent_ms(work: Callable[[], Any]) -> float:
    started = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - started) / 1e6


def compared(shops: dict[str, OpenShop], asks: list[Callable[[OpenShop], Any]]) -> dict[str, Any]:
    """Of each shop the mean of the least times of the questions, and the median of its ratio to the shop without."""
    least: dict[str, list[float]] = {name: [] for name in shops}
    for ask in asks:
        best = dict.fromkeys(shops, float("inf"))
        for _ in range(TRIES):
            for name, shop in shops.items():
                best[name] = min(best[name], spent_ms(partial(ask, shop)))
        for name, took in best.items():
            least[name].append(took)
    return {
        name: {
            "mean_ms": round(statistics.fmean(took), 3),
            "ratio": round(statistics.median(one / other for one, other in zip(took, least["none"], strict=True)), 3),
        }
        for name, took in least.items()
    }


def firsts(shop: OpenShop, request: RecommendationRequest, product: Product, rule: dict[str, Any]) -> dict[str, float]:
    """Milliseconds of an answer, of the first one after a rule was saved, and after a product changed."""
    usual, saved, changed = [], [], []
    for turn in range(TRIES):
        usual.append(spent_ms(lambda: recommend_json(shop, [request])))
        save_rule(shop, SaveRuleRequest.model_validate(rule | {"name": f"turn {turn}"}))
        shop.rules.forget()
        shop.rules._on = None  # what saving made is not the answer's
        saved.append(spent_ms(lambda: recommend_json(shop, [request])))
        shop.upsert([product.model_copy(update={"price_minor": 5000 + turn})])
        changed.append(spent_ms(lambda: recommend_json(shop, [request])))
    return {
        "usual_ms": round(min(usual), 2),
        "after_a_rule_ms": round(min(saved), 2),
        "after_a_product_ms": round(min(changed), 2),
    }


def measured(folder: Path, asked: int, count: int) -> dict[str, Any]:
    """All figures over copies of a trained shop."""
    with opened(folder / SHOPS[0]) as shop:
        products = [product for product in shop.store.products.all() if product.recommendable]
        questions = mixed_questions(shop, asked)
    for name in SHOPS[1:]:
        shutil.copytree(folder / SHOPS[0], folder / name)
    sets = {"elsewhere": rules_elsewhere(products, count), "here": rules_here(products, count)}
    with opened(folder / "none") as none, opened(folder / "elsewhere") as elsewhere, opened(folder / "here") as here:
        shops = {"none": none, "elsewhere": elsewhere, "here": here}
        for name, rules in sets.items():
            for rule in rules:
                save_rule(shops[name], SaveRuleRequest.model_validate(rule))
        words = sorted({product.category[-1] for product in products if product.category})
        asks: list[Callable[[OpenShop], Any]] = [partial(listed, request) for request in questions]
        searches: list[Callable[[OpenShop], Any]] = [partial(searched, word.lower()) for word in words[:30]]
        for shop in shops.values():
            for ask in [*asks, *searches]:
                ask(shop)
        acting = [len(json.loads(listed(request, here))["rules"]) for request in questions]
        idle = [len(json.loads(listed(request, elsewhere))["rules"]) for request in questions]
        gc.collect()
        gc.freeze()
        return {
            "machine": machine(),
            "products": len(products),
            "questions": len(questions),
            "searches": len(searches),
            "rules": count,
            "acted_mean": round(statistics.fmean(acting), 1),
            "acted_elsewhere": sum(idle),
            "lists": compared(shops, asks),
            "searching": compared(shops, searches),
            "first": firsts(here, questions[0], products[0], sets["here"][0]),
        }


def page(told: dict[str, Any]) -> str:
    """The figures as the page has them."""
    named = {
        "none": "no rule",
        "elsewhere": f"{told['rules']} in force, none acts on the list",
        "here": f"{told['rules']} in force, all are of the list",
    }
    lines = ["| rules | list, ms | ratio | search, ms | ratio |", "|---|---|---|---|---|"]
    for name, title in named.items():
        lists, searching = told["lists"][name], told["searching"][name]
        lines.append(
            f"| {title} | {lists['mean_ms']:.2f} | {lists['ratio']:.2f} | {searching['mean_ms']:.2f} | "
            f"{searching['ratio']:.2f} |"
        )
    first = told["first"]
    return "\n".join(
        [
            *lines,
            "",
            f"{told['products']:,} products, {told['questions']} lists, {told['searches']} searches; where all are of "
            f"the list, {told['acted_mean']:g} of them acted on it on average.",
            f"An answer under them costs {first['usual_ms']:.1f} ms, the first one after a rule was saved "
            f"{first['after_a_rule_ms']:.1f} ms, after a product changed {first['after_a_product_ms']:.1f} ms.",
            f"({told['machine']})",
        ]
    )


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--products", type=int, default=4000)
    reader.add_argument("--epochs", type=int, default=2)
    reader.add_argument("--asked", type=int, default=120)
    reader.add_argument("--rules", type=int, default=200)
    reader.add_argument("--json", action="store_true")
    given = reader.parse_args()
    with tempfile.TemporaryDirectory() as made_in:
        folder = Path(made_in)
        made(folder / SHOPS[0], given.products, given.epochs)
        told = measured(folder, given.asked, given.rules)
    print(json.dumps(told) if given.json else page(told))


if __name__ == "__main__":
    main()
