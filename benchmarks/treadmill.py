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
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bottega.actions.answerer import Answerer
from bottega.actions.import_catalogue import import_catalogue
from bottega.actions.import_events import import_events
from bottega.actions.recommend import recommend
from bottega.actions.record_events import record_events
from bottega.actions.requests import RecommendationRequest
from bottega.actions.shop import open_shop
from bottega.actions.train import train
from bottega.actions.treadmill import after_purchases
from bottega.datasets.demo_store import write_demo_shop
from bottega.datasets.load import load_dataset
from bottega.datasets.splits import by_time
from bottega.evaluation.intervals import Interval, difference, interval
from bottega.evaluation.measures import ndcg, recall
from bottega.models.recommend.base import top
from bottega.models.recommend.registry import recommender_class
from bottega.models.recommend.relations import Relations
from bottega.models.recommend.repeats import DAY_MS, RepeatRates
from bottega.models.recommend.repurchase import Repurchase
from bottega.models.recommend.rules import calibrated
from bottega.models.recommend.waits import waits_of
from bottega.names import KindCode
from time_split import FOLDER, machine, read_grocery  # type: ignore[import-not-found]  # the script beside this one

LIVE_DAYS = 30
COUNT = 10
MINUTE_MS = 60_000
LINES: list[dict[str, Any]] = []


def told(part: str, measure: str, **values: Interval | float) -> None:
    """One line of the result."""
    line: dict[str, Any] = {"part": part, "measure": measure}
    for name, value in values.items():
        if isinstance(value, Interval):
            line |= {name: value.mean, f"{name}_low": value.low, f"{name}_high": value.high}
        else:
            line[name] = value
    LINES.append(line)


def compared(part: str, measure: str, off: Iterable[float], on: Iterable[float]) -> None:
    """Means with the rules off and on, and the gap with its interval."""
    before, after = (np.array(list(values), dtype=np.float64) for values in (off, on))
    rng = np.random.default_rng
    gap = difference(after, before, rng(0))
    told(part, measure, asked=len(before), off=interval(before, rng(0)), on=interval(after, rng(0)), gap=gap)


