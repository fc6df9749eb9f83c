"""Drawn people: endless label maps of dressed bodies in poses, with the key points that they were drawn from.

Idea     A parser's map of parts of a photo, and the map of a drawn body in drawn clothes, say the same in the same
         words. So what is learnt from drawn maps holds on photos, of which nobody has to mark the joints.
Costs    About 8 ms a map on one core.
Shapes   N maps, H, W height and width of a map (`SIZE` twice over), 16 key points; codes of `PARTS`, `OUTSIDE` beyond
         the edges of the photo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bottega.datasets.photos.masks import PARTS as CODES
from bottega.datasets.photos.masks import LabelMap
from bottega.models.studio.bodies.body import BodyMesh, body
from bottega.models.studio.bodies.figure import KEY_POINTS, posed_key_points
from bottega.models.studio.bodies.hair import HAIR, hair_on
from bottega.models.studio.bodies.poses import Pose
from bottega.models.studio.bodies.raster import rasterised
from bottega.models.studio.bodies.skinning import Posed, posed
from bottega.models.studio.key_points.clothes import Clothes, body_labels, stand_off, tubes
from bottega.models.studio.key_points.drawn_poses import drawn_pose, one_of
from bottega.models.studio.key_points.drawn_things import with_things
from bottega.names import BoolArray, FloatArray
from bottega.progress import Progress, silent

__all__ = ["DRAWN_SIZE", "OUTSIDE", "SIZE", "DrawnPeople", "DrawnPerson", "draw_people", "draw_person"]

SIZE = (96, 128)
"""Width and height of what the network sees."""
DRAWN_SIZE = (192, 256)
OUTSIDE = 255
_HIDDEN_M = 0.05
"""What clothes may stand before a joint that still counts as seen."""


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPerson:
    """One map and its key points."""

    labels: LabelMap
    """[H, W]"""
    points: FloatArray
    """[16, 2], x and y in pixels of the map; some lie beyond it."""
    visible: BoolArray
    """[16]"""
    inside: BoolArray
    """[16], within the photo."""
    height_px: float
    """How tall the body is, standing, at its own distance."""
    body: str
    pose: Pose


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPeople:
    """Many, as arrays with N in front."""

    labels: NDArray[np.uint8]
    points: FloatArray
    visible: BoolArray
    inside: BoolArray
    height_px: FloatArray
    bodies: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.labels)


def draw_people(
    count: int,
    bodies: Sequence[str],
    poses: Sequence[str],
    *,
    rng: np.random.Generator,
    things: float = 0.0,
    beside: float = 0.0,
    progress: Progress = silent,
) -> DrawnPeople:
    """`count` people of these bodies, in poses made of these, in clothes at random.

    `things`: the share of them that are nobody, but clothes and other things that lie by themselves. `beside`: the
    share with somebody else behind them.
    """
    found: list[DrawnPerson] = []
    for done in range(count):
        one = draw_person(str(rng.choice(list(bodies))), drawn_pose(poses, rng), rng=rng)
        if things and rng.random() < things:
            one = _nobody(one, rng)
        elif found and beside and rng.random() < beside:
            one = _with(one, found[int(rng.integers(len(found)))].labels, rng)
        found.append(one)
        progress("drawing people", done + 1, count)
    return DrawnPeople(
        np.stack([one.labels for one in found]),
        np.stack([one.points for one in found]),
        np.stack([one.visible for one in found]),
        np.stack([one.inside for one in found]),
        np.array([one.height_px for one in found], np.float32),
        np.array([one.body for one in found]),
    )


def _with(one: DrawnPerson, other: LabelMap, rng: np.random.Generator) -> DrawnPerson:
    """A person with somebody else behind them, to one side."""
    width = one.labels.shape[1]
    aside = int(rng.uniform(0.22, 0.6) * width) * (1 if rng.random() < 0.5 else -1)
    moved = np.zeros_like(other)
    source, target = (slice(0, width - abs(aside)), slice(abs(aside), width))
    if aside < 0:
        source, target = target, source
    moved[:, target] = other[:, source]
    free = (one.labels == 0) & (moved != OUTSIDE)
    return replace(one, labels=np.where(free, moved, one.labels).astype(np.uint8))


def _nobody(one: DrawnPerson, rng: np.random.Generator) -> DrawnPerson:
    """What is left without the person: one of their garments by itself, or a thing that looks like nothing known."""
    height, width = one.labels.shape
    kept = [code for code in range(3, len(CODES)) if (one.labels == code).mean() > 0.01]
    out = np.zeros_like(one.labels)
    if kept and rng.random() < 0.6:
        alone = one.labels == int(rng.choice(kept))
        rows, columns = np.flatnonzero(alone.any(1)), np.flatnonzero(alone.any(0))
        cut = Image.fromarray(np.where(alone, one.labels, 0)[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
        scale = min(width / cut.width, height / cut.height) * rng.uniform(0.76, 0.98)
        size = max(1, round(cut.width * scale)), max(1, round(cut.height * scale))
        left, top = ((whole - part) // 2 for whole, part in zip((width, height), size, strict=True))
        out[top : top + size[1], left : left + size[0]] = np.asarray(cut.resize(size, Image.Resampling.NEAREST))
    else:
        picture = Image.fromarray(out)
        draw = ImageDraw.Draw(picture)
        wide, high = rng.uniform(0.15, 0.46, 2) * (width, height)
        for _ in range(int(rng.integers(1, 4))):
            x, y = rng.normal(0.5, 0.05, 2) * (width, height)
            box = [x - wide, y - high, x + wide, y + high]
            (draw.rectangle if rng.random() < 0.5 else draw.ellipse)(box, fill=int(rng.integers(1, len(CODES))))
            wide, high = wide * rng.uniform(0.3, 1), high * rng.uniform(0.3, 1)
        out = np.asarray(picture).copy()
    for _ in range(int(rng.integers(0, 4))):  # patches of it are taken for skin, hair or anything
        x, y = int(rng.integers(width)), int(rng.integers(height))
        half = rng.integers(2, 22, 2)
        patch = (slice(max(0, y - half[1]), y + half[1]), slice(max(0, x - half[0]), x + half[0]))
        out[patch] = np.where(out[patch] > 0, one_of([1, 1, 2, int(rng.integers(1, len(CODES)))], rng), 0)
    nothing = np.zeros(len(KEY_POINTS), np.bool_)
    return replace(one, labels=out, visible=nothing, inside=nothing)


def draw_person(body_name: str, told: Pose, *, rng: np.random.Generator) -> DrawnPerson:
    """A person of a body in a pose, dressed, seen and cut at random."""
    mesh = body(body_name)
    person, clothes = posed(mesh, told), Clothes.drawn(rng, grown=mesh.build.grown)
    vertices, faces, labels, two_sided = _scene(person, clothes, rng)
    points, deep = posed_key_points(person)
    view = _View.drawn(person, rng)
    seen, before = view.of(vertices)
    joints, joints_before = view.of(points)
    seen, joints, scale, edges = _framed(seen, joints, rng)
    width, height = DRAWN_SIZE
    face, near = rasterised(
        np.ascontiguousarray(seen, np.float32),
        np.ascontiguousarray(1 / before, np.float32),
        faces,
        two_sided,
        height,
        width,
    )
    codes = np.where(face >= 0, labels[np.maximum(face, 0)], 0).astype(np.uint8)
    away = float(np.median(joints_before))
    tall_px = mesh.build.height_cm / 100 / away * scale
    codes, hidden = with_things(codes, joints, tall_px, rng)
    left, top, right, bottom = edges
    outside = np.ones((height, width), bool)
    outside[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = False
    codes[outside] = OUTSIDE
    looked = joints.copy()
    crown = KEY_POINTS.index("head_top")
    looked[crown] += 0.12 * (joints[KEY_POINTS.index("upper_neck")] - joints[crown])
    x, y = np.floor(looked).astype(int).T
    inside = (x >= max(0, left)) & (x < min(width, right)) & (y >= max(0, top)) & (y < min(height, bottom))
    at = np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)
    allowed = 1.6 * deep + _HIDDEN_M + stand_off(mesh, clothes).max()
    free = (face[at] >= 0) & (1 / np.maximum(near[at], 1e-6) > joints_before - np.maximum(allowed, 0.0))
    return DrawnPerson(
        codes, joints.astype(np.float32), inside & free & ~hidden[at], inside, float(tall_px), body_name, told
    )


def _scene(
    person: Posed, clothes: Clothes, rng: np.random.Generator
) -> tuple[FloatArray, NDArray[np.int32], NDArray[np.uint8], BoolArray]:
    """Vertices, faces, codes of the faces, and which are seen from both sides."""
    mesh = person.body
    points = [person.vertices + person.normals * stand_off(mesh, clothes)[:, None]]
    faces, labels, sheets = [mesh.faces], [body_labels(mesh, clothes)], [np.zeros(len(mesh.faces), np.bool_)]
    more: list[tuple[FloatArray, NDArray[np.int32], int]] = [
        (tube.vertices, tube.faces, tube.code) for tube in tubes(person, clothes)
    ]
    if rng.random() < 0.95:
        hair = hair_on(person, HAIR[_style(mesh, rng)])
        more.append((hair.vertices, hair.faces, CODES.index("hair")))
    for vertices, triangles, code in more:
        start = sum(map(len, points))
        points.append(vertices)
        faces.append((triangles + np.int32(start)).astype(np.int32))
        labels.append(np.full(len(triangles), code, np.uint8))
        sheets.append(np.ones(len(triangles), np.bool_))
    return (
        np.concatenate(points).astype(np.float32),
        np.ascontiguousarray(np.concatenate(faces), np.int32),
        np.concatenate(labels),
        np.concatenate(sheets),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """A camera that may look up or down and be held askew."""

    turn: FloatArray
    middle: FloatArray
    away: float
    height: float
    askew: FloatArray

    @classmethod
    def drawn(cls, person: Posed, rng: np.random.Generator) -> _View:
        tilt, roll = np.radians(rng.normal(0, 6)), np.radians(rng.normal(0, 4))
        turn = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]], np.float32)
        askew = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]], np.float32)
        tall = float(person.vertices[:, 2].max())
        middle = np.array([0, 0, tall / 2], np.float32)
        away = tall * float(np.exp(rng.uniform(np.log(1.5), np.log(5))))
        return cls(turn, middle, away, float(rng.normal(0.12, 0.25)) * tall, askew)

    def of(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Where points [N, 3] are seen [N, 2], y downwards, at a focal length of 1, and how far before the eye [N]."""
        there = (points - self.middle) @ self.turn.T
        before = there[:, 1] + np.float32(self.away)
        flat = np.stack([there[:, 0] / before, -(there[:, 2] - np.float32(self.height)) / before], 1)
        return np.asarray(flat @ self.askew.T, np.float32), np.asarray(before, np.float32)


