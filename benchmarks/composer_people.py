"""The people that the composer and its rival learn from and are judged by, read once into the working folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bottega.models.studio.composer.lessons import FramedPeople
from bottega.models.studio.composer.people import street_people, worn_people
from bottega.models.vision.parts.parser import Parts

if TYPE_CHECKING:
    from bottega.progress import Progress

__all__ = ["FRAME", "RIVAL_SIZE", "people"]

FRAME, RIVAL_SIZE = (192, 256), (64, 96)
"""Width and height of the frames that the composer and its rival learn at."""
_MOST = {False: 1500, True: 500}


def people(
    data: Path, work: Path, size: tuple[int, int], *, held_out: bool, progress: Progress
) -> tuple[FramedPeople, FramedPeople]:
    """Street photos and worn photos in frames of a size; held out, or to learn from."""
    found = {}
    files = {
        kind: {
            one: work / f"{kind}_{one[0]}x{one[1]}_{'held' if held_out else 'learnt'}.npz"
            for one in (FRAME, RIVAL_SIZE)
        }
        for kind in ("street", "worn")
    }
    for kind, of in files.items():
        if not all(file.exists() for file in of.values()):
            work.mkdir(parents=True, exist_ok=True)
            if kind == "street":
                made = street_people(data, list(of), held_out=held_out, progress=progress)
            else:
                parse = Parts.shipped().parse_labels
                most = _MOST[held_out]
                made = worn_people(data, list(of), parse, held_out=held_out, most=most, progress=progress)
            for file, lessons in zip(of.values(), made, strict=True):
                lessons.save(file)
        found[kind] = FramedPeople.load(of[size])
    return found["street"], found["worn"]
