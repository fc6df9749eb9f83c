"""What another way to choose would have earned where exploration gave places by chance: an estimate, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response

from bottega.actions.proof.off_policy import off_policy
from bottega.actions.proof.off_policy_shapes import EstimateInfo, OffPolicyAnswer, OffPolicyRequest
from bottega.actions.rules.list_rules import list_rules
from bottega.actions.rules.shapes import RulesRequest
from bottega.errors import RequestInvalid, RuleUnknown
from bottega.serving.console.frame import Page, Visit, made, visit_of
from bottega.serving.console.proof.earnings import PLACES
from bottega.shop.rules.rule import RuleKind
from bottega.texts import shown

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/estimates", "What another way would earn", group="Proof")
PAGES = (PAGE,)
RULE = "rule:"
"""Before the id of a saved rule, where that is the other way."""
WAYS = {
    "best": "The best product at every place, nothing by chance",
    "popular": "The product that most shoppers know",
    "random": "Any of the candidates, all alike",
    "products": "Products of a brand or a category lifted or lowered",
}
HAD = {
    "best": "Had the best product stood at every place",
    "popular": "Had the product that most shoppers know stood there",
    "random": "Had any of the candidates stood there, all alike",
}
MEASURES = {"clicks": "Clicks", "carts": "Put into carts", "purchases": "Bought", "revenue": "Earned"}
METHODS = {
    "doubly_robust": "With a model of what each product earns (said above)",
    "self_normalised": "By how often chance showed each, evened out",
    "inverse_propensity": "By how often chance showed each",
}
OUTCOMES = {
    "clicks": "{} of these places would have been clicked",
    "carts": "{} of these places would have led to a cart",
    "purchases": "{} of these places would have sold",
    "revenue": "a thousand of these places would have earned {}",
}
DIGITS = {"clicks": 2, "carts": 2, "purchases": 3}
DAYS = (7, 14, 28, 90)
WINDOWS = (1, 7, 30)
HEADS = ("placement", "way", "measure", "days", "method", "value", "low", "high", "currency")
APART = ("places", "shoppers", "rewarded", "effective")


class _Asked(NamedTuple):
    """What the form of the page holds, as it is shown again and put into addresses."""

    way: str
    fields: dict[str, str]
    request: OffPolicyRequest
    had: str
    """How the sentence about the other way begins."""


@router.get("/console/estimates")
async def show(request: Request) -> Response:
    """What another way would have earned, or why nobody can say."""
    visit = await visit_of(request, PAGE.role)
    rules = await _rules(visit)
    asked = _asked(request.query_params, rules)
    answer: OffPolicyAnswer | None = None
    refused: RequestInvalid | None = None
    try:
        _named(asked)
        answer = await visit.ask(off_policy, asked.request)
    except RequestInvalid as error:
        if visit.wants_csv:
            raise
        refused = error
    if visit.wants_csv and answer is not None:
        return visit.csv(f"estimates-{answer.placement}", (*HEADS, *APART), _rows(asked, answer))
    settings = visit.shop.settings
    return visit.page(
        "estimates.html",
        PAGE,
        asked=asked,
        answer=answer,
        refused=refused,
        standing=_standing(answer) if answer else "",
        exploration=settings.exploration,
        kept_days=settings.answers_kept_days,
        ways=[*WAYS.items(), *((f"{RULE}{name}", f"The rule {title}") for name, title in rules.items())],
        places={name: PLACES[name] for name in ("home", "product", "cart", "category")},
        measures=MEASURES,
        methods=METHODS,
        outcome=OUTCOMES[asked.request.measure],
        digits=DIGITS.get(asked.request.measure),
        days=_spans(DAYS, asked.request.days),
        windows=_spans(WINDOWS, asked.request.window_days),
    )


def _spans(offered: Sequence[int], asked: int) -> list[tuple[int, str]]:
    """Days to choose from, those that the address names among them."""
    return [(days, f"{days} day{'' if days == 1 else 's'}") for days in sorted({*offered, asked})]


async def _rules(visit: Visit) -> dict[str, str]:
    """Saved rules that can be judged: those that boost or bury."""
    answer = await visit.ask(list_rules, RulesRequest(n=1000))
    of = [one.rule for one in answer.rules if one.rule.kind in (RuleKind.BOOST, RuleKind.BURY)]
    return {rule.id: rule.name or rule.id for rule in of}


def _asked(given: Mapping[str, Any], rules: Mapping[str, str]) -> _Asked:
    """What the address asks for. Raises `RequestInvalid` for what no form of the page sends, and `RuleUnknown`."""
    held = {name: str(given.get(name, "")).strip() for name in ("way", "brand", "category", "multiply")}
    way = held["way"] or "best"
    named = ("placement", "measure", "days", "window_days", "rank")
    fields: dict[str, Any] = {name: str(given[name]).strip() for name in named if str(given.get(name, "")).strip()}
    again = {"way": way, **fields}
    had = HAD.get(way, "")
    about: dict[str, list[str]] = {}
    if way == "products":
        about = {name: [held[name]] for name in ("brand", "category") if held[name]}
        fields |= {"products": about or None, "multiply": held["multiply"] or "2"}
        again |= {name: held[name] for name in ("brand", "category", "multiply") if held[name]}
    elif way.startswith(RULE):
        fields["rule"] = _rule(way.removeprefix(RULE), rules)
        had = f"Had the rule {rules[fields['rule']]} held"
    elif way in HAD:
        fields["choose"] = way
    else:
        raise RequestInvalid(
            f"way is {shown(way)}.",
            allowed=f"It is {', '.join(WAYS)}, or {RULE} with the id of a rule.",
            next_step="Choose one on the page again.",
        )
    request: OffPolicyRequest = made(OffPolicyRequest, fields)
    if about:
        of = " in ".join(one[0] for one in about.values())
        had = f"Had the scores of {of} been multiplied by {request.multiply:g}"
    return _Asked(way, again, request, had)


def _rule(name: str, rules: Mapping[str, str]) -> str:
    if name in rules:
        return name
    raise RuleUnknown(
        f"There is no rule {shown(name)} that boosts or buries.",
        allowed="Only such rules can be judged from what was shown.",
        next_step="Choose one on the page again, or try any other rule in an experiment.",
    )


def _named(asked: _Asked) -> None:
    if asked.way == "products" and asked.request.products is None:
        raise RequestInvalid(
            "No products are named.", allowed="Those of a brand, of a category, or of both.", next_step="Name them."
        )


def _standing(answer: OffPolicyAnswer) -> str:
    """What the intervals say beside each other: better, worse or alike; nothing where there is too little to say."""
    was = answer.as_it_was
    if was is None or not answer.estimates:
        return ""
    best = answer.estimates[0]
    if best.low > was.high:
        return "better"
    return "worse" if best.high < was.low else "alike"


def _rows(asked: _Asked, answer: OffPolicyAnswer) -> list[list[Any]]:
    """One row for what was shown and one for each estimate; one without figures where there is too little to say."""
    found: list[tuple[str, EstimateInfo | None]] = [("as it was", answer.as_it_was)]
    found += [(one.method, one) for one in answer.estimates]
    if answer.as_it_was is None:
        found = [("too little to say", None)]
    begins = [answer.placement, asked.way, answer.measure, asked.request.days]
    ends = [getattr(answer, name) for name in APART]
    return [
        [*begins, method, *((one.value, one.low, one.high) if one else ("", "", "")), answer.currency, *ends]
        for method, one in found
    ]
