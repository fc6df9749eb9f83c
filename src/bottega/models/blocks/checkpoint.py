"""Weights of a network out of a saved model, and trainings that are stopped in the middle and go on.

`arrays_io.py` writes and reads models that are whole. A checkpoint is for the training that wrote it alone: network,
optimisers, averaged weights, random numbers and how far it came, in one file that is replaced every few minutes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from bottega.errors import ModelFileBroken
from bottega.models.blocks.arrays_io import Saved
from bottega.models.blocks.course import Course

__all__ = ["Checkpoint", "half_arrays", "load_state"]


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


def half_arrays(network: nn.Module, prefix: str = "") -> dict[str, NDArray[Any]]:
    """The network's arrays for `save_arrays`, names behind a prefix: floats as float16, single numbers as they are."""
    state = {name: value.detach().cpu().contiguous().numpy() for name, value in network.state_dict().items()}
    return {
        prefix + name: value.astype(np.float16) if value.ndim and value.dtype.kind == "f" else value
        for name, value in state.items()
    }


class Checkpoint:
    """A file beside a training. It is written whole under another name first, so a stop at any moment leaves one."""

    def __init__(self, path: Path, *, rng: np.random.Generator, every_s: float = 120.0) -> None:
        self.path, self.rng, self.every_s = path, rng, every_s
        self._written = time.monotonic()
        self._also: dict[str, tuple[Callable[[], dict[str, Tensor]], Callable[[dict[str, Tensor]], None]]] = {}

    def also(
        self, name: str, read: Callable[[], dict[str, Tensor]], write: Callable[[dict[str, Tensor]], None]
    ) -> None:
        """Keep tensors that are in neither network nor optimiser (averaged weights)."""
        self._also[name] = read, write

    def resume(self, network: nn.Module, optimisers: Sequence[torch.optim.Optimizer], course: Course) -> None:
        """Bring everything to where the file left it; nothing happens where there is none."""
        if not self.path.exists():
            return
        found: dict[str, Any] = torch.load(self.path, map_location="cpu", weights_only=True)
        network.load_state_dict(found["network"])
        for optimiser, state in zip(optimisers, found["optimisers"], strict=True):
            optimiser.load_state_dict(state)
        for name, (_, write) in self._also.items():
            write(found["also"][name])
        torch.set_rng_state(found["torch_rng"])
        self.rng.bit_generator.state = json.loads(found["numpy_rng"])
        course.begin(step=found["step"], spent_s=found["spent_s"])

    def keep(
        self, network: nn.Module, optimisers: Sequence[torch.optim.Optimizer], course: Course, *, now: bool = False
    ) -> None:
        """Write down how far it came, if the last time is long enough ago (or `now`)."""
        if not now and time.monotonic() - self._written < self.every_s:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".new")
        torch.save(
            {
                "network": network.state_dict(),
                "optimisers": [optimiser.state_dict() for optimiser in optimisers],
                "also": {name: read() for name, (read, _) in self._also.items()},
                "torch_rng": torch.get_rng_state(),
                "numpy_rng": json.dumps(self.rng.bit_generator.state),
                "step": course.step,
                "spent_s": course.spent_s,
            },
            beside,
        )
        beside.replace(self.path)
        self._written = time.monotonic()

    def done(self) -> None:
        """The training is over: the file goes."""
        self.path.unlink(missing_ok=True)
