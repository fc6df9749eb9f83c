"""What a shop learnt of wording, in use: the newest run's weights for frames of titles, and its own frames."""

from __future__ import annotations

from bottega.models.wording.mined_frames import MinedFrames
from bottega.models.wording.success import Success
from bottega.models.wording.writer import ListingWriter
from bottega.shop.folder import ShopFolder
from bottega.shop.trained.models_in_use import WORDING
from bottega.store.runs import ModelRun

__all__ = ["FRAMES_FILE", "SUCCESS_FILE", "learnt_wording", "writer_of"]

SUCCESS_FILE = "success.json"
FRAMES_FILE = "frames.json"


def writer_of(shop: ShopFolder, language: str) -> ListingWriter:
    """Who writes in a language for this shop. Raises `ModelFileBroken`."""
    learnt = learnt_wording(shop)
    if learnt is None:
        return ListingWriter(language)
    _, success, mined = learnt
    return ListingWriter(language, weigh=success.weigh, learnt=mined.used(language))


def learnt_wording(shop: ShopFolder) -> tuple[ModelRun, Success, MinedFrames] | None:
    """The run in use and what it holds; of one before frames were mined there are none. Raises `ModelFileBroken`."""
    run = shop.store.runs.latest(WORDING)
    if run is None:
        return None
    place = shop.of_run(run.folder) / "model"
    frames = place / FRAMES_FILE
    return run, Success.load(place / SUCCESS_FILE), MinedFrames.load(frames) if frames.exists() else MinedFrames()
