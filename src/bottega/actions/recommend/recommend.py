"""Recommend: history, candidates, scores, rules, diversity, reasons, answer."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from bottega.actions.recommend.answered_items import answered_items
from bottega.actions.recommend.explanation import Explainer, Told, told_interests
from bottega.actions.recommend.exploring import Explored
from bottega.actions.recommend.list_filling import Chosen
from bottega.actions.recommend.list_rules import ListRules
from bottega.actions.recommend.list_source import ListSource
from bottega.actions.recommend.selection import Selected, Situation, select
from bottega.actions.recommend.selling import NOTHING, sold_beside
from bottega.actions.recommend.shapes import RecommendationAnswer, RecommendationRequest
from bottega.actions.recommend.speech import Speech, speaking
from bottega.catalogue.filter import Filter
from bottega.errors import BottegaError, CatalogueEmpty, RequestInvalid, StoreUnavailable
from bottega.models.recommend.answering.member import Asked
from bottega.models.recommend.base import KNOWN_SHOPPER, NEW_PRODUCT, NEW_SHOPPER
from bottega.names import KindCode
from bottega.shop.experiments import UNTRIED, Tried
from bottega.shop.floor import DEFAULT_STRATEGY, SELLING, Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.occasion import Occasion
from bottega.shop.rules.rule import SavedRule
from bottega.shop.rules.saved import SavedRules
from bottega.shop.segments.crowd import Whom
from bottega.shop.shown import shown_as
from bottega.shop.trained.answering import States

__all__ = ["recommend", "recommend_fields", "recommend_json", "recommend_many"]

BESIDE_EVENTS = 5
"""Beside a product or a cart, only so many of the shopper's newest events speak with it."""
NO_CONSENT = "no_consent"
"""The fallback of a shopper who did not agree to personal answers, whatever else stood in."""
STORE_AWAY = StoreUnavailable.code
"""The fallback of a shopper of whom the store could not be asked."""
_ANCHOR_KIND = {"product": KindCode.VIEW, "cart": KindCode.ADD_TO_CART}


@dataclass(frozen=True)
class _Asked:
    """A request with everything looked up."""

    request: RecommendationRequest
    tried: Tried
    """What experiments make of it."""
    rules: ListRules
    situation: Situation
    heard: Asked
    """What the model hears: own events first, anchors behind."""
    own: int
    """How many of its events are the shopper's."""
    ids: Callable[[int], str]
    """Tells the product id behind a position of `heard`."""
    model: str
    fallback: str | None
    missing: list[str]
    refused: bool
    """Whether the shopper was left out of it, for want of consent."""


def recommend(
    shop: OpenShop,
    request: RecommendationRequest,
    *,
    now_ms: int | None = None,
    saved: Sequence[SavedRule] | None = None,
) -> RecommendationAnswer:
    """The answer to one request; with `saved`, as if these were the shop's saved rules. Raises `RequestInvalid`,
    `ModelUnknown`, `CatalogueEmpty`."""
    answer = recommend_many(shop, [request], now_ms=now_ms, saved=saved)[0]
    if isinstance(answer, BottegaError):
        raise answer
    return answer


def recommend_many(
    shop: OpenShop,
    requests: Sequence[RecommendationRequest],
    *,
    now_ms: int | None = None,
    saved: Sequence[SavedRule] | None = None,
) -> list[RecommendationAnswer | BottegaError]:
    """Answers in the order of the requests; a request that cannot be answered gets its error.

    `now_ms`: the moment they are made for, UTC; this one by default.
    """
    return [
        one if isinstance(one, BottegaError) else RecommendationAnswer.model_validate(one)
        for one in _answers(shop, requests, now_ms, saved)
    ]


def recommend_fields(
    shop: OpenShop, requests: Sequence[RecommendationRequest], *, now_ms: int | None = None
) -> list[dict[str, Any] | BottegaError]:
    """The same answers as plain fields, for whoever makes lists for all: nothing is checked on the way out."""
    return _answers(shop, requests, now_ms)


def recommend_json(
    shop: OpenShop, requests: Sequence[RecommendationRequest], *, now_ms: int | None = None
) -> list[bytes | BottegaError]:
    """The same answers as JSON, for doors that pass them on: nothing is checked on the way out.

    Somebody waits for these: while the store cannot be asked, they are made from what is in memory, without reasons,
    and whoever is not there is answered as a stranger, which the fallback says. Lists that are kept are better not made
    then. Only these take part in experiments: the door that passes them on logs who was given what.
    """
    found = _answers(shop, requests, now_ms, store_may_be_away=True, tried=True)
    return [one if isinstance(one, BottegaError) else _json(one) for one in found]


def _json(answer: dict[str, Any]) -> bytes:
    """As `RecommendationAnswer.model_dump_json` has it."""
    for item in answer["items"]:
        if item["product"] is not None:
            item["product"] = item["product"].model_dump(mode="json")
        item["item_id"] = item["product_id"]
    return orjson.dumps(answer)


