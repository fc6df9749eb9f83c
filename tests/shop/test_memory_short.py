"""No memory: Python, the system and the libraries say it each in their own words, and Bottega in one."""

from __future__ import annotations

import errno
import os

import pytest

from bottega.errors import MemoryShort, memory_short


@pytest.mark.parametrize(
    "refused",
    [
        MemoryError(),
        MemoryError("Unable to allocate 7.45 GiB for an array with shape (1000000000,)"),
        OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)),
        RuntimeError("[enforce fail at alloc_cpu.cpp:124] . DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("std::bad_alloc"),
        SystemError("error return without exception set"),
        RuntimeError("can't start new thread"),
        ImportError("libtorch_cpu.so: failed to map segment from shared object"),
    ],
)
def test_it_is_told_from_a_bug(refused: Exception) -> None:
    found = memory_short(refused)
    assert isinstance(found, MemoryShort) and found.again and found.status == 503
    assert "not enough memory" in found.seen and "more memory" in found.next_step
    try:
        try:
            raise refused
        except type(refused) as error:
            raise ValueError("a file is cut short") from error
    except ValueError as error:
        assert isinstance(memory_short(error), MemoryShort)


@pytest.mark.parametrize(
    "other", [RuntimeError("shapes differ"), ValueError("out of memory"), OSError(errno.EACCES, "no")]
)
def test_what_is_none_is_left_alone(other: Exception) -> None:
    assert memory_short(other) is None
