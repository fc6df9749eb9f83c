"""Training of both networks on made-up things: first shape from a photo, then what is left wrong of a turned view.

Idea     Depths are known, for the things were rendered; so is how they look from elsewhere. The second network sees
         reliefs as the first one tells them, faults and all. Colours are drawn anew each time, and half of all things
         are mirrored.
Shapes   N things, K angles, P pixels a side.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, autocast, device_of
from bottega.models.studio.turntable.lessons import TurnLessons
from bottega.models.studio.turntable.network import ReliefNetwork, ViewNetwork
from bottega.models.studio.turntable.relief import Relief, solid_grid, turned
from bottega.models.studio.turntable.turning import bled, composed, turned_planes, view_planes
from bottega.progress import Progress, silent

__all__ = ["Teaching", "ToldViews", "fit_relief", "fit_views", "told_views"]


@dataclass(frozen=True, slots=True)
class Teaching:
    """How a network learns."""

    batch_size: int = 32
    """Things or views a step."""
    steps: int = 60_000
    """Most steps; the clock ends it sooner."""
    rate: tuple[float, float] = (1.5e-3, 3e-5)
    """Step size at the beginning and at the end."""


def _steps(
    network: torch.nn.Module, course: Course, teaching: Teaching, progress: Progress, task: str
) -> Generator[float, Tensor, None]:
    """Steps of Adam; yields, and steps with the loss that is sent in."""
    begin, end = teaching.rate
    optimiser = torch.optim.AdamW(network.parameters(), lr=begin, betas=(0.9, 0.99), weight_decay=0.01)
    course.begin()
    while course.share < 1:
        share = course.share
        for group in optimiser.param_groups:
            warm = min(1.0, (course.step + 1) / 200)
            group["lr"] = warm * (end + (begin - end) * 0.5 * (1 + np.cos(np.pi * share)))
        loss = yield share
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        course.advance()
        if course.step % 200 == 0:
            progress(task, course.step, course.steps, f"{loss.item():.4f}")


def _recoloured(pictures: Tensor) -> Tensor:
    """Pictures [N, ..., 3, P, P], 0 to 1, each in other colours: channels in another order, another curve of light."""
    n = len(pictures)
    order = torch.stack([torch.randperm(3) if torch.rand(()) < 0.5 else torch.arange(3) for _ in range(n)])
    index = order.view(n, *[1] * (pictures.dim() - 4), 3, 1, 1).expand_as(pictures)
    pictures = pictures.gather(-3, index)
    shape = (n, *[1] * (pictures.dim() - 1))
    return pictures.clamp(1e-4, 1) ** (0.75 + 0.6 * torch.rand(shape)) * (0.8 + 0.2 * torch.rand(shape))


def fit_relief(
    network: ReliefNetwork,
    lessons: TurnLessons,
    kinds: tuple[str, ...],
    *,
    rng: np.random.Generator,
    course: Course,
    teaching: Teaching | None = None,
    device: str = "auto",
    progress: Progress = silent,
) -> ReliefNetwork:
    """Learn in place to tell depths, pitch and kind from first views."""
    teaching = teaching or Teaching()
    torch.manual_seed(int(rng.integers(2**31)))
    where = device_of(device)
    network.to(where, memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    codes = torch.from_numpy(np.array([kinds.index(kind) for kind in lessons.kinds.tolist()]))
    steps = _steps(network, course, teaching, progress, "learning shape from a photo")
    try:
        next(steps)
        while True:
            rows = np.sort(rng.integers(0, len(lessons), teaching.batch_size))
            pictures = torch.from_numpy(lessons.pictures[rows, 0]).permute(0, 3, 1, 2).float() / 255
            alphas = torch.from_numpy(lessons.alphas[rows, 0])[:, None].float() / 255
            depths = torch.from_numpy(lessons.depths[rows].astype(np.float32))
            mirrored = torch.rand(len(rows), 1, 1, 1) < 0.5
            pictures, alphas, depths = (torch.where(mirrored, one.flip(3), one) for one in (pictures, alphas, depths))
            pictures = _recoloured(pictures)
            pictures = (pictures + torch.randn(pictures.shape) * 0.03 * torch.rand(len(rows), 1, 1, 1)).clamp(0, 1)
            seen = _as_cut_out(alphas)
            pitch, kind = torch.from_numpy(lessons.pitches[rows]).to(where), codes[rows].to(where)
            pictures, seen, alphas, depths = (one.to(where) for one in (pictures, seen, alphas, depths))
            with autocast(where):
                told = network(pictures, seen)
            weight = alphas / alphas.mean()
            off = (told.depths.float() - depths).abs()
            doubt = told.doubts.float()
            loss = 10 * (off * weight).mean() + 0.1 * ((off.detach() / doubt.exp() + doubt) * weight).mean()
            for axis in (2, 3):  # edges of depth, where both pixels are inside
                both = alphas.narrow(axis, 1, 63) * alphas.narrow(axis, 0, 63) / alphas.mean()
                step, true = (torch.diff(one.float(), dim=axis) for one in (told.depths, depths))
                loss = loss + 5 * ((step - true).abs() * both).mean()
            loss = loss + 0.02 * (told.pitch.float() - pitch).abs().mean()
            loss = loss + 0.05 * functional.cross_entropy(told.kinds.float(), kind)
            steps.send(loss)
    except StopIteration:
        return network.to(CPU).eval()


def _as_cut_out(alphas: Tensor) -> Tensor:
    """Masks as somebody might cut them out: some hard, some a pixel too large or too small."""
    way = torch.rand(len(alphas), 1, 1, 1)
    hard = (alphas > 0.5).float()
    grown = functional.max_pool2d(alphas, 3, 1, 1)
    less = -functional.max_pool2d(-alphas, 3, 1, 1)
    out = torch.where(way < 0.4, hard, alphas)
    out = torch.where(way > 0.93, less, out)
    return torch.where((way > 0.86) & (way <= 0.93), grown, out)


@dataclass(frozen=True, slots=True, eq=False)
class ToldViews:
    """TurnedView views of lessons: which thing and angle, and what the relief says of it."""

    rows: NDArray[np.int64]
    """[M]"""
    columns: NDArray[np.int64]
    """[M], into the lessons' views; 1 and above."""
    told: NDArray[np.float16]
    """[M, 6, P, P]"""
    sources: NDArray[np.uint8]
    """[N, P, P, 3], bled."""


