"""What comes along is read where it is, and missing where an installation was made without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bottega.models.blocks import shipped
from bottega.models.blocks.shipped import load_shipped


def test_a_model_that_was_left_out_is_none_and_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "MODELS", tmp_path)
    assert load_shipped(Path.as_posix, "studio", "composer") is None
    folder = tmp_path / "studio" / "weights" / "composer"
    folder.mkdir(parents=True)
    (folder / "model.json").write_text("{}")
    assert load_shipped(Path.as_posix, "studio", "composer") == folder.as_posix()
