"""A body fitted to a photo: pose, build and camera under which a body stands as the person of the photo does.

Idea     Sixteen places in a picture say where limbs point but not how far towards the eye. So it begins at poses that
         people are known to take, each turned and mirrored, keeps the nearest, and bends them from there until joints
         lie over joints, each degree away from the start at a price. The camera needs no search: for a pose, its
         size and place are a linear problem. The build is the one that fills the person's outline and leaves it least:
         clothes add to a body, they take nothing from it.
Source   Levenberg 1944, Marquardt 1963, for the bending; the idea of keys and priors: Bogo et al. 2016 (SMPLify),
         https://arxiv.org/abs/1607.08128, section 3.
Differs  Poses are angles of limbs, priors are our own poses, bodies are a few dozen that are tried one after the other.
Costs    benchmarks/key_points.md.
Shapes   P points (16), Q numbers of a pose, H, W height and width of the photo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bottega.errors import PhotoRefused
from bottega.models.studio.bodies.body import BodyMesh, body, body_names, build
from bottega.models.studio.bodies.camera import Camera
from bottega.models.studio.bodies.figure import KEY_POINTS, key_points_of
from bottega.models.studio.bodies.poses import Pose, pose, pose_names
from bottega.models.studio.bodies.raster import rasterised
from bottega.models.studio.bodies.skeleton import stance
from bottega.models.studio.bodies.skinning import Posed, posed
from bottega.models.studio.key_points.key_points import SomebodySeen
from bottega.names import BoolArray, FloatArray

__all__ = ["FittedBody", "fit_body", "outline_of"]

_FIRST = "woman_28"
"""The body that poses are tried on before the build is known."""
_AWAY = 3.4
"""Heights that the camera stands away."""
_LEAST_SURE, _SURE = 6, 0.4
_TURNS = (-36.0, -18.0, 0.0, 18.0, 36.0)
_STARTS = 3
_POINT = 0.012
"""Share of the height that a point may be off at the price of one."""
_STEP = 0.04
_OUTLINE_PX = 160
_CHILD = 0.15
"""What a body under 18 has to be better by: few photos show one."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class FittedBody:
    """A body as it stands in a photo."""

    posed: Posed
    camera: Camera
    """Sees the body where the photo shows the person, in pixels of the photo."""
    points: FloatArray
    """[P, 2], where the fitted body has the key points, in the photo."""
    away: float
    """Mean distance between these and the points that were read, as a share of the person's height; by confidence."""
    outline_iou: float
    """Of the body's outline and the person's with all clothes: near 1 only in tight ones."""

    @property
    def body_name(self) -> str:
        """The build that was chosen."""
        return self.posed.body.build.name

    @property
    def height_px(self) -> float:
        """How tall the body is in the photo, standing."""
        return self.posed.body.build.height_cm / 100 * self.camera.focal_px / self.camera.away_m


def fit_body(somebody: SomebodySeen, *, bodies: Sequence[str] | None = None) -> FittedBody:
    """The body of the person of a photo; of `bodies` where they are named.

    Raises `PhotoRefused` where too few joints are sure, `RequestInvalid` for a body that is none.
    """
    aims = np.array([[point.x, point.y] for point in somebody.points], np.float64)
    sure = np.array([point.confidence for point in somebody.points], np.float64)
    if (sure >= _SURE).sum() < _LEAST_SURE:
        raise PhotoRefused(
            f"Only {int((sure >= _SURE).sum())} of {len(KEY_POINTS)} joints of the person are sure.",
            allowed=f"A body is fitted to {_LEAST_SURE} or more.",
            next_step="Send a photo that shows the person from the hips up at least, from the front.",
        )
    seen = np.array([point.visible for point in somebody.points])
    weights = sure**1.5 * np.where(seen, 1.0, 0.5)
    size = somebody.mask.shape[1], somebody.mask.shape[0]
    names = list(bodies) if bodies is not None else list(body_names())
    first = body(_FIRST if bodies is None else names[0])
    best: tuple[float, Pose] | None = None
    for start in _starts(aims, weights):
        found = _bent(first, start, aims, weights, steps=7)
        if best is None or found[0] < best[0]:
            best = found
    assert best is not None
    chosen = _build(names, best[1], aims, weights, somebody.mask)
    _, told = _bent(body(chosen), best[1], aims, weights, steps=4)
    person = posed(body(chosen), told)
    points = key_points_of(person.body, person.stance)
    camera = _camera(points, person.body, aims, weights, size)
    there = camera.seen(points)[:, :2]
    tall = person.body.build.height_cm / 100 * camera.focal_px / camera.away_m
    away = np.linalg.norm(there - aims, axis=1) / tall
    return FittedBody(
        person,
        camera,
        there,
        round(float((away * sure).sum() / sure.sum()), 4),
        round(_overlap(outline_of(person, camera), somebody.mask), 4),
    )


