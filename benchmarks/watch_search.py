"""How well words find products, for watch.py: queries with the ids that are right, asked of two shops over HTTP.

NDCG@10 with gain 1 for each right product; processor ms a query, without the first one, which loads what is needed.
"""

from __future__ import annotations

import csv
import json
import math
import statistics
import urllib.request
from pathlib import Path

import serving
from common import BOTTEGA, run

__all__ = ["asked_by_words", "fashion_feed"]

FASHION_MAP = (
    "id=id,title=productDisplayName,category=masterCategory+subCategory+articleType,"
    "attr.color=baseColour,attributes=gender+season+usage"
)
"""As docs/feeds.md imports this table."""


def fashion_feed(styles: Path, pool: Path, place: Path) -> Path:
    """The rows of a table whose ids are in the pool, as a feed."""
    wanted = set(json.loads(pool.read_text()))
    with styles.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["id"] in wanted]
    with place.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(rows[0]), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return place


def asked_by_words(work: Path, queries: Path, fashion: Path, office: Path) -> dict[str, float]:
    """NDCG@10 and processor ms a query, by shop. Queries are lines of JSON: `set`, `query`, `gold`."""
    asked = [json.loads(line) for line in queries.read_text().splitlines()]
    sources: dict[str, list[str | Path]] = {"fashion": [fashion, "--map", FASHION_MAP], "office": [office]}
    found: dict[str, float] = {}
    for name, source in sources.items():
        folder = work / f"search-{name}"
        run([BOTTEGA, "import", "catalogue", *source, "--shop", folder])
        mine = [query for query in asked if query["set"] == name]
        with serving.bottega_server(folder, work / f"{name}.log", BOTTEGA_REQUIRE_KEY="false") as server:
            _hits(server.port, "warm")
            before = server.cpu_s
            gains = [ndcg(_hits(server.port, query["query"]), set(query["gold"])) for query in mine]
            found[f"search_{name}_cpu_ms"] = 1000 * (server.cpu_s - before) / len(mine)
        found[f"search_{name}"] = statistics.fmean(gains)
    return found


def _hits(port: int, words: str) -> list[str]:
    """Ids of the ten products first."""
    body = json.dumps({"text": words, "n": 10}).encode()
    head = {"Content-Type": "application/json"}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/v1/search", body, head)
    return [hit["item_id"] for hit in json.loads(urllib.request.urlopen(asked, timeout=30).read())["items"]]


def ndcg(hits: list[str], right: set[str]) -> float:
    """NDCG@10 with gain 1 for each right product.

    >>> ndcg(["a", "x", "b"], {"a", "b"})  # (1 + 1/2) / (1 + 1/log2(3))
    0.9197207891481876
    """
    gains = [1 / math.log2(place + 2) for place in range(10)]
    found = sum(gain for gain, hit in zip(gains, hits, strict=False) if hit in right)
    return found / sum(gains[: len(right)])
