"""Experiments drawn from simulated shoppers, with a planted uplift, looked at every day: for experiments.py."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.experiments.power import shoppers_needed
from bottega.experiments.sequential import ACTIVE_LEAST, mixing, uplift
from bottega.experiments.sums import Sums

__all__ = ["coverage"]

Floats = NDArray[np.float64]
ALPHA = 0.05
DAYS = 28
A_DAY = 8_000
"""Shoppers of both variants, a day."""
MOST_UPLIFT = 0.05
_AT_ONCE = 25


@dataclass(frozen=True)
class Drawn:
    """Daily totals of R experiments, from the first day on [R, DAYS]."""

    shoppers: Floats
    active: Floats
    total: Floats
    squares: Floats


def drawn(
    values: Floats, keep: float, repeats: int, rng: np.random.Generator, *, a_day: int = A_DAY // 2, tail: float = 0.0
) -> Drawn:
    """Experiments in which a variant gets about `a_day` shoppers a day, who pay as these do [B], each with probability
    `keep` and else nothing. `tail`: sigma of a lognormal factor with mean 1 on top."""
    buyers = values[values > 0]
    share = keep * len(buyers) / len(values)
    found = []
    for start in range(0, repeats, _AT_ONCE):
        rows = min(_AT_ONCE, repeats - start)
        came = rng.poisson(a_day, (rows, DAYS))
        active = rng.binomial(came, share)
        paid = buyers[rng.integers(0, len(buyers), active.sum())]
        if tail:
            paid = paid * rng.lognormal(-(tail**2) / 2, tail, len(paid))
        cell = np.repeat(np.arange(rows * DAYS), active.ravel())
        sums = [np.bincount(cell, weights=one, minlength=rows * DAYS).reshape(rows, DAYS) for one in (paid, paid**2)]
        found.append([one.cumsum(axis=1) for one in (came, active, *sums)])
    return Drawn(*(np.concatenate(column).astype(np.float64) for column in zip(*found, strict=True)))


Interval = tuple[float, float] | None
Method = Callable[[Sums, Sums, float], Interval]


def one_look(control: Sums, variant: Sums, rho2: float) -> Interval:
    """The usual 95% interval, made for one look."""
    return _about(control, variant, 1.96)


def stitched(control: Sums, variant: Sums, rho2: float) -> Interval:
    """Howard, Ramdas, McAuliffe & Sekhon 2021, https://arxiv.org/abs/1810.08240, equation 2; variance estimated."""
    shoppers = control.shoppers + variant.shoppers
    if shoppers < 3:
        return None
    return _about(control, variant, 1.7 * math.sqrt(math.log(math.log(2 * shoppers)) + 0.72 * math.log(10.4 / ALPHA)))


def ours(control: Sums, variant: Sums, rho2: float) -> Interval:
    """What the package gives."""
    found = uplift(control, variant, rho2=rho2, alpha=ALPHA)
    return (found.low, found.high) if found else None


def _about(control: Sums, variant: Sums, reach: float) -> Interval:
    if min(control.active, variant.active) < ACTIVE_LEAST:
        return None
    error = math.sqrt(control.relative_variance / control.shoppers + variant.relative_variance / variant.shoppers)
    middle = math.log(variant.mean / control.mean)
    return math.expm1(middle - reach * error), math.expm1(middle + reach * error)


METHODS: dict[str, Method] = {"for one look": one_look, "stitched": stitched, "mixture (taken)": ours}


def judged(name: str, control: Drawn, variant: Drawn, truth: float, rho2: float, planned: int) -> list[dict[str, Any]]:
    """How often each kind of interval missed the truth at any look, and how often it called a difference."""
    repeats = len(control.shoppers)
    by_plan = min(DAYS, math.ceil(planned / A_DAY)) - 1
    lines = []
    for label, method in METHODS.items():
        missed = np.zeros(repeats, dtype=np.bool_)
        shown = np.full(repeats, DAYS)
        ends: list[float] = []
        for r in range(repeats):
            for day in range(DAYS):
                found = method(_sums(control, r, day), _sums(variant, r, day), rho2)
                if found is None:
                    continue
                missed[r] |= not found[0] <= truth <= found[1]
                if (found[0] > 0 or found[1] < 0) and shown[r] == DAYS:
                    shown[r] = day
                if day == DAYS - 1:
                    ends.append((found[1] - found[0]) / 2)
        lines.append(
            {
                "experiments": name,
                "interval": label,
                "ever missed the truth": f"{missed.mean():.1%}",
                "ever called a difference": f"{(shown < DAYS).mean():.1%}",
                f"by day {by_plan + 1}": f"{(shown <= by_plan).mean():.1%}",
                "half its width at the end": f"{np.mean(ends):.1%}" if ends else "none",
            }
        )
    return lines


def _sums(drawn: Drawn, r: int, day: int) -> Sums:
    return Sums(
        int(drawn.shoppers[r, day]), int(drawn.active[r, day]), float(drawn.total[r, day]), float(drawn.squares[r, day])
    )


def coverage(with_rails: Floats, without: Floats, *, repeats: int, seed: int) -> list[dict[str, Any]]:
    """Uplifts of 0, 2 and 5 %, heavier tails, and the rails themselves against none."""
    rng = np.random.default_rng(seed)
    planned = shoppers_needed(MOST_UPLIFT, Sums.of(with_rails).relative_variance)
    rho2 = mixing(planned, ALPHA)
    base = 1 / (1 + MOST_UPLIFT)
    lines = []
    for planted in (0.0, 0.02, 0.05):
        control = drawn(with_rails, base, repeats, rng)
        variant = drawn(with_rails, base * (1 + planted), repeats, rng)
        lines += judged(f"planted {planted:.0%}", control, variant, planted, rho2, planned)
    few = {"a_day": 500, "tail": 1.5}
    heavy = [drawn(with_rails, 0.1, repeats, rng, **few) for _ in range(2)]  # type: ignore[arg-type]
    lines += judged("planted 0%, heavy tails, few buyers", heavy[0], heavy[1], 0.0, rho2, planned)
    truth = with_rails.mean() / without.mean() - 1
    rails = [drawn(values, 1.0, repeats, rng) for values in (without, with_rails)]
    lines += judged(f"the rails against none, {truth:+.1%}", rails[0], rails[1], truth, rho2, planned)
    return lines
