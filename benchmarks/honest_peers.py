"""The peers of honest_splits.py: recommenders of others behind one small protocol, each with a few settings to try.

implicit and RecTools are asked through their own interfaces (`pip install -e .[peers]`; RecTools asks for a numpy older
than Bottega's and works with this one: honest_splits.md says how to install it). EASE, STAN and V-SKNN have no package
that installs beside today's numpy: Bottega's own simple models stand for them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.evaluation.protocol import rank_all
from bottega.models.recommend.registry import recommender_class
from bottega.names import IntArray

__all__ = ["COUNT", "OURS", "PEERS", "Lists", "Peer", "missing"]

COUNT = 10
"""Places of a list."""

Settings = Mapping[str, Any]
Lists = Callable[[Histories], IntArray]
"""Histories to the best items [B, COUNT] of each, seen ones hidden; -1 where a list ends early."""
Fit = Callable[[Settings, Histories, Features, Holdout, int], Lists]


@dataclass(frozen=True)
class Peer:
    """`fit(settings, train, features, holdout, seed)` gives what makes lists; the first of `settings` is the usual."""

    fit: Fit
    settings: tuple[Settings, ...] = ({},)
    package: str = ""
    """What has to be installed."""


def missing(peer: Peer) -> bool:
    """Whether the peer's package is not there."""
    return bool(peer.package) and find_spec(peer.package) is None


def _ours(name: str) -> Fit:
    def fit(settings: Settings, train: Histories, features: Features, holdout: Holdout, seed: int) -> Lists:
        made = recommender_class(name)
        model = made(replace(made().config, **settings))
        model.fit(train, features, rng=np.random.default_rng(seed), holdout=holdout)
        return lambda histories: rank_all(model, histories, count=COUNT).items

    return fit


def _asked(model: Any, histories: Histories, **more: Any) -> IntArray:
    """Lists of a model of implicit, for shoppers who are rows of a matrix."""
    matrix = histories.matrix()
    items, scores = model.recommend(np.arange(len(histories)), matrix, N=COUNT, filter_already_liked_items=True, **more)
    return np.where(np.isfinite(scores) & (scores > -1e30), items, -1).astype(np.int32)


def _als(settings: Settings, train: Histories, features: Features, holdout: Holdout, seed: int) -> Lists:
    model = import_module("implicit.als").AlternatingLeastSquares(random_state=seed, num_threads=1, **settings)
    model.fit(train.matrix(), show_progress=False)
    return lambda histories: _asked(model, histories, recalculate_user=True)


def _bm25(settings: Settings, train: Histories, features: Features, holdout: Holdout, seed: int) -> Lists:
    model = import_module("implicit.nearest_neighbours").BM25Recommender(num_threads=1, **settings)
    model.fit(train.matrix(), show_progress=False)
    return lambda histories: _asked(model, histories)


def _sasrec(settings: Settings, train: Histories, features: Features, holdout: Holdout, seed: int) -> Lists:
    frame, moment = (getattr(import_module("pandas"), name) for name in ("DataFrame", "to_datetime"))
    columns, dataset = import_module("rectools").Columns, import_module("rectools.dataset").Dataset

    def table(histories: Histories) -> Any:
        order = np.arange(histories.n_events)  # the order that Bottega's models see, ties included
        rows = {columns.User: histories.shoppers, columns.Item: histories.items, columns.Weight: 1.0}
        return dataset.construct(frame(rows | {columns.Datetime: moment(order, unit="s")}))

    torch.manual_seed(seed)
    warnings.simplefilter("ignore")
    model = import_module("rectools.models").SASRecModel(recommend_torch_device="cpu", verbose=0, **settings)
    model.fit(table(train))

    def lists(histories: Histories) -> IntArray:
        users = np.unique(histories.shoppers[np.isin(histories.items, train.items)])
        found = model.recommend(users, table(histories), k=COUNT, filter_viewed=True)
        items = np.full((len(histories), COUNT), -1, dtype=np.int32)
        items[found[columns.User].to_numpy(), found[columns.Rank].to_numpy() - 1] = found[columns.Item].to_numpy()
        return items

    return lists


OURS = "default"

PEERS: dict[str, Peer] = {
    OURS: Peer(_ours("blend")),
    "variational": Peer(_ours("variational")),
    "transitions": Peer(_ours("transitions")),
    "implicit ALS": Peer(
        _als,
        tuple(
            {"factors": width, "regularization": penalty, "alpha": alpha}
            for width in (64, 32, 128)
            for penalty, alpha in ((0.01, 1.0), (1.0, 1.0), (1.0, 10.0))
        ),
        "implicit",
    ),
    "implicit BM25": Peer(
        _bm25, tuple({"K": near, "B": b} for near in (20, 100, 400) for b in (0.2, 0.75)), "implicit"
    ),
    "RecTools SASRec": Peer(
        _sasrec,
        ({"n_factors": 128, "n_blocks": 2, "n_heads": 2, "epochs": 30, "session_max_len": 50, "batch_size": 128},),
        "rectools",
    ),
    "EASE": Peer(
        _ours("linear_autoencoder"),
        tuple(
            {"penalty": penalty, "history_decay": fade, "learn_fade": False}
            for penalty in (50.0, 200.0, 500.0)
            for fade in (1.0, 0.8)
        ),
    ),
    "V-SKNN": Peer(_ours("vsknn"), tuple({"neighbours": near} for near in (100, 500))),
    "STAN": Peer(
        _ours("stan"),
        tuple(
            {"neighbours": near, "asked_places": places, "session_days": days}
            for near in (200, 500)
            for places in (2.0, 10.0)
            for days in (20.0, 200.0)
        ),
    ),
}
"""Who is compared, by the name in the table."""
