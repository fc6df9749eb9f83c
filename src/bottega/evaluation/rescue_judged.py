"""All figures of a rescuer on photos that it never saw: enlarging, deblocking, what the eye says, seconds; its card.

Enlarging: photos made half and a quarter as large and enlarged again, by bicubic interpolation and by both answers.
Deblocking: photos compressed at their own size and cleaned, beside a filter that learnt nothing. KID is the distance
of 64 px windows to those of the sharp photos, as the judge sees them, which no loss looked through, and as edges and
colours measured by hand tell them apart.

Source   The filter: Nosratinia 2001, "Enhancement of JPEG-compressed images by re-application of JPEG",
         https://doi.org/10.1023/A:1008175812984: the mean of the photo compressed again at shifted grids.
Shapes   H, W sides of a photo, N windows.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bottega.datasets.photos.degraded import recompressed
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.evaluation.hand_features import hand_features
from bottega.evaluation.intervals import difference
from bottega.evaluation.pictures import kid, windows
from bottega.evaluation.rescue_figures import PhotoFigures, enlarge_all, psnr, ssim
from bottega.models.blocks.cards import bars
from bottega.models.blocks.colours import foreground
from bottega.models.blocks.threads import limit_threads
from bottega.models.judge.judge import PX, Judge
from bottega.models.studio.rescue.recipe import large_photos, product_files, street_files
from bottega.models.studio.rescue.rescue import Rescue, Way
from bottega.models.vision.eye.eye import Eye
from bottega.progress import Progress, silent

__all__ = [
    "QUALITIES",
    "WAYS",
    "deblocking",
    "enlarging",
    "judge_rescue",
    "kept_aside",
    "reapplied",
    "rescue_bars",
    "rescue_measures",
    "rescue_seconds",
    "tags_kept",
]

WAYS = ("bicubic", "mean", "likely")
QUALITIES = (10, 20, 40)
"""Of the JPEGs that are cleaned."""
_DEBLOCKED = 8
"""Photos of a set at most that blocks are taken out of, which takes longest."""
_MOST_PX = 512
_OURS: tuple[Way, ...] = ("mean", "likely")
_SETS = ("street", "large", "catalogue")
_GAIN = {"street": 1.0, "large": 1.0, "catalogue": 0.7}
"""Decibels over bicubic interpolation that the mean answer is held to, of photos that were only made smaller."""
_REALISTIC_GAIN = 1.5
_LIKELY_LOSS = 1.0
"""Decibels that the likely answer may lie below the mean one."""
_SECONDS = 1.2


def judge_rescue(
    data: Path,
    rescue: Rescue,
    judge: Judge | None,
    *,
    most: int,
    tagged: int,
    seed: int = 0,
    progress: Progress = silent,
) -> dict[str, Any]:
    """All figures on photos kept aside, at most `most` of a set; the eye looks at `tagged`.

    `judge` None: KID by hand alone.
    """
    found: dict[str, Any] = {}
    for name, photos in kept_aside(data, most).items():
        found[name] = enlarging(photos, rescue, judge, inside=name == "catalogue", seed=seed, progress=progress)
        found[name]["deblocking"] = deblocking(photos[:_DEBLOCKED], rescue, judge, seed=seed, progress=progress)
    found["tags"] = tags_kept(kept_aside(data, tagged, sets=("catalogue",))["catalogue"], rescue, seed)
    found["seconds"] = rescue_seconds(rescue)
    return found


def kept_aside(data: Path, most: int, *, sets: Sequence[str] = _SETS) -> dict[str, list[Photo]]:
    """Photos that no model has seen, by set; of large ones the middle 512 pixels."""
    read = {"street": street_files, "large": large_photos, "catalogue": product_files}
    files = {name: read[name](data)[1] for name in sets}
    rng = np.random.default_rng(0)
    return {
        name: [
            _middle(read_photo(found[row][1], name=found[row][0]))
            for row in rng.permutation(len(found))[:most].tolist()
        ]
        for name, found in files.items()
    }


def _middle(photo: Photo) -> Photo:
    """At most `_MOST_PX` of each side, so that large photos take no longer than others."""
    top, left = (max(0, (side - _MOST_PX) // 2) for side in photo.shape[:2])
    return photo[top : top + _MOST_PX, left : left + _MOST_PX]


def enlarging(
    photos: Sequence[Photo],
    rescue: Rescue,
    judge: Judge | None,
    *,
    inside: bool,
    seed: int,
    progress: Progress = silent,
) -> dict[str, Any]:
    """One set of photos made half and a quarter as large, and enlarged. `inside`: PSNR of what is product alone."""
    rows: dict[str, Any] = {"photos": len(photos)}
    for factor in (2, 4):
        for realistic in (False, True):
            rng = np.random.default_rng(seed)
            found = enlarge_all(photos, rescue, factor, realistic=realistic, rng=rng, progress=progress)
            masks = [foreground(one.truth) for one in found] if inside else None
            figures = PhotoFigures.of(found, masks)
            row: dict[str, Any] = {
                way: {"psnr": float(figures.psnr[way].mean()), "ssim": float(figures.ssim[way].mean())} for way in WAYS
            }
            ours, plain = (figures.psnr[way].astype(np.float64) for way in ("mean", "bicubic"))
            gain = difference(ours, plain, np.random.default_rng(seed))
            row["gain_db"] = [gain.mean, gain.low, gain.high]
            if factor == 2:
                made = {way: [getattr(one, way) for one in found] for way in WAYS}
                row["kid"] = _distances(made, [one.truth for one in found], judge, seed)
            rows[f"x{factor} {'realistic' if realistic else 'clean'}"] = row
    return rows


def _distances(
    made: Mapping[str, Sequence[Photo]], real: Sequence[Photo], judge: Judge | None, seed: int
) -> dict[str, dict[str, list[float]]]:
    """KID [mean, low, high] of each way's pictures, by the judge and by features made by hand, at the same windows."""
    theirs, owners, places = windows(real, 4, rng=np.random.default_rng(seed))
    found: dict[str, dict[str, list[float]]] = {"judge": {}, "hand": {}}
    for way, pictures in made.items():
        ours = np.stack(
            [pictures[k][top : top + PX, left : left + PX] for k, (top, left) in zip(owners, places, strict=True)]
        )
        pairs = {"hand": (hand_features(ours), hand_features(theirs))}
        if judge is not None:
            pairs["judge"] = judge.look(ours).features, judge.look(theirs).features
        for by, (one, other) in pairs.items():
            near = kid(one, other, rng=np.random.default_rng(seed), groups=(owners, owners))
            found[by][way] = [near.mean, near.low, near.high]
    return found


