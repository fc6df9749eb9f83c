"""Suggestions: what the eye proposes for products, shown and decided on. Accepting writes the value, nothing else does.

What was accepted stays: an import of the product without that attribute keeps it, one with a value of its own wins.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from bottega.catalogue.attributes import value_of, with_value
from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid
from bottega.shop.folder import ShopFolder
from bottega.shop.shape import Shape
from bottega.store.store import Store
from bottega.store.suggestions import Suggestion, SuggestionKind, SuggestionState

__all__ = [
    "DECISIONS_MAX",
    "DecisionAnswer",
    "DecisionRequest",
    "Left",
    "SuggestionInfo",
    "SuggestionPage",
    "all_suggestions",
    "decide_many",
    "decide_suggestions",
    "list_suggestions",
]

DECISIONS_MAX = 10_000
"""Most suggestions decided on in one request."""
_PAGE = 1000
_Choice = TypeVar("_Choice", bound=StrEnum)


class SuggestionInfo(Shape):
    """One value for one attribute of one product."""

    number: int
    kind: Literal["fill", "doubt"] = Field(description="fill: the attribute is empty. doubt: its value looks wrong.")
    product_id: str
    title: str = Field(description="The product's; empty when the product is gone.")
    attribute: str
    value: str = Field(description="What is suggested; a category is a path, as in `Apparel > Topwear > Shirts`.")
    present: str | None = Field(description="What the product says, for a doubt.")
    confidence: float
    state: Literal["open", "accepted", "rejected"]
    version: str = Field(description="The eye that suggests it.")


class SuggestionPage(Shape):
    """One page of suggestions."""

    suggestions: list[SuggestionInfo]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")
    counts: dict[str, int] = Field(description="How many there are of each kind and state, as in `fill open`.")


class DecisionRequest(Shape):
    """The same decision on many suggestions."""

    decision: Literal["accept", "reject"]
    numbers: Annotated[
        list[Annotated[int, Field(ge=0, le=2**53)]],
        Field(min_length=1, max_length=DECISIONS_MAX, description="Of open suggestions."),
    ]


class Left(Shape):
    """A suggestion that was left as it is."""

    number: int
    why: str


class DecisionAnswer(Shape):
    """What became of a decision."""

    decided: int
    written: int = Field(description="Products that have a new value now.")
    left: list[Left]


def list_suggestions(
    shop: ShopFolder,
    *,
    state: str = "open",
    kind: str | None = None,
    limit: int = 50,
    after: str | None = None,
) -> SuggestionPage:
    """One page, the surest first. Raises `RequestInvalid` for a state, kind or cursor that is not there."""
    store = shop.store.suggestions
    wanted = None if kind is None else _chosen(SuggestionKind, kind)
    page, more = store.page(state=_chosen(SuggestionState, state), kind=wanted, limit=limit, after=after)
    products = shop.store.products.get({one.product_id for one in page})
    return SuggestionPage(
        suggestions=[_info(one, products.get(one.product_id)) for one in page],
        next=more,
        counts={f"{kind.value} {state.value}": count for (kind, state), count in sorted(store.counts().items())},
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


def decide_suggestions(
    shop: ShopFolder, request: DecisionRequest, *, upsert: Callable[[Sequence[Product]], object] | None = None
) -> DecisionAnswer:
    """Accept or reject; `upsert` takes the changed products in (by default the store does).

    Left as they are: numbers that nobody knows, those decided on before, and on acceptance those whose product is gone
    or says something else by now.
    """
    numbers = list(dict.fromkeys(request.numbers))
    known = {one.number: one for one in shop.store.suggestions.get(numbers)}
    accept = request.decision == "accept"
    products = shop.store.products.get({one.product_id for one in known.values()}) if accept else {}
    left: list[Left] = []
    decided: list[int] = []
    changed: dict[str, Product] = {}
    for number in numbers:
        one = known.get(number)
        product = products.get(one.product_id) if one else None
        if why := _obstacle(one, product, accept=accept):
            left.append(Left(number=number, why=why))
            continue
        decided.append(number)
        if one and product:
            products[product.id] = changed[product.id] = with_value(product, one.attribute, one.value)
    if changed:
        (upsert or shop.store.products.upsert)(list(changed.values()))
    shop.store.suggestions.decide(decided, accept=accept, time_ms=time.time_ns() // 1_000_000)
    return DecisionAnswer(decided=len(decided), written=len(changed), left=left)


def decide_many(
    shop: ShopFolder, decision: str, numbers: Sequence[int], *, above: float | None = None, kind: str | None = None
) -> DecisionAnswer:
    """The same for these numbers, or for every open suggestion of a `kind` that is at least `above` sure.

    Raises `RequestInvalid` when both or none are given, and for a kind that is not there.
    """
    if bool(numbers) == (above is not None) or (numbers and kind):
        raise RequestInvalid(
            "Numbers of suggestions stand beside a confidence or a kind." if numbers else "No suggestion was named.",
            allowed="It takes numbers, or a least confidence, with a kind if wanted.",
            next_step="Give one of them; `bottega suggestions list` shows the numbers.",
        )
    if above is not None:
        wanted = all_suggestions(shop.store, kind=_chosen(SuggestionKind, kind) if kind else None)
        numbers = [one.number for one in wanted if one.confidence >= above]
    answers = [
        decide_suggestions(shop, DecisionRequest.model_validate({"decision": decision, "numbers": chunk}))
        for start in range(0, len(numbers), DECISIONS_MAX)
        if (chunk := numbers[start : start + DECISIONS_MAX])
    ]
    return DecisionAnswer(
        decided=sum(answer.decided for answer in answers),
        written=sum(answer.written for answer in answers),
        left=[left for answer in answers for left in answer.left],
    )


def _chosen(choices: type[_Choice], name: str) -> _Choice:
    try:
        return choices(name)
    except ValueError:
        raise RequestInvalid(
            f"Suggestions were asked for by {name!r}.",
            allowed=f"It may be {' or '.join(choices)}.",
            next_step="Choose one of them.",
        ) from None


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
        version=one.version,
    )
