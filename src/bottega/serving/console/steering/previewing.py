"""The preview of a rule in its form: which list it shows, as whom and when, and both sides with their products."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from pydantic import ValidationError

from bottega.actions.intake.query_products import query_products
from bottega.actions.intake.shapes import ProductQuery
from bottega.actions.recommend.shapes import RecommendationRequest, SimilarRequest
from bottega.actions.rules.preview import preview
from bottega.actions.rules.shapes import PreviewedProduct, RulePreviewAnswer, RulePreviewRequest
from bottega.actions.search.shapes import SearchRequest
from bottega.catalogue.filter import Filter
from bottega.catalogue.product import Product
from bottega.errors import BottegaError, RequestInvalid
from bottega.serving.console.frame import Visit
from bottega.serving.console.steering.rule_form import NEXT, RuleForm
from bottega.serving.console.steering.rule_words import PLACES
from bottega.serving.refusals import refusal_of
from bottega.shop.rules.rule import RuleKind, SavedRule

__all__ = ["Previewed", "products_named", "seen_with"]

SHOWN = 12
"""Products of each side."""


@dataclass
class Previewed:
    """Both sides, or why there are none yet."""

    missing: BottegaError | None = None
    answer: RulePreviewAnswer | None = None
    seen: str = ""
    """Which list it is, in words."""
    products: dict[str, Product] = field(default_factory=dict)
    told: dict[str, PreviewedProduct] = field(default_factory=dict)

    @property
    def sides(self) -> list[tuple[str, Any]]:
        """Both, each with its heading."""
        assert self.answer is not None
        return [("Without it", self.answer.before), ("With it", self.answer.after)]

    @property
    def gone(self) -> list[PreviewedProduct]:
        """Products that left the list."""
        return [one for one in self.told.values() if one.after is None]


async def seen_with(visit: Visit, form: RuleForm) -> Previewed:
    """What shoppers would get, with the rule of the form and without it."""
    try:
        rule = form.rule(visit.shop.settings.currency)
        rule = rule.model_copy(update={"name": rule.name or "this rule"})
        request, seen = await _request(visit, form, rule)
        answer: RulePreviewAnswer = await visit.ask(preview, request)
    except ValidationError as error:
        return Previewed(missing=refusal_of(error, NEXT))
    except BottegaError as error:
        return Previewed(missing=error)
    names = [*answer.after.product_ids, *answer.before.product_ids]
    return Previewed(
        answer=answer,
        seen=seen,
        products=await products_named(visit, names),
        told={one.product_id: one for one in answer.products},
    )


async def products_named(visit: Visit, names: list[str]) -> dict[str, Product]:
    """Products by id, those of a group by its id, too; what the catalogue has no more is left out."""
    wanted = list(dict.fromkeys(names))[:1000]
    if not wanted:
        return {}
    found = await visit.ask(query_products, ProductQuery(ids=wanted, n=1000))
    by_id = {one.id: one for one in found.products}
    groups = [name for name in wanted if name not in by_id]
    if groups:
        variants = await visit.ask(query_products, ProductQuery(filter=Filter(ids=groups), n=1000))
        for one in variants.products:
            if one.group_id in groups:
                by_id.setdefault(one.group_id, one)
    return by_id


async def _request(visit: Visit, form: RuleForm, rule: SavedRule) -> tuple[RulePreviewRequest, str]:
    place = form.see_place if form.see_place in rule.at else rule.at[0]
    shopper, category = form.see_shopper or None, form.see_category or next(iter(rule.category), "")
    at, day = _day(visit, form, rule)
    said: dict[str, Any] = {"draft": rule, "at": at}
    words = PLACES[place][0].upper() + PLACES[place][1:]
    if place == "search":
        text = form.see_query or next(iter(rule.query), "") or category.rpartition(" > ")[2] or "new"
        said["search"] = SearchRequest(text=text, n=SHOWN, shopper=shopper)
        words = f"Search for “{text}”"
    elif place == "similar":
        product = await _anchor(visit, form, rule, category)
        said["similar"] = SimilarRequest(product_id=product.id if product else "-", n=SHOWN)
        words = f"What is like {product.title}" if product else words
    else:
        beside = await _anchor(visit, form, rule, category) if place in ("product", "cart") else None
        narrowed = Filter(category=[category]) if place == "category" and category else None
        said["recommend"] = RecommendationRequest(
            placement=place,
            shopper=shopper,
            n=SHOWN,
            filter=narrowed,
            product_ids=[beside.id] if beside else [],
        )
        words = f"Category page of {category}" if narrowed else words
        words = f"{'Page of' if place == 'product' else 'Cart with'} {beside.title}" if beside else words
    who = f"as shopper {shopper}" if shopper else "as somebody new"
    return RulePreviewRequest(**said), f"{words}, {who}, {day}"


def _day(visit: Visit, form: RuleForm, rule: SavedRule) -> tuple[str | None, str]:
    """The moment that the preview is made for, and its words: the day named, the first one of a rule for later."""
    if form.see_day:
        try:
            day = date.fromisoformat(form.see_day)
        except ValueError as error:
            raise RequestInvalid(
                f"The day of the preview is {form.see_day!r}.", allowed="As in 2026-05-01.", next_step=NEXT
            ) from error
        return f"{form.see_day}T12:00", f"on {day.day} {day:%B %Y}"
    start, _ = rule.span_ms(visit.shop.rules.zone)
    if start > time.time() * 1000 and rule.valid_from:
        local = datetime.fromtimestamp(start / 1000, UTC).astimezone(visit.shop.rules.zone)
        return rule.valid_from, f"on {local.day} {local:%B %Y}, when it begins"
    return None, "now"


async def _anchor(visit: Visit, form: RuleForm, rule: SavedRule, category: str) -> Product | None:
    """The product that the list stands beside: the one named, the rule's own, one of its category, any."""
    named = [form.see_product] if form.see_product else rule.anchor_ids[:1]
    if named and (known := await products_named(visit, named)):
        return next(iter(known.values()))
    wanted = Filter(category=[category]) if category else None
    found = await visit.ask(query_products, ProductQuery(filter=wanted, n=50))
    barred = set(rule.product_ids) if rule.kind is not RuleKind.BURY else set()
    shown = [one for one in found.products if one.recommendable]
    return next((one for one in shown if one.id not in barred), shown[0] if shown else None)
