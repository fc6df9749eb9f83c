"""Which products do words find? NDCG@10 by kind of query, with descriptions out of the index and with them in it.

    python benchmarks/search_queries.py QUERIES.jsonl --set NAME=FEED [--set ...] [--map NAME=MAPPING] [--json]

Lines of QUERIES.jsonl: `set`, `kind`, `query`, `gold` (ids that are right). Beside ours stands bm25s alone, stemmed,
over title, category, brand and attributes (and descriptions). Intervals: 95 %, bootstrap over queries.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import bm25s  # type: ignore[import-untyped]
import numpy as np
import Stemmer  # type: ignore[import-not-found,unused-ignore]

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.catalogue.product import Product
from bottega.models.search.word_search import WordSearch
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.search.pack import listing_of
from watch_search import ndcg

Finds = Callable[[str], list[str]]


def products_of(feed: Path, mapping: str | None) -> list[Product]:
    """A feed through the real importer."""
    with tempfile.TemporaryDirectory() as folder, OpenShop(ShopFolder.open(Path(folder) / "shop")) as shop:
        fields = dict(pair.split("=", 1) for pair in mapping.split(",")) if mapping else {}
        import_catalogue(shop, ImportCatalogueRequest(source=feed, mapping=fields))
        return list(shop.store.products.all())


def ours(products: Sequence[Product], *, described: bool) -> Finds:
    search = WordSearch(described=described)
    search.add(range(len(products)), [listing_of(product) for product in products])
    return lambda text: [products[place].id for place in search.search(text, 10).ids.tolist()]


def plain(products: Sequence[Product], *, described: bool) -> Finds:
    """bm25s alone."""
    stemmer = Stemmer.Stemmer("english")
    facts = (" ".join([*p.category, *(v for values in p.attributes.values() for v in values)]) for p in products)
    texts = [
        f"{product.title} {product.brand or ''} {said} {product.description if described else ''}"
        for product, said in zip(products, facts, strict=True)
    ]
    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)

    def find(text: str) -> list[str]:
        asked = bm25s.tokenize([text], stopwords="en", stemmer=stemmer, show_progress=False)
        places, scores = index.retrieve(asked, k=10, show_progress=False)
        return [products[place].id for place, score in zip(places[0], scores[0], strict=True) if score > 0]

    return find


def interval(differences: Sequence[float]) -> tuple[float, float]:
    draw = np.random.default_rng(0)
    values = np.array(differences)
    means = values[draw.integers(len(values), size=(4000, len(values)))].mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return round(float(low), 3), round(float(high), 3)


def measured(queries: Path, feeds: dict[str, Path], maps: dict[str, str]) -> list[dict[str, Any]]:
    """A row for every set, kind and whether descriptions are read."""
    asked = [json.loads(line) for line in queries.read_text("utf-8").splitlines()]
    rows = []
    for name, feed in feeds.items():
        products = products_of(feed, maps.get(name))
        for described in (False, True):
            find, peer = ours(products, described=described), plain(products, described=described)
            gains: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
            for query in (one for one in asked if one["set"] == name):
                started = time.process_time()
                found = find(query["query"])
                spent = 1000 * (time.process_time() - started)
                gold = set(query["gold"])
                gains[query["kind"]].append((ndcg(found, gold), ndcg(peer(query["query"]), gold), spent))
            for kind, values in gains.items():
                mine, theirs, spent_ms = zip(*values, strict=True)
                row: dict[str, Any] = {"set": name, "kind": kind, "described": described, "queries": len(values)}
                row |= {"ndcg": round(float(np.mean(mine)), 3), "bm25s": round(float(np.mean(theirs)), 3)}
                row["ahead"] = interval([a - b for a, b in zip(mine, theirs, strict=True)])
                rows.append(row | {"cpu_ms": round(float(np.median(spent_ms)), 2)})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--set", action="append", required=True, metavar="NAME=FEED")
    parser.add_argument("--map", action="append", default=[], metavar="NAME=MAPPING")
    parser.add_argument("--json", action="store_true", help="one object a line")
    chosen = parser.parse_args()
    feeds = {name: Path(feed) for name, feed in (pair.split("=", 1) for pair in chosen.set)}
    maps = dict(pair.split("=", 1) for pair in chosen.map)
    rows = measured(chosen.queries, feeds, maps)
    if chosen.json:
        for row in rows:
            print(json.dumps(row))
        return
    print("| set | kind | queries | descriptions | ours | bm25s | ahead (95 %) | CPU ms |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        low, high = row["ahead"]
        cells = (row["set"], row["kind"], row["queries"], "in" if row["described"] else "out", row["ndcg"])
        print(f"| {' | '.join(map(str, cells))} | {row['bm25s']} | {low:+} to {high:+} | {row['cpu_ms']} |")


if __name__ == "__main__":
    main()
