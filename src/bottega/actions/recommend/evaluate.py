"""Evaluate: which recommender serves this shop best, and how sure is that?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from bottega.actions.recommend.shapes import EvaluateAnswer, EvaluateRequest
from bottega.datasets.load import load_dataset
from bottega.datasets.splits import Split, by_time, last_out
from bottega.errors import EventsTooFew, InputError, RequestInvalid
from bottega.evaluation.protocol import Judged, judge
from bottega.evaluation.report import EvaluationReport
from bottega.evaluation.robustness import Remains
from bottega.evaluation.robustness import robustness as what_is_left
from bottega.evaluation.samples import only_shoppers
from bottega.evaluation.scalability import Growth
from bottega.evaluation.scalability import scalability as how_it_grows
from bottega.models.recommend.base import Recommender
from bottega.models.recommend.registry import RECOMMENDERS, recommender_class, those_that
from bottega.progress import Progress, silent
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

__all__ = ["EvaluationReport", "SplitName", "evaluate", "refuse_values", "report_on"]

SplitName = Literal["last", "time"]
LEAST_SHOPPERS = 100
"""Fewer shoppers than this make no sample."""


def evaluate(shop: OpenShop, request: EvaluateRequest, *, progress: Progress = silent) -> EvaluateAnswer:
    """Train every model on a part of the shop's events and judge it on the rest; nothing in the shop changes.

    Raises `RequestInvalid`, `ModelUnknown`, `CatalogueEmpty`, `EventsTooFew`, and `InputError` when `html` cannot be
    written.
    """
    report = report_on(shop.folder, request, progress=progress)
    return EvaluateAnswer.model_validate(
        report.as_dict() | {"facts": report.facts, "tables": [asdict(table) for table in report.tables()]}
    )


def refuse_values(request: EvaluateRequest) -> None:
    """Raise `RequestInvalid` or `ModelUnknown` for what cannot be measured, before anything is read."""
    if request.split not in get_args(SplitName):
        raise RequestInvalid(
            f"There is no split {request.split!r}.",
            allowed="A split is 'last' (each shopper's last product) or 'time' (everything after one moment).",
            next_step="Use one of the two.",
        )
    if request.shoppers is not None and request.shoppers < LEAST_SHOPPERS:
        raise RequestInvalid(
            f"{request.shoppers} shoppers are too few to measure anything.",
            allowed=f"`--shoppers` takes {LEAST_SHOPPERS} or more.",
            next_step="Ask for more, or leave it out to take all.",
        )
    for name in request.models or ():
        recommender_class(name)


def report_on(shop: ShopFolder, request: EvaluateRequest, *, progress: Progress = silent) -> EvaluationReport:
    """The same, with every figure as it was measured. Events of a shopper at one moment are shuffled by the seed."""
    split, html, shoppers = request.split, request.html, request.shoppers
    refuse_values(request)
    simple = those_that(lambda abilities: abilities.simple)
    names = list(dict.fromkeys([*simple, *(RECOMMENDERS if request.models is None else request.models)]))
    factories = {name: recommender_class(name) for name in names}
    if html is not None and not html.absolute().parent.is_dir():
        raise _not_written(html, "its folder does not exist")
    if html is not None and html.is_dir():
        raise _not_written(html, "it is a folder")
    seed = shop.settings.seed if request.seed is None else request.seed
    dataset = load_dataset(
        shop.store, shop.settings.personalisation_consent, analytics=True, tastes=shop.settings.tastes
    )
    rng = np.random.default_rng(seed)
    cut = last_out(dataset.histories, rng=rng) if split == "last" else by_time(dataset.histories, rng=rng)
    fewer = _sample(cut, shoppers, seed)
    judged: list[Judged] = []
    left: list[Remains] = []
    growths: list[Growth] = []
    for number, (name, factory) in enumerate(factories.items()):
        progress("models judged", number, len(factories), name)

        def judged_on(part: Split, name: str = name, factory: Callable[[], Recommender] = factory) -> Judged:
            rng = np.random.default_rng(seed)
            return judge(
                factory(), part, dataset.features, rng=rng, name=name, device=request.device, progress=progress
            )

        judged.append(judged_on(cut))
        if request.robustness:
            clean = judged[-1] if fewer is cut else judged_on(fewer)
            rng = np.random.default_rng(seed)
            left.extend(
                what_is_left(factory, fewer, dataset.features, clean, rng=rng, device=request.device, progress=progress)
            )
        if request.scalability:
            growths.append(
                how_it_grows(
                    factory,
                    fewer,
                    dataset.features,
                    name=name,
                    seed=seed,
                    device=request.device,
                    progress=progress,
                )
            )
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
        scalability=tuple(growths),
        sampled=len(fewer.train) if fewer is not cut and (left or growths) else None,
        cuts_ms=cut.cuts_ms,
        shop=shop.root.name,
    )
    if html is not None:
        try:
            html.write_text(report.html(), encoding="utf-8")
        except OSError as error:
            raise _not_written(html, str(error.strerror)) from error
    return report


def _sample(cut: Split, shoppers: int | None, seed: int) -> Split:
    """The split of so many shoppers drawn at random; the whole where there are no more."""
    if shoppers is None or shoppers >= len(cut.train):
        return cut
    fewer = only_shoppers(cut, np.random.default_rng(seed).permutation(len(cut.train))[:shoppers])
    if not len(fewer.test):
        raise EventsTooFew(
            f"None of the {shoppers} shoppers that were drawn has a question to ask.",
            allowed=f"{len(cut.test)} of {len(cut.train)} shoppers can be asked.",
            next_step="Draw more with --shoppers, or leave it out.",
        )
    return fewer


def _not_written(html: Path, reason: str) -> InputError:
    return InputError(f"The report {html} cannot be written: {reason}.", next_step="Choose another place with --html.")
