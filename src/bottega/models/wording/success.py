"""What sells by its wording: which facts a title says, and in which order, in listings that did better than their like.

Idea     Two listings of one category, one price and one age, whose descriptions are built alike: one was looked at
         twice as often as the other. What their titles say, and in which order, is all that is looked at, never which
         words, so that what is learnt are choices of a writer and no property of the thing ("50th birthday").
         A pairwise logistic regression on the differences (Bradley & Terry 1952, Biometrika 39, with features).
Proof    Learnt on some clusters of like descriptions and asked about others, so that no shop's boilerplate answers for
         itself; the interval is a bootstrap over whole clusters. Where it does not lie above a half, there is no
         signal: then `weigh` prefers nothing, and the writer keeps its own order.
Shapes   N listings, P pairs, F features.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bottega.models.blocks.logistic import fit_odds
from bottega.models.wording.facts import Fact
from bottega.models.wording.frames import SentenceFrame
from bottega.models.wording.title import read_title
from bottega.saved import ModelFile

__all__ = [
    "ListingOutcome",
    "Success",
    "SuccessConfig",
    "alike",
    "built_alike",
    "did_better",
    "form_of",
    "form_of_title",
    "learn_success",
    "matched_pairs",
]

_NUMBER = re.compile(r"\d+")
_PIECES = frozenset({"feature", "name", "stated"})
"""Keys of a title that repeat a piece of it and say no fact of a kind."""
_LINE = 12
"""Characters below which a line is no boilerplate."""


@dataclass(frozen=True)
class SuccessConfig:
    """How pairs are made and weighed."""

    times: float = 2.0
    """How much more a day the better one of a pair brought."""
    price: float = 0.15
    """By how much, as a logarithm, prices may differ."""
    age: float = 0.7
    """By how much, as a logarithm, days on sale may differ."""
    pairs_of_a_cluster: int = 200
    ridge: float = 20.0
    folds: int = 8
    repeats: int = 10
    """Times that clusters are dealt into folds anew: one deal alone may favour either side by three points."""
    said_least: int = 20
    """Listings that a form must be found in."""
    least: int = 300
    """With fewer pairs nothing is learnt."""
    resamples: int = 1000


@dataclass(frozen=True)
class ListingOutcome:
    """One listing: the form of its title, and what it brought."""

    id: str
    form: Mapping[str, float]
    """As `form_of` says it."""
    rate: float
    """Views, favourites or sales a day; more than 0."""
    days: float
    """On sale."""
    category: str
    price: float
    cluster: int
    """Of listings whose descriptions are built alike."""


@dataclass(frozen=True)
class Success:
    """What was learnt, and how far it can be believed."""

    accuracy: float = 0.5
    """Share of pairs of clusters not learnt from whose better one was named."""
    low: float = 0.0
    high: float = 1.0
    """The 95 % interval, over clusters."""
    pairs: int = 0
    clusters: int = 0
    weights: Mapping[str, float] = field(default_factory=dict)
    drawn_on: tuple[str, ...] = ()
    """Ids of the listings that did better than their like, those that did so most often first."""

    @property
    def signal(self) -> bool:
        """Whether the wording of titles says what sells here."""
        return self.low > 0.5

    @property
    def says(self) -> str:
        """For the merchant."""
        found = f"{self.pairs:,} pairs of like listings in {self.clusters} clusters"
        if not self.weights:
            return f"no signal: {found}, too few to learn from"
        found += ": the better one named in"
        found += f" {self.accuracy:.3f} of them ({self.low:.3f} to {self.high:.3f})"
        return found if self.signal else f"no signal: {found}; a guess names half"

    @property
    def prefers(self) -> list[tuple[str, float]]:
        """Forms and their weights, the strongest first; none where there is no signal."""
        kept = [pair for pair in self.weights.items() if pair[1]] if self.signal else []
        return sorted(kept, key=lambda pair: (-abs(pair[1]), pair[0]))

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote. Raises `ModelFileBroken`."""
        with ModelFile(path):
            kept = json.loads(path.read_text(encoding="utf-8"))
            return cls(**kept | {"drawn_on": tuple(kept["drawn_on"])})

    def weigh(self, role: str, frame: SentenceFrame, facts: tuple[Fact, ...]) -> float:
        """How much to prefer a frame with these facts (choosing.Weigh); 1 where there is no signal."""
        if not self.signal or role != "title":
            return 1.0
        form = form_of([fact.key for fact in facts])
        return float(np.exp(np.clip(sum(self.weights.get(name, 0.0) * said for name, said in form.items()), -2, 2)))