def deblocking(
    photos: Sequence[Photo], rescue: Rescue, judge: Judge | None, *, seed: int, progress: Progress = silent
) -> dict[str, Any]:
    """One set of photos compressed at their own size: left so, filtered, and cleaned by both answers."""
    found: dict[str, Any] = {}
    for quality in QUALITIES:
        made: dict[str, list[Photo]] = {"left": [], "filter": [], "mean": [], "likely": []}
        for done, photo in enumerate(photos, start=1):
            worse = recompressed(photo, quality)
            made["left"].append(worse)
            made["filter"].append(reapplied(worse, quality))
            for way in _OURS:
                made[way].append(rescue.cleaned(worse, way=way))
            progress("taking blocks out", done, len(photos))
        marks = {way: np.array([psnr(a, b) for a, b in zip(ours, photos, strict=True)]) for way, ours in made.items()}
        row: dict[str, Any] = {
            way: {
                "psnr": float(marks[way].mean()),
                "ssim": float(np.mean([ssim(a, b) for a, b in zip(ours, photos, strict=True)])),
            }
            for way, ours in made.items()
        }
        for name, other in (("gain_db", "left"), ("over_filter_db", "filter")):
            gap = difference(marks["mean"], marks[other], np.random.default_rng(seed))
            row[name] = [gap.mean, gap.low, gap.high]
        row["kid"] = _distances(made, photos, judge, seed)
        found[f"quality {quality}"] = row | {"photos": len(photos)}
    return found


