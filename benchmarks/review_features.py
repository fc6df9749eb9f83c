"""Do counts of what reviews say help as features of products? Page: review_ranking.md.

    python benchmarks/review_features.py

No data at hand has shoppers who come back and reviews with words, so what a recommender could learn of one shopper's
taste for, say, comfort cannot be asked. Two things can. **Next**: `texts/reviews_en.jsonl.gz`, at each of twenty
moments the products are put in order by a model that was taught on moments whose following 180 days were over by then,
and judged by the reviews of the 180 days ahead. **Never bought**: `texts/reviews_id.csv.gz`, units sold of a product
that the model has not seen, told from price, category and rating, with the encoder `meaning` where it is installed
(Indonesian; its lists are none of ours). Words are, for each aspect, the share of reviews that praise it and the share
that complain, drawn to the mean by five reviews. Models: ridge, and boosted trees with five seeds. Intervals: 500 draws
of moments and of Poisson counts, or of products.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np
import typer

from bottega.errors import EncoderUnavailable
from bottega.models.blocks.other_encoders import encoder_called
from bottega.models.wording.sentiment import ASPECT_CLASSES, Opinion, SentimentReader
from bottega.names import FloatArray
from common import DATA, machine
from review_ranking import AHEAD_S, DRAWN, ndcg

MOMENTS = 20
HALF_LIVES_S = tuple(days * 24 * 3600 for days in (45, 180, 720))
SEEDS = range(5)
DRAWS = 500
OF_ID = 1600
FOLDS = 10
Learn = Callable[[FloatArray, FloatArray, FloatArray, int], FloatArray]
"""Features and targets to learn from, features to tell of, seed -> what is told."""


def said(opinions: Sequence[Opinion]) -> FloatArray:
    """Of each aspect, whether a review praises it and whether it complains."""
    told = {(one.aspect, one.polarity) for one in opinions}
    return np.array([(aspect, sign) in told for aspect in ASPECT_CLASSES for sign in ("good", "bad")], dtype=np.float32)


def ridge(x: FloatArray, y: FloatArray, asked: FloatArray, seed: int) -> FloatArray:
    middle, spread = x.mean(axis=0), x.std(axis=0)
    spread = np.where(spread > 1e-6, spread, 1.0)
    scaled = (x - middle) / spread
    weights = np.linalg.solve(scaled.T @ scaled + 10.0 * np.eye(x.shape[1]), scaled.T @ (y - y.mean()))
    return np.asarray((asked - middle) / spread @ weights + y.mean())


def trees(x: FloatArray, y: FloatArray, asked: FloatArray, seed: int) -> FloatArray:
    make: Any = import_module("sklearn.ensemble").HistGradientBoostingRegressor
    model = make(
        max_iter=100, learning_rate=0.05, max_leaf_nodes=7, min_samples_leaf=10, max_features=0.7, random_state=seed
    )
    return np.asarray(model.fit(x, y).predict(asked))


MODELS: dict[str, tuple[Learn, Sequence[int]]] = {"ridge": (ridge, (0,)), "trees": (trees, SEEDS)}


def drawn(rows: Sequence[FloatArray], middle: FloatArray) -> FloatArray:
    return np.asarray((np.sum(rows, axis=0) + DRAWN * middle) / (len(rows) + DRAWN))


def moments(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """At each moment the features of every product with a review, in groups, and how many reviews follow."""
    times = np.array([row["unixReviewTime"] for row in rows])
    found = []
    for moment in np.linspace(np.quantile(times, 0.1), times[-1] - AHEAD_S, MOMENTS):
        past: dict[str, list[dict[str, Any]]] = defaultdict(list)
        later: dict[str, int] = defaultdict(int)
        for row in rows:
            if row["unixReviewTime"] < moment:
                past[row["asin"]].append(row)
            elif row["unixReviewTime"] < moment + AHEAD_S:
                later[row["asin"]] += 1
        names = sorted(past)
        every = [row for known in past.values() for row in known]
        stars_middle = np.mean([row["stars"] for row in every], axis=0)
        words_middle = np.mean([row["said"] for row in every], axis=0)
        counts = [
            [
                np.log1p(sum(0.5 ** ((moment - row["unixReviewTime"]) / half) for row in past[n]))
                for half in HALF_LIVES_S
            ]
            for n in names
        ]
        found.append(
            {
                "time": moment,
                "counts": np.log1p(np.array(counts)),
                "stars": np.array([drawn([row["stars"] for row in past[n]], stars_middle) for n in names]),
                "words": np.array([drawn([row["said"] for row in past[n]], words_middle) for n in names]),
                "next": np.array([later[n] for n in names], dtype=np.float64),
            }
        )
    return found


GROUPS = {"counts": ("counts",), "and stars": ("counts", "stars"), "and words": ("counts", "stars", "words")}


def next_bought() -> None:
    with gzip.open(DATA / "texts" / "reviews_en.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    reader = SentimentReader(encoder_called("floor"))
    read = reader.read([f"{row.get('summary') or ''}\n{row.get('reviewText') or ''}" for row in rows])
    for row, opinions in zip(rows, read, strict=True):
        row["said"] = said(opinions)
        row["stars"] = np.array([row["overall"], row["overall"] <= 2], dtype=np.float32)
    rows.sort(key=lambda row: (row["unixReviewTime"], row["asin"], row["overall"]))
    known = moments(rows)
    asked = [one for one in known if sum(other["time"] + AHEAD_S <= one["time"] for other in known) >= 3]
    print(f"## Next\n\n{len(rows)} reviews, {len(known)} moments, {len(asked)} of them asked\n")
    print("| model | features | NDCG@10 | added to the row above | interval |\n|---|---|---|---|---|")
    rng = np.random.default_rng(1)
    picks = [rng.integers(0, len(asked), len(asked)) for _ in range(DRAWS)]
    noise = [[rng.poisson(one["next"]) for one in asked] for _ in range(DRAWS)]
    for name, (learn, seeds) in MODELS.items():
        before: list[FloatArray] | None = None
        for label, groups in GROUPS.items():
            scores = [np.mean([told_at(learn, known, one, groups, seed) for seed in seeds], axis=0) for one in asked]
            mine = [ndcg(score, np.log1p(one["next"])) for score, one in zip(scores, asked, strict=True)]
            line = f"| {name} | {label} | {np.nanmean(mine):.3f} |"
            if before is not None:
                plain = [ndcg(score, np.log1p(one["next"])) for score, one in zip(before, asked, strict=True)]
                added = []
                for pick, counts in zip(picks, noise, strict=True):
                    pairs = [
                        ndcg(scores[k], np.log1p(counts[k]))
                        - ndcg(before[k], np.log1p(counts[k]))  # same draw for both
                        for k in pick
                    ]
                    added.append(np.nanmean(pairs))
                low, high = np.percentile(added, [2.5, 97.5])
                line += f" {np.nanmean(mine) - np.nanmean(plain):+.3f} | {low:+.3f} to {high:+.3f} |"
            else:
                line += " | |"
            print(line, flush=True)
            before = scores


def told_at(
    learn: Learn, known: Sequence[dict[str, Any]], one: dict[str, Any], groups: Sequence[str], seed: int
) -> FloatArray:
    taught = [other for other in known if other["time"] + AHEAD_S <= one["time"]]
    x = np.concatenate([np.concatenate([other[group] for group in groups], axis=1) for other in taught])
    y = np.concatenate([np.log1p(other["next"]) for other in taught])
    return learn(x, y, np.concatenate([one[group] for group in groups], axis=1), seed)


def never_bought() -> None:
    try:
        reader = SentimentReader(encoder_called("meaning"))
    except EncoderUnavailable as error:
        print(f"\n{error}")
        return
    with gzip.open(DATA / "texts" / "reviews_id.csv.gz", "rt", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    by_product: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        by_product[row["Product Name"]].append(row)
    order = np.random.default_rng(0).permutation(sorted(by_product))
    chosen: list[str] = []
    while sum(len(by_product[name]) for name in chosen) < OF_ID:
        chosen.append(str(order[len(chosen)]))
    flat = [row for name in chosen for row in by_product[name]]
    read = reader.read([row["Customer Review"] for row in flat], ["id"] * len(flat), likely=["en"])
    told = {id(row): said(opinions) for row, opinions in zip(flat, read, strict=True)}
    value = np.array([np.mean([one.value for one in opinions] or [0.0]) for opinions in read])
    stars = np.array([float(row["Customer Rating"]) for row in flat])
    categories = sorted({row["Category"] for row in flat})
    first = [by_product[name][0] for name in chosen]
    counts = np.array(
        [
            [
                np.log1p(float(row["Price"])),
                float(row["Overall Rating"] or 0),
                *[row["Category"] == one for one in categories],
            ]
            for row in first
        ],
        dtype=np.float64,
    )
    stars_of = [[np.array([float(row["Customer Rating"])]) for row in by_product[name]] for name in chosen]
    words_of = [[told[id(row)] for row in by_product[name]] for name in chosen]
    middle = np.mean([one for many in words_of for one in many], axis=0)
    groups = {
        "counts": counts,
        "stars": np.array([drawn(many, np.array([stars.mean()])) for many in stars_of]),
        "words": np.array([drawn(many, middle) for many in words_of]),
    }
    y = np.log1p(np.array([float(row["Number Sold"]) for row in first]))
    print(f"\n## Never bought\n\n{len(flat)} reviews of {len(chosen)} products; ", end="")
    print(f"the words' feeling against the stars of the same reviews: r = {np.corrcoef(value, stars)[0, 1]:.2f}\n")
    print("| model | features | R2 of log units sold | added to the row above | interval |\n|---|---|---|---|---|")
    for name, (learn, _) in MODELS.items():
        before = None
        for label, parts in GROUPS.items():
            x = np.concatenate([groups[part] for part in parts], axis=1)
            errors = np.mean([folded(learn, x, y, seed) for seed in SEEDS], axis=0)
            told_r2 = 1 - errors.mean() / y.var()
            shown = label.replace("counts", "price, category, rating")
            line = f"| {name} | {shown} | {told_r2:.3f} |"
            if before is not None:
                rng = np.random.default_rng(1)
                gains = []
                for _ in range(DRAWS):
                    pick = rng.integers(0, len(y), len(y))
                    gains.append((before[pick].mean() - errors[pick].mean()) / y[pick].var())
                low, high = np.percentile(gains, [2.5, 97.5])
                line += f" {(before.mean() - errors.mean()) / y.var():+.3f} | {low:+.3f} to {high:+.3f} |"
            else:
                line += " | |"
            print(line, flush=True)
            before = errors


def folded(learn: Learn, x: FloatArray, y: FloatArray, seed: int) -> FloatArray:
    """The squared error of each product, told by a model that did not see it."""
    folds = np.random.default_rng(seed).permutation(len(y)) % FOLDS
    errors = np.zeros(len(y), dtype=np.float32)
    for fold in range(FOLDS):
        held = folds == fold
        errors[held] = (learn(x[~held], y[~held], x[held], seed) - y[held]) ** 2
    return errors


def main() -> None:
    print(f"{machine()}\n")
    next_bought()
    never_bought()


if __name__ == "__main__":
    typer.run(main)
