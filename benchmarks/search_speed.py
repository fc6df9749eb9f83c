"""Search by words at 12,000 and a million listings: a query, a page, its facets, a completion; beside bm25s alone.

    python benchmarks/search_speed.py [--listings 12000,1000000] [--peer] [--json]

Listings are made of the real ones of `fashion/` and `office/` (title, category, brand, attributes, and the sentences of
descriptions), mixed anew and each with a number of its own; queries are those of queries/half_a.jsonl. Both sides look
for 48 hits of every query, one query after the other on one thread. Ours is asked as a shop that has just been opened
would be: out of mapped arrays. The peer has no kinds, prices or slips to understand.

`page`: all that is all that was asked for, by relevance and by price, one of each product's variants (two in five have
another variant); `facets` of it; `narrowed`: the same within a range of prices that no query before had.
`completion`: products whose words begin as the first 2, 3, 5 ... letters of the queries, every seventh with a slip.
Processor milliseconds stand beside those of the clock, which others who work on the machine lengthen.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import random
import re
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.catalogue.filter import Filter, PriceRange
from bottega.catalogue.product import Product
from bottega.datasets.growing import GrowingColumn
from bottega.datasets.items import Items
from bottega.datasets.name_table import NameTable
from bottega.models.blocks.best import best
from bottega.models.blocks.pack import open_pack, write_pack
from bottega.models.search.listing import Listing
from bottega.models.search.word_search import WordSearch
from bottega.names import BoolArray
from bottega.shop.search.facets import facets_of
from bottega.shop.search.found import FoundRows, fused
from bottega.shop.shape import SearchOrder
from bottega.shop.shelf.product_reader import ProductReader
from bottega.shop.shelf.shelf import Shelf
from bottega.shop.shelf.shelf_rows import COLUMNS, Postings, ShelfRows

DATA = Path(os.environ.get("BOTTEGA_DATA", Path(__file__).parents[2] / "shared" / "data"))
QUERIES = Path(__file__).parent / "queries" / "half_a.jsonl"
HITS = 48
CHUNK = 10_000


def real() -> list[Listing]:
    """Real listings of two shops."""
    with gzip.open(DATA / "office" / "products.jsonl.gz", "rt", encoding="utf-8") as file:
        office = [json.loads(line) for line in file]
    found = [Listing(str(row["title"]), description=re.sub("<[^>]*>", " ", str(row["description"]))) for row in office]
    with (DATA / "fashion" / "styles.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            title = row["productDisplayName"] or ""
            said = {name: (row[name],) for name in ("gender", "baseColour", "season", "usage") if row[name]}
            category = [row[name] for name in ("masterCategory", "subCategory", "articleType")]
            found.append(Listing(title, category, said, brand=title.split(" ")[0]))
    return found


def made(count: int, seed: int = 0) -> Iterator[Listing]:
    """`count` listings out of the real ones: another's brand and a number in the title, another's sentences."""
    draw, pool = random.Random(seed), real()
    prose = [one.description.split(". ") for one in pool if one.description]
    for number in range(count):
        one = draw.choice(pool)
        about = " ".join(". ".join(draw.sample(text, min(3, len(text))))[:600] for text in (draw.choice(prose),))
        yield Listing(
            f"{one.title} {draw.choice('ABCDEFGH')}{draw.randrange(100_000)}",
            one.category,
            one.attributes,
            brand=draw.choice(pool).brand or one.brand,
            description=about,
            names=[f"P-{number}", f"{4_000_000_000_000 + number}"],
            price=draw.randrange(300, 20_000) / 100,
        )


def private_mb() -> int:
    """Memory that is this process's alone, mapped files left out."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")) // 1024


def queries() -> list[str]:
    return [json.loads(line)["query"] for line in QUERIES.read_text("utf-8").splitlines()]


