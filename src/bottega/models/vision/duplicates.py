"""Near duplicates: which pictures are the same one, resized, recompressed or slightly retouched?

Idea     A picture's coarsest waves, each above or below their median, are 64 bits that survive resizing and
         compression. Two pictures that differ in few bits are the same one.
Source   Zauner 2010, "Implementation and Benchmarking of Perceptual Image Hash Functions", section 3.2.1 (pHash).
         Search: Norouzi, Punjani & Fleet 2012, https://arxiv.org/abs/1307.2982 (multi-index hashing).
Differs  A margin of one colour is cut away first: shop photos are mostly margin, and its shape would fill the bits.
         The 64 lowest waves by the sum of both frequencies; the constant one says how light it is, not what is on it.
Serves   Copies of one picture. Shoes photographed alike may have near hashes and are no copies, and grey bits know no
         colour: `same_picture` looks at the pixels of a pair and tells them apart.
Costs    About 1 ms a photo; 50,000 hashes are grouped in a second.
Shapes   N hashes of 64 bits, P pairs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dctn
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bottega.datasets.photos.reading import Photo, border
from bottega.names import LongArray

__all__ = ["WITHIN_BITS", "near_duplicates", "near_pairs", "picture_hash", "same_picture"]

WITHIN_BITS = 4
"""Two pictures whose hashes differ in at most this many bits are taken for one."""
_MARGIN_DISTANCE, _MARGIN_SHARE, _LEAST_PX = 24, 0.01, 9
_SAME_PIXELS = 10.0
"""Mean difference of two pictures of one thing, 0 to 255."""
_PX = 32
_CHOSEN = tuple(np.array(sorted(np.ndindex(_PX, _PX), key=lambda at: (sum(at), at))[1:65]).T)
"""Rows and columns of the waves that become bits."""


def picture_hash(photo: Photo) -> int:
    """64-bit perceptual hash of what a photo [H, W, 3] shows, a margin of one colour cut away."""
    grey = Image.fromarray(_content(photo)).convert("L").resize((_PX, _PX), Image.Resampling.BOX)
    waves = dctn(np.asarray(grey, np.float64), norm="ortho")
    chosen = waves[_CHOSEN].round(3)  # a picture of one colour has no waves but rounding errors
    return int(np.packbits(chosen > np.median(chosen)).view(">u8")[0])


def same_picture(one: Photo, other: Photo) -> bool:
    """Whether two photos with near hashes show the same: pixel by pixel, colours too, when both are made small."""
    small = [
        np.asarray(Image.fromarray(_content(photo)).resize((_PX, _PX), Image.Resampling.BOX), np.float32)
        for photo in (one, other)
    ]
    return float(np.abs(small[0] - small[1]).mean()) <= _SAME_PIXELS


def _content(photo: Photo) -> Photo:
    """The photo without its margin: rows and columns in which hardly a pixel differs from the border's colour."""
    colour = np.median(border(photo), axis=0).astype(np.int16)
    away = np.abs(photo - colour).max(axis=2) > _MARGIN_DISTANCE
    rows = np.flatnonzero(away.mean(axis=1) > _MARGIN_SHARE)
    columns = np.flatnonzero(away.mean(axis=0) > _MARGIN_SHARE)
    if len(rows) < _LEAST_PX or len(columns) < _LEAST_PX:
        return photo
    return photo[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def near_duplicates(hashes: NDArray[np.uint64], within: int = WITHIN_BITS) -> list[LongArray]:
    """Groups of rows of `hashes` [N] that are linked by pairs at most `within` bits apart, largest first."""
    pairs = near_pairs(hashes, within)
    graph = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(hashes),) * 2)
    _, groups = connected_components(graph, directed=False)
    order = np.argsort(groups, kind="stable")
    found = np.split(order, np.flatnonzero(np.diff(groups[order])) + 1) if len(order) else []
    return sorted((one for one in found if len(one) > 1), key=lambda one: (-len(one), one[0]))


def near_pairs(hashes: NDArray[np.uint64], within: int = WITHIN_BITS) -> LongArray:
    """Pairs [P, 2] of rows at most `within` bits apart, the first the smaller; the same hashes are linked in a chain.

    Hashes that differ in d bits agree wholly in one of d + 1 pieces, so only those that share a piece are compared.
    """
    distinct, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    same = np.flatnonzero(np.diff(inverse[order]) == 0)
    chains = np.stack([order[same], order[same + 1]], axis=1)
    others = [np.sort(first[pairs], axis=1) for pairs in _sharing_a_piece(distinct, within)]
    return np.unique(np.concatenate([chains, *others]).astype(np.int64), axis=0)


def _sharing_a_piece(distinct: NDArray[np.uint64], within: int) -> Iterator[LongArray]:
    """Pairs of different hashes at most `within` bits apart, piece by piece; some come several times."""
    edges = np.linspace(0, 64, within + 2).astype(int)
    for low, high in itertools.pairwise(edges):
        pieces = (distinct >> np.uint64(low)) & np.uint64((1 << int(high - low)) - 1)
        order = np.argsort(pieces, kind="stable")
        pieces = pieces[order]
        left = np.arange(len(order))
        for step in range(1, len(order)):
            left = left[left + step < len(order)]
            left = left[pieces[left] == pieces[left + step]]
            if not len(left):
                break
            one, other = order[left], order[left + step]
            near = np.bitwise_count(distinct[one] ^ distinct[other]) <= within
            yield np.stack([one[near], other[near]], axis=1)
