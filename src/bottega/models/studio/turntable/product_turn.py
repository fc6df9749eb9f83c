"""A product that turns: what is known of it from one photo, or from a photo of each side, drawn from any angle.

Idea     Places on the photo are found at 64 pixels and drawn at the photo's own size, so what was sharp stays sharp.
         One photo is turned as far as its error is expected to stay small, and no farther. Where several photos were
         taken around a thing, each angle is drawn from the two that are nearest, the nearer one counting more.
Shapes   G cells a side of the grid, P pixels a side of the networks' frame, S of a drawn frame.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import zoom
from torch import Tensor
from torch.nn import functional

from bottega.models.studio.turntable.framing import Framed
from bottega.models.studio.turntable.network import MendedView
from bottega.models.studio.turntable.relief import FRAME_PX, Relief, SolidGrid, solid_grid, turned
from bottega.models.studio.turntable.shapes_by_kind import ShapeKind, shape_by_rule
from bottega.models.studio.turntable.staying import Stays, between_outlines, roundness, texture
from bottega.models.studio.turntable.trusted import MOST_ANGLE, ThingSeen, doubts_of, expected_error, trusted_angle
from bottega.models.studio.turntable.turning import bled, composed, looked_up, turned_planes, view_planes
from bottega.models.studio.turntable.turntable import Turntable
from bottega.names import FloatArray

__all__ = ["Drawn", "ProductTurn", "product_turn"]

GRID = 128
_RAYS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A product from one angle."""

    picture: FloatArray
    """[S, S, 3], sRGB 0..1."""
    alpha: FloatArray
    """[S, S]"""
    error: float
    """How far off it is expected to be: mean difference of colour over what either shows, 0 to 1."""

    def on(self, ground: float = 1.0) -> NDArray[np.uint8]:
        """On plain ground."""
        laid = self.picture * self.alpha[..., None] + ground * (1 - self.alpha[..., None])
        return (np.clip(laid, 0, 1) * 255 + 0.5).astype(np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class ProductTurn:
    """A product of which a shape was told."""

    photo: Framed
    kind: ShapeKind
    coarse: Relief
    """At the networks' size."""
    seen: ThingSeen
    """What of its photo counts for every view; the doubt of depths is a fixed share where a rule told them."""
    solid: SolidGrid
    turntable: Turntable | None
    stays: Stays = field(default_factory=Stays)
    """How much of it stays where it is."""
    behind: NDArray[np.uint8] | None = None
    """[S, S, 3], a photo from the other side, mirrored and laid over this one; this one's own where None."""

    @property
    def trusted_to(self) -> float:
        """Degrees to either side up to which it may be shown."""
        return trusted_angle(self.error_at, self.most_error)

    @property
    def most_error(self) -> float:
        """The largest error that may be shown."""
        return self.seen.most_error

    def error_at(self, around: float) -> float:
        """The error that is expected at an angle."""
        _, _, doubts = self._mended(around)
        return self._error(doubts)

    def doubts_at(self, around: float) -> FloatArray:
        """What the expected error is made of: 1 and the `DOUBTS` of trusted.py."""
        return self._mended(around)[2]

    def draw(self, around: float, px: int, zoom: float = 1.0) -> Drawn:
        """What a camera sees that went `around` by degrees to the right; `zoom` below 1 shows more around the thing."""
        mended, told_small, doubts = self._mended(around)
        size = px * _RAYS
        view = turned(self.solid, around, self.coarse.pitch, size, zoom)
        told = torch.from_numpy(turned_planes(view))[None]
        source = torch.from_numpy(self.photo.picture.transpose(2, 0, 1).copy())[None].float() / 255
        alpha = torch.from_numpy(self.photo.alpha)[None, None]
        cover = told[:, 2:3]
        # The outline is the photo's own where its front is seen: finer than the grid's cells.
        rim = functional.max_pool2d(1 - cover, 2 * round(size / GRID) + 1, 1, round(size / GRID))
        own = _steep(looked_up(alpha, told[:, :2]))
        cover = cover * torch.where((told[:, 3:4] > 0) & (rim > 0), own, torch.ones(()))
        if mended is None:
            picture = looked_up(source, told[:, :2])
            if self.behind is not None:
                other = torch.from_numpy(self.behind.transpose(2, 0, 1).copy())[None].float() / 255
                side = torch.from_numpy(view.side)[None, None]
                picture = picture + (looked_up(other, told[:, :2]) - picture) * side
        else:
            large = _enlarged(mended, size, zoom)
            whole = _gone_on(told, told_small, zoom)
            picture = composed(large, whole, source)
            sure = torch.sigmoid(large.alpha * 2)
            cover = (cover * (sure * 2).clamp(0, 1)).maximum(((sure - 0.75) * 4).clamp(0, 1))
            if self.stays.outline > 0:
                picture, cover = self._stayed(picture, cover, source, alpha, zoom)
        small = functional.avg_pool2d(torch.cat([picture.clamp(0, 1) * cover, cover], 1), _RAYS)[0].numpy()
        share = np.maximum(small[3:], 1e-4)
        return Drawn((small[:3] / share).transpose(1, 2, 0).clip(0, 1), small[3], self._error(doubts))

    def _stayed(
        self, picture: Tensor, cover: Tensor, source: Tensor, alpha: Tensor, zoom: float
    ) -> tuple[Tensor, Tensor]:
        """A drawn view and its mask [1, 1, S, S] with what stays of the photo as it is."""
        size = picture.shape[-1]
        there = torch.where(_beyond(size, zoom), torch.zeros(()), _at_size(alpha, size, zoom))
        mask = cover[0, 0].numpy()
        whole = bled(picture[0].numpy().transpose(1, 2, 0), mask > 0.9)
        gone_on = torch.from_numpy(whole.transpose(2, 0, 1).copy())[None]
        kept = _at_size(source, size, zoom)
        outline = between_outlines(mask, there[0, 0].numpy(), self.stays.outline)
        return gone_on + (kept - gone_on) * self.stays.picture, torch.from_numpy(outline)[None, None]

    def _error(self, doubts: FloatArray) -> float:
        calibrated = self.turntable is not None and self.behind is None
        trust = self.turntable.config.trust if calibrated and self.turntable else None
        return expected_error(trust, self.kind, doubts, self.most_error)

    @torch.inference_mode()
    def _mended(self, around: float) -> tuple[MendedView | None, FloatArray, FloatArray]:
        """What mends the view, its planes, and its doubts."""
        view = turned(solid_grid(self.coarse), around, self.coarse.pitch, FRAME_PX)
        planes = turned_planes(view)
        if self.turntable is None or abs(around) > MOST_ANGLE or self.behind is not None:
            return None, planes, doubts_of(None, planes, self.seen, around)
        picture, alpha = self.photo.at(FRAME_PX)
        source = torch.from_numpy(picture.transpose(2, 0, 1).copy())[None]
        given = torch.from_numpy(planes)[None]
        mended = self.turntable.networks.view(
            view_planes(given, source, torch.from_numpy(alpha)[None, None], torch.tensor([float(around)]))
        )
        return mended, planes, doubts_of(mended, planes, self.seen, around)


def product_turn(
    photo: Framed, kind: ShapeKind, turntable: Turntable | None, behind: Framed | None = None
) -> ProductTurn:
    """Tell a product's shape: by a rule, or as it was learnt; what asks to be learnt is inflated without networks.

    `behind`: the same product from its other side.
    """
    picture, alpha = photo.at(FRAME_PX)
    if kind == "learnt" and turntable is not None:
        depths, doubts, pitch, kinds = turntable.told(picture, alpha)
        coarse = Relief(alpha > 0.5, depths[0], depths[1], pitch)
        round_ = roundness(kinds, coarse)
        doubt = float(doubts.mean(0)[alpha > 0.5].mean())
    else:
        kind = "inflated" if kind == "learnt" else kind
        coarse, doubt = shape_by_rule(kind, alpha > 0.5), RULE_DOUBT
        round_ = float(kind == "turned")
    _, inside = photo.at(GRID)
    fine = Relief(inside > 0.08, _finer(coarse.front, coarse), _finer(coarse.back, coarse), coarse.pitch)
    numbers = turntable.config.stays if turntable is not None else (0.0, 0.0)
    stays = Stays.of(round_, texture(picture, alpha), numbers)
    other = None if behind is None else _laid_over(behind, photo)
    seen = ThingSeen.of(picture, coarse, doubt, round_)
    return ProductTurn(photo, kind, coarse, seen, solid_grid(fine), turntable, stays, other)


def _laid_over(behind: Framed, photo: Framed) -> NDArray[np.uint8]:
    """A photo from the other side, mirrored, its thing as wide and as tall as this one's."""
    boxes = []
    for alpha in (behind.alpha[:, ::-1], photo.alpha):
        rows, columns = np.flatnonzero((alpha > 0.5).any(1)), np.flatnonzero((alpha > 0.5).any(0))
        boxes.append((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))
    (a, b, c, d), (p, q, r, s) = boxes
    wide, tall = (c - a) / (r - p), (d - b) / (s - q)
    there = Image.fromarray(np.ascontiguousarray(behind.picture[:, ::-1]))
    size = len(photo.picture)
    moved = there.transform(
        (size, size), Image.Transform.AFFINE, (wide, 0, a - p * wide, 0, tall, b - q * tall), Image.Resampling.BILINEAR
    )
    return bled(np.asarray(moved), photo.alpha > 0.5)


RULE_DOUBT = 0.05


def _finer(values: FloatArray, coarse: Relief) -> FloatArray:
    """Depths at the grid's size, those at the outline gone on outside."""
    whole = bled(values[..., None], coarse.inside)[..., 0]
    return np.asarray(zoom(whole, GRID / len(values), order=1, grid_mode=True, mode="nearest"), np.float32)


def _steep(alpha: Tensor) -> Tensor:
    return ((alpha - 0.5) * 4 + 0.5).clamp(0, 1)


def _enlarged(mended: MendedView, px: int, zoom: float) -> MendedView:
    """What mends a view, at the size that is drawn; outside the networks' frame nothing is added."""
    maps = {one.name: _at_size(getattr(mended, one.name), px, zoom) for one in fields(mended)}
    if zoom < 1:
        beyond = _beyond(px, zoom)
        maps["alpha"] = torch.where(beyond, torch.full((), 0.0), maps["alpha"])
    return MendedView(**maps)


def _gone_on(told: Tensor, small: FloatArray, zoom: float) -> Tensor:
    """Places where the fine grid shows nothing are the coarse one's."""
    coarse = _at_size(torch.from_numpy(np.array(small))[None], told.shape[-1], zoom)
    return torch.where(told[:, 2:3] > 0, told, coarse)


def _at_size(maps: Tensor, px: int, zoom: float) -> Tensor:
    """Maps of the networks' frame over a drawn one, which shows one over `zoom` of it."""
    turn = torch.eye(2, 3)[None] / zoom
    grid = functional.affine_grid(turn, [1, 1, px, px], align_corners=False)
    return functional.grid_sample(maps, grid, mode="bilinear", padding_mode="border", align_corners=False)


def _beyond(px: int, zoom: float) -> Tensor:
    """Which pixels of a drawn frame lie outside the networks' one."""
    across = (torch.arange(px) + 0.5) / px - 0.5
    far = across.abs() / zoom > 0.5
    return (far[None] | far[:, None])[None, None]
