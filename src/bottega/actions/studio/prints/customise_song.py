"""Customise with a long song: a job that listens, tells how far it is, and leaves a design."""

from __future__ import annotations

from typing import Any

from bottega.actions.studio.prints.customise import customise
from bottega.actions.studio.prints.designs import wanted_slot
from bottega.actions.studio.prints.shapes import CustomiseRequest, CustomiseSongRequest, DesignMade
from bottega.errors import SourceUnreadable
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload

__all__ = ["customise_song"]


def customise_song(shop: OpenShop, request: CustomiseSongRequest, *, progress: Progress = silent) -> DesignMade:
    """Keep the design of a song of any length. Raises what `customise` raises, and `SourceUnreadable`."""
    wanted_slot(shop, request.product_id, request.template)  # refused before an hour of sound is heard
    try:
        song = Upload(name=request.source.name, content=request.source.read_bytes())
    except OSError as error:
        raise SourceUnreadable(
            f"{request.source} cannot be read: {error.strerror}.", next_step="Send the song again."
        ) from error
    laid: dict[str, Any] = request.model_dump(exclude={"source"})
    made = customise(shop, CustomiseRequest(song=song, **laid), longest_s=None, progress=progress)
    return DesignMade(
        design_id=made.design_id, product_id=made.product_id, template=made.template, shopper=made.shopper,
        warning=made.warning,
    )  # fmt: skip
