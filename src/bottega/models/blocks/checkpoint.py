"""Weights of a network out of a saved model (`arrays_io.py` writes and reads the files)."""

from __future__ import annotations

import torch
from torch import nn

from bottega.errors import ModelFileBroken
from bottega.models.blocks.arrays_io import Saved

__all__ = ["load_state"]


def load_state(network: nn.Module, saved: Saved) -> None:
    """Fill the network with the arrays of its names; `ModelFileBroken` when one is missing or misshapen."""
    for name, value in network.state_dict().items():
        found = saved.array(name, ndim=value.ndim)
        if found.shape != tuple(value.shape):
            raise ModelFileBroken(
                f"The saved model in {saved.folder} cannot be used: {name!r} has shape {found.shape}.",
                allowed=f"Its config asks for {tuple(value.shape)}.",
                next_step="Train the model again.",
            )
        with torch.no_grad():
            value.copy_(torch.from_numpy(found))
    network.eval()
