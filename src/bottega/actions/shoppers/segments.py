"""Segments: the shop's shoppers in groups that one can name, and how far to trust the borders."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from scipy.cluster.vq import vq

from bottega.actions.shoppers.shapes import Segment, SegmentReport, SegmentsRequest
from bottega.datasets.arrays import Histories
from bottega.datasets.load import histories_of
from bottega.errors import EventsTooFew, InputError, ModelMissing, RequestInvalid
from bottega.models.recommend.affinity.affinity import Affinity
from bottega.models.recommend.affinity.segments import METHODS, adjusted_rand, group_shoppers, segment_names, vectors_of
from bottega.names import FloatArray
from bottega.progress import Progress, silent
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.trained_shop import TrainedShop

__all__ = ["METHODS", "segments"]

FEWEST, MOST = 2, 50
"""Segments that can be asked for."""
TELLING_EVENTS = 3
"""Shoppers with fewer events are put into the segments that the others make."""
_AT_ONCE = 2000


def segments(shop: OpenShop, request: SegmentsRequest, *, progress: Progress = silent) -> SegmentReport:
    """Group the shoppers of the shop by what they are drawn to; `csv` gets a row `shopper_id,segment` for each.

    Raises `ModelMissing` before the first training, `EventsTooFew`, and `RequestInvalid` for a method or number that
    is not there.
    """
    folder, method, n = shop.folder, request.method, request.n
    if method not in METHODS or not FEWEST <= n <= MOST:
        raise RequestInvalid(
            f"Segments were asked for by method {method!r}, {n} of them.",
            allowed=f"Methods are {', '.join(METHODS)}; the number is {FEWEST} to {MOST}.",
            next_step="Choose among these.",
        )
    model, histories, names = _learnt(folder)
    vectors = _vectors(model, histories, progress)
    telling = vectors[histories.lengths >= TELLING_EVENTS]
    if len(telling) < 2 * n:
        raise EventsTooFew(
            f"{len(telling)} shoppers have {TELLING_EVENTS} events or more.",
            allowed=f"{n} segments need {2 * n} such shoppers.",
            next_step="Ask for fewer segments, or collect events for longer.",
        )
    seed = folder.settings.seed if request.seed is None else request.seed
    rng = np.random.default_rng(seed)
    grouping = group_shoppers(telling, n, method=method, rng=rng)
    progress("comparing groupings", 0, 3)
    again = group_shoppers(telling, n, method=method, rng=np.random.default_rng(seed + 1))
    halves = np.array_split(rng.permutation(len(telling)), 2)
    parts = [vq(telling, group_shoppers(telling[half], n, method=method, rng=rng).centres)[0] for half in halves]
    everyone = grouping.of(vectors)
    report = SegmentReport(
        method=method,
        shoppers=len(names),
        learnt_from=len(telling),
        segments=[
            Segment(
                name=", ".join(words) or "Everyone else", shoppers=int(size), share=round(float(size) / len(names), 4)
            )
            for words, size in zip(segment_names(vectors, everyone, model.groups_), everyone.sizes, strict=True)
        ],
        stability_seeds=round(adjusted_rand(grouping.labels, again.labels), 3),
        stability_halves=round(adjusted_rand(parts[0], parts[1]), 3),
        of_shopper=dict(zip(names, everyone.labels.tolist(), strict=True)),
    )
    if request.csv is not None:
        _write(request.csv, report)
    return report


def _learnt(shop: ShopFolder) -> tuple[Affinity, Histories, list[str]]:
    """The trained affinity model, with the histories of all shoppers and their ids."""
    run = shop.store.runs.latest("recommend")
    if run is None:
        raise ModelMissing(
            "The shop has no trained model.",
            allowed="Segments are made of what shoppers are drawn to, which training finds out.",
            next_step="Run `bottega train` first.",
        )
    trained = TrainedShop.load(shop.of_run(run.folder), run.name)
    frame = shop.store.events.frame(shop.settings.personalisation_consent, analytics=True)
    histories, names, _ = histories_of(frame, trained.items)
    return trained.side_models.affinity, histories, names


def _vectors(model: Affinity, histories: Histories, progress: Progress) -> FloatArray:
    parts = [np.zeros((0, len(model.groups_.values)), dtype=np.float32)]
    for start in range(0, len(histories), _AT_ONCE):
        parts.append(vectors_of(model.affinities(histories.take(slice(start, start + _AT_ONCE)))))
        progress("reading shoppers", min(start + _AT_ONCE, len(histories)), len(histories))
    return np.concatenate(parts)


def _write(path: Path, report: SegmentReport) -> None:
    try:
        with path.open("w", newline="", encoding="utf-8") as stream:
            rows = csv.writer(stream)
            rows.writerow(("shopper_id", "segment"))
            rows.writerows((name, report.segments[place].name) for name, place in report.of_shopper.items())
    except OSError as error:
        raise InputError(
            f"The file {path} cannot be written: {error.strerror}.", next_step="Name a file that you may write to."
        ) from error