def told_views(network: ReliefNetwork, lessons: TurnLessons, *, progress: Progress = silent) -> ToldViews:
    """Every angle of the lessons as the first network's reliefs show it."""
    px, views = lessons.pictures.shape[2], lessons.pictures.shape[1] - 1
    told = np.zeros((len(lessons) * views, 6, px, px), np.float16)
    sources = np.zeros((len(lessons), px, px, 3), np.uint8)
    for row in range(len(lessons)):
        inside = lessons.alphas[row, 0] > 127
        sources[row] = bled(lessons.pictures[row, 0], inside)
    with torch.inference_mode():
        for start in range(0, len(lessons), 64):
            rows = slice(start, start + 64)
            pictures = torch.from_numpy(lessons.pictures[rows, 0]).permute(0, 3, 1, 2).float() / 255
            alphas = torch.from_numpy(lessons.alphas[rows, 0])[:, None].float() / 255
            found = network(pictures, alphas)
            for one, (front, back) in enumerate(found.depths.numpy()):
                row = start + one
                relief = Relief(lessons.alphas[row, 0] > 127, front, back, float(found.pitch[one]))
                grid = solid_grid(relief)
                for view in range(views):
                    seen = turned(grid, float(lessons.around[row, view + 1]), relief.pitch, px)
                    told[row * views + view] = turned_planes(seen)
            progress("turning what was told", min(start + 64, len(lessons)), len(lessons))
    things, columns = np.divmod(np.arange(len(told)), views)
    return ToldViews(things, columns + 1, told, sources)


def fit_views(
    network: ViewNetwork,
    lessons: TurnLessons,
    views: ToldViews,
    *,
    rng: np.random.Generator,
    course: Course,
    teaching: Teaching | None = None,
    device: str = "auto",
    progress: Progress = silent,
) -> ViewNetwork:
    """Learn in place to mend turned views."""
    teaching = teaching or Teaching()
    torch.manual_seed(int(rng.integers(2**31)))
    where = device_of(device)
    network.to(where, memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    steps = _steps(network, course, teaching, progress, "learning to mend turned views")
    try:
        next(steps)
        while True:
            picks = np.sort(rng.integers(0, len(views.rows), teaching.batch_size))
            told, source, alpha, around, target, shown = _view_lesson(lessons, views, picks)
            told, source, alpha, around, target, shown = (
                one.to(where) for one in (told, source, alpha, around, target, shown)
            )
            with autocast(where):
                mended = network(view_planes(told, source, alpha, around)).float()
            drawn = composed(mended, told, source)
            weight = shown / shown.mean()
            off = (drawn - target).abs()
            loss = (off * weight).mean() + 2 * (off.square() * weight).mean()
            size = off.detach().mean(1, keepdim=True)
            loss = loss + 0.02 * ((size / mended.doubt.exp() + mended.doubt) * weight).mean()
            loss = loss + 0.1 * functional.binary_cross_entropy_with_logits(mended.alpha, shown)
            for axis in (2, 3):  # places run evenly, so that they can be drawn larger
                loss = loss + 0.5 * torch.diff(mended.shift, dim=axis).abs().mean()
            steps.send(loss)
    except StopIteration:
        return network.to(CPU).eval()


def _view_lesson(lessons: TurnLessons, views: ToldViews, picks: NDArray[np.int64]) -> tuple[Tensor, ...]:
    """What is told, the source, its mask, the angle, the true view and its mask."""
    rows, columns = views.rows[picks], views.columns[picks]
    told = torch.from_numpy(views.told[picks].astype(np.float32))
    source = torch.from_numpy(views.sources[rows]).permute(0, 3, 1, 2).float() / 255
    target = torch.from_numpy(lessons.pictures[rows, columns]).permute(0, 3, 1, 2).float() / 255
    both = _recoloured(torch.stack([source, target], 1))
    source, target = both[:, 0], both[:, 1]
    alpha = torch.from_numpy(lessons.alphas[rows, 0])[:, None].float() / 255
    shown = torch.from_numpy(lessons.alphas[rows, columns])[:, None].float() / 255
    around = torch.from_numpy(lessons.around[rows, columns])
    mirrored = torch.rand(len(rows)) < 0.5
    wide = mirrored[:, None, None, None]
    told, source, target, alpha, shown = (
        torch.where(wide, one.flip(3), one) for one in (told, source, target, alpha, shown)
    )
    flipped = told.clone()
    flipped[:, 0] = 1 - told[:, 0]
    told = torch.where(wide, flipped, told)
    return told, source, alpha, torch.where(mirrored, -around, around), target, shown
