"""A value as other processes get it: a small head, and the bytes of its arrays apart, which need not be copied.

Source   Pickle protocol 5 with buffers out of band: PEP 574, https://peps.python.org/pep-0574/.
"""

from __future__ import annotations

import mmap
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["pack", "read_file", "unpack", "write_file"]

_ALIGNED = 64
"""Bytes: where an array begins in the file."""


def pack(value: Any) -> tuple[bytes, list[memoryview]]:
    """The head, and views on the arrays' own memory."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    return head, [buffer.raw() for buffer in buffers]


def unpack(head: bytes, buffers: Sequence[Any]) -> Any:
    """The value again, its arrays on these buffers."""
    return pickle.loads(head, buffers=buffers)  # only ever what a process of our own packed


def write_file(value: Any, path: Path) -> list[int]:
    """Write a value; the lengths in bytes of its parts, the head's first."""
    head, buffers = pack(value)
    with path.open("wb") as stream:
        for part in (memoryview(head), *buffers):
            stream.write(part)
            stream.write(bytes(-len(part) % _ALIGNED))
    return [len(head), *map(len, buffers)]


def read_file(path: Path, lengths: Sequence[int]) -> Any:
    """The value, its arrays mapped: processes share what none of them writes into, and none sees what another wrote."""
    with path.open("rb") as stream:
        whole = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY))
    parts, start = [], 0
    for length in lengths:
        parts.append(whole[start : start + length])
        start += length + -length % _ALIGNED
    return unpack(bytes(parts[0]), parts[1:])
