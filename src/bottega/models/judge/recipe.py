"""The recipe of the judge that ships: its photos, its own split of them, and training on them.

It learns from none of the lines that every model keeps aside, and of the rest from its own draw of lines, not the
eye's: what it was not shown are photos to look at while a recipe is tried.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from bottega.datasets.photos.catalogue import codes_of, fingerprint
from bottega.datasets.photos.small_photos import SmallPhotos
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.judge.judge import Judge
from bottega.models.judge.training import JudgeLessons, JudgeTraining, fit_judge
from bottega.names import BoolArray
from bottega.progress import Progress, silent

__all__ = ["HEADS", "LARGER_PX", "SEED", "classes_told", "judge_card", "judge_split", "train_judge"]

HEADS = ("type", "gender", "color")
"""What it is taught."""
SEED = 101
"""Of its split and of its training; no other model here has it."""
TRIED = 0.1
"""Share of the lines not kept aside that it never learns from, to look at while recipes are tried."""
LEAST_PHOTOS = 40
"""Photos that a class needs to be told."""
LARGER_PX = 160
"""Side of the photos that windows are cut from."""


def judge_split(photos: SmallPhotos) -> tuple[BoolArray, BoolArray]:
    """Which photos [N] the judge learns from, and which it is tried on; the lines kept aside are in neither."""
    lines = np.unique(photos.lines[~photos.held_out])
    tried = lines[np.random.default_rng(SEED).random(len(lines)) < TRIED]
    aside = np.isin(photos.lines, tried)
    return ~photos.held_out & ~aside, ~photos.held_out & aside


def classes_told(photos: SmallPhotos) -> dict[str, tuple[str, ...]]:
    """Head -> labels with photos enough."""
    found = {}
    for head in HEADS:
        names, counts = np.unique([label for label in photos.labels[head] if label], return_counts=True)
        found[head] = tuple(names[counts >= min(LEAST_PHOTOS, int(counts.max()))].tolist())
    return found


def train_judge(
    photos: SmallPhotos,
    larger: SmallPhotos,
    *,
    version: str,
    seed: int = SEED,
    config: JudgeTraining | None = None,
    device: str = "auto",
    seconds: float | None = None,
    kept: Path | None = None,
    progress: Progress = silent,
) -> Judge:
    """The shipped recipe on the photos of a catalogue, small ones and those of `LARGER_PX` that there are.

    `kept`: where a stopped training goes on from.
    """
    learnt = photos.take(judge_split(photos)[0])
    classes = classes_told(learnt)
    fine = larger.take(np.isin(larger.ids, learnt.ids))
    lessons = JudgeLessons(
        learnt.photos,
        {head: codes_of(learnt.labels[head], names) for head, names in classes.items()},
        fine.photos,
        {head: codes_of(fine.labels[head], names) for head, names in classes.items()},
    )
    rng = np.random.default_rng(seed)
    checkpoint = None if kept is None else Checkpoint(kept, rng=rng)
    judge = fit_judge(
        lessons,
        classes,
        rng=rng,
        version=version,
        config=config,
        device=device,
        seconds=seconds,
        checkpoint=checkpoint,
        progress=progress,
    )
    if checkpoint is not None:
        checkpoint.done()
    return judge


def judge_card(photos: SmallPhotos) -> dict[str, Any]:
    """What the card of a judge trained by this recipe says of its data and split."""
    learnt, tried = judge_split(photos)
    return {
        "trained_on": {
            "catalogue": f"fashion/ with medium.zip and small.zip, {int(learnt.sum())} photos of "
            f"{len(np.unique(photos.lines[learnt]))} lines (Fashion Product Images; MIT on its data card, rights in "
            "the photos unclear)"
        },
        "split": {
            "held_out_photos": int(photos.held_out.sum()),
            "held_out_ids": fingerprint([photos.ids[row] for row in np.flatnonzero(photos.held_out)]),
            "tried_on_photos": int(tried.sum()),
            "seed": SEED,
        },
        "limits": "Taught on clothes, shoes, bags and jewellery, mostly on white. Of other things it tells how they "
        "are drawn rather than what they are. Its figures compare generators judged by this version alone, never with "
        "published ones.",
    }
