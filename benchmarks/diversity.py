"""What the dials of the last mile cost and bring, on a sequence file; page: diversity.md.

Parameters come from the train part only, and each shopper's last item is the question (as in ranking.py). Each model
names its 100 best products for a sample of shoppers; the dials then choose ten of them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import altair as alt
import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from bottega.datasets.arrays import Features, Holdout
from bottega.datasets.sequences import read_sequences
from bottega.datasets.splits import Split, last_out
from bottega.evaluation.measures import holders, novelty
from bottega.models.recommend.accuracy import ndcg
from bottega.models.recommend.base import Recommender, top
from bottega.models.recommend.blend.blend import Blend, BlendConfig
from bottega.models.recommend.last_mile.diversity import (
    CANDIDATES,
    METHODS,
    Method,
    diversify,
    own_spread,
    similarities,
    spread,
    unit_rows,
)
from bottega.models.recommend.last_mile.leaning import fame, lean
from bottega.models.recommend.last_mile.learnt import LastMile
from bottega.models.recommend.last_mile.rules import calibrated
from bottega.models.recommend.registry import recommender_class
from bottega.names import FloatArray, IntArray

DIALS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
SHARES = (0.05, 0.1, 0.2, 0.3, 0.5)
COUNT = 10
SIMPLE: dict[str, dict[str, Any]] = {"transitions": {}, "content": {}, "item_neighbours": {}, "popular": {}}


@dataclass(frozen=True)
class Shopper:
    """One question: candidates [C] best first, their calibrated scores, likeness, and what the shopper likes."""

    items: IntArray
    values: FloatArray
    likeness: FloatArray
    own: float | None
    target: int


def built(name: str) -> Recommender:
    """A model by name; `simple` is a blend of the members that train in seconds, `default` the default."""
    if name == "simple":
        return Blend(BlendConfig(members=SIMPLE, weight_shoppers=3000))
    made: Recommender = recommender_class("blend" if name == "default" else name)()
    return made


def asked(model: Recommender, test: Holdout, features: Features, usual: float | None, sample: int) -> list[Shopper]:
    """The questions, scored."""
    rows = unit_rows(features.attributes)
    chosen = np.sort(np.random.default_rng(0).permutation(len(test))[:sample])
    found = []
    for start in range(0, len(chosen), 128):
        part = chosen[start : start + 128]
        inputs = test.inputs.take(part)
        scores = model.score(inputs)
        scores[inputs.shoppers, inputs.items] = -np.inf
        for row, (shopper, score) in enumerate(zip(part.tolist(), scores, strict=True)):
            best = top(calibrated(score, np.isfinite(score))[None], CANDIDATES)
            items = best.items[0][best.items[0] >= 0]
            own = own_spread(rows, inputs.row(row), usual=usual)
            target = int(test.targets[shopper])
            found.append(Shopper(items, best.scores[0][: len(items)], similarities(rows, items), own, target))
    return found


def judged(shoppers: list[Shopper], lists: list[list[int]], held: Any, total: int) -> dict[str, float]:
    """Of lists of places: NDCG@10, its standard error, spread, distance from the shopper's own, novelty in bits."""
    items = np.full((len(shoppers), COUNT), -1, dtype=np.int32)
    spreads, away = [], []
    for row, (one, places) in enumerate(zip(shoppers, lists, strict=True)):
        items[row, : len(places)] = one.items[places]
        mine = spread(one.likeness[np.ix_(places, places)])
        if not np.isnan(mine):
            spreads.append(mine)
            away.append(abs(mine - one.own) if one.own is not None else 0.0)
    ranks = np.array(
        [
            row.index(one.target) + 1 if one.target in row else 0
            for row, one in zip(items.tolist(), shoppers, strict=True)
        ]
    )
    gains = ndcg(ranks, COUNT)
    return {
        "ndcg@10": float(gains.mean()),
        "standard error": float(gains.std() / np.sqrt(len(gains))),
        "spread": float(np.mean(spreads)),
        "away": float(np.mean(away)),
        "novelty": float(np.nanmean(novelty(items, COUNT, held, total))),
    }


def diversity_lines(shoppers: list[Shopper], held: Any, total: int) -> Iterator[dict[str, Any]]:
    """A line for each method, calibrated or not, and place of the dial."""
    for method in METHODS:
        for own in (True, False):
            for dial in DIALS:
                lists = [
                    diversify(
                        one.values,
                        one.likeness,
                        dial=dial,
                        count=COUNT,
                        own=one.own if own else None,
                        method=method,
                    )
                    for one in shoppers
                ]
                found = judged(shoppers, lists, held, total)
                yield {"dial": dial, "method": method, "calibrated": own, **found}


def novelty_lines(shoppers: list[Shopper], held: Any, total: int) -> Iterator[dict[str, Any]]:
    """A line for each place of the novelty dial."""
    known = fame(np.asarray(held))
    for dial in DIALS:
        lists = []
        for one in shoppers:
            values = lean(one.values, known[one.items], dial=dial, count=COUNT)
            lists.append(np.argsort(-values, kind="stable")[:COUNT].tolist())
        yield {"dial": dial, **judged(shoppers, lists, held, total)}


