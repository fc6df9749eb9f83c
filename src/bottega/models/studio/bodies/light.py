"""Light: a scene as a studio would photograph it, in one soft key light, a fill and a sky.

Idea     The key comes from the camera's upper left and goes through a shadow map, the fill from its right, the sky from
         above; hollows are darker by how far what lies around them rises. Skin gives light back around the edge of a
         shadow, red most. Light goes with the camera, so a turning body is lit like a turntable, not like a stage.
Source   Shadow maps: Williams 1978; percentage-closer filtering: Reeves, Salesin and Cook 1987; wrapped light for skin:
         Green 2004, GPU Gems chapter 16; the curve that keeps bright light: Reinhard et al. 2002.
Costs    About 0.3 s for 768 x 1024 at four rays a pixel, on one core.
Shapes   V vertices, F faces, H, W height and width; light is linear, 1 is the background.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

from bottega.models.blocks.jit import kernel
from bottega.models.studio.bodies.camera import Camera
from bottega.models.studio.bodies.raster import rasterise
from bottega.models.studio.bodies.scene import BodyScene
from bottega.models.studio.bodies.textures import texel
from bottega.names import FloatArray

__all__ = ["RAYS", "Layers", "bent", "lit", "unbent"]

RAYS = 2
"""Rays a pixel and axis."""
_SHADOW_PX = 900
_KEY, _FILL = np.array([-0.55, 0.62, -0.62]), np.array([0.75, 0.2, -0.55])
"""Towards the lights: to the right of the picture, up, into it."""
_FLOOR_CELL_M = 0.02
_WHITE, _GAIN = 1.7, 1.42


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """What a camera sees of a scene."""

    camera: Camera
    light: FloatArray
    """[H, W, 3], linear, with the background."""
    alpha: FloatArray
    """[H, W], how much of a pixel is the scene."""
    depth_m: FloatArray
    """[H, W], before the lens; infinite on the background."""
    normal: FloatArray
    """[H, W, 3] in the scene's own axes; 0 on the background."""
    face: NDArray[np.int32]
    """[H, W], into the scene's faces; -1 on the background."""
    carried: FloatArray
    """[H, W], what the scene's vertices carry, between them; 0 on the background and where they carry nothing."""


def lit(scene: BodyScene, camera: Camera, background: FloatArray) -> Layers:
    """A scene in light. `background` [3] is linear."""
    width, height = camera.size
    seen = camera.seen(scene.vertices)
    fine = np.ascontiguousarray(seen[:, :2] * np.float32(RAYS))
    inverse = np.asarray(1 / seen[:, 2], np.float32)
    face = np.full((height * RAYS, width * RAYS), -1, np.int32)
    near = np.full(face.shape, np.float32(-3.0e38), np.float32)
    nearness = np.asarray(1 / (seen[:, 2] - scene.before_m), np.float32) if len(scene.before_m) else inverse
    rasterise(
        face, near, fine, nearness, inverse, scene.faces, scene.two_sided, scene.places, scene.pieces,
        scene.textures.texels, scene.textures.levels,
    )  # fmt: skip
    towards = [
        _unit(right * camera.right + up * np.array([0, 0, 1.0]) + ahead * camera.ahead)
        for right, up, ahead in (_KEY, _FILL)
    ]
    shadow, basis, origin, per_m = _shadow_map(scene, towards[0])
    hollow = _hollow(np.ascontiguousarray(near[::RAYS, ::RAYS]), np.float32(camera.focal_px))
    hollow = np.asarray(gaussian_filter(hollow, 2.2), np.float32)
    eye = -camera.ahead * np.float32(camera.away_m) + np.array([0, 0, camera.height_m], np.float32)
    light, alpha, normal, carried = _shade(
        face, fine, inverse, scene.faces, scene.vertices, scene.normals, scene.colours,
        scene.cloth, scene.cloth_colour, scene.kinds, towards[0].astype(np.float32), towards[1].astype(np.float32),
        eye, shadow, basis, origin, np.float32(per_m), hollow, scene.places,
        scene.pieces, scene.textures.texels, scene.textures.levels, scene.carried, height, width,
    )  # fmt: skip
    ground = _ground(scene, camera, background)
    light += (1 - alpha[..., None]) * ground
    first = np.ascontiguousarray(face[::RAYS, ::RAYS])
    depth = np.where(first >= 0, 1 / np.maximum(near[::RAYS, ::RAYS], 1e-9), np.inf).astype(np.float32)
    return Layers(camera, light, alpha, depth, normal, first, carried)


