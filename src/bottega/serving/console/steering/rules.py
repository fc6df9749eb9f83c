"""All saved rules: which are in force, what each did, where two contradict each other; their history."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from bottega.actions.proof.attribution import attribution
from bottega.actions.proof.attribution_shapes import AttributionRequest
from bottega.actions.rules.conflicts import rule_conflicts
from bottega.actions.rules.list_rules import list_rules
from bottega.actions.rules.remove_rule import remove_rule
from bottega.actions.rules.save_rule import save_rule
from bottega.actions.rules.shapes import (
    ConflictsRequest,
    ListedRule,
    RemoveRuleRequest,
    RuleRequest,
    RulesRequest,
    SaveRuleRequest,
    UndoRuleRequest,
)
from bottega.actions.rules.show_rule import show_rule
from bottega.actions.rules.undo_rule import undo_rule
from bottega.names import Role
from bottega.serving.console.frame import Page, Visit, form_of, visit_of
from bottega.serving.console.steering.previewing import products_named
from bottega.serving.console.steering.rule_words import FIELDS, KINDS, PLACES, SHOWN_AS, about, when, where
from bottega.shop.rules.rule import SavedRule

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/rules", "Rules", group="Steer", role=Role.READ)
HISTORY = Page("/console/rules/history", "History of a rule", group="Steer", role=Role.READ, under="/console/rules")
PAGES = (PAGE, HISTORY)
STATES = ("in force", "later", "off", "over")
DAYS, REMOVED_SHOWN = 28, 20
CSV = ("id", "name", "kind", "state", "what", "where", "when", "shown", "clicked", "bought", "revenue")


@router.get("/console/rules")
async def show(request: Request) -> Response:
    """The rules by how they stand, with what each did in four weeks."""
    visit = await visit_of(request, PAGE.role)
    place = request.query_params.get("place", "")
    answer = await visit.ask(list_rules, RulesRequest(n=1000))
    chosen = [one for one in answer.rules if place not in PLACES or place in one.rule.at]
    did = await visit.ask(attribution, AttributionRequest(by="rule", days=DAYS, n=1000)) if answer.rules else None
    deeds = {row.name: row for row in did.rows} if did else {}
    titles = await _titles(visit, [one.rule for one in chosen])
    currency = visit.shop.settings.currency
    told = {one.rule.id: (about(one.rule, titles, currency), where(one.rule, titles), when(one.rule)) for one in chosen}
    if visit.wants_csv:
        return visit.csv("rules", CSV, [_row(one, told[one.rule.id], deeds.get(one.rule.id)) for one in chosen])
    conflicts = await visit.ask(rule_conflicts, ConflictsRequest()) if answer.rules else None
    removed = await visit.ask(list_rules, RulesRequest(removed=True, n=REMOVED_SHOWN))
    return visit.page(
        "rules.html",
        PAGE,
        total=answer.total,
        groups=[(state, [one for one in chosen if one.state == state]) for state in STATES],
        told=told,
        deeds=deeds,
        money=did.currency if did else currency,
        removed=removed.rules,
        days=DAYS,
        kinds=KINDS,
        badges=SHOWN_AS,
        conflicts=conflicts.conflicts if conflicts else [],
        names={one.rule.id: one.rule.name or one.rule.id for one in answer.rules},
        places=PLACES,
        place=place if place in PLACES else "",
    )


@router.get("/console/rules/history")
async def history(request: Request) -> Response:
    """Every version of a rule."""
    visit, name = await visit_of(request, HISTORY.role), request.query_params.get("id", "")
    if not name:
        return visit.page("rule_history.html", HISTORY, id="", answer=None, told=[], fields=FIELDS)
    answer = await visit.ask(show_rule, RuleRequest(id=name))
    titles = await _titles(visit, [one.rule for one in answer.versions if one.rule is not None])
    currency = visit.shop.settings.currency
    told = [
        None
        if one.rule is None
        else (KINDS[one.rule.kind].title, about(one.rule, titles, currency), where(one.rule, titles), when(one.rule))
        for one in answer.versions
    ]
    return visit.page("rule_history.html", HISTORY, id=name, answer=answer, told=told, fields=FIELDS)


@router.post("/console/rules/remove")
async def remove(request: Request) -> Response:
    """Take a rule away."""
    visit, form = await form_of(request, Role.MANAGE)
    name = str(form.get("id", ""))
    await visit.ask(remove_rule, RemoveRuleRequest(id=name))
    return visit.done("/console/rules", "The rule is removed.", undo=("/console/rules/undo", {"id": name}))


@router.post("/console/rules/switch")
async def switch(request: Request) -> Response:
    """Switch a rule off, or on again."""
    visit, form = await form_of(request, Role.MANAGE)
    name, on = str(form.get("id", "")), form.get("on") == "1"
    answer = await visit.ask(show_rule, RuleRequest(id=name))
    if answer.rule is not None:
        changed = answer.rule.model_copy(update={"enabled": on})
        await visit.ask(save_rule, SaveRuleRequest.model_validate(changed.model_dump(by_alias=True)))
    said = f"The rule is switched {'on' if on else 'off'}."
    return visit.done("/console/rules", said, undo=("/console/rules/undo", {"id": name}))


@router.post("/console/rules/undo")
async def undo(request: Request) -> Response:
    """Take the last change of a rule back, or put one of its versions back."""
    visit, form = await form_of(request, Role.MANAGE)
    name, version = str(form.get("id", "")), str(form.get("version", ""))
    asked = UndoRuleRequest(id=name, version=int(version)) if version.isdecimal() else UndoRuleRequest(id=name)
    answer = await visit.ask(undo_rule, asked)
    said = "The rule stands as it was." if answer.rule else "There is no such rule any more, as before."
    return visit.done("/console/rules", said, undo=("/console/rules/undo", {"id": name}))


async def _titles(visit: Visit, rules: Sequence[SavedRule]) -> dict[str, str]:
    """Titles of the first products that rules name."""
    names = [name for rule in rules for each in (rule.product_ids, rule.anchor_ids) for name in each[:3]]
    return {name: one.title for name, one in (await products_named(visit, names)).items()}


def _row(one: ListedRule, told: tuple[str, str, str], did: object) -> list[object]:
    deeds = [getattr(did, name, 0) for name in ("impressions", "clicks", "purchases", "revenue")]
    return [one.rule.id, one.rule.name, one.rule.kind.value, one.state, *told, *deeds]
