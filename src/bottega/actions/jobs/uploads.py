"""Files that came with a request for a job: kept in the shop's folder until the job is over, and where it failed, for
`FAILED_DAYS` more, so that it can be tried again.

Each lies in a folder of its own under `uploads/`, whose name nobody can guess, under the name it came with (readers
look at it), made harmless. A job's request names it by a path relative to the shop's folder; paths that people name
are always absolute.
"""

from __future__ import annotations

import re
import secrets
import shutil
from pathlib import Path, PurePath
from typing import BinaryIO

from bottega.errors import FilesUnavailable, InputError, RequestInvalid, disk_full
from bottega.shop.folder import ShopFolder
from bottega.store.jobs import Job

__all__ = [
    "FAILED_DAYS",
    "UPLOADS",
    "discard_upload",
    "drop_upload",
    "has_upload",
    "keep_upload",
    "leave_upload",
    "sweep_uploads",
    "upload_name",
    "upload_place",
]

UPLOADS = "uploads"
"""Folder in the shop's folder."""
FAILED_DAYS = 7
"""How long the file of a job that failed is kept."""
_NAME_MAX = 100
_UNSAFE = re.compile(r"[^\w.-]+")


def upload_name(said: str | None) -> str:
    """The name a file came with, without folders and without characters that a disk or a reader could trip over."""
    name = _UNSAFE.sub("_", PurePath((said or "").replace("\\", "/")).name).strip("._-")
    return name[-_NAME_MAX:].lstrip("._-") or "upload"


def keep_upload(folder: ShopFolder, name: str, content: BinaryIO) -> str:
    """Copy an open file into the shop's folder; its path relative to that.

    Raises `DiskFull`, and `InputError` where the disk refuses it.
    """
    place = folder.root / UPLOADS / secrets.token_hex(16)
    target = place / upload_name(name)
    try:
        place.mkdir(parents=True)
        with target.open("wb") as stream:
            shutil.copyfileobj(content, stream, 1 << 20)
        folder.files.share(str(target.relative_to(folder.root)))
    except FilesUnavailable:
        shutil.rmtree(place, ignore_errors=True)
        raise
    except OSError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise disk_full(error) or InputError(
            f"The file {target.name} cannot be kept: {error.strerror}.",
            next_step="Mend the server's disk and send it again.",
        ) from error
    return str(target.relative_to(folder.root))


def leave_upload(folder: ShopFolder, source: object) -> None:
    """A job was asked for: where files lie elsewhere, whichever machine does it fetches its own copy."""
    place = _place(source)
    if place is not None and folder.lies_elsewhere:
        shutil.rmtree(folder.root / place, ignore_errors=True)


def drop_upload(folder: ShopFolder, source: object) -> None:
    """Delete a kept file; a `source` that is none of those stays as it is."""
    place = _place(source)
    if place is not None:
        folder.files.remove(str(source))
        shutil.rmtree(folder.root / place, ignore_errors=True)


def discard_upload(folder: ShopFolder, job: Job) -> None:
    """Delete what came with a job that is over."""
    drop_upload(folder, job.request.get("source"))


def has_upload(folder: ShopFolder, job: Job) -> bool:
    """Whether what came with a job is still there; true where nothing came."""
    source = job.request.get("source")
    return _place(source) is None or str(source) in folder.files.names(str(_place(source)))


def sweep_uploads(folder: ShopFolder, *, before_s: float) -> None:
    """Delete uploads older than `before_s` (seconds since 1970) that no job needs: their request was cut short, or
    their job failed long ago."""
    failed = folder.store.jobs.failed_since(int((before_s - FAILED_DAYS * 86_400) * 1000))
    needed = {_place(job.request.get("source")) for job in (*folder.store.jobs.unfinished(), *failed)}
    for place in (folder.root / UPLOADS).glob("*"):
        if place.relative_to(folder.root) not in needed and place.stat().st_mtime < before_s:
            shutil.rmtree(place, ignore_errors=True)
    if folder.lies_elsewhere:
        for name in folder.files.names(UPLOADS):
            if _place(name) not in needed and folder.files.changed_s(name) < before_s:
                folder.files.remove(name)


def upload_place(folder: ShopFolder, source: str) -> Path:
    """Where a kept file lies on this machine. Raises `RequestInvalid` where there is none of this name."""
    if _place(source) is None or not has_kept(folder, source):
        raise RequestInvalid(
            "The file is no longer here.",
            allowed="A file that was sent is kept for an hour, and until its import is done.",
            next_step="Send it again.",
        )
    if folder.lies_elsewhere:
        folder.files.local(source)
    return folder.root / source


def has_kept(folder: ShopFolder, source: str) -> bool:
    """Whether a kept file is still there."""
    return source in folder.files.names(str(_place(source)))


def _place(source: object) -> Path | None:
    """The folder of an upload, relative to the shop's."""
    parts = Path(source).parts if isinstance(source, str) else ()
    return Path(*parts[:2]) if parts[:1] == (UPLOADS,) and len(parts) == 3 and ".." not in parts else None
