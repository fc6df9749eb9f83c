"""Search by words at 12,000 and a million listings, beside bm25s alone: seconds to make the index, ms a query, memory.

    python benchmarks/search_speed.py [--listings 12000,1000000] [--peer] [--json]

Listings are made of the real ones of `fashion/` and `office/` (title, category, brand, attributes, and the sentences of
descriptions), mixed anew and each with a number of its own; queries are those of queries/half_a.jsonl. Both sides look
for 48 hits of every query, one query after the other on one thread. Ours is asked as a shop that has just been opened
would be: out of mapped arrays. The peer has no kinds, prices or slips to understand.
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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bottega.models.blocks.pack import open_pack, write_pack
from bottega.models.search.listing import Listing
from bottega.models.search.word_search import WordSearch

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


def asked(find: Any, texts: Sequence[str]) -> dict[str, float]:
    """Every query twice, the second time measured: what the first touches has to be read from disk."""
    taken = []
    for lap in range(2):
        for text in texts:
            started = time.perf_counter()
            find(text)
            if lap:
                taken.append((time.perf_counter() - started) * 1000)
    at = np.percentile(taken, (50, 95, 99))
    return {name: round(float(value), 2) for name, value in zip(("p50_ms", "p95_ms", "p99_ms"), at, strict=True)}


def ours(count: int, texts: Sequence[str]) -> dict[str, Any]:
    started = time.perf_counter()
    search = WordSearch()
    batch: list[Listing] = []
    for number, listing in enumerate(made(count)):
        batch.append(listing)
        if len(batch) == CHUNK or number == count - 1:
            search.add(range(number + 1 - len(batch), number + 1), batch)
            batch = []
    built = time.perf_counter() - started
    with tempfile.TemporaryDirectory() as folder:
        write_pack(Path(folder) / "search", search.arrays(), made_from={})
        del search
        before, started = private_mb(), time.perf_counter()
        pack = open_pack(Path(folder) / "search", made_from={})
        assert pack is not None
        opened = WordSearch.from_arrays(pack.arrays)
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
