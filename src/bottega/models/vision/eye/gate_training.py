"""Training of the gate: kinds of things side by side in every batch, cut out and laid on the same grounds.

Shapes   N pictures, P pixels a side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import logsumexp
from torch import Tensor
from torch.nn import functional

from bottega.models.blocks.averaging import AveragedWeights
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, autocast
from bottega.models.blocks.train_loop import Schedule, train
from bottega.models.vision.eye.gate import KINDS, PX, WORN, Gate, GateNetwork
from bottega.models.vision.eye.views import draw_views
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["OfKind", "fit_gate", "strict"]

STEPS = 6000
BATCH = 96
ON_GROUND = 0.6
"""Share of the views, of things whose outline is known, that lie on another ground."""
_SMOOTHING = 0.05
_CUT_OUT = 0.97
"""Share of a picture that is thing, above which its outline is not known."""


KEPT = 0.94
"""Share of worn things kept aside that should pass."""


@dataclass(frozen=True, slots=True)
class OfKind:
    """Pictures of one kind: uint8 RGBA [N, P, P, 4], and their share of a batch."""

    kind: str
    pictures: NDArray[np.uint8]
    share: float


def fit_gate(
    sets: Sequence[OfKind],
    grounds: NDArray[np.uint8],
    *,
    rng: np.random.Generator,
    steps: int = STEPS,
    seconds: float | None = None,
    progress: Progress = silent,
) -> Gate:
    """A gate that learnt from these sets, things laid on `grounds` (uint8 RGBA [M, P, P, 4]) now and then."""
    torch.manual_seed(int(rng.integers(2**31)))
    network = GateNetwork()
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    total = sum(one.share for one in sets)
    counts = [max(1, round(BATCH * one.share / total)) for one in sets]
    pictures = [torch.from_numpy(one.pictures) for one in sets]
    cut = [torch.from_numpy(one.pictures[..., 3].mean((1, 2)) < 255 * _CUT_OUT) for one in sets]
    floor = torch.from_numpy(grounds)
    codes = torch.cat([torch.full((count,), KINDS.index(one.kind)) for one, count in zip(sets, counts, strict=True)])
    averaged = AveragedWeights(0.998)
    course = Course(steps, seconds, least=min(steps, 20))

    def batches() -> Iterator[Tensor]:
        while True:
            views = []
            for photos, outlined, count in zip(pictures, cut, counts, strict=True):
                rows = torch.from_numpy(rng.integers(len(photos), size=count))
                on_ground = outlined[rows] & torch.from_numpy(rng.random(count) < ON_GROUND)
                views.append(draw_views(photos[rows], PX, street=floor, on_street=on_ground))
            yield torch.cat(views)

    def loss_of(views: Tensor) -> Tensor:
        averaged.update(network, course.step)
        with autocast(CPU):
            logits = network(views)
        loss: Tensor = functional.cross_entropy(logits.float(), codes, label_smoothing=_SMOOTHING)
        return loss

    train(
        network,
        batches,
        loss_of,
        steps_an_epoch=steps,
        schedule=Schedule(epochs=1, learning_rate=3e-3, weight_decay=0.02),
        course=course,
        task="teaching the gate",
        progress=progress,
    )
    averaged.update(network, course.step)
    averaged.put_into(network)
    return Gate(network)


def strict(gate: Gate, worn: NDArray[np.uint8], features: FloatArray | None = None) -> Gate:
    """The gate as strict as it can be while `KEPT` of these worn things [N, P, P, 3] pass.

    What it never saw gets middling chances, so every bit of strictness there keeps more of it out.
    """
    place = KINDS.index(WORN)
    logits = gate.logits(worn, features)
    leads = logits[:, place] - logsumexp(np.delete(logits, place, axis=1), axis=1)
    lift = np.zeros(len(KINDS), dtype=np.float32)
    lift[place] = -float(np.quantile(leads, 1 - KEPT))
    return Gate(gate.network, lift, gate.opinion)
