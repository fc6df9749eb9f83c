"""Rows that imports could not use, in the console: grouped by what is wrong, corrected and sent again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from bottega.actions.intake.mend_rejected import mend_rejected
from bottega.actions.intake.read_rejects import list_rejects, show_rejects
from bottega.actions.intake.reject_shapes import (
    MendRejectedAnswer,
    MendRejectedRequest,
    RejectListAnswer,
    RejectListRequest,
    RejectListsAnswer,
    RejectListsRequest,
)
from bottega.errors import RequestInvalid
from bottega.names import Role
from bottega.serving.console.catalogue import open_path
from bottega.serving.console.frame import Page, form_of, made_of, visit_of

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/rejects", "Rejected rows", group="Catalogue", role=Role.MANAGE)
FILE = Page("/console/rejects/file", "Rows of one import", role=Role.MANAGE, under=PAGE.path)
ROW = Page("/console/rejects/row", "Correct a row", role=Role.MANAGE, under=PAGE.path)
PAGES = (PAGE, FILE, ROW)
FIELDS = (
    ("id", "Id", "every product has its own"),
    ("title", "Title", ""),
    ("brand", "Brand", ""),
    ("price", "Price", "as in 19.90"),
    ("currency", "Currency", "as in EUR"),
    ("availability", "Stock", "as in in_stock"),
    ("group_id", "Group", "the id that variants share"),
    ("url", "Address of its page", ""),
)
"""Fields of one line that a row is corrected by, each with its words and a help."""
_LISTS = {"category": " > ", "images": "\n"}
_CSV_MOST = 1000
_HEADS = ("row", "field", "rule", "seen", "fix")


@router.get("/console/rejects")
async def show(request: Request) -> Response:
    """Lists that imports left behind."""
    visit = await visit_of(request, PAGE.role)
    asked: RejectListsRequest = made_of(RejectListsRequest, request.query_params, "after")
    found: RejectListsAnswer = await visit.ask(list_rejects, asked)
    return visit.page(
        "catalogue_rejects.html",
        PAGE,
        lists=found.lists,
        after=visit.url(PAGE.path, after=found.next) if found.next else "",
        setup=open_path(visit, "/console/feeds") or open_path(visit, "/console/setup"),
    )


@router.get("/console/rejects/file")
async def show_file(request: Request) -> Response:
    """One list: what is wrong and how to mend it, and the rows."""
    visit = await visit_of(request, FILE.role)
    given = request.query_params
    if not given.get("file"):
        raise RequestInvalid(
            "No list is named.", allowed="Lists stand on the page before.", next_step="Choose one there."
        )
    asked: RejectListRequest = made_of(RejectListRequest, given, "file", "rule", "after")
    if visit.wants_csv:
        return visit.csv(str(given["file"]).removesuffix(".csv"), _HEADS, await _rows(visit, asked))
    found: RejectListAnswer = await visit.ask(show_rejects, asked)
    return visit.page(
        "catalogue_reject_list.html",
        Page(FILE.path, found.of.source, role=FILE.role, under=FILE.under),
        found=found,
        asked=asked,
        after=visit.url(FILE.path, file=asked.file, rule=asked.rule, after=found.next) if found.next else "",
        first=visit.url(FILE.path, file=asked.file, rule=asked.rule) if asked.after else "",
        csv=visit.url(FILE.path, file=asked.file, rule=asked.rule, form="csv"),
    )


async def _rows(visit: Any, asked: RejectListRequest) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    after: int | None = 0
    while after is not None:
        some = asked.model_copy(update={"n": _CSV_MOST, "after": after})
        found: RejectListAnswer = await visit.ask(show_rejects, some)
        rows += [(one.row, one.field, one.rule, one.seen, one.fix) for one in found.rows]
        after = found.next
    return rows


@router.get("/console/rejects/row")
async def show_row(request: Request) -> Response:
    """One refused row of a product, as a form."""
    visit = await visit_of(request, ROW.role)
    given = request.query_params
    if not given.get("file") or not given.get("row"):
        raise RequestInvalid("No row is named.", allowed="Rows stand in their lists.", next_step="Choose one there.")
    asked: RejectListRequest = made_of(RejectListRequest, given, "file", "row")
    found: RejectListAnswer = await visit.ask(show_rejects, asked)
    if not found.rows:
        raise RequestInvalid(
            f"There is no row {given['row']!r} in this list.",
            allowed="A row that was corrected has left it.",
            next_step="Look at the list.",
        )
    said: dict[str, Any] = next((one.said for one in found.rows if one.said), {})
    return visit.page(
        "catalogue_reject_row.html",
        ROW,
        found=found,
        file=asked.file,
        row=asked.row,
        fields=[(name, label, help, str(said.get(name, ""))) for name, label, help in FIELDS],
        description=str(said.get("description", "")),
        category=" > ".join(said.get("category", [])),
        images="\n".join(said.get("images", [])),
        attributes="\n".join(f"{name}: {'; '.join(values)}" for name, values in said.get("attributes", {}).items()),
    )


@router.post("/console/rejects/mend")
async def mend(request: Request) -> Response:
    """The row as corrected, sent again."""
    visit, form = await form_of(request, Role.MANAGE)
    file, row = str(form.get("file", "")), str(form.get("row", ""))
    given = {"file": file, "row": row, "fields": _fields(form), "replace": form.get("replace") == "yes"}
    answer: MendRejectedAnswer = await visit.ask(mend_rejected, _made(given))
    done = {"added": "is in the catalogue now", "updated": "was replaced", "unchanged": "was so already"}
    said = f"Product {answer.product_id} {done[answer.outcome]}."
    if answer.warnings:
        said += f" Left out of it: {answer.warnings[0].field} ({answer.warnings[0].fix})."
    said += (
        f" {answer.left:,} {'problem is' if answer.left == 1 else 'problems are'} left in the list."
        if answer.left
        else " The list is empty, and gone."
    )
    back = f"{FILE.path}?{urlencode({'file': file})}" if answer.left else PAGE.path
    return visit.done(back, said)


def _fields(form: Mapping[str, Any]) -> dict[str, Any]:
    """Every field of the form as a row says it; an empty one takes away what the row said."""
    fields: dict[str, Any] = {}
    for name in (*(one[0] for one in FIELDS), "description"):
        if name in form:
            fields[name] = str(form[name]).strip() or None
    for name, between in _LISTS.items():
        if name in form:
            lines = str(form[name]).replace("\r\n", "\n").split(between.strip(" ") or "\n")
            fields[name] = [one.strip() for one in lines if one.strip()] or None
    attributes: dict[str, list[str] | None] = {}
    for line in str(form.get("attributes", "")).splitlines():
        name, _, values = line.partition(":")
        if name.strip():
            attributes[name.strip()] = [one.strip() for one in values.split(";") if one.strip()] or None
    if attributes:
        fields["attributes"] = attributes
    return fields


def _made(given: dict[str, Any]) -> MendRejectedRequest:
    from pydantic import ValidationError

    from bottega.serving.refusals import refusal_of

    try:
        return MendRejectedRequest.model_validate(given)
    except ValidationError as error:
        raise refusal_of(error, "Correct it and send the row again.") from error
