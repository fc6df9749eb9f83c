"""A folder of this machine whose files lie in a store elsewhere, too: taken from there when asked for, put there when
made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Self

__all__ = ["MirroredFolder", "have_here", "have_there"]


class MirroredFolder(type(Path())):  # type: ignore[misc]  # the kind of path of this system
    """A path that knows how to fetch and to put what lies below it. Paths made of it are plain in that they do not."""

    fetch: Callable[[str], object] | None = None
    """Have the file of a name, told from the folder, on this machine, where there is one."""
    put: Callable[[str], object] | None = None
    """Have the file of a name, which lies on this machine, in the store."""

    @classmethod
    def of(cls, folder: Path, *, fetch: Callable[[str], object], put: Callable[[str], object]) -> Self:
        """The folder, with its ways."""
        found = cls(folder)
        found.fetch, found.put = fetch, put
        return found


def have_here(folder: Path, name: str) -> None:
    """Before a file of the folder is read."""
    if isinstance(folder, MirroredFolder) and folder.fetch is not None:
        folder.fetch(name)


def have_there(folder: Path, name: str) -> None:
    """After a file was put into the folder."""
    if isinstance(folder, MirroredFolder) and folder.put is not None:
        folder.put(name)
