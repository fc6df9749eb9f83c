"""Suggestions in the console: what the eye and the writer propose, accepted, rejected and taken back, many at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from bottega.actions.intake.query_products import query_products
from bottega.actions.intake.shapes import ProductQuery, ProductQueryAnswer
from bottega.actions.vision.shapes import (
    DecisionAnswer,
    DecisionRequest,
    DecisionsAnswer,
    DecisionsRequest,
    SuggestionPage,
    SuggestionQuery,
)
from bottega.actions.vision.suggestions import decide_suggestions, list_decisions, list_suggestions
from bottega.errors import RequestInvalid
from bottega.names import Role
from bottega.serving.console.frame import Page, form_of, made_of, visit_of

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/suggestions", "Suggestions", group="Catalogue")
DECISIONS = Page("/console/suggestions/decisions", "Decisions on suggestions", under=PAGE.path)
PAGES = (PAGE, DECISIONS)
KINDS = (
    ("", "All"),
    ("fill", "Empty fields"),
    ("doubt", "Labels that look wrong"),
    ("text", "Texts"),
    ("picture", "Pictures"),
)
STATES = (("open", "Open"), ("accepted", "Accepted"), ("rejected", "Rejected"), ("withdrawn", "Withdrawn"))
_WANTED = ("kind", "attribute", "value", "above", "below", "product", "batch")
_CSV_MOST = 50_000
_HEADS = ("number", "product", "title", "kind", "attribute", "says", "suggested", "sure", "state", "decision")


@router.get("/console/suggestions")
async def show(request: Request) -> Response:
    """Suggestions of one state, the surest first."""
    visit = await visit_of(request, PAGE.role)
    given = request.query_params
    state = given.get("state", "").strip() or "open"
    asked = {name: given.get(name, "") for name in _WANTED}
    if visit.wants_csv:
        return visit.csv("suggestions", _HEADS, await _rows(visit, state, asked))
    query = _query(state, asked, n="50", after=given.get("after", ""))
    found: SuggestionPage = await visit.ask(list_suggestions, query)
    ids = list(dict.fromkeys(one.product_id for one in found.suggestions))
    shown: ProductQueryAnswer = await visit.ask(query_products, ProductQuery(ids=ids, n=1000))
    return visit.page(
        "catalogue_suggestions.html",
        PAGE,
        found=found,
        pictures={one.id: one.images[0] for one in shown.products if one.images},
        state=state,
        asked=asked,
        kinds=KINDS,
        tabs=[
            *((words, visit.url(PAGE.path, state="" if code == "open" else code)) for code, words in STATES),
            ("Decisions", visit.url(DECISIONS.path)),
        ],
        tab=dict(STATES)[state],
        after=visit.url(PAGE.path, state=state, **asked, after=found.next) if found.next else "",
        first=visit.url(PAGE.path, state=state, **asked) if given.get("after") else "",
        csv=visit.url(PAGE.path, state=state, **asked, form="csv"),
    )


def _query(state: str, asked: Mapping[str, str], **more: str) -> SuggestionQuery:
    given = {"state": state, **asked, "product_ids": asked["product"], **more}
    names = ("state", "kind", "attribute", "value", "above", "below", "product_ids", "batch", "n", "after")
    found: SuggestionQuery = made_of(SuggestionQuery, given, *names)
    return found


async def _rows(visit: Any, state: str, asked: Mapping[str, str]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    after = ""
    while len(rows) < _CSV_MOST:
        found: SuggestionPage = await visit.ask(list_suggestions, _query(state, asked, n="1000", after=after))
        for one in found.suggestions:
            says = (one.attribute, one.present or "", one.value, one.confidence, one.state, one.batch or "")
            rows.append((one.number, one.product_id, one.title, one.kind, *says))
        if found.next is None:
            break
        after = found.next
    return rows


@router.get("/console/suggestions/decisions")
async def show_decisions(request: Request) -> Response:
    """Decisions that nobody took back."""
    visit = await visit_of(request, DECISIONS.role)
    asked: DecisionsRequest = made_of(DecisionsRequest, request.query_params, "before")
    found: DecisionsAnswer = await visit.ask(list_decisions, asked)
    return visit.page(
        "catalogue_decisions.html",
        DECISIONS,
        decisions=found.decisions,
        tabs=[
            *((words, visit.url(PAGE.path, state="" if code == "open" else code)) for code, words in STATES),
            ("Decisions", visit.url(DECISIONS.path)),
        ],
        after=visit.url(DECISIONS.path, before=found.next) if found.next else "",
    )


@router.post("/console/suggestions/decide")
async def decide(request: Request) -> Response:
    """Accept, reject or take back: those that are ticked, or all that the page's question finds."""
    visit, form = await form_of(request, Role.MANAGE)
    answer: DecisionAnswer = await visit.ask(decide_suggestions, _decision(form))
    back = _back(form)
    decision = str(form.get("decision", "")).removesuffix("_all")
    undo = (
        None
        if answer.batch is None
        else ("/console/suggestions/decide", {"decision": "undo", "batch": answer.batch, "to": back})
    )
    return visit.done(back, _told(decision, answer), undo=undo)


def _decision(form: FormData) -> DecisionRequest:
    """What a button of the page means."""
    decision = str(form.get("decision", ""))
    given: dict[str, Any] = {"decision": decision.removesuffix("_all")}
    if decision.endswith("_all"):
        given |= {name: str(form[name]) for name in _WANTED if form.get(name) and name not in ("product", "batch")}
        if form.get("product"):
            given["product_ids"] = [str(form["product"])]
        if decision == "undo_all":
            given |= {"batch": str(form["of_batch"])} if form.get("of_batch") else {"state": str(form.get("state", ""))}
        elif not any(given.get(name) for name in ("above", "below", "product_ids", "attribute", "value")):
            given["above"] = 0
    elif form.get("batch"):
        given["batch"] = str(form["batch"])
    else:
        given["numbers"] = [str(number) for number in form.getlist("numbers")]
        if not given["numbers"]:
            raise RequestInvalid(
                "No suggestion is ticked.", allowed="The button is for those that are.", next_step="Tick some."
            )
    return _made(given)


def _made(given: dict[str, Any]) -> DecisionRequest:
    from pydantic import ValidationError

    from bottega.serving.refusals import refusal_of

    try:
        return DecisionRequest.model_validate(given)
    except ValidationError as error:
        raise refusal_of(error, "Go back to the page and try again.") from error


def _back(form: FormData) -> str:
    """The page that the form stood on, where it is one of the console's own; else the open suggestions."""
    to = str(form.get("to", ""))
    return to if to.startswith(("/console/suggestions", "/console/catalogue")) and to.isprintable() else PAGE.path


def _told(decision: str, answer: DecisionAnswer) -> str:
    """What came of it, in words."""
    many = f"{answer.decided:,} suggestion{'s' if answer.decided != 1 else ''}"
    said = {
        "accept": f"{many} accepted; {answer.written:,} products say so now.",
        "reject": f"{many} rejected; they are not made again.",
        "undo": f"{many} taken back; {answer.written:,} products say again what they said before.",
    }[decision]
    if answer.kept:
        said += f" {len(answer.kept):,} products keep a value that is their own by now."
    if answer.left:
        said += f" {len(answer.left):,} were left as they are: {answer.left[0].why}"
    return said
