"""The experiments that run, and what was adopted from earlier ones, as every answer looks at them.

They are read when the first answer asks, and again when somebody on this machine has changed one (`shop/versions.py`),
or another machine has (`OpenShop.catch_up`). Without any, an answer pays for one comparison.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from bottega.errors import StoreUnavailable
from bottega.experiments.assignment import assigned
from bottega.shop.versions import ShopPart, Versions
from bottega.store.experiments import KeptExperiment
from bottega.store.store import Store

if TYPE_CHECKING:
    from bottega.shop.segments.crowd import Whom

__all__ = [
    "DIALS",
    "UNTRIED",
    "LiveExperiments",
    "Shown",
    "Trial",
    "Tried",
    "fields_of",
    "meets",
    "rules_of",
    "shown_of",
]

DIALS: Mapping[str, str] = {
    name: name
    for name in (
        "diversity",
        "diversity_method",
        "novelty",
        "price_fit",
        "praise",
        "reason_diversity",
        "max_per_brand",
        "max_per_category",
        "exploration",
    )
}
"""What a variant may turn, by name, and the field of a request that it sets. A request that sets it itself is no part
of the experiment."""
NOTED_MOST = 10_000
"""Searches with variants that wait to be written; the oldest are dropped."""
Shown = Mapping[str, Mapping[str, str]]
"""Product -> what is shown of it otherwise: title, description, image."""


def fields_of(variant: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a request that a variant sets."""
    strategy = variant.get("strategy")
    dials = {DIALS[name]: value for name, value in variant.get("dials", {}).items() if name in DIALS}
    return dials if strategy is None else {"strategy": strategy, **dials}


def rules_of(variant: Mapping[str, Any]) -> frozenset[str]:
    """The saved rules that hold for the shoppers of a variant."""
    return frozenset(variant.get("rules", ()))


def shown_of(variant: Mapping[str, Any]) -> Shown:
    """What a variant shows of products otherwise."""
    kept: Shown = variant.get("products", {})
    return kept


def meets(one: KeptExperiment, other: KeptExperiment) -> bool:
    """Whether two of them would turn the same thing in the same place."""
    same_place = not one.placements or not other.placements or set(one.placements) & set(other.placements)
    turned = [{name for variant in each.variants for name in _turned(variant)} for each in (one, other)]
    return bool(same_place and turned[0] & turned[1])


def _turned(variant: Mapping[str, Any]) -> set[str]:
    """Whatever a variant changes, by names of which each is one thing."""
    rules, products = rules_of(variant), shown_of(variant)
    return {*fields_of(variant), *(f"rule {name}" for name in rules), *(f"product {name}" for name in products)}


class Trial(NamedTuple):
    """One experiment as answers need it."""

    number: int
    name: str
    salt: str
    turned: frozenset[str]
    """Fields that any of its variants sets."""
    shares: tuple[float, ...]
    variants: tuple[str, ...]
    sets: tuple[Mapping[str, Any], ...]
    """What each variant sets."""
    rules: tuple[frozenset[str], ...]
    """Saved rules that hold for each."""
    shows: tuple[Shown, ...]
    """What each shows of products otherwise."""
    segments: tuple[str, ...] = ()
    """Who takes part; empty: everybody."""

    def is_for(self, whom: Whom | None) -> bool:
        """Whether this shopper is of its segments."""
        return not self.segments or (whom is not None and whom.any_of(self.segments))

    @property
    def named(self) -> frozenset[str]:
        """Saved rules that any variant names: for whoever has no variant, they hold as for the control."""
        return frozenset[str]().union(*self.rules)

    @property
    def products(self) -> frozenset[str]:
        """Products that any variant shows otherwise."""
        return frozenset(name for each in self.shows for name in each)


class Tried(NamedTuple):
    """What experiments make of a request."""

    sets: dict[str, Any]
    """Fields to set."""
    given: dict[str, str]
    """Experiment -> variant that this shopper has in it."""
    on: frozenset[str]
    """Saved rules that hold."""
    off: frozenset[str]
    """Saved rules that do not."""
    shows: Shown
    """What is shown of products otherwise."""
    only_shown: Mapping[str, frozenset[str]]
    """Experiments that change nothing but what is shown of these products: who sees none of them took no part."""

    def left(self, product_ids: Collection[str]) -> dict[str, str]:
        """Experiment -> variant, of those that this list of products was part of."""
        seen = set(product_ids)
        return {name: given for name, given in self.given.items() if seen & self.only_shown.get(name, seen or {""})}


UNTRIED = Tried({}, {}, frozenset(), frozenset(), {}, {})
"""Of a request that no experiment has to do with."""


class _Held(NamedTuple):
    """What an adopted variant comes to."""

    sets: Mapping[str, Any]
    on: frozenset[str]
    off: frozenset[str]
    shows: Shown


@dataclass(frozen=True, slots=True)
class _Live:
    stamp: int
    running: Mapping[str, tuple[Trial, ...]] = field(default_factory=dict)
    """By placement; "" holds those of every placement."""
    adopted: Mapping[str, tuple[tuple[Trial, _Held], ...]] = field(default_factory=dict)
    """What everybody gets of whom it is for, by placement, the newest first."""
    by_name: Mapping[str, Trial] = field(default_factory=dict)


