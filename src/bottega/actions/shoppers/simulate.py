"""Simulate: synthetic shoppers of this shop as an events file; what they are worth, and whether they betray anyone.

Nothing goes into the store: the file is for another shop, for a test under load, or for an import that you decide on.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field, field_serializer

from bottega.actions.recommend.train import DEFAULT_MODEL, LEAST_EVENTS
from bottega.actions.shoppers.shapes import SimulateRequest
from bottega.datasets.arrays import Features, Histories
from bottega.datasets.features import FeatureSpace
from bottega.datasets.items import Items
from bottega.datasets.load import histories_of, variants_of
from bottega.datasets.splits import last_out, some_last_out
from bottega.errors import CatalogueEmpty, EventsTooFew, InputError, RequestInvalid
from bottega.evaluation.synthetic import Gap, Privacy, before_questions, gap, longest_runs, privacy, together
from bottega.models.recommend.base import Recommender
from bottega.models.recommend.registry import recommender_class
from bottega.models.recommend.synthetic_habits import Habits
from bottega.models.recommend.synthetic_shoppers import Choice, calibrate, draw_shoppers
from bottega.names import BoolArray, KindCode
from bottega.progress import Progress, silent
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Shape
from bottega.shop.trained.members import covering
from bottega.shop.trained.trained_shop import TrainedShop

__all__ = ["Simulated", "simulate"]

PUPIL = "transitions"
"""The fast recommender that tells what synthetic histories teach."""
JUDGED_SHOPPERS = 5000
"""Most synthetic shoppers that it learns from."""
ROUNDS = 5
"""How often shoppers who repeat a real history are drawn anew before fewer are given."""
COLUMNS = ("event_id", "shopper_id", "kind", "product_id", "time", "quantity", "value", "source")


class Simulated(Shape):
    """What was written, by which `model` and `choice`."""

    shoppers: int
    events: int
    redrawn: int = Field(
        description="Thrown away because they held a longer run of a real history than 99 in 100 real ones do."
    )
    model: str
    out: Path
    choice: Choice
    gap: Gap = Field(description="Of a simulator that never saw the questions; see evaluation/synthetic.py.")
    privacy: Privacy

    @field_serializer("gap", "privacy")
    def _figures(self, value: Gap | Privacy) -> dict[str, Any]:
        return value.as_dict()


def simulate(shop: OpenShop, request: SimulateRequest, *, progress: Progress = silent) -> Simulated:
    """Draw shoppers from a recommender and write their events to `out`, a CSV as `bottega import events` reads it.

    `model` names a recommender; without it the shop's trained one answers, or the default is trained. Raises
    `RequestInvalid`, `ModelUnknown`, `EventsTooFew`, `CatalogueEmpty` when nothing is on sale, and `InputError` when
    `out` cannot be written.
    """
    folder, out, shoppers = shop.folder, request.out, request.shoppers
    if shoppers < 1:
        raise RequestInvalid(
            f"{shoppers} shoppers cannot be drawn.", allowed="A number from 1.", next_step="Ask for more."
        )
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise _not_written(out, "it is a folder" if out.is_dir() else "its folder does not exist")
    run = folder.store.runs.latest("recommend")
    name = request.model or (run.name if run is not None else DEFAULT_MODEL)
    factory = recommender_class(name)
    seed = folder.settings.seed if request.seed is None else request.seed
    rng = np.random.default_rng(seed)
    teacher = TrainedShop.load(folder.of_run(run.folder), name) if run is not None and run.name == name else None
    place = _Place.of(folder, teacher)
    histories, _, unknown = histories_of(
        folder.store.events.frame(folder.settings.personalisation_consent), place.items
    )
    if histories.n_events < LEAST_EVENTS:
        raise EventsTooFew(
            f"The shop has {histories.n_events} events on known products and {unknown} on unknown ones.",
            allowed=f"Shoppers can be simulated from {LEAST_EVENTS}.",
            next_step="Import more with `bottega import events FILE`.",
        )
    features = place.features
    allowed = np.array([bool(names) for names in place.on_sale], dtype=np.bool_)
    if not allowed.any():
        raise CatalogueEmpty(
            "None of the shop's products can be bought.",
            allowed="Shoppers choose among products in stock, on preorder or on backorder.",
            next_step="Import the catalogue anew.",
        )
    choice, found = _worth(
        factory, histories, features, shoppers=shoppers, rng=rng, device=request.device, progress=progress
    )
    trained: Recommender
    if teacher is not None:
        (trained,) = covering([teacher.recommender], features)
    else:
        trained = factory().fit(histories, features, rng=rng, device=request.device, progress=progress)
    habits = Habits.learn(histories, features)
    made, redrawn = _draw(trained, habits, choice, histories, allowed, shoppers=shoppers, rng=rng, progress=progress)
    _write(out, made, place, seed, rng)
    return Simulated(
        out=out,
        shoppers=len(made),
        events=made.n_events,
        redrawn=redrawn,
        model=name,
        choice=choice,
        gap=found,
        privacy=privacy(made, histories, rng=np.random.default_rng(0)),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """`items` with their `features`, and the ids of each item's products that can be bought, `on_sale` [I]."""

    items: Items
    features: Features
    on_sale: list[list[str]]

    @classmethod
    def of(cls, shop: ShopFolder, trained: TrainedShop | None) -> _Place:
        """The catalogue in the code space of a trained model, or in one of its own."""
        catalogue = shop.store.products.all()
        items = Items() if trained is None else trained.items
        items.add(catalogue)
        products = variants_of(items, {product.id: product for product in catalogue})
        features = FeatureSpace.learn(products).arrays(products)
        if trained is not None:
            features = trained.features(shop.store, products)
        on_sale = [[product.id for product in variants if product.recommendable] for variants in products]
        return cls(items, features, on_sale)


