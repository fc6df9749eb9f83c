"""Suggestions: what the eye proposes for products, shown and decided on. Accepting writes the value, nothing else does.

What was accepted stays: an import of the product without that attribute keeps it, one with a value of its own wins.
Decisions can be taken back (undo_suggestions.py).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from difflib import SequenceMatcher
from typing import Any

from bottega.actions.vision.shapes import (
    DECISIONS_MAX,
    DecisionAnswer,
    DecisionInfo,
    DecisionRequest,
    DecisionsAnswer,
    DecisionsRequest,
    Left,
    SuggestedValue,
    SuggestionInfo,
    SuggestionPage,
    SuggestionQuery,
)
from bottega.actions.vision.undo_suggestions import undo_batch, undo_numbers
from bottega.catalogue.attributes import before_of, value_of, with_value
from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid
from bottega.shop.open_shop import OpenShop
from bottega.store.store import Store
from bottega.store.suggestions import Decision, Suggestion, SuggestionKind, SuggestionState, SuggestionsWanted

__all__ = ["all_suggestions", "decide_suggestions", "list_decisions", "list_suggestions", "suggestion_info"]

_PAGE = 1000
VALUES_TOLD = 20
"""Values of a question that are counted beside its page."""


def list_suggestions(shop: OpenShop, request: SuggestionQuery) -> SuggestionPage:
    """One page, the surest first. Raises `RequestInvalid` for a cursor that is not there."""
    store = shop.folder.store
    state, wanted = SuggestionState(request.state), _wanted(request, batch=request.batch)
    page, more = store.suggestions.page(state=state, wanted=wanted, limit=request.n, after=request.after)
    products = store.products.get({one.product_id for one in page})
    counts = sorted(store.suggestions.counts().items())
    tallied = store.suggestions.tallied(state, wanted, VALUES_TOLD)
    return SuggestionPage(
        suggestions=[suggestion_info(one, products.get(one.product_id)) for one in page],
        next=more,
        total=store.suggestions.count(state, wanted),
        values=[SuggestedValue(attribute=name, value=value, count=count) for name, value, count in tallied],
        counts={f"{kind.value} {state.value}": count for (kind, state), count in counts},
    )


def list_decisions(shop: OpenShop, request: DecisionsRequest) -> DecisionsAnswer:
    """Decisions that nobody took back whole, the newest first."""
    parts: dict[int, list[Decision]] = {}
    for one in shop.store.suggestions.decisions(before=request.before, limit=request.n + 1):
        parts.setdefault(one.batch, []).append(one)
    shown = list(parts)[: request.n]
    return DecisionsAnswer(
        decisions=[_decision(parts[batch]) for batch in shown],
        next=shown[-1] if len(parts) > request.n else None,
    )


def _decision(parts: Sequence[Decision]) -> DecisionInfo:
    counted: dict[str, int] = {}
    for one in parts:
        values = one.kind in (SuggestionKind.FILL, SuggestionKind.DOUBT)
        name = one.attribute if values else f"{one.kind.value} {one.attribute}"
        counted[name] = counted.get(name, 0) + one.count
    at = datetime.fromtimestamp(max(one.decided_ms for one in parts) / 1000, UTC).isoformat("T", "seconds")
    state = max(parts, key=lambda one: one.count).state.value
    count = sum(one.count for one in parts)
    told: Any = {"batch": parts[0].batch, "at": at, "state": state, "count": count, "parts": counted}
    return DecisionInfo.model_validate(told)


def _wanted(request: SuggestionQuery | DecisionRequest, *, batch: int | None = None) -> SuggestionsWanted:
    return SuggestionsWanted(
        kind=None if request.kind is None else SuggestionKind(request.kind),
        product_ids=None if request.product_ids is None else tuple(request.product_ids),
        attribute=request.attribute,
        value=request.value,
        above=request.above,
        below=request.below,
        batch=batch,
    )


def all_suggestions(
    store: Store,
    state: SuggestionState = SuggestionState.OPEN,
    kind: SuggestionKind | None = None,
    wanted: SuggestionsWanted | None = None,
) -> Iterator[Suggestion]:
    """Every suggestion of a state that is `wanted`, or of a kind, the surest first."""
    meant, after = wanted or SuggestionsWanted(kind=kind), None
    while True:
        page, after = store.suggestions.page(state=state, wanted=meant, limit=_PAGE, after=after)
        yield from page
        if after is None:
            return


def decide_suggestions(shop: OpenShop, request: DecisionRequest) -> DecisionAnswer:
    """Accept or reject those of these numbers, or every open one that is meant: at least `above` sure, less than
    `below`, of some products, for one attribute, with one value.

    Left as they are: numbers that nobody knows, those decided on before, and on acceptance those whose product is gone
    or says something else by now. `undo` takes back what was decided, by numbers, by a whole `batch`, or all of a
    `state` that are meant. Raises `RequestInvalid` when none or two of these are given.
    """
    if request.decision == "undo":
        return _undone(shop, request)
    if request.batch is not None or request.state is not None:
        name = "batch" if request.batch is not None else "state"
        raise RequestInvalid(
            f"Field {name} stands beside the decision {request.decision!r}.",
            allowed="A batch, or a state, is what undo takes back.",
            next_step="Leave it out, or undo.",
        )
    said = _said(request)
    if bool(request.numbers) == bool(said) or (request.numbers and request.kind):
        raise RequestInvalid(
            "Field numbers stands beside a confidence or a kind."
            if request.numbers
            else "No suggestion was named: field numbers is empty.",
            allowed="It takes numbers; or a confidence, products, an attribute or a value, with a kind if wanted.",
            next_step="Give one of them; `bottega suggestions list` shows the numbers.",
        )
    numbers = list(request.numbers)
    if said:
        numbers = [one.number for one in all_suggestions(shop.folder.store, wanted=_wanted(request))]
    batch = shop.store.suggestions.new_batch()
    answers = [
        _decide(shop, numbers[start : start + DECISIONS_MAX], batch, accept=request.decision == "accept")
        for start in range(0, len(numbers), DECISIONS_MAX)
    ]
    return DecisionAnswer(
        decided=sum(answer.decided for answer in answers),
        written=sum(answer.written for answer in answers),
        left=[left for answer in answers for left in answer.left],
        batch=batch if any(answer.decided for answer in answers) else None,
    )


def _said(request: DecisionRequest) -> list[str]:
    """Fields that say which suggestions are meant, beside a kind."""
    names = ("above", "below", "product_ids", "attribute", "value")
    return [name for name in names if getattr(request, name) is not None]


def _undone(shop: OpenShop, request: DecisionRequest) -> DecisionAnswer:
    meant = bool(_said(request)) or request.kind is not None
    ways = bool(request.numbers) + (request.batch is not None) + (request.state is not None)
    if ways != 1 or (meant and request.numbers):
        raise RequestInvalid(
            "It does not say what to undo, or says it twice.",
            allowed="Undo takes numbers, or a batch, or a state: with these two also which of them.",
            next_step="Give one of them; `bottega suggestions list --state accepted` shows numbers and batches.",
        )
    if request.batch is not None and not meant:
        return undo_batch(shop, request.batch)
    if request.numbers:
        return undo_numbers(shop, list(dict.fromkeys(request.numbers)))
    wanted = _wanted(request, batch=request.batch)
    states = [SuggestionState.ACCEPTED, SuggestionState.REJECTED]
    if request.state is not None:
        states = [SuggestionState(request.state)]
    return undo_numbers(
        shop, [one.number for state in states for one in all_suggestions(shop.store, state, None, wanted)]
    )


def _decide(shop: OpenShop, named: Sequence[int], batch: int, *, accept: bool) -> DecisionAnswer:
    store = shop.folder.store
    numbers = list(dict.fromkeys(named))
    known = {one.number: one for one in store.suggestions.get(numbers)}
    products = store.products.get({one.product_id for one in known.values()}) if accept else {}
    left: list[Left] = []
    decided: list[int] = []
    changed: dict[str, Product] = {}
    before: dict[int, dict[str, Any]] = {}
    for number in numbers:
        one = known.get(number)
        product = products.get(one.product_id) if one else None
        if why := _obstacle(one, product, accept=accept):
            left.append(Left(number=number, why=why))
            continue
        decided.append(number)
        if one and product:
            name, values = before_of(product, one.attribute)
            before[number] = {"name": name, "values": None if values is None else list(values)}
            products[product.id] = changed[product.id] = with_value(product, one.attribute, one.value)
    # What stood there is on disk before anything is written over it.
    store.suggestions.decide(decided, accept=accept, time_ms=time.time_ns() // 1_000_000, batch=batch, before=before)
    if changed:
        shop.upsert(list(changed.values()))
    return DecisionAnswer(decided=len(decided), written=len(changed), left=left)


def _obstacle(one: Suggestion | None, product: Product | None, *, accept: bool) -> str:
    """Why a suggestion cannot be decided on; empty when it can."""
    if one is None:
        return "There is no suggestion of this number."
    if one.state is not SuggestionState.OPEN:
        return f"It was {one.state.value} before."
    if not accept:
        return ""
    if product is None:
        return f"There is no product {one.product_id!r} any more."
    says = value_of(product, one.attribute)
    if says != (one.present or ""):
        return f"The product says {says!r} for {one.attribute} by now." if says else f"It has no {one.attribute} now."
    return ""


def _diff(present: str, text: str) -> list[str]:
    """Runs of words, in their order: "-" what goes, "+" what comes, a blank before what stays."""
    old, new = present.split(), text.split()
    runs: list[str] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            runs.append(f"  {' '.join(old[a:b])}")
            continue
        runs += [f"- {' '.join(old[a:b])}"] * (b > a) + [f"+ {' '.join(new[c:d])}"] * (d > c)
    return runs


def suggestion_info(one: Suggestion, product: Product | None) -> SuggestionInfo:
    """A suggestion as doors tell it, and the product that it is about; None where that is gone."""
    return SuggestionInfo(
        number=one.number,
        kind=one.kind.value,
        product_id=one.product_id,
        title=product.title if product else "",
        attribute=one.attribute,
        value=one.value,
        present=one.present,
        confidence=round(one.confidence, 4),
        state=one.state.value,
        facts=None if one.facts is None else list(one.facts),
        diff=_diff(one.present or "", one.value) if one.kind is SuggestionKind.TEXT else None,
        batch=one.batch,
        version=one.version,
    )
