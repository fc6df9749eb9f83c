"""A merchant's own 3D model: checked before anything reads it, then turned as it is.

Idea     A GLB is a list of promises about bytes. They are read as numbers first: how large it is, how many triangles it
         draws, that nothing in it points to another place, that it needs nothing that is not read here. Only then is it
         opened.
Source   glTF 2.0, https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html, sections 3 and 4.4.
Shapes   V vertices, F faces, S pixels a side.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.errors import RequestInvalid
from bottega.models.studio.bodies.raster import NOTHING, rasterised
from bottega.models.studio.turntable.files import trimesh_or_refuse
from bottega.models.studio.turntable.relief import AWAY, axes, pixel_shares
from bottega.names import FloatArray

__all__ = ["MOST_BYTES", "MOST_TRIANGLES", "OwnModel", "checked_glb", "own_model"]

MOST_BYTES = 12_000_000
MOST_TRIANGLES = 200_000
_MOST_TEXTURE_PX = 4096
_JSON, _BINARY = 0x4E4F534A, 0x004E4942
_RAYS = 2
_READ = frozenset(
    {
        "KHR_materials_unlit",
        "KHR_texture_transform",
        "KHR_materials_specular",
        "KHR_materials_ior",
        "KHR_mesh_quantization",
    }
)
"""Extensions without which a file can be shown, or that are read."""


@dataclass(frozen=True, slots=True, eq=False)
class OwnModel:
    """A solid with its colours, its middle at the origin, its longest side 2; x right, y to the back, z up."""

    points: FloatArray
    """[V, 3]"""
    faces: NDArray[np.int32]
    """[F, 3]"""
    normals: FloatArray
    """[V, 3]"""
    places: FloatArray
    """[V, 2], on the picture of its piece, from its upper left corner."""
    pieces: NDArray[np.int32]
    """[F], into `pictures`."""
    pictures: tuple[NDArray[np.uint8], ...]
    """[H, W, 3] each."""

    def draw(self, around: float, px: int, pitch: float = 12.0) -> NDArray[np.uint8]:
        """On white, by a camera that went `around` by degrees to the right and looks down by `pitch`."""
        size = px * _RAYS
        turned = self.points @ axes(around, pitch).T * np.float32(0.36)
        scale = AWAY / (AWAY + turned[:, 1])
        at = np.stack([0.5 + turned[:, 0] * scale, 0.5 - turned[:, 2] * scale], 1) * size
        seen, near = np.ascontiguousarray(at, np.float32), np.asarray(scale / AWAY, np.float32)
        face, _ = rasterised(seen, near, self.faces, np.ones(len(self.faces), np.bool_), size, size)
        rows, columns = np.nonzero(face != NOTHING)
        found = face[rows, columns]
        corners = self.faces[found]
        shares = pixel_shares(seen[corners].astype(np.float64), columns + 0.5, rows + 0.5) * near[corners]
        shares = (shares / shares.sum(1, keepdims=True)).astype(np.float32)
        places = (self.places[corners] * shares[..., None]).sum(1)
        normals = (self.normals[corners] * shares[..., None]).sum(1) @ axes(around, pitch).T
        normals *= np.where(normals[:, 1:2] > 0, -1, 1) / np.maximum(
            np.linalg.norm(normals, axis=1, keepdims=True), 1e-6
        )
        colours = np.zeros((len(found), 3), np.float32)
        for piece, picture in enumerate(self.pictures):
            mine = self.pieces[found] == piece
            height, width = picture.shape[:2]
            x = (places[mine, 0] % 1 * width).astype(int).clip(0, width - 1)
            y = (places[mine, 1] % 1 * height).astype(int).clip(0, height - 1)
            colours[mine] = (picture[y, x].astype(np.float32) / 255) ** 2.2
        key = np.array([-0.45, -0.7, 0.55], np.float32)
        light = 0.55 + 0.55 * np.clip(normals @ key, 0, None) + 0.12 * normals[:, 2]
        out = np.ones((size, size, 3), np.float32)
        out[rows, columns] = np.clip(colours * light[:, None], 0, 1)
        out = out.reshape(px, _RAYS, px, _RAYS, 3).mean((1, 3))
        return np.asarray(out ** (1 / 2.2) * 255 + 0.5, np.uint8)


def checked_glb(content: bytes, name: str = "The file") -> dict[str, Any]:
    """What a GLB says of itself, if it may be shown. Raises `RequestInvalid`, which says why not."""
    if len(content) > MOST_BYTES:
        raise _refused(f"{name} has {len(content) / 1e6:.1f} MB.", f"{MOST_BYTES / 1e6:.0f} MB at most")
    if len(content) < 20 or content[:4] != b"glTF":
        raise _refused(f"{name} begins with {content[:4]!r}.", "a GLB file, which begins with b'glTF'")
    version, length = struct.unpack_from("<II", content, 4)
    if version != 2 or length != len(content):
        seen = f"{name} says version {version} and {length:,} bytes; it has {len(content):,}."
        raise _refused(seen, "version 2, and as many bytes as it says")
    chunks = _chunks(content, name)
    try:
        told = json.loads(chunks[_JSON].decode("utf-8"))
        triangles = _triangles(told)
        pointing = [one["uri"] for key in ("buffers", "images") for one in told.get(key, ()) if "uri" in one]
        needed = set(told.get("extensionsRequired", ())) - _READ
        views, held = told.get("bufferViews", ()), len(chunks.get(_BINARY, b""))
        over = any(one.get("byteOffset", 0) + one["byteLength"] > held for one in views)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        raise _refused(f"{name} cannot be read ({type(error).__name__}).", "a whole GLB file") from error
    if pointing:
        raise _refused(f"{name} points to {str(pointing[0])[:80]!r}.", "everything, textures too, inside the one file")
    if needed:
        raise _refused(
            f"{name} needs {', '.join(sorted(map(str, needed)))}.", "meshes that are not packed by extensions"
        )
    if over:
        raise _refused(f"{name} names bytes that it does not hold.", "a whole GLB file")
    if not 0 < triangles <= MOST_TRIANGLES:
        raise _refused(f"{name} draws {triangles:,} triangles.", f"1 to {MOST_TRIANGLES:,}")
    return dict(told)


def own_model(content: bytes, name: str = "The file") -> OwnModel:
    """A checked GLB, opened. Raises `RequestInvalid`."""
    checked_glb(content, name)
    trimesh = trimesh_or_refuse()
    try:
        scene = trimesh.load(BytesIO(content), file_type="glb", force="scene")
        parts = [one for one in scene.dump(concatenate=False) if hasattr(one, "faces") and len(one.faces)]
        read = [_part(part) for part in parts]
    except RequestInvalid:
        raise
    except Exception as error:
        raise _refused(f"{name} cannot be read ({type(error).__name__}).", "a whole GLB file") from error
    if not read:
        raise _refused(f"{name} shows nothing.", "a file with a mesh")
    counts = np.cumsum([0, *(len(one[0]) for one in read)])
    points = np.concatenate([one[0] for one in read])
    if not np.isfinite(points).all() or np.ptp(points, 0).max() <= 0:
        raise _refused(f"{name} has points that lie nowhere.", "finite places of which not all are one")
    middle = (points.min(0) + points.max(0)) / 2
    points = (points - middle) * (2 / np.ptp(points, 0).max())
    return OwnModel(
        points.astype(np.float32),
        np.ascontiguousarray(np.concatenate([one[1] + at for one, at in zip(read, counts, strict=False)]), np.int32),
        np.concatenate([one[2] for one in read]).astype(np.float32),
        np.concatenate([one[3] for one in read]).astype(np.float32),
        np.repeat(np.arange(len(read), dtype=np.int32), [len(one[1]) for one in read]),
        tuple(one[4] for one in read),
    )


def _part(mesh: Any) -> tuple[FloatArray, NDArray[np.int32], FloatArray, FloatArray, NDArray[np.uint8]]:
    """Points and normals in this house's axes, faces, places and picture of one mesh."""

    def ours(rows: Any) -> FloatArray:
        found = np.asarray(rows, np.float32)
        return np.stack([found[:, 0], -found[:, 2], found[:, 1]], 1)

    picture, places = None, np.zeros((len(mesh.vertices), 2), np.float32)
    factor: FloatArray = np.ones(3, np.float32)
    material = getattr(mesh.visual, "material", None)
    if material is not None:
        base = getattr(material, "baseColorFactor", None)
        if base is not None:
            whole = np.float32(255 if np.asarray(base).dtype.kind in "iu" else 1)
            factor = np.asarray(np.asarray(base[:3], np.float32) / whole, np.float32)
        picture = getattr(material, "baseColorTexture", None)
        uv = getattr(mesh.visual, "uv", None)
        if picture is not None and uv is not None and len(uv) == len(places):
            places = np.asarray(uv, np.float32) * np.array([1, -1], np.float32) + np.array([0, 1], np.float32)
    elif getattr(mesh.visual, "kind", None) == "vertex":
        factor = np.asarray(mesh.visual.vertex_colors, np.float32)[:, :3].mean(0) / 255
    if picture is None:
        plain = np.zeros((1, 1, 3), np.uint8)
        plain[:] = np.clip(factor ** (1 / 2.2) * 255, 0, 255).astype(np.uint8)
        return ours(mesh.vertices), np.asarray(mesh.faces, np.int32), ours(mesh.vertex_normals), places, plain
    if max(picture.size) > _MOST_TEXTURE_PX:
        raise _refused(
            f"A texture has {picture.size[0]} x {picture.size[1]} pixels.", f"{_MOST_TEXTURE_PX} a side at most"
        )
    dots = np.asarray(picture.convert("RGB"), np.float32) * factor ** (1 / 2.2)
    return (
        ours(mesh.vertices), np.asarray(mesh.faces, np.int32), ours(mesh.vertex_normals), places,
        np.clip(dots, 0, 255).astype(np.uint8),
    )  # fmt: skip


