"""Drawings whose lines are known, and sketch networks: an untrained one, and one that seconds of drawn bags taught."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw

from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.course import Course
from bottega.models.blocks.game import GameSchedule
from bottega.models.studio.sketch.network import SketchNetwork, SketchShape
from bottega.models.studio.sketch.sketch import PX, SketchConfig, Sketcher
from bottega.models.studio.sketch.training import SketchLessons, SketchTraining, fit_sketch

TYPES = ("Handbags", "Watches")
SMALL = SketchShape(types=2, widths=(16, 16, 16), request=16)
RED, BLUE = ((190, 40, 40), (43.0, 58.0, 36.0)), ((40, 60, 180), (32.0, 30.0, -62.0))
"""Colours in sRGB and in CIE Lab."""


def page(
    ink: Any = "black", ground: Any = "white", *, mode: str = "RGB", size: int = 400, width: int = 5, box: Any = None
) -> Image.Image:
    """A sheet with the outline of a box on it, by default in the middle and half as wide as the sheet."""
    canvas = Image.new(mode, (size, size), ground)
    left, top, right, bottom = box or (0.25, 0.3, 0.75, 0.7)
    corners = (left * size, top * size, right * size, bottom * size)
    ImageDraw.Draw(canvas).rectangle(corners, outline=ink, width=width)
    return canvas


def png(picture: Image.Image | Photo) -> bytes:
    """The picture as a file."""
    file = BytesIO()
    (picture if isinstance(picture, Image.Image) else Image.fromarray(picture)).save(file, "PNG")
    return file.getvalue()


def sheet(**how: Any) -> bytes:
    """A page as a file."""
    return png(page(**how))


def untrained(version: str = "fresh") -> Sketcher:
    """A network that learnt nothing."""
    torch.manual_seed(0)
    return Sketcher(SketchConfig(TYPES, version, SMALL), SketchNetwork(SMALL))


@lru_cache(1)
def taught() -> Sketcher:
    """A network that fills the outline of a box with the colour that is asked for, as photos of boxes taught it."""
    photos, drawings, types, labs = [], [], [], []
    for kind, (half_width, half_height) in enumerate(((19, 15), (15, 19))):
        for rgb, lab in (RED, BLUE):
            corners = (32 - half_width, 32 - half_height, 32 + half_width, 32 + half_height)
            filled, outline = Image.new("RGB", (PX, PX), "white"), Image.new("1", (PX, PX))
            ImageDraw.Draw(filled).rectangle(corners, fill=rgb)
            ImageDraw.Draw(outline).rectangle(corners, outline=1)
            photos.append(np.asarray(filled))
            drawings.append(np.packbits(np.asarray(outline).reshape(1, -1), axis=1))
            types.append(kind + 1)
            labs.append(lab)
    lessons = SketchLessons(np.stack(photos), np.stack(drawings), np.array(types), np.array(labs, np.float32))
    torch.manual_seed(0)
    network = SketchNetwork(SMALL)
    quick = GameSchedule((1e-2, 1e-3), (0.5, 0.99), warmup_steps=5, average=0.9)
    config = SketchTraining(batch_size=4, untold=(0.1, 0.0), as_found=1.0, schedule=quick)
    fit_sketch(network, lessons, rng=np.random.default_rng(0), config=config, course=Course(300))
    return Sketcher(SketchConfig(TYPES, "taught", SMALL), network)