def reapplied(photo: Photo, quality: int) -> Photo:
    """The photo [H, W, 3] with its blocks filtered out: compressed again with the grid at 16 places, and averaged."""
    height, width = photo.shape[:2]
    wide = np.pad(photo, ((8, 8), (8, 8), (0, 0)), mode="edge")
    total = np.zeros(photo.shape, np.float32)
    for down in range(0, 8, 2):
        for across in range(0, 8, 2):
            moved = wide[down : down + height + 8, across : across + width + 8]
            again = recompressed(np.ascontiguousarray(moved), quality)
            total += again[8 - down : 8 - down + height, 8 - across : 8 - across + width]
    found: Photo = np.rint(total / 16).astype(np.uint8)
    return found


def tags_kept(photos: Sequence[Photo], rescue: Rescue, seed: int) -> dict[str, Any]:
    """How often the eye says of a photo enlarged from 56 to 112 px what it says of the original, for its type."""
    eye = Eye.shipped()

    def types(pictures: Sequence[Photo]) -> Any:
        return eye.look(list(pictures)).probabilities["type"].argmax(1)

    small = [np.array(Image.fromarray(photo).resize((56, 56), Image.Resampling.BICUBIC)) for photo in photos]
    truth = types(photos)
    bicubic = [np.array(Image.fromarray(one).resize((112, 112), Image.Resampling.BICUBIC)) for one in small]
    agree = {"bicubic": types(bicubic) == truth}
    for way in _OURS:
        agree[way] = types([rescue.enlarged(one, 2, way=way) for one in small]) == truth
    rng = np.random.default_rng(seed)
    found: dict[str, Any] = {way: float(same.mean()) for way, same in agree.items()}
    for way in ("mean", "likely"):
        gap = difference(agree[way].astype(float), agree["bicubic"].astype(float), rng)
        found[f"{way}_gain"] = [gap.mean, gap.low, gap.high]
    return found | {"photos": len(photos)}


def rescue_seconds(rescue: Rescue) -> dict[str, float]:
    """Of one core, from 224 to 448 px; the best of five."""
    limit_threads(1)
    ramp = np.linspace(40, 220, 224).astype(np.uint8)  # without print, so that the likely answer is drawn, too
    photo = np.repeat(np.repeat(ramp[None, :, None], 224, 0), 3, 2)
    found: dict[str, float] = {}
    for way in _OURS:
        tries = []
        for _ in range(5):
            started = time.process_time()
            rescue.enlarged(photo, 2, way=way)
            tries.append(time.process_time() - started)
        found[way] = round(min(tries), 3)
    return found


def rescue_measures(found: Mapping[str, Any]) -> dict[str, float]:
    """What a card says of all these figures."""
    told: dict[str, float] = {}
    for name in _SETS:
        clean, realistic = found[name]["x2 clean"], found[name]["x2 realistic"]
        told[f"{name}_gain_db"] = clean["gain_db"][0]
        told[f"{name}_realistic_gain_db"] = realistic["gain_db"][0]
        told[f"{name}_likely_loss_db"] = clean["mean"]["psnr"] - clean["likely"]["psnr"]
        for by, near in clean["kid"].items():
            for way in _OURS:
                if way in near:
                    told[f"{name}_kid_{way}_{by}_x1000"] = 1000 * near[way][0]
        for case, row in found[name]["deblocking"].items():
            told[f"{name}_{case.replace(' ', '_')}_over_filter_db"] = row["over_filter_db"][0]
    told["seconds_224_to_448"] = found["seconds"]["likely"]
    told["tags_gain"], told["tags_gain_low"] = found["tags"]["mean_gain"][:2]
    return {key: round(value, 3) for key, value in told.items()}


def rescue_bars(measures: Mapping[str, float]) -> dict[str, dict[str, Any]]:
    """What a rescuer is held to: decibels gained, what the likely answer may cost and has to bring, tags, seconds."""
    least = {f"{name}_gain_db": bar for name, bar in _GAIN.items()}
    least |= {f"{name}_realistic_gain_db": _REALISTIC_GAIN for name in _SETS} | {"tags_gain_low": 0.0}
    most = {"seconds_224_to_448": _SECONDS} | {f"{name}_likely_loss_db": _LIKELY_LOSS for name in _SETS}
    by = "judge" if f"{_SETS[0]}_kid_mean_judge_x1000" in measures else "hand"
    most |= {f"{name}_kid_likely_{by}_x1000": measures[f"{name}_kid_mean_{by}_x1000"] for name in _SETS}
    return bars(measures, least, most)
