"""The shop's own frames: what was mined from its listings, where each is from, and the switch for those not wanted.

A switch makes a new version of what was learnt, so that a roll back takes it back like any other.
"""

from __future__ import annotations

import time
from pathlib import Path

from bottega.actions.wording.shapes import LearntFrame, LearntFrames, LearntFramesQuery, SwitchFramesRequest
from bottega.errors import RequestInvalid
from bottega.models.wording.mined_frames import MinedFrame
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.models_in_use import WORDING
from bottega.shop.trained.runs import keep_run
from bottega.shop.trained.wording_learnt import FRAMES_FILE, SUCCESS_FILE, learnt_wording

__all__ = ["list_frames", "switch_frames"]


def list_frames(shop: OpenShop, request: LearntFramesQuery) -> LearntFrames:
    """What `wording learn` mined, and what is in use of it."""
    learnt = learnt_wording(shop.folder)
    if learnt is None:
        return LearntFrames(language="", version="", frames=[])
    run, _, mined = learnt
    shown = [_shown(one) for one in mined.frames if request.off is None or one.off == request.off]
    return LearntFrames(language=mined.language, version=run.version, frames=shown)


def switch_frames(shop: OpenShop, request: SwitchFramesRequest) -> LearntFrames:
    """Use frames no longer, or again. Raises `RequestInvalid` for ids that nobody has, and where none was given."""
    learnt = learnt_wording(shop.folder)
    known = {one.id for one in learnt[2].frames} if learnt else set[str]()
    wanted = [*request.off, *request.on]
    if learnt is None or not wanted or not set(wanted) <= known or set(request.off) & set(request.on):
        strange = sorted(set(wanted) - known)
        raise RequestInvalid(
            f"There is no frame {', '.join(strange)}." if strange else "No frame was named, or one for both.",
            allowed="It takes ids of frames that this shop has learnt, each off or on.",
            next_step="List them: `bottega wording frames`.",
        )
    run, success, mined = learnt
    switched = mined.switched(request.off, request.on)

    def save(place: Path) -> None:
        success.save(place / "model" / SUCCESS_FILE)
        switched.save(place / "model" / FRAMES_FILE)

    folder = shop.folder
    keep_run(
        folder,
        save,
        room=run.room,
        ability=WORDING,
        name=run.name,
        folder=folder.models / "wording" / WORDING,
        started=time.monotonic(),
        seed=0,
        products=run.products,
        events_seen=run.events_seen,
        shoppers=run.shoppers,
        measures=run.measures,
        events_until_ms=run.events_until_ms,
    )
    return list_frames(shop, LearntFramesQuery())


def _shown(one: MinedFrame) -> LearntFrame:
    return LearntFrame(
        id=one.id,
        roles=[role.strip() for role in one.roles.split(",")],
        pattern=one.pattern,
        noun_classes=list(one.classes),
        example=one.example,
        listings=list(one.listings),
        support=one.support,
        groups=one.groups,
        proved_for=one.tried,
        off=one.off,
    )
