"""Solids: meshes as one GLB file, which browsers, phones and 3D programs show.

Source   glTF 2.0, https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html; written by trimesh (the extra `dressing`).
Differs  The file's own record (`asset.extras`) says how it was made, in the word of the IPTC's list that pictures use.
Shapes   V vertices, F faces; metres, x to the left of who is shown, y to the back, z up; the file has y up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bottega.datasets.photos.provenance import SourceType
from bottega.errors import RequestInvalid
from bottega.names import FloatArray

__all__ = ["Solid", "as_glb", "need_trimesh"]

_TO_FILE = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Solid:
    """One mesh with its colours: of its vertices, or of a picture."""

    name: str
    vertices: FloatArray
    """[V, 3]"""
    faces: NDArray[np.int32]
    """[F, 3], counter-clockwise from outside."""
    normals: FloatArray
    """[V, 3]"""
    colours: NDArray[np.uint8] | None = None
    """[V, 3], sRGB."""
    places: FloatArray | None = None
    """[V, 2], on the picture: shares of its width from the left and of its height from the top."""
    picture: NDArray[np.uint8] | None = None
    """[H, W, 4], sRGB, straight alpha; where it is clear, nothing is shown."""


def need_trimesh() -> Any:
    """The module that writes GLB. Raises `RequestInvalid` where it is not installed."""
    try:
        import trimesh.exchange.gltf
        import trimesh.visual.material
    except ImportError as error:
        raise RequestInvalid(
            "A 3D file (GLB) was asked for, and trimesh is not installed here.",
            allowed="Pictures and turns need it not; GLB is written by it.",
            next_step="Install the extra: pip install 'bottega[dressing]'.",
        ) from error
    return trimesh


def as_glb(solids: Sequence[Solid], source_type: SourceType) -> bytes:
    """Meshes as a GLB file. Raises `RequestInvalid` where trimesh is not installed."""
    trimesh = need_trimesh()
    scene = trimesh.Scene()
    for solid in solids:
        if not len(solid.faces):
            continue
        used, faces = np.unique(solid.faces, return_inverse=True)
        if solid.picture is not None and solid.places is not None:
            material = trimesh.visual.material.PBRMaterial(
                name=solid.name,
                baseColorTexture=Image.fromarray(solid.picture),
                alphaMode="MASK",
                alphaCutoff=0.5,
                doubleSided=True,
                roughnessFactor=0.9,
                metallicFactor=0.0,
            )
            # The library counts from the bottom of a picture.
            look = trimesh.visual.TextureVisuals(uv=solid.places[used] * [1, -1] + [0, 1], material=material)
        else:
            assert solid.colours is not None
            look = trimesh.visual.ColorVisuals(vertex_colors=_linear(solid.colours[used]))
        mesh = trimesh.Trimesh(
            solid.vertices[used] @ _TO_FILE.T,
            faces.reshape(-1, 3),
            vertex_normals=solid.normals[used] @ _TO_FILE.T,
            visual=look,
            process=False,
        )
        scene.add_geometry(mesh, node_name=solid.name, geom_name=solid.name)

    def says(tree: dict[str, Any]) -> None:
        tree["asset"]["extras"] = {"digitalSourceType": str(source_type)}

    return bytes(trimesh.exchange.gltf.export_glb(scene, include_normals=True, tree_postprocessor=says))


def _linear(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Colours of vertices are linear in the file; those of pictures are not."""
    return np.rint((colours / 255.0) ** 2.2 * 255).astype(np.uint8)
