"""A pack: named flat arrays in a folder, opened as memory-mapped files that every process of a machine shares.

`NAME.npy` is one array, `pack.json` says what each must be: its shape, bytes and checksum, which version of Bottega
wrote it and what it was made from. A pack is written beside its place and moved there whole. Whatever does not fit is
refused with a line in the log, and whoever opened it makes it again: a pack holds nothing that cannot be made again.

Arrays are opened copy-on-write, so pages are shared until somebody writes to one. Those named in `growing` have spare
rows behind those in use, as a hole in the file, for what comes after (`bottega.datasets.growing`).
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import structlog
from numpy.typing import NDArray

from bottega import __version__

__all__ = ["FORMAT", "Pack", "open_pack", "spare_rows", "write_pack"]

FORMAT = 1
"""Version of the folder's layout; a reader refuses others."""
ENDS_BYTES = 64 * 1024
"""How much of either end of a file its checksum is taken of: torn and foreign files differ there, and a gigabyte need
not be read to be opened."""
_HEADER = "pack.json"
_LEFT_BEHIND_S = 24 * 3600
"""Folders of packs that were never finished are removed when they are older."""

log = structlog.get_logger("bottega")


@dataclass(frozen=True, slots=True)
class Pack:
    """An open pack. Arrays are mapped; writing to one changes this process's copy of the page alone."""

    folder: Path
    made_from: dict[str, Any]
    """What it was made from, as its writer said."""
    arrays: dict[str, NDArray[Any]]
    """Each array, the rows in use."""
    roomy: dict[str, NDArray[Any]]
    """Those that may grow, with their spare rows."""

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.arrays[name]

    def __contains__(self, name: str) -> bool:
        return name in self.arrays


def spare_rows(rows: int) -> int:
    """How many spare rows an array that may grow is written with."""
    return max(1024, rows // 4)


def write_pack(
    folder: Path, arrays: Mapping[str, NDArray[Any]], *, made_from: Mapping[str, Any], growing: Collection[str] = ()
) -> None:
    """Write a pack in the place of the one that may be there; readers of that one keep it.

    `made_from` is plain JSON; `growing` names the arrays that get spare rows. Raises `OSError` when it cannot be
    written; what was there before stays then.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_left_behind(folder)
    beside = Path(tempfile.mkdtemp(prefix=_unfinished(folder), dir=folder.parent))
    try:
        said = {name: _write(beside / f"{name}.npy", array, name in growing) for name, array in arrays.items()}
        header = {"format": FORMAT, "version": __version__, "made_from": dict(made_from), "arrays": said}
        with (beside / _HEADER).open("w", encoding="utf-8") as file:
            json.dump(header, file, indent=1)
            _to_disk(file)
        _folder_to_disk(beside)
        beside.chmod(0o755)
        _put_in_place(beside, folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def open_pack(folder: Path, *, made_from: Mapping[str, Any]) -> Pack | None:
    """The pack in a folder; None where there is none, and, with a line in the log, where it is damaged or made from
    something else.

    `made_from` names what must be as it was when the pack was written; of what it leaves out anything will do.
    """
    for last_try in (False, True):
        before = _stamp(folder)
        if before is None:
            return None
        try:
            return _open(folder, made_from)
        except _Refused as refused:
            why = str(refused)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError) as error:
            why = f"{type(error).__name__}: {error}"
        if last_try or _stamp(folder) == before:  # else another process put a newer one in its place meanwhile
            break
    log.warning("pack_refused", folder=str(folder), why=why)
    return None


class _Refused(Exception):
    """Why a pack is not taken."""


def _open(folder: Path, made_from: Mapping[str, Any]) -> Pack:
    header = json.loads((folder / _HEADER).read_text(encoding="utf-8"))
    if header["format"] != FORMAT or header["version"] != __version__:
        raise _Refused(
            f"format {header['format']} of version {header['version']}, not format {FORMAT} of version {__version__}"
        )
    for name, wanted in made_from.items():
        if (found := header["made_from"].get(name)) != wanted:
            raise _Refused(f"made from {name} {found!r}, not {wanted!r}")
    arrays, roomy = {}, {}
    for name, said in header["arrays"].items():
        array = _mapped(folder / f"{name}.npy", said)
        arrays[name] = array[: said["rows"]] if said["rows"] is not None else array
        if said["growing"]:
            roomy[name] = array
    return Pack(folder, dict(header["made_from"]), arrays, roomy)


def _mapped(path: Path, said: Mapping[str, Any]) -> NDArray[Any]:
    if (size := path.stat().st_size) != said["bytes"]:
        raise _Refused(f"{path.name} has {size} bytes, not {said['bytes']}")
    if _checksum(path, said["used_bytes"]) != said["checksum"]:
        raise _Refused(f"{path.name} is not as it was written")
    # An empty array cannot be mapped.
    # An array of the plain class is a good deal quicker to slice than a `memmap`; it holds the file all the same.
    array = np.asarray(np.load(path, mmap_mode="c" if 0 not in said["shape"] else None, allow_pickle=False))
    if list(array.shape) != said["shape"] or array.dtype.str != said["dtype"]:
        raise _Refused(
            f"{path.name} is {array.dtype.str} of shape {list(array.shape)}, not {said['dtype']} of {said['shape']}"
        )
    return array


def _write(path: Path, array: NDArray[Any], growing: bool) -> dict[str, Any]:
    assert not array.dtype.hasobject, "flat numbers only"
    array = np.ascontiguousarray(array)
    rows = len(array) if growing else None
    shape = (len(array) + spare_rows(len(array)), *array.shape[1:]) if growing else array.shape
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(
            file, {"descr": array.dtype.str, "fortran_order": False, "shape": tuple(shape)}
        )
        array.tofile(file)
        used = file.tell()
        file.truncate(used + (int(np.prod(shape)) - array.size) * array.itemsize)
        _to_disk(file)
    return {
        "shape": list(shape),
        "rows": rows,
        "growing": growing,
        "dtype": array.dtype.str,
        "bytes": path.stat().st_size,
        "used_bytes": used,
        "checksum": _checksum(path, used),
    }


def _checksum(path: Path, used: int) -> int:
    """Of the first and the last bytes of the rows in use."""
    with path.open("rb") as file:
        found = zlib.crc32(file.read(min(ENDS_BYTES, used)))
        file.seek(max(used - ENDS_BYTES, 0))
        return zlib.crc32(file.read(min(ENDS_BYTES, used)), found)


def _put_in_place(beside: Path, folder: Path) -> None:
    """Move a finished pack to its place. Who looks between the two moves finds none, and makes its own."""
    away = Path(tempfile.mkdtemp(prefix=_unfinished(folder), dir=folder.parent))
    try:
        if folder.exists():
            folder.rename(away / folder.name)
        beside.rename(folder)
        _folder_to_disk(folder.parent)
    finally:
        shutil.rmtree(away, ignore_errors=True)


def _unfinished(folder: Path) -> str:
    return f".{folder.name}-"


def _remove_left_behind(folder: Path) -> None:
    """What a process left that was stopped while it wrote."""
    for path in folder.parent.glob(f"{_unfinished(folder)}*"):
        if time.time() - path.stat().st_mtime > _LEFT_BEHIND_S:
            shutil.rmtree(path, ignore_errors=True)


def _stamp(folder: Path) -> tuple[int, int] | None:
    try:
        found = (folder / _HEADER).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _to_disk(file: IO[Any]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _folder_to_disk(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
