"""Experiments: drawn up, started, stopped, adopted, deleted. The next answer of every process heeds it."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from bottega.actions.proof.experiment_shapes import (
    AdoptExperimentRequest,
    ExperimentInfo,
    ExperimentRequest,
    ExperimentsAnswer,
    ExperimentsRequest,
    NewExperimentRequest,
)
from bottega.actions.proof.power import shoppers_planned
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.errors import ExperimentUnknown, ProductUnknown, RequestInvalid, RuleUnknown
from bottega.events.times import now_ms
from bottega.shop.experiments import DIALS, fields_of, meets, rules_of, shown_of
from bottega.shop.open_shop import OpenShop
from bottega.store.experiments import KeptExperiment
from bottega.texts import plain_fault

__all__ = [
    "adopt_experiment",
    "delete_experiment",
    "experiment_info",
    "find_experiment",
    "list_experiments",
    "new_experiment",
    "start_experiment",
    "stop_experiment",
]

_SHARES_OFF = 0.001
_RULED_ONLY = {"search", "similar"}
"""Placements whose requests have no strategy and no dials."""


def list_experiments(shop: OpenShop, request: ExperimentsRequest) -> ExperimentsAnswer:
    """Experiments and how far they are, the newest first."""
    states = () if request.state is None else (request.state,)
    with shop.floor() as floor:
        strategies = floor.strategies
    return ExperimentsAnswer(
        experiments=[experiment_info(one) for one in shop.store.experiments.all(states)], strategies=strategies
    )


def new_experiment(shop: OpenShop, request: NewExperimentRequest) -> ExperimentInfo:
    """Draw one up; nobody takes part until it is started. Raises `RequestInvalid` and `ModelUnknown`."""
    names = [variant.name for variant in request.variants]
    if len(set(names)) < len(names):
        raise RequestInvalid(
            f"Variants are called {', '.join(names)}.",
            allowed="Each has a name of its own.",
            next_step="Call them differently.",
        )
    variants: list[dict[str, Any]] = [
        {
            "name": one.name,
            "share": share,
            "strategy": one.strategy,
            "dials": _dials(one.name, one.dials),
            "rules": sorted(set(one.rules)),
            "products": _shown(one),
        }
        for one, share in zip(request.variants, _shares(request.variants), strict=True)
    ]
    if all(_turns(variant) == _turns(variants[0]) for variant in variants):
        raise RequestInvalid(
            "All variants are the same.",
            allowed="One of them turns a dial, names another strategy or a saved rule, or shows a product otherwise.",
            next_step='Give one of them something to turn, as in {"dials": {"diversity": 0.7}}.',
        )
    if request.placements and _RULED_ONLY.issuperset(request.placements) and any(map(fields_of, variants)):
        raise RequestInvalid(
            f"A variant names a strategy or turns a dial, and the experiment is about {', '.join(request.placements)} "
            "alone.",
            allowed="Searches and similar products are varied by saved rules, and by what is shown of products.",
            next_step="Name a rule, or other placements.",
        )
    known = {rule.id for rule in shop.rules.all()}
    for rule_id in (name for variant in variants for name in variant["rules"] if name not in known):
        raise RuleUnknown(
            f"There is no rule {rule_id!r}.",
            allowed="A variant names saved rules by their ids.",
            next_step="Save it first, switched off; `bottega rules list` shows those there are.",
        )
    with shop.floor() as floor:
        for variant in request.variants:
            floor.strategy(variant.strategy)
            for shown in variant.products:
                if floor.shelf.row_of(shown.product_id) < 0:
                    raise ProductUnknown.named(shown.product_id)
    kept = KeptExperiment(
        name=request.name,
        state="draft",
        placements=sorted(set(request.placements)),
        segments=list(dict.fromkeys(request.segments)),
        variants=variants,
        measure=request.measure,
        guardrails=[one for one in dict.fromkeys(request.guardrails) if one != request.measure],
        effect=request.effect,
        horizon_days=request.horizon_days,
        salt=secrets.token_hex(16),
        planned=0,
        made_ms=now_ms(),
    )
    if not shop.store.experiments.add(kept):
        raise RequestInvalid(
            f"There is an experiment {request.name!r} already.",
            allowed="A name says one experiment, also after its end.",
            next_step="Choose another name, or delete that one (`bottega experiment delete`).",
        )
    return experiment_info(kept)


def start_experiment(shop: OpenShop, request: ExperimentRequest) -> ExperimentInfo:
    """Let shoppers take part from the next answer on. Raises `ExperimentUnknown` and `RequestInvalid`."""
    kept = find_experiment(shop, request.name)
    if not shop.settings.answers_kept_days:
        raise RequestInvalid(
            "The setting answers_kept_days is 0: nothing keeps who was given which variant.",
            allowed="1 and more.",
            next_step="Raise it, restart the server, and start the experiment again.",
        )
    for other in shop.store.experiments.all(("running",)):
        if other.name != kept.name and meets(kept, other):
            raise RequestInvalid(
                f"Experiment {other.name!r} runs and turns the same in the same place.",
                allowed="Two run beside each other where they turn different things or stand in different places.",
                next_step=f"Stop {other.name!r} first, or choose other placements.",
            )
    planned = shoppers_planned(shop, kept)
    return _changed(shop, kept, ("draft",), {"state": "running", "started_ms": now_ms(), "planned": planned})


def stop_experiment(shop: OpenShop, request: ExperimentRequest) -> ExperimentInfo:
    """End it: everybody gets what was before; of an adopted one, the adoption is taken back.

    Raises `ExperimentUnknown` and `RequestInvalid`.
    """
    kept = find_experiment(shop, request.name)
    ended_ms = now_ms() if kept.ended_ms is None else kept.ended_ms
    changes = {"state": "stopped", "ended_ms": ended_ms, "adopted": None}
    return _changed(shop, kept, ("running", "adopted"), changes)


def adopt_experiment(shop: OpenShop, request: AdoptExperimentRequest) -> ExperimentInfo:
    """Give one variant to everybody from the next answer on; ends the experiment where it runs.

    Raises `ExperimentUnknown` and `RequestInvalid`.
    """
    kept = find_experiment(shop, request.name)
    names = [variant["name"] for variant in kept.variants]
    if request.variant not in names:
        raise RequestInvalid(
            f"Experiment {kept.name!r} has no variant {request.variant!r}.",
            allowed=f"Its variants are {', '.join(names)}.",
            next_step="Name one of them.",
        )
    ended_ms = now_ms() if kept.ended_ms is None else kept.ended_ms
    changes = {"state": "adopted", "ended_ms": ended_ms, "adopted": request.variant}
    return _changed(shop, kept, ("running", "stopped", "adopted"), changes)


def delete_experiment(shop: OpenShop, request: ExperimentRequest) -> ExperimentInfo:
    """Delete one that does not run, with who was given what. Raises `ExperimentUnknown` and `RequestInvalid`."""
    kept = find_experiment(shop, request.name)
    if not shop.store.experiments.remove(kept.number, ("draft", "stopped")):
        raise _elsewhere(find_experiment(shop, request.name), ("draft", "stopped"))
    return experiment_info(kept)


def find_experiment(shop: OpenShop, name: str) -> KeptExperiment:
    """The experiment of a name. Raises `ExperimentUnknown`."""
    kept = shop.store.experiments.of_name(name)
    if kept is None:
        raise ExperimentUnknown(
            f"There is no experiment {name!r}.", next_step="`bottega experiment list` shows those there are."
        )
    return kept


def experiment_info(kept: KeptExperiment) -> ExperimentInfo:
    """What is said of an experiment everywhere."""
    return ExperimentInfo.model_validate(
        {
            "name": kept.name,
            "state": kept.state,
            "placements": kept.placements,
            "segments": list(kept.segments),
            "measure": kept.measure,
            "guardrails": kept.guardrails,
            "effect": kept.effect,
            "horizon_days": kept.horizon_days,
            "variants": [variant["name"] for variant in kept.variants],
            "adopted": kept.adopted,
            "made": _moment(kept.made_ms),
            "started": _moment(kept.started_ms),
            "ended": _moment(kept.ended_ms),
            "planned": kept.planned,
        }
    )


def _moment(time_ms: int | None) -> str | None:
    return None if time_ms is None else datetime.fromtimestamp(time_ms / 1000, UTC).isoformat("T", "seconds")


def _changed(shop: OpenShop, kept: KeptExperiment, states: Collection[str], changes: dict[str, Any]) -> ExperimentInfo:
    if not shop.store.experiments.change(kept.number, states, changes):
        raise _elsewhere(find_experiment(shop, kept.name), states)
    shop.changed_experiments()
    return experiment_info(find_experiment(shop, kept.name))


def _elsewhere(kept: KeptExperiment, states: Collection[str]) -> RequestInvalid:
    return RequestInvalid(
        f"Experiment {kept.name!r} is {kept.state}.",
        allowed=f"This is for one that is {' or '.join(states)}.",
        next_step=f"`bottega experiment show {kept.name!r}` says how it stands.",
    )


def _shares(variants: Sequence[NewExperimentRequest.Variant]) -> list[float]:
    given = [variant.share for variant in variants]
    said = [share for share in given if share is not None]
    if not said:
        return [1 / len(given)] * len(given)
    if len(said) < len(given) or abs(sum(said) - 1) > _SHARES_OFF:
        raise RequestInvalid(
            f"Shares of the variants are {', '.join('none' if share is None else f'{share:g}' for share in given)}.",
            allowed="Each variant has one, and together they are 1; or none has any.",
            next_step="Correct them, as in 0.9 and 0.1.",
        )
    return [share / sum(said) for share in said]


def _turns(variant: dict[str, Any]) -> tuple[Any, ...]:
    return fields_of(variant), rules_of(variant), shown_of(variant)


def _shown(variant: NewExperimentRequest.Variant) -> dict[str, dict[str, str]]:
    """Product -> what is shown of it otherwise."""
    found = {}
    for one in variant.products:
        found[one.product_id] = one.model_dump(exclude={"product_id"}, exclude_none=True)
        if not found[one.product_id]:
            raise RequestInvalid(
                f"Variant {variant.name!r} shows {one.product_id!r} as it is.",
                allowed="A title, a description or an image.",
                next_step="Say what is shown otherwise, or leave the product out.",
            )
    return found


def _dials(variant: str, dials: dict[str, Any]) -> dict[str, Any]:
    unknown = [name for name in dials if name not in DIALS]
    if unknown:
        raise RequestInvalid(
            f"Variant {variant!r} turns {', '.join(unknown)[:200]}.",
            allowed=f"Dials are {', '.join(DIALS)}.",
            next_step="Choose among them.",
        )
    try:
        RecommendationRequest.model_validate({DIALS[name]: value for name, value in dials.items()})
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(map(str, fault["loc"]))
        raise RequestInvalid(
            f"Variant {variant!r} turns {field} to {str(fault['input'])[:80]}: {plain_fault(fault)}.",
            allowed="What the field of that name of a request for a list takes.",
            next_step="Correct it and send the request again.",
        ) from error
    return {name: value for name, value in dials.items() if value is not None}
