"""Train outfits: what the shop's own orders teach on top of the shipped model."""

from __future__ import annotations

import time

import numpy as np

from bottega.actions.closet.garments import catalogue_garments
from bottega.actions.closet.shapes import TrainOutfitsRequest
from bottega.datasets.load import histories_of
from bottega.errors import EventsTooFew
from bottega.models.vision.outfits import Outfits
from bottega.models.vision.outfits_training import bought_pairs
from bottega.models.vision.slots import SLOTS
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import RunInfo
from bottega.shop.trained.runs import keep_run
from bottega.shop.trained.shipped_models import OUTFITS

__all__ = ["train_outfits"]

LEAST_PAIRS = 200
"""Pairs bought together below which the shipped model knows better."""


def train_outfits(shop: OpenShop, request: TrainOutfitsRequest, *, progress: Progress = silent) -> RunInfo:
    """Go on from the shipped model with what this shop's shoppers bought together, and record the run.

    Raises `EventsTooFew`. Where the shop has an eye of its own, vectors count for nothing and colours alone are learnt.
    """
    folder = shop.folder
    seed = folder.settings.seed if request.seed is None else request.seed
    started = time.monotonic()
    index = shop.search_index(look_at_all=True, progress=progress)
    with shop.floor() as floor:
        items, shelf = floor.items, floor.shelf
    firsts, slots_of = items.firsts(), index.slots
    known = (firsts >= 0) & (firsts < len(slots_of))
    codes = np.where(known, slots_of[np.where(known, firsts, 0)], -1).astype(np.int32)
    frame = folder.store.events.frame(folder.settings.personalisation_consent)
    pairs = bought_pairs(histories_of(frame, items)[0], codes)
    if len(pairs) < LEAST_PAIRS:
        raise EventsTooFew(
            f"The shop's orders hold {len(pairs)} pairs of garments of different slots.",
            allowed=f"Outfits are learnt from {LEAST_PAIRS}.",
            next_step="Import more purchases; until then the shipped model answers.",
        )
    chosen, rows = np.unique(pairs, return_inverse=True)
    worn = shelf.products_at(firsts[chosen].tolist())
    slots = [SLOTS[code] for code in codes[chosen].tolist()]
    garments = catalogue_garments(shop, index, worn, slots, most=None)
    shipped: Outfits = shop.models.shipped.get(OUTFITS)
    garments = shipped.readable(garments, index.eye.version)
    model = Outfits().fit(
        garments,
        rows.reshape(pairs.shape).astype(np.int32),
        rng=np.random.default_rng(seed),
        start=shipped,
        device=request.device,
        progress=progress,
    )
    run = keep_run(
        folder,
        lambda place: model.save(place / "model"),
        room=OUTFITS.room,
        ability=OUTFITS.name,
        name=OUTFITS.name,
        folder=folder.models / OUTFITS.room / OUTFITS.name,
        started=started,
        seed=seed,
        products=len(chosen),
        events_seen=frame.height,
        shoppers=frame["shopper"].n_unique(),
        measures={"pairs": float(len(pairs))},
    )
    return RunInfo.model_validate(run, from_attributes=True)
