"""A million products searched: seconds to build, ms a query, recall against comparing all; page: search_scale.md.

    python benchmarks/search_scale.py [--products 1000000] [--photos FOLDER] [--threads 2] [--kinds f16,i8] [--json]

FOLDER holds `styles.csv` and `images/`; the shipped eye looks at some of its photos. A tenth of them asks. The million
is made of the others: each vector lies between that of a photo and that of one of its 20 nearest, a little beside the
line. With --vectors the eye is left out: a .npy file of vectors [N, D].
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.reading import read_photo
from bottega.models.blocks.best import best
from bottega.models.blocks.vector_index import IndexConfig, VectorIndex
from bottega.models.vision.eye.eye import Eye
from bottega.names import FloatArray, LongArray

DATA = Path(os.environ.get("BOTTEGA_DATA", Path(__file__).parents[2] / "shared" / "data"))
CHUNK = 50_000
K = 10
BESIDE = 0.3
"""How far a made vector lies beside the line, against the line's length."""

KINDS: dict[str, tuple[str, IndexConfig]] = {
    "all": ("all compared", IndexConfig(exact_up_to=10**9)),
    "f16": ("graph, 16-bit floats", IndexConfig(precision="f16")),
    "i8": ("graph, 8-bit integers", IndexConfig(precision="i8")),
}


def seen(folder: Path, most: int, rng: np.random.Generator) -> FloatArray:
    """Vectors [N, D] of some photos of a catalogue, one a product line."""
    catalogue = PhotoCatalogue.read(folder)
    _, first = np.unique(catalogue.lines, return_index=True)
    rows = rng.permutation(first)[:most]
    return Eye.shipped().look([read_photo(catalogue.paths[row]) for row in rows.tolist()]).vectors


def made(real: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
    """`count` vectors [M, D] between real neighbours."""
    likeness = real @ real.T
    np.fill_diagonal(likeness, -1.0)
    near = np.argsort(-likeness, axis=1)[:, :20]
    vectors = np.empty((count, real.shape[1]), dtype=np.float32)
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        one = rng.integers(0, len(real), size)
        line = real[near[one, rng.integers(0, 20, size)]] - real[one]
        beside = rng.standard_normal(line.shape, dtype=np.float32)
        beside *= BESIDE * np.linalg.norm(line, axis=1, keepdims=True) / np.sqrt(line.shape[1])
        drawn = real[one] + rng.random((size, 1), dtype=np.float32) * line + beside
        vectors[start : start + size] = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return vectors


def truth(vectors: FloatArray, queries: FloatArray) -> LongArray:
    """The true K nearest [Q, K], by comparing all."""
    ids, scores = np.zeros((len(queries), 0), dtype=np.int64), np.zeros((len(queries), 0), dtype=np.float32)
    for start in range(0, len(vectors), CHUNK):
        part = queries @ vectors[start : start + CHUNK].T
        ids = np.hstack([ids, np.tile(np.arange(start, start + part.shape[1]), (len(queries), 1))])
        scores = np.hstack([scores, part])
        kept = np.stack([best(row, K, ids=names) for row, names in zip(scores, ids, strict=True)])
        ids, scores = np.take_along_axis(ids, kept, 1), np.take_along_axis(scores, kept, 1)
    return ids


def judged(kind: str, vectors: FloatArray, queries: FloatArray, wanted: LongArray, threads: int) -> dict[str, Any]:
    """Build one index, ask every query alone."""
    title, config = KINDS[kind]
    config = IndexConfig(**{name: getattr(config, name) for name in config.__slots__} | {"threads": threads})
    started = time.perf_counter()
    index = VectorIndex(config)
    for start in range(0, len(vectors), CHUNK):
        index.add(np.arange(start, min(start + CHUNK, len(vectors))), vectors[start : start + CHUNK])
    built = time.perf_counter() - started
    times, hits = [], []
    for query, true in zip(queries, wanted, strict=True):
        started = time.perf_counter()
        ids, _ = index.search(query, K)
        times.append((time.perf_counter() - started) * 1000)
        hits.append(np.isin(ids[0], true).mean())
    return {
        "index": title,
        "products": len(vectors),
        "build_s": round(built, 1),
        "p50_ms": round(float(np.percentile(times, 50)), 2),
        "p95_ms": round(float(np.percentile(times, 95)), 2),
        "recall@10": round(float(np.mean(hits)), 4),
        "memory_mb": round(index.bytes_held / 2**20),
    }


def main(
    products: Annotated[int, typer.Option(help="How many vectors to search among.")] = 1_000_000,
    photos: Annotated[Path, typer.Option(help="Folder with styles.csv and images/.")] = DATA / "fashion",
    looked_at: Annotated[int, typer.Option(help="How many photos the eye looks at.")] = 3000,
    threads: Annotated[int, typer.Option(help="Threads of the graph.")] = 2,
    kinds: Annotated[str, typer.Option(help=f"Which of {', '.join(KINDS)}.")] = ",".join(KINDS),
    vectors: Annotated[Path | None, typer.Option(help="Vectors [N, D] as .npy instead of photos.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one object.")] = False,
) -> None:
    """Measure every kind of index."""
    rng = np.random.default_rng(0)
    real = np.load(vectors) if vectors else seen(photos, looked_at, rng)
    queries, rest = real[: max(len(real) // 10, 1)][:300], real[max(len(real) // 10, 1) :]
    held = made(rest, products, rng)
    wanted = truth(held, queries)
    rows = [judged(kind, held, queries, wanted, threads) for kind in kinds.split(",")]
    if as_json:
        print(json.dumps({"queries": len(queries), "photos": len(real), "threads": threads, "indexes": rows}))
        return
    print(f"{len(queries)} queries, {len(real)} photos, {threads} thread(s)\n")
    print("| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]))
    for row in rows:
        print(
            "| " + " | ".join(f"{value:,}" if isinstance(value, int) else str(value) for value in row.values()) + " |"
        )


if __name__ == "__main__":
    typer.run(main)
