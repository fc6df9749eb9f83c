"""A search "for me first": how many places move, who moves up, and what it costs; page: search_personal.md.

    python benchmarks/search_personal.py SHOP [--shoppers N] [--json]

SHOP is the folder of a trained shop, left as it is. Queries are those of queries/half_a.jsonl and ways_a.jsonl over the
demo shop; shoppers are those with the most events first, of whom every k-th is asked for. `lift`: how much likelier
than anyone a shopper is to look at what stands in the first five places (sum of logarithms, mean), beside the same for
the order of anybody. Times are processor ms of the whole verb, the two orders in turn.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from bottega.actions.search.shapes import SearchAnswer, SearchRequest
from bottega.actions.search.words import search_text
from bottega.models.recommend.answering.member import Asked
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

HERE = Path(__file__).parent / "queries"
PAGE = 12
FIRST = 5


def queries() -> list[str]:
    found = []
    for name in ("half_a", "ways_a"):
        asked = [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()]
        found += [one["query"] for one in asked if one["set"] == "demo"]
    return found


def shoppers(shop: OpenShop, count: int) -> list[str]:
    """An even share of those with five events or more."""
    events = Counter(shop.folder.store.events.frame()["shopper"].to_list())
    known = sorted((name for name in events if events[name] >= 5), key=lambda name: (-events[name], name))
    return known[:: max(1, len(known) // count)][:count]


def asked(shop: OpenShop, text: str, shopper: str | None) -> tuple[SearchAnswer, float]:
    fields: dict[str, Any] = {"text": text, "n": PAGE}
    request = SearchRequest(**fields) if shopper is None else SearchRequest(**fields, shopper=shopper, personal=True)
    started = time.process_time()
    answer = search_text(shop, request)
    return answer, 1000 * (time.process_time() - started)


def measured(shop: OpenShop, count: int) -> dict[str, Any]:
    moved, pages_changed, lifts, costs = [], [], [], []
    texts = queries()
    for text in texts:
        asked(shop, text, None)
    for name in shoppers(shop, count):
        for text in texts:
            anybodys, plain_ms = asked(shop, text, None)
            own, own_ms = asked(shop, text, name)
            assert own.personal is not None and (own.total, own.close) == (anybodys.total, anybodys.close)
            moved.append(own.personal.moved)
            pages_changed.append({one.product_id for one in own.items} != {one.product_id for one in anybodys.items})
            costs.append((plain_ms, own_ms))
            with shop.floor() as floor:
                rows = [
                    [floor.shelf.row_of(one.product_id) for one in answer.items[:FIRST]] for answer in (anybodys, own)
                ]
                heard = Asked.of(floor.past(shop.profile(name)).history)
                drawn = [floor.tastes.drawn(heard, (), floor.shelf.item[one]) for one in rows if one]
            if len(drawn) == 2 and drawn[0] is not None and drawn[1] is not None:
                lifts.append((float(drawn[0].mean()), float(drawn[1].mean())))
    plain, own_costs = np.array(costs).T
    before, after = np.array(lifts).mean(axis=0)
    return {
        "queries": len(texts),
        "shoppers": len(moved) // len(texts),
        "places_moved_of_12": round(float(np.mean(moved)), 2),
        "pages_with_other_products": round(float(np.mean(pages_changed)), 3),
        "lift_first_five_anybody": round(float(before), 3),
        "lift_first_five_own": round(float(after), 3),
        "anybody_p50_ms": round(float(np.median(plain)), 2),
        "own_p50_ms": round(float(np.median(own_costs)), 2),
        "own_more_p50_ms": round(float(np.median(own_costs - plain)), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shop", type=Path)
    parser.add_argument("--shoppers", type=int, default=10)
    parser.add_argument("--json", action="store_true", help="one object")
    chosen = parser.parse_args()
    with OpenShop(ShopFolder.open(chosen.shop)) as shop:
        found = measured(shop, chosen.shoppers)
    if chosen.json:
        print(json.dumps(found))
        return
    print("| figure | |\n|---|---|")
    for name, value in found.items():
        print(f"| {name.replace('_', ' ')} | {value:g} |")


if __name__ == "__main__":
    main()