class Demo:
    """A demo shop whose last days are still to come."""

    def __init__(self, root: Path, *, shoppers: int, seed: int, model: str) -> None:
        files = write_demo_shop(root / "feed", shoppers=shoppers, seed=seed, pictures=False)
        self.truth = json.loads(files.truth.read_text())
        rows = [json.loads(line) for line in files.catalogue.read_text(encoding="utf-8").splitlines()]
        by_leaf = {department["category"][-1]: department for department in self.truth["departments"]}
        self.department = {row["id"]: by_leaf[row["category"][-1]] for row in rows}
        self.group = {row["id"]: row["group_id"] or row["id"] for row in rows}
        events = (
            pl.read_csv(files.events, infer_schema_length=None).unique("event_id", maintain_order=True).sort("time")
        )
        self.cut_ms = self.truth["start_ms"] + (self.truth["days"] - LIVE_DAYS) * DAY_MS
        self.past, self.future = (
            events.filter(pl.col("time") < self.cut_ms),
            events.filter(pl.col("time") >= self.cut_ms),
        )
        self.past.write_csv(root / "feed" / "past.csv")
        self.root = root
        with open_shop(root) as shop:
            import_catalogue(shop, files.catalogue)
            import_events(shop, root / "feed" / "past.csv")
            train(shop, model=model)

    def live(self) -> None:
        """Play the future and ask on the way."""
        shown: dict[str, dict[str, list[float]]] = defaultdict(lambda: {"off": [], "on": []})
        owned: dict[str, set[str]] = defaultdict(set)
        for row in self.past.filter(pl.col("kind") == "purchase").iter_rows(named=True):
            owned[row["shopper_id"] or ""].add(self.group.get(row["product_id"], ""))
        visits = self.future.group_by("session_id", maintain_order=True).first()["event_id"].to_list()
        opening = set(visits)
        bought_in = {
            row["session_id"]: row
            for row in self.future.filter(pl.col("kind") == "purchase").reverse().iter_rows(named=True)
        }
        with Answerer.open(self.root) as answerer:
            waiting: list[dict[str, Any]] = []
            for row in self.future.iter_rows(named=True):
                purchase = bought_in.get(row["session_id"]) if row["event_id"] in opening else None
                if purchase is not None and purchase["shopper_id"] and purchase["product_id"] in self.department:
                    self._record(answerer, waiting)
                    self._before(answerer, shown, purchase, row["time"] - MINUTE_MS, owned)
                waiting.append(row)
                if row["kind"] == "purchase" and row["shopper_id"] and row["product_id"] in self.department:
                    self._record(answerer, waiting)
                    self._after(answerer, shown, row)
                    owned[row["shopper_id"]].add(self.group[row["product_id"]])
        for measure, values in shown.items():
            compared("demo", measure, values["off"], values["on"])

    def _record(self, answerer: Answerer, waiting: list[dict[str, Any]]) -> None:
        keys = ("event_id", "shopper_id", "anonymous_id", "session_id", "kind", "product_id", "time", "quantity")
        record_events(answerer, [{key: row[key] for key in keys if row[key] is not None} for row in waiting])
        waiting.clear()

    def _lists(self, answerer: Answerer, shopper: str, now_ms: int) -> dict[str, list[str]]:
        found = {}
        for name, rules in (("off", False), ("on", True)):
            with answerer.floor() as floor:
                floor.settings = floor.settings.model_copy(update={"exclude_purchased_durables": rules})
            request = RecommendationRequest(user_id=shopper, n=COUNT, explain=False)
            found[name] = [one.item_id for one in recommend(answerer, request, now_ms=now_ms).items]
        return found

    def _before(
        self,
        answerer: Answerer,
        shown: dict[str, dict[str, list[float]]],
        purchase: dict[str, Any],
        now_ms: int,
        owned: dict[str, set[str]],
    ) -> None:
        """At the start of a visit that will end in a purchase: is that product in the list?"""
        target = self.group[purchase["product_id"]]
        again = target in owned[purchase["shopper_id"]]
        for name, items in self._lists(answerer, purchase["shopper_id"], now_ms).items():
            place = next((rank for rank, item in enumerate(items) if self.group[item] == target), None)
            hit = float(place is not None)
            gain = 1.0 / np.log2(place + 2) if place is not None else 0.0
            shown["next purchase, recall@10"][name].append(hit)
            shown["next purchase, ndcg@10"][name].append(gain)
            kind = "a product bought before" if again else "a product new to the shopper"
            shown[f"next purchase is {kind}, recall@10"][name].append(hit)

    def _after(self, answerer: Answerer, shown: dict[str, dict[str, list[float]]], row: dict[str, Any]) -> None:
        """A minute after a purchase: what of its kind, and what goes with it, is in the list?"""
        own, target = self.department[row["product_id"]], self.group[row["product_id"]]
        for name, items in self._lists(answerer, row["shopper_id"], row["time"] + MINUTE_MS).items():
            keys = [self.department[item]["key"] for item in items]
            same = float(np.mean([key == own["key"] for key in keys]))
            shown[f"after a {own['role']}, share of its kind in the top 10"][name].append(same)
            fits = float(np.mean([key in own["complements"] for key in keys]))
            shown[f"after a {own['role']}, share of its complements in the top 10"][name].append(fits)
            hit = float(any(self.group[item] == target for item in items))
            shown[f"after a {own['role']}, lists that show it again"][name].append(hit)

    def due_dates(self) -> None:
        """How far predicted intervals are from the true ones, and from when it was really bought again."""
        with open_shop(self.root) as shop:
            dataset = load_dataset(shop.store)
        repurchase = Repurchase.fit(dataset.histories, dataset.features)
        categories, n_items = dataset.features.categories, dataset.histories.n_items
        past = waits_of(dataset.histories, categories, len(repurchase.same), end_ms=self.cut_ms, same_order_ms=DAY_MS)
        naive = float(np.exp(past.log_days[~past.open]).mean())
        pace = dict(zip(self.truth["shoppers"]["shopper_id"], self.truth["shoppers"]["pace"], strict=True))
        key_of = {dataset.items.code(name): department for name, department in self.department.items()}
        bought = self.past.filter((pl.col("kind") == "purchase") & pl.col("shopper_id").is_not_null())
        quantity = {
            (row["shopper_id"], dataset.items.code(row["product_id"])): row["quantity"]
            for row in bought.iter_rows(named=True)
        }
        later: dict[tuple[str, str], int] = {}
        for row in self.future.filter(pl.col("kind") == "purchase").iter_rows(named=True):
            if row["product_id"] in self.department and row["shopper_id"]:
                later.setdefault((row["shopper_id"], self.department[row["product_id"]]["key"]), row["time"])
        names = ("predicted", "category alone", "shop mean")
        true: dict[str, list[float]] = {name: [] for name in names}
        seen: dict[str, list[float]] = {name: [] for name in names}
        inside: list[float] = []
        days = repurchase.interval_days(categories)
        assert n_items == len(categories)
        for shopper, name in enumerate(dataset.shoppers):
            for due in repurchase.due(dataset.histories.take([shopper]), categories):
                department = key_of[due.item]
                if not department["interval_days"] or name not in pace:
                    continue
                guesses = ((due.expected_ms - due.bought_ms) / DAY_MS, float(days[due.item]), naive)
                wait = department["interval_days"] * pace[name] * (0.1 + 0.9 * quantity.get((name, due.item), 1))
                actual = later.get((name, department["key"]))
                for label, guess in zip(names, guesses, strict=True):
                    true[label].append(abs(guess - wait) / wait)
                    if actual is not None:
                        seen[label].append(abs(due.bought_ms / DAY_MS + guess - actual / DAY_MS))
                if actual is not None:
                    inside.append(float(due.low_ms <= actual <= due.high_ms))
        for label in names[1:]:
            for what, errors in (("relative error of the true interval", true), ("error in days", seen)):
                gap = difference(np.array(errors[names[0]]), np.array(errors[label]), np.random.default_rng(0))
                told("due", f"mean {what}: predicted less {label}", ahead=gap)
        for label in names:
            told("due", f"{label}: median relative error of the true interval", value=float(np.median(true[label])))
        for label in names:
            told("due", f"{label}: median error of the next purchase, days", value=float(np.median(seen[label])))
        told("due", "next purchases inside the 80% range", value=float(np.mean(inside)))
        told("due", "due dates judged against the truth", value=len(true["predicted"]))
        told("due", "due dates judged against a purchase that followed", value=len(inside))
        for c, category in enumerate(dataset.features.category_names):
            department = next(d for d in self.truth["departments"] if d["category"][-1] in str(category))
            told(
                "categories",
                department["key"],
                role=department["role"],
                repeats=float(repurchase.repeats[c]),
                rhythm=float(repurchase.law.rhythm[c]),
                days=float(np.exp(repurchase.law.mean[c])),
                spread=float(np.sqrt(repurchase.law.variance[c])),
                true_days=department["interval_days"] or float("nan"),
            )

    def complements(self) -> None:
        """Of the ten best complements of each product, how many are of a department that truly goes with it."""
        with open_shop(self.root) as shop:
            dataset = load_dataset(shop.store)
        histories, features = dataset.histories, dataset.features
        by_item = {dataset.items.code(name): department for name, department in self.department.items()}
        fits = np.array(
            [
                [by_item[other]["key"] in by_item[item]["complements"] for other in range(len(by_item))]
                for item in range(len(by_item))
            ]
        )
        bought = histories.keep(histories.kinds == KindCode.PURCHASE).matrix()
        plain = (bought.T @ bought).toarray()
        np.fill_diagonal(plain, 0)
        learnt = Relations.fit(histories, features).complements.toarray()
        found = {}
        for name, table in (("relations", learnt), ("co-occurrence of purchases", plain)):
            best = np.argsort(-table, axis=1, kind="stable")[:, :COUNT]
            found[name] = np.take_along_axis(fits & (table > 0), best, axis=1).mean(axis=1)
            share = interval(found[name], np.random.default_rng(0))
            told("complements", f"{name}: share of true ones in the ten best of a product", ahead=share)
        told("complements", "any product: chance to be a true one", value=float(fits.mean()))


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


def show() -> None:
    """The lines as tables."""
    print("| measure | asked | rules off | rules on | gap (95%) |\n|---|---|---|---|---|")
    for line in LINES:
        if "gap" in line:
            gap = f"{line['gap']:+.4f} ({line['gap_low']:+.4f} to {line['gap_high']:+.4f})"
            means = f"{line['off']:.4f} | {line['on']:.4f}"
            print(f"| {line['part']}: {line['measure']} | {line['asked']} | {means} | {gap} |")
    print("\n| | |\n|---|---|")
    for line in LINES:
        if "ahead" in line:
            ahead = f"{line['ahead']:.3f} ({line['ahead_low']:.3f} to {line['ahead_high']:.3f})"
            print(f"| {line['part']}: {line['measure']} | {ahead} |")
        if "value" in line:
            print(f"| {line['part']}: {line['measure']} | {line['value']:.3f} |")
    print("\n| department | role | bought again | because it ran out | days | spread of log | true days |")
    print("|---|---|---|---|---|---|---|")
    for line in LINES:
        if line["part"] == "categories":
            cells = [f"{line[name]:.2f}" for name in ("repeats", "rhythm", "days", "spread", "true_days")]
            print(f"| {' | '.join([line['measure'], line['role'], *cells])} |")


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
