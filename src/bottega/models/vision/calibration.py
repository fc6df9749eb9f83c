"""Temperature: one number a head that makes its chances as honest as they can be made without changing any answer.

Source   Guo et al. 2017, "On Calibration of Modern Neural Networks", https://arxiv.org/abs/1706.04599, section 4.2.
Shapes   N photos, C classes.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from bottega.names import FloatArray, IntArray

__all__ = ["fit_temperature"]

_LEAST = 20
"""Known labels below which the logits are left as they are."""


def fit_temperature(logits: FloatArray, codes: IntArray) -> float:
    """What to divide logits [N, C] by so that the labels [N] (-1 unknown) are most likely; 1 with too few of them."""
    known = codes >= 0
    if known.sum() < _LEAST:
        return 1.0
    rows, targets = logits[known].astype(np.float64), codes[known]

    def surprise(log_temperature: float) -> float:
        scaled = rows / np.exp(log_temperature)
        return float((logsumexp(scaled, axis=1) - scaled[np.arange(len(rows)), targets]).mean())

    found = minimize_scalar(surprise, bounds=(np.log(0.2), np.log(5.0)), method="bounded")
    return round(float(np.exp(found.x)), 4)