def bent(light: FloatArray) -> FloatArray:
    """Light as a picture shows it: what is bright is bent, not cut."""
    return np.asarray(light * (1 + light / _WHITE**2) / (1 + light) * _GAIN, np.float32)


def unbent(shown: FloatArray) -> FloatArray:
    """The light that a picture shows so."""
    a = np.float32(_GAIN / _WHITE**2)
    b = np.float32(_GAIN) - shown
    return np.asarray((np.sqrt(b * b + 4 * a * shown) - b) / (2 * a), np.float32)


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(vector / np.linalg.norm(vector), np.float64)


def _shadow_map(
    scene: BodyScene, towards: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], float]:
    """How near to the light the nearest thing is [S, S]; the axes [3, 3], the corner [2], and cells a metre."""
    right = _unit(np.cross(np.array([0, 0, 1.0]), towards))
    basis = np.stack([right, np.cross(right, towards), towards]).astype(np.float32)
    there = scene.vertices @ basis.T
    origin = there[:, :2].min(0) - np.float32(0.05)
    per_m = _SHADOW_PX / float((there[:, :2].max(0) - origin).max() + 0.05)
    seen = np.ascontiguousarray((there[:, :2] - origin) * np.float32(per_m))
    both = np.ones(len(scene.faces), np.bool_)
    near = np.full((_SHADOW_PX, _SHADOW_PX), np.float32(-3.0e38), np.float32)
    rasterise(
        np.full(near.shape, -1, np.int32), near, seen, np.ascontiguousarray(there[:, 2]),
        np.ones(len(seen), np.float32), scene.faces, both, scene.places, scene.pieces, scene.textures.texels,
        scene.textures.levels,
    )  # fmt: skip
    return near, basis, np.asarray(origin, np.float32), per_m


def _ground(scene: BodyScene, camera: Camera, background: FloatArray) -> FloatArray:
    """The background with the soft shadow that the scene throws on the floor, [H, W, 3]."""
    width, height = camera.size
    points = scene.vertices
    low = points[:, 2] < 0.7
    corner = points[:, :2].min(0) - np.float32(0.6)
    cells = np.ceil((points[:, :2].max(0) + np.float32(0.6) - corner) / _FLOOR_CELL_M).astype(int)
    floor = np.zeros(cells, np.float32)
    at = ((points[low, :2] - corner) / _FLOOR_CELL_M).astype(int)
    shadow = np.zeros_like(floor)
    for spread, reach in ((1.6, 0.05), (5.0, 0.16), (11.0, 0.45)):
        floor[:] = 0
        np.maximum.at(floor, (at[:, 0], at[:, 1]), np.exp(-points[low, 2] / reach).astype(np.float32))
        shadow += gaussian_filter(floor, spread)
    shadow = np.minimum(shadow * np.float32(0.42), np.float32(0.62))
    out = np.broadcast_to(background, (height, width, 3)).astype(np.float32)
    rows = np.arange(height) + 0.5
    below = rows > camera.centre_px[1] + 1
    if not below.any():
        return out
    before = camera.height_m * camera.focal_px / (rows[below] - camera.centre_px[1])
    across = (np.arange(width) + 0.5 - camera.centre_px[0])[None] * before[:, None] / camera.focal_px
    place = across[..., None] * camera.right[:2] + (before - camera.away_m)[:, None, None] * camera.ahead[:2]
    cell = (place - corner) / _FLOOR_CELL_M - 0.5
    dark = map_coordinates(shadow, [cell[..., 0], cell[..., 1]], order=1, mode="constant")
    out[below] *= (1 - dark[..., None]).astype(np.float32)
    return out


