"""Thumbnails: the shop's own pictures in a few widths, as WebP, made when first asked for and kept in its folder.

A thread of its own at low priority makes them, so that no answer waits for one; whoever asks for more than it can do
soon gets the picture as it is. A thumbnail is named by the picture's path, time and size, so that another picture in
the same place gets thumbnails of its own, and says how it came to be as its picture does; what was made longest ago
goes when the folder is full.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from PIL import Image

from bottega.datasets.photos.inside import path_inside
from bottega.datasets.photos.provenance import packet_of, source_type_of
from bottega.datasets.photos.reading import read_photo
from bottega.errors import PhotoRefused

__all__ = ["WIDTHS", "Thumbnails", "width_for"]

WIDTHS = (160, 320, 480, 640, 960)
"""Pixels; a picture is never made wider than it is."""
MOST_BYTES = 512 * 1024 * 1024
"""All thumbnails of a shop together; the folder is emptied to `KEPT_SHARE` of it when it holds more."""
KEPT_SHARE = 0.8
WAITING = 200
"""Thumbnails that wait to be made; beyond it pictures go out as they are."""
NICE = 10
"""Priority of the thread, on Linux: behind everything that answers."""
_SUFFIX = ".webp"
_QUALITY = 80


def width_for(wanted: int) -> int:
    """The least of `WIDTHS` that has as many pixels.

    >>> width_for(200), width_for(5000)
    (320, 960)
    """
    return next((width for width in WIDTHS if width >= wanted), WIDTHS[-1])


class Thumbnails:
    """Those of one shop: from pictures below `images`, kept in `folder`."""

    def __init__(self, images: Path, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self._images, self._folder, self._most_bytes = images, folder, most_bytes
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="thumbnails", initializer=_step_back)
        self._lock = threading.Lock()
        self._waiting: dict[str, Future[Path | None]] = {}
        self._no_pictures: set[str] = set()
        self._bytes: int | None = None

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self._folder

    def ask(self, path: str, width: int) -> Future[Path | None] | None:
        """The thumbnail of a picture, named as products name it; a promise of null where it can have none.

        None where the picture is not there, or too many wait already.
        """
        source = self._source(path)
        if source is None:
            return None
        state = source.stat()
        name = sha256(f"{path}\0{state.st_mtime_ns}\0{state.st_size}\0{width}".encode()).hexdigest()[:40]
        made = self._folder / name[:2] / f"{name}{_SUFFIX}"
        if made.exists():
            return _done(made)
        if name in self._no_pictures:
            return _done(None)
        with self._lock:
            if name in self._waiting:
                return self._waiting[name]
            if len(self._waiting) >= WAITING:
                return None
            promise = self._waiting[name] = self._pool.submit(self._make, source, made, width, name)
        promise.add_done_callback(lambda _: self._waiting.pop(name, None))
        return promise

    def close(self) -> None:
        """End the thread; what waits is not made."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _source(self, path: str) -> Path | None:
        """The picture's file, if it lies in the folder of pictures."""
        try:
            return path_inside(self._images, path)
        except PhotoRefused:
            return None

    def _make(self, source: Path, made: Path, width: int, name: str) -> Path | None:
        try:
            picture = Image.fromarray(read_photo(source))
            said = source_type_of(source.read_bytes())
        except PhotoRefused:
            self._no_pictures.add(name)
            return None
        scale = min(1.0, width / picture.width)
        size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
        if size != picture.size:
            picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        work = made.with_name(f".{name}.{os.getpid()}")
        try:
            made.parent.mkdir(parents=True, exist_ok=True)
            picture.save(work, "WEBP", quality=_QUALITY, method=4, xmp=packet_of(said) if said else b"")
            work.replace(made)
        except OSError:  # a full disk, or one that may not be written: the picture goes out as it is
            with suppress(OSError):
                work.unlink(missing_ok=True)
            return None
        self._count(made.stat().st_size)
        return made

    def _count(self, added: int) -> None:
        """Keep the folder within its bound; the oldest go first."""
        if self._bytes is None:
            self._bytes = sum(one.stat().st_size for one in self._folder.glob(f"*/*{_SUFFIX}"))
        else:
            self._bytes += added
        if self._bytes <= self._most_bytes:
            return
        files = [(one, one.stat()) for one in self._folder.glob(f"*/*{_SUFFIX}")]
        total = sum(state.st_size for _, state in files)
        for one, state in sorted(files, key=lambda file: file[1].st_mtime_ns):
            if total <= KEPT_SHARE * self._most_bytes:
                break
            one.unlink(missing_ok=True)
            total -= state.st_size
        self._bytes = total


def _step_back() -> None:
    """Let every other thread go first, where the system knows priorities of threads."""
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


def _done(made: Path | None) -> Future[Path | None]:
    promise: Future[Path | None] = Future()
    promise.set_result(made)
    return promise