def _framed(
    seen: FloatArray, joints: FloatArray, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, float, tuple[int, int, int, int]]:
    """The person moved into the map, how much larger, and the edges of the photo in it: left, top, right, bottom."""
    width, height = DRAWN_SIZE
    low, high = seen.min(0), seen.max(0)
    cut = [False] * 4
    names = {name: joints[row] for row, name in enumerate(KEY_POINTS)}
    kind = rng.random()
    if kind < 0.2 or 0.28 < kind < 0.33:  # the picture ends above the feet
        stops = ("left_ankle", "left_knee", "pelvis", "thorax")
        between = int(rng.choice(3, p=[0.4, 0.4, 0.2]))
        a, b = names[stops[between]][1], names[stops[between + 1]][1]
        level = float(a + (b - a) * rng.uniform(0, 0.9 if between < 2 else 0.35))
        if level > low[1] + 0.25 * (high[1] - low[1]):
            high = np.array([high[0], level], np.float32)
            cut[3] = True
    if 0.2 < kind < 0.33:  # or below the eyes
        level = float(names["head_top"][1] + rng.uniform(0.3, 1.0) * (names["upper_neck"][1] - names["head_top"][1]))
        if level < high[1] - 0.25 * (high[1] - low[1]):
            low = np.array([low[0], level], np.float32)
            cut[1] = True
    if rng.random() < 0.06:
        at, side = float(rng.uniform(0.05, 0.25)) * float(high[0] - low[0]), int(rng.random() < 0.5)
        cut[2 * side] = True
        (high if side else low)[0] += -at if side else at
    shown = seen[(seen >= low).all(1) & (seen <= high).all(1)]
    low, high = np.maximum(low, shown.min(0)), np.minimum(high, shown.max(0))
    span = high - low
    scale = float(min(width / span[0], height / span[1]) * rng.uniform(0.76, 0.98))
    spare = np.array([width, height], np.float32) - span * scale
    shift = spare * np.clip(rng.normal(0.5, 0.09, 2), 0.1, 0.9) - low * scale
    edges = []
    for side in range(4):
        axis, end = side % 2, side >= 2
        edge = float((high if end else low)[axis]) * scale + float(shift[axis])
        room = 0.0 if cut[side] else (rng.uniform(0, 0.08) if rng.random() < 0.5 else 1.0) * height
        edges.append(round(edge + room if end else edge - room))
    return seen * scale + shift, joints * scale + shift, scale, (edges[0], edges[1], edges[2], edges[3])


def _style(mesh: BodyMesh, rng: np.random.Generator) -> str:
    long = ("bob", "fringe", "long", "long", "long", "ponytail", "bun", "curls", "afro")
    short = ("shaved", "cropped", "short", "short", "curls", "afro")
    women = mesh.build.gender == "female"
    return str(rng.choice(long if women == (rng.random() < 0.9) else short))
