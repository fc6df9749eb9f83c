"""What was true in the simulation: written beside the files, never imported, for measuring what models found out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.demo_store.catalogue import COLOUR_NAMES, DAYS, DemoCatalogue
from bottega.datasets.demo_store.departments import DEPARTMENTS
from bottega.datasets.demo_store.mess import Identities, public_numbers
from bottega.datasets.demo_store.shoppers import Shoppers
from bottega.datasets.demo_store.styles import PATTERNS, STYLES

__all__ = ["TASTES_MAX", "truth_of"]

TASTES_MAX = 20_000
"""Tastes are written for at most so many shoppers."""


def truth_of(
    seed: int, catalogue: DemoCatalogue, shoppers: Shoppers, who: Identities, *, start_ms: int
) -> dict[str, Any]:
    """A JSON object: departments and their roles, shoppers and their tastes, bots, guests and devices."""
    n = len(shoppers)
    numbers = public_numbers(len(who.guest))
    told = min(n, TASTES_MAX)

    def table(values: NDArray[Any], digits: int = 3) -> list[Any]:
        return np.round(values[:told].astype(np.float64), digits).tolist()  # type: ignore[no-any-return]

    return {
        "seed": seed,
        "start_ms": start_ms,
        "days": DAYS,
        "departments": [
            {
                "key": d.key,
                "category": list(d.category),
                "role": d.role.value,
                "interval_days": d.interval_days or None,
                "complements": list(d.complements),
                "season": list(d.season),
                "products": int((catalogue.department == i).sum()),
            }
            for i, d in enumerate(DEPARTMENTS)
        ],
        "styles": [s.name for s in STYLES],
        "colours": list(COLOUR_NAMES),
        "patterns": list(PATTERNS),
        "shoppers": {
            "shopper_id": [f"s{number + 10_000}" for number in numbers[:told].tolist()],
            "anonymous_ids": [[f"d{2 * number + 50_000 + k}" for k in (0, 1)] for number in numbers[:told].tolist()],
            "guest": who.guest[:told].tolist(),
            "style": table(shoppers.style),
            "colour": table(shoppers.colour, 2),
            "pattern": table(shoppers.pattern, 2),
            "department": table(shoppers.department, 2),
            "price_rank": table(shoppers.price_rank),
            "price_care": table(shoppers.price_care),
            "pace": table(shoppers.pace),
            "gender": [("either", "women", "men")[code] for code in shoppers.gender[:told].tolist()],
        },
        "bots": [f"s{number + 10_000}" for number in numbers[who.first_bot :].tolist()],
        "bot_devices": [f"d{2 * number + 50_000}" for number in numbers[who.first_bot :].tolist()],
    }