def form_of(keys: Sequence[str]) -> dict[str, float]:
    """The form of a title that says facts of these keys, in this order.

    >>> list(form_of(["colour", "kind"]))
    ['says colour', 'says kind', 'first colour', 'colour before kind', 'facts']
    """
    order = list(dict.fromkeys(keys))
    form = {f"says {key}": 1.0 for key in order}
    if order:
        form[f"first {order[0]}"] = 1.0
    form.update((f"{one} before {other}", 1.0) for place, one in enumerate(order) for other in order[place + 1 :])
    form["facts"] = float(np.log1p(len(keys)))
    return form


def form_of_title(title: str, language: str, *, makers: frozenset[str], common: frozenset[str]) -> dict[str, float]:
    """The form of a merchant's title; `makers` and `common` as `read_title` takes them."""
    read = read_title(title, language, {}, kinds=frozenset(), makers=makers, common=common)
    return form_of([one.key for one in read.found if one.key not in _PIECES])


def built_alike(descriptions: Sequence[str], *, share: float = 0.5) -> list[int]:
    """A cluster for each description: those that share so much of their lines, numbers apart, with its first one."""
    told = (frozenset(_NUMBER.sub("#", line.strip().casefold()) for line in text.splitlines()) for text in descriptions)
    return alike([frozenset(line for line in lines if len(line) > _LINE) for lines in told], share=share)


def alike(sets: Sequence[frozenset[str]], *, share: float = 0.5) -> list[int]:
    """A cluster for each set: those that have so much in common with its first one."""
    first: list[frozenset[str]] = []
    holding: dict[str, list[int]] = defaultdict(list)
    found: list[int] = []
    for lines in sets:
        shared: dict[int, int] = defaultdict(int)
        for line in lines:
            for cluster in holding[line]:
                shared[cluster] += 1
        likeness = {one: count / (len(lines) + len(first[one]) - count) for one, count in shared.items()}
        best = max(sorted(likeness), key=lambda one: likeness[one], default=-1)
        if best < 0 or likeness[best] < share:
            best = len(first)
            first.append(lines)
            for line in lines:
                holding[line].append(best)
        found.append(best)
    return found


