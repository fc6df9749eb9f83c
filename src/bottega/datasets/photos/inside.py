"""The one way to a picture that a product names: nothing outside the images folder is ever opened.

A name comes from a feed, from a request, or from a row written long ago; so it is not believed. The path counts after
every link and every `..` in it is resolved.
"""

from __future__ import annotations

from pathlib import Path

from bottega.datasets.photos.files import refused
from bottega.datasets.photos.mirrored import have_here
from bottega.datasets.photos.reading import Photo, read_photo

__all__ = ["path_inside", "read_inside"]


def path_inside(folder: Path, name: str) -> Path:
    """Where the picture `name` lies in `folder`, links resolved. Raises `PhotoRefused` for anything else."""
    step = "Give the product an http(s) address, or import it again with its picture files."
    try:
        root = Path(folder).resolve()
        path = (root / name).resolve()
        if not path.is_relative_to(root) or path == root:
            raise refused(name, "lies outside the shop's images folder", step)
        if not path.exists():
            have_here(folder, name)
        if not path.is_file():
            raise refused(name, "is no file of the shop's images folder", step)
    except (OSError, ValueError, RuntimeError) as error:  # a name too long, with NUL in it, or a circle of links
        raise refused(name, "names no file of the shop's images folder", step) from error
    return path


def read_inside(folder: Path, name: str) -> Photo:
    """Photo [H, W, 3] of the picture `name` in `folder`. Raises `PhotoRefused`."""
    return read_photo(path_inside(folder, name), name=name)