@kernel
def _hollow(near: NDArray[np.float32], focal: np.float32) -> NDArray[np.float32]:
    """How much of the sky each pixel loses to what stands out around it, 0 to 1."""
    height, width = near.shape
    out = np.zeros((height, width), np.float32)
    for y in range(height):
        for x in range(width):
            if near[y, x] <= 0:
                continue
            depth = 1 / near[y, x]
            lost = np.float32(0)
            for ring in range(3):
                radius = focal * near[y, x] * np.float32(0.018 + 0.03 * ring)
                for step in range(6):
                    angle = (step + 0.5 * ring) * np.pi / 6
                    dx, dy = int(np.cos(angle) * radius), int(np.sin(angle) * radius)
                    rise = np.float32(0)
                    for side in (-1, 1):
                        py, px = y + side * dy, x + side * dx
                        there = depth + np.float32(0.12)
                        if 0 <= py < height and 0 <= px < width and near[py, px] > 0:
                            there = min(1 / near[py, px], there)
                        step_up = depth - there
                        if step_up > np.float32(0.3):
                            step_up = np.float32(0.0)
                        rise += step_up
                    limit = np.float32(0.03 + 0.03 * ring)
                    lost += min(max(rise / limit, np.float32(0)), np.float32(1))
            out[y, x] = lost / 18
    return out


@kernel
def _lit_share(
    shadow: NDArray[np.float32],
    basis: NDArray[np.float32],
    origin: NDArray[np.float32],
    per_m: np.float32,
    px: float,
    py: float,
    pz: float,
) -> float:
    """How much of the key light reaches a point: the mean of a grid of looks into the shadow map."""
    x = (basis[0, 0] * px + basis[0, 1] * py + basis[0, 2] * pz - origin[0]) * per_m
    y = (basis[1, 0] * px + basis[1, 1] * py + basis[1, 2] * pz - origin[1]) * per_m
    near = basis[2, 0] * px + basis[2, 1] * py + basis[2, 2] * pz
    size = shadow.shape[0]
    free = 0.0
    for i in range(-2, 3):
        for j in range(-2, 3):
            row, column = int(y + 2.2 * i), int(x + 2.2 * j)
            blocked = 0 <= row < size and 0 <= column < size and shadow[row, column] > near + 0.006
            free += 0.0 if blocked else 1.0
    return free / 25


