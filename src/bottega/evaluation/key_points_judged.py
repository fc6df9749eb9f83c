"""How well key points are read: against drawn people who know theirs, and against what photos show at each point.

On photos nobody has marked joints. But each pixel of a street photo has one of 59 labels, and a joint that was found
lies under a label that fits it: an ankle in a shoe, a sock, skin or trousers, a wrist in skin or a sleeve. `FITS` was
written down before any figure was seen. What is carried before the body (a bag, a purse) fits nothing.

Shapes   N people, P points (16), H, W height and width.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.masks import LABELS_OF, LabelMap, PhotoMasks
from bottega.errors import PhotoRefused
from bottega.models.studio.bodies.body import body, build
from bottega.models.studio.bodies.camera import camera_for
from bottega.models.studio.bodies.figure import KEY_POINTS, posed_key_points
from bottega.models.studio.bodies.poses import pose
from bottega.models.studio.bodies.skinning import posed
from bottega.models.studio.key_points.drawn_people import OUTSIDE, DrawnPeople
from bottega.models.studio.key_points.key_points import KeyPointReader, SomebodySeen
from bottega.models.studio.key_points.recipe import LEARNT_BODIES
from bottega.models.studio.key_points.training import NEAR
from bottega.names import BoolArray, FloatArray

__all__ = ["BARS", "FITS", "MOST", "fits_at", "judge_drawn", "judge_photos", "template"]

MOST = MappingProxyType({"mean_error": 0.05})
BARS = MappingProxyType({"fits": 0.85, "above_template": 0.10})

_UPPER = (*LABELS_OF["upper"], *LABELS_OF["outer"], *LABELS_OF["one_piece"])
_LOWER = (*LABELS_OF["lower"], *LABELS_OF["one_piece"])
_FITS_ON = {
    "ankle": (*LABELS_OF["shoes"], "socks", "stockings", "tights", "leggings", "skin", "pants", "jeans"),
    "knee": (*_LOWER, "skin", "coat", "cape", "boots"),
    "hip": (*_UPPER, *_LOWER, "belt"),
    "pelvis": (*_UPPER, *_LOWER, "belt"),
    "thorax": (*_UPPER, "skin", "hair", "scarf", "necklace", "tie"),
    "upper_neck": ("skin", "hair", "scarf", "necklace", "earrings"),
    "head_top": ("hair", "hat", "skin", "accessories"),
    "wrist": (*_UPPER, "skin", "bracelet", "watch", "gloves"),
    "elbow": (*_UPPER, "skin"),
    "shoulder": (*_UPPER, "skin", "hair", "scarf"),
}
FITS: Mapping[str, frozenset[str]] = MappingProxyType(
    {name: frozenset(_FITS_ON[name.removeprefix("left_").removeprefix("right_")]) for name in KEY_POINTS}
)
"""Key point -> the labels of a street photo that fit it."""
_INWARDS = 0.1
"""The top of the head lies on the edge of the head: it is asked so far of the way to the neck."""


def judge_drawn(reader: KeyPointReader, people: DrawnPeople) -> dict[str, Any]:
    """Errors as shares of the person's own height: over points within the photo, by what one sees, by build.

    A person who is refused counts in `refused` alone.
    """
    errors = np.full(people.points.shape[:2], np.nan)
    confidence, said = np.zeros(errors.shape), np.zeros(errors.shape, bool)
    for row in range(len(people)):
        try:
            found = reader.read(np.where(people.labels[row] == OUTSIDE, 0, people.labels[row]).astype(np.uint8))
        except PhotoRefused:
            continue
        there = np.array([[point.x, point.y] for point in found.points])
        errors[row] = np.linalg.norm(there - people.points[row], axis=1) / people.height_px[row]
        confidence[row] = [point.confidence for point in found.points]
        said[row] = [point.visible for point in found.points]
    read: BoolArray = np.array(~np.isnan(errors[:, 0]), np.bool_)
    inside, seen = people.inside & read[:, None], people.visible & read[:, None]
    whole = np.array(people.inside.all(1))[:, None]
    groups = {
        "women": [build(name).grown and build(name).gender == "female" for name in people.bodies],
        "men": [build(name).grown and build(name).gender == "male" for name in people.bodies],
        "under_18": [not build(name).grown for name in people.bodies],
        "slim": [_mass_index(name) < 21 and build(name).grown for name in people.bodies],
        "large": [_mass_index(name) >= 28 and build(name).grown for name in people.bodies],
    }

    def mean(chosen: NDArray[np.bool_]) -> float | None:
        return round(float(errors[chosen].mean()), 4) if chosen.any() else None

    near: BoolArray = np.array(errors < NEAR, np.bool_)
    known = (confidence >= 0.02) & inside
    return {
        "people": len(people),
        "refused": int((~read).sum()),
        "mean_error": mean(inside),
        "mean_error_seen": mean(seen),
        "mean_error_hidden": mean(inside & ~seen),
        "mean_error_whole": mean(inside & whole),
        "mean_error_cut": mean(inside & ~whole),
        "within_5_percent": round(float(near[inside].mean()), 4),
        "told_seen": round(float((said == people.visible)[read].mean()), 4),
        "confidence_off": round(_calibration(confidence[known], near[known]), 4),
        "by_point": {name: mean(inside & (np.array(KEY_POINTS) == name)) for name in KEY_POINTS},
        "by_build": {name: mean(inside & np.array(rows)[:, None]) for name, rows in groups.items()},
    }


def _mass_index(name: str) -> float:
    known = build(name)
    return known.mass_kg / (known.height_cm / 100) ** 2


def _calibration(said: NDArray[np.float64], right: BoolArray) -> float:
    """Mean gap between what is said and how often it is so, over ten steps of the former."""
    step = np.minimum((said * 10).astype(int), 9)
    return float(
        sum(abs(said[step == one].mean() - right[step == one].mean()) * (step == one).mean() for one in np.unique(step))
    )


def template() -> FloatArray:
    """A fixed template [P, 2]: where a standing person seen from the front has the points, as shares of their box."""
    found = []
    for name in LEARNT_BODIES:
        if not build(name).grown:
            continue
        person = posed(body(name), pose("standing"))
        camera = camera_for(person.vertices, size=(768, 1024))
        seen, points = camera.seen(person.vertices)[:, :2], camera.seen(posed_key_points(person)[0])[:, :2]
        found.append((points - seen.min(0)) / np.ptp(seen, axis=0))
    return np.asarray(np.mean(found, axis=0), np.float32)


def fits_at(points: FloatArray, labels: LabelMap, names: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each of the points [P, 2] lies in a label that fits it; `names` are those of the codes [H, W]."""
    asked = np.asarray(points, np.float64).copy()
    top, neck = KEY_POINTS.index("head_top"), KEY_POINTS.index("upper_neck")
    asked[top] += _INWARDS * (asked[neck] - asked[top])
    height, width = labels.shape
    x, y = np.floor(asked).astype(int).T
    within = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    there = [names[code] for code in labels[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)]]
    return np.array([ok and label in FITS[name] for ok, label, name in zip(within, there, KEY_POINTS, strict=True)])


