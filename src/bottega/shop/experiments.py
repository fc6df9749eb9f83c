"""The experiments that run, and what was adopted from earlier ones, as every answer looks at them.

They are read when the first answer asks, and again when somebody on this machine has changed one (`shop/versions.py`),
or another machine has (`OpenShop.catch_up`). Without any, an answer pays for one comparison.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bottega.errors import StoreUnavailable
from bottega.experiments.assignment import assigned
from bottega.shop.versions import ShopPart, Versions
from bottega.store.experiments import KeptExperiment
from bottega.store.store import Store

__all__ = ["DIALS", "LiveExperiments", "Trial", "Tried", "fields_of", "meets"]

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
of the experiment. What else is to be varied (saved rules, texts, pictures) is a name more, with a field that is absent
by default."""


def fields_of(variant: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a request that a variant sets."""
    strategy = variant.get("strategy")
    dials = {DIALS[name]: value for name, value in variant.get("dials", {}).items() if name in DIALS}
    return dials if strategy is None else {"strategy": strategy, **dials}


def meets(one: KeptExperiment, other: KeptExperiment) -> bool:
    """Whether two of them would turn the same thing in the same place."""
    same_place = not one.placements or not other.placements or set(one.placements) & set(other.placements)
    turned = [{name for variant in each.variants for name in fields_of(variant)} for each in (one, other)]
    return bool(same_place and turned[0] & turned[1])


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


class Tried(NamedTuple):
    """What experiments make of a request."""

    sets: dict[str, Any]
    """Fields to set."""
    given: dict[str, str]
    """Experiment -> variant that this shopper has in it."""


@dataclass(frozen=True, slots=True)
class _Live:
    stamp: int
    running: Mapping[str, tuple[Trial, ...]] = field(default_factory=dict)
    """By placement; "" holds those of every placement."""
    adopted: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    """What everybody gets, by placement, the newest first."""
    by_name: Mapping[str, Trial] = field(default_factory=dict)


class LiveExperiments:
    """Those of one shop. Safe to call from several threads."""

    def __init__(self, store: Store, versions: Versions) -> None:
        self._store = store
        self._versions = versions
        self._live: _Live | None = None

    def catch_up(self) -> None:
        """Read them again, where anybody asked for them: another machine may have changed one."""
        if self._live is not None:
            self._live = _read(self._store, self._versions.of_part(ShopPart.EXPERIMENTS))

    def trial(self, name: str) -> Trial | None:
        """The running experiment of a name."""
        return self._now().by_name.get(name)

    def of_request(self, placement: str, asked: Any, shopper: str | None) -> Tried | None:
        """What a request `asked` for a placement gets; None where that is nothing.

        `shopper`: the profile that is given variants; None: nobody takes part, and what was adopted holds.
        """
        live = self._now()
        if not live.running and not live.adopted:
            return None
        sets: dict[str, Any] = {}
        given: dict[str, str] = {}
        if shopper is not None:
            for trial in (*live.running.get(placement, ()), *live.running.get("", ())):
                if all(getattr(asked, name) is None for name in trial.turned):
                    number = assigned(trial.salt, trial.shares, shopper)
                    given[trial.name] = trial.variants[number]
                    sets |= trial.sets[number]
        for held in (*live.adopted.get(placement, ()), *live.adopted.get("", ())):
            for name, value in held.items():
                if name not in sets and getattr(asked, name) is None:
                    sets[name] = value
        return Tried(sets, given) if sets or given else None

    def _now(self) -> _Live:
        stamp = self._versions.of_part(ShopPart.EXPERIMENTS)  # before the reading: a change meanwhile leaves another
        live = self._live
        if live is None or live.stamp != stamp:
            try:
                live = self._live = _read(self._store, stamp)
            except StoreUnavailable:  # what was known holds until it can be asked
                return live or _Live(stamp)
        return live


def _read(store: Store, stamp: int) -> _Live:
    running: dict[str, tuple[Trial, ...]] = {}
    adopted: dict[str, tuple[Mapping[str, Any], ...]] = {}
    by_name = {}
    for kept in store.experiments.all(("running", "adopted")):
        sets = tuple(fields_of(variant) for variant in kept.variants)
        names = tuple(variant["name"] for variant in kept.variants)
        places = kept.placements or [""]
        if kept.state == "running":
            shares = tuple(variant["share"] for variant in kept.variants)
            turned = frozenset(name for each in sets for name in each)
            trial = by_name[kept.name] = Trial(kept.number, kept.name, kept.salt, turned, shares, names, sets)
            running |= {place: (*running.get(place, ()), trial) for place in places}
        elif kept.adopted in names and (held := sets[names.index(kept.adopted)]):
            adopted |= {place: (*adopted.get(place, ()), held) for place in places}
    return _Live(stamp, running, adopted, by_name)
