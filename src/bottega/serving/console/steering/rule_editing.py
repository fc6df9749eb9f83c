"""One rule: its form with a live preview, its history, saved, taken back, removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from bottega.actions.catalogue.names import KnownNamesRequest, NamesRequest, catalogue_names, known_names
from bottega.actions.intake.query_products import query_products
from bottega.actions.intake.shapes import ProductQuery
from bottega.actions.rules.list_rules import list_rules
from bottega.actions.rules.save_rule import save_rule
from bottega.actions.rules.shapes import RuleRequest, RulesRequest, SaveRuleRequest
from bottega.actions.rules.show_rule import show_rule
from bottega.actions.shoppers.known import KnownRequest, known_shoppers
from bottega.catalogue.product import Product
from bottega.errors import BottegaError
from bottega.names import Role
from bottega.serving.console.frame import Page, Visit, form_of, visit_of
from bottega.serving.console.steering.named import named
from bottega.serving.console.steering.previewing import products_named, seen_with
from bottega.serving.console.steering.rule_form import RuleForm, free_id
from bottega.serving.console.steering.rule_words import KINDS, MATCHES, PLACES, SEGMENTS, about
from bottega.shop.rules.rule import IN_ORDER, MAY_STAND, PLACES_OF, RuleKind, SavedRule
from bottega.shop.segments.names import segment_title

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/rules/edit", "A rule", group="Steer", role=Role.MANAGE, under="/console/rules")
PAGES = (PAGE,)
FOUND_MOST, READ_MOST, SHORTEST = 8, 60, 2
"""Products offered for some letters, of so many read; letters that are looked for at least."""
SHOPPERS_SHOWN = 6
_NAMES: dict[str, Literal["category", "brand"]] = {
    "of_category": "category",
    "of_brand": "brand",
    "category": "category",
}
"""Lists of the form that hold names, and of what."""


@router.get("/console/rules/edit")
async def edit(request: Request) -> Response:
    """The form of a saved rule (`id`), or of a new one (`kind`); without either, the kinds to choose from."""
    visit, given = await visit_of(request, PAGE.role), request.query_params
    currency, zone = visit.shop.settings.currency, visit.shop.rules.zone
    if given.get("id"):
        answer = await visit.ask(show_rule, RuleRequest(id=given["id"]))
        rule = answer.rule or next(one.rule for one in answer.versions if one.rule is not None)
        return await _shown(visit, RuleForm.of_rule(rule, zone, currency))
    if given.get("kind") not in set(RuleKind):
        return visit.page("rule_new.html", PAGE, kinds=KINDS, more=dict(given))
    kind = RuleKind(given["kind"])
    form = RuleForm(kind=kind.value, query=given.get("query", ""), category=given.getlist("category"))
    form.segments = given.getlist("segment")
    if kind is not RuleKind.REDIRECT:
        form.product_ids = given.getlist("product_id")
    if form.query and kind is not RuleKind.REDIRECT:
        form.placements = ["search"]
    return await _shown(visit, form)


@router.post("/console/rules/edit")
async def change(request: Request) -> Response:
    """What a button of the form does: it changes the form alone, or saves the rule."""
    visit, sent = await form_of(request, PAGE.role)
    button = str(sent.get("do") or "look")
    form = RuleForm.of_form(sent)
    typed = {} if button == "live" else _typed(button, sent)
    found = {
        field: named(text, await visit.ask(known_names, KnownNamesRequest(kind=_NAMES[field])))
        for field, text in typed.items()
    }
    form.press(button, {field: one.name for field, one in found.items() if one.name})
    unknown = {field: (typed[field], one.offers) for field, one in found.items() if not one.name}
    if unknown:
        first = next(iter(unknown))
        wrong = found[first].refusal(typed[first], _NAMES[first])
        return await _shown(visit, form, button, wrong=wrong, unknown=unknown)
    if button != "save":
        return await _shown(visit, form, button)
    try:
        return await _saved(visit, form)
    except BottegaError as error:
        return await _shown(visit, form, wrong=error)


def _typed(button: str, sent: FormData) -> dict[str, str]:
    """Categories and brands that stand typed and are not in their list yet, but where one of its offers is taken."""
    texts = {field: str(sent.get(f"more_{field}", "")).strip() for field in _NAMES}
    return {field: text for field, text in texts.items() if text and not button.startswith(f"add:{field}:")}


async def _saved(visit: Visit, form: RuleForm) -> Response:
    currency = visit.shop.settings.currency
    rule = form.rule(currency)
    if not rule.name:
        titles = {name: one.title for name, one in (await products_named(visit, rule.product_ids)).items()}
        words = about(rule, titles, currency) if rule.kind is not RuleKind.REDIRECT else ", ".join(rule.query)
        rule = rule.model_copy(update={"name": f"{KINDS[rule.kind].title}: {words}"[:120]})
    if not form.id:
        known = await visit.ask(list_rules, RulesRequest(n=1000))
        rule = rule.model_copy(update={"id": free_id(rule.name, form.kind, {one.rule.id for one in known.rules})})
    answer = await visit.ask(save_rule, SaveRuleRequest.model_validate(rule.model_dump(by_alias=True)))
    said = f"“{rule.name}” is saved: the next list heeds it."
    if answer.conflicts:
        said += f" Note: {answer.conflicts[0].text}"
    return visit.done("/console/rules", said, undo=("/console/rules/undo", {"id": rule.id}))


async def _shown(
    visit: Visit,
    form: RuleForm,
    button: str = "",
    *,
    wrong: BottegaError | None = None,
    unknown: Mapping[str, tuple[str, list[str]]] | None = None,
) -> Response:
    """The page of the form, with its preview. `unknown`: what was typed that the shop does not have, with offers."""
    names = await visit.ask(catalogue_names, NamesRequest())
    kind = RuleKind(form.kind)
    seen = await seen_with(visit, form)
    rule = _rule_of(visit, form)
    acting = rule.at if rule else PLACES_OF[kind]
    shoppers = []
    if button == "shoppers":  # it reads many events, so only who asks waits for it
        shoppers = (await visit.ask(known_shoppers, KnownRequest(n=SHOPPERS_SHOWN))).shoppers
    return visit.page(
        "rule_edit.html",
        PAGE,
        status=422 if wrong else 200,
        form=form,
        kind=KINDS[kind],
        in_order=kind in IN_ORDER,
        places=[(one, PLACES[one], one in PLACES_OF[kind]) for one in MAY_STAND[kind]],
        acting=acting,
        see_places=[("", "the first of these"), *((one, PLACES[one]) for one in acting)],
        segments=SEGMENTS | {one: segment_title(one) for one in form.segments},
        matches=MATCHES,
        names=names,
        chosen=await products_named(visit, [*form.product_ids, *form.anchor_ids]),
        found=await _found(visit, form.find, form.product_ids),
        found_anchors=await _found(visit, form.find_anchor, form.anchor_ids),
        shoppers=shoppers,
        seen=seen,
        wrong=wrong,
        unknown=unknown or {},
        places_words=PLACES,
    )


def _rule_of(visit: Visit, form: RuleForm) -> SavedRule | None:
    try:
        return form.rule(visit.shop.settings.currency)
    except BottegaError:
        return None


async def _found(visit: Visit, typed: str, chosen: list[str]) -> list[Product]:
    """Products whose id, title, brand or category hold these letters; of several variants one."""
    if len(typed) < SHORTEST:
        return []
    answer = await visit.ask(query_products, ProductQuery(text=typed[:200], n=READ_MOST))
    each: dict[str, Product] = {}
    for one in answer.products:
        if one.id not in chosen and one.group_id not in chosen:
            each.setdefault(one.group_id or one.id, one)
    return list(each.values())[:FOUND_MOST]
