"""The demo shop of treadmill.py: its last 30 days are still to come, and its truth is known."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest, RecordRequest
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest, TrainRequest
from bottega.actions.recommend.train import train
from bottega.datasets.demo_store import write_demo_shop
from bottega.datasets.load import load_dataset
from bottega.evaluation.intervals import difference, interval
from bottega.models.recommend.purchases.relations import Relations
from bottega.models.recommend.purchases.repurchase import Repurchase
from bottega.models.recommend.purchases.waits import waits_of
from bottega.names import DAY_MS, KindCode
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from treadmill_lines import compared, told

LIVE_DAYS = 30
COUNT = 10
MINUTE_MS = 60_000


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
        with ShopFolder.open(root) as shop:
            import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=files.catalogue))
            import_events(OpenShop(shop), ImportEventsRequest(source=root / "feed" / "past.csv"))
            train(OpenShop(shop), TrainRequest(model=model))

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
        with OpenShop.open(self.root) as answerer:
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

    def _record(self, answerer: OpenShop, waiting: list[dict[str, Any]]) -> None:
        keys = ("event_id", "shopper_id", "anonymous_id", "session_id", "kind", "product_id", "time", "quantity")
        record_events(
            answerer, RecordRequest(events=[{key: row[key] for key in keys if row[key] is not None} for row in waiting])
        )
        waiting.clear()

    def _lists(self, answerer: OpenShop, shopper: str, now_ms: int) -> dict[str, list[str]]:
        found = {}
        for name, rules in (("off", False), ("on", True)):
            with answerer.floor() as floor:
                floor.settings = floor.settings.model_copy(update={"exclude_purchased_durables": rules})
            request = RecommendationRequest(shopper=shopper, n=COUNT, explain=False)
            found[name] = [one.product_id for one in recommend(answerer, request, now_ms=now_ms).items]
        return found

    def _before(
        self,
        answerer: OpenShop,
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

    def _after(self, answerer: OpenShop, shown: dict[str, dict[str, list[float]]], row: dict[str, Any]) -> None:
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
        with ShopFolder.open(self.root) as shop:
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
        with ShopFolder.open(self.root) as shop:
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
