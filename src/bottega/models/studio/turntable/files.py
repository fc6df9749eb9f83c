"""Files of a turn: its frames as one sheet or as a moving picture, and its solid as GLB.

Source   GLB: glTF 2.0, section 4 (binary); its axes: y up, front towards +z.
Shapes   Frames uint8 [S, S, 3].
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from bottega.datasets.photos.provenance import SourceType, packet_of
from bottega.datasets.photos.reading import Photo
from bottega.errors import RequestInvalid
from bottega.models.studio.turntable.product_turn import ProductTurn
from bottega.models.studio.turntable.relief import axes

__all__ = ["as_glb", "as_sheet", "sheet_columns", "trimesh_or_refuse"]

_QUALITY = 86


def sheet_columns(frames: int) -> int:
    """Columns of a sheet of so many frames: as near to a square as there is."""
    return math.ceil(math.sqrt(frames))


def as_sheet(frames: Sequence[Photo], source_type: SourceType) -> bytes:
    """All frames in one WebP, row by row; cells after the last are white."""
    columns = sheet_columns(len(frames))
    rows = math.ceil(len(frames) / columns)
    px = len(frames[0])
    sheet = np.full((rows * px, columns * px, 3), 255, np.uint8)
    for place, frame in enumerate(frames):
        row, column = divmod(place, columns)
        sheet[row * px : (row + 1) * px, column * px : (column + 1) * px] = frame
    out = BytesIO()
    Image.fromarray(sheet).save(out, "WEBP", quality=_QUALITY, method=3, xmp=packet_of(source_type))
    return out.getvalue()


def trimesh_or_refuse() -> Any:
    """The library of the extra `dressing`. Raises `RequestInvalid`."""
    try:
        import trimesh
    except ImportError as error:
        raise RequestInvalid(
            "A 3D file was asked for, and the library that reads and writes them is not here.",
            allowed="GLB files need the extra dressing.",
            next_step="Install it: pip install 'bottega[dressing]'.",
        ) from error
    return trimesh


def as_glb(turn: ProductTurn, source_type: SourceType) -> bytes:
    """What is known of a product as a solid that wears its photo; it says how it was made. Raises `RequestInvalid`."""
    trimesh = trimesh_or_refuse()
    solid = turn.solid
    upright = solid.points @ axes(0.0, turn.coarse.pitch)
    points = np.stack([upright[:, 0], upright[:, 2], -upright[:, 1]], 1)
    places = solid.places * np.array([1, -1], np.float32) + np.array([0, 1], np.float32)
    material = trimesh.visual.material.PBRMaterial(
        baseColorTexture=Image.fromarray(turn.photo.picture), roughnessFactor=0.8, metallicFactor=0.0
    )
    mesh = trimesh.Trimesh(
        points, solid.faces, process=False, visual=trimesh.visual.TextureVisuals(uv=places, material=material)
    )
    mesh.metadata["digitalSourceType"] = str(source_type)
    found: bytes = trimesh.Scene(mesh, metadata={"digitalSourceType": str(source_type)}).export(file_type="glb")
    return found
