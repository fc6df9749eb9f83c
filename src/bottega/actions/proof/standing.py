"""How an experiment stands: what each variant earns beside the control, how sure that is, and what to do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime

from bottega.actions.proof.experiment_shapes import (
    ExperimentAnswer,
    ExperimentQuery,
    LookInfo,
    MeasureInfo,
    Remark,
    ShownProduct,
    VariantInfo,
)
from bottega.actions.proof.experiments import experiment_info, find_experiment
from bottega.currencies import exponent
from bottega.events.times import now_ms
from bottega.experiments.balance import ALARM, imbalance
from bottega.experiments.sequential import ALPHA, Uplift, mixing, uplift
from bottega.experiments.sums import Sums
from bottega.experiments.verdict import Advice, Gauge, Headway, Standing, guardrail, split_sentence, verdict, waiting
from bottega.names import DAY_MS
from bottega.shop.experiments import rules_of, shown_of
from bottega.shop.open_shop import OpenShop
from bottega.store.experiments import KeptExperiment

__all__ = ["show_experiment"]

Tallies = Mapping[Gauge, Sums]
_NOTHING = Sums(0, 0, 0.0, 0.0)


def show_experiment(shop: OpenShop, request: ExperimentQuery) -> ExperimentAnswer:
    """One experiment with its figures, and what they mean. Raises `ExperimentUnknown`."""
    kept = find_experiment(shop, request.name)
    until_ms = now_ms() if kept.ended_ms is None else kept.ended_ms
    currency = shop.settings.currency
    looks: list[list[int]] = []
    by_day: Mapping[int, Mapping[int, Tallies]] = {}
    if kept.started_ms is not None:
        looks = shop.store.experiments.counts_by_day(kept.number, len(kept.variants), kept.started_ms)
        by_day = shop.store.outcomes.of_experiment(
            kept.number,
            started_ms=kept.started_ms,
            horizon_ms=kept.horizon_days * DAY_MS,
            until_ms=until_ms,
            currency=currency,
            decimals=exponent(currency),
        )
    shares = [variant["share"] for variant in kept.variants]
    names = [variant["name"] for variant in kept.variants]
    counts = looks[-1] if looks else [0] * len(names)
    split_p = imbalance(looks, shares)
    days = 0.0 if kept.started_ms is None else (until_ms - kept.started_ms) / DAY_MS
    of_variant: list[Tallies] = [{} for _ in names]
    seen: list[LookInfo] = []
    for day in sorted(by_day):
        of_variant = [_together(now, by_day[day].get(place, {})) for place, now in enumerate(of_variant)]
        assert kept.started_ms is not None
        seen += _looked(kept, of_variant, kept.started_ms + (day + 1 + kept.horizon_days) * DAY_MS, until_ms)
    others = range(1, len(names)) if kept.started_ms is not None else ()
    compared = [_compared(kept, place, of_variant, counts, days) for place in others]
    remarks = [remark for one in compared for remark in one]
    broken = split_p < ALARM
    winner = None if broken else _winner(kept, remarks, of_variant)
    return ExperimentAnswer(
        experiment=experiment_info(kept),
        variants=[
            VariantInfo(
                name=names[place],
                share=shares[place],
                strategy=variant["strategy"],
                dials=variant["dials"],
                rules=sorted(rules_of(variant)),
                products=[ShownProduct(product_id=name, **one) for name, one in shown_of(variant).items()],
                shoppers=counts[place],
                compared=of_variant[place].get(Gauge.REVENUE, _NOTHING).shoppers,
                measures=[_measured(kept, measure, place, of_variant) for measure in _measures(kept)],
            )
            for place, variant in enumerate(kept.variants)
        ],
        split_broken=broken,
        split_p=split_p,
        winner=winner,
        summary=_summary(kept, remarks, winner, split_sentence(names, counts, shares) if broken else ""),
        remarks=remarks,
        looks=seen,
        currency=currency,
    )


def _together(one: Tallies, other: Tallies) -> Tallies:
    return {measure: one.get(measure, _NOTHING) + other.get(measure, _NOTHING) for measure in {*one, *other}}


def _looked(kept: KeptExperiment, of_variant: list[Tallies], at_ms: int, until_ms: int) -> list[LookInfo]:
    """What decides, at a moment."""
    day = datetime.fromtimestamp(min(at_ms, until_ms) / 1000, UTC).date().isoformat()
    found = []
    for place in range(1, len(kept.variants)):
        seen = _uplift(kept, Gauge(kept.measure), place, of_variant)
        if seen is not None:
            name = kept.variants[place]["name"]
            found.append(LookInfo(day=day, variant=name, uplift=seen.ratio, low=seen.low, high=seen.high))
    return found


def _measures(kept: KeptExperiment) -> list[Gauge]:
    return [Gauge(kept.measure), *(Gauge(one) for one in kept.guardrails)]


def _uplift(kept: KeptExperiment, measure: Gauge, place: int, of_variant: list[Tallies]) -> Uplift | None:
    """Of a variant beside the control. All variants share the chance of a false alarm, and so do all guardrails."""
    if not place or not kept.planned:
        return None
    parts = (len(kept.variants) - 1) * (1 if measure == kept.measure else len(kept.guardrails))
    control, mine = (of_variant[one].get(measure, _NOTHING) for one in (0, place))
    alpha = ALPHA / parts
    return uplift(control, mine, rho2=mixing(kept.planned, alpha), alpha=alpha)


def _measured(kept: KeptExperiment, measure: Gauge, place: int, of_variant: list[Tallies]) -> MeasureInfo:
    mine = of_variant[place].get(measure, _NOTHING)
    found = _uplift(kept, measure, place, of_variant)
    return MeasureInfo.model_validate(
        {
            "measure": measure.value,
            "mean": None if math.isnan(mine.mean) else mine.mean,
            "uplift": found and found.ratio,
            "low": found and found.low,
            "high": found and found.high,
        }
    )


def _compared(
    kept: KeptExperiment, place: int, of_variant: list[Tallies], counts: list[int], days: float
) -> list[Remark]:
    """What there is to say of one variant, the measure that decides first."""
    name, other = kept.variants[place]["name"], kept.variants[0]["name"]
    pair = counts[0] + counts[place]
    course = Headway(days=days, per_day=pair / max(days, 1.0), planned=kept.planned, effect=kept.effect)
    said: list[Remark] = []
    for measure in _measures(kept):
        control, mine = (of_variant[one].get(measure, _NOTHING) for one in (0, place))
        found = _uplift(kept, measure, place, of_variant)
        if measure != kept.measure:
            so = guardrail(name, measure, found)
        elif not control.shoppers or not mine.shoppers:
            so = waiting(kept.horizon_days, days)
        else:
            so = verdict(name, other, measure, control, mine, found, course)
        said.append(_remark(name, measure, so, guards=measure != kept.measure))
    return said


def _remark(variant: str, measure: Gauge, so: Advice, *, guards: bool) -> Remark:
    return Remark.model_validate(
        {
            "variant": variant,
            "measure": measure.value,
            "guardrail": guards,
            "standing": so.standing.value,
            "sentence": so.sentence,
            "wait_days": so.wait_days,
        }
    )


def _winner(kept: KeptExperiment, remarks: list[Remark], of_variant: list[Tallies]) -> str | None:
    """The best variant that is ahead for sure, has been seen for a week, and hurts no guardrail."""
    hurt = {one.variant for one in remarks if one.guardrail and one.standing == Standing.WORSE.value}
    main = [one for one in remarks if not one.guardrail]
    ahead = {one.variant for one in main if one.standing == Standing.BETTER.value and not one.wait_days}
    measure = Gauge(kept.measure)
    sign = 1 if measure.more_is_better else -1
    able = [
        (sign * of_variant[place][measure].mean, variant["name"])
        for place, variant in enumerate(kept.variants)
        if variant["name"] in ahead - hurt
    ]
    return max(able)[1] if able else None


def _summary(kept: KeptExperiment, remarks: list[Remark], winner: str | None, broken: str) -> str:
    if kept.state == "draft":
        return "It has not begun: nobody takes part."
    said = [broken] if broken else []
    if not broken:
        main = [one for one in remarks if not one.guardrail]
        chosen = [one for one in main if one.variant == winner] or main
        said += [one.sentence for one in chosen]
        said += [one.sentence for one in remarks if one.guardrail and one.standing == Standing.WORSE.value]
    if kept.state == "adopted":
        said.insert(0, f"Everybody gets {kept.adopted}.")
    return " ".join(said)
