"""Train a face editor from the merchant's own photos: the one door to smile and age, because no weights ship."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from bottega.actions.studio.people.face_shapes import TrainFaceRequest
from bottega.errors import RequestInvalid
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, device_of
from bottega.models.studio.people.face_editor import FaceConfig
from bottega.models.studio.people.face_table import read_faces
from bottega.models.studio.people.face_training import FaceTraining, fit_faces, judge_faces
from bottega.progress import Progress, silent
from bottega.shop.marks import new_version
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import RunInfo
from bottega.shop.trained.models_in_use import FACE
from bottega.shop.trained.runs import keep_run

__all__ = ["train_face"]

_ROOM = "studio"


def train_face(shop: OpenShop, request: TrainFaceRequest, *, progress: Progress = silent) -> RunInfo:
    """Learn to change what the table names, and record the run; a stopped training goes on where it was.

    Raises `RequestInvalid` without consent, and what `read_faces` raises.
    """
    if not request.consent:
        raise RequestInvalid(
            "Nobody said that the people on the photos agreed.",
            allowed="A model learns from faces only of people who agreed to it.",
            next_step="Where they did, say so: --consent.",
        )
    folder, started = shop.folder, time.monotonic()
    seed = folder.settings.seed if request.seed is None else request.seed
    table = read_faces(request.folder, request.px, progress=progress)
    version = new_version()
    place = folder.models / _ROOM / FACE
    rng = np.random.default_rng(seed)
    checkpoint = Checkpoint(place / f".{table.fingerprint}.pt", rng=rng, every_s=60)
    clock: Callable[[], float] = time.process_time if device_of(request.device) == CPU else time.perf_counter
    course = Course(FaceTraining().steps, request.seconds, clock=clock)
    editor = fit_faces(
        table,
        FaceConfig(table.attributes, px=request.px, version=version),
        rng=rng,
        course=course,
        device=request.device,
        checkpoint=checkpoint,
        progress=progress,
    )
    run = keep_run(
        folder,
        lambda made: editor.save(made / "model"),
        room=_ROOM,
        ability=FACE,
        name=FACE,
        folder=place,
        version=version,
        started=started,
        seed=seed,
        products=len(table.photos),
        measures=judge_faces(editor, table),
    )
    checkpoint.done()
    return RunInfo.model_validate(run, from_attributes=True)
