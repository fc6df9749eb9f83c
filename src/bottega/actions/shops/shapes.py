"""What is asked of a shops folder, and what it answers."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from bottega.shop.shape import Shape

__all__ = ["ListShopsAnswer", "NewShopAnswer", "RemovedShopAnswer", "RestoredShopAnswer", "ShopInfo"]


class ShopInfo(Shape):
    """One line of the list of shops."""

    name: str
    database: str = Field(description="sqlite, or postgresql and the schema; empty where it cannot be opened.")
    products: int = 0
    events: int = 0
    keys: int = Field(default=0, description="API keys that open it, of every kind.")
    address: str = Field(default="", description="Where shoppers reach it.")
    fault: str = Field(default="", description="Why it cannot be opened; empty where it can.")


class ListShopsAnswer(Shape):
    """The shops of a folder, by the alphabet."""

    folder: Path
    shops: list[ShopInfo]
    left_out: list[str] = Field(description="Folders with a shop inside whose names no shop may have.")


class NewShopAnswer(Shape):
    """A shop that was just made."""

    name: str
    folder: Path
    key: str = Field(description="Its first API key, shown only now.")
    address: str


class RemovedShopAnswer(Shape):
    """A shop that is gone, with its rows."""

    name: str
    products: int
    events: int


class RestoredShopAnswer(Shape):
    """A shop that was made of a backup."""

    name: str
    was: str = Field(description="Name of the shop that the backup was taken of.")
    folder: Path
    rows: dict[str, int]
    keys_left_out: int = Field(description="Keys that open another shop here already, and so not this one.")
    settings_left_out: list[str] = Field(description="Settings of the server, which a shop of several has none of.")
