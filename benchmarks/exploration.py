"""Whether estimates from exploration can be believed, on the demo shop's click model; its page: exploration.md.

    python benchmarks/exploration.py [--shoppers 8000] [--repeats 500] [--asked 1500] [--seed 7] [--json]

Shoppers of the simulator get lists from a recommender that knows their taste with noise; one place of each is given by
the package's chances. The click model says how likely each candidate is to be opened there, so that what another way to
choose would earn is known. Then shoppers, products and clicks are drawn many times, and each time estimated.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.demo_store.catalogue import DAYS, design_catalogue
from bottega.datasets.demo_store.sessions import Simulation
from bottega.datasets.demo_store.shelves import Shelves
from bottega.datasets.demo_store.shoppers import draw_shoppers
from bottega.experiments.exploration import chances, spread
from bottega.experiments.off_policy import (
    ChanceLog,
    Estimate,
    doubly_robust,
    effective,
    enough,
    inverse_propensity,
    self_normalised,
    shown,
)
from common import machine

Floats = NDArray[np.float64]
PRODUCTS, LISTS, COUNT, AMONG = 600, 3, 10, 20
"""Products of the shop; lists of a shopper; products of a list; candidates of a place."""
LOOKS = 0.55
"""How often the demo's shoppers look among what is listed before them."""
NOISE = 1.0
"""What the recommender does not know of a shopper's taste, in standard deviations of it."""


@dataclass(frozen=True)
class World:
    """One explored place of each of L lists, with everything that is known of it."""

    shopper: NDArray[np.int64]
    rank: NDArray[np.int64]
    scores: Floats
    """[L, AMONG]"""
    logged: Floats
    clicked: Floats
    """How likely each candidate is to be opened there [L, AMONG]."""
    known: Floats
    """Shoppers who met each candidate [L, AMONG]."""
    lifted: NDArray[np.bool_]
    """Candidates in the pattern that a rule would boost [L, AMONG]."""


def world(shoppers: int, seed: int) -> World:
    designs, people, acts = (np.random.default_rng(one) for one in np.random.SeedSequence(seed).spawn(3))
    catalogue = design_catalogue(PRODUCTS, designs)
    drawn = draw_shoppers(shoppers, people)
    walk = Simulation(catalogue, drawn, Shelves(catalogue), acts)
    who = np.repeat(np.arange(shoppers), LISTS)
    pool = np.argsort(acts.random((len(who), len(catalogue))), axis=1)[:, :120].astype(np.int32)
    day = np.full(len(who), DAYS / 2, dtype=np.float32)
    drawn_to = (1.1 * walk._liking(who, pool, day) + walk._pull[pool]).astype(np.float64)
    said = drawn_to + acts.normal(0, NOISE * drawn_to.std(), drawn_to.shape)
    order = np.argsort(-said, axis=1)[:, : COUNT + AMONG]
    rows = np.arange(len(who))[:, None]
    # as `calibrated` has it: the best 1, the middle 0.5
    middle = np.median(said, axis=1, keepdims=True)
    score = 0.5 + 0.5 * (said - middle) / (said.max(axis=1, keepdims=True) - middle)
    rank = acts.integers(0, COUNT, len(who))
    listed = order[:, :COUNT]
    among = np.concatenate([np.take_along_axis(listed, rank[:, None], 1), order[:, COUNT : COUNT + AMONG - 1]], axis=1)
    pull = np.exp(drawn_to)
    held = pull[rows, listed] * np.exp(-0.07 * np.arange(COUNT))
    rest = held.sum(axis=1) - held[np.arange(len(who)), rank]
    mine = pull[rows, among] * np.exp(-0.07 * rank)[:, None]
    known = np.round(catalogue.popularity / catalogue.popularity.max() * 400)[pool[rows, among]].astype(np.float64)
    scores = score[rows, among]
    order = np.argsort(-scores, axis=1, kind="stable")
    sort = [np.take_along_axis(one, order, 1) for one in (scores, LOOKS * mine / (mine + rest[:, None]), known)]
    patterns = np.take_along_axis(catalogue.pattern[pool[rows, among]], order, 1)
    logged = np.stack([chances(w, spread(k)) for w, k in zip(sort[0], sort[2], strict=True)])
    return World(who, rank + 1, sort[0], logged, sort[1], sort[2], patterns == 1)


def _first(worth: Floats) -> Floats:
    found = np.zeros_like(worth)
    found[np.arange(len(worth)), worth.argmax(axis=1)] = 1.0
    return found


