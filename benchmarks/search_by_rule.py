"""Queries by another hand, right by rule: NDCG@10 by kind, and how often another kind stands above the one asked for.

    python benchmarks/search_by_rule.py half_b [--fashion FEED] [--office FEED] [--json]

queries/half_a.jsonl, half_b.jsonl, and by our own hand ways_a.jsonl, ways_b.jsonl, shoppers_a.jsonl, shoppers_b.jsonl:
`set`, `kind`, `query`, `rule`. A rule is conditions on a product's own fields: of any value `in` a list, of none
(`out`), title or attribute `like` a pattern or `unlike`, price `from` and `to`; those marked `kind` say what is of the
kind asked for (`kind only`: nothing else). The demo shop is written here; a set whose feed is not given is passed over;
a query that nothing in its set meets is, too, and named. Beside ours stands bm25s alone. An earlier version: its
sources in PYTHONPATH.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bottega.catalogue.product import Product
from bottega.datasets.demo_store import write_demo_shop
from search_queries import interval, ours, plain, products_of
from watch_search import FASHION_MAP, ndcg

HERE = Path(__file__).parent / "queries"
FIRST = 5
"""So many hits are looked at for one of another kind above one of the kind asked for."""

Condition = list[Any]


def meets(product: Product, rule: Sequence[Condition]) -> bool:
    """Whether a product meets every condition."""
    return all(_meets(product, *condition[:3]) for condition in rule)


def _meets(product: Product, field: str, means: str, wanted: Any) -> bool:
    if field == "price":
        if product.price_minor is None:
            return False
        paid = product.price_minor / 100
        return bool(paid >= wanted if means == "from" else paid <= wanted)
    values = _values(product, field)
    if means in ("in", "out"):
        return bool(set(values) & set(wanted)) == (means == "in")
    if field == "title" or means == "unlike":
        found = any(re.search(wanted, value, re.IGNORECASE) for value in values)
    else:
        found = re.search(wanted, " ".join(values), re.IGNORECASE) is not None
    return found == (means == "like")


def _values(product: Product, field: str) -> Sequence[str]:
    own: dict[str, Sequence[str]] = {"id": (product.id,), "title": (product.title,), "brand": (product.brand or "",)}
    own["category"] = product.category
    return own[field] if field in own else product.attributes.get(field, ())


def misplaced(found: Sequence[str], of_kind: set[str]) -> bool:
    """Whether something of another kind stands above something of the kind asked for."""
    inside = [id_ in of_kind for id_ in found[:FIRST]]
    return any(not here and any(inside[place + 1 :]) for place, here in enumerate(inside))


def shops(fashion: Path | None, office: Path | None) -> dict[str, list[Product]]:
    """Visible products of each set."""
    with tempfile.TemporaryDirectory() as work:
        demo = write_demo_shop(Path(work), products=600, shoppers=600, pictures=False).catalogue
        found = {"demo": products_of(demo, None)}
    if fashion:
        found["fashion"] = products_of(fashion, FASHION_MAP)
    if office:
        found["office"] = products_of(office, None)
    return {name: [product for product in products if not product.hidden] for name, products in found.items()}


def measured(half: str, sets: dict[str, list[Product]]) -> dict[str, list[dict[str, float]]]:
    """A row for each query, under its kind, its set and `all`."""
    asked = [json.loads(line) for line in (HERE / f"{half}.jsonl").read_text("utf-8").splitlines()]
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    for name, products in sets.items():
        find, peer = ours(products, described=True), plain(products, described=True)
        for query in (one for one in asked if one["set"] == name):
            rule = query["rule"]
            gold = {one.id for one in products if meets(one, [part for part in rule if part[3:] != ["kind only"]])}
            if not gold:
                print(f"Passed over, for nothing in {name} meets it: {query['query']!r}", file=sys.stderr)
                continue
            told = [part for part in rule if part[3:]]
            of_kind = {one.id for one in products if meets(one, told)} if told else set()
            found = find(query["query"])
            row = {"ours": ndcg(found, gold), "bm25s": ndcg(peer(query["query"]), gold)}
            row |= {"right": len(gold), "misplaced": bool(told) and misplaced(found, of_kind)}
            for group in (query["kind"], f"*{name}*", "**all**"):
                rows[group].append(row)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("half", choices=sorted(path.stem for path in HERE.glob("*.jsonl")))
    parser.add_argument("--fashion", type=Path, help="5,000 rows of the fashion table, as watch_search.py takes them")
    parser.add_argument("--office", type=Path)
    parser.add_argument("--json", action="store_true", help="one object a line")
    chosen = parser.parse_args()
    rows = measured(chosen.half, shops(chosen.fashion, chosen.office))
    if not chosen.json:
        print("| | queries | ours | bm25s | ahead (95 %) | of another kind |\n|---|---|---|---|---|---|")
    for group, values in rows.items():
        mine, theirs = (np.array([row[who] for row in values]) for who in ("ours", "bm25s"))
        low, high = interval((mine - theirs).tolist())
        wrong = int(sum(row["misplaced"] for row in values))
        if chosen.json:
            said = {"group": group, "queries": len(values), "ours": round(float(mine.mean()), 4)}
            print(
                json.dumps(said | {"bm25s": round(float(theirs.mean()), 4), "ahead": [low, high], "misplaced": wrong})
            )
        else:
            print(
                f"| {group} | {len(values)} | {mine.mean():.3f} | {theirs.mean():.3f} | {low:+} to {high:+} | {wrong} |"
            )


if __name__ == "__main__":
    main()