def outline_of(person: Posed, camera: Camera) -> BoolArray:
    """Where a camera sees a body, [H, W]."""
    seen = camera.seen(person.vertices)
    width, height = camera.size
    face, _ = rasterised(
        np.ascontiguousarray(seen[:, :2]),
        np.ascontiguousarray(1 / seen[:, 2]),
        person.body.faces,
        np.zeros(len(person.body.faces), np.bool_),
        height,
        width,
    )
    return np.asarray(face >= 0, np.bool_)


def _starts(aims: Numbers, weights: Numbers) -> list[Pose]:
    """The poses whose joints lie nearest to the aims, no two of one name."""
    told, points = _known()
    flat = points[..., [0, 2]] * np.array([1.0, -1.0])
    share = weights / weights.sum()
    middle = np.einsum("p,kpd->kd", share, flat)
    centred, aimed = flat - middle[:, None], aims - share @ aims
    spread = np.einsum("p,kpd->k", share, centred**2)
    scale = np.maximum(np.einsum("p,kpd,pd->k", share, centred, aimed) / spread, 1e-6)
    left = np.einsum("p,kpd->k", share, (centred * scale[:, None, None] - aimed) ** 2) / (scale**2)
    left *= np.array([1.0 if one.kind in {"standing", "walking", "turning"} else 1.25 for one in told])
    found: list[Pose] = []
    for row in np.argsort(left):
        if all(told[row].name != one.name for one in found):
            found.append(told[row])
        if len(found) == _STARTS:
            break
    return found


@lru_cache(maxsize=1)
def _known() -> tuple[list[Pose], FloatArray]:
    """All poses, mirrored and turned, and the joints of one body in each [K, P, 3]."""
    first = body(_FIRST)
    told = []
    for name in pose_names():
        for one in (pose(name), _mirrored(pose(name))):
            told += [replace(one, facing=one.facing + turn) for turn in _TURNS]
    return told, np.stack([key_points_of(first, stance(first, one)) for one in told])


def _mirrored(told: Pose) -> Pose:
    def turned(degrees: tuple[float, float, float]) -> tuple[float, float, float]:
        return degrees[0], -degrees[1], -degrees[2]

    return replace(
        told,
        facing=-told.facing,
        pelvis=turned(told.pelvis),
        spine=turned(told.spine),
        head=turned(told.head),
        shift=(-told.shift[0], told.shift[1]),
        left_arm=told.right_arm,
        right_arm=told.left_arm,
        left_leg=told.right_leg,
        right_leg=told.left_leg,
    )


def _bent(mesh: BodyMesh, start: Pose, aims: Numbers, weights: Numbers, *, steps: int) -> tuple[float, Pose]:
    """A pose bent until joints lie over the aims, and what is left of it, squared."""

    def left(moved: Numbers) -> Numbers:
        points = key_points_of(mesh, stance(mesh, _moved(start, moved)))
        camera = _camera(points, mesh, aims, weights, (1, 1))
        tall = mesh.build.height_cm / 100 * camera.focal_px / camera.away_m
        off = (camera.seen(points)[:, :2] - aims) * (np.sqrt(weights) / (_POINT * tall))[:, None]
        return np.concatenate([off.ravel(), moved])

    at = np.zeros(_numbers(start))
    now, damping = left(at), 1.0
    for _ in range(steps):
        slopes = np.stack([(left(at + _STEP * unit) - now) / _STEP for unit in np.eye(len(at))], 1)
        square, pull = slopes.T @ slopes, slopes.T @ now
        for _ in range(3):
            moved = at - np.linalg.solve(square + damping * np.diag(square.diagonal()), pull)
            then = left(np.clip(moved, -3, 3))
            if then @ then < now @ now:
                at, now, damping = np.clip(moved, -3, 3), then, damping / 4
                break
            damping *= 4
    return float(now @ now), _moved(start, at)


