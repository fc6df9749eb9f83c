"""What goes on the card of a generator of products: its figures beside its fences, and what it is held to."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bottega.datasets.photos.asked import AskedPictures
from bottega.evaluation.studio_figures import KEYS, Bench, PictureFigures
from bottega.models.blocks.cards import bars
from bottega.models.studio.products.generator import ProductGenerator

__all__ = ["HELD_AGAINST", "ms_a_picture", "product_measures"]

HELD_AGAINST = ("blurred by 1 px", "mean of the type")
"""The fences that a generator is held against."""
_DRAWN = 10


def product_measures(
    bench: Bench,
    figures: PictureFigures,
    fences: Mapping[str, PictureFigures],
    ms: float,
    *,
    rivals: Sequence[PictureFigures] = (),
) -> tuple[dict[str, float | int | None], dict[str, dict[str, Any]]]:
    """Measures and bars. `rivals`: of variational autoencoders of the same size and seconds, where any were trained."""
    share = bench.relative(figures)
    values: dict[str, float | int | None] = {key: round(figures.values[key], 4) for key in KEYS}
    values |= {"type_of_real": round(share["type"], 4), "colour_of_real": round(share["color"], 4)}
    values |= {"ms": round(ms, 1), "photos": len(bench.asked)}
    blurred, mean = (fences[name].values["kid"] for name in HELD_AGAINST)
    at_most = {"kid": round(blurred, 4), "memorised": 0.01}
    if rivals:
        values["kid_of_vae"] = round(figures.values["kid"] / max(min(one.values["kid"] for one in rivals), 1e-6), 4)
        at_most["kid_of_vae"] = 0.5
    values["kid_of_mean"] = round(figures.values["kid"] / max(mean, 1e-6), 4)
    at_most["kid_of_mean"] = 0.25
    at_least = {"recall": 0.30, "type_of_real": 0.70, "colour_of_real": 0.65}
    return values, bars(values, at_least, at_most)


def ms_a_picture(generator: ProductGenerator, asked: AskedPictures) -> float:
    """Processor time for one picture on one core."""
    generator.draw(asked.take(np.arange(1)), seeds=np.arange(1))
    started = time.process_time()
    for row in range(_DRAWN):
        one = row % len(asked)
        generator.draw(asked.take(np.array([one])), seeds=np.array([row]))
    return 1000 / _DRAWN * (time.process_time() - started)
