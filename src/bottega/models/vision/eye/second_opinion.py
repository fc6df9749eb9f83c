"""Second opinion: what edges and colours measured by hand say of a product, beside what the network sees in it.

Idea     Directions of edges in cells and the product's colours keep where things lie and which shade they have. What
         follows from them errs on other photos than the network does, so both together are right more often.
Source   Edges: Dalal & Triggs 2005, https://doi.org/10.1109/CVPR.2005.177. Opinions of several are pooled as weighted
         logarithms: Genest & Zidek 1986, https://doi.org/10.1214/ss/1177013825, section 3.
Serves   Photos on a plain background. On others it has no opinion: every class is as likely.
Costs    Some milliseconds a photo, under a megabyte of weights.
Shapes   N photos, P pixels a side, F features, K components, C classes of a head.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from skimage.color import rgb2gray
from skimage.feature import hog

from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import foreground, is_plain, to_lab
from bottega.models.blocks.logistic import fit_softmax
from bottega.names import BoolArray, FloatArray, IntArray
from bottega.progress import Progress, silent

__all__ = ["PX", "Measured", "SecondOpinion", "colour_histogram"]

PX = 96
"""Side of the square that is measured."""
CELL = 12
"""Pixels a side of a cell of edges."""
COMPONENTS = 256
"""Principal components that stand for the edges."""
N_COLOURS = 512
"""Cells of a colour histogram."""
_N_EDGES = 9 * 4 * (PX // CELL - 1) ** 2
LEAST = 40
"""Plain photos below which there is no second opinion."""
INVERSE_PENALTY = 0.01
"""As scikit-learn's C: small, because there are about as many features as photos."""
DOUBT = 0.05
"""Share of a chance that is spread over all classes, so that it vetoes none."""
LEAST_SPREAD = 0.02
"""Deviation that a feature is divided by at least: what hardly ever occurred must not become a shout."""
BINS = (np.linspace(0, 100, 9), np.linspace(-60, 70, 9), np.linspace(-60, 80, 9))
"""Edges of the histogram in CIE Lab; what lies beyond counts as the outermost."""


def colour_histogram(photo: Photo, mask: BoolArray) -> FloatArray:
    """Square roots of the shares of the colours that `mask` [H, W] covers, in 8 x 8 x 8 cells of CIE Lab [512]."""
    lab = to_lab(photo)[mask]
    inside = [np.clip(lab[:, k], edges[0], edges[-1]) for k, edges in enumerate(BINS)]
    counts = np.histogramdd(np.stack(inside, axis=1), bins=BINS)[0].ravel()
    return np.asarray(np.sqrt(counts / max(counts.sum(), 1)), dtype=np.float32)