def _answers(
    shop: OpenShop,
    requests: Sequence[RecommendationRequest],
    now_ms: int | None,
    saved: Sequence[SavedRule] | None = None,
    *,
    store_may_be_away: bool = False,
    tried: bool = False,
) -> list[dict[str, Any] | BottegaError]:
    """Fields of each answer; `tried`: whether shoppers are given variants of experiments."""
    now_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    answers: list[dict[str, Any] | BottegaError] = []
    with shop.floor() as floor:
        rules = shop.rules.on(floor) if saved is None else shop.rules.given(saved, floor)
        for request in requests:
            started = time.perf_counter()
            try:
                answers.append(_answer(floor, _look_up(shop, floor, rules, request, now_ms, tried=tried), started))
            except StoreUnavailable as error:
                away = store_may_be_away
                answers.append(_without_the_store(shop, floor, rules, request, now_ms, error) if away else error)
            except BottegaError as error:
                answers.append(error)
    return answers


def _without_the_store(
    shop: OpenShop,
    floor: Floor,
    rules: SavedRules,
    request: RecommendationRequest,
    now_ms: int,
    error: BottegaError,
) -> dict[str, Any] | BottegaError:
    """The answer to the same request from what is in memory: without reasons, whose words are not; then of nobody."""
    plain = request.model_copy(update={"explain": False})
    stranger = plain.model_copy(update={"shopper": None, "session_id": None})
    for one, fallback in ((plain, None), (stranger, STORE_AWAY)):
        started = time.perf_counter()
        try:
            asked = _look_up(shop, floor, rules, one, now_ms, tried=False)
            return _answer(floor, replace(asked, fallback=fallback or asked.fallback), started)
        except BottegaError as another:
            error = another
    return error


def _look_up(
    shop: OpenShop, floor: Floor, saved: SavedRules, request: RecommendationRequest, now_ms: int, *, tried: bool
) -> _Asked:
    _check(floor, request)
    items = floor.items
    named = _shoppers(shop, request)
    refused = bool(named) and not shop.consents.personal(*named)
    shopper = named[0] if named and not refused else None  # without consent, everybody is a stranger
    past = floor.past(shopper)
    whom = None if refused else Whom(floor, past, now_ms)
    request, varied = _varied(shop, floor, request, shopper if tried else None, whom)
    states = floor.answering.states.of(past) if past else States()
    own, purchases = past.history, set(past.purchases)
    anchors = {item: name for name in request.product_ids if (item := items.code(name)) >= 0}
    beside = request.placement in _ANCHOR_KIND
    heard = states("heard", lambda: Asked.of(own))
    heard = heard.last(BESIDE_EVENTS) if beside else heard
    n_own = len(heard)
    if anchors:
        heard = heard.followed_by(list(anchors), _ANCHOR_KIND.get(request.placement, KindCode.VIEW))
    model, fallback = _model(floor, request, heard)
    occasion = _occasion(request, whom, now_ms)
    if varied.on or varied.off:
        occasion = replace(occasion, switched_on=varied.on, switched_off=varied.off)
    imposed = saved.on(occasion)
    explores = tried and not refused and floor.settings.answers_kept_days > 0  # else nothing keeps the chances
    sold = None
    if request.strategy in SELLING:
        sold = sold_beside(floor, request.strategy, request.product_ids)
        fallback = fallback if sold is not None else NOTHING[request.strategy]
    rules = ListRules.of(request, floor.settings, imposed, explores=explores, sold=sold)
    declared = floor.declared(shopper) if shopper and not beside else []
    named_anchors = list(anchors.values())

    def product_at(position: int) -> str:
        if position >= n_own:
            return named_anchors[position - n_own]
        item = int(heard.items[position])
        touched: dict[int, str] = states("touched", lambda: past.touched(floor.items))
        return touched.get(item) or items.id(item)

    return _Asked(
        request=request,
        tried=varied,
        rules=rules,
        situation=Situation(own, list(anchors), purchases, declared, now_ms, beside, states),
        heard=heard,
        own=n_own,
        ids=product_at,
        model=model,
        fallback=fallback,
        missing=_missing(floor, request, rules),
        refused=refused,
    )


def _occasion(request: RecommendationRequest, whom: Whom | None, now_ms: int) -> Occasion:
    wanted = request.filter.category if request.filter is not None else None
    return Occasion(
        request.placement,
        now_ms,
        category=tuple(wanted or ()),
        anchors=tuple(request.product_ids),
        whom=whom,
    )


def _varied(
    shop: OpenShop, floor: Floor, request: RecommendationRequest, shopper: str | None, whom: Whom | None
) -> tuple[RecommendationRequest, Tried]:
    """The request as experiments have it, and what else they make of it."""
    tried = None if request.validate_only else shop.experiments.of_request(request.placement, request, shopper, whom)
    if tried is None:
        return request, UNTRIED
    strategy = tried.sets.get("strategy")
    if strategy is not None and not floor.knows(strategy):  # the model in use has no such member any more
        return request, UNTRIED
    if strategy in SELLING and not request.product_ids:  # there is nothing that it could stand beside
        return request, UNTRIED
    return request.model_copy(update=tried.sets) if tried.sets else request, tried


