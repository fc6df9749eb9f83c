"""Hair: a cap built over the skull of the body at hand, in a few plain styles.

Idea     From the crown, paths run down over the skull on every side to where the style ends there; below the skull they
         fall, held off by neck and back. The cap follows each head's own hull, so one style fits every body. It is a
         closed mass without strands: for clothes to be seen beside, not to be looked at for itself.
Shapes   N points, M faces; heights of a style are in units of the way from the eyes (0) to the top of the head (1),
         directions in degrees from the front (0) to the back (180), alike on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, maximum_filter
from scipy.spatial import ConvexHull

from bottega.errors import RequestInvalid
from bottega.models.studio.bodies.body import PARTS, BodyMesh
from bottega.models.studio.bodies.skinning import Posed, follow
from bottega.names import FloatArray

__all__ = ["HAIR", "HairMesh", "HairStyle", "hair_named", "hair_on"]

_AROUND, _DOWN = 96, 48
_SIDEWAYS = ((0, 0.62), (38, 0.58), (58, 0.34), (74, -0.12), (84, 0.1), (112, 0.05), (132, -0.5), (180, -0.62))
"""Where hair ends on the head by itself: forehead, temple, before the ear, over it, nape."""


@dataclass(frozen=True, slots=True)
class HairStyle:
    """One style."""

    name: str
    thick: float
    """How far it stands off the skull."""
    ends: tuple[tuple[float, float], ...] = _SIDEWAYS
    """Direction and height at which it ends."""
    curl: float = 0.0
    """How uneven its surface is, as a share of its thickness."""
    knot: tuple[float, float, float, float] | None = None
    """A bun or a tail: height and distance behind the middle of its centre, its half width and half height."""


HAIR = MappingProxyType({
    style.name: style
    for style in (
        HairStyle("shaved", 0.02),
        HairStyle("cropped", 0.09),
        HairStyle("short", 0.2, curl=0.08),
        HairStyle("curls", 0.34, curl=0.22),
        HairStyle("afro", 0.62, curl=0.1),
        HairStyle("bob", 0.2, ((0, 0.6), (34, 0.52), (52, 0.2), (64, -0.75), (90, -0.95), (180, -1.0)), curl=0.04),
        HairStyle("fringe", 0.2, ((0, 0.26), (34, 0.24), (50, 0.1), (62, -0.8), (90, -1.0), (180, -1.05)), curl=0.04),
        HairStyle(
            "long",
            0.18,
            ((0, 0.62), (34, 0.54), (54, 0.22), (70, -0.8), (105, -1.0), (122, -1.2), (145, -1.9), (180, -2.1)),
        ),
        HairStyle("bun", 0.09, knot=(0.62, 1.12, 0.36, 0.34)),
        HairStyle("ponytail", 0.09, knot=(-0.2, 1.0, 0.27, 0.95)),
    )
})  # fmt: skip
"""The styles by name; a head without hair has none of them."""


@dataclass(frozen=True, slots=True, eq=False)
class HairMesh:
    """Hair on a body in a pose."""

    vertices: FloatArray
    """[N, 3], metres."""
    faces: NDArray[np.int32]
    """[M, 3]"""
    tint: FloatArray
    """[N], what the colour is multiplied by: locks differ a little."""


def hair_named(name: str) -> HairStyle | None:
    """The style of a name; None for `none`. Raises `RequestInvalid`."""
    if name == "none":
        return None
    if name not in HAIR:
        raise RequestInvalid(
            f"No style of hair is called {name[:80]!r}.",
            allowed=f"Styles: none, {', '.join(HAIR)}.",
            next_step="Name one of them.",
        )
    return HAIR[name]


def hair_on(posed: Posed, style: HairStyle) -> HairMesh:
    """Hair of a style on a body in a pose."""
    body = posed.body
    points, faces, tint = _at_rest(body, style)
    head, neck, chest = (body.bones.index(bone) for bone in ("head", "neck02", "spine01"))
    # What hangs goes with the head down to the chin, and with the back from the shoulders on.
    chin, shoulders = body.heads[head, 2] - np.float32(0.01), body.heads[body.bones.index("neck01"), 2]
    below = np.clip((chin - points[:, 2]) / (chin - shoulders), 0, 1)
    weights = np.stack([(1 - below) ** 2, 2 * below * (1 - below), below**2], 1).astype(np.float32)
    owners = np.repeat(np.array([[head, neck, chest]], np.uint8), len(points), 0)
    return HairMesh(follow(points, owners, weights, body.heads, posed.stance), faces, tint)


@dataclass(frozen=True, slots=True, eq=False)
class _Skull:
    middle: FloatArray
    unit: float
    """From the eyes to the top."""
    eyes: float
    planes: NDArray[np.float64]
    """Of the hull around the head without ears, seen from its middle."""
    held: FloatArray
    """[around, down], how far neck and back reach from the middle's upright line, by height below it."""

    @classmethod
    def of(cls, body: BodyMesh) -> _Skull:
        head = body.vertices[body.vertex_parts == PARTS.index("head")].astype(np.float64)
        eyes = float(body.vertices[body.vertex_parts == PARTS.index("eyes"), 2].mean())
        top = float(head[:, 2].max())
        unit = top - eyes
        skull = head[head[:, 2] > eyes - 0.7 * unit]
        above_ears = skull[skull[:, 2] > eyes + 0.35 * unit]
        wide = float(abs(above_ears[:, 0]).max())
        # The nose would draw the hull forward.
        brow = float(above_ears[:, 1].min())
        skull = np.stack([skull[:, 0].clip(-wide, wide), skull[:, 1].clip(brow), skull[:, 2]], 1)
        middle = np.array([0.0, (skull[:, 1].min() + skull[:, 1].max()) / 2, eyes + 0.12 * unit])
        planes = ConvexHull(skull - middle).equations
        trunk = body.vertices[np.isin(body.vertex_parts, [PARTS.index(part) for part in ("neck", "chest")])] - middle
        around = np.degrees(np.arctan2(np.abs(trunk[:, 0]), -trunk[:, 1]))
        held = np.zeros((19, 40))
        down = (-trunk[:, 2] / (4 * unit) * 40).astype(int)
        within = (down >= 0) & (down < 40)
        np.maximum.at(
            held, ((around[within] / 10).astype(int), down[within]), np.hypot(trunk[within, 0], trunk[within, 1])
        )
        return cls(
            middle.astype(np.float32),
            unit,
            eyes,
            planes,
            gaussian_filter(maximum_filter(held, 3), 0.7).astype(np.float32),
        )

    def reach(self, directions: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far the hull is from its middle in directions [N, 3]."""
        facing = directions @ self.planes[:, :3].T
        with np.errstate(divide="ignore"):
            far = np.where(facing > 1e-9, -self.planes[:, 3] / np.maximum(facing, 1e-9), np.inf)
        return np.asarray(far.min(1), np.float64)


@lru_cache(maxsize=64)
def _at_rest(body: BodyMesh, style: HairStyle) -> tuple[FloatArray, NDArray[np.int32], FloatArray]:
    skull = _Skull.of(body)
    unit = skull.unit
    angles = np.linspace(-180, 180, _AROUND, endpoint=False)
    ends = (
        np.interp(abs(angles), [at for at, _ in style.ends], [height for _, height in style.ends]) * unit
        + skull.eyes
        - skull.middle[2]
    )
    noise = gaussian_filter(
        np.random.default_rng(7).standard_normal((_AROUND, _DOWN)), (1.6, 2.2), mode=("wrap", "nearest")
    )
    noise /= noise.std()
    points = np.zeros((_AROUND, _DOWN, 3))
    polar = np.radians(np.linspace(0, 90, 61))
    for k, angle in enumerate(np.radians(angles)):
        outward = np.array([np.sin(angle), -np.cos(angle), 0.0])
        ways = np.sin(polar)[:, None] * outward + np.cos(polar)[:, None] * np.array([0, 0, 1.0])
        on_skull = ways * skull.reach(ways)[:, None]
        fall = max(0.0, -ends[k])
        falling = np.linspace(0, fall, 40)[1:]
        far = np.linalg.norm(on_skull[-1])
        rows = [on_skull if fall else on_skull[on_skull[:, 2] >= ends[k]]]
        if fall:
            held = np.interp(falling, np.arange(40) * unit / 10, skull.held[int(min(abs(angles[k]), 179) / 10)])
            skull_there = skull.reach(_unit_rows(far * outward - falling[:, None] * np.array([0, 0, 1.0])))
            hull = np.sqrt(np.maximum(skull_there**2 - falling**2, 0)) if fall < unit else 0 * falling
            short = np.maximum(hull, 0.78 * far)
            # Long hair falls off the skull and a little inwards, and lies on neck and back where these stand out.
            long = np.maximum(far * (1 - 0.05 * falling / unit), np.minimum(held, 1.5 * far) + 0.1 * unit)
            hangs = np.clip((fall / unit - 0.6) / 0.3, 0, 1)
            radius = (1 - hangs) * short + hangs * long
            rows.append(radius[:, None] * outward - falling[:, None] * np.array([0, 0, 1.0]))
        path = np.concatenate(rows)
        steps = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
        even = np.linspace(0, steps[-1], _DOWN)
        path = np.stack([np.interp(even, steps, path[:, axis]) for axis in range(3)], 1)
        left = (steps[-1] - even) / unit
        lies = 1 - np.clip((fall / unit - 0.6) / 0.3, 0, 1)
        thick = style.thick * (1 - lies * (1 - np.sqrt(np.clip(left / (0.12 + style.thick), 0, 1))))
        crown = np.clip(even / (0.6 * unit), 0, 1)
        thick = thick * (1 + style.curl * noise[k] * crown)
        off = _unit_rows(path * np.array([1, 1, 0.0]) + np.maximum(path * np.array([0, 0, 1.0]), 0) + 1e-9)
        points[k] = path + off * ((thick - 0.025 * lies * (left < 0.04)) * unit)[:, None]
    points[:, 0] = points[:, 0].mean(0)
    faces = _grid_faces(_AROUND, _DOWN)
    tint = (1 + 0.1 * noise * min(1.0, 6 * style.thick)).clip(0.7, 1.3).ravel()
    found = points.reshape(-1, 3)
    if style.knot is not None:
        height, behind, wide, tall = style.knot
        ball, ball_faces = _ball(np.array([0, behind, height - 0.12]) * unit, np.array([wide, wide, tall]) * unit)
        faces = np.concatenate([faces, ball_faces + len(found)])
        found = np.concatenate([found, ball])
        tint = np.concatenate([tint, np.ones(len(ball))])
    return (
        np.asarray(found + skull.middle, np.float32),
        np.ascontiguousarray(faces, np.int32),
        np.asarray(tint, np.float32),
    )


def _unit_rows(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float64)


def _grid_faces(around: int, down: int) -> NDArray[np.int64]:
    """Two triangles for each cell of a grid that closes around."""
    k, row = np.meshgrid(np.arange(around), np.arange(down - 1), indexing="ij")
    a, b = k * down + row, (k + 1) % around * down + row
    return np.concatenate([np.stack([a, a + 1, b], -1), np.stack([b, a + 1, b + 1], -1)]).reshape(-1, 3)


def _ball(
    middle: Sequence[float] | NDArray[np.float64], radii: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    around, down = 32, 20
    angle, polar = np.meshgrid(
        np.linspace(0, 2 * np.pi, around, endpoint=False), np.linspace(0, np.pi, down), indexing="ij"
    )
    unit = np.stack([np.sin(polar) * np.cos(angle), np.sin(polar) * np.sin(angle), np.cos(polar)], -1)
    return (unit * radii + middle).reshape(-1, 3), _grid_faces(around, down)
