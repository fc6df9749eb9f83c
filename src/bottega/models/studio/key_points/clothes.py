"""Clothes as labels: which part of a dressed person every face of a body shows, for people who are drawn to learn from.

Idea     Hems, sleeves, necklines and openings are limits on fields over the body at rest: how far down an arm, a leg or
         the trunk a face lies. Drawn at random they give endless outfits; skirts and coats are tubes round both legs.
Shapes   V vertices, F faces; codes are those of `PARTS` (datasets/photos/masks.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.masks import PARTS as CODES
from bottega.models.studio.bodies.body import PARTS, BodyMesh
from bottega.models.studio.bodies.skinning import Posed
from bottega.names import BoolArray, FloatArray

__all__ = ["Clothes", "Tube", "body_labels", "fields_of", "stand_off", "tubes"]

_NOTHING = -9.0
_AROUND, _DOWN = 20, 9


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """Where vertices of a body lie along its parts [V]; far below 0 on other parts."""

    trunk: FloatArray
    """0 at the hips, 1 at the neck."""
    arm: FloatArray
    """0 at the shoulder, 1 at the elbow, 2 at the wrist."""
    leg: FloatArray
    """0 at the hip, 1 at the knee, 2 at the ankle."""
    across: FloatArray
    """From the middle line, in half widths of the shoulders."""
    collar: FloatArray
    """From the neck, as a share of the height."""
    front: BoolArray


@dataclass(frozen=True, slots=True)
class Clothes:
    """One outfit; lengths are in the units of `Fields`."""

    one_piece: bool
    skirt: bool
    """Else trousers, or their legs under a coat."""
    hem: float
    flare: float
    tights: bool
    waist: float
    """Where upper wear gives way to lower wear, on the trunk."""
    sleeve: float
    neckline: float
    strapless: float
    """Where upper wear ends on the trunk; above 1 it reaches the neck."""
    outer: bool
    outer_sleeve: float
    outer_hem: float
    """On the leg; below 0 it ends on the trunk."""
    opening: float
    """How wide it stands open in front; 0 is closed."""
    shoe: float
    """How high shoes reach up the shin; below 0 the foot is bare."""
    loose: tuple[float, float, float]
    """How far upper, lower and outer wear stand off, in metres."""

    @classmethod
    def drawn(cls, rng: np.random.Generator, *, grown: bool = True) -> Clothes:
        """An outfit at random; of who is not grown it covers shoulders, elbows and knees."""
        skirt = rng.random() < 0.4
        hems = ((0.1, 0.6), (0.6, 1.2), (1.2, 2.0)) if skirt else ((0.15, 0.6), (0.8, 1.4), (1.6, 2.1))
        sleeves = ((-1.0, -0.1), (0.15, 0.7), (0.7, 1.5), (1.7, 2.08))
        found = cls(
            one_piece=bool(rng.random() < (0.5 if skirt else 0.06)),
            skirt=bool(skirt),
            hem=float(rng.uniform(*hems[_pick(rng, (0.5, 0.35, 0.15) if skirt else (0.25, 0.1, 0.65))])),
            flare=float(rng.uniform(0, 0.16) ** 1.3 + 0.01),
            tights=bool(rng.random() < 0.4),
            waist=float(rng.choice([rng.uniform(-0.35, 0.1), rng.uniform(0.1, 0.5)])),
            sleeve=float(rng.uniform(*sleeves[_pick(rng, (0.15, 0.3, 0.15, 0.4))])),
            neckline=float(rng.uniform(0.02, 0.1)),
            strapless=float(rng.uniform(0.75, 0.95)) if rng.random() < 0.06 else 2.0,
            outer=bool(rng.random() < 0.45),
            outer_sleeve=float(rng.uniform(*sleeves[_pick(rng, (0.1, 0.05, 0.2, 0.65))])),
            outer_hem=float(rng.uniform(-0.4, 1.5) if rng.random() < 0.6 else rng.uniform(-0.5, 0.1)),
            opening=float(rng.uniform(0.05, 0.6)) if rng.random() < 0.7 else 0.0,
            shoe=float(rng.choice([rng.uniform(0.02, 0.2), rng.uniform(0.2, 1.0), -1.0], p=[0.68, 0.26, 0.06])),
            loose=(
                float(rng.uniform(0.002, 0.03)),
                float(0.002 + 0.07 * rng.random() ** 2),
                float(rng.uniform(0.01, 0.05)),
            ),
        )
        if grown:
            return found
        return replace(found, hem=max(found.hem, 1.0), sleeve=max(found.sleeve, 1.0), neckline=0.04, strapless=2.0)


@lru_cache(maxsize=40)
def fields_of(body: BodyMesh) -> Fields:
    """The fields of a body at rest."""
    at = {name: body.heads[index] for index, name in enumerate(body.bones)}
    points, parts = body.vertices, body.vertex_parts
    empty = np.full(len(points), _NOTHING, np.float32)
    arm, leg, trunk = empty.copy(), empty.copy(), empty.copy()

    def along(mine: BoolArray, begin: str, end: str) -> FloatArray:
        way = at[end] - at[begin]
        return np.asarray((points[mine] - at[begin]) @ way / (way @ way), np.float32)

    for side, letter in (("left", "L"), ("right", "R")):
        for field, part, begin, end, start in (
            (arm, "upper_arm", "upperarm01", "lowerarm01", 0.0),
            (arm, "forearm", "lowerarm01", "wrist", 1.0),
            (arm, "hand", "wrist", "finger3-1", 2.0),
            (leg, "thigh", "upperleg01", "lowerleg01", 0.0),
            (leg, "shin", "lowerleg01", "foot", 1.0),
        ):
            mine = parts == PARTS.index(f"{side}_{part}")
            field[mine] = np.maximum(start + along(mine, f"{begin}.{letter}", f"{end}.{letter}"), -0.5)
        leg[parts == PARTS.index(f"{side}_foot")] = 2.1
    hips, neck = (at["upperleg01.L"][2] + at["upperleg01.R"][2]) / 2, at["neck01"][2]
    of = np.isin(parts, [PARTS.index(part) for part in ("chest", "waist", "hips")])
    trunk[of] = (points[of, 2] - hips) / (neck - hips)
    half = abs(at["upperarm01.L"][0])
    tall = body.build.height_cm / 100
    collar = np.linalg.norm((points - at["neck01"]) * np.array([1, 1, 1.2], np.float32), axis=1) / tall
    middle = float(at["spine03"][1])
    return Fields(trunk, arm, leg, np.abs(points[:, 0]) / half, collar.astype(np.float32), points[:, 1] < middle)


def body_labels(body: BodyMesh, clothes: Clothes) -> NDArray[np.uint8]:
    """Codes of the faces [F] of a body that wears these clothes."""
    found = _of_faces(body)
    skin, upper, lower = CODES.index("skin"), CODES.index("upper"), CODES.index("lower")
    outer, shoes = CODES.index("outer"), CODES.index("shoes")
    if clothes.one_piece:
        upper = CODES.index("one_piece")
        trousers = upper
    else:
        trousers = lower
    out = np.full(len(body.faces), skin, np.uint8)
    trunk, arm, leg = found.trunk, found.arm, found.leg
    on_trunk, on_leg, on_arm = trunk > _NOTHING / 2, leg > _NOTHING / 2, arm > _NOTHING / 2
    out[on_trunk] = trousers if not clothes.skirt or not clothes.one_piece else upper
    if not clothes.skirt:
        out[on_leg & (leg < clothes.hem)] = trousers
    elif clothes.tights:
        out[on_leg] = lower
    over = on_trunk & (trunk > clothes.waist) & (trunk < clothes.strapless)
    out[over] = upper
    if clothes.waist < 0:
        out[on_leg & (leg < -clothes.waist * 0.9)] = upper
    bare = on_trunk & ((trunk >= clothes.strapless) | (found.collar < clothes.neckline))
    out[bare] = skin
    if clothes.strapless > 1:
        out[on_arm & (arm < clothes.sleeve)] = upper
    if clothes.outer:
        gap = found.front & (found.across < clothes.opening)
        out[on_trunk & (trunk > -min(clothes.outer_hem, 0.0) - 0.1) & ~gap & (found.collar > 0.035)] = outer
        out[on_arm & (arm < clothes.outer_sleeve)] = outer
    if clothes.shoe > 0:
        out[on_leg & (leg > 2 - clothes.shoe)] = shoes
    return out


def stand_off(body: BodyMesh, clothes: Clothes) -> FloatArray:
    """How far clothes hold the surface off the vertices [V] of a body, in metres."""
    found = fields_of(body)
    out = np.zeros(len(body.vertices), np.float32)
    upper, lower, outer = clothes.loose
    on_trunk = found.trunk > _NOTHING / 2
    if not clothes.skirt:
        out += lower * ((found.leg > _NOTHING / 2) & (found.leg < clothes.hem))
    out[on_trunk] = upper
    out += upper * ((found.arm > _NOTHING / 2) & (found.arm < clothes.sleeve))
    if clothes.outer:
        out += outer * (on_trunk | ((found.arm > _NOTHING / 2) & (found.arm < clothes.outer_sleeve)))
    out += np.float32(0.012 if clothes.shoe > 0 else 0) * (found.leg > 2.05)
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Tube:
    """A skirt, or what of a coat hangs below the hips."""

    vertices: FloatArray
    faces: NDArray[np.int32]
    code: int


def tubes(person: Posed, clothes: Clothes) -> list[Tube]:
    """Tubes round both legs of a person in a pose."""
    found = []
    if clothes.skirt:
        code = CODES.index("one_piece" if clothes.one_piece else "lower")
        found.append(_tube(person, clothes.hem, clothes.flare, 0.0, code))
    if clothes.outer and clothes.outer_hem > 0.05:
        found.append(
            _tube(person, clothes.outer_hem, clothes.flare * 0.7 + 0.02, clothes.opening, CODES.index("outer"))
        )
    return found


def _tube(person: Posed, hem: float, flare: float, opening: float, code: int) -> Tube:
    body = person.body
    heads = {name: person.stance.heads[index].astype(np.float64) for index, name in enumerate(body.bones)}
    tall, wide = body.build.height_cm / 100, body.build.hips_cm / 200 / np.pi
    pelvis = person.stance.turns[0].astype(np.float64)
    rings = []
    for t in np.linspace(-0.12, hem, _DOWN):
        ends = []
        for side in ("L", "R"):
            hip, knee, ankle = (heads[f"{bone}.{side}"] for bone in ("upperleg01", "lowerleg01", "foot"))
            ends.append(hip + (knee - hip) * t if t < 1 else knee + (ankle - knee) * (t - 1))
        middle, half = (ends[0] + ends[1]) / 2, (ends[0] - ends[1]) / 2
        joint = [(heads[f"lowerleg01.{side}"] - heads[f"upperleg01.{side}"]) for side in ("L", "R")]
        down = joint[0] / np.linalg.norm(joint[0]) + joint[1] / np.linalg.norm(joint[1])
        if np.linalg.norm(down) < 0.5:
            down = np.array([0.0, 0, -1.0])
        down /= np.linalg.norm(down)
        u = pelvis[:, 0] - (pelvis[:, 0] @ down) * down
        u /= np.linalg.norm(u)
        v = np.cross(down, u)
        radius = (0.5 * wide + 0.012) * np.interp(t, [-0.12, 0.1, 1, 2], [1.0, 1.0, 0.72, 0.6])
        grown = flare * max(t, 0.0) * tall / 1.7
        a = np.hypot(abs(half @ u) + radius + grown, wide * 0.4 if t < 0.3 else 0)
        b = abs(half @ v) + radius * 1.15 + grown
        angle = np.linspace(0, 2 * np.pi, _AROUND, endpoint=False)
        rings.append(middle + np.cos(angle)[:, None] * u * a + np.sin(angle)[:, None] * v * b)
    vertices = np.concatenate(rings).astype(np.float32)
    faces = []
    front = pelvis @ np.array([0, -1.0, 0])
    for row in range(_DOWN - 1):
        for k in range(_AROUND):
            p, q = row * _AROUND + k, row * _AROUND + (k + 1) % _AROUND
            if opening:
                way = (vertices[p] + vertices[q]) / 2 - rings[row].mean(0)
                way /= np.linalg.norm(way)
                if way @ front > 0 and np.sqrt(max(0.0, 1 - (way @ front) ** 2)) < opening:
                    continue
            faces += [(p, p + _AROUND, q), (q, p + _AROUND, q + _AROUND)]
    return Tube(vertices, np.array(faces, np.int32).reshape(-1, 3), code)


@lru_cache(maxsize=40)
def _of_faces(body: BodyMesh) -> Fields:
    found = fields_of(body)

    def mean(values: FloatArray) -> FloatArray:
        return np.asarray(values[body.faces].mean(1), np.float32)

    names = [PARTS[part] for part in body.face_parts]
    limbs = {"arm": ("upper_arm", "forearm"), "leg": ("thigh", "shin", "foot"), "trunk": ("chest", "waist", "hips")}
    on = {limb: np.array([name.endswith(parts) for name in names]) for limb, parts in limbs.items()}
    highest = {name: getattr(found, name)[body.faces].max(1) for name in limbs}
    told = {
        limb: np.where(on[limb], np.where(highest[limb] > _NOTHING / 2, highest[limb], 0), _NOTHING) for limb in limbs
    }
    return Fields(
        told["trunk"].astype(np.float32),
        told["arm"].astype(np.float32),
        told["leg"].astype(np.float32),
        mean(found.across),
        mean(found.collar),
        np.asarray(found.front[body.faces].all(1), np.bool_),
    )


def _pick(rng: np.random.Generator, chances: tuple[float, ...]) -> int:
    return int(rng.choice(len(chances), p=chances))
