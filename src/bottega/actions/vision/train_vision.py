"""Train the shop's own eye: go on from the shipped trunk with the shop's pictures, categories and attributes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np

from bottega.actions.vision.shapes import TrainVisionRequest
from bottega.catalogue.product import Product
from bottega.datasets.photos.shop_photos import ShopPhotos, shop_photos
from bottega.datasets.product_words import described
from bottega.errors import PhotosTooFew
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.fitting import STORED_PX, fit_eye
from bottega.models.vision.eye.material import Known
from bottega.models.vision.eye.tasks import TASKS
from bottega.models.vision.eye.training import Training
from bottega.models.vision.joint_space import JointSpace
from bottega.progress import Progress, silent
from bottega.shop.marks import new_version
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import RunInfo
from bottega.shop.trained.runs import keep_run
from bottega.shop.trained.shipped_models import EYE

__all__ = ["train_vision"]

LEAST_PHOTOS = 60
"""Products with a photo below which the shipped eye is the better one."""
MOST_VIEWS = 30_000
"""Views drawn in all: what makes the training a matter of minutes."""
FINE_TUNING = Training(learning_rate=5e-4, sizes=((0.6, 96), (0.4, 128)), on_street=0.0)


def train_vision(shop: OpenShop, request: TrainVisionRequest, *, progress: Progress = silent) -> RunInfo:
    """Fine-tune the shipped eye on the shop's photos and record the run; the next photo is seen with it.

    Heads are the category's levels and every attribute with enough photos a value. The words of the listings are fitted
    to what the new eye sees. The vectors of the catalogue are made anew when they are next needed. Raises
    `PhotosTooFew`.
    """
    folder = shop.folder
    seed = folder.settings.seed if request.seed is None else request.seed
    started = time.monotonic()
    products = folder.store.products.all()
    found = shop_photos(products, folder.images, STORED_PX, progress=progress)
    if len(found) < LEAST_PHOTOS or not found.labels:
        raise PhotosTooFew(
            f"{len(found)} of {len(products)} products have a photo in the shop's folder, "
            f"with {len(found.labels)} categories or attributes to learn.",
            allowed=f"It takes {LEAST_PHOTOS} photos, and 8 photos of each of two categories.",
            next_step="Import a catalogue with image files; until then the shipped eye looks.",
        )
    version = new_version()
    eye = _fit(found, shop.models.shipped.get(EYE), seed, version, request.device, progress)
    space = _words(found, products, eye, seed, request.device, progress)

    def save(place: Path) -> None:
        eye.save(place / "model")
        (place / "words").mkdir()
        space.save(place / "words")

    run = keep_run(
        folder,
        save,
        room=EYE.room,
        ability=EYE.name,
        name="eye",
        folder=folder.models / EYE.room / EYE.name,
        version=version,
        started=started,
        seed=seed,
        products=len(found),
        measures={f"{head}_top1": share for head, share in eye.config.kept_aside.items()},
    )
    return RunInfo.model_validate(run, from_attributes=True)


def _fit(found: ShopPhotos, shipped: Eye, seed: int, version: str, device: str, progress: Progress) -> Eye:
    words = found.frequent_words()
    known = Known("catalogue", found.photos, "product", found.labels, {"words": found.words}, found.groups)
    return fit_eye(
        [known],
        marks={"words": words},
        rng=np.random.default_rng(seed),
        version=version,
        config=replace(FINE_TUNING, epochs=min(20.0, MOST_VIEWS / len(found))),
        tasks=tuple(task for task in TASKS if task.name != "photo_kind"),
        start=deepcopy(shipped),  # others look with it
        device=device,
        progress=progress,
    )


def _words(
    found: ShopPhotos, products: Sequence[Product], eye: Eye, seed: int, device: str, progress: Progress
) -> JointSpace:
    """The shop's own words among its photos, as this eye sees them."""
    listed = {product.id: described(product) for product in products}
    vectors = eye.look(list(found.photos), progress=progress).vectors
    said = [listed[name] for name in found.ids]
    rng = np.random.default_rng(seed)
    return JointSpace().fit(said, vectors, rng=rng, version=eye.version, device=device, progress=progress)
