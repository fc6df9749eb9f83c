"""What decides whether and how often a product is shown, one thing at a time, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bottega.actions.products.why_shapes import ShownCheck
from bottega.catalogue.product import RECOMMENDABLE, Product
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.rule import IN_ORDER, RuleKind, SavedRule
from bottega.shop.rules.saved import SavedRules

__all__ = ["checks_of", "kept_out_by", "touches"]

_ORDER = {"stops": 0, "slows": 1, "good": 2}
_COUNTED = {
    "impression": ("showing", "showings"),
    "view": ("view", "views"),
    "click": ("click", "clicks"),
    "wishlist": ("wish", "wishes"),
    "add_to_cart": ("time put in a cart", "times put in a cart"),
    "remove_from_cart": ("time taken out of a cart", "times taken out of a cart"),
    "purchase": ("purchase", "purchases"),
    "search": ("search", "searches"),
    "rate": ("rating", "ratings"),
    "refund": ("refund", "refunds"),
    "try_on": ("time tried on", "times tried on"),
}
"""Kind of event to what one of it is called, and several."""
_CLOSING = (RuleKind.HIDE, RuleKind.FILTER, RuleKind.REPLACE)


def kept_out_by(floor: Floor, rules: Iterable[SavedRule], row: int) -> list[SavedRule]:
    """Of rules that act on a list, those that keep a product out of it."""
    found = []
    for rule in rules:
        if rule.kind in _CLOSING:
            about = bool(floor.shelf.matching(rule.about)[row])
            if about == (rule.kind is RuleKind.HIDE):
                found.append(rule)
    return found


def touches(floor: Floor, rule: SavedRule, row: int) -> bool:
    """Whether a rule does anything to a product in a list that it acts on: moves it, or keeps it out."""
    if rule.kind is RuleKind.REDIRECT:
        return False
    if rule.kind is RuleKind.REPLACE:
        return True
    about = bool(floor.shelf.matching(rule.about)[row])
    return not about if rule.kind is RuleKind.FILTER else about


def checks_of(
    shop: OpenShop,
    floor: Floor,
    product: Product,
    row: int,
    events: Mapping[str, int],
    saved: SavedRules,
    now_ms: int,
) -> list[ShownCheck]:
    """What stops it first, then what slows it, then what is good."""
    shelf = floor.shelf
    item = int(shelf.item[row])
    found = [_hidden(product), _stock(product)]
    if product.recommendable:
        found += _variants(floor, shelf.rows_of(item), row)
    found += _rules(shop, floor, saved, row, now_ms)
    found.append(_model(floor, item))
    found.append(_events(events))
    found += _listing(product)
    if floor.settings.exclude_purchased_durables and bool(floor.durable[item]):
        found.append(
            ShownCheck(
                code="durable",
                state="good",
                text="Its kind is bought once: whoever bought it is not shown it again (exclude_purchased_durables).",
            )
        )
    return sorted(found, key=lambda one: _ORDER[one.state])


def _hidden(product: Product) -> ShownCheck:
    if product.hidden:
        fix = "Publish it in the shop, or say here that it is not hidden (the console: Change it; PATCH /v1/products)."
        return ShownCheck(code="hidden", state="stops", text="It is hidden: a draft, archived, or taken out.", fix=fix)
    return ShownCheck(code="hidden", state="good", text="It is not hidden.")


def _stock(product: Product) -> ShownCheck:
    said = product.availability.value.replace("_", " ")
    if product.availability in RECOMMENDABLE:
        return ShownCheck(code="availability", state="good", text=f"It is {said}.")
    return ShownCheck(
        code="availability",
        state="stops",
        text=f"It is {said}: lists and searches show only what can be bought.",
        fix="Say what the stock is (the console: Change it; PATCH /v1/products), or import the feed again.",
    )


def _variants(floor: Floor, rows: Sequence[int], row: int) -> list[ShownCheck]:
    first = next((one for one in rows if floor.shelf.usable[one]), row)
    if first == row:
        return []
    name = floor.shelf.product_id(first)
    return [
        ShownCheck(
            code="variant",
            state="slows",
            text=f"It is one of {len(rows)} variants, and lists show the first that can be bought: {name!r}.",
            fix="Give it no group if it is a product of its own, or pin it by its own id.",
        )
    ]


def _rules(shop: OpenShop, floor: Floor, saved: SavedRules, row: int, now_ms: int) -> list[ShownCheck]:
    found = []
    for rule in saved.rules:
        start, end = rule.span_ms(shop.rules.zone)
        if not rule.enabled or not start <= now_ms < end:
            continue
        at = ", ".join(rule.at)
        if kept_out_by(floor, [rule], row):
            limits = _conditions(rule)
            found.append(
                ShownCheck(
                    code="rule",
                    state="slows" if limits else "stops",
                    text=f"Rule {rule.called} ({rule.kind.value}) keeps it out of {at}{limits}.",
                    fix="Change the rule, or switch it off.",
                    rule=rule.id,
                )
            )
        elif rule.kind is RuleKind.BURY and floor.shelf.matching(rule.about)[row]:
            text = f"Rule {rule.called} buries it at {at}: its score counts {rule.factor:g} times{_conditions(rule)}."
            found.append(ShownCheck(code="rule", state="slows", text=text, fix="Change the rule.", rule=rule.id))
        elif rule.kind in (RuleKind.BOOST, *IN_ORDER) and floor.shelf.matching(rule.about)[row]:
            text = f"Rule {rule.called} ({rule.kind.value}) brings it forward at {at}{_conditions(rule)}."
            found.append(ShownCheck(code="rule", state="good", text=text, rule=rule.id))
        if rule.kind is RuleKind.HIDE and rule.own_page and floor.shelf.matching(rule.about)[row]:
            text = f"Rule {rule.called} closes its own page, too."
            found.append(ShownCheck(code="own_page", state="slows", text=text, fix="Change the rule.", rule=rule.id))
    return found


def _conditions(rule: SavedRule) -> str:
    """When a rule acts, in words; empty where always."""
    said = []
    if rule.category:
        said.append(f"of {', '.join(rule.category)}")
    if rule.query:
        said.append(f"of searches for {', '.join(map(repr, rule.query))}")
    if rule.segments:
        said.append(f"for shoppers who are {', '.join(rule.segments)}")
    if rule.anchor_ids:
        said.append(f"beside {', '.join(rule.anchor_ids[:5])}")
    return f" in lists {' '.join(said)}" if said else ""


def _model(floor: Floor, item: int) -> ShownCheck:
    if floor.untrained:
        return ShownCheck(
            code="in_model",
            state="slows",
            text="The shop was not trained yet: lists go by popularity and likeness.",
            fix="Train it (`bottega train`).",
        )
    if item < floor.trained:
        count = int(floor.shopper_counts[item])
        return ShownCheck(
            code="in_model",
            state="good",
            text=f"The model in use knows it; it learnt from {count:,} shoppers who chose it.",
        )
    return ShownCheck(
        code="in_model",
        state="slows",
        text="It came after the last training: one place of a list is kept for such products.",
        fix="Train again (`bottega train`), or by a schedule (train_schedule).",
    )


def _events(events: Mapping[str, int]) -> ShownCheck:
    if not events:
        return ShownCheck(
            code="events",
            state="slows",
            text="No shopper has done anything with it so far.",
            fix="Pin or boost it for some days, so that shoppers meet it.",
        )
    told = ", ".join(f"{count:,} {_COUNTED[kind][count != 1]}" for kind, count in events.items())
    return ShownCheck(code="events", state="good", text=f"Events of it that are kept: {told}.")


def _listing(product: Product) -> list[ShownCheck]:
    found = []
    if product.price_minor is None:
        text = "It has no price: no list or search that is narrowed by price holds it."
        found.append(ShownCheck(code="price", state="slows", text=text, fix="Send its price."))
    if not product.images:
        text = "It has no picture: searches by photo do not find it, and shoppers pass over it."
        found.append(ShownCheck(code="picture", state="slows", text=text, fix="Send a picture."))
    if not product.description.strip():
        text = "It has no description: searches find it by its title alone."
        found.append(ShownCheck(code="text", state="slows", text=text, fix="Write one, or let one be suggested."))
    return found
