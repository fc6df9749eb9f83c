"""Drift of a shop from the training period of the model in use: measured beside the nightly training, kept, alarmed.

It reads the whole log of events, so it belongs to jobs; servers show what was found.
"""

from __future__ import annotations

import numpy as np
import structlog
from numpy.typing import NDArray

from bottega.datasets.load import Dataset
from bottega.evaluation.drift import DEMAND_BINS, LEAST_EVENTS, Drift, by_bins, by_rate, by_share, demand_bins, unserved
from bottega.events.times import now_ms
from bottega.names import BoolArray, KindCode, LongArray
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.judgements import DriftInfo, DriftOf
from bottega.shop.trained.trained_shop import items_of_run
from bottega.store.events import Tally
from bottega.store.judgements import DriftReport
from bottega.store.runs import ModelRun

__all__ = ["learnt_until_ms", "watch_drift"]

log = structlog.get_logger("bottega")
TRAINING_PERIOD_EVENTS = 20_000
"""So many of the newest events that the model learnt from are what now is compared with."""


def learnt_until_ms(run: ModelRun) -> int:
    """The moment up to which a model has seen events."""
    return run.trained_at_ms if run.events_until_ms is None else run.events_until_ms


def watch_drift(shop: OpenShop, dataset: Dataset, run: ModelRun, hit_rate: Drift | None = None) -> DriftInfo:
    """Measure it, write it down and say in the log what is alarming. `hit_rate`: what a judgement found of that."""
    since_ms = learnt_until_ms(run)
    new = shop.store.events.tally(since_ms + 1)
    new_events = sum(one.events for one in new)
    found = list(_inputs(shop, dataset, run, since_ms, new)) if new_events >= LEAST_EVENTS else []
    if hit_rate is not None:
        found.append(hit_rate)
    told = [DriftOf(input=one.input, before=one.before, now=one.now, psi=one.psi, alarm=one.alarm) for one in found]
    info = DriftInfo(time_ms=now_ms(), version=run.version, new_events=new_events, inputs=told)
    shop.store.judgements.add_drift(DriftReport(info.time_ms, run.version, info.model_dump(mode="json")))
    for one in told:
        say = log.warning if one.alarm else log.info
        say("drift", version=run.version, **one.model_dump())
    return info


def _inputs(shop: OpenShop, dataset: Dataset, run: ModelRun, since_ms: int, new: list[Tally]) -> list[Drift]:
    histories = dataset.histories
    before = histories.times <= since_ms
    times = np.sort(histories.times[before])
    from_ms = int(times[-min(len(times), TRAINING_PERIOD_EVENTS)]) if len(times) else since_ms
    old = shop.store.events.tally(from_ms, since_ms + 1)
    before &= histories.times >= from_ms
    now = histories.times > since_ms
    trained = items_of_run(shop.folder.of_run(run.folder))
    known = trained.codes(dataset.items.first_ids()) >= 0
    without = unserved(histories, known)
    # Bins from the older half, shares from the newer: whatever was wanted most by chance is so in neither period.
    middle_ms = int(np.median(histories.times[before])) if before.any() else since_ms
    older, newer = before & (histories.times < middle_ms), before & (histories.times >= middle_ms)
    bins = demand_bins(histories.items[older], known)
    return [
        by_bins("kinds", _kinds(old), _kinds(new)),
        by_rate("unknown_products", _unknown(old), _unknown(new)),
        by_rate("fallbacks", without[before], without[now]),
        by_bins("demand", _by_bin(bins[histories.items[newer]]), _by_bin(bins[histories.items[now]])),
        by_share("new_products", float(1 - known.mean())),
    ]


def _kinds(counted: list[Tally]) -> NDArray[np.int64]:
    counts = np.zeros(len(KindCode), dtype=np.int64)
    for one in counted:
        counts[one.kind] = one.events
    return counts


def _unknown(counted: list[Tally]) -> BoolArray:
    """Whether each event names a product that nobody knows."""
    lost = sum(one.unknown for one in counted)
    return np.arange(sum(one.events for one in counted)) < lost


def _by_bin(bins: LongArray) -> NDArray[np.int64]:
    return np.bincount(bins, minlength=DEMAND_BINS).astype(np.int64)
