"""How a face editor learns: a game against a critic that knows which attributes real faces have.

Idea     The critic tells real faces with their attributes from changed faces with the asked ones, and from real faces
         with attributes of another; beside it reads the attributes of real faces. The editor wants to be believed, to
         be read as asked, to change little, to change nothing where nothing is asked, and to come back when asked to.
Source   STGAN as in face_editor.py; pairs that do not match: Reed et al. 2016, https://arxiv.org/abs/1605.05396,
         section 4.2; the game: models/blocks/game.py.
Shapes   N faces of a batch, P pixels a side, A attributes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import device_of
from bottega.models.blocks.game import GameSchedule, play, slopes, which_is_real
from bottega.models.studio.people.face_editor import FaceConfig, FaceEditor, FaceNetwork, tensor_of_faces
from bottega.models.studio.people.face_table import FaceTable
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["FaceTraining", "fit_faces", "judge_faces"]

_READ_PX = 16
"""Side at which faces are judged."""
_RIDGE = 30.0
_SCHEDULE = GameSchedule(learning_rate=(3e-3, 3e-4), betas=(0.5, 0.99), warmup_steps=20, average=0.98, penalty_every=8)


@dataclass(frozen=True, slots=True)
class FaceTraining:
    """How long and by which weights it learns."""

    steps: int = 20_000
    """Most steps, where the seconds do not end it sooner."""
    batch_size: int = 16
    """Faces a step."""
    read: float = 3.0
    """Weight of the attributes that the critic reads in a changed face."""
    little: float = 0.1
    """Of how much changes."""
    nothing: float = 3.0
    """Of what changes where nothing is asked."""
    back: float = 1.0
    """Of the way back."""
    schedule: GameSchedule = _SCHEDULE
    """How fast both learn."""


class _Batch(NamedTuple):
    faces: Tensor
    has: Tensor
    asked: Tensor


class _Critic(nn.Module):
    """How real a face [N, 3, P, P] with attributes [N, A] looks [N], and which attributes it has [N, A]."""

    def __init__(self, config: FaceConfig) -> None:
        super().__init__()
        wide, asked = config.channels, len(config.attributes)
        sizes = (3, wide, 2 * wide, 4 * wide, 4 * wide)
        self.seen = nn.Sequential(
            *(
                part
                for before, after in pairwise(sizes)
                for part in (nn.Conv2d(before, after, 3, 2, 1), nn.LeakyReLU(0.2))
            ),
            nn.AdaptiveAvgPool2d(2),
            nn.Flatten(),
        )
        self.real = nn.Linear(16 * wide, 1)
        self.fits = nn.Linear(16 * wide, asked)
        self.reads = nn.Linear(16 * wide, asked)

    def forward(self, faces: Tensor, attributes: Tensor) -> tuple[Tensor, Tensor]:
        seen = self.seen(faces)
        return self.real(seen)[:, 0] + (self.fits(seen) * (attributes - 0.5)).sum(1), self.reads(seen)


def fit_faces(
    table: FaceTable,
    config: FaceConfig,
    *,
    rng: np.random.Generator,
    training: FaceTraining | None = None,
    course: Course | None = None,
    device: str = "auto",
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> FaceEditor:
    """Learn from the faces of a table that are not kept aside; photos of `config.px` pixels a side."""
    training = training or FaceTraining()
    on = device_of(device)
    torch.manual_seed(int(rng.integers(2**31)))
    maker, critic = FaceNetwork(config).to(on), _Critic(config).to(on)
    learnt = np.flatnonzero(~table.held_out)

    def draw() -> _Batch:
        rows = rng.choice(learnt, training.batch_size)
        faces, has = table.photos[rows], table.values[rows]
        mirrored = rng.random(len(rows)) < 0.5
        faces = np.where(mirrored[:, None, None, None], faces[:, :, ::-1], faces)
        one, other = rng.integers(table.values.shape[1], size=len(rows)), rng.choice(learnt, len(rows))
        asked = has.copy()
        asked[np.arange(len(rows)), one] = table.values[other, one]
        return _Batch(tensor_of_faces(faces).to(on), torch.from_numpy(has).to(on), torch.from_numpy(asked).to(on))

    def critic_loss(batch: _Batch, share: float, weight: float) -> Tensor:
        with torch.no_grad():
            made = maker(batch.faces, batch.asked - batch.has)
        real_faces, made_faces = batch.faces.requires_grad_(weight > 0), made.requires_grad_(weight > 0)
        real, read = critic(real_faces, batch.has)
        false, _ = critic(made_faces, batch.asked)
        strange, _ = critic(batch.faces, batch.has.roll(1, 0))
        lost = which_is_real(real, false) + 0.5 * which_is_real(real, strange)
        lost = lost + training.read * functional.mse_loss(read, batch.has)
        return lost + weight * 0.5 * slopes(real + false + read.sum(1), real_faces, made_faces) if weight else lost

    def maker_loss(batch: _Batch, share: float) -> Tensor:
        change = batch.asked - batch.has
        made = maker(batch.faces, change)
        believed, read = critic(made, batch.asked)
        real, _ = critic(batch.faces, batch.has)
        lost = which_is_real(believed, real) + training.read * functional.mse_loss(read, batch.asked)
        lost = lost + training.little * (made - batch.faces).abs().mean()
        same = maker(batch.faces, torch.zeros_like(change))
        lost = lost + training.nothing * (same - batch.faces).abs().mean()
        lost = lost + training.back * (maker(made, -change) - batch.faces).abs().mean()
        return torch.as_tensor(lost)

    play(
        maker,
        critic,
        draw,
        critic_loss,
        maker_loss,
        course=course or Course(training.steps),
        schedule=training.schedule,
        checkpoint=checkpoint,
        task="learning faces",
        progress=progress,
    )
    return FaceEditor(config, maker.cpu())


def judge_faces(editor: FaceEditor, table: FaceTable) -> dict[str, float]:
    """What a straight line through the pixels of real faces reads in changed ones, on faces kept aside.

    `NAME_rises`: how much more of an attribute is read when one half more is asked for, less half less, for each 1
    asked. `moved`: mean change of a pixel, of 255.
    """
    aside = table.held_out if table.held_out.any() else ~table.held_out
    line = _line(table.photos[~table.held_out], table.values[~table.held_out])
    faces, found, moved = table.photos[aside], {}, []
    for place, name in enumerate(table.attributes):
        read = []
        for sign in (0.5, -0.5):
            asked = np.zeros((len(faces), len(table.attributes)), np.float32)
            asked[:, place] = sign
            made = editor.changed(faces, asked)
            moved.append(float(np.abs(made.astype(np.float32) - faces).mean()))
            read.append((_seen(made) @ line)[:, place].mean())
        found[f"{name}_rises"] = round(float(read[0] - read[1]), 4)
    return found | {"moved": round(float(np.mean(moved)), 3)}


def _line(faces: np.ndarray, values: FloatArray) -> FloatArray:
    """Ridge regression from pixels to attributes [K, A]."""
    seen = _seen(faces)
    inner = seen.T @ seen + _RIDGE * np.eye(seen.shape[1], dtype=np.float32)
    return np.asarray(np.linalg.solve(inner, seen.T @ values), np.float32)


def _seen(faces: np.ndarray) -> FloatArray:
    """Small grey faces as rows [N, K], with a one behind each."""
    small = functional.adaptive_avg_pool2d(tensor_of_faces(faces).mean(1, keepdim=True), _READ_PX).flatten(1).numpy()
    return np.concatenate([small - small.mean(1, keepdims=True), np.ones((len(small), 1), np.float32)], 1)
