"""Does what reviews say help to rank products? Judged on what was reviewed next; page: review_ranking.md.

    python benchmarks/review_ranking.py [--encoder floor]

`texts/reviews_en.jsonl.gz` names no reviewers, so a list is the same for everybody: at each of twelve moments the
products are put in order by what was known until then, and judged by the reviews of the following 180 days, each of
which is a purchase. `popular` counts reviews, newer ones more (half-life 180 days). The dial adds z times what the
words say, or what the stars say, each drawn to the mean of all products by five reviews. Intervals: 500 draws of
moments and products' next reviews. And as a feature: how well the mean stars of a product's next reviews are told by
its stars, its words, or both.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import numpy as np
import typer

from bottega.models.blocks.other_encoders import encoder_called
from bottega.models.wording.sentiment import UNSURE, SentimentReader
from bottega.names import FloatArray
from common import DATA, machine

DAY_S = 24 * 3600
AHEAD_S = 180 * DAY_S
HALF_LIFE_S = 180 * DAY_S
DRAWN = 5.0
MOMENTS = 12
AT = 10
DRAWS = 500
DIALS = (0.25, 0.5, 1.0)


def rows_with_feeling(reader: SentimentReader) -> list[dict[str, Any]]:
    with gzip.open(DATA / "texts" / "reviews_en.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    read = reader.read([f"{row.get('summary') or ''}\n{row.get('reviewText') or ''}" for row in rows])
    for row, opinions in zip(rows, read, strict=True):
        sure = [one.value for one in opinions if one.polarity != UNSURE]
        row["feeling"] = float(np.mean(sure)) if sure else 0.0
    return sorted(rows, key=lambda row: (row["unixReviewTime"], row["asin"], row["overall"]))


def drawn_mean(values: Sequence[float], middle: float) -> float:
    return (sum(values) + DRAWN * middle) / (len(values) + DRAWN)


def ndcg(scores: FloatArray, gains: FloatArray) -> float:
    discounts = 1.0 / np.log2(np.arange(2, AT + 2))
    best = np.sort(gains)[::-1][:AT]
    order = np.argsort(-scores, kind="stable")[:AT]
    ideal = float(best @ discounts[: len(best)])
    return float(gains[order] @ discounts[: len(order)]) / ideal if ideal else float("nan")


def standard(values: FloatArray) -> FloatArray:
    spread = float(values.std())
    return np.asarray((values - values.mean()) / (spread if spread > 0 else 1.0), dtype=np.float32)


def moments(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """At each moment, what is known of every product with a review, and the stars of those that follow."""
    times = np.array([row["unixReviewTime"] for row in rows])
    found = []
    for moment in np.linspace(np.quantile(times, 0.25), times[-1] - AHEAD_S, MOMENTS):
        past: dict[str, list[dict[str, Any]]] = defaultdict(list)
        later: dict[str, list[float]] = defaultdict(list)
        for row in rows:
            if row["unixReviewTime"] < moment:
                past[row["asin"]].append(row)
            elif row["unixReviewTime"] < moment + AHEAD_S:
                later[row["asin"]].append(row["overall"])
        names = sorted(past)
        stars_before = float(np.mean([row["overall"] for known in past.values() for row in known]))
        feeling_before = float(np.mean([row["feeling"] for known in past.values() for row in known]))
        found.append(
            {
                "popular": np.array(
                    [sum(0.5 ** ((moment - row["unixReviewTime"]) / HALF_LIFE_S) for row in past[n]) for n in names]
                ),
                "stars": np.array([drawn_mean([row["overall"] for row in past[n]], stars_before) for n in names]),
                "words": np.array([drawn_mean([row["feeling"] for row in past[n]], feeling_before) for n in names]),
                "next": [later.get(name, []) for name in names],
            }
        )
    return found


def ranked(moment: dict[str, Any], feature: str, dial: float) -> FloatArray:
    scores = standard(np.log1p(moment["popular"]))
    return scores if not feature else np.asarray(scores + dial * standard(moment[feature]), dtype=np.float32)


def gains_of(following: Sequence[Sequence[float]], liked: bool, rng: np.random.Generator | None) -> FloatArray:
    gains = []
    for stars in following:
        picked = list(stars) if rng is None else list(rng.choice(stars, len(stars))) if stars else []
        gains.append(float(sum(one >= 4 for one in picked) - sum(one <= 2 for one in picked)) if liked else len(picked))
    return np.asarray(np.log1p(np.maximum(np.array(gains, dtype=np.float32), 0.0)), dtype=np.float32)


def difference(
    known: Sequence[dict[str, Any]], feature: str, dial: float, liked: bool
) -> tuple[float, float, float, float]:
    """NDCG of the list with the dial, what it adds to `popular`, and the interval of that."""

    def means(picks: Sequence[int], rng: np.random.Generator | None) -> tuple[float, float]:
        both = []
        for pick in picks:
            gains = gains_of(known[pick]["next"], liked, rng)
            both.append((ndcg(ranked(known[pick], feature, dial), gains), ndcg(ranked(known[pick], "", 0), gains)))
        mine, plain = np.nanmean(np.array(both), axis=0)
        return float(mine), float(mine - plain)

    mine, added = means(range(len(known)), None)
    rng = np.random.default_rng(0)
    draws = [means(list(rng.integers(0, len(known), len(known))), rng)[1] for _ in range(DRAWS)]
    low, high = np.percentile(draws, [2.5, 97.5])
    return mine, added, float(low), float(high)


def as_feature(known: Sequence[dict[str, Any]]) -> None:
    """Squared error of a product's next mean stars, left one moment out at a time."""
    tables = []
    for number, moment in enumerate(known):
        for place, following in enumerate(moment["next"]):
            if len(following) >= 2:
                tables.append((number, moment["stars"][place], moment["words"][place], float(np.mean(following))))
    table = np.array(tables)
    print(f"\n{len(table)} times a product with two reviews or more in the next 180 days\n")
    print("| told by | mean squared error | less than by stars alone |\n|---|---|---|")
    errors: dict[str, FloatArray] = {}
    chosen: dict[str, list[int]] = {"the mean": [], "stars": [1], "words": [2], "stars and words": [1, 2]}
    for name, columns in chosen.items():
        told = np.zeros(len(table))
        for number in range(len(known)):
            rest, mine = table[:, 0] != number, table[:, 0] == number
            x = np.column_stack([np.ones(len(table)), *(table[:, column] for column in columns)])
            weights = np.linalg.lstsq(x[rest], table[rest, 3], rcond=None)[0]
            told[mine] = x[mine] @ weights
        errors[name] = ((told - table[:, 3]) ** 2).astype(np.float32)
    rng = np.random.default_rng(0)
    for name, found in errors.items():
        gain = errors["stars"] - found
        spread = np.percentile([gain[rng.integers(0, len(gain), len(gain))].mean() for _ in range(DRAWS)], [2.5, 97.5])
        print(f"| {name} | {found.mean():.3f} | {gain.mean():+.3f} ({spread[0]:+.3f} to {spread[1]:+.3f}) |")


def main(encoder: Annotated[str, typer.Option()] = "floor") -> None:
    rows = rows_with_feeling(SentimentReader(encoder_called(encoder)))
    known = moments(rows)
    sizes = [len(moment["next"]) for moment in known]
    print(f"{machine()}; encoder {encoder}; {len(rows)} reviews, {min(sizes)} to {max(sizes)} products\n")
    aims: tuple[tuple[str, bool], ...] = (("what is bought next", False), ("what is bought next and liked", True))
    shown: Callable[[float], str] = "{:+.3f}".format
    for aim, liked in aims:
        plain = difference(known, "", 0.0, liked)[0]
        print(f"{aim}: popular alone {plain:.3f}\n\n| dial | NDCG@{AT} | added | interval |\n|---|---|---|---|")
        for feature in ("words", "stars"):
            for dial in DIALS:
                mine, added, low, high = difference(known, feature, dial, liked)
                print(
                    f"| {feature} x {dial:g} | {mine:.3f} | {shown(added)} | {shown(low)} to {shown(high)} |",
                    flush=True,
                )
        print()
    as_feature(known)


if __name__ == "__main__":
    typer.run(main)
