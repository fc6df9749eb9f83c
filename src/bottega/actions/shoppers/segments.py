"""Segments: the shop's shoppers in groups that one can name, and how far to trust the borders."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.cluster.vq import vq

from bottega.datasets.arrays import Histories
from bottega.datasets.items import Items
from bottega.datasets.load import histories_of
from bottega.errors import EventsTooFew, InputError, ModelMissing, RequestInvalid
from bottega.models.recommend.affinity.affinity import Affinity
from bottega.models.recommend.affinity.segments import METHODS, adjusted_rand, group_shoppers, segment_names, vectors_of
from bottega.names import FloatArray
from bottega.progress import Progress, silent
from bottega.shop.folder import ShopFolder

__all__ = ["METHODS", "Segment", "SegmentReport", "segments"]

FEWEST, MOST = 2, 50
"""Segments that can be asked for."""
TELLING_EVENTS = 3
"""Shoppers with fewer events are put into the segments that the others make."""
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: `name` is made of what lifts it most; `share` of all shoppers."""

    name: str
    shoppers: int
    share: float


@dataclass(frozen=True, slots=True)
class SegmentReport:
    """The segments, the largest first. `learnt_from`: shoppers with events enough to make them.

    `stability_seeds`, `stability_halves`: the adjusted Rand index between groupings of two seeds, and of two halves of
    the shoppers; 1 is the same grouping, 0 is chance.
    """

    method: str
    shoppers: int
    learnt_from: int
    segments: list[Segment]
    stability_seeds: float
    stability_halves: float
    of_shopper: dict[str, int]
    """Shopper id -> position in `segments`."""

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; who is in which segment is left to the CSV."""
        return {name: value for name, value in asdict(self).items() if name != "of_shopper"}


def segments(
    shop: ShopFolder,
    *,
    count: int = 6,
    method: str = "kmeans",
    seed: int | None = None,
    csv_file: Path | None = None,
    progress: Progress = silent,
) -> SegmentReport:
    """Group the shoppers of the shop by what they are drawn to; `csv_file` gets a row `shopper_id,segment` for each.

    Raises `ModelMissing` before the first training, `EventsTooFew`, and `RequestInvalid` for a method or count that
    is not there.
    """
    if method not in METHODS or not FEWEST <= count <= MOST:
        raise RequestInvalid(
            f"Segments were asked for by method {method!r}, {count} of them.",
            allowed=f"Methods are {', '.join(METHODS)}; the count is {FEWEST} to {MOST}.",
            next_step="Choose among these.",
        )
    model, histories, names = _learnt(shop)
    vectors = _vectors(model, histories, progress)
    telling = vectors[histories.lengths >= TELLING_EVENTS]
    if len(telling) < 2 * count:
        raise EventsTooFew(
            f"{len(telling)} shoppers have {TELLING_EVENTS} events or more.",
            allowed=f"{count} segments need {2 * count} such shoppers.",
            next_step="Ask for fewer segments, or collect events for longer.",
        )
    seed = shop.settings.seed if seed is None else seed
    rng = np.random.default_rng(seed)
    grouping = group_shoppers(telling, count, method=method, rng=rng)
    progress("comparing groupings", 0, 3)
    again = group_shoppers(telling, count, method=method, rng=np.random.default_rng(seed + 1))
    halves = np.array_split(rng.permutation(len(telling)), 2)
    parts = [vq(telling, group_shoppers(telling[half], count, method=method, rng=rng).centres)[0] for half in halves]
    everyone = grouping.of(vectors)
    report = SegmentReport(
        method=method,
        shoppers=len(names),
        learnt_from=len(telling),
        segments=[
            Segment(", ".join(words) or "Everyone else", int(size), round(float(size) / len(names), 4))
            for words, size in zip(segment_names(vectors, everyone, model.groups_), everyone.sizes, strict=True)
        ],
        stability_seeds=round(adjusted_rand(grouping.labels, again.labels), 3),
        stability_halves=round(adjusted_rand(parts[0], parts[1]), 3),
        of_shopper=dict(zip(names, everyone.labels.tolist(), strict=True)),
    )
    if csv_file is not None:
        _write(csv_file, report)
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
    folder = shop.root / run.folder
    frame = shop.store.events.frame(shop.settings.personalisation_consent, analytics=True)
    histories, names, _ = histories_of(frame, Items.load(folder / "items.json"))
    return Affinity.load(folder / "affinity"), histories, names


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