def matched_pairs(
    outcomes: Sequence[ListingOutcome], config: SuccessConfig, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Places of the better and the other one [P, 2], of one cluster, category, price and age each."""
    alike: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, one in enumerate(outcomes):
        alike[one.cluster, one.category].append(place)
    rate_N = np.log([one.rate for one in outcomes])
    days_N = np.log([one.days for one in outcomes])
    price_N = np.log([max(one.price, 0.01) for one in outcomes])
    of_cluster: dict[int, list[NDArray[np.int64]]] = defaultdict(list)
    for (cluster, _), places in alike.items():
        held = np.array(places)
        upper, lower = np.triu_indices(len(held), 1)
        a, b = held[upper], held[lower]
        fit = np.abs(rate_N[a] - rate_N[b]) >= np.log(config.times)
        fit &= np.abs(price_N[a] - price_N[b]) <= config.price
        fit &= np.abs(days_N[a] - days_N[b]) <= config.age
        better = rate_N[a] > rate_N[b]
        of_cluster[cluster].append(np.stack([np.where(better, a, b), np.where(better, b, a)], axis=1)[fit])
    kept = []
    for parts in of_cluster.values():
        pairs = np.concatenate(parts)
        kept.append(rng.permutation(pairs)[: config.pairs_of_a_cluster] if len(pairs) else pairs)
    return np.concatenate(kept) if kept else np.zeros((0, 2), dtype=np.int64)


def did_better(
    outcomes: Sequence[ListingOutcome], config: SuccessConfig | None = None, *, rng: np.random.Generator
) -> tuple[list[str], bool]:
    """Ids of the listings that did better than their like more often than worse, the most often first, and whether
    pairs told so; where there are too few of them, those with a rate above the middle one of their category."""
    config = config or SuccessConfig()
    pairs = matched_pairs(outcomes, config, rng)
    if len(pairs) >= config.least:
        ahead = np.bincount(pairs[:, 0], minlength=len(outcomes)) - np.bincount(pairs[:, 1], minlength=len(outcomes))
        best: list[int] = np.flatnonzero(ahead > 0).tolist()
        return [outcomes[place].id for place in sorted(best, key=lambda one: (-ahead[one], outcomes[one].id))], True
    rates: dict[str, list[float]] = defaultdict(list)
    for one in outcomes:
        rates[one.category].append(one.rate)
    middle = {name: float(np.median(found)) for name, found in rates.items()}
    above = [one for one in outcomes if one.rate > middle[one.category]]
    return [one.id for one in sorted(above, key=lambda one: (middle[one.category] - one.rate, one.id))], False


def learn_success(
    outcomes: Sequence[ListingOutcome], config: SuccessConfig | None = None, *, rng: np.random.Generator
) -> Success:
    """Learn which forms did better, and judge it on clusters that were not learnt from."""
    config = config or SuccessConfig()
    pairs = matched_pairs(outcomes, config, rng)
    if len(pairs) < config.least:
        return Success(pairs=len(pairs), clusters=len({outcomes[place].cluster for place in pairs[:, 0]}))
    found = Counter(name for one in outcomes for name in one.form)
    names = sorted(name for name, count in found.items() if count >= config.said_least)
    place_of = {name: place for place, name in enumerate(names)}
    forms = np.zeros((len(outcomes), len(names)))
    for row, one in enumerate(outcomes):
        for name in one.form.keys() & place_of.keys():
            forms[row, place_of[name]] = one.form[name]
    ahead = forms[pairs[:, 0]] - forms[pairs[:, 1]]
    told = np.abs(ahead).sum(axis=1) > 0
    pairs, ahead = pairs[told], ahead[told]
    cluster_P = np.array([outcomes[place].cluster for place in pairs[:, 0]], dtype=np.int64)
    clusters = np.unique(cluster_P)
    if len(pairs) < config.least or len(clusters) < config.folds:
        return Success(pairs=len(pairs), clusters=len(clusters))
    right_P = np.mean([_named(ahead, cluster_P, config, rng) for _ in range(config.repeats)], axis=0)
    right = np.array([right_P[cluster_P == one].sum() for one in clusters])
    size = np.array([(cluster_P == one).sum() for one in clusters])
    drawn = rng.integers(0, len(clusters), (config.resamples, len(clusters)))
    low, high = np.quantile(right[drawn].sum(axis=1) / size[drawn].sum(axis=1), [0.025, 0.975])
    weights = _fitted(ahead, config)
    wins = np.bincount(pairs[:, 0], minlength=len(outcomes))
    best = sorted(np.flatnonzero(wins).tolist(), key=lambda place: (-wins[place], outcomes[place].id))
    return Success(
        accuracy=float(right_P.mean()),
        low=float(low),
        high=float(high),
        pairs=len(pairs),
        clusters=len(clusters),
        weights=dict(zip(names, weights.tolist(), strict=True)),
        drawn_on=tuple(outcomes[place].id for place in best),
    )


def _named(
    ahead: NDArray[np.float64], cluster_P: NDArray[np.int64], config: SuccessConfig, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Whether what was learnt on other clusters names the better one of each pair [P]; a half where it names none."""
    clusters = rng.permutation(np.unique(cluster_P))
    fold_of = dict(zip(clusters.tolist(), (np.arange(len(clusters)) % config.folds).tolist(), strict=True))
    fold_P = np.array([fold_of[one] for one in cluster_P.tolist()])
    right_P = np.zeros(len(ahead))
    for fold in range(config.folds):
        score = ahead[fold_P == fold] @ _fitted(ahead[fold_P != fold], config)
        right_P[fold_P == fold] = np.where(score == 0, 0.5, score > 0)
    return right_P


def _fitted(ahead: NDArray[np.float64], config: SuccessConfig) -> NDArray[np.float64]:
    """Weights [F] of differences [P, F], each seen from both sides."""
    both = np.concatenate([ahead, -ahead])
    return fit_odds(both, np.repeat([1.0, 0.0], len(ahead)), ridge=config.ridge)
