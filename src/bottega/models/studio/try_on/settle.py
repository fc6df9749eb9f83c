"""Settling: how a piece has to bend for its outline to lie on the outline of the place where it is worn.

Idea     Outlines matched step by step (outline.py) begin it. Then the piece slides: each point of the place's edge
         looks for the nearest edge of the piece that runs its way, and only how far it is from that edge counts, not
         where along it. Round by round the plate that bends becomes softer, so what edges do not say stays as smooth
         as can be, and a print in the middle is not dragged along by a seam.
Source   Point to line, and stiffness that is let go: Amberg, Romdhani & Vetter 2007,
         https://doi.org/10.1109/CVPR.2007.383165. Weights of far points: Geman & McClure 1987.
Differs  One thin plate on a coarse grid of points instead of a mesh: 2K unknowns, solved at once.
Costs    About 0.3 s on one core.
Shapes   H, W of the place's photo, h, w of the piece's; S and T points on their outlines; K points of the grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from scipy.linalg import null_space
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from bottega.models.studio.try_on.bend import Plate, plate_of, radial
from bottega.models.studio.try_on.outline import brought, matched, outline_of
from bottega.names import BoolArray, FloatArray

__all__ = ["Settled", "in_pieces", "settled", "stretch", "unlikeness"]

_POINTS, _DENSE = 160, 500
"""Points of an outline while it is matched, and while it slides."""
_GRID = 6
_STIFF = (1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 1e-4, 1e-4, 1e-4)
"""Of the plate, round by round; softer still it would follow every waver of a parser's edge."""
_ALONG = 0.05
"""What sliding along the edge costs at first, beside leaving it; less and less, round by round."""
_GATE = 0.08
"""How far, of the piece's size, an edge may be and still count half; less and less."""
_WAY = 0.05
"""What running another way is worth, in sizes of the piece."""
_PIECE = 0.12
"""Of the largest piece of a mask, from which another counts."""
_GAPS = (0.0, 0.01, 0.02, 0.04, 0.08)
"""Of the size, which are closed until both shapes come in as many pieces."""
_SHAPE = 0.1
"""What it costs to change the proportions, for each factor of e."""


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """How a piece bends."""

    plate: Plate
    """From pixels of the place's photo to pixels of the piece's."""
    pairs: tuple[FloatArray, FloatArray]
    """Points of the place's outline [P, 2], and of the piece's, as they were matched at first."""


def unlikeness(piece: BoolArray, place: BoolArray) -> float:
    """How unlike a piece [h, w] and a place [H, W] are in shape: 0 for the same; from 0.15 on other garments."""
    costs, weights = [], []
    for own, there in _paired_pieces(piece, place):
        one, other = outline_of(own, _POINTS), outline_of(there, _POINTS)
        costs.append(matched(brought(one, other), other)[1] + _SHAPE * abs(_stretch(one, other)))
        weights.append(float(there.sum()))
    return float(np.average(costs, weights=weights))


def stretch(piece: BoolArray, place: BoolArray) -> float:
    """Logarithm of how much taller for its width a place [H, W] is than a piece [h, w]."""
    return _stretch(*(np.argwhere(mask)[:, ::-1].astype(np.float32) for mask in (piece, place)))


def settled(piece: BoolArray, place: BoolArray) -> Settled:
    """Bend `piece` [h, w] into `place` [H, W]."""
    held, to, edges = [], [], []
    for own, there in _paired_pieces(piece, place):
        one, other = outline_of(own, _POINTS), outline_of(there, _POINTS)
        now = brought(one, other)
        for round_ in range(2):
            path, _ = matched(now, other, place=12.0 * (1 + 3 * round_))
            at = np.unique(path[:, 1])
            mean = np.stack([one[path[path[:, 1] == point, 0]].mean(0) for point in at])
            now = plate_of(mean, other[at], stiff=(1e-2, 1e-3)[round_])(one)
        held.append(other[at])
        to.append(mean)
        edges.append((outline_of(own, _DENSE, smooth_px=0.7), outline_of(there, _DENSE, smooth_px=0.7)))
    pairs = np.concatenate(held), np.concatenate(to)
    begin = plate_of(*pairs, stiff=1e-3)
    return Settled(_slid(begin, [one for one, _ in edges], [other for _, other in edges]), pairs)


