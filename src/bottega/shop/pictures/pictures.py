"""Take a product's picture files into the shop's folder, so that the shop is whole without its source.

A picture is named by its content (BLAKE2b, 128 bits): the same picture lies there once, a changed one gets a new name
and so changes its product, and no name from a feed ever becomes a path. Files are hard-linked where the file system
allows it, else copied; one that carries metadata (where and by whom it was taken) is written anew without it. A picture
appears under its name only when it is whole. What is refused: datasets/photos/files.py.
"""

# Strings and os.path, because pathlib took twice the time of everything else here.
# ruff: noqa: PTH103, PTH105, PTH108, PTH116, PTH118, PTH120, PTH123

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from bottega.catalogue.addresses import is_web
from bottega.catalogue.problems import problem
from bottega.catalogue.product import Product
from bottega.datasets.photos.files import check_size
from bottega.datasets.photos.metadata import storable
from bottega.datasets.photos.mirrored import have_there
from bottega.errors import InputError, PhotoRefused, disk_full
from bottega.sources.problems import Problem

__all__ = ["PictureTaker", "put_picture"]


class _Listing(NamedTuple):
    """The files of one folder: its path without symbolic links, and for each name whether it is one."""

    real: str
    is_link: dict[str, bool]


class PictureTaker:
    """Takes pictures from one source folder into one images folder."""

    def __init__(self, source_folder: Path, images_folder: Path) -> None:
        self.taken: set[str] = set()
        """Names of the pictures of this import."""
        self._source = os.path.realpath(source_folder)
        self._images = str(images_folder)
        self._images_folder = images_folder
        self._known: dict[str, str | Problem] = {}
        self._folders: dict[str, _Listing] = {}

    def take(self, product: Product) -> tuple[Product, list[Problem]]:
        """The product with its local pictures taken in; those that are missing or broken are left out and reported."""
        if all(is_web(address) for address in product.images):
            return product, []
        kept: dict[str, None] = {}
        problems: list[Problem] = []
        for address in product.images:
            if is_web(address):
                kept[address] = None
                continue
            found = self._known.get(address)
            if found is None:
                found = self._known[address] = self._take(address)
            if isinstance(found, Problem):
                row = product.source_row or product.id
                problems.append(problem(found.rule, row, found.field, found.seen))
            else:
                kept[found] = None
        return product.model_copy(update={"images": tuple(kept)}), problems

    def _take(self, address: str) -> str | Problem:
        """Name of the picture in the images folder, or what is wrong with it."""

        def wrong(rule: str, seen: str) -> Problem:
            return problem(rule, "", "images", seen)

        folder, _, base = address.rpartition("/")
        try:
            listing = self._listing(folder)
            if base not in listing.is_link:
                return wrong("image_missing", address)
            path = os.path.join(listing.real, base)
            if listing.is_link[base]:
                path = os.path.realpath(path)
            if not path.startswith(self._source + os.sep):
                return wrong("image_url_unusable", f"{address} (outside the source folder)")
            check_size(os.stat(path).st_size, address)
            with open(path, "rb") as stream:
                content = stream.read()
            clean, suffix = storable(content, address)
        except PhotoRefused as refusal:
            return wrong("image_broken", refusal.seen)
        except (OSError, ValueError) as error:
            return wrong("image_missing", f"{address} ({error})")
        name = _name_of(clean, suffix)
        _put(path if clean is content else clean, os.path.join(self._images, name), len(clean))
        have_there(self._images_folder, name)
        self.taken.add(name)
        return name

    def _listing(self, folder: str) -> _Listing:
        """What a folder below the source holds, looked at once: most feeds keep all pictures in one."""
        if folder not in self._folders:
            path = os.path.join(self._source, folder)
            try:
                with os.scandir(path) as entries:
                    is_link = {entry.name: entry.is_symlink() for entry in entries if entry.is_file()}
                real = os.path.realpath(path)
            except (OSError, ValueError):
                real, is_link = path, {}
            self._folders[folder] = _Listing(real, is_link)
        return self._folders[folder]


def put_picture(images_folder: Path, content: bytes, suffix: str) -> str:
    """Name of a picture that was made here, now in the images folder. Raises `InputError` where the disk refuses it."""
    name = _name_of(content, suffix)
    try:
        _put(content, os.path.join(images_folder, name), len(content))
        have_there(images_folder, name)
    except OSError as error:
        raise disk_full(error) or InputError(
            f"The picture {name} cannot be kept: {error.strerror}.",
            next_step="Make the shop's folder writable.",
        ) from error
    return name


def _name_of(content: bytes, suffix: str) -> str:
    digest = blake2b(content, digest_size=16).hexdigest()
    return f"{digest[:2]}/{digest[2:]}{suffix}"


def _put(source: str | bytes, target: str, size: int) -> None:
    """Have `source`, a path or the content itself, at `target`."""
    try:
        if os.stat(target).st_size == size:
            return
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)
    work = f"{target}.{os.getpid()}.part"
    if isinstance(source, bytes):
        with suppress(FileNotFoundError):  # a killed import may have left a link to its source here
            os.unlink(work)
        with open(work, "wb") as stream:
            stream.write(source)
    else:
        _link(source, work)
    os.replace(work, target)
    with suppress(FileNotFoundError):  # it stays when another import linked the same file there meanwhile
        os.unlink(work)


def _link(path: str, work: str) -> None:
    try:
        os.link(path, work)
    except FileExistsError:  # left by a killed import that had the same process id
        os.unlink(work)
        shutil.copyfile(path, work)
    except OSError:  # another file system, or one without hard links
        shutil.copyfile(path, work)
