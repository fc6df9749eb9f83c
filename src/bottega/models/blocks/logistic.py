"""Logistic regression: which of several, given what is known of each case; one likelihood with a quadratic penalty.

Two forms of it: `fit_softmax` where all cases have the same classes, `fit_odds` for yes or no; choice.py has the third.

Source   Hastie et al. 2009, https://hastie.su.domains/ElemStatLearn/, section 4.4.
Shapes   C classes, N cases, F features.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bottega.names import FloatArray, IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

__all__ = ["chance", "fit_odds", "fit_softmax"]


def fit_softmax(
    features_NF: FloatArray | csr_matrix,
    labels_N: IntArray,
    n_classes: int,
    *,
    ridge: float,
    constant_ridge: float = 0.0,
    steps: int,
    tolerance: float = 1e-5,
) -> FloatArray:
    """Weights [F + 1, C] that minimise the summed -log p(label) + `ridge` / 2 * |weights|^2; the last row is constant.

    The constant is drawn to 0 by `constant_ridge` instead. At most `steps` steps, ended sooner where the slope a case
    is below `tolerance`. Features may be sparse.
    """
    from scipy.optimize import minimize  # a third of a second and 20 MB that a server, which fits nothing, need not pay
    from scipy.sparse import hstack, issparse
    from scipy.special import log_softmax

    rows, size = np.arange(len(labels_N)), features_NF.shape[1]
    ones = np.ones((len(labels_N), 1), dtype=np.float32)
    given: Any = features_NF
    beside: list[Any] = [given, ones]
    inputs: Any = hstack(beside, format="csr") if issparse(given) else np.concatenate(beside, axis=1)
    backward: Any = inputs.T.tocsr() if issparse(given) else inputs.T
    penalty = np.full((size + 1, 1), ridge)
    penalty[-1] = constant_ridge

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        table = flat.reshape(size + 1, n_classes)
        logs = log_softmax(inputs @ table.astype(np.float32), axis=1)
        errors = np.exp(logs)
        errors[rows, labels_N] -= 1
        slope = (backward @ errors).astype(np.float64) + penalty * table
        value = -float(logs[rows, labels_N].sum(dtype=np.float64)) + 0.5 * float((penalty * table**2).sum())
        return value / len(rows), slope.ravel() / len(rows)

    found = minimize(
        loss,
        np.zeros((size + 1) * n_classes),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": steps, "gtol": tolerance, "ftol": 2.220446049250313e-4 * tolerance},
    )
    return np.asarray(found.x, dtype=np.float32).reshape(size + 1, n_classes)


def chance(features_NF: NDArray[np.float64], weights_F: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability of yes [N]."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(features_NF @ weights_F, -30.0, 30.0))))


def fit_odds(
    features_NF: NDArray[np.float64],
    answers_N: NDArray[np.float64],
    *,
    ridge: float,
    counts_N: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Weights [F] of greatest likelihood of the answers (1 yes, 0 no), less `ridge` / 2 * |weights|^2.

    `counts_N`: how often each case counts; once where nothing is said.
    """
    from scipy.optimize import minimize

    counts = np.ones(len(answers_N)) if counts_N is None else counts_N

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds_N = features_NF @ weights
        value = counts @ (np.logaddexp(0.0, odds_N) - answers_N * odds_N) + 0.5 * ridge * weights @ weights
        errors_N = counts * (chance(features_NF, weights) - answers_N)
        return float(value), features_NF.T @ errors_N + ridge * weights

    return np.asarray(minimize(loss, np.zeros(features_NF.shape[1]), jac=True, method="L-BFGS-B").x)
