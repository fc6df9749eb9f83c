"""Affinities: what a shopper is drawn to, in the words of the catalogue; and what they say of it themselves."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, StringConstraints

from bottega.catalogue.filter import Id, Somebody
from bottega.errors import RequestInvalid
from bottega.names import FloatArray
from bottega.placeholders import names_nobody
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import COUNT_MAX, ModelInfo, Request, Shape

if TYPE_CHECKING:  # the model brings torch, which a server that is never asked for affinities does without
    from bottega.models.recommend.affinity.affinity import Affinities
    from bottega.models.recommend.affinity.groups import AttributeGroups

__all__ = [
    "AffinityAnswer",
    "AffinityGroup",
    "AffinityRequest",
    "AffinityValue",
    "DeclareAnswer",
    "DeclareRequest",
    "affinities",
    "declare_tastes",
    "words_of_taste",
]

VALUES = 5
"""Values shown of each attribute where the request does not say."""
NAMED = 30
"""Values that an error lists."""
LEAST, LIFT, ALIKE = 2, 1.1, 2
"""A word of taste stands in so many events, is so many times as probable as in the shop; so many share an attribute."""

Value = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class AffinityValue(Shape):
    """One value of an attribute."""

    value: str
    view: float = Field(description="Probability that the next product looked at has it; they sum to 1 by attribute.")
    purchase: float = Field(description="The same for the next product bought.")
    lift: float = Field(description="`view` against the shop's average: 2 is twice as probable as for anyone.")
    events: int = Field(description="Events of this shopper on products that have it.")
    declared: bool = Field(description="Whether the shopper said so.")


class AffinityGroup(Shape):
    """One attribute, its most probable values first; those declared are always there."""

    attribute: str
    values: list[AffinityValue]


class AffinityAnswer(Shape):
    """What one shopper is drawn to."""

    shopper: str
    basis: Literal["events", "declared", "shop average", "no consent"] = Field(
        description="What it rests on; `shop average` where neither an event nor a declared taste is known, "
        "`no consent` where the same stands because the shopper did not agree to personal answers."
    )
    events_known: int
    groups: list[AffinityGroup]
    model: ModelInfo


class AffinityRequest(Request):
    """What is this shopper drawn to?"""

    OLD_NAMES: ClassVar = {"user_id": "shopper"}

    shopper: Id = Field(description="Shopper id, or the anonymous id; one that names nobody is a stranger's.")
    n: int = Field(default=VALUES, ge=1, le=COUNT_MAX, description="Values of each attribute.")


class DeclareRequest(Request):
    """What a shopper says to like."""

    OLD_NAMES: ClassVar = {"user_id": "shopper"}
    EXAMPLES: ClassVar = {"Likes oak": {"shopper": "ana", "tastes": {"material": ["oak"]}}}

    shopper: Somebody = Field(description="Shopper id, or the anonymous id until log-in.")
    tastes: dict[Value, list[Value]] = Field(
        min_length=1, max_length=50, description="Attribute -> values; an empty list takes the taste back."
    )


class DeclareAnswer(Shape):
    """Everything the shopper has declared so far."""

    shopper: str
    tastes: dict[str, list[str]]
    used: bool = Field(description="False: kept, but of no use while the shopper does not agree to personal answers.")


def affinities(shop: OpenShop, request: AffinityRequest) -> AffinityAnswer:
    """The `n` most probable values of each attribute, events of a second ago and declared tastes included."""
    n, name = request.n, shop.profile(request.shopper)
    with shop.floor() as floor:
        personal = shop.consents.personal(name)
        found, events = _found(floor, name if personal and not names_nobody(request.shopper) else None)
        groups = []
        for attribute in found.groups.names:
            span = found.groups.span(attribute)
            order = np.argsort(-found.view[0, span], kind="stable") + span.start
            shown = [*order[:n], *(place for place in order[n:] if found.declared[0, place])]
            groups.append(AffinityGroup(attribute=attribute, values=[_value(found, int(place)) for place in shown]))
        declared = bool(found.declared.any())
        return AffinityAnswer(
            shopper=name,
            basis=_basis(personal, events, declared),
            events_known=events,
            groups=groups,
            model=floor.info,
        )


def declare_tastes(shop: OpenShop, request: DeclareRequest) -> DeclareAnswer:
    """Keep what a shopper says to like; it counts from the next answer on. Case does not matter.

    Raises `RequestInvalid`, naming what is allowed, for an attribute or a value that affinities do not tell apart.
    """
    name = shop.profile(request.shopper)
    with shop.floor() as floor:
        groups = floor.tastes.groups
    liked = dict(_checked(groups, attribute, values) for attribute, values in request.tastes.items())
    store = shop.folder.store.tastes
    store.declare(name, liked, time_ms=time.time_ns() // 1_000_000, told_as=request.shopper)
    shop.declared(name)
    said = store.of_shopper(name)
    tastes = {attribute: values for attribute, (values, _) in said.items()}
    return DeclareAnswer(shopper=name, tastes=tastes, used=shop.consents.personal(name))


def words_of_taste(shop: OpenShop, shopper: str, *, count: int = 4) -> list[str]:
    """At most `count` values that set this shopper apart, the deepest categories first; none for a stranger.

    A word is declared, or stands in several events and is clearly more probable than in the shop. It scores by its
    probability times the logarithm of its lift.
    """
    with shop.floor() as floor:
        name = shop.profile(shopper)
        found, _ = _found(floor, name if shop.consents.personal(name) else None)
    lift = found.view[0] / found.shop_view
    telling = (found.declared[0] > 0) | ((found.counts[0] >= LEAST) & (lift > LIFT))
    score: FloatArray = np.where(telling, found.view[0] * np.log(np.maximum(lift, 1.0)), -1.0)
    values, group_of = found.groups.values, found.groups.group_of
    wider = {value.rpartition(" > ")[0] for value, tells in zip(values, telling, strict=True) if tells}
    kept, taken = dict[str, bool](), Counter[int]()
    for place in np.argsort(-score, kind="stable").tolist():
        if score[place] < 0 or len(kept) == count:
            break
        word, group = found.groups.word(place), int(group_of[place])
        if values[place] not in wider and word not in kept and taken[group] < ALIKE:
            taken[group] += 1
            kept[word] = found.groups.names[group] == "category"
    return sorted(kept, key=lambda word: not kept[word])


def _found(floor: Floor, shopper: str | None) -> tuple[Affinities, int]:
    """Affinities of one shopper, or the shop's average, and the events they rest on."""
    model, history = floor.side_models.affinity, floor.past(shopper).history
    if shopper is None:
        return model.affinities(history), 0
    return model.affinities(history, [floor.declared(shopper)]), history.n_events


