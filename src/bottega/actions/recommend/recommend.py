"""Recommend: history, scores, rules, diversity, reasons, answer. Many requests at once cost little more than one."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bottega.actions.recommend.after_purchases import AfterPurchases, after_purchases
from bottega.actions.recommend.answered_items import answered_items
from bottega.actions.recommend.explanation import Explainer, told_interests
from bottega.actions.recommend.list_filling import Chosen
from bottega.actions.recommend.list_rules import ListRules
from bottega.actions.recommend.list_source import ListSource
from bottega.actions.recommend.scoring import Scored, score_all
from bottega.actions.recommend.selection import Situation, select
from bottega.actions.recommend.shapes import (
    AnsweredItem,
    InterestInfo,
    ReasonInfo,
    RecommendationAnswer,
    RecommendationRequest,
)
from bottega.catalogue.filter import Filter
from bottega.datasets.arrays import Histories
from bottega.errors import BottegaError, CatalogueEmpty, RequestInvalid
from bottega.models.recommend.base import KNOWN_SHOPPER, NEW_PRODUCT, NEW_SHOPPER, Recommender
from bottega.names import KindCode
from bottega.shop.floor import DEFAULT_STRATEGY, Floor
from bottega.shop.open_shop import OpenShop

__all__ = ["recommend", "recommend_many"]

BESIDE_EVENTS = 5
"""Beside a product or a cart, only so many of the shopper's newest events speak with it."""
NO_CONSENT = "no_consent"
"""The fallback of a shopper who did not agree to personal answers, whatever else stood in."""
_ANCHOR_KIND = {"product": KindCode.VIEW, "cart": KindCode.ADD_TO_CART}


@dataclass(frozen=True)
class _Asked:
    """A request with everything looked up."""

    request: RecommendationRequest
    rules: ListRules
    situation: Situation
    scored: Histories
    """What the model sees: one row, own events first, anchors behind."""
    own: int
    """How many of its events are the shopper's."""
    ids: list[str]
    """Product id behind each position of `scored`."""
    model: Recommender
    fallback: str | None
    missing: list[str]
    refused: bool
    """Whether the shopper was left out of it, for want of consent."""


def recommend(shop: OpenShop, request: RecommendationRequest, *, now_ms: int | None = None) -> RecommendationAnswer:
    """The answer to one request. Raises `RequestInvalid`, `ModelUnknown`, `CatalogueEmpty`."""
    answer = recommend_many(shop, [request], now_ms=now_ms)[0]
    if isinstance(answer, BottegaError):
        raise answer
    return answer


def recommend_many(
    shop: OpenShop, requests: Sequence[RecommendationRequest], *, now_ms: int | None = None
) -> list[RecommendationAnswer | BottegaError]:
    """Answers in the order of the requests, scored together; a request that cannot be answered gets its error.

    `now_ms`: the moment they are made for, UTC; this one by default.
    """
    started = time.perf_counter()
    now_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    with shop.floor() as floor:
        asked: list[_Asked | BottegaError] = []
        for request in requests:
            try:
                asked.append(_look_up(shop, floor, request, now_ms))
            except BottegaError as error:
                asked.append(error)
        wanted = [one for one in asked if isinstance(one, _Asked) and not one.request.validate_only]
        scored = iter(score_all(floor, [(one.model, one.scored) for one in wanted]))
        return [
            one
            if isinstance(one, BottegaError)
            else _answer(floor, one, None if one.request.validate_only else next(scored), started)
            for one in asked
        ]


def _look_up(shop: OpenShop, floor: Floor, request: RecommendationRequest, now_ms: int) -> _Asked:
    _check(floor, request)
    items = floor.items
    named = _shoppers(shop, request)
    refused = bool(named) and not shop.consents.personal(*named)
    shopper = named[0] if named and not refused else None  # without consent, everybody is a stranger
    past = floor.past(shopper)
    own, purchases = past.history, set(past.purchases)
    anchors = {item: name for name in request.product_ids if (item := items.code(name)) >= 0}
    beside = request.placement in _ANCHOR_KIND
    spoken = own.last(BESIDE_EVENTS) if beside else own
    touched = past.touched() if request.explain else {}
    ids = [touched.get(item) or items.id(item) for item in spoken.items.tolist()] + list(anchors.values())
    model, fallback = _model(floor, request, spoken, list(anchors))
    declared = floor.declared(shopper) if shopper and not beside else []
    gains = floor.side_models.affinity.declared_gains(declared, own.times, n_items=len(items))
    after = AfterPurchases.none(len(items))
    if own.n_events and floor.settings.exclude_purchased_durables:
        after = after_purchases(
            floor.side_models.repurchase,
            floor.side_models.relations,
            own,
            now_ms,
            categories=floor.features.categories,
            durable=floor.durable,
            beside=beside,
        )
    rules = ListRules.of(request, floor.settings)
    return _Asked(
        request=request,
        rules=rules,
        situation=Situation(own.items, list(anchors), purchases, after, gains),
        scored=_with_anchors(spoken, list(anchors), _ANCHOR_KIND.get(request.placement, KindCode.VIEW)),
        own=spoken.n_events,
        ids=ids,
        model=model,
        fallback=fallback,
        missing=_missing(floor, request, rules),
        refused=refused,
    )


