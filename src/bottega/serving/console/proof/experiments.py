"""Experiments: how long one would take, drawing it up, how it stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from bottega.actions.proof.experiment_shapes import (
    AdoptExperimentRequest,
    ExperimentAnswer,
    ExperimentQuery,
    ExperimentRequest,
    ExperimentsRequest,
    NewExperimentRequest,
    PowerRequest,
)
from bottega.actions.proof.experiments import (
    adopt_experiment,
    delete_experiment,
    list_experiments,
    new_experiment,
    start_experiment,
    stop_experiment,
)
from bottega.actions.proof.power import experiment_power
from bottega.actions.proof.standing import show_experiment
from bottega.actions.rules.list_rules import list_rules
from bottega.actions.rules.shapes import RulesRequest
from bottega.currencies import exponent
from bottega.errors import RequestInvalid
from bottega.names import Role
from bottega.serving.console.frame import Page, Visit, form_of, made, made_of, visit_of
from bottega.serving.console.proof.earnings import PLACES
from bottega.serving.console.proof.looks import Chart, chart_of
from bottega.shop.segments.names import SEGMENT_TITLES, segment_title

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
LISTED = "/console/experiments"
PAGE = Page(LISTED, "Experiments", group="Proof")
NEW = Page(f"{LISTED}/new", "A new experiment", group="Proof", role=Role.MANAGE, under=LISTED)
ONE = Page(f"{LISTED}/one", "An experiment", group="Proof", under=LISTED)
PAGES = (PAGE, NEW, ONE)
STATES = {"draft": "warn", "running": "good", "stopped": "plain", "adopted": "good"}
MEASURES = {
    "revenue": "Revenue per shopper",
    "buyers": "Shoppers who buy",
    "carts": "Shoppers who fill a cart",
    "refunded": "Money given back",
}
DIALS = {
    "diversity": "How varied a list is (0 to 1)",
    "novelty": "Less widely known products (0 to 1)",
    "price_fit": "Closer to the shopper's own prices (0 to 1)",
    "praise": "Products that reviews praise (0 to 1)",
    "max_per_brand": "Products of one brand, at most",
    "max_per_category": "Products of one category, at most",
    "exploration": "Share of places given by chance (0 to 0.5)",
}
KINDS = {"rule": "A saved rule", "strategy": "Another recommender", "dial": "A dial"}
SHARES = {"0.5": "Half of them", "0.2": "One in five", "0.1": "One in ten"}


@router.get(LISTED)
async def show_all(request: Request) -> Response:
    """Experiments, and how those that run stand."""
    visit = await visit_of(request, PAGE.role)
    answer = await visit.ask(list_experiments, ExperimentsRequest())
    running = [one.name for one in answer.experiments if one.state == "running"]
    summaries = {name: (await visit.ask(show_experiment, ExperimentQuery(name=name))).summary for name in running[:10]}
    return visit.page(
        "experiments.html",
        PAGE,
        experiments=answer.experiments,
        summaries=summaries,
        states=STATES,
        places=PLACES,
        measures=MEASURES,
    )


@router.get(f"{LISTED}/one")
async def show_one(request: Request) -> Response:
    """How one stands."""
    visit = await visit_of(request, ONE.role)
    asked: ExperimentQuery = made_of(ExperimentQuery, request.query_params, "name")
    answer: ExperimentAnswer = await visit.ask(show_experiment, asked)
    charts: list[tuple[str, Chart]] = []
    for variant in answer.variants[1:]:
        looks = [one for one in answer.looks if one.variant == variant.name]
        if looks:
            charts.append((variant.name, chart_of(looks)))
    return visit.page(
        "experiments_one.html",
        ONE,
        answer=answer,
        charts=charts,
        named=segment_title,
        states=STATES,
        places=PLACES,
        measures=MEASURES,
        dials=DIALS,
        factor=10 ** exponent(answer.currency),
    )


@router.get(f"{LISTED}/new")
async def draw_up(request: Request) -> Response:
    """How long it would take, and the form that draws it up."""
    visit = await visit_of(request, NEW.role)
    asked = request.query_params
    share = float(asked.get("share") or 0.5) if asked.get("share") in (None, "", *SHARES) else 0.5
    fields: dict[str, Any] = {"shares": [1 - share, share]}
    for name in ("measure", "effect", "horizon_days"):
        if asked.get(name):
            fields[name] = _number(asked[name], 100) if name == "effect" else asked[name]
    power = await visit.ask(experiment_power, made(PowerRequest, fields))
    rules = await visit.ask(list_rules, RulesRequest(n=1000))
    strategies = (await visit.ask(list_experiments, ExperimentsRequest())).strategies
    return visit.page(
        "experiments_new.html",
        NEW,
        power=power,
        asked=asked,
        kinds=KINDS,
        rules=[(one.rule.id, one.rule.name or one.rule.id) for one in rules.rules],
        strategies=strategies[1:],
        dials=DIALS,
        shares=SHARES,
        measures=MEASURES,
        segments={**SEGMENT_TITLES} | {one: segment_title(one) for one in asked.getlist("segment") if one.strip()},
        places={name: PLACES[name] for name in ("home", "product", "cart", "category", "similar", "search")},
    )


@router.post(f"{LISTED}/new")
async def save_new(request: Request) -> Response:
    """Draw one up."""
    visit, form = await form_of(request, Role.MANAGE)
    held = {name: str(value).strip() for name, value in form.items()}
    share = float(held["share"]) if held.get("share") in SHARES else 0.5
    variants = [
        {"name": held.get("control") or "As it is", "share": 1 - share},
        {"name": held.get("variant") or "Changed", "share": share, **_change(held)},
    ]
    fields: dict[str, Any] = {
        "name": held.get("name", ""),
        "variants": variants,
        "placements": [str(one) for one in form.getlist("placements")],
        "segments": [str(one) for one in form.getlist("segments")],
    }
    fields |= {name: held[name] for name in ("measure", "horizon_days") if held.get(name)}
    if held.get("effect"):
        fields["effect"] = _number(held["effect"], 100)
    drawn = await visit.ask(new_experiment, made(NewExperimentRequest, fields))
    return visit.done(_page_of(visit, drawn.name), f"{drawn.name} is drawn up. Nobody takes part until it is started.")


@router.post(f"{LISTED}/start")
async def start(request: Request) -> Response:
    """Let shoppers take part."""
    visit, form = await form_of(request, Role.MANAGE)
    asked: ExperimentRequest = made_of(ExperimentRequest, form, "name")
    await visit.ask(start_experiment, asked)
    return visit.done(
        _page_of(visit, asked.name),
        f"{asked.name} runs from the next list on.",
        undo=(f"{LISTED}/stop", {"name": asked.name}),
    )


@router.post(f"{LISTED}/stop")
async def stop(request: Request) -> Response:
    """End it, or take an adoption back."""
    visit, form = await form_of(request, Role.MANAGE)
    asked: ExperimentRequest = made_of(ExperimentRequest, form, "name")
    await visit.ask(stop_experiment, asked)
    return visit.done(_page_of(visit, asked.name), f"{asked.name} is over: everybody gets what was before.")


@router.post(f"{LISTED}/adopt")
async def adopt(request: Request) -> Response:
    """Give one variant to everybody."""
    visit, form = await form_of(request, Role.MANAGE)
    asked: AdoptExperimentRequest = made_of(AdoptExperimentRequest, form, "name", "variant")
    await visit.ask(adopt_experiment, asked)
    return visit.done(
        _page_of(visit, asked.name),
        f"Everybody gets {asked.variant} from the next list on.",
        undo=(f"{LISTED}/stop", {"name": asked.name}),
    )


@router.post(f"{LISTED}/delete")
async def delete(request: Request) -> Response:
    """Delete one that does not run."""
    visit, form = await form_of(request, Role.MANAGE)
    asked: ExperimentRequest = made_of(ExperimentRequest, form, "name")
    await visit.ask(delete_experiment, asked)
    return visit.done(LISTED, f"{asked.name} is deleted, with who was given what.")


def _page_of(visit: Visit, name: str) -> str:
    return visit.url(ONE.path, name=name).removeprefix(visit.root)


def _change(held: Mapping[str, str]) -> dict[str, Any]:
    """What the other variant turns."""
    match held.get("kind"):
        case "strategy":
            return {"strategy": held.get("strategy")}
        case "dial":
            name = held.get("dial", "")
            value = _number(held.get("value", ""), 1)
            return {"dials": {name: int(value) if name.startswith("max_") else value}}
        case _:
            return {"rules": [held["rule"]] if held.get("rule") else []}


def _number(text: str, per: int) -> float:
    try:
        return float(text.replace(",", ".").removesuffix("%")) / per
    except ValueError:
        raise RequestInvalid(
            f"{text[:40]!r} is no number." if text else "A number is missing.",
            allowed="A number, as in 0.7 or 5.",
            next_step="Correct it and send the form again.",
        ) from None
