"""What words mean in this shop: said with a preview, taken back, and every change undone."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from bottega.actions.search.preview_synonym import preview_synonym
from bottega.actions.search.synonym_shapes import (
    DeleteSynonymsRequest,
    PutSynonymsRequest,
    SaidSynonym,
    SynonymPreviewAnswer,
    SynonymPreviewRequest,
    SynonymsRequest,
)
from bottega.actions.search.synonyms import delete_synonyms, list_synonyms, put_synonyms
from bottega.errors import BottegaError
from bottega.names import Role
from bottega.serving.console.frame import Page, Visit, form_of, made_of, visit_of
from bottega.serving.console.steering.previewing import products_named
from bottega.serving.refusals import refusal_of

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/synonyms", "Synonyms", group="Steer", role=Role.READ)
PAGES = (PAGE,)
PATH, UNDO = "/console/synonyms", "/console/synonyms/undo"
SHOWN = 6
"""Products of each side of a preview."""


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
    numbers = [int(one) for one in map(str, form.getlist("number")) if one.isdecimal()]
    if not numbers:
        return visit.done(PATH, "Nothing was chosen.")
    gone = [one for one in await _all(visit) if one.number in numbers]
    await visit.ask(delete_synonyms, DeleteSynonymsRequest(numbers=numbers))
    said = f"“{_line(gone[0])}” is taken back." if len(gone) == 1 else f"{len(gone)} entries are taken back."
    return visit.done(PATH, said, undo=(UNDO, {"again": "\n".join(map(_line, gone))}) if gone else None)


@router.post("/console/synonyms/undo")
async def undo(request: Request) -> Response:
    """Say again what was taken back or replaced, or take back what was said."""
    visit, form = await form_of(request, Role.MANAGE)
    again = [_entry_of(line) for line in str(form.get("again", "")).splitlines() if line.strip()]
    before, numbers = await _all(visit), [int(one) for one in map(str, form.getlist("number")) if one.isdecimal()]
    gone = [one for one in before if one.number in numbers]
    if gone:
        await visit.ask(delete_synonyms, DeleteSynonymsRequest(numbers=numbers))
    if again:
        await visit.ask(put_synonyms, PutSynonymsRequest(synonyms=again))
    new = {one.number for one in await _all(visit)} - {one.number for one in before}
    back = {"again": "\n".join(map(_line, gone)), "number": next(iter(new), "")}
    return visit.done(PATH, "That is as it was before.", undo=(UNDO, back) if len(new) < 2 else None)


async def _said(visit: Visit, entry: PutSynonymsRequest.Entry) -> Response:
    before = {one.number: one for one in await _all(visit)}
    await visit.ask(put_synonyms, PutSynonymsRequest(synonyms=[entry]))
    after = {one.number: one for one in await _all(visit)}
    new = next((number for number in after if number not in before), 0)
    replaced = [one for number, one in before.items() if number not in after]
    fields = {"number": new, "again": "\n".join(map(_line, replaced))}
    return visit.done(PATH, f"“{_line(entry)}” holds from the next search on.", undo=(UNDO, fields))


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


async def _all(visit: Visit) -> list[SaidSynonym]:
    """Every entry, as far as pages go."""
    found: list[SaidSynonym] = []
    after: int | None = 0
    while after is not None:
        answer = await visit.ask(list_synonyms, SynonymsRequest(after=after, n=1000))
        found += answer.synonyms
        after = answer.next
    return found


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


def _line(entry: SaidSynonym | PutSynonymsRequest.Entry) -> str:
    """An entry as a line, as files have it."""
    return f"{', '.join(entry.words)} => {', '.join(entry.means)}" if entry.means else ", ".join(entry.words)


def _entry_of(line: str) -> PutSynonymsRequest.Entry:
    words, arrow, means = line.partition(" => ")
    return _made(_phrases(words), _phrases(means) if arrow else [])
