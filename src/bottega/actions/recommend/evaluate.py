"""Evaluate: which recommender serves this shop best, and how sure is that?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from bottega.actions.recommend.shapes import EvaluateAnswer, EvaluateRequest
from bottega.datasets.load import load_dataset
from bottega.datasets.splits import Split, by_time, last_out
from bottega.errors import EventsTooFew, InputError, RequestInvalid
from bottega.evaluation.portions import JudgedShop, Portion, Sought, measured
from bottega.evaluation.protocol import Judged
from bottega.evaluation.report import EvaluationReport
from bottega.evaluation.robustness import CORRUPTIONS, Remains, what_is_left
from bottega.evaluation.samples import only_shoppers
from bottega.evaluation.scalability import Growth
from bottega.models.recommend.base import Ranking
from bottega.models.recommend.registry import RECOMMENDERS, recommender_class, those_that
from bottega.parallel.crew import Crew, in_order
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
    bench = JudgedShop(cut, fewer, dataset.features, request.device)
    portions = _portions(names, seed, request, sampled=fewer is not cut)
    results = in_order(
        measured,
        portions,
        bench,
        Crew.of(shop.server),
        task="portions measured",
        called=lambda portion: portion.name,
        progress=progress,
    )
    found = dict(zip(portions, results, strict=True))
    judged, left, growths = _read(found, fewer, seed)
    report = EvaluationReport(
        split=split,
        seed=seed,
        shoppers=int((cut.train.lengths > 0).sum()),
        events=cut.train.n_events,
        items=cut.train.n_items,
        asked=len(cut.test),
        unseen_targets=cut.unseen_targets,
        judged=tuple(judged),
        by_seed=_by_seed(found, request),
        robustness=tuple(left),
        scalability=tuple(growths),
        sampled=len(fewer.train) if fewer is not cut and (left or growths) else None,
        cuts_ms=cut.cuts_ms,
        shop=shop.root.name,
    )
    if html is not None:
        try:
            html.write_text(report.html(), encoding="utf-8")
            shop.share_report(html)
        except OSError as error:
            raise _not_written(html, str(error.strerror)) from error
    return report


def _portions(names: Sequence[str], seed: int, request: EvaluateRequest, *, sampled: bool) -> list[Portion]:
    """What there is to measure; a model's portions stand together."""
    made = []
    for name in names:
        made += [Portion(Sought.JUDGED, name, seed + more) for more in range(request.seeds)]
        if request.robustness:
            made += [Portion(Sought.JUDGED_SAMPLE, name, seed)] * sampled
            made += [Portion(Sought.CORRUPTED, name, seed, corruption) for corruption in CORRUPTIONS]
        made += [Portion(Sought.GROWTH, name, seed)] * request.scalability
    return made


def _read(
    found: Mapping[Portion, Judged | Ranking | Growth], fewer: Split, seed: int
) -> tuple[list[Judged], list[Remains], list[Growth]]:
    """The figures of the first seed, what corruptions left of them, and how the models grow."""
    judged: list[Judged] = []
    left: list[Remains] = []
    growths: list[Growth] = []
    clean: dict[str, Judged] = {}
    for portion, result in found.items():
        match result:
            case Judged() if portion.seed == seed:
                clean[portion.model] = result
                judged += [result] * (portion.part is Sought.JUDGED)
            case Ranking():
                left.append(what_is_left(clean[portion.model], fewer, portion.corruption, result))
            case Growth():
                growths.append(result)
    return judged, left, growths


def _by_seed(
    found: Mapping[Portion, Judged | Ranking | Growth], request: EvaluateRequest
) -> tuple[tuple[int, Judged], ...]:
    if request.seeds == 1:
        return ()
    return tuple(
        (portion.seed, result)
        for portion, result in found.items()
        if portion.part is Sought.JUDGED and isinstance(result, Judged)
    )


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
