"""Models: what is in use and why, how good it is, two versions side by side, back to the one before, train now."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from bottega.actions.jobs.ask import list_jobs, show_job, start_job
from bottega.actions.jobs.shapes import JobInfo, JobRequest, JobsRequest, StartJobRequest
from bottega.actions.recommend.shapes import EvaluateAnswer
from bottega.actions.running.model_card import show_model
from bottega.actions.running.model_shapes import ModelCardRequest
from bottega.actions.running.models import ListedModel, ModelsRequest, list_models
from bottega.actions.running.rollback import RollBackRequest, roll_back
from bottega.errors import RequestInvalid
from bottega.names import Role
from bottega.serving.console.frame import Page, form_of, made_of, visit_of
from bottega.serving.console.model_words import ABILITIES, DRIFT, ROOMS, AbilityWords, figures_of, measure_named
from bottega.texts import shown

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/models", "Models", group="Running")
CARD = Page("/console/models/card", "Card of a model", group="Running", under=PAGE.path)
COMPARE = Page("/console/models/compare", "Two versions side by side", group="Running", under=PAGE.path)
REPORT = Page("/console/models/evaluation", "Evaluation report", group="Running", under=PAGE.path)
PAGES = (PAGE, COMPARE, REPORT)
_TRAININGS = ("challenge", "train", "train_vision", "train_outfits")


@router.get(PAGE.path)
async def show(request: Request) -> Response:
    """Models in use, what became of the newest challenger, and the versions before."""
    visit = await visit_of(request, PAGE.role)
    answer = await visit.ask(list_models, ModelsRequest())
    trainings = [await visit.ask(list_jobs, JobsRequest(verb=verb, n=1)) for verb in _TRAININGS[:2]]
    newest = max((page.jobs[0] for page in trainings if page.jobs), key=lambda one: one.number, default=None)
    health = await visit.ask(_health, None)
    return visit.page(
        "models.html",
        PAGE,
        used=[one for one in answer.models if one.in_use],
        before=[one for one in answer.models if not one.in_use],
        schedule=answer.train_schedule,
        judgement=answer.judgement,
        drift=answer.drift,
        training=newest,
        health=health,
        rooms=ROOMS,
        returnable=_returnable(answer.models),
        words=_words,
        drift_words=DRIFT,
        measure=measure_named,
    )


@router.get(CARD.path)
async def card(request: Request) -> Response:
    """One model: what it is, what it learnt from, bars reached and missed, and the challenge that chose it."""
    visit = await visit_of(request, CARD.role)
    found = await visit.ask(show_model, made_of(ModelCardRequest, request.query_params, "ability", "version"))
    listed = (await visit.ask(list_models, ModelsRequest())).models
    others = [one for one in listed if one.ability == found.model.ability and one.version != found.model.version]
    return visit.page(
        "model.html",
        CARD,
        card=found,
        others=others,
        words=_words(found.model.ability),
        measure=measure_named,
        figures=figures_of(found.measures),
        facts=_facts(found),
    )


@router.get(COMPARE.path)
async def compare(request: Request) -> Response:
    """Two versions of one ability: their trainings, bars and measures."""
    visit = await visit_of(request, COMPARE.role)
    listed = (await visit.ask(list_models, ModelsRequest())).models
    ability = request.query_params.get("ability") or "recommend"
    mine = [one for one in listed if one.ability == ability]
    given = [request.query_params.get("a", ""), request.query_params.get("b", "")]
    chosen = given if all(given) else [one.version for one in mine[:2]]
    cards = []
    if len(mine) > 1 or all(given):
        asked = [ModelCardRequest(ability=ability, version=version[:200]) for version in chosen]
        cards = [await visit.ask(show_model, one) for one in asked]
    rows = _side_by_side(*cards) if cards else []
    if visit.wants_csv and cards:
        return visit.csv("models", ("figure", *chosen), rows)
    return visit.page(
        "models_compare.html",
        COMPARE,
        cards=cards,
        rows=rows,
        ability=ability,
        versions=[(one.version, f"{one.version}{' (in use)' if one.in_use else ''}") for one in mine],
        words=_words(ability),
        abilities=[(name, _words(name).title) for name in dict.fromkeys(one.ability for one in listed)],
        measure=measure_named,
    )


@router.get(REPORT.path)
async def report(request: Request) -> Response:
    """What came out of an evaluation, and the evaluations before."""
    visit = await visit_of(request, REPORT.role)
    page = await visit.ask(list_jobs, JobsRequest(verb="evaluate", n=30))
    done = [one for one in page.jobs if one.state == "done"]
    number = request.query_params.get("number") or (str(done[0].number) if done else "")
    job: JobInfo | None = None
    if number:
        job = await visit.ask(show_job, made_of(JobRequest, {"number": number}, "number"))
        if job.verb != "evaluate":
            raise RequestInvalid(f"Job {job.number} is no evaluation.", next_step="Choose one of the list.")
    answer = EvaluateAnswer.model_validate(job.answer) if job is not None and job.answer else None
    if visit.wants_csv and answer is not None:
        rows = [(table.title, *row) for table in answer.tables for row in table.rows]
        widest = max((len(table.columns) for table in answer.tables), default=0)
        return visit.csv(
            "evaluation", ("table", *answer.tables[0].columns, *[""] * (widest - len(answer.tables[0].columns))), rows
        )
    return visit.page(
        "evaluation.html",
        REPORT,
        job=job,
        answer=answer,
        jobs=page.jobs,
        under_way=any(one.state in ("running", "waiting") for one in page.jobs),
    )


@router.post("/console/models/train")
async def train(request: Request) -> Response:
    """Ask for a training."""
    visit, form = await form_of(request, Role.MANAGE)
    verb = str(form.get("verb", ""))
    if verb not in _TRAININGS:
        raise RequestInvalid(
            f"A training was asked for by {shown(verb)}.",
            allowed=f"It may be {', '.join(_TRAININGS)}.",
            next_step="Choose one of them.",
        )
    job = await visit.ask(start_job, StartJobRequest(verb=verb))
    return visit.done(
        f"/console/jobs/job?number={job.number}", f"Job {job.number} is asked for. It begins when a worker is free."
    )


@router.post("/console/models/rollback")
async def go_back(request: Request) -> Response:
    """Give the version before its place back."""
    visit, form = await form_of(request, Role.MANAGE)
    answer = await visit.ask(roll_back, made_of(RollBackRequest, form, "room"))
    now = "the one that comes with Bottega" if answer.in_use is None else f"version {answer.in_use}"
    return visit.done(
        PAGE.path, f"Version {answer.rolled_back} is out of use; {now} answers within seconds. Its files stay."
    )


def _health(shop: Any, request: None) -> Any:
    return shop.health()


def _returnable(models: list[ListedModel]) -> set[str]:
    """Abilities whose own model may be taken back: something stands behind it."""
    own = {one.ability for one in models if one.in_use and one.origin == "own"} & ROOMS.keys()
    earlier = {one.ability for one in models if not one.in_use and not one.rolled_back}
    return {ability for ability in own if ability != "recommend" or ability in earlier}


def _words(ability: str) -> AbilityWords:
    return ABILITIES.get(ability) or AbilityWords(ability.replace("_", " ").capitalize(), "")


def _facts(card: Any) -> list[tuple[str, str]]:
    """What is known of a training; what nobody wrote down is said to be so."""
    numbers = [
        ("Products that it knows", card.products),
        ("Events that it learnt from", card.events_seen),
        ("Shoppers that it learnt from", card.shoppers),
    ]
    own = card.model.origin == "own"
    found = [(label, "not written down" if value is None else f"{value:,}") for label, value in numbers if own]
    seconds, memory = card.seconds, card.peak_mb
    found.append(("Its training took", "not written down" if seconds is None else f"{seconds:,.0f} s"))
    if own:
        found.append(("Most memory", "not written down" if not memory else f"{memory:,.0f} MB"))
    found.append(("Size of its files", f"{card.model.size_mb:,.1f} MB"))
    found.append(("Seed", "not written down" if card.seed is None else str(card.seed)))
    return found


def _side_by_side(one: Any, other: Any) -> list[tuple[str, str, str]]:
    """Every figure that either has, of both."""

    def told(card: Any) -> dict[str, str]:
        bars = {f"{measure_named(bar.measure)} (bar {bar.aim:g})": _bar(bar) for bar in card.model.bars}
        return {**dict(_facts(card)), **bars, **dict(figures_of(card.measures))}

    left, right = told(one), told(other)
    return [(name, left.get(name, "–"), right.get(name, "–")) for name in dict.fromkeys([*left, *right])]


def _bar(bar: Any) -> str:
    return f"{bar.value:.4g}, {'reached' if bar.met else 'missed'}"
