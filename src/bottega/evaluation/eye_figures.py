"""How an eye is judged: its answers to a catalogue's photos become figures with intervals.

Shapes   N products judged, C classes of a head, E width of the vectors.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bottega.datasets.photos.catalogue import PhotoCatalogue, classes_of, codes_of
from bottega.datasets.photos.reading import read_photo
from bottega.evaluation.intervals import Interval, intervals
from bottega.evaluation.photo_measures import calibration_error, frequent_classes, hits, macro_f1, retrieval
from bottega.models.blocks.binary_codes import Codes
from bottega.models.recommend.accuracy import Values
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.looks import Looks
from bottega.names import FloatArray, IntArray
from bottega.progress import Progress, silent

__all__ = ["AT_MOST", "BARS", "KEYS", "Answers", "Figures", "answers_of", "judge_answers", "labels_for", "look"]

KEYS = (
    "type_top1",
    "type_macro_f1",
    "subcategory_top1",
    "gender_top1",
    "colour_top1",
    "colour_top2",
    "ece",
    "line_recall@1",
    "line_recall@10",
    "line_map",
    "code_line_map",
    "products",
    "train_s",
)
"""The figures, in this order."""
BARS = {
    "type_top1": 0.88,
    "type_macro_f1": 0.84,
    "subcategory_top1": 0.97,
    "gender_top1": 0.90,
    "colour_top1": 0.72,
    "colour_top2": 0.88,
    "line_recall@1": 0.62,
}
"""What the shipped eye should reach on its held-out lines; its card says whether it does."""
AT_MOST = {"ece": 0.03, "train_s": 3600.0}
"""The same of figures that should be small."""
TYPE_LEAST = 20
"""Photos that a type needs, learnt from and judged together, to count in the macro-F1."""
_CHUNK = 256


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model says of N photos: class names and chances [N, C] by head, and vectors [N, E] for search."""

    classes: Mapping[str, tuple[str, ...]]
    probabilities: Mapping[str, FloatArray]
    vectors: FloatArray


@dataclass(frozen=True, slots=True)
class Figures:
    """One figure a measure, and the 95% interval of those that are means over photos."""

    values: dict[str, float | int | None]
    intervals: dict[str, Interval]

    def cell(self, key: str) -> str:
        """The figure as a table shows it."""
        value, around = self.values[key], self.intervals.get(key)
        if value is None:
            return ""
        if isinstance(value, int):
            return str(value)
        return f"{value:.3f}" + (f" ({around.low:.3f}-{around.high:.3f})" if around else "")


def look(eye: Eye, catalogue: PhotoCatalogue, *, progress: Progress = silent) -> Looks:
    """What an eye sees in every photo of a catalogue, read a few at a time."""
    parts = []
    for start in range(0, len(catalogue), _CHUNK):
        parts.append(eye.look([read_photo(path) for path in catalogue.paths[start : start + _CHUNK]]))
        progress("looking at photos", min(start + _CHUNK, len(catalogue)), len(catalogue))
    return Looks.joined(parts)


def answers_of(eye: Eye, catalogue: PhotoCatalogue, *, progress: Progress = silent) -> Answers:
    """An eye's answers."""
    looks = look(eye, catalogue, progress=progress)
    return Answers(eye.heads, looks.probabilities, looks.vectors)


def labels_for(answers: Answers, catalogue: PhotoCatalogue, head: str) -> tuple[IntArray, tuple[str, ...]]:
    """Labels [N] in the model's codes; classes that it never heard of come after its own."""
    known = answers.classes[head]
    classes = known + tuple(name for name in classes_of(catalogue.labels[head]) if name not in known)
    return codes_of(catalogue.labels[head], classes), classes


def judge_answers(
    answers: Answers, catalogue: PhotoCatalogue, *, learnt_types: Mapping[str, int], train_s: float | None
) -> Figures:
    """All figures. `learnt_types`: how many photos of each type the model learnt from, as far as that is known."""
    labels = {head: labels_for(answers, catalogue, head)[0] for head in ("type", "subcategory", "gender", "color")}
    chances = answers.probabilities
    rows: dict[str, Values] = {
        "type_top1": hits(chances["type"], labels["type"]),
        "subcategory_top1": hits(chances["subcategory"], labels["subcategory"]),
        "gender_top1": hits(chances["gender"], labels["gender"]),
        "colour_top1": hits(chances["color"], labels["color"]),
        "colour_top2": hits(chances["color"], labels["color"], 2),
    }
    vectors = answers.vectors
    lines = retrieval(lambda asked: vectors[asked] @ vectors.T, catalogue.lines)
    rows |= {f"line_{name}": values for name, values in lines.items()}
    codes = Codes().fit(vectors, rng=np.random.default_rng(0))
    bits = codes.encode(vectors)
    rows["code_line_map"] = retrieval(lambda asked: codes.scores(vectors[asked], bits), catalogue.lines)["map"]
    around = intervals(rows, np.random.default_rng(0))
    found: dict[str, float | int | None] = {name: one.mean for name, one in around.items()}
    found["type_macro_f1"] = macro_f1(
        chances["type"].argmax(axis=1).astype(np.int32), labels["type"], _judged_types(answers, catalogue, learnt_types)
    )
    found["ece"] = calibration_error(chances["type"], labels["type"])
    found |= {"products": len(catalogue), "train_s": None if train_s is None else round(train_s, 1)}
    values = {key: _rounded(found[key]) for key in KEYS}
    return Figures(values, around)


def _judged_types(answers: Answers, catalogue: PhotoCatalogue, learnt: Mapping[str, int]) -> IntArray:
    """Codes of the types that are judged here and have `TYPE_LEAST` photos, learnt from and judged together."""
    labels, classes = labels_for(answers, catalogue, "type")
    counts = Counter(catalogue.labels["type"])
    here = frequent_classes(labels, 1)
    return np.array([k for k in here if counts[classes[k]] + learnt.get(classes[k], 0) >= TYPE_LEAST], dtype=np.int32)


def _rounded(value: float | int | None) -> float | int | None:
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 5)
    return value
