"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """Path of a file of the public data sets, found by BOTTEGA_DATA or beside the repository; skips where absent."""
    folder = Path(os.environ.get("BOTTEGA_DATA", REPOSITORY.parent / "shared" / "data"))

    def find(name: str) -> Path:
        path = folder / name
        if not path.exists():
            pytest.skip(f"real data {name} is not here; set BOTTEGA_DATA to the folder that holds it")
        return path

    return find
