"""An encoder at an address is told the key of the shop that named it, and no other's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bottega.reach import Reach
from bottega.shop.folder import ShopFolder
from bottega.shop.secrets import secrets_of
from bottega.shop.trained.encoder import encoder_of


def test_each_shop_has_a_key_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Callable[[], str]] = []

    def called(name: str, reach: Reach, key: Callable[[], str]) -> object:
        assert name == "https://e.example/v1 tiny" and not reach.private
        asked.append(key)
        return object()

    monkeypatch.setattr("bottega.shop.trained.encoder.encoder_called", called)
    (tmp_path / "shops.toml").touch()
    for name in ("nord", "sud"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bottega.toml").write_text('encoder = "https://e.example/v1 tiny"\n')
        with ShopFolder.open(tmp_path / name) as folder:
            if name == "nord":
                secrets_of(folder).keep("embeddings", "s3cret")
            encoder_of(folder)
            assert asked[-1]() == ("s3cret" if name == "nord" else "")
