"""What words mean in this shop: said with a preview, taken back, and every change of them with what was before."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from bottega.actions.search.preview_synonym import preview_synonym
from bottega.actions.search.synonym_history import synonym_history, undo_synonym
from bottega.actions.search.synonym_shapes import (
    DeleteSynonymsRequest,
    PutSynonymsRequest,
    SynonymHistoryRequest,
    SynonymPreviewAnswer,
    SynonymPreviewRequest,
    SynonymsRequest,
    UndoSynonymRequest,
)
from bottega.actions.search.synonyms import delete_synonyms, list_synonyms, put_synonyms, said
from bottega.errors import BottegaError
from bottega.names import Role
from bottega.serving.console.frame import Page, Visit, form_of, made_of, visit_of
from bottega.serving.console.steering.previewing import products_named
from bottega.serving.refusals import refusal_of

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/synonyms", "Synonyms", group="Steer", role=Role.READ)
HISTORY = Page(
    "/console/synonyms/history", "Every change of synonyms", group="Steer", role=Role.READ, under="/console/synonyms"
)
PAGES = (PAGE, HISTORY)
PATH, UNDO = "/console/synonyms", "/console/synonyms/undo"
SHOWN, CHANGES = 6, 50
"""Products of each side of a preview; changes of a page."""


@router.get("/console/synonyms")
async def show(request: Request) -> Response:
    """The entries, and a form for one more; `words` fills its first field."""
    visit = await visit_of(request, PAGE.role)
    words = request.query_params.get("words", "")
    return await _shown(visit, {"words": words, "means": "", "both": "", "text": words})


@router.post("/console/synonyms")
async def change(request: Request) -> Response:
    """See what an entry would find, or say it."""
    visit, form = await form_of(request, Role.MANAGE)
    held = {name: str(form.get(name, "")).strip() for name in ("words", "means", "both", "text")}
    try:
        entry = _entry(form)
        if form.get("do") == "save":
            return await _said(visit, entry)
        asked = SynonymPreviewRequest(synonym=entry, text=held["text"][:500], n=SHOWN)
        return await _shown(visit, held, seen=await visit.ask(preview_synonym, asked))
    except BottegaError as error:
        return await _shown(visit, held, wrong=error)


@router.post("/console/synonyms/delete")
async def delete(request: Request) -> Response:
    """Take entries back."""
    visit, form = await form_of(request, Role.MANAGE)
    numbers = _numbers(form)
    if not numbers:
        return visit.done(PATH, "Nothing was chosen.")
    answer = await visit.ask(delete_synonyms, DeleteSynonymsRequest(numbers=numbers))
    gone = answer.deleted
    told = "It is taken back." if len(gone) == 1 else f"{len(gone)} entries are taken back."
    return visit.done(PATH, told, undo=(UNDO, {"number": " ".join(map(str, gone))}) if gone else None)


@router.get("/console/synonyms/history")
async def history(request: Request) -> Response:
    """Every change, the newest first; with `number` those of one entry."""
    visit = await visit_of(request, HISTORY.role)
    asked = made_of(SynonymHistoryRequest, request.query_params, "number", "before")
    answer = await visit.ask(synonym_history, asked.model_copy(update={"n": CHANGES}))
    return visit.page("synonym_history.html", HISTORY, answer=answer, asked=asked)


@router.post("/console/synonyms/undo")
async def undo(request: Request) -> Response:
    """Take the last change of entries back, or put one version of an entry back."""
    visit, form = await form_of(request, Role.MANAGE)
    version, numbers = str(form.get("version", "")), _numbers(form)
    put_back = int(version) if version.isdecimal() and len(numbers) == 1 else None
    for number in numbers:
        answer = await visit.ask(undo_synonym, UndoSynonymRequest(number=number, version=put_back))
    if len(numbers) != 1:
        told = "That is as it was before."
    elif answer.removed:
        told = "There is no such entry any more, as before."
    else:
        told = f"“{_line(answer.words, answer.means)}” holds again, as before."
    return visit.done(PATH, told, undo=(UNDO, {"number": " ".join(map(str, numbers))}) if numbers else None)


async def _said(visit: Visit, entry: PutSynonymsRequest.Entry) -> Response:
    await visit.ask(put_synonyms, PutSynonymsRequest(synonyms=[entry]))
    kept = said(entry, "The synonym")
    newest = (await visit.ask(synonym_history, SynonymHistoryRequest(n=CHANGES))).versions
    mine = [one for one in newest if (tuple(one.words), tuple(one.means)) == (kept.words, kept.means)]
    told = f"“{_line(kept.words, kept.means)}” holds from the next search on."
    return visit.done(PATH, told, undo=(UNDO, {"number": str(mine[0].number)}) if mine else None)


async def _shown(
    visit: Visit,
    held: dict[str, str],
    *,
    seen: SynonymPreviewAnswer | None = None,
    wrong: BottegaError | None = None,
) -> Response:
    page = made_of(SynonymsRequest, visit.request.query_params, "after")
    answer = await visit.ask(list_synonyms, page)
    names = [*seen.before.product_ids, *seen.after.product_ids] if seen else []
    return visit.page(
        "synonyms.html",
        PAGE,
        status=422 if wrong else 200,
        answer=answer,
        asked=page,
        held_words=held,
        seen=seen,
        products=await products_named(visit, names),
        wrong=wrong,
    )


def _entry(form: FormData) -> PutSynonymsRequest.Entry:
    words, means = _phrases(str(form.get("words", ""))), _phrases(str(form.get("means", "")))
    if form.get("both"):
        return _made([*words, *means], [])
    return _made(words, means)


def _made(words: Sequence[str], means: Sequence[str]) -> PutSynonymsRequest.Entry:
    try:
        return PutSynonymsRequest.Entry(words=list(words), means=list(means))
    except ValidationError as error:
        raise refusal_of(error, "Say fewer words in one entry.") from error


def _phrases(text: str) -> list[str]:
    return [one.strip() for one in text.replace("\n", ",").replace(";", ",").split(",") if one.strip()]


def _line(words: Sequence[str], means: Sequence[str]) -> str:
    """An entry as a line, as files have it."""
    return f"{', '.join(words)} => {', '.join(means)}" if means else ", ".join(words)


def _numbers(form: FormData) -> list[int]:
    """Numbers of entries, several in one field parted by blanks."""
    return [int(one) for field in form.getlist("number") for one in str(field).split() if one.isdecimal()]
