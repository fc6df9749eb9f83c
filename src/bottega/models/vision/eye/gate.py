"""The gate: what kind of thing does a photo show? It stands before every head, because a head knows only its own kind.

Idea     A head that was taught clothes finds a gender in every teapot: its features hold what tells clothes apart, not
         what tells clothes from teapots. So a small network of its own looks first, taught with photos of other kinds
         and with made-up things of no kind at all (oddments.py), both cut out and laid on the same grounds as the
         clothes, so that no background gives the answer away.
Source   Outliers shown in training: Hendrycks, Mazeika & Dietterich 2019, https://arxiv.org/abs/1812.04606, section 3.
         Blocks: separable convolutions, Howard et al. 2017, https://arxiv.org/abs/1704.04861, section 3.1.
Serves   Any photo. What is like nothing that was taught counts as another thing.
Costs    About half a millisecond a photo, some hundred kilobytes.
Shapes   N photos, P pixels a side, K kinds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.blocks.device import full_precision
from bottega.names import FloatArray

__all__ = ["FURNITURE", "GATED", "GOODS", "GROCERY", "KINDS", "OTHER", "PX", "WORN", "Gate", "GateNetwork", "shown"]

PX = 64
"""Side of the square that it looks at."""
WORN, GOODS, GROCERY, FURNITURE, OTHER = "worn", "goods", "grocery", "furniture", "other"
KINDS = (WORN, GOODS, GROCERY, FURNITURE, OTHER)
"""Clothes, shoes, bags and what goes with them; three kinds with names of their own; and everything else."""
GATED = ("category", "subcategory", "type", "gender", "color", "usage", "words")
"""Heads that know nothing but what is worn."""
_WIDTHS = (24, 48, 96, 128)
_BATCH = 128


class _Block(nn.Module):
    """A separable convolution that halves the side, and one that does not, added to what came in."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.halve = nn.Sequential(*_separable(before, after, 2))
        self.more = nn.Sequential(*_separable(after, after, 1))

    def forward(self, maps: Tensor) -> Tensor:
        halved: Tensor = self.halve(maps)
        found: Tensor = halved + self.more(halved)
        return found


def _separable(before: int, after: int, stride: int) -> list[nn.Module]:
    return [
        nn.Conv2d(before, before, 3, stride, 1, groups=before, bias=False),
        nn.BatchNorm2d(before),
        nn.Conv2d(before, after, 1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
    ]


class GateNetwork(nn.Module):
    """Pictures [N, 3, P, P] in 0..1 to logits [N, K]."""

    def __init__(self, n_kinds: int = len(KINDS)) -> None:
        super().__init__()
        stem = [nn.Conv2d(3, _WIDTHS[0], 3, 2, 1, bias=False), nn.BatchNorm2d(_WIDTHS[0]), nn.ReLU()]
        pairs = pairwise(_WIDTHS)
        self.body = nn.Sequential(*stem, *[_Block(before, after) for before, after in pairs])
        self.dropout = nn.Dropout(0.2)
        self.last = nn.Linear(2 * _WIDTHS[-1], n_kinds)

    def forward(self, pictures: Tensor) -> Tensor:
        maps = self.body((pictures - 0.5) / 0.25).float()
        found = self.dropout(torch.cat([maps.mean((2, 3)), maps.amax((2, 3))], 1))
        with full_precision(found.device):
            logits: Tensor = self.last(found)
        return logits


class Gate:
    """A trained network, and what is added to each kind's logit so that the error is where it is wanted."""

    def __init__(self, network: GateNetwork, lift: FloatArray | None = None) -> None:
        self.network = network.eval()
        self.lift = np.zeros(len(KINDS), dtype=np.float32) if lift is None else lift

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything that it knows, by name; what is saved."""
        state = {name: value.detach().cpu().contiguous().numpy() for name, value in self.network.state_dict().items()}
        return {
            name: array.astype(np.float16) if array.dtype == np.float32 else array for name, array in state.items()
        } | {"lift": self.lift}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Gate:
        """As it was saved; `KeyError` or `RuntimeError` where that is not whole."""
        network = GateNetwork()
        network.load_state_dict({name: torch.from_numpy(np.asarray(arrays[name])) for name in network.state_dict()})
        return cls(network, np.asarray(arrays["lift"], dtype=np.float32))

    def logits(self, squares: NDArray[np.uint8]) -> FloatArray:
        """Of uint8 [N, P, P, 3], any P, averaged over the picture and its mirror image [N, K]; without the lift."""
        parts = [np.zeros((0, len(KINDS)), dtype=np.float32)]
        for start in range(0, len(squares), _BATCH):
            pictures = torch.from_numpy(np.ascontiguousarray(squares[start : start + _BATCH])).permute(0, 3, 1, 2)
            small = _small(pictures.float()) / 255
            with torch.inference_mode():
                parts.append(((self.network(small) + self.network(small.flip(3))) / 2).numpy())
        return np.concatenate(parts)

    def chances(self, squares: NDArray[np.uint8]) -> FloatArray:
        """Chance of each kind [N, K], rows sum to 1."""
        lifted = self.logits(squares) + self.lift
        shares = np.exp(lifted - lifted.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float32)


def shown(chances: FloatArray, kinds: Sequence[str]) -> FloatArray:
    """Chance that a photo shows one of these kinds [N]."""
    return np.asarray(chances[:, [KINDS.index(kind) for kind in kinds]].sum(axis=1), dtype=np.float32)


def _small(pictures: Tensor) -> Tensor:
    if pictures.shape[2] == PX:
        return pictures
    return functional.interpolate(pictures, size=(PX, PX), mode="bilinear", antialias=True, align_corners=False)