def asked(find: Any, texts: Sequence[str], *, name: str = "") -> dict[str, float]:
    """Every query twice, the second time measured: what the first touches has to be read from disk."""
    taken, cpu = [], []
    for lap in range(2):
        for text in texts:
            started, worked = time.perf_counter(), time.process_time()
            find(text)
            if lap:
                taken.append((time.perf_counter() - started) * 1000)
                cpu.append((time.process_time() - worked) * 1000)
    found = {f"{name}p{part}_ms": float(np.percentile(taken, part)) for part in (50, 95, 99)}
    found |= {f"{name}cpu_p{part}_ms": float(np.percentile(cpu, part)) for part in (50, 95)}
    return {key: round(value, 2) for key, value in found.items()}


def typed(texts: Sequence[str]) -> list[str]:
    """What somebody has typed of each query so far; every seventh with two letters swapped."""
    found = []
    for number, text in enumerate(texts):
        begun = text[: (2, 3, 5, 8, 12)[number % 5]].strip()
        if number % 7 == 6 and len(begun) > 5:
            begun = begun[:3] + begun[4] + begun[3] + begun[5:]
        found.append(begun)
    return found


class Shop:
    """What a page needs beside the index: the shelf of the same products."""

    def __init__(self) -> None:
        self._items, self._rows = Items(), ShelfRows(NameTable.of([]))
        self._known = 0

    def see(self, listings: Sequence[Listing]) -> None:
        products = [
            Product(
                id=one.names[0],
                title=one.title,
                category=tuple(one.category),
                brand=one.brand or None,
                attributes={name: tuple(values) for name, values in one.attributes.items()},
                price_minor=None if one.price is None else round(one.price * 100),
                currency="EUR",
                group_id=f"G-{number // 5}" if number % 5 < 2 else None,
            )
            for number, one in enumerate(listings, start=self._known)
        ]
        self._known += len(products)
        self._items.add(products)
        self._rows.see(products, list(range(self._known - len(products) + 1, self._known + 1)))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The shelf as flat arrays, as the pack of a catalogue has them."""
        columns, groups = self._rows.columns()
        postings, (offsets, numbers) = self._rows.postings(), self._rows.facets()
        return {
            **self._items.arrays(),
            **{f"shelf.{name}": column for name, column in columns.items()},
            **groups.arrays("groups"),
            "terms.hashes": postings.hashes,
            "terms.offsets": postings.offsets,
            "terms.rows": postings.rows,
            "facets.offsets": offsets,
            "facets.numbers": numbers,
        }


def opened_shelf(arrays: Mapping[str, NDArray[Any]]) -> Shelf:
    """The shelf out of mapped arrays; it has no products to show."""
    items = Items.from_arrays(arrays)
    columns = {name: GrowingColumn(arrays[f"shelf.{name}"], items.n_products) for name in COLUMNS}
    postings = Postings(arrays["terms.hashes"], arrays["terms.offsets"], arrays["terms.rows"])
    facets = arrays["facets.offsets"], arrays["facets.numbers"]
    none = ProductReader(lambda ids: {}, lambda ids: {})
    return Shelf(items, columns, postings, facets, NameTable.from_arrays(arrays, "groups"), none)


def pages(search: WordSearch, shelf: Shelf, texts: Sequence[str]) -> dict[str, Any]:
    """Whole pages: every hit in order, facets, a range of prices, completions."""
    usable = shelf.usable
    counts = np.zeros(len(shelf), dtype=np.int64)

    def rows_of(text: str, allowed: BoolArray) -> FoundRows:
        found = search.search(text, 200, allowed=allowed, whole=True)
        return fused(found.ids, found.scores, found.close_from, {})

    def page(text: str, order: SearchOrder) -> FoundRows:
        found = rows_of(text, usable)
        found.ordered(shelf, order)
        return found

    kept = {text: rows_of(text, usable) for text in texts}
    places = iter(range(10**9))

    def facets(text: str) -> None:
        found = kept[text]
        facets_of(shelf, found.rows[found.whole], None, {}, digits=2)

    def narrowed(text: str) -> None:
        least = 500 + next(places)
        rows, _ = shelf.allowed(Filter(price_minor=PriceRange(min=least, max=least + 5000)))
        rows_of(text, rows).ordered(shelf, "relevance")

    def complete(text: str) -> None:
        rows = search.begun(text, usable)
        if not len(rows) and (finished := search.finished(text)):
            rows = search.search(finished, 10, allowed=usable).ids
        best(counts[shelf.item[rows]], 200)

    started = time.perf_counter()
    complete("sh")
    first = {"completion_first_ms": round((time.perf_counter() - started) * 1000, 1)}
    most = max(int(one.whole.sum()) for one in kept.values())
    return {
        **asked(lambda text: page(text, "relevance"), texts, name="page_"),
        **asked(lambda text: page(text, "price_up"), texts, name="by_price_"),
        **asked(narrowed, texts, name="narrowed_"),
        **asked(facets, texts, name="facets_"),
        **first,
        **asked(complete, typed(texts), name="completion_"),
        "most_found": most,
    }


def ours(count: int, texts: Sequence[str]) -> dict[str, Any]:
    started = time.perf_counter()
    search, shop = WordSearch(), Shop()
    batch: list[Listing] = []
    for number, listing in enumerate(made(count)):
        batch.append(listing)
        if len(batch) == CHUNK or number == count - 1:
            search.add(range(number + 1 - len(batch), number + 1), batch)
            shop.see(batch)
            batch = []
    built = time.perf_counter() - started
    with tempfile.TemporaryDirectory() as folder:
        write_pack(Path(folder) / "search", search.arrays(), made_from={})
        write_pack(Path(folder) / "shelf", shop.arrays(), made_from={})
        del search, shop
        before, started = private_mb(), time.perf_counter()
        pack = open_pack(Path(folder) / "search", made_from={})
        products = open_pack(Path(folder) / "shelf", made_from={})
        assert pack is not None and products is not None
        opened, shelf = WordSearch.from_arrays(pack.arrays), opened_shelf(products.arrays)
        opening = time.perf_counter() - started
        allowed = np.ones(count, dtype=np.bool_)
        row = asked(lambda text: opened.search(text, HITS, allowed=allowed), texts)
        held = sum(array.nbytes for array in pack.arrays.values())
        return {
            "search": "ours",
            "listings": count,
            "made_s": round(built, 1),
            "open_s": round(opening, 2),
            **row,
            "files_mb": round(held / 2**20),
            "memory_mb": private_mb() - before,
            **pages(opened, shelf, texts),
        }


def peer(count: int, texts: Sequence[str]) -> dict[str, Any]:
    import bm25s  # type: ignore[import-untyped]
    import Stemmer  # type: ignore[import-not-found,unused-ignore]

    stemmer = Stemmer.Stemmer("english")
    started = time.perf_counter()
    corpus = [
        " ".join([x.title, *x.category, x.brand, *(v for vs in x.attributes.values() for v in vs), x.description])
        for x in made(count)
    ]
    index = bm25s.BM25(backend="numba")
    index.index(bm25s.tokenize(corpus, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)
    built = time.perf_counter() - started

    def find(text: str) -> object:
        words = bm25s.tokenize([text], stopwords="en", stemmer=stemmer, show_progress=False, return_ids=False)
        return index.retrieve(words, k=min(HITS, count), show_progress=False)

    row = asked(find, texts)
    return {"search": "bm25s", "listings": count, "made_s": round(built, 1), **row}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--listings", default="12000,1000000")
    parser.add_argument("--peer", action="store_true", help="bm25s alone, instead of ours")
    parser.add_argument("--json", action="store_true", help="one JSON object a size")
    chosen = parser.parse_args()
    for count in map(int, chosen.listings.split(",")):
        row = (peer if chosen.peer else ours)(count, queries())
        print(json.dumps(row) if chosen.json else "  ".join(f"{name} {value}" for name, value in row.items()))


if __name__ == "__main__":
    main()
