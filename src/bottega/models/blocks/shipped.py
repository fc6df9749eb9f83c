"""Weights that come with Bottega: a folder a model, each with a card of what it was trained on and how well it did."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

__all__ = ["load_shipped", "put_with_shipped", "shipped_folder", "weights_of"]

MODELS = Path(__file__).parents[1]
ModelT = TypeVar("ModelT")


def weights_of(room: str) -> Path:
    """Where the models of a room that come along have their folders."""
    return MODELS / room / "weights"


def shipped_folder(room: str, name: str) -> Path:
    """The folder of a shipped model of a room. The bars that it missed stand on its card (`cards.py`)."""
    return weights_of(room) / name


def load_shipped(load: Callable[[Path], ModelT], room: str, name: str) -> ModelT | None:
    """A shipped model of a room, read by its `load`; None where an installation was made without it."""
    folder = shipped_folder(room, name)
    return load(folder) if (folder / "model.json").exists() else None


def put_with_shipped(trained: Path, room: str, name: str) -> Path:
    """Copy a trained model, its card too, to where it ships from; returns that folder."""
    folder = shipped_folder(room, name)
    folder.mkdir(parents=True, exist_ok=True)
    for file in (*trained.glob("*.npz"), *trained.glob("*.json")):
        shutil.copyfile(file, folder / file.name)
    return folder