def _basis(personal: bool, events: int, declared: bool) -> Literal["events", "declared", "shop average", "no consent"]:
    if not personal:
        return "no consent"
    return "events" if events else "declared" if declared else "shop average"


def _value(found: Affinities, place: int) -> AffinityValue:
    return AffinityValue(
        value=found.groups.values[place],
        view=round(float(found.view[0, place]), 4),
        purchase=round(float(found.purchase[0, place]), 4),
        lift=round(float(found.view[0, place] / found.shop_view[place]), 2),
        events=int(found.counts[0, place]),
        declared=bool(found.declared[0, place]),
    )


def _checked(groups: AttributeGroups, attribute: str, values: list[str]) -> tuple[str, list[str]]:
    """The attribute and its values as the catalogue writes them."""
    name = next((one for one in groups.names if one.casefold() == attribute.casefold()), None)
    if name is None:
        raise RequestInvalid(
            f"Affinities know no attribute {attribute!r}.",
            allowed=f"The attributes are {', '.join(groups.names)}.",
            next_step="Use one of these; training chooses them by what most products have.",
        )
    places = {value: groups.place(name, value) for value in values}
    if unknown := [value for value, place in places.items() if place is None]:
        span = groups.span(name)
        listed = sorted(groups.values[span])
        more = f" and {len(listed) - NAMED} more" if len(listed) > NAMED else ""
        raise RequestInvalid(
            f"No product has {name} {unknown[0]!r}.",
            allowed=f"Values of {name} are {', '.join(listed[:NAMED])}{more}.",
            next_step="Use one of these, or the last level of a category.",
        )
    return name, [groups.values[place] for place in places.values() if place is not None]
