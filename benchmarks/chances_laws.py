"""The laws of buying that chances are compared with: BG/NBD and Pareto/NBD, fitted by likelihood.

Source   BG/NBD: Fader, Hardie & Lee 2005, https://doi.org/10.1287/mksc.1040.0098, equations 6 and 8. Pareto/NBD:
         Schmittlein, Morrison & Colombo 1987, https://doi.org/10.1287/mnsc.33.1.1, as in Fader & Hardie 2005, "A note
         on deriving the Pareto/NBD model", http://www.brucehardie.com/notes/009/.
Differs  Asked for is not the expected number of orders but that there is any within some days: while somebody lives,
         their rate of buying is gamma distributed, which gives it in closed form (BG/NBD) or by quadrature (Pareto).
Shapes   S shoppers: `again` [S] orders after the first, `last` [S] days from the first to the last of them, `age` [S]
         days from the first until now.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1
from scipy.stats import gamma

__all__ = ["bg_nbd", "pareto_nbd"]

Double = NDArray[np.float64]
LEARNT_FROM = 1_000
"""Shoppers that the slow law is fitted to, drawn at random."""
NODES = 16


def bg_nbd(again: Double, last: Double, age: Double, days: int) -> Double:
    """That each buys within `days` [S]."""

    def likelihood(logs: Double) -> float:
        r, alpha, a, b = np.exp(logs)
        common = gammaln(r + again) - gammaln(r) + r * np.log(alpha) + betaln(a, b + again) - betaln(a, b)
        lives = -(r + again) * np.log(alpha + age)
        gone = np.log(a) - np.log(b + np.maximum(again, 1) - 1) - (r + again) * np.log(alpha + last)
        return -float((common + np.logaddexp(lives, np.where(again > 0, gone, -np.inf))).mean())

    limits = [(-7, 7), (-3, 10), (-7, 7), (-7, 9)]
    r, alpha, a, b = np.exp(minimize(likelihood, np.log([0.5, 30, 1, 3]), method="L-BFGS-B", bounds=limits).x)
    odds = a / (b + np.maximum(again, 1) - 1) * np.exp((r + again) * (np.log(alpha + age) - np.log(alpha + last)))
    lives = 1 / (1 + np.where(again > 0, odds, 0.0))
    return np.asarray(-lives * np.expm1((r + again) * (np.log(alpha + age) - np.log(alpha + age + days))))


def pareto_nbd(again: Double, last: Double, age: Double, days: int, *, rng: np.random.Generator) -> Double:
    """The same."""
    some = rng.permutation(len(again))[:LEARNT_FROM]

    def likelihood(logs: Double) -> float:
        r, alpha, s, beta = np.exp(logs)
        lives, gone = _pareto(again[some], last[some], age[some], r, alpha, s, beta)
        common = gammaln(r + again[some]) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
        value = -float((common + np.logaddexp(lives, gone)).mean())
        return value if np.isfinite(value) else 1e6

    limits = [(-7, 7), (-3, 10), (-7, 7), (-3, 12)]
    r, alpha, s, beta = np.exp(minimize(likelihood, np.log([0.5, 30, 0.5, 100]), method="L-BFGS-B", bounds=limits).x)
    lives, gone = _pareto(again, last, age, r, alpha, s, beta)
    middles = (np.arange(NODES) + 0.5) / NODES
    dies = gamma.ppf(middles, s)[None, :] / (beta + age[:, None])
    found = np.zeros(len(again))
    for number in np.unique(again):
        rows = again == number
        rates = gamma.ppf(middles, r + number)[None, :] / (alpha + age[rows, None])
        both = rates[:, :, None] + dies[rows][:, None, :]
        found[rows] = (rates[:, :, None] / both * -np.expm1(-both * days)).mean(axis=(1, 2))
    return np.asarray(found / (1 + np.exp(np.clip(gone - lives, -700, 700))))


def _pareto(
    again: Double, last: Double, age: Double, r: float, alpha: float, s: float, beta: float
) -> tuple[Double, Double]:
    """Logarithms of what the likelihood owes to shoppers who live, and to those who left after their last order."""
    power = r + s + again
    larger, second = (alpha, s + 1) if alpha >= beta else (beta, r + again)
    logs = [_log_term(power, second, abs(alpha - beta), larger + days) for days in (last, age)]
    gone = np.log(s) - np.log(power) + logs[0] + np.log(-np.expm1(np.minimum(logs[1] - logs[0], -1e-12)))
    return -(r + again) * np.log(alpha + age) - s * np.log(beta + age), gone


def _log_term(power: Double, second: Double | float, apart: float, days: Double) -> Double:
    """log of F(power, second; power + 1; apart / days) / days^power. Pfaff's transformation bears many orders, the
    series itself what is near 1."""
    z = apart / days
    with np.errstate(all="ignore"):
        plain = np.log(hyp2f1(power, second, power + 1, z))
        turned = np.log(hyp2f1(1.0, second, power + 1, z / (z - 1))) - second * np.log1p(-z)
    return np.asarray(np.where(np.isfinite(turned), turned, plain) - power * np.log(days))
