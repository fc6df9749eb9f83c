"""Train: learn a recommender from everything the shop has, and put it where the server finds it."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from bottega.actions.recommend.shapes import ChallengeRequest, TrainRequest
from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.datasets.load import Dataset, load_dataset
from bottega.datasets.searches import searches_led_to
from bottega.datasets.splits import some_last_out
from bottega.errors import EventsTooFew
from bottega.models.recommend.base import Recommender, Refits
from bottega.models.recommend.last_mile.interests import Searches
from bottega.models.recommend.registry import recommender_class
from bottega.progress import Progress, silent
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.search.pack import prepare_search
from bottega.shop.shape import RunInfo
from bottega.shop.shelf.catalogue_pack import write_catalogue
from bottega.shop.shoppers.bots import watch_bots
from bottega.shop.trained.answering import Answering
from bottega.shop.trained.models_in_use import RECOMMEND
from bottega.shop.trained.runs import keep_run
from bottega.shop.trained.side_models import SideModels
from bottega.shop.trained.trained_shop import TrainedShop
from bottega.store.runs import ModelRun

__all__ = ["DEFAULT_MODEL", "check_enough", "fit_recommender", "keep", "learn", "refuse_model", "train"]

DEFAULT_MODEL = "blend"
LEAST_EVENTS = 100
"""Fewer events on known products teach nothing that the fallbacks do not know."""

HOLDOUT_SHARE = 0.2
"""The last event of this share of shoppers is kept from the recommender, to weigh, stop and cut by."""
HOLDOUT_SHOPPERS = 5000


def train(shop: OpenShop, request: TrainRequest, *, progress: Progress = silent) -> RunInfo:
    """Train the named recommender and record the run; a server that is running takes it over by itself.

    Raises `CatalogueEmpty`, `EventsTooFew`, `ModelUnknown` and `DeviceMissing`.
    """
    recommender_class(request.model)  # whoever misspells it hears of it before anything is read
    watch_bots(shop.folder)
    dataset = load_dataset(shop.store, shop.settings.personalisation_consent, tastes=shop.settings.tastes)
    started = time.monotonic()
    return keep(shop, request, dataset, learn(shop, request, dataset, progress=progress), started=started)


def refuse_model(request: TrainRequest | ChallengeRequest) -> None:
    """Raise `ModelUnknown` where there is no such recommender."""
    if request.model is not None:
        recommender_class(request.model)


def learn(shop: OpenShop, request: TrainRequest, dataset: Dataset, *, progress: Progress = silent) -> TrainedShop:
    """What a training makes of everything the shop has; nothing is written. Raises what `train` raises."""
    check_enough(dataset)
    rng = np.random.default_rng(_seed(shop, request))
    recommender, holdout = fit_recommender(
        request.model, dataset.histories, dataset.features, rng=rng, device=request.device, progress=progress
    )
    side_models = SideModels.fit(
        dataset.histories,
        dataset.features,
        rng=rng,
        model=recommender,
        holdout=holdout,
        searches=_searches(shop.folder, dataset),
        device=request.device,
        progress=progress,
    )
    if isinstance(recommender, Refits):  # what was put aside has done its work
        recommender.refit(dataset.histories, dataset.features, rng=rng)
    return TrainedShop.of(dataset.items, dataset.space, recommender, side_models)


def fit_recommender(
    name: str,
    histories: Histories,
    features: Features,
    *,
    rng: np.random.Generator,
    device: str = "auto",
    progress: Progress = silent,
) -> tuple[Recommender, Holdout]:
    """The named recommender as a training makes it, and the questions that it was weighed by and never learnt from."""
    known, holdout = some_last_out(histories, share=HOLDOUT_SHARE, most=HOLDOUT_SHOPPERS, rng=rng)
    recommender: Recommender = recommender_class(name)()
    recommender.fit(known, features, rng=rng, holdout=holdout, device=device, progress=progress)
    return recommender, holdout


def keep(shop: OpenShop, request: TrainRequest, dataset: Dataset, trained: TrainedShop, *, started: float) -> RunInfo:
    """Put what was learnt where servers find it. `started`: `time.monotonic()` when the training began."""
    times = dataset.histories.times

    def save(folder: Path) -> None:
        trained.save(folder)
        write_catalogue(shop.store, folder / "catalogue", trained)

    run = keep_run(
        shop.folder,
        save,
        room=RECOMMEND,
        ability=RECOMMEND,
        name=request.model,
        folder=shop.folder.models / RECOMMEND / request.model,
        started=started,
        seed=_seed(shop, request),
        products=dataset.items.n_products,
        events_seen=dataset.events_seen,
        shoppers=len(dataset.shoppers),
        events_until_ms=int(times.max()) if len(times) else None,
    )
    prepare_search(shop.folder)
    _warm(shop.folder, run)
    return RunInfo.model_validate(run, from_attributes=True)


def _warm(shop: ShopFolder, run: ModelRun) -> None:
    """Compile what answers with this model will run, so that no server waits for it."""
    packed = TrainedShop.load(shop.of_run(run.folder), run.name)
    Answering.of(packed.packed, len(packed.items), lambda _: packed.recommender).warm()


def _seed(shop: OpenShop, request: TrainRequest) -> int:
    return shop.settings.seed if request.seed is None else request.seed


def _searches(shop: ShopFolder, dataset: Dataset) -> Searches:
    found = searches_led_to(shop.store, dataset.items, shop.settings.personalisation_consent)
    texts = found["query"].unique(maintain_order=True)
    search = found["query"].rle_id().to_numpy().astype(np.int32)
    counted = (found[name].to_numpy().astype(np.int32) for name in ("item", "shoppers"))
    return Searches(tuple(texts), search, *counted)


def check_enough(dataset: Dataset) -> None:
    """Raises `EventsTooFew` where there is nothing to learn from."""
    if dataset.histories.n_events < LEAST_EVENTS:
        hint = f" {dataset.unknown_products} more name products that are not in the catalogue." * bool(
            dataset.unknown_products
        )
        raise EventsTooFew(
            f"The shop has {dataset.histories.n_events} events on known products.{hint}",
            allowed=f"Training needs {LEAST_EVENTS}.",
            next_step="Import more with `bottega import events FILE`; until then answers come from popularity and "
            "product attributes.",
        )
