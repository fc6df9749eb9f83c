"""Who changed what, the newest first: by person or key, by kind of change, with the page where it can be taken back."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from bottega.actions.running.audit import list_changes
from bottega.actions.running.audit_shapes import AuditPage, AuditQuery, ChangeInfo
from bottega.actions.verbs import VERBS
from bottega.names import Role
from bottega.serving.console.frame import Page, made_of, visit_of

__all__ = ["PAGES", "UNDONE_AT", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/audit", "Who changed what", group="Running", role=Role.ADMIN)
PAGES = (PAGE,)
UNDONE_AT = {
    "save_rule": "/console/rules/history",
    "remove_rule": "/console/rules/history",
    "undo_rule": "/console/rules/history",
    "put_synonyms": "/console/synonyms/history",
    "delete_synonyms": "/console/synonyms/history",
    "undo_synonym": "/console/synonyms/history",
    "import_synonyms": "/console/synonyms/history",
    "decide_suggestions": "/console/suggestions/decisions",
    "forget_meanings": "/console/meanings",
    "roll_back": "/console/models",
    "change_setting": "/console/settings",
    "start_experiment": "/console/experiments",
    "stop_experiment": "/console/experiments",
    "adopt_experiment": "/console/experiments",
}
"""Verb -> the page on which what it did is taken back."""
_NAMED = "/console/rules/history"
"""A page that shows one thing, by its id."""
_N = 50


@router.get("/console/audit")
async def show(request: Request) -> Response:
    """A page of changes, or all that match as a file."""
    visit = await visit_of(request, PAGE.role)
    asked = made_of(AuditQuery, request.query_params, "before", "who", "verb")
    n = 500 if visit.wants_csv else _N
    found: AuditPage = await visit.ask(list_changes, asked.model_copy(update={"n": n}))
    if visit.wants_csv:
        heads = ("number", "at", "by", "who", "verb", "what", "request_id")
        return visit.csv("changes", heads, [[getattr(one, head) for head in heads] for one in found.changes])
    from bottega.serving.console.routes import PAGES as EVERY

    paths = {page.path for page in EVERY}
    return visit.page(
        "audit.html",
        PAGE,
        changes=found.changes,
        undone_at={one.number: there for one in found.changes if (there := _undone_at(one, paths))},
        verbs=[("", "everything"), *sorted((one.name, _words(one.name)) for one in VERBS if one.changes)],
        asked=asked,
        words=_words,
        after=visit.url(PAGE.path, before=found.next, who=asked.who, verb=asked.verb) if found.next else "",
        file=visit.url(PAGE.path, form="csv", who=asked.who, verb=asked.verb),
    )


def _undone_at(change: ChangeInfo, paths: set[str]) -> str:
    """Where a change is taken back; empty where nothing does, or no page of it is there."""
    path = UNDONE_AT.get(change.verb, "")
    if path not in paths:
        return ""
    if path != _NAMED:
        return path
    named = next((part for part in change.what.split("; ") if part.startswith("id: ")), "")
    return f"{path}?id={quote(named[4:], safe='')}" if named else ""


def _words(verb: str) -> str:
    return verb.replace("_", " ")
