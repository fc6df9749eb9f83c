"""What another way to choose would have earned where exploration chose by chance: an estimate, and said to be one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bottega.actions.proof.attribution import ToldEvents
from bottega.actions.proof.off_policy_shapes import EstimateInfo, OffPolicyAnswer, OffPolicyRequest
from bottega.errors import RequestInvalid, RuleUnknown
from bottega.events.times import now_ms
from bottega.experiments.off_policy import (
    PLACES_LEAST,
    REWARDED_LEAST,
    ChanceLog,
    Estimate,
    doubly_robust,
    effective,
    enough,
    inverse_propensity,
    self_normalised,
    shown,
)
from bottega.names import DAY_MS
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.rule import RuleKind
from bottega.store.answers import ExploredList

__all__ = ["off_policy"]

SETTLED_MS = 3_600_000
"""Clicks come within an hour."""
LIFTED_LEAST = 0.01
"""Of the places so many must have had a candidate that the other way multiplies."""
NOTE = (
    "An estimate from places that were given by chance, one place at a time, with the rest of each list as it was; the "
    "interval is for one look. What it promises, an experiment confirms (bottega experiment new)."
)
Floats = NDArray[np.float64]
_SAYS = {
    "clicks": "{value:.2%} of explored places would have been clicked, between {low:.2%} and {high:.2%}; "
    "{was:.2%} were",
    "carts": "{value:.2%} of explored places would have led to a cart, between {low:.2%} and {high:.2%}; {was:.2%} did",
    "purchases": "{value:.3%} of explored places would have sold, between {low:.3%} and {high:.3%}; {was:.3%} did",
    "revenue": "an explored place would have earned {value:.3f} {currency}, between {low:.3f} and {high:.3f}; it was "
    "{was:.3f}",
}


class _Place(NamedTuple):
    """One place that was given by chance."""

    list_name: str
    shopper: str
    rank: int
    products: list[str]
    scores: list[float]
    propensities: list[float]
    taken: int


def off_policy(shop: OpenShop, request: OffPolicyRequest) -> OffPolicyAnswer:
    """What another way to choose would have earned at explored places. Raises `RequestInvalid` for what no log can
    tell, and `RuleUnknown`."""
    until_ms = now_ms()
    since_ms = until_ms - request.days * DAY_MS
    settled_ms = SETTLED_MS if request.measure == "clicks" else request.window_days * DAY_MS
    places = _places(shop.store.answers.explored(request.placement, since_ms, until_ms - settled_ms))
    ranks = sorted({one.rank for one in places})
    _refuse_unexplored(request, ranks)
    if request.rank is not None:
        places = [one for one in places if one.rank == request.rank]
    told = ToldEvents(shop.store.attribution.frame(since_ms, until_ms), shop.store.attribution, shop.settings.currency)
    rewards = _rewards(shop, told, places, request, since_ms)
    with shop.floor() as floor:
        multiplied = _multiplied(shop, floor, request)
        counts = [[_known(floor, name) for name in one.products] for one in places]
        wanted = [_wanted(request, one, many, multiplied) for one, many in zip(places, counts, strict=True)]
        if multiplied is not None:
            _refuse_unlifted(places, multiplied)
    codes: dict[str, int] = {}
    width = max(len(one.products) for one in places)
    tried = ChanceLog(
        rewards=rewards,
        taken=np.array([one.taken for one in places], dtype=np.int64),
        logged=_padded([one.propensities for one in places], width),
        wanted=_padded(wanted, width),
        shoppers=np.array([codes.setdefault(one.shopper, len(codes)) for one in places], dtype=np.int64),
    )
    scores = _padded([one.scores for one in places], width)
    known = np.log1p(_padded(counts, width))
    rank = np.broadcast_to(np.array([[float(one.rank)] for one in places]), scores.shape)
    features = np.stack([np.ones_like(scores), scores, scores * scores, known, rank], axis=2)
    return _answer(shop, request, ranks, tried, features)


def _answer(
    shop: OpenShop, request: OffPolicyRequest, ranks: list[int], tried: ChanceLog, features: Floats
) -> OffPolicyAnswer:
    worth, came = effective(tried)
    sure = enough(tried) and len(np.unique(tried.shoppers)) > 1
    found: list[EstimateInfo] = []
    if sure:
        found = [
            _info("doubly_robust", doubly_robust(tried, features)),
            _info("self_normalised", self_normalised(tried)),
            _info("inverse_propensity", inverse_propensity(tried)),
        ]
    was = shown(tried)
    currency = shop.settings.currency
    if sure:
        best = found[0]
        numbers = {"value": best.value, "low": best.low, "high": best.high, "was": was.value, "currency": currency}
        said = f"At {request.placement}, {_SAYS[request.measure].format(**numbers)}. This is an estimate."
    else:
        said = (
            f"Too little to say: {len(tried.rewards):,} explored places are worth {worth:,.0f} for this, and "
            f"something came of {came:,.0f} of these; {PLACES_LEAST:.0f} and {REWARDED_LEAST:.0f} are needed."
        )
    return OffPolicyAnswer(
        placement=request.placement,
        measure=request.measure,
        ranks=ranks,
        places=len(tried.rewards),
        shoppers=len(np.unique(tried.shoppers)),
        rewarded=int((tried.rewards != 0).sum()),
        effective=round(worth, 1),
        differs=float((tried.wanted.argmax(axis=1) != tried.taken).mean()),
        weights=float(tried.weights.mean()),
        as_it_was=_info("inverse_propensity", was) if sure else None,
        estimates=found,
        sentence=said,
        note=NOTE,
        currency=currency,
    )


def _info(method: str, found: Estimate) -> EstimateInfo:
    fields = {"method": method, "value": found.value, "low": found.low, "high": found.high}
    return EstimateInfo.model_validate(fields)


def _places(lists: list[ExploredList]) -> list[_Place]:
    found = []
    for name, shopper, products, explored in lists:
        for one in explored:
            shown_id = products[one["rank"] - 1]
            taken = one["product_ids"].index(shown_id)
            whose = shopper if shopper is not None else f"\0{name}"
            fields = one["product_ids"], one["scores"], one["propensities"]
            found.append(_Place(name, whose, one["rank"], *fields, taken))
    return found


def _refuse_unexplored(request: OffPolicyRequest, ranks: list[int]) -> None:
    if not ranks:
        raise RequestInvalid(
            f"No list of placement {request.placement!r} of the last {request.days} days, of which all is told by now, "
            "has a place that was given by chance.",
            allowed="Only what might have been shown can be judged from what was shown.",
            next_step="Turn the setting or the field `exploration` up, wait some days, and ask again.",
        )
    if request.rank is not None and request.rank not in ranks:
        raise RequestInvalid(
            f"Place {request.rank} of placement {request.placement!r} was never given by chance.",
            allowed=f"Places {', '.join(map(str, ranks))} were.",
            next_step="Ask about one of these, or try it in an experiment (`bottega experiment new`).",
        )


def _refuse_unlifted(places: list[_Place], multiplied: Callable[[str], float]) -> None:
    having = sum(any(multiplied(name) != 1 for name in one.products) for one in places)
    if having < max(1.0, LIFTED_LEAST * len(places)):
        raise RequestInvalid(
            f"These products were candidates of {having:,} of {len(places):,} explored places, so that nobody can tell "
            "what they would have earned.",
            allowed=f"At least {LIFTED_LEAST:.0%} of the places, each with the chance to show one of them.",
            next_step="Try it in an experiment (`bottega experiment new`).",
        )


def _multiplied(shop: OpenShop, floor: Floor, request: OffPolicyRequest) -> Callable[[str], float] | None:
    """By what the score of a product is multiplied; None where there is nothing of the kind."""
    about, factor = request.products, request.multiply
    if request.rule is not None:
        rule = next((one for one in shop.rules.all() if one.id == request.rule), None)
        if rule is None:
            raise RuleUnknown(
                f"There is no rule {request.rule!r}.",
                allowed="Rules are named by their ids.",
                next_step="See them with `bottega rules list` or GET /v1/rules.",
            )
        if rule.kind not in (RuleKind.BOOST, RuleKind.BURY):
            raise RequestInvalid(
                f"Rule {rule.id!r} is of kind {rule.kind.value}: it sets or keeps out products, which the log "
                "never had a chance to see otherwise.",
                allowed="Rules that boost or bury.",
                next_step="Try it in an experiment (`bottega experiment new`).",
            )
        about, factor = rule.about, rule.factor
    if about is None:
        return None
    if request.choose != "best":
        raise RequestInvalid(
            f"Scores are to be multiplied, and {request.choose!r} does not look at scores.",
            allowed="`products` and `rule` go with `choose` best.",
            next_step="Leave one of them out.",
        )
    rows = floor.shelf.matching(about)

    def by(name: str) -> float:
        row = floor.shelf.row_of(name)
        return factor if row >= 0 and rows[row] else 1.0

    return by


def _known(floor: Floor, name: str) -> float:
    item = floor.items.code(name)
    return float(floor.shopper_counts[item]) if item >= 0 else 0.0


def _wanted(
    request: OffPolicyRequest, place: _Place, counts: list[float], multiplied: Callable[[str], float] | None
) -> list[float]:
    """How often the other way shows each candidate."""
    if request.choose == "random":
        return [1 / len(place.products)] * len(place.products)
    worth = counts if request.choose == "popular" else place.scores
    if multiplied is not None:
        worth = [score * multiplied(name) for score, name in zip(worth, place.products, strict=True)]
    chosen = max(range(len(worth)), key=lambda at: (worth[at], -at))
    return [float(at == chosen) for at in range(len(worth))]


def _rewards(
    shop: OpenShop, told: ToldEvents, places: list[_Place], request: OffPolicyRequest, since_ms: int
) -> Floats:
    """What came of each place."""
    wanted = "purchases" if request.measure == "revenue" else request.measure
    came: dict[tuple[str, str], float] = defaultdict(float)
    lists = {one.list_name for one in places}
    for at, what in told.touched(request.window_days * DAY_MS, DAY_MS, since_ms):
        name = told.list[told.source(at, what)]
        if what != wanted or name not in lists:
            continue
        if request.measure != "revenue":
            came[name, told.item[at]] = 1.0
        elif told.money[at] == told.currency:
            came[name, told.item[at]] += float(told.worth[at]) * int(told.left[at])
    shown_ids = sorted({one.products[one.taken] for one in places})
    items = {name: one.item for name, one in shop.store.attribution.priced(shown_ids).items()}
    shown_at = [(one.list_name, one.products[one.taken]) for one in places]
    return np.array([came.get((listed, items.get(name, name)), 0.0) for listed, name in shown_at], dtype=np.float64)


def _padded(rows: list[list[float]], width: int) -> Floats:
    found = np.zeros((len(rows), width), dtype=np.float64)
    for at, row in enumerate(rows):
        found[at, : len(row)] = row
    return found
