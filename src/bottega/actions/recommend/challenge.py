"""Challenge: train a model beside the one in use, and let it take the place only if it is not worse.

What a schedule asks for (`jobs/schedule.py`). The challenger learns from everything but the newest events; both are
asked about those, which neither has seen. A challenger that may take the place is refitted on everything first: what is
newest is what the next answers need most (new products have their first events there, and what is popular is so since
days), and it is what the challenger was denied. That costs a second training on the nights on which one is served; a
night that keeps the model costs one.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import structlog

from bottega.actions.recommend.drift import learnt_until_ms, watch_drift
from bottega.actions.recommend.shapes import ChallengeRequest, TrainRequest
from bottega.actions.recommend.train import DEFAULT_MODEL, check_enough, fit_recommender, keep, learn
from bottega.datasets.arrays import Histories
from bottega.datasets.load import Dataset, load_dataset
from bottega.datasets.newest import NewestQuestions, newest_questions
from bottega.errors import ModelFileBroken
from bottega.evaluation.challenge import PLACES, Compared, compare
from bottega.evaluation.drift import Drift
from bottega.evaluation.intervals import interval
from bottega.evaluation.protocol import rank_all
from bottega.events.times import now_ms
from bottega.models.recommend.accuracy import recall, target_ranks
from bottega.models.recommend.base import Recommender
from bottega.names import BoolArray, IntArray, Purpose
from bottega.progress import Progress, silent
from bottega.shop.marks import marked, new_version
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import RunInfo
from bottega.shop.shelf.catalogue_pack import open_catalogue
from bottega.shop.shoppers.bots import watch_bots
from bottega.shop.trained.judgements import ChallengeAnswer, ComparedInfo, DayHits
from bottega.shop.trained.members import covering
from bottega.shop.trained.models_in_use import RECOMMEND
from bottega.store.judgements import Judgement
from bottega.store.runs import ModelRun

__all__ = ["challenge"]

log = structlog.get_logger("bottega")
JUDGED_SHARE = 0.5
"""Of the events since the last training, the newest half is asked about; the challenger learns from the other half."""
LEAST_ASKED = 100
"""Fewer shoppers with a question are no judgement."""
MOST_ASKED = 5000
HIT_RATE_BOUND = 0.8
"""A hit rate that is surely below this share of what was expected is alarming."""
_DAYS = 60


def challenge(shop: OpenShop, request: ChallengeRequest, *, progress: Progress = silent) -> ChallengeAnswer:
    """Judge a challenger and serve it if it is not worse; else the model in use stays. Either way say why.

    Taken up again after a kill, it goes on behind the judgement where that is written down. Raises what `train` raises
    where there is no model yet.
    """
    version = new_version()
    made = next((run for run in shop.store.runs.all() if (run.ability, run.version) == (RECOMMEND, version)), None)
    if made is not None:  # by an attempt that was killed before it said so; whoever rolled it back since meant it
        return _answer(shop.store.judgements.of(version), RunInfo.model_validate(made, from_attributes=True))
    watch_bots(shop.folder)
    dataset = load_dataset(shop.store, shop.settings.personalisation_consent, tastes=shop.settings.tastes)
    judgement = shop.store.judgements.of(version)
    if judgement is None:
        judgement = _judged(shop, request, dataset, version, progress)
        shop.store.judgements.add(judgement)
        log.info("challenge", version=version, served=judgement.served, **_figures(judgement))
    if not judgement.served:
        return _answer(judgement, None)
    asked = TrainRequest(model=judgement.report["name"], seed=request.seed, device=request.device)
    started = time.monotonic()
    trained = learn(shop, asked, dataset, progress=progress)
    if _standing(shop) != (judgement.report["against"], judgement.report["rolled_back"]):
        why = "kept: another model came into use while this one was trained"
        judgement = shop.store.judgements.withdraw(judgement, why)
        log.warning("challenge", version=version, served=False, why=why)
        return _answer(judgement, None)
    with marked(version):
        return _answer(judgement, keep(shop, asked, dataset, trained, started=started))


def _standing(shop: OpenShop) -> tuple[str | None, str | None]:
    """Versions of the model in use, and of the one whose place it took back."""
    used, undone = shop.models.newest(), shop.store.runs.rolled_back(RECOMMEND)
    return used.version if used else None, undone.version if undone else None


def _judged(
    shop: OpenShop,
    request: ChallengeRequest,
    dataset: Dataset,
    version: str,
    progress: Progress,
) -> Judgement:
    used, undone = shop.models.newest(), shop.store.runs.rolled_back(RECOMMEND)
    name = request.model or (used.name if used else DEFAULT_MODEL)

    def judged(served: bool, why: str, **more: object) -> Judgement:
        versions = {place: run.version if run else None for place, run in (("against", used), ("rolled_back", undone))}
        report = {"name": name, **versions, "why": why, **more}
        return Judgement(RECOMMEND, now_ms(), version, served, report)

    if used is None:
        check_enough(dataset)
        return judged(True, "served: there was no model before")
    seed = shop.settings.seed if request.seed is None else request.seed
    newest = newest_questions(
        dataset.histories,
        since_ms=max(learnt_until_ms(run) for run in (used, undone) if run is not None),
        share=JUDGED_SHARE,
        most=MOST_ASKED,
        rng=np.random.default_rng(seed),
        may_ask=_may_be_asked(shop, dataset),
    )
    asked = {"asked": len(newest.asked), "new_events": newest.new_events, "cut_ms": newest.cut_ms}
    if len(newest.asked) < LEAST_ASKED:
        watch_drift(shop, dataset, used)
        return judged(False, _too_few(newest), **asked)
    try:
        in_use = _ranks_of(shop, used, dataset, newest, progress)
    except ModelFileBroken as error:
        return judged(True, f"served: the model in use cannot be read ({error})", **asked)
    rng = np.random.default_rng(seed)
    challenger, _ = fit_recommender(
        name, newest.known, dataset.features, rng=rng, device=request.device, progress=progress
    )
    own = _ranks(challenger, newest.asked.inputs, newest.asked.targets, "judging the challenger", progress)
    margin = shop.settings.challenger_margin
    compared = compare(own, in_use, margin=margin)
    beaten = () if undone is None else _compared_with_undone(shop, undone, dataset, newest, own, margin, progress)
    served, why = _decided(compared, beaten, undone)
    hit_rate = _hit_rate(shop, used, in_use)
    watch_drift(shop, dataset, used, hit_rate)
    return judged(
        served,
        why,
        **asked,
        compared=_told(compared),
        compared_with_rolled_back=_told(beaten),
        hits_by_day=_hits_by_day(shop, newest, in_use),
        hit_rate=hit_rate.now,
        expected_hit_rate=float(recall(own, PLACES).mean()),
    )


def _decided(compared: Sequence[Compared], beaten: Sequence[Compared], undone: ModelRun | None) -> tuple[bool, str]:
    """Whether the challenger is served, and why. After a roll back it must surely beat both, by the first measure."""
    others = {"the model in use": compared, "the model that was rolled back": beaten}
    for other, figures in others.items():
        for one in figures:
            if not one.not_worse:
                return False, f"kept: it cannot be shown that the challenger is not worse than {other}: {_said(one)}"
    if undone is None:
        return True, f"served: it is not worse than the model in use: {_said(compared[0])}"
    for other, figures in others.items():
        for one in figures[:1]:
            if not one.better:
                return False, f"kept: after a roll back a challenger must beat {other} for sure: {_said(one)}"
    return True, f"served: it beats the model in use and the one rolled back: {_said(compared[0])}"


def _said(one: Compared) -> str:
    measure = one.measure.upper().replace("RECALL", "recall")
    return (
        f"{measure} {one.challenger:.4f} against {one.other:.4f}, ahead by {one.ahead.mean:+.4f} "
        f"(95% interval {one.ahead.low:+.4f} to {one.ahead.high:+.4f}; the lower end must reach {one.least:+.4f})"
    )


def _too_few(newest: NewestQuestions) -> str:
    return (
        f"kept: {newest.new_events:,} events came since its training, and {len(newest.asked):,} shoppers can be asked "
        f"about the newest of them; {LEAST_ASKED} are needed"
    )


def _may_be_asked(shop: OpenShop, dataset: Dataset) -> BoolArray:
    """Shoppers [S] who did not say no to being counted."""
    words, _ = shop.store.traits.consents_since(0, Purpose.ANALYTICS)
    return np.array([words.get(shopper) is not False for shopper in dataset.shoppers], dtype=np.bool_)


def _ranks_of(shop: OpenShop, run: ModelRun, dataset: Dataset, newest: NewestQuestions, progress: Progress) -> IntArray:
    """Ranks [Q] of a model as it answers in the shop: newer products added to those that it learnt. Raises
    `ModelFileBroken`."""
    trained = shop.models.trained_shop(run)
    catalogue = open_catalogue(shop.folder, run, trained)
    (model,) = covering([trained.recommender], catalogue.features)
    code = catalogue.items.codes(dataset.items.first_ids())
    asked = newest.asked.inputs
    inputs = Histories(asked.offsets, code[asked.items], asked.kinds, asked.times, len(catalogue.items))
    return _ranks(model, inputs, code[newest.asked.targets], f"judging version {run.version}", progress)


def _ranks(model: Recommender, inputs: Histories, targets: IntArray, task: str, progress: Progress) -> IntArray:
    return target_ranks(rank_all(model, inputs, count=PLACES, task=task, progress=progress), targets)


def _compared_with_undone(
    shop: OpenShop,
    undone: ModelRun,
    dataset: Dataset,
    newest: NewestQuestions,
    own: IntArray,
    margin: float,
    progress: Progress,
) -> tuple[Compared, ...]:
    """The challenger against the model that was rolled back; nothing where that cannot be read any more."""
    try:
        return compare(own, _ranks_of(shop, undone, dataset, newest, progress), margin=margin)
    except ModelFileBroken as error:
        log.warning("model_file_broken", version=undone.version, message=str(error))
        return ()


def _hit_rate(shop: OpenShop, used: ModelRun, ranks: IntArray) -> Drift:
    """How often the model in use has the answer among the first ten, against what was expected of it.

    Expected is what its challenger did before it came into use; of a model trained by hand, what its first judgement
    found.
    """
    now = interval(recall(ranks, PLACES), np.random.default_rng(0))
    expected: float | None = None
    for one in reversed(shop.store.judgements.all(RECOMMEND)):
        if one.version == used.version:
            expected = one.report.get("expected_hit_rate")
            break
        if one.report["against"] == used.version and one.report.get("hit_rate") is not None:
            expected = one.report["hit_rate"]
    return Drift("hit_rate", expected, now.mean, None, expected is not None and now.high < HIT_RATE_BOUND * expected)


def _hits_by_day(shop: OpenShop, newest: NewestQuestions, ranks: IntArray) -> list[dict[str, object]]:
    """The same for each of the newest days on the shop's clock."""
    hits = recall(ranks, PLACES)
    zone = shop.settings.zone
    days = np.array([datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone).date() for ms in newest.times.tolist()])
    found = []
    for day in np.unique(days)[-_DAYS:]:
        own = hits[days == day]
        found.append(DayHits(day=day.isoformat(), asked=len(own), hits=int(own.sum())).model_dump())
    return found


def _told(compared: Sequence[Compared]) -> list[dict[str, object]]:
    return [
        ComparedInfo(
            measure=one.measure,
            challenger=one.challenger,
            other=one.other,
            ahead=one.ahead.mean,
            low=one.ahead.low,
            high=one.ahead.high,
            least=one.least,
        ).model_dump()
        for one in compared
    ]


def _figures(judgement: Judgement) -> dict[str, object]:
    report = judgement.report
    figures = {one["measure"]: [one["ahead"], one["low"], one["high"]] for one in report.get("compared", [])}
    return {"against": report["against"], "why": report["why"], "asked": report.get("asked", 0), **figures}


def _answer(judgement: Judgement | None, run: RunInfo | None) -> ChallengeAnswer:
    assert judgement is not None, "what is served was judged"
    fields = {name: value for name, value in judgement.report.items() if name in ChallengeAnswer.model_fields}
    given = {"served": judgement.served, "version": judgement.version, "time_ms": judgement.time_ms, "run": run}
    return ChallengeAnswer.model_validate(fields | given)
