"""Evaluate: which recommender serves this shop best, and how sure is that?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from bottega.actions.shop import Shop
from bottega.datasets.load import load_dataset
from bottega.datasets.splits import by_time, last_out
from bottega.errors import InputError, RequestInvalid
from bottega.evaluation.findings import SIMPLE
from bottega.evaluation.protocol import Judged, judge
from bottega.evaluation.report import EvaluationReport
from bottega.evaluation.robustness import Left
from bottega.evaluation.robustness import robustness as what_is_left
from bottega.models.recommend.registry import RECOMMENDERS, recommender_class
from bottega.progress import Progress, silent

__all__ = ["EvaluationReport", "SplitName", "evaluate"]

SplitName = Literal["last", "time"]


def evaluate(
    shop: Shop,
    *,
    split: str = "last",
    models: Sequence[str] | None = None,
    seed: int | None = None,
    html: Path | None = None,
    robustness: bool = False,
    progress: Progress = silent,
) -> EvaluationReport:
    """Train every model on a part of the shop's events and judge it on the rest; nothing in the shop changes.

    `split`: "last" or "time" (`datasets.splits`). `models`: names, all there are where absent; the simple ones always
    stand in the table. `seed` defaults to the setting; events of a shopper at one moment are shuffled by it. `html`:
    where to write the report. `robustness` trains each model six times more, on corrupted data. Raises
    `RequestInvalid`, `ModelUnknown`, `CatalogueEmpty`, `EventsTooFew`, and `InputError` when `html` cannot be written.
    """
    if split not in get_args(SplitName):
        raise RequestInvalid(
            f"There is no split {split!r}.",
            allowed="A split is 'last' (each shopper's last product) or 'time' (everything after one moment).",
            next_step="Use one of the two.",
        )
    names = list(dict.fromkeys([*SIMPLE, *(RECOMMENDERS if models is None else models)]))
    factories = {name: recommender_class(name) for name in names}
    if html is not None and not html.absolute().parent.is_dir():
        raise _not_written(html, "its folder does not exist")
    if html is not None and html.is_dir():
        raise _not_written(html, "it is a folder")
    seed = shop.settings.seed if seed is None else seed
    dataset = load_dataset(shop.store)
    rng = np.random.default_rng(seed)
    cut = last_out(dataset.histories, rng=rng) if split == "last" else by_time(dataset.histories, rng=rng)
    judged: list[Judged] = []
    left: list[Left] = []
    for number, (name, factory) in enumerate(factories.items()):
        progress("models judged", number, len(factories), name)
        found = judge(factory(), cut, dataset.features, rng=np.random.default_rng(seed), name=name, progress=progress)
        judged.append(found)
        if robustness:
            rng = np.random.default_rng(seed)
            left.extend(what_is_left(factory, cut, dataset.features, found, rng=rng, progress=progress))
    progress("models judged", len(factories), len(factories))
    report = EvaluationReport(
        split=split,
        seed=seed,
        shoppers=int((cut.train.lengths > 0).sum()),
        events=cut.train.n_events,
        items=cut.train.n_items,
        asked=len(cut.test),
        unseen_targets=cut.unseen_targets,
        judged=tuple(judged),
        robustness=tuple(left),
        cuts_ms=cut.cuts_ms,
        shop=shop.root.name,
    )
    if html is not None:
        try:
            html.write_text(report.html(), encoding="utf-8")
        except OSError as error:
            raise _not_written(html, str(error.strerror)) from error
    return report


def _not_written(html: Path, reason: str) -> InputError:
    return InputError(f"The report {html} cannot be written: {reason}.", next_step="Choose another place with --html.")
