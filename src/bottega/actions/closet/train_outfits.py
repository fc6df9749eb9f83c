"""The shop's model of outfits: what its own orders taught on top of the shipped one, else the shipped one."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path

import numpy as np

from bottega.actions.closet.garments import catalogue_garments
from bottega.actions.closet.shapes import TrainOutfitsRequest
from bottega.datasets.load import histories_of
from bottega.errors import EventsTooFew
from bottega.models.vision.outfits import Outfits
from bottega.models.vision.outfits_training import bought_pairs
from bottega.models.vision.slots import SLOTS
from bottega.progress import Progress, silent
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.product_slots import code_of_product
from bottega.shop.runs import keep_run
from bottega.shop.search_index import search_index
from bottega.shop.shape import RunInfo

__all__ = ["OUTFITS", "outfits_of", "train_outfits"]

OUTFITS = "outfits"
"""The room of these trainings among the shop's model runs."""
LEAST_PAIRS = 200
"""Pairs bought in one order below which the shipped model knows better."""


def outfits_of(shop: ShopFolder) -> Outfits:
    """The newest model that this shop trained, else the shipped one; read once and kept. Raises `ModelFileBroken`."""
    run = shop.store.runs.latest(OUTFITS)
    return _shipped() if run is None else _trained(shop.root / run.folder)


@lru_cache(maxsize=1)
def _shipped() -> Outfits:
    return Outfits.shipped()


@lru_cache(maxsize=4)
def _trained(folder: Path) -> Outfits:
    return Outfits.load(folder / "model")


def train_outfits(shop: OpenShop, request: TrainOutfitsRequest, *, progress: Progress = silent) -> RunInfo:
    """Go on from the shipped model with what this shop's shoppers bought in one order, and record the run.

    Raises `EventsTooFew`. Where the shop has an eye of its own, vectors count for nothing and colours alone are learnt.
    """
    folder = shop.folder
    seed = folder.settings.seed if request.seed is None else request.seed
    started = time.monotonic()
    index = search_index(shop)
    with index.hold(look_at_all=True, progress=progress):
        with shop.floor() as floor:
            floor.refresh()
            items = floor.live.items
            firsts = [next(iter(floor.live.variants(item)), None) for item in range(len(items))]
        codes = np.array([code_of_product(product) if product else -1 for product in firsts], dtype=np.int32)
        frame = folder.store.events.frame(folder.settings.personalisation_consent)
        pairs = bought_pairs(histories_of(frame, items)[0], codes)
        if len(pairs) < LEAST_PAIRS:
            raise EventsTooFew(
                f"The shop's orders hold {len(pairs)} pairs of garments of different slots.",
                allowed=f"Outfits are learnt from {LEAST_PAIRS}.",
                next_step="Import more purchases; until then the shipped model answers.",
            )
        chosen, rows = np.unique(pairs, return_inverse=True)
        worn = [product for product in (firsts[item] for item in chosen.tolist()) if product is not None]
        slots = [SLOTS[code] for code in codes[chosen].tolist()]
        garments = catalogue_garments(shop, index, worn, slots, most=None)
        shipped = _shipped()
        garments = shipped.readable(garments, index.eye.version)
    model = Outfits().fit(
        garments,
        rows.reshape(pairs.shape).astype(np.int32),
        rng=np.random.default_rng(seed),
        start=shipped,
        progress=progress,
    )
    run = keep_run(
        folder,
        lambda place: model.save(place / "model"),
        room=OUTFITS,
        name=OUTFITS,
        folder=folder.models / "vision" / OUTFITS,
        started=started,
        seed=seed,
        products=len(chosen),
        events_seen=frame.height,
        shoppers=frame["shopper"].n_unique(),
        measures={"pairs": float(len(pairs))},
    )
    return RunInfo.model_validate(run, from_attributes=True)