def _check(floor: Floor, request: RecommendationRequest) -> None:
    """Rules between fields, which the shape alone cannot hold."""
    floor.recommender(request.strategy)
    beside = request.placement in _ANCHOR_KIND
    if beside and not request.product_ids:
        raise RequestInvalid(
            f"Field product_ids is empty in a request for placement {request.placement!r}.",
            allowed="It names the product shown, or the products in the cart.",
            next_step="Send product_ids, or ask for placement home.",
        )
    if not beside and request.product_ids:
        raise RequestInvalid(
            f"Field product_ids has {len(request.product_ids)} ids in a request for placement {request.placement!r}.",
            allowed="Only placements product and cart stand beside products.",
            next_step="Leave product_ids out, or ask for placement product or cart.",
        )
    if request.placement == "category" and not (request.filter and request.filter.category):
        raise RequestInvalid(
            "Field filter.category is missing in a request for placement 'category'.",
            allowed='It names a level or a path, as in {"category": ["Shoes"]}.',
            next_step="Send filter.category, or ask for placement home.",
        )
    if not len(floor.shelf) and not request.validate_only:
        raise CatalogueEmpty(
            "The shop has no products.",
            allowed="Recommendations need a catalogue.",
            next_step="Import one (`bottega import catalogue FILE`) or post it to /v1/products.",
        )


def _shoppers(shop: OpenShop, request: RecommendationRequest) -> list[str]:
    """The profile asked about, then others that are named."""
    names = [name for name in (request.shopper, request.session_id) if name is not None]
    if not names:
        return []
    found = [shop.profile(names[0], session_id=request.session_id), *map(shop.profile, names)]
    return list(dict.fromkeys(found))


def _model(
    floor: Floor, request: RecommendationRequest, own: Histories, anchors: Sequence[int]
) -> tuple[Recommender, str | None]:
    """Who answers, and the name of the fallback when it is not who was asked."""
    if request.strategy not in (None, DEFAULT_STRATEGY):
        return floor.recommender(request.strategy), None
    spoken = [*own.items.tolist(), *anchors]
    asked = KNOWN_SHOPPER if spoken else NEW_SHOPPER
    if floor.untrained:
        return floor.stand_in(asked), "untrained"
    if spoken and all(item >= floor.trained for item in spoken):
        asked = NEW_PRODUCT
    if asked == KNOWN_SHOPPER:
        return floor.recommender(None), None
    stand_in = floor.stand_in(asked)
    return stand_in, stand_in.name


def _with_anchors(own: Histories, anchors: Sequence[int], kind: KindCode) -> Histories:
    """One row with the anchors as its newest events."""
    last = int(own.times[-1]) if own.n_events else 0
    return Histories(
        offsets=np.array([0, own.n_events + len(anchors)], dtype=np.int64),
        items=np.append(own.items, np.array(anchors, dtype=np.int32)).astype(np.int32),
        kinds=np.append(own.kinds, np.full(len(anchors), kind, dtype=np.int8)).astype(np.int8),
        times=np.append(own.times, np.full(len(anchors), last, dtype=np.int64)).astype(np.int64),
        n_items=own.n_items,
    )


def _missing(floor: Floor, request: RecommendationRequest, rules: ListRules) -> list[str]:
    wanted = rules.filter.ids if isinstance(rules.filter, Filter) else None
    pins = [name for name, _ in rules.pins]
    named = dict.fromkeys([*request.product_ids, *rules.exclude_ids, *pins, *(wanted or [])])
    return [name for name in named if floor.items.code(name) < 0]


def _answer(floor: Floor, asked: _Asked, scored: Scored | None, started: float) -> RecommendationAnswer:
    items: list[AnsweredItem] = []
    interests: list[InterestInfo] | None = None
    fallback, left_out = NO_CONSENT if asked.refused else asked.fallback, 0
    if scored is not None:
        selection = select(floor, asked.rules, asked.situation, scored.scores)
        items = _items(floor, asked, selection.chosen, scored)
        fallback, left_out = fallback or selection.fallback, selection.left_out
        if asked.request.return_interests:
            interests = told_interests(floor, scored.scores) if asked.scored.n_events else []
    return RecommendationAnswer(
        recommendation_id=f"r-{uuid.uuid4().hex}",
        items=items,
        fallback=fallback,
        missing_ids=asked.missing,
        left_out=left_out,
        interests=interests,
        model=floor.info,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _items(floor: Floor, asked: _Asked, chosen: Sequence[Chosen], scored: Scored) -> list[AnsweredItem]:
    explainer = Explainer(floor, asked.scored, asked.ids, asked.own, [one.item for one in chosen])

    def why(one: Chosen, shares: Mapping[str, float]) -> ReasonInfo:
        after, declared = asked.situation.after, asked.situation.declared
        match one.source:
            case ListSource.COMPLEMENT | ListSource.DUE:
                return explainer.tell(after.reason(one.item, one.source), after.evidence(one.item, one.source))
            case ListSource.DECLARED:
                return explainer.declared(int(declared.because[one.item]))
            case _:
                return explainer.explain(one.item, one.source, shares)

    return answered_items(
        floor.shelf,
        chosen,
        scored,
        why if asked.request.explain else None,
        return_product=asked.request.return_product,
    )
