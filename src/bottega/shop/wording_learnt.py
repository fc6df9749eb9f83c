"""What a shop learnt of wording, in use: the newest run's weights for the frames of titles."""

from __future__ import annotations

from bottega.models.wording.success import Success
from bottega.models.wording.writer import ListingWriter
from bottega.shop.folder import ShopFolder

__all__ = ["SUCCESS", "SUCCESS_FILE", "writer_of"]

SUCCESS = "wording"
"""The ability, as runs name it."""
SUCCESS_FILE = "success.json"


def writer_of(shop: ShopFolder, language: str) -> ListingWriter:
    """Who writes in a language for this shop. Raises `ModelFileBroken`."""
    run = shop.store.runs.latest(SUCCESS)
    if run is None:
        return ListingWriter(language)
    learnt = Success.load(shop.root / run.folder / "model" / SUCCESS_FILE)
    return ListingWriter(language, weigh=learnt.weigh)