def _check(floor: Floor, request: RecommendationRequest) -> None:
    """Rules between fields, which the shape alone cannot hold."""
    floor.strategy(request.strategy)
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
    if request.strategy in SELLING and not beside:
        raise RequestInvalid(
            f"Strategy {request.strategy!r} was asked for with placement {request.placement!r}.",
            allowed="It stands beside products: placements product and cart.",
            next_step="Ask for one of these with product_ids, or leave the strategy out.",
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
    first = shop.profile(names[0], session_id=request.session_id)
    others = names if request.session_id is not None else ()  # else the only name, which is asked already
    return list(dict.fromkeys([first, *map(shop.profile, others)]))


def _model(floor: Floor, request: RecommendationRequest, heard: Asked) -> tuple[str, str | None]:
    """Who answers, and the name of the fallback when it is not who was asked."""
    if request.strategy not in (None, DEFAULT_STRATEGY, *SELLING):
        return floor.strategy(request.strategy), None
    asked = KNOWN_SHOPPER if len(heard) else NEW_SHOPPER
    if floor.untrained:
        return floor.stand_in(asked), "untrained"
    if len(heard) and int(heard.items.min()) >= floor.trained:
        asked = NEW_PRODUCT
    if asked == KNOWN_SHOPPER:
        return floor.strategy(None), None
    stand_in = floor.stand_in(asked)
    return stand_in, stand_in


def _missing(floor: Floor, request: RecommendationRequest, rules: ListRules) -> list[str]:
    wanted = rules.filter.ids if isinstance(rules.filter, Filter) else None
    pins = [name for name, _ in rules.pins]
    named = dict.fromkeys([*request.product_ids, *rules.exclude_ids, *pins, *(wanted or [])])
    return [name for name in named if floor.items.code(name) < 0]


def _answer(floor: Floor, asked: _Asked, started: float) -> dict[str, Any]:
    items: list[dict[str, Any]] = []
    groups: list[dict[str, Any]] = []
    interests: list[dict[str, Any]] | None = None
    by_chance: list[dict[str, Any]] = []
    acted: list[str] = []
    fallback, left_out = NO_CONSENT if asked.refused else asked.fallback, 0
    request = asked.request
    if not request.validate_only:
        situation, heard = asked.situation, asked.heard
        key = tuple(situation.anchors), request.placement if situation.beside else ""
        with speaking(floor, asked.model, heard, situation.states, key) as speech:
            selected = select(speech, asked.rules, situation)
            items, groups = _items(speech, asked, selected)
            for item in items if asked.tried.shows else ():
                item["product"] = shown_as(item["product"], asked.tried.shows)
            if asked.rules.saved is not None:
                moved = [item["rules"] for item in items]
                acted = asked.rules.saved.acting(moved, floor.within(asked.rules.filter)[0])
            by_chance = [_by_chance(speech, one) for one in selected.explored]
            fallback, left_out = fallback or selected.list.fallback, selected.list.left_out
            if request.return_interests:
                interests = told_interests(speech) if len(heard) else []
    given = asked.tried.given
    if asked.tried.only_shown:
        given = asked.tried.left([item["product_id"] for item in items])
    return {
        "recommendation_id": f"r-{uuid.uuid4().hex}",
        "items": items,
        "fallback": fallback,
        "missing_ids": asked.missing,
        "left_out": left_out,
        "reason_groups": groups,
        "rules": acted,
        "experiments": given,
        "explored": by_chance,
        "interests": interests,
        "model": floor.told_info,
        "took_ms": round((time.perf_counter() - started) * 1000, 3),
    }


def _by_chance(speech: Speech, one: Explored) -> dict[str, Any]:
    return {
        "rank": one.place + 1,
        "product_ids": [speech.floor.shelf.product_id(row) for row in one.rows],
        "scores": [round(score, 6) for score in one.scores],
        "propensities": one.propensities,
    }


def _items(speech: Speech, asked: _Asked, selected: Selected) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    chosen, after, declared = selected.list.chosen, selected.after, selected.declared
    request = asked.request
    explainer = None
    if request.explain:
        dial = request.reason_diversity
        dial = speech.floor.settings.reason_diversity if dial is None else dial
        items, rows = [one.item for one in chosen], [one.row for one in chosen]
        explainer = Explainer(speech, asked.ids, asked.own, items, rows, diversity=dial)

    def why(one: Chosen, shares: Mapping[str, float]) -> Told:
        assert explainer is not None
        match one.source:
            case ListSource.COMPLEMENT:
                return explainer.after_purchase(one, shares, int(after.because[one.place]), after.bought.values())
            case ListSource.DUE:
                return explainer.due(after.restock(one.place), after.evidence(one.place))
            case ListSource.DECLARED:
                return explainer.declared(int(declared.because[one.place]))
            case _:
                return explainer.why(one, shares)

    return answered_items(
        speech.floor.shelf,
        chosen,
        selected.pool,
        explainer,
        why,
        saved=asked.rules.saved,
        return_product=request.return_product,
    )