WAYS: dict[str, Callable[[World], Floats]] = {
    "best": lambda w: _first(w.scores),
    "a pattern boosted by 1.3": lambda w: _first(w.scores * np.where(w.lifted, 1.3, 1.0)),
    "popular": lambda w: _first(w.known),
    "random": lambda w: np.full_like(w.scores, 1 / AMONG),
}


def robust(tried: ChanceLog, features: Floats) -> Estimate:
    return doubly_robust(tried, features)


def where_alike(tried: ChanceLog, features: Floats) -> Estimate:
    """What one might think: the mean where what was shown is what the other way would show, chances left aside."""
    rows = np.arange(len(tried.taken))
    alike = tried.wanted[rows, tried.taken] > 0
    few = ChanceLog(
        rewards=tried.rewards[alike],
        taken=tried.taken[alike],
        logged=tried.logged[alike],
        wanted=tried.wanted[alike],
        shoppers=tried.shoppers[alike],
    )
    return shown(few)


METHODS: dict[str, Callable[[ChanceLog, Floats], Estimate]] = {
    "doubly robust (said first)": robust,
    "self-normalised": lambda tried, features: self_normalised(tried),
    "inverse propensity": lambda tried, features: inverse_propensity(tried),
    "mean where alike": where_alike,
}


def judged(w: World, *, repeats: int, asked: int, seed: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)
    wanted = {name: way(w) for name, way in WAYS.items()}
    truth = {name: float((one * w.clicked).sum(axis=1).mean()) for name, one in wanted.items()}
    rank = np.broadcast_to(w.rank[:, None], w.scores.shape)
    features = np.stack([np.ones_like(w.scores), w.scores, w.scores**2, np.log1p(w.known), rank], axis=2)
    ends = w.logged.cumsum(axis=1)
    found: dict[tuple[str, str], list[Estimate]] = {(name, how): [] for name in WAYS for how in METHODS}
    worth: dict[str, list[float]] = {name: [] for name in WAYS}
    said: dict[str, list[bool]] = {name: [] for name in WAYS}
    shoppers = int(w.shopper.max()) + 1
    for _ in range(repeats):
        came = rng.integers(0, shoppers, asked)
        rows = (came[:, None] * LISTS + np.arange(LISTS)).ravel()
        taken = np.minimum((rng.random(len(rows))[:, None] >= ends[rows]).sum(axis=1), AMONG - 1)
        rewards = (rng.random(len(rows)) < w.clicked[rows, taken]).astype(np.float64)
        codes = np.repeat(np.arange(asked), LISTS)
        for name in WAYS:
            tried = ChanceLog(rewards, taken, w.logged[rows], wanted[name][rows], codes)
            worth[name].append(effective(tried)[0])
            said[name].append(enough(tried))
            for how, method in METHODS.items():
                found[name, how].append(method(tried, features[rows]))
    lines = []
    for (name, how), each in found.items():
        values = np.array([one.value for one in each])
        told = [one for one, is_said in zip(each, said[name], strict=True) if is_said]
        holds = [one.low <= truth[name] <= one.high for one in told]
        widths = [(one.high - one.low) / 2 / truth[name] for one in told]
        lines.append(
            {
                "way to choose": name,
                "truth": f"{truth[name]:.2%}",
                "estimate": how,
                "bias": f"{(values.mean() - truth[name]) / truth[name]:+.1%}",
                "worth places": f"{np.mean(worth[name]):,.0f}",
                "enough to say": f"{len(told) / repeats:.0%}",
                "of these, intervals that hold the truth": f"{np.mean(holds):.1%}" if told else "none",
                "half their width": f"{np.mean(widths):.0%}" if told else "none",
            }
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shoppers", type=int, default=8_000, help="simulated")
    parser.add_argument("--repeats", type=int, default=500, help="draws of the click model")
    parser.add_argument("--asked", type=int, default=1_500, help="shoppers of one draw, three places each")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    simulated = world(asked.shoppers, asked.seed)
    lines = judged(simulated, repeats=asked.repeats, asked=asked.asked, seed=asked.seed)
    was = float((simulated.logged * simulated.clicked).sum(axis=1).mean())
    parts = {"explored places that are clicked": round(was, 5), "estimates": lines}
    if asked.json:
        print(json.dumps(parts))
        return
    draws = f"{asked.repeats} draws of {asked.asked:,}"
    print(f"{machine()}; {asked.shoppers:,} simulated shoppers, {draws}, seed {asked.seed}")
    print(f"explored places that are clicked: {was:.2%}\n")
    columns = list(lines[0])
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for line in lines:
        print(f"| {' | '.join(line.values())} |")


if __name__ == "__main__":
    main()