def judge_photos(read: Callable[[NDArray[np.uint8]], SomebodySeen], held_out: PhotoMasks) -> dict[str, Any]:
    """How often points fit what the photo shows there, of the reader and of the template in the box of the true mask.

    A person who is refused fits nowhere. A photo whose mask is empty is left out, and counted in `unlabelled`.
    """
    fixed = template()
    ours, theirs, refused, unlabelled = [], [], 0, 0
    for photo, mask in zip(held_out.photos, held_out.masks, strict=True):
        if not (mask > 0).any():
            unlabelled += 1
            continue
        rows, columns = np.flatnonzero((mask > 0).any(1)), np.flatnonzero((mask > 0).any(0))
        corner = np.array([columns[0], rows[0]])
        box = np.array([columns[-1] + 1, rows[-1] + 1]) - corner
        theirs.append(fits_at(fixed * box + corner, mask, held_out.labels))
        try:
            found = read(photo)
        except PhotoRefused:
            refused += 1
            ours.append(np.zeros(len(KEY_POINTS), bool))
            continue
        ours.append(fits_at(np.array([[one.x, one.y] for one in found.points]), mask, held_out.labels))
    mine, other = np.array(ours), np.array(theirs)
    return {
        "photos": len(mine),
        "unlabelled": unlabelled,
        "refused": refused,
        "fits": round(float(mine.mean()), 4),
        "template_fits": round(float(other.mean()), 4),
        "above_template": round(float(mine.mean() - other.mean()), 4),
        "by_point": {
            name: {"fits": round(float(mine[:, row].mean()), 4), "template": round(float(other[:, row].mean()), 4)}
            for row, name in enumerate(KEY_POINTS)
        },
    }
