"""Temperature: one number a head that makes its chances as honest as they can be made without changing any answer.

Source   Guo et al. 2017, "On Calibration of Modern Neural Networks", https://arxiv.org/abs/1706.04599, section 4.2.
Shapes   N photos, C classes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from bottega.names import FloatArray, IntArray

__all__ = ["Fit", "fit_temperature"]

_LEAST = 20
"""Known labels below which the logits are left as they are."""


class Fit(NamedTuple):
    """A temperature, and the mean surprise (nats) of the labels that it leaves."""

    temperature: float
    surprise: float


def fit_temperature(logits: FloatArray, codes: IntArray) -> Fit:
    """What to divide logits [N, C] by so that the labels [N] (-1 unknown) are most likely; 1 with too few of them."""
    known = codes >= 0
    rows, targets = logits[known].astype(np.float64), codes[known]

    def surprise(log_temperature: float) -> float:
        scaled = rows / np.exp(log_temperature)
        return float((logsumexp(scaled, axis=1) - scaled[np.arange(len(rows)), targets]).mean())

    if len(rows) < _LEAST:
        return Fit(1.0, surprise(0.0) if len(rows) else 0.0)
    found = minimize_scalar(surprise, bounds=(np.log(0.2), np.log(5.0)), method="bounded")
    return Fit(round(float(np.exp(found.x)), 4), float(found.fun))
