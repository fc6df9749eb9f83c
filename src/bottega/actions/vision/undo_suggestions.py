"""Taking decisions back: a suggestion is open again, and its product says what it said before, to the letter.

A product that has come to say something of its own keeps it: by another value, or by an import that brought the same
one. What a later acceptance rests on is taken back after that one.
"""

from __future__ import annotations

from collections.abc import Sequence

from bottega.actions.vision.shapes import DECISIONS_MAX, DecisionAnswer, Left
from bottega.catalogue.attributes import CATEGORY, Before, before_of, value_of, with_before
from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid
from bottega.shop.open_shop import OpenShop
from bottega.store.suggestions import Suggestion, SuggestionKind, SuggestionState

__all__ = ["undo_batch", "undo_numbers"]


def undo_batch(shop: OpenShop, batch: int) -> DecisionAnswer:
    """Take back all that a decision decided and nobody took back since. Raises `RequestInvalid` where nothing is."""
    found = shop.store.suggestions.in_batch(batch)
    if not found:
        raise RequestInvalid(
            f"There is nothing to undo of decision {batch}.",
            allowed="A batch is the number that accepting or rejecting answered with, not undone so far.",
            next_step="`bottega suggestions list --state accepted` shows the batch of each.",
        )
    return undo_numbers(shop, [one.number for one in found])


def undo_numbers(shop: OpenShop, numbers: Sequence[int]) -> DecisionAnswer:
    """Take back the decisions on these suggestions. Left are those that nobody knows or decided on."""
    answers = [_undo(shop, numbers[start : start + DECISIONS_MAX]) for start in range(0, len(numbers), DECISIONS_MAX)]
    return DecisionAnswer(
        decided=sum(answer.decided for answer in answers),
        written=sum(answer.written for answer in answers),
        left=[one for answer in answers for one in answer.left],
        kept=[one for answer in answers for one in answer.kept],
    )


def _undo(shop: OpenShop, numbers: Sequence[int]) -> DecisionAnswer:
    store = shop.store
    known = {one.number: one for one in store.suggestions.get(numbers)}
    ids = {one.product_id for one in known.values()}
    products = store.products.get(ids)
    accepted = store.suggestions.accepted(ids)
    left: list[Left] = []
    kept: list[Left] = []
    undone: list[int] = []
    changed: dict[str, Product] = {}
    # The latest first, so that of two on one attribute each finds what it wrote.
    for number in sorted(numbers, key=lambda number: -_when(known.get(number))):
        one = known.get(number)
        if one is None or one.state is SuggestionState.OPEN:
            why = "There is no suggestion of this number." if one is None else "Nobody has decided on it."
            left.append(Left(number=number, why=why))
            continue
        if upon := [other for other in accepted if _rests_on(other, one) and other.number not in undone]:
            left.append(Left(number=number, why=f"Suggestion {upon[0].number} was accepted after it: undo that first."))
            continue
        undone.append(number)
        product = products.get(one.product_id)
        if one.state is SuggestionState.REJECTED or product is None:
            continue
        if why := _own(one, product):
            kept.append(Left(number=number, why=why))
            continue
        products[product.id] = changed[product.id] = with_before(product, one.attribute, _before(one, product))
    # First the products: a suggestion that is accepted still, its value gone, can be undone once more.
    if changed:
        shop.upsert(list(changed.values()), undone=undone)
    store.suggestions.reopen(undone)
    return DecisionAnswer(decided=len(undone), written=len(changed), left=left, kept=kept)


def _when(one: Suggestion | None) -> int:
    return -1 if one is None else one.batch or 0


def _rests_on(other: Suggestion, one: Suggestion) -> bool:
    """Whether a later acceptance wrote over what this one had written."""
    same = (other.product_id, other.attribute) == (one.product_id, one.attribute)
    return same and one.state is SuggestionState.ACCEPTED and _when(other) > _when(one)


def _own(one: Suggestion, product: Product) -> str:
    """Why the product keeps what it says; empty where that is what was accepted."""
    says = value_of(product, one.attribute)
    if says != one.value:
        return f"The product says {says!r} for {one.attribute} by now." if says else f"It has no {one.attribute} now."
    return f"The shop's own data says {says!r} for {one.attribute}, too." if one.confirmed else ""


def _before(one: Suggestion, product: Product) -> Before:
    if one.before is not None:
        values = one.before["values"]
        return str(one.before["name"]), None if values is None else tuple(values)
    # Accepted before this was written down: then a fill had found nothing, a doubt one value.
    name, _ = before_of(product, one.attribute)
    if one.kind is SuggestionKind.FILL or not one.present:
        return name, None
    return name, tuple(one.present.split(" > ")) if one.attribute == CATEGORY else (one.present,)
