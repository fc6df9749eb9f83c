"""Preview: a list as a shopper gets it, with and without a rule, and what moved every product.

Both sides are made by the verbs that shoppers' lists are made by, of one moment: what is shown is what shoppers get
once the rule is saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bottega.actions.recommend.find_similar import find_similar
from bottega.actions.recommend.recommend import recommend
from bottega.actions.rules.shapes import PreviewedList, PreviewedProduct, RulePreviewAnswer, RulePreviewRequest
from bottega.actions.rules.standing import conflicts_among
from bottega.actions.search.words import search_text
from bottega.errors import RequestInvalid
from bottega.events.times import now_ms
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.rule import IN_ORDER, RuleKind, SavedRule, checked, moment_ms

__all__ = ["preview"]


class _Side(NamedTuple):
    """One list: its products, the rules that moved each, those that acted on it, and where a search is sent."""

    product_ids: list[str]
    moved: list[list[str]]
    rules: list[str]
    url: str | None = None


def preview(shop: OpenShop, request: RulePreviewRequest) -> RulePreviewAnswer:
    """Both sides. Raises `RequestInvalid`, and what the verb of the list raises."""
    saved, draft, moment = shop.rules.all(), request.draft, _moment(shop, request)
    with_it: list[SavedRule] = saved
    if draft is not None:
        draft = checked(draft, shop.rules.zone)
        with_it = [*(rule for rule in saved if rule.id != draft.id), draft]
    before = _side(shop, request, [] if draft is None else saved, moment)
    after = _side(shop, request, with_it, moment)
    new = [draft.id] if draft is not None else [rule.id for rule in saved]
    with shop.floor() as floor:
        products = _products(floor, {rule.id: rule for rule in [*saved, *with_it]}, before, after)
    return RulePreviewAnswer(
        before=PreviewedList(product_ids=before.product_ids, rules=before.rules, url=before.url),
        after=PreviewedList(product_ids=after.product_ids, rules=after.rules, url=after.url),
        products=products,
        acts=any(rule in after.rules for rule in new),
        conflicts=[] if draft is None else conflicts_among(shop, with_it, of=draft.id),
    )


def _moment(shop: OpenShop, request: RulePreviewRequest) -> int:
    if request.at is None:
        return now_ms()
    try:
        return moment_ms(request.at, shop.rules.zone)
    except (ValueError, OverflowError) as error:
        raise RequestInvalid(
            f"Field at is {request.at!r}, which is no time.",
            allowed="ISO 8601, as in 2026-05-01 or 2026-05-01T09:00.",
            next_step="Correct it, or leave it out for now.",
        ) from error


def _side(shop: OpenShop, request: RulePreviewRequest, rules: Sequence[SavedRule], moment: int) -> _Side:
    asked = [one for one in (request.recommend, request.search, request.similar) if one is not None]
    if len(asked) != 1:
        raise RequestInvalid(
            f"{len(asked)} of the fields recommend, search and similar are given.",
            allowed="One of them says what is previewed.",
            next_step="Send one, as POST /v1/recommendations, /v1/search or /v1/similar takes it.",
        )
    if request.recommend is not None:
        made = recommend(shop, request.recommend, now_ms=moment, saved=rules)
        return _Side([one.product_id for one in made.items], [one.rules for one in made.items], made.rules)
    if request.search is not None:
        found = search_text(shop, request.search, now_ms=moment, saved=rules)
        return _Side(
            [one.product_id for one in found.items], [one.rules for one in found.items], found.rules, found.url
        )
    assert request.similar is not None
    alike = find_similar(shop, request.similar, now_ms=moment, saved=rules)
    return _Side([one.product_id for one in alike.items], [one.rules for one in alike.items], alike.rules)


def _products(floor: Floor, rules: dict[str, SavedRule], before: _Side, after: _Side) -> list[PreviewedProduct]:
    """What became of the products of both sides."""
    then = {name: place for place, name in enumerate(before.product_ids, 1)}
    now = {name: place for place, name in enumerate(after.product_ids, 1)}
    told = []
    for name, place, moved in zip(after.product_ids, now.values(), after.moved, strict=True):
        why = _moved(rules, moved, then.get(name), place, before, after)
        told.append(PreviewedProduct(product_id=name, before=then.get(name), after=place, rules=moved, why=why))
    for name in before.product_ids:
        if name not in now:
            out, why = _gone(floor, rules, name, before, after)
            told.append(PreviewedProduct(product_id=name, before=then[name], after=None, rules=out, why=why))
    return told


def _moved(
    rules: dict[str, SavedRule], moved: Sequence[str], then: int | None, place: int, before: _Side, after: _Side
) -> str:
    found = [rules[one] for one in moved]
    came = "not in the list without it" if then is None else f"at place {then} without it"
    if found and found[0].kind in IN_ORDER:
        return (
            f"Set at place {place} by {found[0].called}; {came}."
            if then != place
            else f"Set there by {found[0].called}."
        )
    if found:
        named = " and ".join(f"{rule.called} (score times {rule.factor:g})" for rule in found)
        where = f"; {came}" if then != place else ", and stands where it stood"
        return f"Moved by {named}{where}."
    if then == place:
        return ""
    acting = [rules[one].called for one in after.rules if one not in before.rules] or [
        rules[one].called for one in after.rules
    ]
    by = f" by what {' and '.join(acting)} did to others" if acting else ""
    return f"{'Came in' if then is None else f'Moved from place {then}'}{by}."


def _gone(floor: Floor, rules: dict[str, SavedRule], name: str, before: _Side, after: _Side) -> tuple[list[str], str]:
    """Which rules took a product out of the list, and how."""
    row, shelf = floor.shelf.row_of(name), floor.shelf
    acting = [rules[one] for one in after.rules]
    for rule in acting:
        about = rule.kind in (RuleKind.HIDE, RuleKind.FILTER, RuleKind.REPLACE)
        mine = about and bool(shelf.matching(rule.about)[row])
        if rule.kind is RuleKind.HIDE and mine:
            return [rule.id], f"Hidden by {rule.called}."
        if rule.kind is RuleKind.FILTER and not mine:
            return [rule.id], f"Left out by {rule.called}, which shows nothing else."
        if rule.kind is RuleKind.REPLACE and not mine:
            return [rule.id], f"Replaced by the list of {rule.called}."
    sinking = [rule for rule in acting if rule.kind is RuleKind.BURY and shelf.matching(rule.about)[row]]
    if sinking:
        return [one.id for one in sinking], f"Buried by {sinking[0].called} (score times {sinking[0].factor:g})."
    new = [rule.called for rule in acting if rule.id not in before.rules] or [rule.called for rule in acting]
    return (
        [],
        f"Pushed off the list by what {' and '.join(new)} did to others."
        if new
        else "No rule holds it there any more.",
    )
