"""Weights that come with Bottega: a folder a model, each with a card of what it was trained on and how well it did."""

from __future__ import annotations

from pathlib import Path

__all__ = ["shipped_folder", "weights_of"]

MODELS = Path(__file__).parents[1]


def weights_of(room: str) -> Path:
    """Where the models of a room that come along have their folders."""
    return MODELS / room / "weights"


def shipped_folder(room: str, name: str) -> Path:
    """The folder of a shipped model of a room. The bars that it missed stand on its card (`cards.py`)."""
    return weights_of(room) / name
