"""Words that were learnt from shoppers: what they mean and why, forgotten and let in again."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from bottega.actions.search.learning import learn_meanings
from bottega.actions.search.meaning_shapes import (
    ForgetMeaningsRequest,
    LearnRequest,
    MeaningsRequest,
    RestoreMeaningsRequest,
)
from bottega.actions.search.meanings import forget_meanings, list_meanings, restore_meanings
from bottega.names import Role
from bottega.serving.console.frame import Page, form_of, made_of, visit_of

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PATH, CHANGE = "/console/meanings", "/console/meanings/change"
PAGE = Page(PATH, "Learnt words", group="Steer", role=Role.READ)
PAGES = (PAGE,)
VIEWS = {"": "All", "used": "In use", "seen": "Not sure enough", "forgotten": "Forgotten"}
AT_ONCE = 200
"""Of one change, so that its undo fits into the page that follows."""


@router.get(PATH)
async def show(request: Request) -> Response:
    """What words that the catalogue does not know mean by what shoppers went on to."""
    visit = await visit_of(request, PAGE.role)
    asked = made_of(MeaningsRequest, request.query_params, "state", "after")
    answer = await visit.ask(list_meanings, asked)
    if visit.wants_csv:
        heads = ("phrase", "field", "value", "title", "state", "chosen", "shown", "shoppers", "why")
        return visit.csv("meanings", heads, [[getattr(one, name) for name in heads] for one in answer.meanings])
    return visit.page("meanings.html", PAGE, answer=answer, asked=asked, views=VIEWS, change=CHANGE)


@router.post(CHANGE)
async def change(request: Request) -> Response:
    """Forget meanings, or let them in again; undone by the other of the two."""
    visit, form = await form_of(request, Role.MANAGE)
    said = ",".join(str(one) for one in form.getlist("number"))
    numbers = [int(one) for one in said.split(",") if one.isdecimal()][:AT_ONCE]
    if not numbers:
        return visit.done(PATH, "Nothing was chosen.")
    forget = form.get("do") == "forget"
    answer = (
        await visit.ask(forget_meanings, ForgetMeaningsRequest(numbers=numbers))
        if forget
        else await visit.ask(restore_meanings, RestoreMeaningsRequest(numbers=numbers))
    )
    count = len(answer.changed)
    words = f"{count} {'meaning is' if count == 1 else 'meanings are'} {'forgotten' if forget else 'let in again'}."
    fields = {"number": ",".join(map(str, answer.changed)), "do": "restore" if forget else "forget"}
    return visit.done(PATH, words, undo=(CHANGE, fields) if answer.changed else None)


@router.post("/console/meanings/learn")
async def learn(request: Request) -> Response:
    """Learn from what shoppers did since the last time."""
    visit, _ = await form_of(request, Role.MANAGE)
    answer = await visit.ask(learn_meanings, LearnRequest())
    return visit.done(PATH, f"{answer.votes} votes came in; {answer.used} of {answer.meanings} meanings are in use.")
