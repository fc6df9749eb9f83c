"""Suggestions: what the eye proposes for products, shown and decided on. Accepting writes the value, nothing else does.

What was accepted stays: an import of the product without that attribute keeps it, one with a value of its own wins.
Decisions can be taken back (undo_suggestions.py).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from bottega.actions.vision.shapes import (
    DECISIONS_MAX,
    DecisionAnswer,
    DecisionRequest,
    Left,
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
from bottega.store.suggestions import Suggestion, SuggestionKind, SuggestionState

__all__ = ["all_suggestions", "decide_suggestions", "list_suggestions"]

_PAGE = 1000


def list_suggestions(shop: OpenShop, request: SuggestionQuery) -> SuggestionPage:
    """One page, the surest first. Raises `RequestInvalid` for a cursor that is not there."""
    store = shop.folder.store
    kind = None if request.kind is None else SuggestionKind(request.kind)
    page, more = store.suggestions.page(
        state=SuggestionState(request.state), kind=kind, limit=request.n, after=request.after
    )
    products = store.products.get({one.product_id for one in page})
    counts = sorted(store.suggestions.counts().items())
    return SuggestionPage(
        suggestions=[_info(one, products.get(one.product_id)) for one in page],
        next=more,
        counts={f"{kind.value} {state.value}": count for (kind, state), count in counts},
    )


def all_suggestions(
    store: Store, state: SuggestionState = SuggestionState.OPEN, kind: SuggestionKind | None = None
) -> Iterator[Suggestion]:
    """Every suggestion of a state, the surest first."""
    after = None
    while True:
        page, after = store.suggestions.page(state=state, kind=kind, limit=_PAGE, after=after)
        yield from page
        if after is None:
            return


def decide_suggestions(shop: OpenShop, request: DecisionRequest) -> DecisionAnswer:
    """Accept or reject those of these numbers, or every open one of a `kind` that is at least `above` sure.

    Left as they are: numbers that nobody knows, those decided on before, and on acceptance those whose product is gone
    or says something else by now. `undo` takes back what was decided, by numbers or by a whole `batch`. Raises
    `RequestInvalid` when neither or both are given.
    """
    if request.decision == "undo":
        return _undone(shop, request)
    if request.batch is not None:
        raise RequestInvalid(
            f"Field batch stands beside the decision {request.decision!r}.",
            allowed="A batch is what undo takes back.",
            next_step="Leave it out, or undo.",
        )
    if bool(request.numbers) == (request.above is not None) or (request.numbers and request.kind):
        raise RequestInvalid(
            "Field numbers stands beside a confidence or a kind."
            if request.numbers
            else "No suggestion was named: field numbers is empty.",
            allowed="It takes numbers, or a least confidence (above), with a kind if wanted.",
            next_step="Give one of them; `bottega suggestions list` shows the numbers.",
        )
    numbers = list(request.numbers)
    if request.above is not None:
        kind = None if request.kind is None else SuggestionKind(request.kind)
        wanted = all_suggestions(shop.folder.store, kind=kind)
        numbers = [one.number for one in wanted if one.confidence >= request.above]
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


def _undone(shop: OpenShop, request: DecisionRequest) -> DecisionAnswer:
    if bool(request.numbers) == (request.batch is not None) or request.above is not None or request.kind is not None:
        raise RequestInvalid(
            "It does not say what to undo, or says it twice.",
            allowed="Undo takes numbers, or a batch.",
            next_step="Give one of them; `bottega suggestions list --state accepted` shows both.",
        )
    if request.batch is not None:
        return undo_batch(shop, request.batch)
    return undo_numbers(shop, list(dict.fromkeys(request.numbers)))


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


def _info(one: Suggestion, product: Product | None) -> SuggestionInfo:
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
