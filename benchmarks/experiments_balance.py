"""The alarm for a broken split, on right splits and on broken ones: for experiments.py."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import chi2

from bottega.experiments.assignment import assigned
from bottega.experiments.balance import ALARM, imbalance

__all__ = ["balance"]

DAYS = 28
A_DAY = 4_000
HASHED_A_DAY = 400
SHARES = [0.5, 0.5]


def _looked(cumulated: Any) -> tuple[int, bool]:
    """The day of the alarm, DAYS for none; whether a chi-squared test at the same level ever went off."""
    day = next((d for d in range(DAYS) if imbalance([cumulated[d].tolist()], SHARES) < ALARM), DAYS)
    total = cumulated.sum(axis=1, keepdims=True)
    off = ((cumulated - total / 2) ** 2 / (total / 2)).sum(axis=1)
    return day, bool((chi2.sf(off, 1) < ALARM).any())


def balance(*, repeats: int, seed: int) -> list[dict[str, Any]]:
    """Alarms within 28 daily looks, and when."""
    rng = np.random.default_rng(seed)
    lines = []
    for name, lost in (
        ("right", 0.0),
        ("B loses 2% of its shoppers", 0.02),
        ("B loses 5%", 0.05),
        ("B loses 20%", 0.2),
    ):
        days, usual = [], []
        for _ in range(repeats):
            counts = np.stack([rng.poisson(A_DAY / 2, DAYS), rng.poisson(A_DAY / 2 * (1 - lost), DAYS)], axis=1)
            day, chi = _looked(counts.cumsum(axis=0))
            days.append(day)
            usual.append(chi)
        lines.append(_line(f"{name}, {A_DAY:,} shoppers a day", days, usual))
    days, usual = [], []
    for repeat in range(repeats // 5):
        names = [f"{seed}/{repeat}/{one}" for one in range(HASHED_A_DAY * DAYS)]
        got = np.array([assigned(f"salt {repeat}", SHARES, name) for name in names]).reshape(DAYS, -1)
        counts = np.stack([(got == 0).sum(axis=1), (got == 1).sum(axis=1)], axis=1)
        day, chi = _looked(counts.cumsum(axis=0))
        days.append(day)
        usual.append(chi)
    lines.append(_line(f"right, by the hash itself, {HASHED_A_DAY} a day", days, usual))
    return lines


def _line(name: str, days: list[int], usual: list[bool]) -> dict[str, Any]:
    found = [day for day in days if day < DAYS]
    return {
        "split": name,
        "experiments": len(days),
        "alarms": f"{len(found) / len(days):.1%}",
        "on day (median)": 1 + int(np.median(found)) if found else "never",
        "alarms of a chi-squared test looked at as often": f"{np.mean(usual):.1%}",
    }