def _worth(
    factory: type[Any],
    histories: Histories,
    features: Features,
    *,
    shoppers: int,
    rng: np.random.Generator,
    device: str,
    progress: Progress,
) -> tuple[Choice, Gap]:
    """How this model's scores become chances, and what a pupil learns from its shoppers; the test items stay unseen."""
    split = last_out(histories, rng=rng)
    learnt = before_questions(histories, split)
    train, asked = some_last_out(learnt, share=0.2, most=2000, rng=rng)
    teacher: Recommender = factory().fit(train, features, rng=rng, device=device, progress=progress)
    habits = Habits.learn(learnt, features)
    choice = calibrate(teacher, habits, asked)
    most = min(int((learnt.lengths > 0).sum()), max(shoppers, JUDGED_SHOPPERS))
    made = draw_shoppers(teacher, habits, choice, shoppers=most, rng=rng, progress=progress)
    return choice, gap(recommender_class(PUPIL), split, made, features, rng=rng, device=device, progress=progress)


def _draw(
    model: Recommender,
    habits: Habits,
    choice: Choice,
    real: Histories,
    allowed: BoolArray,
    *,
    shoppers: int,
    rng: np.random.Generator,
    progress: Progress,
) -> tuple[Histories, int]:
    """Shoppers who repeat no longer run of a real history than 99 in 100 real ones do, and how many others did."""
    made = Histories.from_lists([], n_items=real.n_items)
    limit, redrawn = privacy(made, real, rng=np.random.default_rng(0)).chance.high, 0
    for _ in range(ROUNDS):
        if len(made) == shoppers:
            break
        more = draw_shoppers(
            model, habits, choice, shoppers=shoppers - len(made), rng=rng, allowed=allowed, progress=progress
        )
        fine = longest_runs(more, real) <= limit
        redrawn += int((~fine).sum())
        made = together(made, more.take(np.flatnonzero(fine)))
    return made, redrawn


def _write(out: Path, made: Histories, place: _Place, seed: int, rng: np.random.Generator) -> None:
    """One row an event; an item's products that can be bought are equally likely."""
    times = np.datetime_as_string(made.times.astype("datetime64[ms]"), unit="ms")
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(COLUMNS)
            for event, (shopper, item) in enumerate(zip(made.shoppers.tolist(), made.items.tolist(), strict=True)):
                who, number = f"synthetic-{seed}-{shopper + 1:06d}", event - made.offsets[shopper] + 1
                kind, price = KindCode(made.kinds[event]), float(place.features.prices[item])
                paid = f"{price:.2f}" if kind is KindCode.PURCHASE and np.isfinite(price) else ""
                product = place.on_sale[item][int(rng.integers(len(place.on_sale[item])))]
                rows.writerow(
                    (f"{who}-{number}", who, kind.kind.value, product, f"{times[event]}Z", 1, paid, "synthetic")
                )
    except OSError as error:
        raise _not_written(out, str(error.strerror)) from error


def _not_written(out: Path, reason: str) -> InputError:
    return InputError(f"The events {out} cannot be written: {reason}.", next_step="Choose another place with --out.")
