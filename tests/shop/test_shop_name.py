"""What a shop is called: as its settings say, else by its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bottega.shop.folder import ShopFolder
from bottega.shop.shop_name import shop_name


@pytest.mark.parametrize(
    ("folder", "setting", "called"),
    [("nord-tea_shop", "", "Nord tea shop"), ("nord-tea", "  Nord & Co ", "Nord & Co"), ("--", " ", "Shop")],
)
def test_the_setting_first_then_the_folder_in_words(tmp_path: Path, folder: str, setting: str, called: str) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "bottega.toml").write_text(f'shop_name = "{setting}"\n')
    with ShopFolder.open(tmp_path / folder) as opened:
        assert shop_name(opened) == called