class LiveExperiments:
    """Those of one shop. Safe to call from several threads."""

    def __init__(self, store: Store, versions: Versions) -> None:
        self._store = store
        self._versions = versions
        self._live: _Live | None = None
        self.noting = False
        """Whether somebody writes down what `note` is told: a server does, and nobody takes part elsewhere."""
        self._noted: deque[tuple[str, dict[str, str], int]] = deque(maxlen=NOTED_MOST)

    def note(self, shopper: str, given: dict[str, str], time_ms: int) -> None:
        """A shopper was just answered with variants of experiments; never waits."""
        if given:
            self._noted.append((shopper, given, time_ms))

    def noted(self) -> list[tuple[str, dict[str, str], int]]:
        """What was noted since the last call: shopper, experiment -> variant, UTC ms."""
        return [self._noted.popleft() for _ in range(len(self._noted))]

    def catch_up(self) -> None:
        """Read them again, where anybody asked for them: another machine may have changed one."""
        if self._live is not None:
            self._live = _read(self._store, self._versions.of_part(ShopPart.EXPERIMENTS))

    def trial(self, name: str) -> Trial | None:
        """The running experiment of a name."""
        return self._now().by_name.get(name)

    def asks_who(self, placement: str) -> bool:
        """Whether it matters there of which segments a shopper is."""
        live = self._now()
        running = (*live.running.get(placement, ()), *live.running.get("", ()))
        adopted = (*live.adopted.get(placement, ()), *live.adopted.get("", ()))
        return any(trial.segments for trial in (*running, *(trial for trial, _ in adopted)))

    def of_request(self, placement: str, asked: Any, shopper: str | None, whom: Whom | None = None) -> Tried | None:
        """What a request `asked` for a placement gets; None where that is nothing.

        `shopper`: the profile that is given variants; None: nobody takes part, and what was adopted holds. `whom`: the
        same at this moment, for experiments with segments.
        """
        live = self._now()
        if not live.running and not live.adopted:
            return None
        sets: dict[str, Any] = {}
        given: dict[str, str] = {}
        shows: dict[str, Mapping[str, str]] = {}
        only_shown: dict[str, frozenset[str]] = {}
        on: frozenset[str] = frozenset()
        off: frozenset[str] = frozenset()
        for trial in (*live.running.get(placement, ()), *live.running.get("", ())):
            number = 0  # whoever takes no part gets the control's rules
            if shopper is not None and _takes_part(trial, asked) and trial.is_for(whom):
                number = assigned(trial.salt, trial.shares, shopper)
                given[trial.name] = trial.variants[number]
                sets |= trial.sets[number]
                shows.update(trial.shows[number])
                if trial.products and not trial.turned and not trial.named:
                    only_shown[trial.name] = trial.products
            on |= trial.rules[number]
            off |= trial.named - trial.rules[number]
        for trial, held in (*live.adopted.get(placement, ()), *live.adopted.get("", ())):
            if not trial.is_for(whom):
                continue
            for name, value in held.sets.items():
                if name not in sets and getattr(asked, name, "") is None:
                    sets[name] = value
            on, off = on | (held.on - off), off | (held.off - on)
            shows = {**held.shows, **shows}
        return Tried(sets, given, on, off, shows, only_shown) if sets or given or on or off or shows else None

    def of_nobody(self, placement: str) -> Tried:
        """What a list gets by which nobody takes part: the control's rules, and what was adopted."""
        return self.of_request(placement, None, None) or UNTRIED

    def _now(self) -> _Live:
        stamp = self._versions.of_part(ShopPart.EXPERIMENTS)  # before the reading: a change meanwhile leaves another
        live = self._live
        if live is None or live.stamp != stamp:
            try:
                live = self._live = _read(self._store, stamp)
            except StoreUnavailable:  # what was known holds until it can be asked
                return live or _Live(stamp)
        return live


def _takes_part(trial: Trial, asked: Any) -> bool:
    """Whether a request leaves open what a trial turns, and has anything that it could change."""
    if any(getattr(asked, name, "") is not None for name in trial.turned):
        return False
    return bool(trial.turned or trial.named or getattr(asked, "return_product", False))


def _read(store: Store, stamp: int) -> _Live:
    running: dict[str, tuple[Trial, ...]] = {}
    adopted: dict[str, tuple[tuple[Trial, _Held], ...]] = {}
    by_name = {}
    for kept in store.experiments.all(("running", "adopted")):
        sets = tuple(fields_of(variant) for variant in kept.variants)
        names = tuple(variant["name"] for variant in kept.variants)
        rules = tuple(rules_of(variant) for variant in kept.variants)
        shows = tuple(shown_of(variant) for variant in kept.variants)
        places = kept.placements or [""]
        shares = tuple(variant["share"] for variant in kept.variants)
        turned = frozenset(name for each in sets for name in each)
        trial = Trial(
            kept.number, kept.name, kept.salt, turned, shares, names, sets, rules, shows, tuple(kept.segments)
        )
        if kept.state == "running":
            by_name[kept.name] = trial
            running |= {place: (*running.get(place, ()), trial) for place in places}
        elif kept.adopted in names:
            at = names.index(kept.adopted)
            off = frozenset[str]().union(*rules) - rules[at]
            held = _Held(sets[at], rules[at], off, shows[at])
            adopted |= {place: (*adopted.get(place, ()), (trial, held)) for place in places} if any(held) else {}
    return _Live(stamp, running, adopted, by_name)
