"""Versions of what a shop's processes hold in memory, shared by all of one machine: a file that each of them maps.

Who wrote something puts a new stamp into the place of every name that it touched, after the commit. Who has read
something under a name keeps the stamp that stood there before the reading, and believes it for as long as the stamp is
the same. So an event that one process took is in the very next answer of every other, at the price of a comparison.

A stamp is 64 random bits and not a count: two processes that write into one place at once cannot bring back a stamp
that somebody remembers, and need no lock. Names fall into places by a hash that is the same in every process; two that
share a place are read anew for one another's sake, and nothing else.
"""

from __future__ import annotations

import mmap
import os
import secrets
import zlib
from enum import IntEnum
from pathlib import Path

from bottega.store.events import Added

__all__ = ["ShopPart", "Versions"]

PLACES = 65_536
"""Places that names share, by hash."""
EVERYBODY = PLACES
"""The place that every name looks at besides its own."""
MANY = 2_000
"""An import that touches more names stamps everybody at once."""
_BYTES = 8


class ShopPart(IntEnum):
    """What is held of the shop as a whole."""

    CATALOGUE = PLACES + 1
    CONSENTS = PLACES + 2
    TASTES = PLACES + 3
    """Who has declared any."""
    SYNONYMS = PLACES + 4
    MEANINGS = PLACES + 5
    """What shoppers' clicks say that words mean."""
    RULES = PLACES + 6
    """What the merchant imposes on lists."""
    EXPERIMENTS = PLACES + 7
    """Those that run, and what was adopted."""


class Versions:
    """The stamps of one shop on this machine. Safe to call from several threads and processes."""

    def __init__(self, path: Path) -> None:
        """The file is made where it is absent; what it held before is as good as anything."""
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            size = _BYTES * (PLACES + 8)
            os.ftruncate(file, size)
            self._stamps = memoryview(mmap.mmap(file, size)).cast("Q")  # eight bytes at once, never half of them
        finally:
            os.close(file)

    def of(self, name: str) -> int:
        """The stamp of a name. Read it before what it stands for."""
        return self._stamps[zlib.crc32(name.encode()) % PLACES] ^ self._stamps[EVERYBODY]

    def of_part(self, part: ShopPart) -> int:
        """The stamp of a part of the shop."""
        return self._stamps[part]

    def touch(self, *names: str) -> None:
        """What was known under these names holds no longer. Call it after the commit."""
        for name in names:
            self._stamps[zlib.crc32(name.encode()) % PLACES] = secrets.randbits(64)

    def touch_part(self, part: ShopPart) -> None:
        """What was known of this part holds no longer."""
        self._stamps[part] = secrets.randbits(64)

    def touch_everything(self) -> None:
        """Nothing that was known holds: somebody was forgotten, or many wrote."""
        for place in (EVERYBODY, ShopPart.CONSENTS, ShopPart.TASTES, ShopPart.MEANINGS):
            self._stamps[place] = secrets.randbits(64)

    def touched_by(self, added: Added) -> None:
        """Events or log-ins were stored: stamp whom they touch, both names of a join, and what a join takes along."""
        if len(added.names) > MANY:
            self.touch_everything()
            return
        self.touch(*added.names)
        if added.joined or added.told:
            self.touch_part(ShopPart.CONSENTS)
            self.touch_part(ShopPart.TASTES)
