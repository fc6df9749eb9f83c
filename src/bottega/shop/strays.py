"""Files that lie on this machine alone though the shop has a bucket: what an import left that was killed, what was kept
before the bucket held files of their kind. They go where other machines see them."""

from __future__ import annotations

from bottega.shop.files import COPIED, REPORTS, SHARED, FolderFiles
from bottega.shop.folder import ShopFolder

__all__ = ["share_strays"]

_OWN = ("images", "models", "uploads", REPORTS)
"""What is shared where it is made, and whose files here are in use."""


def share_strays(shop: ShopFolder, *, before_s: float) -> int:
    """Have what was written before a moment (seconds since 1970) in the bucket, where that has none of its name; how
    many files. Only of what never changes a copy stays. Raises `FilesUnavailable`."""
    if not shop.lies_elsewhere:
        return 0
    here, shared = FolderFiles(shop.root), 0
    for top in (one for one in SHARED if one not in _OWN):
        found = [name for name in here.names(top) if here.changed_s(name) < before_s and not name.endswith(".part")]
        there = set(shop.files.names(top)) if found else set()
        for name in found:
            if name not in there:
                shop.files.share(name)
                shared += 1
            if top not in COPIED:
                here.remove(name)
    return shared
