"""The model pack: a trained recommender as its answers need it, flat and mapped, in the folder of its run.

Written at training and shared by every process that answers. One that is missing, torn or of another version is made
again from the model itself, which is then loaded once; where the folder cannot be written, it stays in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

from bottega.models.blocks.pack import open_pack, write_pack
from bottega.models.recommend.answering.packing import from_arrays, to_arrays
from bottega.models.recommend.base import Packed, Recommender, members_of, packed_of

__all__ = ["AFFINITY", "TASTES", "open_model_pack", "packed_models", "write_model_pack"]

AFFINITY = "affinity"
"""The name of the member that declared tastes are read by."""
TASTES = "tastes"
"""The same where it takes no part in answers: it is in every pack."""
_FOLDER = "pack"
_LAYOUT = 2
"""Raised with every change of what members pack."""

log = structlog.get_logger("bottega")


def packed_models(recommender: Recommender, affinity: Recommender) -> dict[str, Packed]:
    """A recommender as flat arrays under its name, and the affinity model where it has none."""
    packed = {recommender.name: packed_of(recommender)}
    if AFFINITY not in members_of(recommender):
        packed[TASTES] = packed_of(affinity)
    return packed


def write_model_pack(folder: Path, packed: Mapping[str, Packed]) -> None:
    """Write into the folder of a run. Raises `OSError`."""
    arrays, grows, tree = to_arrays(packed)
    write_pack(folder / _FOLDER, arrays, made_from={"layout": _LAYOUT, "tree": tree}, growing=grows)


def open_model_pack(folder: Path, make: Callable[[], dict[str, Packed]]) -> dict[str, Packed]:
    """The models in the pack of a run's folder; what `make` packs where there is none that fits."""
    found = open_pack(folder / _FOLDER, made_from={"layout": _LAYOUT})
    if found is None:
        packed = make()
        try:
            write_model_pack(folder, packed)
        except OSError as error:
            log.warning("pack_not_written", folder=str(folder), why=str(error))
            return packed
        found = open_pack(folder / _FOLDER, made_from={"layout": _LAYOUT})
        if found is None:
            return packed
    return from_arrays(found.arrays, found.roomy, found.made_from["tree"])
