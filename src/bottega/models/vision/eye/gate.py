"""The gate: what kind of thing does a photo show? It stands before every head, because a head knows only its own kind.

Idea     A head that was taught clothes finds a gender in every teapot: its features hold what tells clothes apart, not
         what tells clothes from teapots. So a small network of its own looks first, taught with photos of other kinds
         and with made-up things of no kind at all (oddments.py), both cut out and laid on the same grounds as the
         clothes, so that no background gives the answer away. The eye's features, which know clothes well, have their
         say beside it: the two err on other photos.
Source   Outliers shown in training: Hendrycks, Mazeika & Dietterich 2019, https://arxiv.org/abs/1812.04606, section 3.
Serves   Any photo. What is like nothing that was taught counts as another thing.
Costs    About a millisecond a photo, half a megabyte.
Shapes   N photos, P pixels a side, K kinds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import log_softmax
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.blocks.device import CPU, autocast, full_precision
from bottega.names import FloatArray

__all__ = ["FURNITURE", "GATED", "GOODS", "GROCERY", "KINDS", "OTHER", "PX", "WORN", "Gate", "GateNetwork", "shown"]

PX = 48
"""Side of the square that it looks at."""
WORN, GOODS, GROCERY, FURNITURE, OTHER = "worn", "goods", "grocery", "furniture", "other"
KINDS = (WORN, GOODS, GROCERY, FURNITURE, OTHER)
"""Clothes, shoes, bags and what goes with them; three kinds with names of their own; and everything else."""
GATED = ("category", "subcategory", "type", "gender", "color", "usage", "words")
"""Heads that know nothing but what is worn."""
TRUST = 0.4
"""What the features' opinion counts beside the network's: its logarithms spread about as much more widely."""
FLOOR = -6.0
"""Least logarithm of a chance, so that neither of the two vetoes a kind."""
_WIDTHS = (24, 48, 96, 96)
_BATCH = 128


class _More(nn.Module):
    """A convolution, added to what came in."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.more = nn.Sequential(*_convolution(channels, channels, 1))

    def forward(self, maps: Tensor) -> Tensor:
        found: Tensor = maps + self.more(maps)
        return found


def _convolution(before: int, after: int, stride: int) -> list[nn.Module]:
    return [nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]


class GateNetwork(nn.Module):
    """Pictures [N, 3, P, P] in 0..1 to logits [N, K]."""

    def __init__(self, n_kinds: int = len(KINDS)) -> None:
        super().__init__()
        layers = [layer for before, after in pairwise((3, *_WIDTHS)) for layer in _convolution(before, after, 2)]
        third = 3 * len(_convolution(3, 3, 2))
        self.body = nn.Sequential(*layers[:third], _More(_WIDTHS[-2]), *layers[third:], _More(_WIDTHS[-1]))
        self.dropout = nn.Dropout(0.2)
        self.last = nn.Linear(2 * _WIDTHS[-1], n_kinds)

    def forward(self, pictures: Tensor) -> Tensor:
        pixels = ((pictures - 0.5) / 0.25).contiguous(memory_format=torch.channels_last)
        maps = self.body(pixels).float()
        found = self.dropout(torch.cat([maps.mean((2, 3)), maps.amax((2, 3))], 1))
        with full_precision(found.device):
            logits: Tensor = self.last(found)
        return logits


class Gate:
    """A trained network; what the eye's own features say beside it; and what is added to each kind's logit so that the
    errors are where they are wanted."""

    def __init__(self, network: GateNetwork, lift: FloatArray | None = None, opinion: FloatArray | None = None) -> None:
        self.network = network.eval()
        self.lift = np.zeros(len(KINDS), dtype=np.float32) if lift is None else lift
        self.opinion = opinion
        """[F + 1, K], a linear head on the features of the trunk, the last row constant; None for an eye of its own."""

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything that it knows, by name; what is saved."""
        state = {name: value.detach().cpu().contiguous().numpy() for name, value in self.network.state_dict().items()}
        small = {
            name: array.astype(np.float16) if array.dtype == np.float32 else array for name, array in state.items()
        }
        said = {} if self.opinion is None else {"opinion": self.opinion}
        return small | {"lift": self.lift} | said

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Gate:
        """As it was saved; `KeyError` or `RuntimeError` where that is not whole."""
        network = GateNetwork()
        network.load_state_dict({name: torch.from_numpy(np.asarray(arrays[name])) for name in network.state_dict()})
        opinion = np.asarray(arrays["opinion"], dtype=np.float32) if "opinion" in arrays else None
        return cls(network, np.asarray(arrays["lift"], dtype=np.float32), opinion)

    def logits(self, squares: NDArray[np.uint8], features: FloatArray | None = None) -> FloatArray:
        """Of uint8 [N, P, P, 3], any P, averaged over the picture and its mirror image [N, K]; without the lift.

        `features` [N, F]: of the trunk, for the second opinion.
        """
        parts = [np.zeros((0, len(KINDS)), dtype=np.float32)]
        for start in range(0, len(squares), _BATCH):
            pictures = torch.from_numpy(np.ascontiguousarray(squares[start : start + _BATCH])).permute(0, 3, 1, 2)
            small = _small(pictures.float()) / 255
            with torch.inference_mode(), autocast(CPU):
                parts.append(((self.network(small) + self.network(small.flip(3))) / 2).numpy())
        found = np.maximum(_logarithms(np.concatenate(parts)), FLOOR)
        if self.opinion is None or features is None:
            return found
        said = _logarithms(features @ self.opinion[:-1] + self.opinion[-1])
        return np.asarray(found + TRUST * np.maximum(said, FLOOR), dtype=np.float32)

    def chances(self, squares: NDArray[np.uint8], features: FloatArray | None = None) -> FloatArray:
        """Chance of each kind [N, K], rows sum to 1."""
        return np.exp(_logarithms(self.logits(squares, features) + self.lift))


def _logarithms(logits: FloatArray) -> FloatArray:
    """Logarithms of the chances that logits [N, K] mean."""
    return np.asarray(log_softmax(logits, axis=1), dtype=np.float32)


def shown(chances: FloatArray, kinds: Sequence[str]) -> FloatArray:
    """Chance that a photo shows one of these kinds [N]."""
    return np.asarray(chances[:, [KINDS.index(kind) for kind in kinds]].sum(axis=1), dtype=np.float32)


def _small(pictures: Tensor) -> Tensor:
    if pictures.shape[2] == PX:
        return pictures
    return functional.interpolate(pictures, size=(PX, PX), mode="bilinear", antialias=True, align_corners=False)
