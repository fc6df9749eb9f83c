"""What the rules after a purchase are worth, on the demo shop with its truth and on real data; page: treadmill.md.

    python benchmarks/treadmill.py [--data FOLDER] [--shoppers 3000] [--seed 7] [--model transitions] [--json]

Demo shop: the last 30 of 120 days are played live against a model trained on the first 90. The same requests are
answered with the rules on and off (setting `exclude_purchased_durables`), by the answer path itself. FOLDER holds the
grocery data (benchmarks/time_split.py), where scores with and without the rules are judged by the time split.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from bottega.actions.recommend.after_purchases import after_purchases
from bottega.datasets.splits import by_time
from bottega.models.recommend.accuracy import ndcg, recall
from bottega.models.recommend.base import top
from bottega.models.recommend.last_mile.rules import calibrated
from bottega.models.recommend.purchases.relations import Relations
from bottega.models.recommend.purchases.repeats import RepeatRates
from bottega.models.recommend.purchases.repurchase import Repurchase
from bottega.models.recommend.registry import recommender_class
from common import machine
from time_split import FOLDER, read_grocery
from treadmill_demo import Demo
from treadmill_lines import LINES, compared, show, told

COUNT = 10


def grocery(folder: Path, model: str) -> None:
    """The time split with and without the rules: what a shopper has stays hidden, because nobody has anything twice."""
    histories, features = read_grocery(folder)
    meta = pl.read_csv(folder / "item_meta.csv.gz", separator="\t", columns=["item_id", "i_category"]).sort("item_id")
    features = replace(features, categories=meta["i_category"].fill_null(-1).to_numpy().astype(np.int32))
    split = by_time(histories, rng=np.random.default_rng(0))
    fitted = recommender_class(model)().fit(split.train, features, rng=np.random.default_rng(0), holdout=split.holdout)
    repurchase, relations = Repurchase.fit(split.train, features), Relations.fit(split.train, features)
    durable = RepeatRates.fit(split.train, features.categories).durable
    assert split.cuts_ms is not None
    ranks: dict[str, list[int]] = {"off": [], "on": []}
    for shopper, target in enumerate(split.test.targets.tolist()):
        row = split.test.inputs.take([shopper])
        fresh = np.ones(row.n_items, dtype=np.bool_)
        fresh[row.items] = False
        values = calibrated(fitted.score(row)[0], fresh)
        now_ms = split.cuts_ms[1]
        after = after_purchases(repurchase, relations, row, now_ms, categories=features.categories, durable=durable)
        for name, ruled in (("off", values), ("on", after.ruled(values, fresh))):
            best = top(ruled[None], COUNT).items[0].tolist()
            ranks[name].append(best.index(target) + 1 if target in best else 0)
    places = {name: np.array(values, dtype=np.int32) for name, values in ranks.items()}
    for measure, score in (("recall@10", recall), ("ndcg@10", ndcg)):
        compared("grocery", f"{model}, {measure}", score(places["off"], COUNT), score(places["on"], COUNT))
    pairs = histories.shoppers * histories.n_items + histories.items
    told("grocery", "events on something the shopper already has", value=len(pairs) - len(np.unique(pairs)))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=FOLDER)
    parser.add_argument("--shoppers", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--model", default="transitions")
    parser.add_argument("--only", choices=["demo", "due", "grocery"])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.only != "grocery":
            demo = Demo(Path(folder), shoppers=asked.shoppers, seed=asked.seed, model=asked.model)
            if asked.only != "demo":
                demo.due_dates()
                demo.complements()
            if asked.only != "due":
                demo.live()
    if asked.only in (None, "grocery"):
        grocery(asked.data, asked.model)
    if asked.json:
        for line in LINES:
            print(json.dumps(line))
        return
    print(f"{machine()}; demo shop of {asked.shoppers} shoppers, seed {asked.seed}, model {asked.model}\n")
    show()


if __name__ == "__main__":
    main()