@kernel
def _shade(
    face: NDArray[np.int32], seen: NDArray[np.float32], nearness: NDArray[np.float32], faces: NDArray[np.int32],
    vertices: NDArray[np.float32], normals: NDArray[np.float32], colours: NDArray[np.float32],
    cloth: NDArray[np.float32], cloth_colour: NDArray[np.float32], kinds: NDArray[np.uint8],
    key: NDArray[np.float32], fill: NDArray[np.float32], eye: NDArray[np.float32], shadow: NDArray[np.float32],
    basis: NDArray[np.float32], origin: NDArray[np.float32], per_m: np.float32, hollow: NDArray[np.float32],
    places: NDArray[np.float32], pieces: NDArray[np.int16], texels: NDArray[np.float32], levels: NDArray[np.int64],
    carried: NDArray[np.float32], height: int, width: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:  # fmt: skip
    """Light [H, W, 3] of the scene alone, how much of each pixel it covers; of the first ray the normal, and what the
    vertices carry."""
    rays = face.shape[0] // height
    light = np.zeros((height, width, 3), np.float32)
    alpha = np.zeros((height, width), np.float32)
    first = np.zeros((height, width, 3), np.float32)
    brought = np.zeros((height, width), np.float32)
    albedo, weight, dot = np.zeros(3), np.zeros(3), np.zeros(4)
    for y in range(height):
        for x in range(width):
            for ray in range(rays * rays):
                row, column = y * rays + ray // rays, x * rays + ray % rays
                f = face[row, column]
                if f < 0:
                    continue
                a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
                px, py = column + 0.5, row + 0.5
                area = (seen[b, 0] - seen[a, 0]) * (seen[c, 1] - seen[a, 1]) - (seen[b, 1] - seen[a, 1]) * (
                    seen[c, 0] - seen[a, 0]
                )
                wa = ((seen[b, 0] - px) * (seen[c, 1] - py) - (seen[b, 1] - py) * (seen[c, 0] - px)) / area
                wb = ((seen[c, 0] - px) * (seen[a, 1] - py) - (seen[c, 1] - py) * (seen[a, 0] - px)) / area
                weight[0] = wa * nearness[a]
                weight[1] = wb * nearness[b]
                weight[2] = (1 - wa - wb) * nearness[c]
                whole = weight[0] + weight[1] + weight[2]
                nx, ny, nz, x3, y3, z3, field = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
                across, down, told = 0.0, 0.0, 0.0
                piece = pieces[f] if len(pieces) > 0 else -1
                albedo[:] = 0
                for corner in range(3):
                    v = faces[f, corner]
                    share = weight[corner] / whole
                    nx += share * normals[v, 0]
                    ny += share * normals[v, 1]
                    nz += share * normals[v, 2]
                    x3 += share * vertices[v, 0]
                    y3 += share * vertices[v, 1]
                    z3 += share * vertices[v, 2]
                    field += share * cloth[v]
                    if piece >= 0:
                        across += share * places[v, 0]
                        down += share * places[v, 1]
                    if len(carried) > 0:
                        told += share * carried[v]
                    for channel in range(3):
                        albedo[channel] += share * colours[v, channel]
                size = np.sqrt(nx * nx + ny * ny + nz * nz) + 1e-9
                nx, ny, nz = nx / size, ny / size, nz / size
                ex, ey, ez = eye[0] - x3, eye[1] - y3, eye[2] - z3
                size = np.sqrt(ex * ex + ey * ey + ez * ez)
                ex, ey, ez = ex / size, ey / size, ez / size
                facing = nx * ex + ny * ey + nz * ez
                if area > 0 or facing < -0.2:  # the back of a sheet
                    nx, ny, nz, facing = -nx, -ny, -nz, -facing
                kind = kinds[f]
                if kind == 0 and field > 0:
                    kind = 4
                    for channel in range(3):
                        albedo[channel] = cloth_colour[channel]
                if piece >= 0:
                    wide, high = levels[piece, 0, 2], levels[piece, 0, 1]
                    spread = abs(
                        (places[b, 0] - places[a, 0]) * (places[c, 1] - places[a, 1])
                        - (places[b, 1] - places[a, 1]) * (places[c, 0] - places[a, 0])
                    )
                    level = 0.5 * np.log2(max(spread * wide * high / abs(area), 1e-9)) - 0.25
                    texel(texels, levels, piece, level, across, down, dot)
                    inside = 0.75 if area > 0 else 1.0
                    for channel in range(3):
                        albedo[channel] = inside * dot[channel] / max(dot[3], 0.02)
                free = _lit_share(shadow, basis, origin, per_m, x3 + 0.01 * nx, y3 + 0.01 * ny, z3 + 0.01 * nz)
                open_sky = 1 - 0.75 * hollow[y, x]
                from_key = nx * key[0] + ny * key[1] + nz * key[2]
                from_fill = nx * fill[0] + ny * fill[1] + nz * fill[2]
                hx, hy, hz = key[0] + ex, key[1] + ey, key[2] + ez
                size = np.sqrt(hx * hx + hy * hy + hz * hz)
                glint = max((nx * hx + ny * hy + nz * hz) / size, 0.0)
                gloss, sharp = 0.0, 1.0
                if kind == 0:
                    gloss, sharp = 0.05, 14.0
                elif kind == 1:
                    gloss, sharp = 0.25, 60.0
                elif kind == 2:
                    gloss, sharp = 0.05, 22.0
                rim = (1 - max(facing, 0.0)) ** 4
                for channel in range(3):
                    wrap = 0.28
                    if kind == 0:
                        wrap = 0.42 - 0.1 * channel
                    soft = max((from_key + wrap) / (1 + wrap), 0.0)
                    # In shade, too, skin is not black: light comes through from beside it.
                    through = free + (1 - free) * (0.16 if kind == 0 and channel == 0 else 0.06)
                    got = 0.66 * soft * through + 0.2 * max((from_fill + 0.4) / 1.4, 0.0) * open_sky
                    got += (0.25 + 0.12 * nz) * open_sky
                    value = albedo[channel] * got + gloss * glint**sharp * free + 0.035 * rim * open_sky
                    light[y, x, channel] += np.float32(value)
                alpha[y, x] += 1
                if ray == 0:
                    first[y, x, 0], first[y, x, 1], first[y, x, 2] = nx, ny, nz
                    brought[y, x] = told
            for channel in range(3):
                light[y, x, channel] /= rays * rays
            alpha[y, x] /= rays * rays
    return light, alpha, first, brought