def cutoff_lines(shoppers: list[Shopper], learnt: LastMile) -> Iterator[dict[str, Any]]:
    """A line for each share: how long lists get, how many answers stay in them, and how likely a product shown is one.

    `recall_fixed`: what lists of one length, the mean, keep.
    """
    for share in (0.0, *SHARES):
        kept = [learnt.worth_showing(one.values[:COUNT], share) for one in shoppers]
        hits = [one.target in one.items[:length] for one, length in zip(shoppers, kept, strict=True)]
        length = float(np.mean(kept))
        short, more = int(length), length - int(length)
        same = [np.mean([one.target in one.items[:at] for one in shoppers]) for at in (short, short + 1)]
        yield {
            "share": share,
            "length": length,
            "shortest": int(np.min(kept)),
            "longest": int(np.max(kept)),
            "recall": float(np.mean(hits)),
            "precision": float(np.sum(hits) / np.sum(kept)),
            "recall_fixed": float((1 - more) * same[0] + more * same[1]),
        }


def answer_ms(shoppers: list[Shopper], held: Any, features: Features) -> dict[str, float]:
    """Milliseconds for one list of 10 out of 100: likeness and own spread, then each method, then novelty."""
    known, rows, some = fame(np.asarray(held)), unit_rows(features.attributes), shoppers[:300]

    def timed(work: Callable[[Shopper], Any]) -> float:
        started = time.perf_counter()
        for one in some:
            work(one)
        return (time.perf_counter() - started) / len(some) * 1000

    def spread_by(method: Method) -> Callable[[Shopper], Any]:
        return lambda one: diversify(one.values, one.likeness, dial=0.5, count=COUNT, own=one.own, method=method)

    times = {"likeness": timed(lambda one: similarities(rows, one.items))}
    times |= {method: timed(spread_by(method)) for method in METHODS}
    return times | {"novelty": timed(lambda one: lean(one.values, known[one.items], dial=0.5, count=COUNT))}


def chart(lines: list[dict[str, Any]], path: Path) -> None:
    """Accuracy against spread, a line for each method."""
    rows = [
        {**line, "list": f"{line['method']}, {'calibrated' if line['calibrated'] else 'the same for all'}"}
        for line in lines
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(  # type: ignore[no-untyped-call]
        x=alt.X("spread:Q", title="spread of the list (1 - mean likeness)", scale=alt.Scale(zero=False)),
        y=alt.Y("ndcg@10:Q", title="NDCG@10", scale=alt.Scale(zero=False)),
        color=alt.Color("list:N", title=None),
        order="dial:Q",
    )
    drawn = base.mark_line(opacity=0.6) + base.mark_point(filled=True, size=60)
    drawn.properties(width=560, height=320).save(path)


def table(title: str, lines: list[dict[str, Any]]) -> None:
    """Lines as a table."""
    made = Table(*lines[0], title=title)
    for line in lines:
        made.add_row(*(f"{value:.4f}" if isinstance(value, float) else str(value) for value in line.values()))
    Console(width=140).print(made)


def fitted(name: str, split: Split, features: Features, seed: int) -> tuple[Recommender, LastMile]:
    """A model with what the last mile learns beside it."""
    rng = np.random.default_rng(seed)
    model = built(name).fit(split.train, features, rng=rng, holdout=split.holdout)
    return model, LastMile.fit(split.train, features, rng=rng, model=model, holdout=split.holdout)


def main(
    sequences: Annotated[Path, typer.Option(help="A line a user, `user item item ...`, oldest first; plain or .gz.")],
    attributes: Annotated[Path, typer.Option(help="JSON {item: [value, ...]}, plain or .gz.")],
    model: Annotated[str, typer.Option(help="simple, default, or a recommender's name.")] = "simple",
    shoppers: Annotated[int, typer.Option(help="Shoppers asked, drawn at random.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the model.")] = 0,
    svg: Annotated[Path | None, typer.Option(help="Where to draw the diversity curve.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False,
) -> None:
    """Turn every dial and print what happens to accuracy."""
    histories, features, _, _ = read_sequences(sequences, attributes)
    split = last_out(histories)
    made, learnt = fitted(model, split, features, seed)
    people = asked(made, split.test, features, learnt.usual_spread, shoppers)
    held, total = holders(split.train), int((split.train.lengths > 0).sum())
    tables = {
        "diversity": list(diversity_lines(people, held, total)),
        "novelty": list(novelty_lines(people, held, total)),
        "cutoff": list(cutoff_lines(people, learnt)),
        "ms": [answer_ms(people, held, features)],
    }
    if svg:
        chart(tables["diversity"], svg)
    if as_json:
        print(json.dumps({"model": model, "curve": learnt.curve, "usual_spread": learnt.usual_spread, **tables}))
        return
    print(
        f"{sequences.name}, {model}: {len(people):,} shoppers, usual spread {learnt.usual_spread}, curve {learnt.curve}"
    )
    for title, lines in tables.items():
        table(title, lines)


if __name__ == "__main__":
    typer.run(main)
