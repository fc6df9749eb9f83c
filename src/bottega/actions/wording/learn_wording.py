"""Learn wording: which facts, in which order, stand in the titles of listings that did better than their like, and
the sentences that such listings share.

What is learnt weighs the frames of titles (`models/wording/success.py`). Where the shop's events hold no signal, that
is the answer, and the writer keeps its own order. Sentences of descriptions become frames of the shop's own
(`models/wording/mined_frames.py`); what the merchant switched off before stays off.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from bottega.actions.wording.describe import spoken
from bottega.catalogue.attributes import GENERATED
from bottega.catalogue.product import Product
from bottega.models.wording.facts import FactSheet
from bottega.models.wording.mined_frames import MinedFrames, mine
from bottega.models.wording.success import ListingOutcome, built_alike, did_better, form_of_title, learn_success
from bottega.names import DAY_MS, EventKind, KindCode
from bottega.progress import Progress, silent
from bottega.shop.listings.listing_facts import facts_of, title_words
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Request, Shape
from bottega.shop.trained.models_in_use import WORDING
from bottega.shop.trained.runs import keep_run
from bottega.shop.trained.wording_learnt import FRAMES_FILE, SUCCESS_FILE, learnt_wording

__all__ = ["LearnWordingRequest", "LearntWording", "WordingForm", "learn_wording"]

LEAST_DAYS = 14.0
"""Days on sale that a listing is counted over at least: the first days of one tell little."""
SHOWN = 12
READ_MOST = 5_000
"""Listings whose descriptions are read for frames."""
TRIED_ON = 400
"""Products, drawn by chance, that frames are proved for."""
_AT_A_TIME = 500


class LearnWordingRequest(Request):
    """By what listings are compared."""

    by: Literal["view", "wishlist", "add_to_cart", "purchase"] = Field(
        default="view", description="Events that count as doing well."
    )
    seed: int | None = Field(default=None, ge=0, le=2**31, description="Else the shop's.")


class WordingForm(Shape):
    """What a title may do, and how much better it does by it."""

    form: str = Field(description='As in "colour before kind".')
    weight: float = Field(description="Logarithm of the odds that the title with it is the better one.")


class LearntWording(Shape):
    """What the shop's listings tell."""

    says: str
    signal: bool = Field(description="Whether what was learnt names the better listing more often than a guess.")
    accuracy: float = Field(description="Share of pairs, of clusters not learnt from, whose better one was named.")
    low: float = Field(description="Lower end of its 95 % interval, over clusters.")
    high: float
    pairs: int
    clusters: int
    prefers: list[WordingForm] = Field(description="Strongest first; none without a signal.")
    drawn_on: list[str] = Field(description="Products whose listings did better than their like, most often first.")
    frames: int = Field(description="Frames mined from the descriptions of listings that did better.")
    frames_from: Literal["pairs", "rates"] = Field(
        description="How it was told which did better. pairs: against like listings. rates: for want of pairs, by what "
        "they brought a day, against their category."
    )
    frames_read: int = Field(description="Listings whose descriptions were read for them.")
    frames_refused: dict[str, int] = Field(description="Patterns that made no frame, by the reason.")
    version: str


def learn_wording(shop: OpenShop, request: LearnWordingRequest, *, progress: Progress = silent) -> LearntWording:
    """Compare like listings, learn what the better ones have in common, and keep it as a run."""
    folder = shop.folder
    started = time.monotonic()
    seed = folder.settings.seed if request.seed is None else request.seed
    words = title_words(folder)
    frame = folder.store.events.frame(folder.settings.personalisation_consent)
    last = folder.store.events.last_time_ms() or 0
    first_ms: dict[str, int] = {}
    counts: dict[str, int] = {}
    counted = KindCode[EventKind(request.by).name]
    for name, kind, at in frame.select("product_id", "kind", "time_ms").iter_rows():
        if name is not None:
            first_ms[name] = min(first_ms.get(name, at), at)
            counts[name] = counts.get(name, 0) + (kind == counted)
    language = spoken(shop, None)
    listings = [one for chunk in folder.store.products.iterate() for one in chunk if one.id in first_ms]
    clusters = built_alike([one.description for one in listings])
    outcomes = []
    for place, (product, cluster) in enumerate(zip(listings, clusters, strict=True)):
        days = max((last - first_ms[product.id]) / DAY_MS, LEAST_DAYS)
        form = form_of_title(product.title, language, makers=words.makers, common=words.common)
        price = float(product.price_minor or 0)
        rate = (counts[product.id] + 0.5) / days
        outcomes.append(ListingOutcome(product.id, form, rate, days, "/".join(product.category), price, cluster))
        if place % 500 == 0:
            progress("reading titles", place, len(listings))
    found = learn_success(outcomes, rng=np.random.default_rng(seed))
    better, by_pairs = did_better(outcomes, rng=np.random.default_rng(seed))
    mined = _mined(shop, better, listings, language, progress)

    def save(place: Path) -> None:
        found.save(place / "model" / SUCCESS_FILE)
        mined.save(place / "model" / FRAMES_FILE)

    run = keep_run(
        folder,
        save,
        room="wording",
        ability=WORDING,
        name=WORDING,
        folder=folder.models / "wording" / WORDING,
        started=started,
        seed=seed,
        products=len(listings),
        events_seen=frame.height,
        shoppers=frame["shopper"].n_unique(),
        measures={"accuracy": found.accuracy, "low": found.low, "high": found.high, "pairs": float(found.pairs)},
    )
    return LearntWording(
        says=found.says,
        signal=found.signal,
        accuracy=found.accuracy,
        low=found.low,
        high=found.high,
        pairs=found.pairs,
        clusters=found.clusters,
        prefers=[WordingForm(form=form, weight=weight) for form, weight in found.prefers[:SHOWN]],
        drawn_on=list(found.drawn_on[:SHOWN]),
        frames=len(mined.frames),
        frames_from="pairs" if by_pairs else "rates",
        frames_read=mined.listings,
        frames_refused=dict(mined.refused or {}),
        version=run.version,
    )


def _mined(
    shop: OpenShop, better: Sequence[str], listings: Sequence[Product], language: str, progress: Progress
) -> MinedFrames:
    """Frames from the merchant's own descriptions of listings that did better."""
    folder = shop.folder
    by_id = {one.id: one for one in listings}
    own = [by_id[one] for one in better if by_id[one].description and not _is_written(by_id[one])][:READ_MOST]
    tried_on = random.Random("frames").sample(listings, min(TRIED_ON, len(listings)))
    words = title_words(folder)
    sheets: dict[str, FactSheet] = {}
    wanted = list({one.id: one for one in (*own, *tried_on)}.values())
    for start in range(0, len(wanted), _AT_A_TIME):
        sheets |= facts_of(folder.store, wanted[start : start + _AT_A_TIME], words)
        progress("reading descriptions", start, len(wanted))
    found = mine([(sheets[one.id], one.description) for one in own], [sheets[one.id] for one in tried_on], language)
    before = learnt_wording(folder)
    return found if before is None else found.switched([one.id for one in before[2].frames if one.off])


def _is_written(product: Product) -> bool:
    """Whether its description was written by frames: nothing is learnt from that."""
    return "description" in product.attributes.get(GENERATED, ())