_FREE = {"facing": 24.0, "pelvis": (7.0, 6.0, 8.0), "spine": (9.0, 8.0, 10.0), "head": (10.0, 8.0, 20.0)}
_ARM, _STANDS, _HANGS = (22.0, 40.0, 30.0, 50.0), (0.1, 0.12), (20.0, 20.0, 20.0, 25.0)
"""How far each number of a pose may be moved at the price of one: degrees, or shares of the length of the leg."""


def _numbers(told: Pose) -> int:
    legs = sum(len(_STANDS if leg.thigh is None else _HANGS) for leg in (told.left_leg, told.right_leg))
    return 10 + 2 * len(_ARM) + legs + 1


def _moved(told: Pose, by: Numbers) -> Pose:
    rest = iter(by.tolist())

    def triple(degrees: tuple[float, float, float], free: tuple[float, float, float]) -> tuple[float, float, float]:
        a, b, c = (one + width * next(rest) for one, width in zip(degrees, free, strict=True))
        return a, b, c

    facing = told.facing + 24.0 * next(rest)
    pelvis = triple(told.pelvis, (7.0, 6.0, 8.0))
    spine = triple(told.spine, (9.0, 8.0, 10.0))
    head = triple(told.head, (10.0, 8.0, 20.0))
    arms = []
    for arm in (told.left_arm, told.right_arm):
        a, b, c, d = (width * next(rest) for width in _ARM)
        arms.append(
            replace(
                arm,
                upper=(max(arm.upper[0] + a, 1.0), arm.upper[1] + b),
                fore=(max(arm.fore[0] + c, 1.0), arm.fore[1] + d),
            )
        )
    legs = []
    for leg in (told.left_leg, told.right_leg):
        if leg.thigh is None:
            away, ahead = (width * next(rest) for width in _STANDS)
            legs.append(replace(leg, at=(leg.at[0] + away, leg.at[1] + ahead)))
        else:
            shin = leg.shin or leg.thigh
            a, b, c, d = (width * next(rest) for width in _HANGS)
            legs.append(
                replace(
                    leg,
                    thigh=(max(leg.thigh[0] + a, 1.0), leg.thigh[1] + b),
                    shin=(max(shin[0] + c, 1.0), shin[1] + d),
                )
            )
    sink = max(told.sink + 0.06 * next(rest), 0.0)
    return replace(
        told, facing=facing, pelvis=pelvis, spine=spine, head=head, left_arm=arms[0], right_arm=arms[1],
        left_leg=legs[0], right_leg=legs[1], sink=sink,
    )  # fmt: skip


def _camera(points: FloatArray, mesh: BodyMesh, aims: Numbers, weights: Numbers, size: tuple[int, int]) -> Camera:
    """The camera under which points [P, 3] come nearest to the aims: its focal length and centre, by least squares."""
    tall = mesh.build.height_cm / 100
    rough = Camera(0.0, _AWAY * tall, tall / 2, 1.0, (0.0, 0.0), size)
    flat = rough.seen(points)[:, :2].astype(np.float64)
    share = weights / weights.sum()
    middle, aimed = share @ flat, share @ aims
    centred = flat - middle
    focal = max(float((share[:, None] * centred * (aims - aimed)).sum() / (share[:, None] * centred**2).sum()), 1e-3)
    x, y = (aimed - focal * middle).tolist()
    return replace(rough, focal_px=focal, centre_px=(x, y))


def _build(names: Sequence[str], told: Pose, aims: Numbers, weights: Numbers, mask: BoolArray) -> str:
    """The body that leaves the outline and the joints least."""
    step = max(1, -(-max(mask.shape) // _OUTLINE_PX))
    small = mask[::step, ::step]
    size = small.shape[1], small.shape[0]
    marks = {}
    for name in names:
        person = posed(body(name), told)
        points = key_points_of(person.body, person.stance)
        camera = _camera(points, person.body, (aims + 0.5) / step, weights, size)
        tall = person.body.build.height_cm / 100 * camera.focal_px / camera.away_m
        off = np.linalg.norm(camera.seen(points)[:, :2] - (aims + 0.5) / step, axis=1) / tall
        drawn = outline_of(person, camera)
        spilt, bare = (drawn & ~small).sum(), (small & ~drawn).sum()
        marks[name] = (
            float((weights * np.minimum(off, 0.1)).sum() / weights.sum()) * 8
            + float(spilt + 0.35 * bare) / max(1, int(small.sum()))
            + (0.0 if build(name).grown else _CHILD)
        )
    return min(marks, key=lambda one: marks[one])


def _overlap(one: BoolArray, other: BoolArray) -> float:
    return float((one & other).sum() / max(1, (one | other).sum()))