def _slid(begin: Plate, ones: list[FloatArray], others: list[FloatArray]) -> Plate:
    """The plate after the edges `ones` of the piece slid along the edges `others` of the place."""
    place, piece = np.concatenate(others).astype(np.float64), np.concatenate(ones).astype(np.float64)
    which_place = np.repeat(np.arange(len(others)), _DENSE)
    across = np.concatenate([_across(one) for one in ones])
    middle, size, own = place.mean(0), float(np.ptp(place, axis=0).max()), float(np.ptp(piece, axis=0).max())
    low, high = place.min(0), place.max(0)
    grid = np.stack(np.meshgrid(*(np.linspace(low[axis], high[axis], _GRID) for axis in (0, 1))), 2).reshape(-1, 2)
    grid, points = (grid - middle) / size, (place - middle) / size
    free = null_space(np.c_[np.ones(len(grid)), grid].T)
    basis = np.c_[np.ones(len(points)), points, radial(points, grid) @ free]
    many = basis.shape[1]
    bending = np.zeros((2 * many, 2 * many))
    for start in (3, many + 3):
        bending[start : start + many - 3, start : start + many - 3] = free.T @ radial(grid, grid) @ free
    trees = [cKDTree(np.c_[one / own, _across(one) * _WAY]) for one in ones]
    at = np.asarray(begin(place.astype(np.float32)), np.float64)
    solved = np.zeros((many, 2))
    for turn, stiff in enumerate(_STIFF):
        ways = np.concatenate([_across(at[which_place == k]) for k in range(len(ones))])
        nearest, far = np.empty(len(at), int), np.empty(len(at))
        for k, tree in enumerate(trees):
            mine = which_place == k
            far[mine], found = tree.query(np.c_[at[mine] / own, ways[mine] * _WAY])
            nearest[mine] = found + k * _DENSE
        target, off = piece[nearest], across[nearest]
        trust = 1 / (1 + (far / (_GATE * 0.6 ** min(turn, 5))) ** 2)
        along = np.stack([-off[:, 1], off[:, 0]], 1)
        rows, right = [], []
        for way, weight in ((off, np.sqrt(trust)), (along, np.sqrt(trust * _ALONG * 0.7**turn))):
            rows.append(np.c_[basis * way[:, :1], basis * way[:, 1:]] * weight[:, None])
            right.append((target * way).sum(1) / own * weight)
        table, aim = np.concatenate(rows), np.concatenate(right)
        square = table.T @ table / len(at) + 0.1 * stiff * bending + 1e-9 * np.eye(2 * many)
        solved = np.linalg.solve(square, table.T @ aim / len(at)).reshape(2, many).T
        at = basis @ solved * own
    bent, flat = (np.asarray(part * own, np.float32) for part in (free @ solved[3:], solved[:3]))
    return Plate(np.asarray(grid, np.float32), bent, flat, np.asarray(middle, np.float32), size)


def _paired_pieces(piece: BoolArray, place: BoolArray) -> list[tuple[BoolArray, BoolArray]]:
    """Both shapes, in pieces that belong together; the largest of each where they fall apart differently."""
    for gap in _GAPS:
        one, other = (in_pieces(_closed(mask, gap)) for mask in (piece, place))
        if len(one) == len(other):
            break
    else:
        return [(one[0], other[0])]
    if len(one) == 1:
        return [(one[0], other[0])]
    spots_one, spots_other = (_spots(found) for found in (one, other))
    rows, columns = linear_sum_assignment(((spots_one[:, None] - spots_other[None]) ** 2).sum(2))
    return [(one[row], other[column]) for row, column in zip(rows.tolist(), columns.tolist(), strict=True)]


def _closed(mask: BoolArray, share: float) -> BoolArray:
    reach = round(share * max(np.ptp(np.flatnonzero(mask.any(1))), np.ptp(np.flatnonzero(mask.any(0)))))
    if reach:
        mask = ndimage.binary_closing(np.pad(mask, reach), iterations=reach)[reach:-reach, reach:-reach] | mask
    return np.asarray(ndimage.binary_fill_holes(mask), bool)


def in_pieces(mask: BoolArray) -> list[BoolArray]:
    """The larger pieces of a mask, the largest first."""
    labels, _ = ndimage.label(mask)
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    kept = [k for k in np.argsort(-areas).tolist() if areas[k] > 0 and areas[k] >= _PIECE * areas.max()]
    return [labels == k for k in kept]


def _spots(masks: list[BoolArray]) -> FloatArray:
    """Middles of pieces [k, 2], as shares of the box round all of them."""
    whole = np.logical_or.reduce(masks)
    rows, columns = np.flatnonzero(whole.any(1)), np.flatnonzero(whole.any(0))
    spots = np.array([ndimage.center_of_mass(mask) for mask in masks])
    return np.asarray((spots - [rows[0], columns[0]]) / [np.ptp(rows) + 1, np.ptp(columns) + 1], np.float32)


def _stretch(one: FloatArray, other: FloatArray) -> float:
    """Logarithm of the ratio of the proportions, height to width, of `other` to those of `one`."""
    before, after = np.ptp(one, axis=0), np.ptp(other, axis=0)
    return float(np.log((before[0] * after[1]) / max(before[1] * after[0], 1e-6)))


def _across(points: FloatArray) -> np.ndarray:
    """What stands straight on an outline at each point [N, 2]."""
    way = np.roll(points, -2, 0) - np.roll(points, 2, 0)
    way = way / np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6)
    return np.stack([-way[:, 1], way[:, 0]], 1)
