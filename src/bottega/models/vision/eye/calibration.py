"""Temperature: one number a head that makes its chances as honest as they can be made without changing any answer.

Where there is a second opinion, another number says how much it counts beside the first.

Source   Guo et al. 2017, "On Calibration of Modern Neural Networks", https://arxiv.org/abs/1706.04599, section 4.2.
Shapes   N photos, C classes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from bottega.names import FloatArray, IntArray

__all__ = ["Fit", "fit_temperature"]

_LEAST = 20
"""Known labels below which the logits are left as they are."""


class Fit(NamedTuple):
    """A temperature, the weight of a second opinion, and the mean surprise (nats) of the labels that both leave."""

    temperature: float
    trust: float
    surprise: float


def fit_temperature(logits: FloatArray, codes: IntArray, second: FloatArray | None = None) -> Fit:
    """What to divide logits [N, C] by so that the labels [N] (-1 unknown) are most likely; 1 with too few of them.

    To the quotient comes the second opinion, logarithms of chances [N, C], times a trust between 0 and 1.
    """
    known = codes >= 0
    rows, targets = logits[known].astype(np.float64), codes[known]
    others = np.zeros_like(rows) if second is None else second[known].astype(np.float64)

    def surprise(weights: NDArray[np.float64]) -> float:
        scaled = rows * weights[0] + others * weights[1]
        return float((logsumexp(scaled, axis=1) - scaled[np.arange(len(rows)), targets]).mean())

    if len(rows) < _LEAST:
        return Fit(1.0, 0.0, surprise(np.array([1.0, 0.0])) if len(rows) else 0.0)
    most = 0.0 if second is None else 1.0
    found = minimize(surprise, x0=[1.0, most / 2], bounds=[(0.2, 5.0), (0.0, most)])
    return Fit(round(float(1 / found.x[0]), 4), round(float(found.x[1]), 4), float(found.fun))
