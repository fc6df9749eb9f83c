"""The catalogue's pack: a catalogue as mapped files, so that a shop of any size opens in a moment.

A training writes one into the folder of its run, in the codes and columns of its model. Where there is none, where it
does not fit or where too much has changed since, whoever opens the shop makes it; what is newer than the pack goes
behind it.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import structlog
from numpy.typing import NDArray

from bottega.models.blocks.pack import Pack, open_pack, write_pack
from bottega.shop.alone import Alone
from bottega.shop.folder import ShopFolder
from bottega.shop.shelf.catalogue import FIXED, Catalogue, catalogue_arrays
from bottega.shop.trained.trained_shop import TrainedShop
from bottega.store.runs import ModelRun
from bottega.store.store import Store

__all__ = ["catch_up", "open_catalogue", "write_catalogue"]

PACKED_FROM = 2_000
"""A smaller catalogue is read from the store in less time than files take to be written."""
REMADE_AFTER = 0.2
"""A pack is made again once more than this share of its products came or changed since."""
LAYOUT = 3
"""Counts up when the arrays of `catalogue_arrays`, or what they mean, become others."""
_WAIT_S = 0.1

log = structlog.get_logger("bottega")


def write_catalogue(store: Store, folder: Path, trained: TrainedShop) -> None:
    """Write the pack of a model that was trained just now; a small catalogue needs none."""
    if store.products.count() >= PACKED_FROM:
        arrays, revision = catalogue_arrays(store, items=trained.items, space=trained.space)
        _write(store, folder, arrays, revision)


def open_catalogue(shop: ShopFolder, run: ModelRun | None, trained: TrainedShop | None) -> Catalogue:
    """The catalogue in the codes of a trained model, or in codes of its own, as of now."""
    folder = shop.root / "pack" / "catalogue" if run is None else shop.of_run(run.folder) / "catalogue"
    return catch_up(shop.store, _opened(shop, folder, trained) or _made(shop, folder, trained))


def catch_up(store: Store, catalogue: Catalogue) -> Catalogue:
    """The catalogue with what was written since."""
    newest = store.products.newest_revision()
    if newest <= catalogue.revision:
        return catalogue
    for products, revisions in store.products.iterate_revised(since=catalogue.revision):
        photos = catalogue.space.item_photos(store, catalogue.unseen(products))
        catalogue = catalogue.stocked(products, revisions, photos)
    return catalogue.as_of(newest)


def _opened(shop: ShopFolder, folder: Path, trained: TrainedShop | None) -> Catalogue | None:
    pack = open_pack(folder, made_from={"store": shop.store.identity(), "layout": LAYOUT})
    return None if pack is None or _outdated(shop.store, pack) else _of_pack(shop.store, pack, trained)


def _outdated(store: Store, pack: Pack) -> bool:
    revision, rows = int(pack.made_from["revision"]), len(pack["items.item"])
    # An older revision than the pack's: the database was put back to what it was before.
    return store.products.newest_revision() < revision or store.products.count_newer(revision) > REMADE_AFTER * rows


def _made(shop: ShopFolder, folder: Path, trained: TrainedShop | None) -> Catalogue:
    """Made of the store, by one process for all of a machine."""
    if shop.store.products.count() < PACKED_FROM:
        return _of_arrays(shop.store, *_arrays(shop.store, trained), trained)
    with Alone(shop.running, "catalogue") as work:
        waited = False
        while not work.take():
            waited = True
            time.sleep(_WAIT_S)
        if waited and (found := _opened(shop, folder, trained)) is not None:  # somebody else made it meanwhile
            return found
        arrays, revision = _arrays(shop.store, trained)
        try:
            _write(shop.store, folder, arrays, revision)
        except OSError as error:
            log.warning("pack_not_written", folder=str(folder), why=str(error))
            return _of_arrays(shop.store, arrays, revision, trained)
    del arrays
    return _opened(shop, folder, trained) or _of_arrays(shop.store, *_arrays(shop.store, trained), trained)


def _arrays(store: Store, trained: TrainedShop | None) -> tuple[dict[str, NDArray[Any]], int]:
    if trained is None:
        return catalogue_arrays(store)
    return catalogue_arrays(store, items=trained.items, space=trained.space)


def _of_arrays(store: Store, arrays: dict[str, NDArray[Any]], revision: int, trained: TrainedShop | None) -> Catalogue:
    return Catalogue.from_arrays(store, arrays, revision, space=None if trained is None else trained.space)


def _of_pack(store: Store, pack: Pack, trained: TrainedShop | None) -> Catalogue:
    space = None if trained is None else trained.space
    revision = int(pack.made_from["revision"])
    return Catalogue.from_arrays(store, pack.arrays, revision, space=space, roomy=pack.roomy)


def _write(store: Store, folder: Path, arrays: dict[str, NDArray[Any]], revision: int) -> None:
    made_from = {"store": store.identity(), "layout": LAYOUT, "revision": revision}
    write_pack(folder, arrays, made_from=made_from, growing=arrays.keys() - FIXED)