def _edges(photo: Photo) -> FloatArray:
    """Directions of edges by cell, the mean of the photo and its mirror image."""
    grey = rgb2gray(photo)
    both = (hog(side, pixels_per_cell=(CELL, CELL), cells_per_block=(2, 2)) for side in (grey, grey[:, ::-1]))
    return np.asarray(np.mean(list(both), axis=0), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured in photos [N]: of the M on a plain background, components of edges, then colours [M, K]."""

    rows: FloatArray
    plain: BoolArray
    """[N], which they are."""

    @property
    def edges(self) -> FloatArray:
        """The components of the edges alone [M, C]."""
        return self.rows[:, : self.rows.shape[1] - N_COLOURS]


class SecondOpinion:
    """Principal components of the edges, and a multinomial logistic regression a head, as arrays."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self.arrays = dict(arrays)
        """Everything that it knows, by name; what is saved."""
        self.heads = tuple(name.removeprefix("weights.") for name in arrays if name.startswith("weights."))

    @classmethod
    def fit(
        cls,
        photos: Sequence[Photo],
        labels: Mapping[str, IntArray],
        sizes: Mapping[str, int],
        *,
        seconds: float | None = None,
        progress: Progress = silent,
    ) -> SecondOpinion | None:
        """Learn from squares [P, P, 3] and labels, head -> class code [N] (-1 unknown); `sizes`: classes a head.

        None where too few photos have a plain background. `seconds`: the most that photos are measured for; then those
        measured so far, a sample of all, have to do.
        """
        edges, colours, plain = _measured(photos, progress, seconds)
        if plain.sum() < LEAST:
            return None
        mean = edges.mean(0)
        components, scale = _components(edges - mean)
        arrays: dict[str, NDArray[np.generic]] = {"mean": mean, "components": components, "scale": scale}
        rows = cls(arrays)._projected(edges, colours)
        arrays |= {"centre": rows.mean(0), "spread": np.maximum(rows.std(0), LEAST_SPREAD)}
        rows = cls(arrays)._standard(rows)
        for head, codes in labels.items():
            known = codes[plain] >= 0
            if len(np.unique(codes[plain][known])) > 1:
                ridge = 1 / INVERSE_PENALTY
                table = fit_softmax(
                    rows[known], codes[plain][known], sizes[head], ridge=ridge, steps=150, tolerance=1e-7
                )
                arrays |= {f"weights.{head}": table[:-1].T.astype(np.float16), f"bias.{head}": table[-1]}
        return cls({name: _small(array) for name, array in arrays.items()})

    def measure(self, photos: Sequence[Photo]) -> Measured:
        """Components of the edges and colours of squares [P, P, 3], where the background is plain."""
        edges, colours, plain = _measured(photos, silent)
        return Measured(self._projected(edges, colours), plain)

    def log_chances(self, photos: Sequence[Photo]) -> dict[str, FloatArray]:
        """Head -> logarithms of its classes' chances [N, C] for squares [P, P, 3]; equal ones where it is silent."""
        return self.told_by(self.measure(photos))

    def told_by(self, measured: Measured) -> dict[str, FloatArray]:
        """The same of what was measured."""
        rows, plain = self._standard(measured.rows), measured.plain
        found = {}
        for head in self.heads:
            logits = torch.from_numpy(rows @ self._array(f"weights.{head}").T + self._array(f"bias.{head}"))
            chances = (1 - DOUBT) * logits.softmax(1).numpy() + DOUBT / logits.shape[1]
            said = np.full((len(plain), logits.shape[1]), 1 / logits.shape[1], dtype=np.float32)
            said[plain] = chances
            found[head] = np.log(said)
        return found

    def _array(self, name: str) -> FloatArray:
        return np.asarray(self.arrays[name], dtype=np.float32)

    def _projected(self, edges: FloatArray, colours: FloatArray) -> FloatArray:
        """Components of the edges, and behind them the colours."""
        components = self._array("components") * self._array("scale")[:, None]
        return np.hstack([(edges - self._array("mean")) @ components.T, colours])

    def _standard(self, rows: FloatArray) -> FloatArray:
        return (rows - self._array("centre")) / self._array("spread")


def _measured(
    photos: Sequence[Photo], progress: Progress, seconds: float | None = None
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Edges and colours of the photos with a plain background, and which these are [N]; as many as `seconds` allow."""
    order, started = np.arange(len(photos)), time.perf_counter()
    if seconds is not None:
        order = np.random.default_rng(0).permutation(order)
    plain = np.zeros(len(photos), dtype=bool)
    edges, colours = [np.zeros((0, _N_EDGES), dtype=np.float32)], [np.zeros((0, N_COLOURS), dtype=np.float32)]
    for done, row in enumerate(order.tolist(), start=1):
        if seconds is not None and time.perf_counter() - started > seconds:
            break
        photo = small = photos[row]
        if photo.shape[0] != PX:
            small = np.asarray(Image.fromarray(photo).resize((PX, PX), Image.Resampling.BILINEAR))
        plain[row] = is_plain(small)
        if plain[row]:
            edges.append(_edges(small)[None])
            colours.append(colour_histogram(small, foreground(small))[None])
        progress("measuring edges and colours", done, len(photos))
    places = np.argsort(order[plain[order]])  # back into the order of the photos
    return np.concatenate(edges)[places], np.concatenate(colours)[places], plain


def _components(rows: FloatArray) -> tuple[NDArray[np.int8], FloatArray]:
    """Principal components of centred rows [N, F] as whole numbers [K, F], and what each is to be multiplied by [K]."""
    _, vectors = np.linalg.eigh((rows.T @ rows).astype(np.float64))
    found = vectors[:, ::-1][:, : min(COMPONENTS, len(rows) - 1)].T
    scale = np.abs(found).max(axis=1) / 127
    return np.round(found / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def _small(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """Long vectors and tables of floats as float16."""
    return array.astype(np.float16) if array.dtype.kind == "f" else array
