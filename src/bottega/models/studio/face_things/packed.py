"""The finder's data for a browser: the cascade and the network's numbers in one file, without pickle, without torch.

Shapes   Four bytes (the length of the JSON, little-endian), the JSON, then all numbers as floats of 16 bits in its
         order.
"""

from __future__ import annotations

import json
import struct
import xml.etree.ElementTree as ElementTree
from functools import lru_cache
from typing import Any

import numpy as np

from bottega.models.blocks.arrays_io import load_arrays
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.studio.face_things.cascade_file import frontal_cascade
from bottega.models.studio.face_things.layout import LAYERS, SQUARE_PX
from bottega.models.studio.face_things.points import POINTS, SIDE

__all__ = ["packed_finder"]

_NAME = "face_points"


@lru_cache(maxsize=1)
def packed_finder() -> bytes:
    """What ships. Raises `ModelFileBroken`."""
    saved = load_arrays(shipped_folder("studio", _NAME), model=_NAME)
    said = {
        "version": saved.config["version"],
        "box_middle": saved.config["box_middle"],
        "box_size": saved.config["box_size"],
        "points": list(POINTS),
        "side": SIDE,
        "square_px": SQUARE_PX,
        "layers": LAYERS,
        "cascade": _cascade(str(frontal_cascade())),
        "arrays": [{"name": name, "count": int(array.size)} for name, array in saved.arrays.items()],
    }
    text = json.dumps(said, separators=(",", ":")).encode()
    numbers = b"".join(np.ascontiguousarray(array, "<f2").tobytes() for array in saved.arrays.values())
    return struct.pack("<I", len(text)) + text + numbers


def _cascade(file: str) -> list[dict[str, Any]]:
    """Stages of the cascade: the least that a stage has to reach, and its weak classifiers."""
    root = ElementTree.parse(file).getroot()[0]
    rects = [[int(value) for value in _text(one, "rect").split()] for one in root.find("features") or ()]
    stages = []
    for stage in root.find("stages") or ():
        weak = []
        for one in stage.find("weakClassifiers") or ():
            node = [int(value) for value in _text(one, "internalNodes").split()]
            leaves = [float(value) for value in _text(one, "leafValues").split()]
            weak.append({"rect": rects[node[2]], "subset": node[3:], "leaves": leaves})
        stages.append({"least": float(_text(stage, "stageThreshold")), "weak": weak})
    return stages


def _text(of: ElementTree.Element, name: str) -> str:
    found = of.findtext(name)
    assert found is not None, name
    return found
