"""Losses of the eye: one class of many, many marks at once, and the same thing again.

Shapes   N photos, C classes, W marks, E embedding, Q remembered vectors.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["Memory", "class_weights", "many_of", "one_of", "same"]

TEMPERATURE = 0.1
"""Of the contrastive loss: smaller looks harder at the nearest."""
SMOOTHING = 0.1
"""Share of a class label that is spread over all classes (Szegedy et al. 2015, section 7)."""


def class_weights(codes: Tensor, n_classes: int, rare: float) -> Tensor:
    """Weights [C], n_c ** -rare, with mean 1 over the photos; codes of -1 are left out."""
    counts = torch.bincount(codes[codes >= 0].long(), minlength=n_classes).float()
    weights = counts.clamp(min=1) ** -rare
    return weights * (counts.sum() / (weights * counts).sum().clamp(min=1e-9))


def one_of(logits: Tensor, codes: Tensor, weights: Tensor) -> Tensor:
    """Softmax loss over the photos whose class is known (code >= 0); 0 where none is."""
    known = (codes >= 0).nonzero().squeeze(1)
    if not len(known):
        return logits.sum() * 0
    chosen = logits.index_select(0, known)
    return functional.cross_entropy(chosen, codes[known].long(), weight=weights, label_smoothing=SMOOTHING)


def many_of(logits: Tensor, marks: Tensor) -> Tensor:
    """Binary cross-entropy summed over the marks [W], a tenth of it, mean over the photos."""
    total = functional.binary_cross_entropy_with_logits(logits, marks, reduction="sum")
    return 0.1 * total / max(len(marks), 1)


class Memory:
    """The vectors of past batches, as more things to be told apart from.

    Wang et al. 2020, "Cross-Batch Memory for Embedding Learning", https://arxiv.org/abs/1912.06798, section 3.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.vectors = torch.zeros(0, 0)
        self.groups = torch.zeros(0, dtype=torch.long)

    def add(self, vectors: Tensor, groups: Tensor) -> None:
        """Remember a batch; the oldest are forgotten."""
        if not len(self.vectors):
            self.vectors, self.groups = vectors.detach()[:0], groups[:0]
        self.vectors = torch.cat([self.vectors, vectors.detach()])[-self.size :]
        self.groups = torch.cat([self.groups, groups])[-self.size :]


def same(vectors: Tensor, groups: Tensor, memory: Memory) -> Tensor:
    """Supervised contrastive loss: a vector's group mates nearer than all others, those in memory included.

    Khosla et al. 2020, https://arxiv.org/abs/2004.11362, equation 2.
    """
    n = len(vectors)
    others = torch.cat([vectors, memory.vectors]) if len(memory.vectors) else vectors
    codes = torch.cat([groups, memory.groups]) if len(memory.vectors) else groups
    scores = vectors @ others.T / TEMPERATURE
    itself = torch.eye(n, len(others), dtype=torch.bool, device=vectors.device)
    scores = scores.masked_fill(itself, float("-inf"))
    mates = (groups[:, None] == codes[None]) & ~itself
    chances = scores - scores.logsumexp(1, keepdim=True)
    counts = mates.sum(1)
    per = -torch.where(mates, chances, 0.0).sum(1) / counts.clamp(min=1)
    return per[counts > 0].mean() if bool((counts > 0).any()) else vectors.sum() * 0
