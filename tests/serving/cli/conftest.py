"""Commands work on a shop that is there, with nothing in it to begin with."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def shops(tmp_path: Path) -> None:
    """The folders that these tests give to --shop hold a shop each, as its settings show."""
    (tmp_path / "shop").mkdir()
    for folder in (tmp_path, tmp_path / "shop"):
        (folder / "bottega.toml").touch()