def _chunks(content: bytes, name: str) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 12
    while at + 8 <= len(content):
        size, kind = struct.unpack_from("<II", content, at)
        if at + 8 + size > len(content):
            break
        found.setdefault(kind, content[at + 8 : at + 8 + size])
        at += 8 + size
    if at != len(content) or _JSON not in found:
        raise _refused(f"{name} breaks off after {at:,} bytes.", "a whole GLB file")
    return found


def _triangles(told: dict[str, Any]) -> int:
    """How many triangles the scene's nodes draw, each time a mesh is shown counted."""
    accessors, meshes, nodes = told.get("accessors", []), told.get("meshes", []), told.get("nodes", [])
    of_mesh = []
    for mesh in meshes:
        count = 0
        for primitive in mesh["primitives"]:
            if primitive.get("mode", 4) in (4, 5, 6):
                rows = accessors[primitive.get("indices", primitive["attributes"]["POSITION"])]["count"]
                count += rows // 3 if primitive.get("mode", 4) == 4 else max(0, rows - 2)
        of_mesh.append(count)
    shown = [of_mesh[node["mesh"]] for node in nodes if "mesh" in node]
    return int(sum(shown))


def _refused(seen: str, allowed: str) -> RequestInvalid:
    return RequestInvalid(
        seen,
        allowed=f"A 3D model of one's own is {allowed}.",
        next_step="Export it anew as GLB (glTF 2.0) with textures inside and without compression of meshes.",
    )
